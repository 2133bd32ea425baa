#include "services/casework/views.h"

#include "exitbus/casework/v1/case.pb.h"
#include "exitbus/handover/v1/handover.pb.h"
#include "services/casework/consent/consent.h"
#include "services/casework/correction/correction.h"
#include "services/casework/handover/rules.h"
#include "services/exchange/obligation.h"

namespace exitbus::casework {

std::unique_ptr<google::protobuf::Message> CaseView(const jv1::CaseFile& file) {
  if (file.case_id().empty() || file.standing() == cv1::STANDING_RECEIVING ||
      file.standing() == cv1::STANDING_ENDED) {
    return nullptr;
  }
  auto view = std::make_unique<cv1::Case>();
  view->set_case_id(file.case_id());
  view->set_stage(file.stage());
  view->set_standing(file.standing());
  view->set_responsible(file.responsible());
  view->set_responsibility_number(file.number());
  *view->mutable_person() = file.person();
  view->set_current_address(file.current_address());
  if (file.has_consent()) *view->mutable_consent() = file.consent();
  if (file.has_visitation()) *view->mutable_visitation() = file.visitation();
  if (file.has_agreement()) *view->mutable_agreement() = file.agreement();
  if (file.has_planned_release()) *view->mutable_planned_release() = file.planned_release();
  if (!file.handovers().empty()) {
    view->set_handover_id(file.handovers(file.handovers_size() - 1).handover_id());
  }
  *view->mutable_precautions() = file.precautions();
  view->set_police(file.police());
  if (file.has_clarification()) *view->mutable_clarification() = file.clarification();
  if (file.has_security()) *view->mutable_security() = file.security();
  *view->mutable_units() = file.units();
  *view->mutable_break_glass() = file.break_glass();
  *view->mutable_blocked() = BlockedOf(file);
  *view->mutable_corrections() = CorrectionsOf(file);
  if (file.has_reported_withdrawal()) {
    *view->mutable_reported_withdrawal() = file.reported_withdrawal();
  }
  return view;
}

std::unique_ptr<google::protobuf::Message> HandoverView(const jv1::CaseFile& file,
                                                        std::string_view handover_id) {
  const jv1::Handover* handover = FindHandover(file, handover_id);
  if (handover == nullptr) return nullptr;
  auto view = std::make_unique<hv1::Handover>();
  view->set_handover_id(handover->handover_id());
  view->set_side(handover->side());
  view->set_stage(handover->stage());
  view->set_counterpart(handover->counterpart());
  view->set_reason(handover->reason());
  if (handover->has_expected()) *view->mutable_expected() = handover->expected();
  *view->mutable_needs() = handover->needs();
  *view->mutable_terms() = handover->terms();
  view->set_agreement_version(handover->agreement_version());
  if (file.has_person()) *view->mutable_person() = file.person();
  view->set_case_id(file.case_id());
  view->set_offered_number(handover->offered_number());
  if (handover->has_earliest()) *view->mutable_earliest() = handover->earliest();
  if (handover->has_taken_over()) *view->mutable_taken_over() = handover->taken_over();
  view->set_rejection(handover->rejection());
  view->set_recall_requested(handover->recall_requested());
  view->set_waiting_for(handover->waiting_for());
  if (handover->waiting_for() != hv1::SIDE_UNSPECIFIED) *view->mutable_due() = handover->due();
  view->set_escalated(handover->escalated());
  const auto& erasure = handover->erasure();
  view->set_erasure_confirmed(exchange::IsConfirmed(erasure));
  if (erasure.has_due()) *view->mutable_erasure_due() = erasure.due();
  view->set_erasure_overdue(exchange::IsOverdue(erasure));
  if (handover->has_security()) *view->mutable_security() = handover->security();
  view->set_nudges(handover->nudges());
  view->set_correspondence_stopped(handover->correspondence_stopped());
  *view->mutable_blocked() = BlockedOf(*handover);
  return view;
}

}  // namespace exitbus::casework
