#include "tests/upgrade/recorded_story.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "exitbus/casework/v1/intake_service.pb.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/proto_time.h"
#include "tests/story/calls.h"
#include "tests/story/checks.h"

namespace exitbus::upgrade {
namespace {

using story::Actor;
using story::kFyn;
using story::kNec;
using story::kOdense;
using story::kVestegnen;

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace nv1 = nec::v1;
namespace plv1 = police::v1;

// Nobody's: the day is raised by 60 as in replacement numbers.
std::string CprNumberOf(int person) { return absl::StrFormat("61019%05d", person); }

// The agreement of whoever answers for it, at every release.
cv1::Agreement AgreementOf(const Actor& holder) {
  cv1::Agreement agreement = story::FirstAgreement(holder.id());
  *agreement.mutable_citizen_signed() = exchange::ToProto(absl::Now());
  *agreement.mutable_coordinator_signed() = exchange::ToProto(absl::Now());
  return agreement;
}

// What a later release asks for could not be said to an earlier one.
absl::Status Said(const absl::StatusOr<cv1::Case>& answer) {
  return absl::IsUnimplemented(answer.status()) ? absl::OkStatus() : answer.status();
}

}  // namespace

absl::StatusOr<std::unique_ptr<RecordedStory>> RecordedStory::Make(story::Deployment* deployment,
                                                                   bool to_older) {
  std::unique_ptr<RecordedStory> made(new RecordedStory(deployment, to_older));
  for (const story::Member& member : story::Cast()) {
    ASSIGN_OR_RETURN(made->actors_[member.id], Actor::Make(member, deployment->ClientOf(member)));
  }
  return made;
}

absl::StatusOr<std::string> RecordedStory::Opened(Actor& holder, int person) {
  cv1::Person made_up;
  made_up.set_cpr_number(CprNumberOf(person));
  made_up.set_name(absl::StrCat("Opdigtet Person ", person));
  ASSIGN_OR_RETURN(
      const cv1::Case opened,
      holder.OpenCase(made_up, absl::StrCat("Ingensteds Allé ", person, ", 2635 Ishøj"),
                      cv1::PROGRAMME_NATIONAL_FRAMEWORK));
  RETURN_IF_ERROR(holder.RecordConsent(opened.case_id()).status());
  RETURN_IF_ERROR(RecordLaw(holder, opened.case_id()));
  return opened.case_id();
}

absl::Status RecordedStory::RecordLaw(Actor& holder, const std::string& case_id) {
  cv1::RecordLegalBasisRequest law;
  law.set_case_id(case_id);
  law.set_legal_basis(policy::v1::LEGAL_BASIS_FVL28);
  law.add_covers(policy::v1::AUTHORITY_KIND_MUNICIPALITY);
  law.add_covers(policy::v1::AUTHORITY_KIND_KRIMINALFORSORGEN);
  return Said(
      holder.Change<cv1::Case>(story::In(story::kCaseService, "RecordLegalBasis"), std::move(law)));
}

absl::Status RecordedStory::Visited(Actor& holder, const std::string& case_id) {
  cv1::StateRelocationNeedRequest need;
  need.set_case_id(case_id);
  need.set_answer(cv1::RELOCATION_ANSWER_NOT_NEEDED);
  RETURN_IF_ERROR(Said(holder.Change<cv1::Case>(
      "exitbus.casework.v1.IntakeService.StateRelocationNeed", std::move(need))));
  cv1::DecideVisitationRequest request;
  request.set_case_id(case_id);
  cv1::Visitation& visitation = *request.mutable_visitation();
  visitation.set_affiliation("Perifer tilknytning (opdigtet)");
  visitation.set_position("Ingen ledende rolle (opdigtet)");
  visitation.set_motivation("Vil hjem til sin familie (opdigtet)");
  visitation.set_risk_on_leaving("Lav (opdigtet)");
  visitation.set_health_needs("søvnbesvær (opdigtet)");
  return holder
      .Change<cv1::Case>(story::In(story::kCaseService, "DecideVisitation"), std::move(request))
      .status();
}

absl::StatusOr<std::string> RecordedStory::Enrolled(Actor& holder, int person) {
  ASSIGN_OR_RETURN(std::string case_id, Opened(holder, person));
  RETURN_IF_ERROR(Assessed(holder, case_id, person));
  RETURN_IF_ERROR(Visited(holder, case_id));
  cv1::SignAgreementRequest request;
  request.set_case_id(case_id);
  *request.mutable_agreement() = AgreementOf(holder);
  RETURN_IF_ERROR(
      holder.Change<cv1::Case>(story::In(story::kCaseService, "SignAgreement"), std::move(request))
          .status());
  RETURN_IF_ERROR(At(kNec)
                      .AwaitEntry(CprNumberOf(person), holder.sent(), "the agreement is known",
                                  [](const nv1::OverviewEntry& entry) {
                                    return entry.agreement_version() == 1;
                                  })
                      .status());
  return case_id;
}

absl::Status RecordedStory::Assess(int person) {
  plv1::SecurityAssessment assessment;
  assessment.set_threat_level(cv1::THREAT_LEVEL_MEDIUM);
  assessment.set_conclusions("Exit kan planlægges (opdigtet)");
  assessment.add_precautions("Mød kun to sammen (opdigtet)");
  assessment.set_environment("opdigtet rockergruppe");
  assessment.set_risk_of_leaving("opdigtet trussel ved exit");
  assessment.add_unsafe_places("opdigtet sted");
  const auto& [police, security_id] = security_files_.at(person);
  return At(police).Assess(security_id, assessment).status();
}

absl::Status RecordedStory::Assessed(Actor& holder, const std::string& case_id, int person) {
  RETURN_IF_ERROR(holder.AskPolice(case_id).status());
  const char* police = holder.id() == kOdense ? kFyn : kVestegnen;
  ASSIGN_OR_RETURN(const auto asked,
                   At(police).AwaitFileInCharge(CprNumberOf(person), holder.sent()));
  security_files_[person] = {police, asked.view.security_id()};
  RETURN_IF_ERROR(Assess(person));
  RETURN_IF_ERROR(holder
                      .AwaitCase(case_id, absl::Now(), "the police's word is there",
                                 [](const cv1::Case& seen) {
                                   return seen.security().version() == 1 &&
                                          seen.clarification().version() == 1;
                                 })
                      .status());
  return holder.AcknowledgePrecautions(case_id, 1).status();
}

absl::Status RecordedStory::Await(const char* authority, const std::string& handover_id,
                                  hv1::HandoverStage stage) {
  return At(authority)
      .AwaitHandover(handover_id, absl::Now(), hv1::HandoverStage_Name(stage),
                     [stage](const hv1::Handover& seen) { return seen.stage() == stage; })
      .status();
}

absl::StatusOr<std::string> RecordedStory::Requested(const char* holder, const std::string& case_id,
                                                     const char* receiver,
                                                     hv1::HandoverReason reason) {
  ASSIGN_OR_RETURN(const hv1::Handover requested,
                   At(holder).RequestHandover(case_id, receiver, reason));
  RETURN_IF_ERROR(At(receiver)
                      .AwaitHandover(requested.handover_id(), absl::Now(), "it is requested",
                                     [&](const hv1::Handover& seen) {
                                       return seen.terms_size() == requested.terms_size();
                                     })
                      .status());
  return requested.handover_id();
}

absl::StatusOr<std::string> RecordedStory::Agreed(const char* holder, const std::string& case_id,
                                                  const char* receiver,
                                                  hv1::HandoverReason reason) {
  ASSIGN_OR_RETURN(std::string id, Requested(holder, case_id, receiver, reason));
  RETURN_IF_ERROR(At(receiver).AgreeTerms(id).status());
  RETURN_IF_ERROR(Await(holder, id, hv1::HANDOVER_STAGE_TERMS_COORDINATED));
  return id;
}

absl::StatusOr<std::string> RecordedStory::Accepted(const char* holder, const std::string& case_id,
                                                    const char* receiver,
                                                    hv1::HandoverReason reason) {
  ASSIGN_OR_RETURN(std::string id, Agreed(holder, case_id, receiver, reason));
  RETURN_IF_ERROR(At(receiver).Accept(id).status());
  RETURN_IF_ERROR(At(receiver)
                      .AwaitHandover(id, absl::Now(), "identity is released",
                                     [](const hv1::Handover& seen) { return seen.has_person(); })
                      .status());
  return id;
}

absl::StatusOr<std::string> RecordedStory::Offered(const char* holder, const std::string& case_id,
                                                   const char* receiver,
                                                   hv1::HandoverReason reason) {
  ASSIGN_OR_RETURN(std::string id, Accepted(holder, case_id, receiver, reason));
  ASSIGN_OR_RETURN(const absl::Time now, deployment_->Today());
  RETURN_IF_ERROR(At(holder).Offer(id, now).status());
  RETURN_IF_ERROR(Await(receiver, id, hv1::HANDOVER_STAGE_OFFERED));
  return id;
}

absl::Status RecordedStory::Finish(const char* holder, const std::string& handover_id,
                                   const char* receiver) {
  RETURN_IF_ERROR(At(receiver).TakeOver(handover_id).status());
  RETURN_IF_ERROR(Await(holder, handover_id, hv1::HANDOVER_STAGE_TAKEN_OVER));
  RETURN_IF_ERROR(At(holder).Acknowledge(handover_id).status());
  RETURN_IF_ERROR(Await(receiver, handover_id, hv1::HANDOVER_STAGE_ACKNOWLEDGED));
  RETURN_IF_ERROR(At(holder).Close(handover_id).status());
  return At(receiver).Close(handover_id).status();
}

}  // namespace exitbus::upgrade
