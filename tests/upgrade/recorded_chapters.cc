// The chapters of the story.
#include "absl/time/clock.h"
#include "exitbus/casework/v1/erasure_service.pb.h"
#include "exitbus/casework/v1/supervision_service.pb.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/proto_time.h"
#include "tests/story/calls.h"
#include "tests/story/operations.h"
#include "tests/upgrade/recorded_story.h"

namespace exitbus::upgrade {
namespace {

using story::Actor;
using story::kContactPoint;
using story::kFyn;
using story::kIshoj;
using story::kKif;
using story::kNec;
using story::kOdense;
using story::kVestegnen;

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace plv1 = police::v1;

constexpr int kAssessedAnew = 9;  // whose case is at Ishøj to the end
constexpr auto kToRelocate = hv1::HANDOVER_REASON_RELOCATION;
constexpr absl::Duration kPublished =
    absl::Seconds(5);  // what leaves after a delay has left by then

}  // namespace

absl::Status RecordedStory::PlayFarCase() {
  constexpr int kPerson = 1;
  ASSIGN_OR_RETURN(const std::string case_id, Enrolled(At(kKif), kPerson));
  ASSIGN_OR_RETURN(const absl::Time now, deployment_->Today());
  RETURN_IF_ERROR(At(kKif).PlanRelease(case_id, now).status());
  ASSIGN_OR_RETURN(const std::string released,
                   Offered(kKif, case_id, kIshoj, hv1::HANDOVER_REASON_RELEASE));
  RETURN_IF_ERROR(Finish(kKif, released, kIshoj));
  if (to_older_) {
    RETURN_IF_ERROR(RecordLaw(At(kIshoj), case_id));
    cv1::EndSupervisionRequest end;
    end.set_case_id(case_id);
    RETURN_IF_ERROR(At(kIshoj)
                        .Change<cv1::Case>("exitbus.casework.v1.SupervisionService.EndSupervision",
                                           std::move(end))
                        .status());
  }

  const std::string& security_id = security_files_.at(kPerson).second;
  ASSIGN_OR_RETURN(const std::string moved, Accepted(kIshoj, case_id, kOdense, kToRelocate));
  RETURN_IF_ERROR(At(kVestegnen)
                      .AwaitSecurityFile(security_id, absl::Now(), "the acceptance is known",
                                         [](const plv1::SecurityFile& file) {
                                           return file.transfer().stage() ==
                                                  plv1::TRANSFER_STAGE_ACCEPTED;
                                         })
                      .status());
  RETURN_IF_ERROR(At(kVestegnen).TransferAssessment(security_id).status());
  RETURN_IF_ERROR(At(kOdense)
                      .AwaitHandover(moved, absl::Now(), "the precautions are there",
                                     [](const hv1::Handover& seen) { return seen.has_security(); })
                      .status());
  RETURN_IF_ERROR(At(kOdense).AcknowledgeReceived(moved, 1).status());
  RETURN_IF_ERROR(At(kIshoj).Offer(moved, now).status());
  RETURN_IF_ERROR(Await(kOdense, moved, hv1::HANDOVER_STAGE_OFFERED));
  RETURN_IF_ERROR(Finish(kIshoj, moved, kOdense));
  return At(kOdense).CorrectName(case_id, "Opdigtet Person 1, rettet").status();
}

absl::Status RecordedStory::PlayOtherWay() {
  ASSIGN_OR_RETURN(const std::string case_id, Enrolled(At(kOdense), 11));
  ASSIGN_OR_RETURN(const std::string id, Offered(kOdense, case_id, kIshoj, kToRelocate));
  return Finish(kOdense, id, kIshoj);
}

absl::Status RecordedStory::PlayEnded() {
  ASSIGN_OR_RETURN(const std::string refused, Enrolled(At(kIshoj), 2));
  ASSIGN_OR_RETURN(const std::string rejected, Accepted(kIshoj, refused, kOdense, kToRelocate));
  RETURN_IF_ERROR(At(kOdense).Reject(rejected, hv1::REJECTION_CODE_NO_CAPACITY).status());
  RETURN_IF_ERROR(Await(kIshoj, rejected, hv1::HANDOVER_STAGE_REJECTED));
  ASSIGN_OR_RETURN(const std::string recalled,
                   Agreed(kIshoj, refused, kKif, hv1::HANDOVER_REASON_CUSTODY));
  RETURN_IF_ERROR(At(kIshoj).Recall(recalled).status());
  RETURN_IF_ERROR(Await(kKif, recalled, hv1::HANDOVER_STAGE_RECALLED));
  RETURN_IF_ERROR(At(kIshoj).RecordWithdrawal(refused).status());

  ASSIGN_OR_RETURN(const std::string erased, Enrolled(At(kOdense), 3));
  RETURN_IF_ERROR(At(kOdense).RecordWithdrawal(erased).status());
  ASSIGN_OR_RETURN(const cv1::Erasure erasure, At(kOdense).EraseCase(erased));
  return At(kOdense).AwaitErased(erasure.erasure_id(), At(kOdense).sent()).status();
}

absl::Status RecordedStory::PlayUnanswered() {
  ASSIGN_OR_RETURN(const std::string case_id, Enrolled(At(kIshoj), 4));
  ASSIGN_OR_RETURN(const std::string id, Requested(kIshoj, case_id, kOdense, kToRelocate));
  ASSIGN_OR_RETURN(const hv1::Handover waiting, At(kIshoj).GetHandover(id));
  ASSIGN_OR_RETURN(const absl::Time now, deployment_->Today());
  const absl::Time began = absl::Now();
  RETURN_IF_ERROR(
      story::TurnClock(*deployment_, exchange::FromProto(waiting.due()) - now + absl::Hours(1)));
  ASSIGN_OR_RETURN(const auto listed,
                   At(kContactPoint).AwaitEscalated(began, [](const auto&) { return true; }));
  to_nudge_ = listed.view.contact_id();
  RETURN_IF_ERROR(At(kContactPoint).Nudge(to_nudge_).status());
  RETURN_IF_ERROR(At(kIshoj)
                      .AwaitHandover(id, began, "it is escalated",
                                     [](const hv1::Handover& seen) { return seen.escalated(); })
                      .status());
  RETURN_IF_ERROR(At(kOdense)
                      .AwaitHandover(id, began, "it is nudged",
                                     [](const hv1::Handover& seen) { return seen.nudges() == 1; })
                      .status());
  return At(kContactPoint).RecordNote(to_nudge_, "Ringet til Odense (opdigtet)").status();
}

absl::Status RecordedStory::PlayUnderWay() {
  ASSIGN_OR_RETURN(const std::string fifth, Enrolled(At(kIshoj), 5));
  ASSIGN_OR_RETURN(to_accept_, Agreed(kIshoj, fifth, kOdense, kToRelocate));
  ASSIGN_OR_RETURN(const std::string sixth, Enrolled(At(kIshoj), 6));
  ASSIGN_OR_RETURN(to_take_over_, Offered(kIshoj, sixth, kOdense, kToRelocate));
  ASSIGN_OR_RETURN(to_ask_, Opened(At(kIshoj), 7));
  ASSIGN_OR_RETURN(const std::string eighth, Enrolled(At(kIshoj), 8));
  ASSIGN_OR_RETURN(to_offer_, Accepted(kIshoj, eighth, kOdense, kToRelocate));
  ASSIGN_OR_RETURN(to_request_, Enrolled(At(kIshoj), 9));
  ASSIGN_OR_RETURN(in_custody_, Opened(At(kKif), 10));
  return absl::OkStatus();
}

absl::Status RecordedStory::Play() {
  RETURN_IF_ERROR(PlayFarCase());
  RETURN_IF_ERROR(PlayOtherWay());
  RETURN_IF_ERROR(PlayEnded());
  RETURN_IF_ERROR(PlayUnanswered());
  return PlayUnderWay();
}

absl::Status RecordedStory::GoOn() {
  RETURN_IF_ERROR(Assess(kAssessedAnew));
  ASSIGN_OR_RETURN(const absl::Time now, deployment_->Today());
  RETURN_IF_ERROR(At(kOdense).Accept(to_accept_).status());
  RETURN_IF_ERROR(Await(kIshoj, to_accept_, hv1::HANDOVER_STAGE_ACCEPTED));
  for (const std::string& id : {to_accept_, to_offer_}) {
    RETURN_IF_ERROR(At(kIshoj).Offer(id, now).status());
    RETURN_IF_ERROR(Await(kOdense, id, hv1::HANDOVER_STAGE_OFFERED));
  }
  ASSIGN_OR_RETURN(const std::string requested, Offered(kIshoj, to_request_, kOdense, kToRelocate));
  for (const std::string& id : {to_accept_, to_offer_, to_take_over_, requested}) {
    RETURN_IF_ERROR(Finish(kIshoj, id, kOdense));
  }
  RETURN_IF_ERROR(At(kContactPoint).Nudge(to_nudge_).status());
  RETURN_IF_ERROR(Assessed(At(kIshoj), to_ask_, 7));
  return Visited(At(kKif), in_custody_);
}

absl::Status RecordedStory::End(const char* id, const std::function<absl::Status(Actor&)>& ends) {
  RETURN_IF_ERROR(ends(At(id)));
  return deployment_->StopService(story::MemberNamed(id));
}

absl::Status RecordedStory::LeaveOnTheWay(const std::function<absl::Status(Actor&)>& ends) {
  // Decided, and not published.
  RETURN_IF_ERROR(deployment_->KillBroker());
  RETURN_IF_ERROR(At(kOdense).Accept(to_accept_).status());
  RETURN_IF_ERROR(At(kOdense).TakeOver(to_take_over_).status());
  RETURN_IF_ERROR(Assess(kAssessedAnew));
  RETURN_IF_ERROR(At(kContactPoint).Nudge(to_nudge_).status());
  for (const char* id : {kOdense, kVestegnen, kContactPoint, kFyn, kNec}) {
    RETURN_IF_ERROR(End(id, ends));
  }
  // Published, and read by nobody.
  RETURN_IF_ERROR(deployment_->StartBroker());
  ASSIGN_OR_RETURN(const absl::Time now, deployment_->Today());
  RETURN_IF_ERROR(At(kIshoj).Offer(to_offer_, now).status());
  RETURN_IF_ERROR(At(kIshoj).RequestHandover(to_request_, kOdense, kToRelocate).status());
  RETURN_IF_ERROR(At(kIshoj).AskPolice(to_ask_).status());
  RETURN_IF_ERROR(Visited(At(kKif), in_custody_));
  absl::SleepFor(kPublished);
  for (const char* id : {kIshoj, kKif}) RETURN_IF_ERROR(End(id, ends));
  return absl::OkStatus();
}

}  // namespace exitbus::upgrade
