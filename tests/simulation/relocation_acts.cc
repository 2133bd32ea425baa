#include "tests/simulation/relocation_acts.h"

#include <vector>

#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace av1 = address::v1;
namespace lv1 = relocation::v1;

void Handle(StayWorld& at, Node& node, const char* rpc) {
  if (!at.handover.empty()) (void)Do(at.world, node, rpc, at.handover);
}
void AskForHandover(StayWorld& at) {
  const auto asked = Request(at.world, at.holder, at.case_id, at.odense);
  if (asked.ok()) at.handover = asked->handover_id();
}
void Say(StayWorld& at, lv1::CitizenAnswer answer) { (void)at.RecordHearing(kOdenseCode, answer); }

void Give(StayWorld& at, const std::string& notice) {
  if (!at.handover.empty()) (void)at.Give(notice);
}
void Register(StayWorld& at, av1::AddressAct act) {
  const std::string notice = at.Newest();
  if (!notice.empty()) (void)at.Record(notice, act);
}
void Transfer(StayWorld& at) { (void)at.TransferAssessment(); }

void AccountFor(StayWorld& at, Node& unit, lv1::Whereabouts where) {
  if (!at.handover.empty()) (void)at.StateWhereabouts(unit, where);
}

std::vector<RelocationAct> StayActs() {
  using At = StayWorld;
  return {
      {"ask for a place", 1, [](At& at) { (void)at.AskForAPlace(); }},
      {"bring him elsewhere", 3, [](At& at) { (void)at.PlaceAway(); }},
      {"let him stay longer", 1, [](At& at) { (void)at.ExtendStay(40); }},
      {"apply for longer", 1, [](At& at) { (void)at.ExtendStay(50, 5000); }},
      {"bring him home", 1, [](At& at) { (void)at.EndStay(); }},
      {"have erred", 1, [](At& at) { (void)at.EndStay(casework::v1::STAY_END_ERROR); }},
      {"find another way", 1, [](At& at) { (void)at.EndStay(casework::v1::STAY_END_NOT_PLACED); }},
      {"find him safe", 2, [](At& at) { (void)at.AnswerStay(lv1::PLACE_SAFETY_CLEAR); }},
      {"find him not safe", 1, [](At& at) { (void)at.AnswerStay(lv1::PLACE_SAFETY_NOT_POSSIBLE); }},
      {"grant", 2, [](At& at) { (void)at.GrantStay(); }},
      {"refuse", 1, [](At& at) { (void)at.RefuseStay(); }},
      {"pay", 1, [](At& at) { (void)at.PayStay(); }},
      {"take the application back", 1, [](At& at) { (void)at.WithdrawApplication(); }},
      {"account for it", 1, [](At& at) { (void)at.ReturnAccount(1000); }}};
}

std::vector<RelocationAct> MoveActs() {
  using At = StayWorld;
  return {
      {"decide", 3, [](At& at) { (void)at.Decide(kOdenseCode); }},
      {"revoke", 1, [](At& at) { (void)at.Revoke(); }},
      {"inquire", 2, [](At& at) { (void)at.Inquire(kOdenseCode); }},
      {"end the inquiry", 1, [](At& at) { (void)at.EndInquiry(kOdenseCode); }},
      {"put it to the citizen", 1, [](At& at) { (void)at.HearPlaces({kOdenseCode}); }},
      {"rule it out", 1, [](At& at) { (void)at.State({kOdenseCode}); }},
      {"rule nothing out", 1, [](At& at) { (void)at.State(); }},
      {"doubt", 1, [](At& at) { (void)at.AnswerConflict(lv1::PLACE_SAFETY_UNKNOWN); }},
      {"know of no conflict", 2, [](At& at) { (void)at.AnswerConflict(lv1::PLACE_SAFETY_CLEAR); }},
      {"give room", 2, [](At& at) { (void)at.GiveRoom(at.odense); }},
      {"decline", 1, [](At& at) { (void)at.Decline(at.odense); }},
      {"say yes", 2, [](At& at) { Say(at, lv1::CITIZEN_ANSWER_YES); }},
      {"say no", 1, [](At& at) { Say(at, lv1::CITIZEN_ANSWER_NO); }},
      {"withdraw, the police", 1, [](At& at) { (void)at.WithdrawRequest(at.vestegnen, at.id); }},
      {"withdraw, the holder", 1, [](At& at) { (void)at.WithdrawRequest(at.holder, at.id); }},
      {"ask for the handover", 3, &AskForHandover},
      {"agree", 3, [](At& at) { Handle(at, at.odense, "AgreeTerms"); }},
      {"accept", 3, [](At& at) { Handle(at, at.odense, "AcceptHandover"); }},
      {"reject", 1, [](At& at) { Handle(at, at.odense, "RejectHandover"); }},
      {"offer", 3, [](At& at) { Handle(at, at.holder, "OfferHandover"); }},
      {"recall", 1, [](At& at) { Handle(at, at.holder, "RecallHandover"); }},
      {"ask back", 1, [](At& at) { Handle(at, at.holder, "RequestRecall"); }},
      {"let go", 1, [](At& at) { Handle(at, at.odense, "AnswerRecall"); }},
      {"decline the offer", 1, [](At& at) { Handle(at, at.odense, "DeclineOffer"); }},
      {"depart", 3, [](At& at) { Handle(at, at.holder, "RecordDeparture"); }},
      {"arrive", 3, [](At& at) { Handle(at, at.odense, "RecordArrival"); }},
      {"come back", 1, [](At& at) { Handle(at, at.holder, "RecordArrival"); }},
      {"account for him", 1,
       [](At& at) { AccountFor(at, at.vestegnen, lv1::WHEREABOUTS_SAFE_ELSEWHERE); }},
      {"account for him there", 1,
       [](At& at) { AccountFor(at, at.fyn, lv1::WHEREABOUTS_SAFE_ELSEWHERE); }},
      {"say that he is there", 1,
       [](At& at) { AccountFor(at, at.fyn, lv1::WHEREABOUTS_AT_DESTINATION); }},
      {"transfer the assessment", 2, &Transfer},
      {"give notice", 3, [](At& at) { Give(at, ""); }},
      {"give notice anew", 1, [](At& at) { Give(at, at.Newest()); }},
      {"need no notice", 2, [](At& at) { (void)at.NeedNoNotice(); }},
      {"end the notice", 1, [](At& at) { (void)at.End(at.Newest()); }},
      {"register", 3, [](At& at) { Register(at, av1::ADDRESS_ACT_REGISTERED); }},
      {"register the move", 1, [](At& at) { Register(at, av1::ADDRESS_ACT_MOVED); }},
      {"register that he is away", 1, [](At& at) { Register(at, av1::ADDRESS_ACT_MOVED_AWAY); }},
      {"end it himself", 1, [](At& at) { Register(at, av1::ADDRESS_ACT_ENDED_BY_PERSON); }},
      {"register ordinarily", 1,
       [](At& at) { Register(at, av1::ADDRESS_ACT_REGISTERED_ORDINARILY); }},
      {"take over", 3, [](At& at) { Handle(at, at.odense, "TakeOverCase"); }}};
}

const std::vector<RelocationAct>& Acts() {
  static const auto* const all = [] {
    auto* const acts = new std::vector<RelocationAct>(MoveActs());
    for (const RelocationAct& act : StayActs()) acts->push_back(act);
    return acts;
  }();
  return *all;
}

}  // namespace

const RelocationAct& AnyRelocationAct(std::mt19937_64& chance) {
  int all = 0;
  for (const RelocationAct& act : Acts()) all += act.weight;
  int left = static_cast<int>(chance() % static_cast<std::uint64_t>(all));
  for (const RelocationAct& act : Acts()) {
    left -= act.weight;
    if (left < 0) return act;
  }
  return Acts().back();
}

}  // namespace exitbus::simulation
