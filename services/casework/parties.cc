#include "services/casework/parties.h"

#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/handover/rules.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/standing.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;

bool IsAccepted(const jv1::Handover& handover) {
  return HasMoved(handover) || handover.stage() == hv1::HANDOVER_STAGE_ACCEPTED ||
         handover.stage() == hv1::HANDOVER_STAGE_OFFERED;
}

}  // namespace

std::shared_ptr<const exchange::DirectoryEntry> TheOne(pv1::AuthorityKind kind,
                                                       std::string_view district,
                                                       const exchange::Facts& facts) {
  for (const auto& entry : facts.directory->All()) {
    if (entry->kind == kind && entry->district == district &&
        exchange::StandingOf(*facts.directory, entry->id) != exchange::Standing::kRemoved) {
      return entry;
    }
  }
  return nullptr;
}

std::optional<exchange::Party> NecOf(const jv1::CaseFile& file, const exchange::Facts& facts) {
  const auto nec = TheOne(pv1::AUTHORITY_KIND_NEC, "", facts);
  if (nec == nullptr) return std::nullopt;
  return exchange::Party{nec->id, pv1::RELATION_NEC_OVERVIEW, file.overview_id(),
                         {},      pv1::LEGAL_BASIS_RHL,       pv1::PURPOSE_NATIONAL_OVERVIEW};
}

exchange::Party CounterpartOf(const jv1::CaseFile& file, const jv1::Handover& handover) {
  exchange::Party party;
  party.authority = handover.counterpart();
  party.subject = handover.handover_id();
  party.legal_basis = pv1::LEGAL_BASIS_FVL28;
  party.purpose = pv1::PURPOSE_HANDOVER;
  if (handover.side() == hv1::SIDE_RECEIVER) {
    party.relation = HasMoved(handover) ? pv1::RELATION_FORMER : pv1::RELATION_HOLDER;
  } else {
    party.relation = HasMoved(handover) ? pv1::RELATION_HOLDER : pv1::RELATION_RECEIVER;
  }
  if (handover.reason() == hv1::HANDOVER_REASON_RELEASE ||
      handover.reason() == hv1::HANDOVER_REASON_CUSTODY) {
    party.held.Add(pv1::CONDITION_SUPERVISION_OR_CUSTODY);
  }
  if (IsAccepted(handover)) {
    party.held.Add(pv1::CONDITION_AFTER_ACCEPTANCE);
    party.held.Add(pv1::CONDITION_LEGAL_BASIS);
  }
  return party;
}

pv1::Relation SpeakingAs(const jv1::Handover& handover) {
  if (handover.side() == hv1::SIDE_RECEIVER) {
    return HasMoved(handover) ? pv1::RELATION_HOLDER : pv1::RELATION_RECEIVER;
  }
  return HasMoved(handover) ? pv1::RELATION_FORMER : pv1::RELATION_HOLDER;
}

pv1::LegalBasis StatutoryBasis(const jv1::CaseFile& file, const exchange::Facts& facts) {
  return facts.self->kind == pv1::AUTHORITY_KIND_KRIMINALFORSORGEN ? pv1::LEGAL_BASIS_RPL115_1_KSP
                                                                   : pv1::LEGAL_BASIS_FVL28;
}

}  // namespace exitbus::casework
