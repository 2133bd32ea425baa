#include "services/police/address.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/membership.h"
#include "services/exchange/ports/directory.h"
#include "services/police/address_notice.h"
#include "services/police/parts.h"
#include "services/police/security_decider.h"
#include "services/police/security_file.h"
#include "services/police/telling.h"
#include "services/relocation/journey.h"

namespace exitbus::police {
namespace {

namespace hv1 = handover::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;

std::string MoveKey(const std::string& handover_id, const std::string& municipality,
                    const std::string& holder) {
  return exchange::KindName{"move", absl::StrCat(handover_id, "/", municipality, "/", holder)}
      .Encode();
}
// Whose move it is, by the hash that stands for his number.
std::string MoverKey(const std::string& handover_id, const std::string& person) {
  return exchange::KindName{"mover", absl::StrCat(handover_id, "/", person)}.Encode();
}

// The handover, once it is accepted, by which somebody moves into this unit's district. Null: none.
const jv1::Transfer* MoveHere(const jv1::SecurityFile& file) {
  const jv1::Transfer* const open = OpenTransfer(file);
  if (open == nullptr || open->seen().stage() == v1::TRANSFER_STAGE_REQUESTED) return nullptr;
  return open->incoming() || open->seen().counterpart().empty() ? open : nullptr;
}

std::vector<std::string> Names(const jv1::SecurityFile& file, const exchange::Lookup& lookup) {
  const jv1::Transfer* const move = MoveHere(file);
  if (move == nullptr) return {};
  const v1::Transfer& seen = move->seen();
  std::vector<std::string> names = {MoveKey(seen.handover_id(), seen.receiver(), seen.holder())};
  if (!file.person().cpr_number().empty()) {
    names.push_back(MoverKey(seen.handover_id(), lookup.PersonKey(file.person().cpr_number())));
  }
  return names;
}

Decision StateNoNoticeNeeded(const jv1::SecurityFile& file, const v1::StateNoNoticeNeededRequest&,
                             const DecisionContext& context) {
  const jv1::Transfer* const move = MoveHere(file);
  if (move == nullptr ||
      !exchange::IsPoliceOf(*context.directory, context.self->id, move->seen().receiver())) {
    return Decision::Refuse(
        "address.no_move_here",
        "Nobody moves into this district by an accepted handover of this case.");
  }
  const v1::Transfer& seen = move->seen();
  jv1::SecurityEvent event;
  event.mutable_no_notice_needed()->set_handover_id(seen.handover_id());
  Decision decision;
  decision.AddEvent(event);
  TellProtection(seen.holder(), seen.handover_id(), hv1::ADDRESS_PROTECTION_SECURED, context,
                 decision);
  return decision;
}

// As the police have found.
bool IsThreatened(const jv1::SecurityFile& file) {
  const casework::v1::ThreatLevel level = file.assessment().threat_level();
  return level != casework::v1::THREAT_LEVEL_UNSPECIFIED &&
         level != casework::v1::THREAT_LEVEL_NONE && level != casework::v1::THREAT_LEVEL_LOW;
}

// That no notice is needed was said before there was a threat.
void FollowThreat(const jv1::SecurityFile& before, const jv1::SecurityFile& after,
                  const DecisionContext& context, Decision& decision) {
  const jv1::Transfer* const move = MoveHere(after);
  if (move == nullptr || !move->seen().no_notice_needed() || IsThreatened(before) ||
      !IsThreatened(after)) {
    return;
  }
  const v1::Transfer& seen = move->seen();
  jv1::SecurityEvent event;
  event.mutable_no_notice_needed()->set_handover_id(seen.handover_id());
  event.mutable_no_notice_needed()->set_no_more(true);
  decision.AddEvent(event);
  TellProtection(seen.holder(), seen.handover_id(),
                 ProtectionOf(seen.handover_id(), *context.lookup), context, decision);
}

void Note(jv1::SecurityFile& file, const jv1::NoNoticeNeeded& stated) {
  if (const jv1::Transfer* transfer = FindTransfer(file, stated.handover_id())) {
    const_cast<jv1::Transfer*>(transfer)->mutable_seen()->set_no_notice_needed(!stated.no_more());
  }
}

}  // namespace

std::string HolderOfMove(const std::string& handover_id, const std::string& municipality,
                         const DecisionContext& context) {
  if (handover_id.empty()) return "";
  const auto holders = context.lookup->NamesBelow(
      exchange::IndexKey{kFiles, MoveKey(handover_id, municipality, "")}.Encode());
  return holders.empty() ? "" : holders.front();
}

bool IsMoveOfSomebody(const std::string& handover_id, const std::string& municipality,
                      const DecisionContext& context) {
  return !HolderOfMove(handover_id, municipality, context).empty() &&
         context.lookup->ExistsBelow(
             exchange::IndexKey{kFiles, MoverKey(handover_id, "")}.Encode());
}

bool IsMover(const std::string& handover_id, const std::string& cpr_number,
             const DecisionContext& context) {
  return !handover_id.empty() &&
         context.lookup->Exists(exchange::IndexKey{
             kFiles, MoverKey(handover_id, context.lookup->PersonKey(cpr_number))}
                                    .Encode());
}

void TellProtection(const std::string& holder, const std::string& handover_id,
                    hv1::AddressProtection protection, const DecisionContext& context,
                    Decision& decision) {
  hv1::AddressProtectionStated message;
  message.set_protection(protection);
  decision.Notify(pv1::RELATION_RECEIVING_POLICE, InCharge(holder, handover_id, context), message);
}

// Who is to move here by a handover that comes to nothing is not registered here, unless he has
// come.
void FollowAddress(const jv1::SecurityFile& before, const DecisionContext& context,
                   Decision& decision) {
  const jv1::Transfer* const was = OpenTransfer(before);
  if (was == nullptr || decision.events().empty()) return;
  const auto after = After(before, decision);
  FollowThreat(before, *after, context, decision);
  const jv1::Transfer* const now = FindTransfer(*after, was->seen().handover_id());
  if (now == nullptr || now->seen().stage() != v1::TRANSFER_STAGE_ENDED ||
      relocation::HasArrived(was->journey())) {
    return;
  }
  for (const std::string& notice : NoticesFor(was->seen().handover_id(), *context.lookup)) {
    TellCalledOff(was->seen().receiver(), notice, decision);
  }
}

SecurityPart Addresses() {
  SecurityPart part;
  part.Serve<v1::StateNoNoticeNeededRequest>(
          {.target = &BySecurityId<v1::StateNoNoticeNeededRequest>,
           .decide = &StateNoNoticeNeeded,
           .view = &View,
           .needs = exchange::Needs::kNothing})
      .After(&Note)
      .Named(&Names);
  return part;
}

}  // namespace exitbus::police
