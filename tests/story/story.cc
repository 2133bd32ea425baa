#include "tests/story/story.h"

#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/story/checks.h"
#include "tests/story/documents.h"
#include "tests/story/referral_calls.h"

namespace exitbus::story {
namespace {

// Nobody's: the day is raised by 60 as in replacement numbers (erstatningspersonnummer).
std::string MadeUpCprNumber(std::mt19937& random) {
  const auto draw = [&](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
  };
  return absl::StrFormat("%02d%02d%02d%04d", 60 + draw(1, 28), draw(1, 12), draw(60, 99),
                         draw(1, 9999));
}

cv1::Person MadeUpPerson() {
  std::mt19937 random(std::random_device{}());
  cv1::Person person;
  person.set_cpr_number(MadeUpCprNumber(random));
  person.set_name("Opdigtet Henvist " + FreshId().substr(0, 8));
  return person;
}

}  // namespace

Story::Story(Deployment* deployment, Narrator* narrator, Listener* listener)
    : deployment_(deployment), say_(narrator), listener_(listener) {
  std::mt19937 random(std::random_device{}());
  person_.set_cpr_number(MadeUpCprNumber(random));
  const std::string mark = FreshId().substr(0, 8);
  person_.set_name("Opdigtet Person " + mark);
  person_ = Worded(person_);
  child_.set_cpr_number(MadeUpCprNumber(random));
  child_.set_name("Opdigtet Barn " + mark);
  child_ = Worded(child_);
  another_.set_cpr_number(MadeUpCprNumber(random));
  another_.set_name("Opdigtet Anden " + mark);
  address_ = "Ingensteds Allé " + mark + ", 2635 Ishøj";
  health_ = "søvnbesvær " + mark;
  environment_ = "opdigtet rockergruppe " + mark;
  risk_ = "opdigtet trussel ved exit " + mark;
}

absl::StatusOr<std::unique_ptr<Story>> Story::Make(Deployment* deployment, Narrator* narrator,
                                                   Listener* listener) {
  std::unique_ptr<Story> story(new Story(deployment, narrator, listener));
  const auto client = [&](const Member& member) {
    auto made = Actor::Make(member, deployment->ClientOf(member));
    if (made.ok()) (*made)->SetListener(listener);
    return made;
  };
  const auto actor = [&](const char* id) { return client(MemberNamed(id)); };
  ASSIGN_OR_RETURN(story->kif_, actor(kKif));
  ASSIGN_OR_RETURN(story->ishoj_, actor(kIshoj));
  ASSIGN_OR_RETURN(story->odense_, actor(kOdense));
  ASSIGN_OR_RETURN(story->nec_, actor(kNec));
  ASSIGN_OR_RETURN(story->vestegnen_, actor(kVestegnen));
  ASSIGN_OR_RETURN(story->fyn_, actor(kFyn));
  ASSIGN_OR_RETURN(story->desk_, actor(kContactPoint));
  ASSIGN_OR_RETURN(story->jobcentre_, client(JobcentreOf(MemberNamed(kIshoj))));
  ASSIGN_OR_RETURN(story->register_, client(RegisterOf(MemberNamed(kOdense))));
  return story;
}

absl::Status Story::Play() {
  RETURN_IF_ERROR(InCustody());
  RETURN_IF_ERROR(Release());
  RETURN_IF_ERROR(Security());
  RETURN_IF_ERROR(Money());
  RETURN_IF_ERROR(Relocation(
      {{Moment::kOffered}, {Moment::kOffered, Moment::kTakenOver}, absl::ZeroDuration()}));
  RETURN_IF_ERROR(Refusals());
  ASSIGN_OR_RETURN(const Handing open, Suspension());
  RETURN_IF_ERROR(NoAnswer(open));
  RETURN_IF_ERROR(BackToCustody());
  RETURN_IF_ERROR(CitizensRights());
  ASSIGN_OR_RETURN(const absl::Time today, deployment_->Today());
  RETURN_IF_ERROR(ReferralsAreAnswered(*say_, *vestegnen_, *ishoj_, Worded(MadeUpPerson()), today));
  return Account();
}

absl::Status Story::PlayRelocation(const Crashes& crashes) {
  say_->Chapter("A case at Ishøj");
  RETURN_IF_ERROR(BeginAt(ishoj_.get()));
  RETURN_IF_ERROR(Security());
  RETURN_IF_ERROR(Relocation(crashes));
  return CompareBooks(*deployment_, absl::Seconds(60)).status();
}

absl::Status Story::InCustody() {
  say_->Chapter("1 · In custody");
  RETURN_IF_ERROR(BeginAt(kif_.get()));
  return KeepPlan(*kif_, case_id_, *say_);
}

absl::Status Story::Release() {
  say_->Chapter("2 · Release: Kriminalforsorgen hands over to Ishøj");
  ASSIGN_OR_RETURN(const absl::Time release, deployment_->Today());
  RETURN_IF_ERROR(kif_->PlanRelease(case_id_, release).status());
  say_->Did("kif", "plans the release, for today", kif_->took());
  ASSIGN_OR_RETURN(const Handing handing,
                   Request(kif_.get(), ishoj_.get(), hv1::HANDOVER_REASON_RELEASE));
  RETURN_IF_ERROR(ObjectAndAmend(handing));
  RETURN_IF_ERROR(Agree(handing));
  RETURN_IF_ERROR(Accept(handing));
  RETURN_IF_ERROR(CheckRefusal(kif_->Offer(handing.id, release - absl::Hours(24)).status(),
                               "release.before_planned"));
  RETURN_IF_ERROR(Offer(handing, release));
  RETURN_IF_ERROR(TakeOver(handing));
  RETURN_IF_ERROR(PlanCame(*kif_, *ishoj_, case_id_, *say_));
  return Finish(handing);
}

absl::Status Story::Security() {
  say_->Chapter("3 · Security: Ishøj asks its police, Københavns Vestegn");
  Actor* const holder = ishoj_.get();
  RETURN_IF_ERROR(holder->AskPolice(case_id_).status());
  say_->Did(Nick(holder), "asks its district's police for a clarification", holder->took());
  Actor* const police = ErasureScopeOf(holder);
  ASSIGN_OR_RETURN(const auto asked,
                   police->AwaitFileInCharge(person_.cpr_number(), holder->sent()));
  in_charge_ = {police, asked.view.security_id(), 0};
  say_->Hop(Nick(holder), Nick(police), "PoliceClarificationRequested, on the citizen's consent",
            asked.took);
  say_->Sees(Nick(police), ShownIn(asked.view));
  RETURN_IF_ERROR(Check(asked.view.holder() == holder->id() && in_charge_.file != case_id_,
                        "the police's id for the case is their own", asked.view));
  return Assess(holder);
}

absl::Status Story::Relocation(const Crashes& crashes) {
  say_->Chapter(
      "5 · Relocation: found necessary; Ishøj hands over to Odense, and the machines fail");
  RETURN_IF_ERROR(AwayTonight(ishoj_.get()));
  RETURN_IF_ERROR(BeKeptSafe());
  RETURN_IF_ERROR(Nomination(ishoj_.get()));
  RETURN_IF_ERROR(FindSafePlace());
  RETURN_IF_ERROR(AskForRoom());
  RETURN_IF_ERROR(DecidePlace(ishoj_.get()));
  ASSIGN_OR_RETURN(const auto watch, Watch::Start(*deployment_, case_id_, person_.cpr_number()));
  crashes_ = crashes;
  ASSIGN_OR_RETURN(const absl::Time before, deployment_->Today());
  ASSIGN_OR_RETURN(const Handing handing,
                   Request(ishoj_.get(), odense_.get(), hv1::HANDOVER_REASON_RELOCATION));
  RETURN_IF_ERROR(MeetUnit(handing));
  RETURN_IF_ERROR(Agree(handing));
  RETURN_IF_ERROR(MeetPerson(handing));
  RETURN_IF_ERROR(Accept(handing));
  RETURN_IF_ERROR(FinalYes(handing.receiver));
  RETURN_IF_ERROR(TransferAssessment(handing));
  RETURN_IF_ERROR(Offer(handing, before));
  RETURN_IF_ERROR(SecureAddress(handing));
  RETURN_IF_ERROR(Depart(handing));
  RETURN_IF_ERROR(BeMissed(handing));
  RETURN_IF_ERROR(Arrive(handing));
  RETURN_IF_ERROR(LeaveTheShelter());
  RETURN_IF_ERROR(TakeOver(handing));
  RETURN_IF_ERROR(ChangeUnit(handing));
  RETURN_IF_ERROR(RegisterMove(handing));
  RETURN_IF_ERROR(Finish(handing));
  RETURN_IF_ERROR(RelocationIsCompleted(handing.holder, handing.receiver->sent()));
  RETURN_IF_ERROR(InquiryIsOver(handing.receiver->sent()));
  crashes_ = {};
  RETURN_IF_ERROR(watch->Stop());
  say_->Holds(watch->Told());
  RETURN_IF_ERROR(Assess(odense_.get()));
  RETURN_IF_ERROR(CompareBooks(*deployment_, absl::Seconds(60)).status());
  say_->Holds("nothing lost, nothing twice: both ends of every correspondence agree");
  ASSIGN_OR_RETURN(const cv1::Case former, ishoj_->GetCase(case_id_));
  RETURN_IF_ERROR(Check(former.security().version() < in_charge_.version &&
                            former.clarification().version() < in_charge_.version,
                        "the former holder hears of nothing newer", former));
  say_->Holds(absl::StrCat("ishoj still has version ", former.security().version(),
                           " of the precautions: a former holder is told nothing newer"));
  return absl::OkStatus();
}

absl::Status Story::Refusals() {
  say_->Chapter("6 · Odense asks Ishøj, which refuses; then Kriminalforsorgen, and recalls");
  ASSIGN_OR_RETURN(const Handing refused,
                   Request(odense_.get(), ishoj_.get(), hv1::HANDOVER_REASON_RELOCATION));
  RETURN_IF_ERROR(Agree(refused));
  RETURN_IF_ERROR(Accept(refused));
  RETURN_IF_ERROR(Reject(refused, hv1::REJECTION_CODE_UNSAFE));
  ASSIGN_OR_RETURN(const Handing recalled,
                   Request(odense_.get(), kif_.get(), hv1::HANDOVER_REASON_CUSTODY));
  RETURN_IF_ERROR(Agree(recalled));
  RETURN_IF_ERROR(Accept(recalled));
  return Recall(recalled);
}

absl::Status Story::BackToCustody() {
  say_->Chapter("9 · Back to custody: Odense hands over to Kriminalforsorgen");
  ASSIGN_OR_RETURN(const absl::Time before, deployment_->Today());
  ASSIGN_OR_RETURN(const Handing handing,
                   Request(odense_.get(), kif_.get(), hv1::HANDOVER_REASON_CUSTODY));
  RETURN_IF_ERROR(Agree(handing));
  RETURN_IF_ERROR(Accept(handing));
  RETURN_IF_ERROR(Offer(handing, before));
  ASSIGN_OR_RETURN(const auto came,
                   vestegnen_->AwaitSecurityFile(
                       handing.id, odense_->sent(), "the assessment is there",
                       [](const plv1::SecurityFile& file) { return file.has_assessment(); }));
  say_->Hop("fyn", "vestegnen", "SecurityAssessmentTransferred, with the offer at the latest",
            came.took);
  RETURN_IF_ERROR(TakeOver(handing));
  RETURN_IF_ERROR(ChangeUnit(handing));
  return Finish(handing);
}

}  // namespace exitbus::story
