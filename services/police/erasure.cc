// What a police unit does when a case is erased everywhere. While it is in charge, it believes the
// authority that answers for the case and nobody else; afterwards also one that answered for it.
// What came for a handover that ended for nothing goes by word of who had sent it.
#include "services/exchange/erasure.h"

#include <algorithm>

#include "exitbus/casework/v1/erasure.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/obligation.h"
#include "services/police/duplicate.h"
#include "services/police/parts.h"
#include "services/police/relocation.h"
#include "services/police/security_file.h"
#include "services/police/stay.h"
#include "services/pool/application.h"
#include "services/relocation/request.h"

namespace exitbus::police {
namespace {

using exchange::Decision;
using exchange::DecisionContext;

constexpr exchange::AsEvent kAsEvent = &exchange::ErasureAs<jv1::SecurityEvent>;

// Who may have what came of this handover for nothing erased: the holder that asked for it, and the
// unit that handed its assessment over.
bool SentFor(const jv1::SecurityFile& file, const std::string& authority) {
  return std::any_of(file.transfers().begin(), file.transfers().end(),
                     [&](const jv1::Transfer& transfer) {
                       return transfer.incoming() && (authority == transfer.seen().holder() ||
                                                      authority == transfer.seen().counterpart());
                     });
}

// The end of the handover, or the take-over that makes the sender the holder, is on its way if it
// is to count at all.
bool MayBecomeTheOrderers(const jv1::SecurityFile& file, const std::string& authority) {
  if (file.standing() == v1::POLICE_STANDING_IN_CHARGE) return true;
  return file.standing() == v1::POLICE_STANDING_RECEIVING &&
         (SentFor(file, authority) || authority == file.transfers(0).seen().receiver());
}

bool MayOrder(const jv1::SecurityFile& file, const std::string& authority) {
  switch (file.standing()) {
    case v1::POLICE_STANDING_IN_CHARGE:
      return authority == file.holder();
    case v1::POLICE_STANDING_FORMER:
      return HasAnswered(file, authority);
    case v1::POLICE_STANDING_ENDED:
      return SentFor(file, authority);
    default:
      return false;
  }
}

// Whether the other unit may still have what it got by this handover from here. One whose end or
// take-over has not been heard of here counts too: that one waits for the same word. One that moved
// has its own holder to order it.
bool MayHoldOn(const jv1::Transfer& transfer) {
  if (transfer.incoming() || transfer.seen().counterpart().empty()) return false;
  return IsOpen(transfer) || !exchange::IsMet(transfer.erasure());
}

exchange::Holding HoldingOf(const jv1::SecurityFile& file,
                            const casework::v1::ErasureOrdered& order) {
  exchange::Holding holding;
  holding.number = order.number();
  holding.keys = LetterKeysOf(file);
  for (std::string& key : DuplicateKeysOf(file)) holding.keys.push_back(std::move(key));
  for (const jv1::Transfer& transfer : file.transfers()) {
    if (!MayHoldOn(transfer)) continue;
    holding.recipients.push_back({transfer.seen().counterpart(),
                                  policy::v1::RELATION_RECEIVING_POLICE,
                                  transfer.seen().handover_id()});
  }
  for (const std::string& key : ConflictKeysOf(file)) holding.keys.push_back(key);
  for (const jv1::Stay& stay : file.stays()) {
    holding.keys.push_back(StayKey(stay.seen().stay_id()));
    if (!stay.seen().hosted_id().empty()) holding.keys.push_back(HostKey(stay.seen().hosted_id()));
  }
  for (const auto& application : file.pool_applications()) {
    holding.keys.push_back(pool::PoolKey(application.seen().application_id()));
  }
  for (const auto& relocation : file.relocations()) {
    holding.keys.push_back(relocation::Key(relocation.seen().relocation_id()));
    if (relocation.assessor().empty()) continue;
    holding.recipients.push_back({relocation.assessor(), policy::v1::RELATION_CONTACT_POINT,
                                  relocation.seen().relocation_id()});
  }
  return holding;
}

Decision OnErasureOrdered(const SecurityLetter& letter, const casework::v1::ErasureOrdered& order) {
  const auto& [file, place, body, context] = letter;
  if (file.security_id().empty()) {
    exchange::Holding nothing;
    nothing.keys = {LetterKey(place.subject)};
    return exchange::EraseAsOrdered(nothing, place, order, context, kAsEvent);
  }
  if (MayOrder(file, place.sender)) {
    // Nobody is forgotten at a temporary place, and no money is left unaccounted for.
    if (HasStaysToEnd(file)) return Decision::Park();
    Decision decision =
        exchange::EraseAsOrdered(HoldingOf(file, order), place, order, context, kAsEvent);
    for (const auto& relocation : file.relocations()) EndConflicts(relocation, decision);
    EndDuplicates(file, decision);
    return decision;
  }
  if (MayBecomeTheOrderers(file, place.sender)) return Decision::Park();
  return Decision::Refuse("erasure.not_the_holder",
                          "Only who answers for the case orders that it be erased.");
}

// From the unit that got an assessment for a handover that came to nothing; its end, or even its
// request, may still be on its way. Nothing else was ordered: what is erased itself hears
// confirmations as a tombstone.
Decision OnErasureConfirmed(const SecurityLetter& letter, const casework::v1::ErasureConfirmed&) {
  const jv1::Transfer* transfer = FindTransfer(letter.state, letter.place.subject);
  const bool by_unit = letter.place.sender_kind == policy::v1::AUTHORITY_KIND_POLICE;
  if (letter.state.security_id().empty() && by_unit) return Decision::Park();
  if (transfer == nullptr || transfer->incoming() ||
      transfer->seen().counterpart() != letter.place.sender) {
    return exchange::NotOrdered();
  }
  if (IsOpen(*transfer)) return Decision::Park();
  const auto* const owed = exchange::FindParty(transfer->erasure(), letter.place);
  if (owed == nullptr) return exchange::NotOrdered();
  if (owed->has_confirmed()) return Decision::NoEffect("erasure_confirmed_before");
  jv1::SecurityEvent event;
  event.mutable_peer_erased()->set_handover_id(letter.place.subject);
  *event.mutable_peer_erased()->mutable_by() = exchange::Confirmed(*owed, letter.context);
  return Decision().AddEvent(event);
}

std::vector<exchange::NamedObligation> OwedByOtherUnits(const jv1::SecurityFile& file) {
  std::vector<exchange::NamedObligation> owed;
  for (const jv1::Transfer& transfer : file.transfers()) {
    owed.push_back({transfer.seen().handover_id(), &transfer.erasure()});
  }
  return owed;
}

}  // namespace

SecurityPart Erasure() {
  SecurityPart part;
  part.On(&OnErasureOrdered)
      .On(&OnErasureConfirmed)
      .Obligations("handover.erasure_overdue", &OwedByOtherUnits);
  return part;
}

}  // namespace exitbus::police
