#include "services/casework/views.h"

#include "exitbus/casework/v1/case.pb.h"
#include "exitbus/handover/v1/handover.pb.h"
#include "services/casework/consent/consent.h"
#include "services/casework/correction/correction.h"
#include "services/casework/handover/rules.h"
#include "services/casework/intake/intake.h"
#include "services/casework/next_acts.h"
#include "services/casework/programme/called.h"
#include "services/casework/programme/programme.h"
#include "services/casework/release/release.h"
#include "services/casework/relocation/relocation.h"
#include "services/casework/security/nec_status.h"
#include "services/casework/security/place_check.h"
#include "services/casework/supervision/supervision.h"
#include "services/exchange/obligation.h"
#include "services/policy/copy.h"
#include "services/relocation/journey.h"

namespace exitbus::casework {
namespace {

template <class Told, class View>
void ShowReading(const Told& told, View& view) {
  if (!told.has_security()) return;
  view.mutable_security()->set_overdue(exchange::IsOverdue(told.precautions_owed()));
}

}  // namespace

bool IsShown(const jv1::CaseFile& file) {
  return !file.case_id().empty() && file.standing() != cv1::STANDING_RECEIVING &&
         file.standing() != cv1::STANDING_ENDED;
}

std::unique_ptr<google::protobuf::Message> CaseView(const jv1::CaseFile& file) {
  if (!IsShown(file)) return nullptr;
  auto view = std::make_unique<cv1::Case>();
  policy::CopyAlike(file, *view);
  view->set_responsibility_number(file.number());
  if (!file.handovers().empty()) {
    view->set_handover_id(file.handovers(file.handovers_size() - 1).handover_id());
  }
  *view->mutable_blocked() = BlockedOf(file);
  *view->mutable_corrections() = CorrectionsOf(file);
  ShowDwelling(file, *view);
  ShowReading(file, *view);
  ShowFollowUps(file, *view);
  ShowMeasures(file, *view);
  ShowQuestions(file, *view);
  ShowAccessRequest(file, *view);
  ShowSupervision(file, *view);
  ShowCustody(file, *view);
  ShowWaiting(file, *view);
  ShowNecStatus(file, *view);
  ShowPlaceChecks(file, *view);
  ShowHandoverOwed(file, *view);
  ShowCalled(file, *view);
  ShowNextActs(file, *view);
  // Who has let it go hears of it no more.
  if (file.standing() == cv1::STANDING_FORMER) {
    view->clear_handlekommune();
    view->clear_contact_person();
    view->clear_pause_requested();
    view->clear_safe_contact();
    for (cv1::CitizenLetter& letter : *view->mutable_letters()) letter.clear_way();
    if (view->has_security()) view->mutable_security()->clear_asked();
  }
  // Where the person is, is nothing to who has let the case go.
  if (file.standing() != cv1::STANDING_RESPONSIBLE) return view;
  for (cv1::TemporaryRelocation& stay : StaysOf(file)) {
    *view->add_temporary_relocations() = std::move(stay);
  }
  return view;
}

std::unique_ptr<google::protobuf::Message> HandoverView(const jv1::CaseFile& file,
                                                        std::string_view handover_id) {
  const jv1::Handover* handover = FindHandover(file, handover_id);
  if (handover == nullptr) return nullptr;
  auto view = std::make_unique<hv1::Handover>();
  policy::CopyAlike(*handover, *view);
  if (handover->waiting_for() == hv1::SIDE_UNSPECIFIED) view->clear_due();
  if (file.has_person()) *view->mutable_person() = file.person();
  view->set_case_id(file.case_id());
  const auto& erasure = handover->erasure();
  view->set_erasure_confirmed(exchange::IsConfirmed(erasure));
  if (erasure.has_due()) *view->mutable_erasure_due() = erasure.due();
  view->set_erasure_overdue(exchange::IsOverdue(erasure));
  if (handover->has_journey()) {
    *view->mutable_journey() = relocation::Shown(handover->journey());
  }
  ShowReading(*handover, *view);
  ShowAcceptance(*handover, *view);
  ShowDwelling(file, *handover, *view);
  *view->mutable_blocked() = BlockedOf(*handover);
  if (!IsOpen(*handover)) view->clear_address_protection();
  return view;
}

}  // namespace exitbus::casework
