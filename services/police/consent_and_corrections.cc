#include "services/police/consent_and_corrections.h"

#include <algorithm>
#include <string>

#include "exitbus/casework/v1/correction.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/police/v1/messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/proto_time.h"
#include "services/police/parts.h"
#include "services/police/security_file.h"
#include "services/police/telling.h"
#include "services/policy/plan.h"

namespace exitbus::police {
namespace {

namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::LetterPlace;

void Revoke(jv1::SecurityFile& file, const jv1::RevocationLearnt& learnt) {
  *file.mutable_consent_revoked() = learnt.revoked();
  if (!learnt.blocks()) return;
  jv1::Requested& blocked = *file.mutable_blocked();
  *blocked.mutable_person() = file.person();
  blocked.set_current_address(file.current_address());
  file.clear_person();
  file.clear_current_address();
}

void Correct(jv1::SecurityFile& file, const jv1::CorrectionLearnt& learnt) {
  *file.add_corrections() = learnt.correction();
  if (file.has_blocked()) return;
  if (learnt.has_person()) file.mutable_person()->MergeFrom(learnt.person());
  if (!learnt.current_address().empty()) file.set_current_address(learnt.current_address());
}

// Its request for a clarification was withheld: the unit is involved and knows nobody's name.
Decision BeginUnnamed(const LetterPlace& place, const casework::v1::ConsentRevoked& message) {
  jv1::SecurityEvent requested;
  requested.mutable_requested()->set_security_id(place.subject);
  requested.mutable_requested()->set_holder(place.sender);
  requested.mutable_requested()->set_legal_basis(pv1::LEGAL_BASIS_CONSENT);
  jv1::SecurityEvent revoked;
  *revoked.mutable_revocation_learnt()->mutable_revoked() = message.revoked();
  return Decision().AddEvent(requested).AddEvent(revoked);
}

Decision OnConsentRevoked(const SecurityLetter& letter,
                          const casework::v1::ConsentRevoked& message) {
  const auto& [file, place, body, context] = letter;
  if (file.security_id().empty()) {
    // The first letter of a correspondence was not withheld, so something is still on its way.
    return place.channel == pv1::CHANNEL_CASE && place.number > 1 ? BeginUnnamed(place, message)
                                                                  : Decision::Park();
  }
  if (!IsOrWasHolder(file, place.sender)) return Decision::Park();  // its take-over is on its way
  // What another unit handed over rests on no consent.
  if (file.requested().legal_basis() != pv1::LEGAL_BASIS_CONSENT) {
    return Decision::NoEffect("revocation_of_nothing_held");
  }
  // Of a case that has moved since, the request was read before: the slip waits for that.
  const bool blocks = place.sender == file.requested().holder() && place.sender == file.holder() &&
                      !file.has_blocked() &&
                      file.requested().number() > message.receipted_through();
  if (!blocks && file.has_consent_revoked()) return Decision::NoEffect("revocation_known");
  jv1::SecurityEvent event;
  *event.mutable_revocation_learnt()->mutable_revoked() = message.revoked();
  event.mutable_revocation_learnt()->set_blocks(blocks);
  return Decision().AddEvent(event);
}

Decision OnCorrectionIssued(const SecurityLetter& letter,
                            const casework::v1::CorrectionIssued& message) {
  const auto& [file, place, body, context] = letter;
  if (file.security_id().empty()) return Decision::Park();
  if (file.standing() == v1::POLICE_STANDING_ENDED) {
    return Decision::NoEffect("correction_crossed_end");
  }
  // Who has let the case go corrects it no more where a unit is in charge of it; the take-over of
  // whoever else writes is on its way.
  const bool former = file.standing() == v1::POLICE_STANDING_FORMER;
  if (former ? !IsOrWasHolder(file, place.sender) : place.sender != file.holder()) {
    return Decision::Park();
  }
  jv1::SecurityEvent event;
  jv1::CorrectionLearnt& learnt = *event.mutable_correction_learnt();
  casework::v1::Correction& correction = *learnt.mutable_correction();
  correction.set_correction_id(message.correction_id());
  *correction.mutable_corrected() = exchange::ToProto(context.now);
  if (message.has_changed_from()) *correction.mutable_changed_from() = message.changed_from();
  *correction.mutable_categories() = message.categories();
  correction.set_issuer(place.sender);
  if (NamingIn(file) == v1::NAMING_NAMED) {  // nobody learns by a correction what he was not told
    if (message.has_person()) *learnt.mutable_person() = message.person();
    learnt.set_current_address(message.current_address());
  }
  casework::v1::CorrectionConfirmed confirmed;
  confirmed.set_correction_id(message.correction_id());
  Decision decision;
  decision.AddEvent(event)
      .ValidFrom(exchange::FromProto(body.valid_from()))
      .Notify(former ? pv1::RELATION_FORMER : pv1::RELATION_POLICE,
              {place.sender,
               message.passed_on() ? pv1::RELATION_FORMER : pv1::RELATION_HOLDER,
               place.subject,
               {},
               pv1::LEGAL_BASIS_UNSPECIFIED,
               pv1::PURPOSE_SECURITY},
              confirmed);
  const jv1::Transfer* open = OpenTransfer(file);
  const bool new_to_it = learnt.has_person() || !learnt.current_address().empty();
  if (new_to_it && open != nullptr && !open->incoming() && !open->seen().counterpart().empty() &&
      open->seen().transferred_version() > 0) {
    jv1::SecurityFile after = file;
    Correct(after, learnt);
    Transfer(after, *open, decision);
  }
  return decision;
}

}  // namespace

SecurityPart ConsentAndCorrections() {
  SecurityPart part;
  part.On(&OnConsentRevoked).On(&OnCorrectionIssued).After(&Revoke).After(&Correct);
  return part;
}

bool IsOrWasHolder(const jv1::SecurityFile& file, std::string_view sender) {
  return sender == file.holder() || sender == file.requested().holder() ||
         std::any_of(
             file.transfers().begin(), file.transfers().end(),
             [&](const jv1::Transfer& transfer) { return transfer.seen().holder() == sender; });
}

v1::Naming NamingIn(const jv1::SecurityFile& file) {
  if (!file.person().name().empty() || !file.person().cpr_number().empty()) {
    return v1::NAMING_NAMED;
  }
  // One that was handed over without a name has a person that nothing is said of.
  return file.standing() == v1::POLICE_STANDING_RECEIVING && !file.has_person()
             ? v1::NAMING_NOT_YET
             : v1::NAMING_REVOKED;
}

casework::v1::Blocked BlockedIn(const jv1::SecurityFile& file) {
  v1::PoliceClarificationRequested names;
  *names.mutable_person() = file.blocked().person();
  names.set_current_address(file.blocked().current_address());
  const policy::Projection seen = policy::Project(names, {pv1::READER_POLICE, pv1::LEVEL_FULL, {}});
  casework::v1::Blocked blocked;
  blocked.set_counterpart(file.requested().holder());
  for (const pv1::Category category : seen.released) blocked.add_categories(category);
  for (const std::string& field : seen.released_fields) blocked.add_fields(field);
  *blocked.mutable_disclosed() = file.requested().received();
  *blocked.mutable_blocked() = file.consent_revoked();
  return blocked;
}

}  // namespace exitbus::police
