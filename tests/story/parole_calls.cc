#include "tests/story/parole_calls.h"

#include <utility>

#include "exitbus/casework/v1/meeting_service.pb.h"
#include "exitbus/casework/v1/supervision_service.pb.h"
#include "exitbus/kriminalforsorgen/v1/release_service.pb.h"
#include "exitbus/kriminalforsorgen/v1/supervision_service.pb.h"
#include "services/exchange/proto_time.h"
#include "tests/story/calls.h"

namespace exitbus::story {
namespace {

constexpr std::string_view kRelease = "exitbus.kriminalforsorgen.v1.ReleaseService.";
constexpr std::string_view kSupervised = "exitbus.kriminalforsorgen.v1.SupervisionService.";
constexpr std::string_view kSupervision = "exitbus.casework.v1.SupervisionService.";

}  // namespace

absl::StatusOr<cv1::Case> StateParoleCondition(Actor& at, const std::string& case_id,
                                               const std::string& paragraph) {
  krv1::StateParoleConditionRequest request;
  request.set_is_condition(true);
  request.set_paragraph(paragraph);
  return ChangeCase(at, In(kRelease, "StateParoleCondition"), std::move(request), case_id);
}

absl::StatusOr<cv1::Case> StateCustody(Actor& at, const std::string& case_id, absl::Time imprisoned,
                                       absl::Time possible_parole) {
  krv1::StateCustodyRequest request;
  *request.mutable_imprisoned() = exchange::ToProto(imprisoned);
  *request.mutable_possible_parole() = exchange::ToProto(possible_parole);
  return ChangeCase(at, In(kRelease, "StateCustody"), std::move(request), case_id);
}

absl::StatusOr<cv1::Case> RecordMunicipalityContacted(Actor& at, const std::string& case_id,
                                                      const std::string& municipality) {
  krv1::RecordMunicipalityContactedRequest request;
  request.set_municipality(municipality);
  request.set_purpose(readiness::v1::CONTACT_PURPOSE_RELEASE);
  return ChangeCase(at, In(kRelease, "RecordMunicipalityContacted"), std::move(request), case_id);
}

absl::Status ReportBreach(Actor& at, const std::string& supervision_id, absl::Time breached) {
  krv1::ReportBreachRequest request;
  request.set_supervision_id(supervision_id);
  *request.mutable_breached() = exchange::ToProto(breached);
  return at.Change<krv1::SupervisedCase>(In(kSupervised, "ReportBreach"), std::move(request))
      .status();
}

absl::StatusOr<cv1::Case> MoveRelease(Actor& at, const std::string& case_id, absl::Time day,
                                      cv1::ReleaseChange why) {
  krv1::PlanReleaseRequest request;
  *request.mutable_planned_release() = exchange::ToProto(day);
  request.set_change(why);
  return ChangeCase(at, In(kRelease, "PlanRelease"), std::move(request), case_id);
}

absl::StatusOr<cv1::Case> CancelRelease(Actor& at, const std::string& case_id,
                                        cv1::ReleaseChange why) {
  krv1::CancelReleaseRequest request;
  request.set_change(why);
  return ChangeCase(at, In(kRelease, "CancelRelease"), std::move(request), case_id);
}

absl::StatusOr<cv1::Case> RecordReleased(Actor& at, const std::string& case_id,
                                         cv1::ReleaseGround ground, const std::string& acts) {
  krv1::RecordReleasedRequest request;
  request.mutable_released()->set_ground(ground);
  request.mutable_released()->set_acts(acts);
  return ChangeCase(at, In(kRelease, "RecordReleased"), std::move(request), case_id);
}

absl::StatusOr<cv1::Case> AttestParticipation(Actor& at, const std::string& case_id,
                                              const std::string& text) {
  cv1::AttestParticipationRequest request;
  request.set_text(text);
  return ChangeCase(at, In(kSupervision, "AttestParticipation"), std::move(request), case_id);
}

absl::StatusOr<cv1::Case> CallSupervisingUnit(Actor& at, const std::string& case_id,
                                              absl::Time when, const std::string& place) {
  cv1::CallMeetingRequest request;
  request.set_kind(cv1::MEETING_KIND_FOLLOW_UP);
  *request.mutable_at() = exchange::ToProto(when);
  request.set_place(place);
  request.set_supervising_unit(true);
  return ChangeCase(at, "exitbus.casework.v1.MeetingService.CallMeeting", std::move(request),
                    case_id);
}

absl::Status ComeToMeeting(Actor& at, const std::string& supervision_id,
                           const std::string& invitation_id) {
  krv1::AnswerSupervisedMeetingRequest request;
  request.set_supervision_id(supervision_id);
  request.set_invitation_id(invitation_id);
  request.set_coming(cv1::COMING_YES);
  return at
      .Change<krv1::SupervisedCase>(In(kSupervised, "AnswerSupervisedMeeting"), std::move(request))
      .status();
}

absl::StatusOr<Arrival<krv1::SupervisedCase>> AwaitSupervised(
    Actor& at, const std::string& cpr_number, absl::Time since, const std::string& what,
    const std::function<bool(const krv1::SupervisedCase&)>& holds) {
  return Await<krv1::SupervisedCase>(
      [&]() -> absl::StatusOr<krv1::SupervisedCase> {
        krv1::ListSupervisedCasesRequest open;
        open.set_open_only(true);
        ASSIGN_OR_RETURN(const auto all, (at.List<krv1::SupervisedCase>(
                                             In(kSupervised, "ListSupervisedCases"), open)));
        for (const krv1::SupervisedCase& one : all) {
          if (one.person().cpr_number() == cpr_number) return one;
        }
        return absl::NotFoundError("he is not supervised");
      },
      since, at.id() + ": " + what, holds);
}

}  // namespace exitbus::story
