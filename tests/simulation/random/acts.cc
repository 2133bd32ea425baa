#include "tests/simulation/random/acts.h"

#include "absl/strings/str_cat.h"
#include "exitbus/kriminalforsorgen/v1/release_service.pb.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/insist.h"
#include "tests/simulation/relocation_acts.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace pv1 = policy::v1;

constexpr int kPeople = 6;
constexpr char kCases[] = "exitbus.casework.v1.CaseService.";

template <class Response, class Request>
absl::StatusOr<Response> Ask(Crowd& crowd, Node& node, const std::string& method, Request request) {
  request.set_request_id(crowd.at.world.RequestId());
  return Insist<Response>(node, method, request);
}

void Open(Crowd& crowd, Person& person) {
  Node& node = *crowd.holders[static_cast<std::size_t>(crowd.Below(4))];
  cv1::OpenCaseRequest open;
  open.mutable_person()->set_cpr_number(person.cpr_number);
  open.mutable_person()->set_name(person.name);
  open.set_current_address(person.address);
  open.set_programme(cv1::PROGRAMME_MUNICIPAL_EXIT);
  person.entitled.insert(node.id());
  const auto opened =
      Ask<cv1::OpenCaseResponse>(crowd, node, absl::StrCat(kCases, "OpenCase"), open);
  if (!opened.ok()) return;
  person.case_id = opened->case_().case_id();
  person.holder = &node;
}

void Consent(Crowd& crowd, Person& person) {
  cv1::RecordConsentRequest consent;
  consent.set_case_id(person.case_id);
  consent.add_covers(pv1::AUTHORITY_KIND_MUNICIPALITY);
  consent.add_covers(pv1::AUTHORITY_KIND_POLICE);
  (void)Ask<cv1::RecordConsentResponse>(crowd, *person.holder,
                                        absl::StrCat(kCases, "RecordConsent"), consent);
}
void Revoke(Crowd& crowd, Person& person) {
  (void)RevokeConsent(crowd.at.world, *person.holder, person.case_id);
}
void GroundOnLaw(Crowd& crowd, Person& person) {
  (void)RecordLaw(crowd.at.world, *person.holder, person.case_id);
}
void GroundOnNoLaw(Crowd& crowd, Person& person) {
  (void)EndLaw(crowd.at.world, *person.holder, person.case_id);
}
void Visit(Crowd& crowd, Person& person) {
  (void)StateNoRelocation(crowd.at.world, *person.holder, person.case_id);
  cv1::DecideVisitationRequest visitation;
  visitation.set_case_id(person.case_id);
  visitation.mutable_visitation()->set_affiliation("loosely affiliated");
  visitation.mutable_visitation()->set_position("runner");
  visitation.mutable_visitation()->set_motivation("real");
  visitation.mutable_visitation()->set_risk_on_leaving("medium");
  visitation.mutable_visitation()->set_health_needs("canary-health");
  (void)Ask<cv1::DecideVisitationResponse>(crowd, *person.holder,
                                           absl::StrCat(kCases, "DecideVisitation"), visitation);
}
void Sign(Crowd& crowd, Person& person) {
  (void)SignAgreement(crowd.at.world, *person.holder, person.case_id,
                      {MeasureOf(cv1::MEASURE_TYPE_EMPLOYMENT, cv1::MODULE_EDUCATION_EMPLOYMENT,
                                 *person.holder, "canary-measure")});
  if (person.holder != &crowd.at.prison) return;
  kriminalforsorgen::v1::PlanReleaseRequest plan;
  plan.set_case_id(person.case_id);
  *plan.mutable_planned_release() = exchange::ToProto(crowd.at.world.domain_clock.Now());
  (void)Ask<kriminalforsorgen::v1::PlanReleaseResponse>(
      crowd, *person.holder, "exitbus.kriminalforsorgen.v1.ReleaseService.PlanRelease", plan);
}
void AskUnit(Crowd& crowd, Person& person) {
  (void)AskPolice(crowd.at.world, *person.holder, person.case_id);
}
void AssessSomebody(Crowd& crowd, Person&) {
  Node& unit = crowd.Chance(70) ? crowd.at.vestegnen : crowd.at.fyn;
  const auto files = Insist<police::v1::ListSecurityFilesResponse>(
      unit, "exitbus.police.v1.SecurityService.ListSecurityFiles",
      police::v1::ListSecurityFilesRequest());
  if (!files.ok() || files->files().empty()) return;
  const auto& file = files->files(crowd.Below(files->files_size()));
  (void)Insist<police::v1::DeliverAssessmentResponse>(
      unit, kDeliverAssessment,
      AssessmentOf(crowd.at.world, file.security_id(), {"canary-precaution"}));
}
void CorrectName(Crowd& crowd, Person& person) {
  cv1::CorrectCaseRequest correct;
  correct.set_case_id(person.case_id);
  correct.mutable_person()->set_name(absl::StrCat(person.name, " ", crowd.Below(100)));
  (void)Correct(crowd.at.world, *person.holder, correct);
}
void WithdrawFrom(Crowd& crowd, Person& person) {
  (void)Withdraw(crowd.at.world, *person.holder, person.case_id);
}
void EraseAll(Crowd& crowd, Person& person) {
  cv1::EraseCaseRequest erase;
  erase.set_case_id(person.case_id);
  erase.set_reason(cv1::ERASURE_REASON_CITIZENS_RIGHT);
  if (Ask<cv1::EraseCaseResponse>(crowd, *person.holder,
                                  "exitbus.casework.v1.ErasureService.EraseCase", erase)
          .ok()) {
    person.erased = true;
  }
}

void Handle(Crowd& crowd, Person& person, Node& node, const std::string& rpc) {
  if (person.handover.empty()) return;
  const auto done = Do(crowd.at.world, node, rpc, person.handover);
  if (done.ok() && rpc == "TakeOverCase") person.holder = person.asked;
}
void AskForHandover(Crowd& crowd, Person& person) {
  Node& to = *crowd.holders[static_cast<std::size_t>(crowd.Below(4))];
  if (&to == person.holder) return;
  person.entitled.insert(to.id());
  const auto asked = Request(crowd.at.world, *person.holder, person.case_id, to);
  if (!asked.ok()) return;
  person.handover = asked->handover_id();
  person.asked = &to;
}

// What brings the handover on, as whoever has the next step sees it.
void GoOn(Crowd& crowd, Person& person) {
  if (person.handover.empty()) return AskForHandover(crowd, person);
  const auto seen = GetHandover(*person.asked, person.handover);
  if (!seen.ok()) return;
  switch (seen->stage()) {
    case hv1::HANDOVER_STAGE_REQUESTED:
      return Handle(crowd, person, *person.asked, "AgreeTerms");
    case hv1::HANDOVER_STAGE_TERMS_COORDINATED:
      return Handle(crowd, person, *person.asked, "AcceptHandover");
    case hv1::HANDOVER_STAGE_ACCEPTED:
      return Handle(crowd, person, *person.holder, "OfferHandover");
    case hv1::HANDOVER_STAGE_OFFERED:
      return Handle(crowd, person, *person.asked, "TakeOverCase");
    default:
      person.handover.clear();
  }
}

// Two who act at once, and neither has heard of the other.
void Cross(Crowd& crowd, Person& person) {
  if (person.handover.empty()) return;
  static constexpr const char* kCrossings[][2] = {{"RecallHandover", "AcceptHandover"},
                                                  {"RequestRecall", "TakeOverCase"},
                                                  {"OfferHandover", "RejectHandover"},
                                                  {"RecallHandover", "RejectHandover"},
                                                  {"RequestRecall", "DeclineOffer"}};
  const auto& both = kCrossings[crowd.Below(5)];
  Node& holder = *person.holder;  // a take-over moves it
  Handle(crowd, person, holder, both[0]);
  Handle(crowd, person, *person.asked, both[1]);
}
void StepAtHolder(Crowd& crowd, Person& person) {
  static constexpr const char* kSteps[] = {"RecallHandover", "RequestRecall", "AcknowledgeHandover",
                                           "CloseHandover", "OfferHandover"};
  Handle(crowd, person, *person.holder, kSteps[crowd.Below(5)]);
}
void StepAtReceiver(Crowd& crowd, Person& person) {
  static constexpr const char* kSteps[] = {"RejectHandover", "AnswerRecall", "DeclineOffer",
                                           "CloseHandover", "AcceptHandover"};
  if (person.asked != nullptr) Handle(crowd, person, *person.asked, kSteps[crowd.Below(5)]);
}

// A client that has not got its answer, or does not believe it.
void Repeat(Crowd& crowd, Person&) {
  if (crowd.acknowledged.empty()) return;
  const Acknowledged once = crowd.acknowledged[crowd.chance() % crowd.acknowledged.size()];
  const exchange::Caller before = once.node->caller();
  once.node->caller() = once.caller;
  (void)once.node->Ask(once.method, *once.request);
  once.node->caller() = before;
}

// Most cases come as far as an agreement, or nothing could be handed over.
void OpenAndEnrol(Crowd& crowd, Person& person) {
  Open(crowd, person);
  if (person.case_id.empty() || crowd.Chance(20)) return;
  for (const auto next : {&Consent, &GroundOnLaw, &Visit, &Sign}) next(crowd, person);
}

struct PersonsAct {
  int weight;
  void (*done)(Crowd&, Person&);
};

const std::vector<PersonsAct>& Acts() {
  static const auto* const all = new std::vector<PersonsAct>{
      {3, &Consent},        {1, &Revoke},       {3, &GroundOnLaw}, {1, &GroundOnNoLaw},
      {3, &Visit},          {3, &Sign},         {2, &AskUnit},     {2, &AssessSomebody},
      {2, &CorrectName},    {14, &GoOn},        {2, &Cross},       {2, &StepAtHolder},
      {2, &StepAtReceiver}, {1, &WithdrawFrom}, {1, &EraseAll},    {2, &Repeat}};
  return *all;
}

}  // namespace

void Begin(Crowd& crowd) {
  for (int i = 0; i < kPeople; ++i) {
    Person person;
    person.cpr_number = absl::StrCat("610190010", i);
    person.name = absl::StrCat("Canary Person ", i);
    person.address = absl::StrCat("Canary Road ", i);
    crowd.people.push_back(std::move(person));
  }
}

void ActOnce(Crowd& crowd) {
  ++crowd.report.steps;
  if (crowd.Chance(25)) {
    AnyRelocationAct(crowd.chance).done(crowd.at);
    return;
  }
  Person& person = crowd.people[static_cast<std::size_t>(crowd.Below(kPeople))];
  if (person.case_id.empty()) return OpenAndEnrol(crowd, person);
  int all = 0;
  for (const PersonsAct& act : Acts()) all += act.weight;
  int left = crowd.Below(all);
  for (const PersonsAct& act : Acts()) {
    left -= act.weight;
    if (left < 0) return act.done(crowd, person);
  }
}

}  // namespace exitbus::simulation
