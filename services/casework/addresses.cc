#include "services/casework/addresses.h"

#include <utility>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/handover/dossier.h"
#include "services/casework/handover/rules.h"
#include "services/casework/programme/programmes.h"
#include "services/casework/supervision/supervision.h"
#include "services/exchange/membership.h"
#include "services/exchange/ports/directory.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::Address;
using exchange::DecisionContext;

// What this authority is when it speaks of the case, or of the handover.
pv1::Relation SpeakingAs(const jv1::CaseFile& file, const jv1::Handover* handover) {
  if (handover == nullptr) {
    return file.standing() == cv1::STANDING_FORMER ? pv1::RELATION_FORMER : pv1::RELATION_HOLDER;
  }
  if (handover->side() == hv1::SIDE_RECEIVER) {
    return HasMoved(*handover) ? pv1::RELATION_HOLDER : pv1::RELATION_RECEIVER;
  }
  return HasMoved(*handover) ? pv1::RELATION_FORMER : pv1::RELATION_HOLDER;
}

pv1::Relation CounterpartAs(const jv1::Handover& handover) {
  if (handover.side() == hv1::SIDE_RECEIVER) {
    return HasMoved(handover) ? pv1::RELATION_FORMER : pv1::RELATION_HOLDER;
  }
  return HasMoved(handover) ? pv1::RELATION_HOLDER : pv1::RELATION_RECEIVER;
}

policy::ConditionSet Conditions(const jv1::Handover& handover) {
  policy::ConditionSet satisfied;
  if (HasMoved(handover) || handover.stage() == hv1::HANDOVER_STAGE_ACCEPTED ||
      handover.stage() == hv1::HANDOVER_STAGE_OFFERED || KnowsBeforeAccepting(handover)) {
    satisfied.Add(pv1::CONDITION_AFTER_ACCEPTANCE);
  }
  return satisfied;
}

Address ToPolice(const std::string& unit, pv1::Relation relation, const jv1::CaseFile& file,
                 const jv1::Handover* handover) {
  if (handover == nullptr) {
    return {SpeakingAs(file, nullptr),
            {unit,
             relation,
             file.security_id(),
             {},
             pv1::LEGAL_BASIS_UNSPECIFIED,
             pv1::PURPOSE_SECURITY}};
  }
  return {SpeakingAs(file, handover),
          {unit, relation, handover->handover_id(), Conditions(*handover),
           pv1::LEGAL_BASIS_UNSPECIFIED, pv1::PURPOSE_HANDOVER}};
}

std::optional<Address> Police(const jv1::CaseFile& file, const jv1::Handover* handover) {
  const std::string& unit = handover == nullptr ? file.police() : handover->police();
  if (unit.empty()) return std::nullopt;
  const bool was_left =
      handover != nullptr && HasMoved(*handover) && unit != handover->receiving_police();
  return ToPolice(unit, was_left ? pv1::RELATION_FORMER : pv1::RELATION_POLICE, file, handover);
}

std::optional<Address> ReceivingPolice(const jv1::CaseFile& file, const jv1::Handover* handover) {
  if (handover == nullptr || handover->receiving_police().empty()) return std::nullopt;
  Address address = ToPolice(
      handover->receiving_police(),
      HasMoved(*handover) ? pv1::RELATION_POLICE : pv1::RELATION_RECEIVING_POLICE, file, handover);
  // It told us what this answers, so the assessment has come to it.
  if (handover->has_security()) address.to.satisfied.Add(pv1::CONDITION_SECURITY_TRANSFERRED);
  return address;
}

Address ToSupervision(pv1::Relation from, const std::string& unit, const std::string& id) {
  return {from,
          {unit,
           pv1::RELATION_KRIMINALFORSORGEN,
           id,
           {pv1::CONDITION_SUPERVISION_OR_CUSTODY},
           pv1::LEGAL_BASIS_UNSPECIFIED,
           pv1::PURPOSE_EXIT_SUPPORT}};
}

// Which hears of the take-over in its own words, with the slip.
std::optional<Address> SupervisionAtHandover(const jv1::CaseFile& file,
                                             const jv1::Handover& handover,
                                             const DecisionContext& context) {
  if (HasMoved(handover)) return std::nullopt;
  if (handover.side() == hv1::SIDE_RECEIVER) {
    const hv1::DossierPart* const leading = LeadingPart(handover);
    if (leading == nullptr || leading->supervision_id().empty()) return std::nullopt;
    return ToSupervision(pv1::RELATION_RECEIVER, leading->supervising_unit(),
                         leading->supervision_id());
  }
  const jv1::Supervision* const running = RunningSupervision(file);
  const auto listed = context.directory->Find(handover.counterpart());
  if (running == nullptr || !listed || listed->kind == pv1::AUTHORITY_KIND_KRIMINALFORSORGEN) {
    return std::nullopt;
  }
  return AddressOfSupervision(file, *running);
}

// What a receiver is to take over says so itself.
bool GoesInOverview(const jv1::CaseFile& file, const jv1::Handover& handover) {
  if (handover.side() != hv1::SIDE_RECEIVER || HasMoved(handover)) return IsInOverview(file);
  const hv1::DossierPart* const leading = LeadingPart(handover);
  return leading == nullptr || Opens(*leading, cv1::PROGRAMME_OPENING_NEC);
}

}  // namespace

bool WasSent(const Address& address, pv1::Channel over, const DecisionContext& context) {
  return context.lookup->ProgressWith(address.to.authority, over, address.to.subject).sent > 0;
}

Address AddressOfSupervision(const jv1::CaseFile& file, const jv1::Supervision& supervision) {
  return ToSupervision(SpeakingAs(file, nullptr), supervision.seen().unit(),
                       supervision.supervision_id());
}

Address CounterpartOf(const jv1::CaseFile& file, const jv1::Handover& handover) {
  policy::ConditionSet satisfied = Conditions(handover);
  if (satisfied.Has(pv1::CONDITION_AFTER_ACCEPTANCE)) satisfied.Add(pv1::CONDITION_LEGAL_BASIS);
  if (handover.reason() == hv1::HANDOVER_REASON_RELEASE ||
      handover.reason() == hv1::HANDOVER_REASON_CUSTODY) {
    satisfied.Add(pv1::CONDITION_SUPERVISION_OR_CUSTODY);
  }
  return {SpeakingAs(file, &handover),
          {handover.counterpart(), CounterpartAs(handover), handover.handover_id(), satisfied,
           pv1::LEGAL_BASIS_UNSPECIFIED, pv1::PURPOSE_HANDOVER}};
}

std::optional<Address> AddressOf(Whom whom, const jv1::CaseFile& file,
                                 const jv1::Handover* handover, const DecisionContext& context) {
  switch (whom) {
    case Whom::kPolice:
      return Police(file, handover);
    case Whom::kReceivingPolice:
      return ReceivingPolice(file, handover);
    case Whom::kContactPoint: {
      const std::string desk = ContactPoint(context);
      if (desk.empty() || handover == nullptr) return std::nullopt;
      return Address{SpeakingAs(file, handover),
                     {desk, pv1::RELATION_CONTACT_POINT, handover->contact_id(),
                      Conditions(*handover), pv1::LEGAL_BASIS_UNSPECIFIED, pv1::PURPOSE_HANDOVER}};
    }
    case Whom::kNec: {
      const std::string nec = exchange::TheOne(*context.directory, pv1::AUTHORITY_KIND_NEC);
      if (nec.empty()) return std::nullopt;
      return Address{SpeakingAs(file, nullptr),
                     {nec,
                      pv1::RELATION_NEC_OVERVIEW,
                      file.overview_id(),
                      {},
                      pv1::LEGAL_BASIS_UNSPECIFIED,
                      pv1::PURPOSE_NATIONAL_OVERVIEW}};
    }
  }
  return std::nullopt;
}

bool CrossesUnits(const jv1::Handover& handover) {
  return !handover.receiving_police().empty() && handover.receiving_police() != handover.police();
}

bool IsMonitoredByContactPoint(const jv1::Handover& handover, const DecisionContext& context) {
  const auto other = context.directory->Find(handover.counterpart());
  const bool crosses_districts = other && other->district != context.self->district;
  return crosses_districts || handover.contact_point_notified();
}

std::vector<Address> SlipReaders(const jv1::CaseFile& file, const jv1::Handover& handover,
                                 const DecisionContext& context) {
  std::vector<Address> readers;
  for (const Whom whom : {Whom::kNec, Whom::kPolice, Whom::kReceivingPolice, Whom::kContactPoint}) {
    if (whom == Whom::kReceivingPolice && !CrossesUnits(handover)) continue;
    if (whom == Whom::kNec && !GoesInOverview(file, handover)) continue;
    if (auto reader = AddressOf(whom, file, &handover, context))
      readers.push_back(*std::move(reader));
  }
  if (auto unit = SupervisionAtHandover(file, handover, context)) {
    readers.push_back(*std::move(unit));
  }
  return readers;
}

void NotifyPolice(const jv1::CaseFile& file, const jv1::Handover& handover,
                  const google::protobuf::Message& fact, const DecisionContext& context,
                  exchange::Decision& decision) {
  decision.Notify(AddressOf(Whom::kPolice, file, &handover, context), fact);
  if (!CrossesUnits(handover)) return;
  decision.Notify(AddressOf(Whom::kReceivingPolice, file, &handover, context), fact);
}

void NotifyFollowers(const jv1::CaseFile& file, const jv1::Handover& handover,
                     const google::protobuf::Message& fact, const DecisionContext& context,
                     exchange::Decision& decision) {
  NotifyPolice(file, handover, fact, context, decision);
  if (IsMonitoredByContactPoint(handover, context)) {
    decision.Notify(AddressOf(Whom::kContactPoint, file, &handover, context), fact);
  }
}

std::string ContactPoint(const DecisionContext& context) {
  return exchange::TheOne(*context.directory, pv1::AUTHORITY_KIND_CONTACT_POINT);
}

std::string PoliceOf(std::string_view authority, const DecisionContext& context) {
  const auto listed = context.directory->Find(authority);
  if (!listed || listed->district.empty()) return "";
  return exchange::TheOne(*context.directory, pv1::AUTHORITY_KIND_POLICE, listed->district);
}

policy::ConditionSet SatisfiedForCallers(const jv1::CaseFile& file) {
  // What lies in the file was received under the policy at its sender: it is their own part, and
  // what was told of custody was told for them.
  policy::ConditionSet satisfied{pv1::CONDITION_OWN_PART, pv1::CONDITION_SUPERVISION_OR_CUSTODY};
  if (file.standing() != cv1::STANDING_FORMER) satisfied.Add(pv1::CONDITION_UNTIL_TAKE_OVER);
  // A consent that was revoked no longer opens what rests on it.
  if (ConsentInForce(file)) satisfied.Add(pv1::CONDITION_LEGAL_BASIS);
  return satisfied;
}

std::string HolderOf(const jv1::Handover& handover, const DecisionContext& context) {
  return handover.side() == hv1::SIDE_HOLDER ? context.self->id : handover.counterpart();
}

std::string ReceiverOf(const jv1::Handover& handover, const DecisionContext& context) {
  return handover.side() == hv1::SIDE_RECEIVER ? context.self->id : handover.counterpart();
}

}  // namespace exitbus::casework
