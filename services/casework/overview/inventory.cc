// Once a day NEC is told which cases this authority answers for. Nobody here does that: it falls
// due. It is made from the case files each time, so it has no books of its own that could differ.
#include <optional>
#include <string>
#include <vector>

#include "exitbus/casework_journal/v1/inventory.pb.h"
#include "exitbus/nec/v1/messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/overview/overview.h"
#include "services/casework/parts.h"
#include "services/casework/programme/programmes.h"
#include "services/casework/rules.h"
#include "services/exchange/compose.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"

namespace exitbus::casework {
namespace {

namespace cv1 = casework::v1;
namespace jv1 = casework_journal::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::KindName;
using exchange::ToProto;
using InventoryPart = exchange::Part<jv1::Inventory, jv1::InventoryEvent>;

constexpr char kInventory[] = "inventory";  // the aggregate's name, and the letters' subject
constexpr char kOwn[] = "own";
constexpr char kGive[] = "give";
constexpr char kListed[] = "listed";

// Nullopt: NEC never heard of it, since the citizen left before he was visited.
std::optional<nec::v1::InventoryEntry> EntryOf(const jv1::CaseFile& file, const std::string& nec,
                                               const DecisionContext& context) {
  const auto sent = context.lookup->ProgressWith(nec, pv1::CHANNEL_NEC, file.overview_id()).sent;
  if (IsOver(file.stage()) && sent == 0) return std::nullopt;
  nec::v1::InventoryEntry entry;
  entry.set_overview_id(file.overview_id());
  entry.set_stage(file.stage());
  entry.set_number(file.number());
  entry.set_letters_sent(sent);
  return entry;
}

Decision Give(const jv1::Inventory& given, std::string_view, const DecisionContext& context) {
  if (given.has_due() && exchange::FromProto(given.due()) > context.now) {
    return Decision::NoEffect("inventory_not_due");
  }
  auto to = AddressOf(Whom::kNec, jv1::CaseFile(), nullptr, context);  // about no case
  const std::string nec = to ? to->to.authority : "";
  std::vector<std::string> listed = context.lookup->NamesAfter(
      exchange::IndexKey{kFiles, KindName{kListed, ""}.Encode()}.Encode(), given.given_through(),
      kListedMax + 1);
  const bool more = listed.size() > kListedMax;
  if (more) listed.resize(kListedMax);
  nec::v1::OverviewInventory message;
  *message.mutable_as_of() = ToProto(context.now);
  message.set_after(given.given_through());
  if (more) message.set_through(listed.back());
  for (const std::string& id : listed) {
    const auto state = context.lookup->StateOf(kFiles, KindName{kListed, id}.Encode());
    if (state == nullptr) continue;  // nothing is given
    auto entry = EntryOf(static_cast<const jv1::CaseFile&>(*state), nec, context);
    if (entry) *message.add_entries() = *std::move(entry);
  }
  jv1::InventoryEvent event;
  event.mutable_inventory_given()->set_through(message.through());
  *event.mutable_inventory_given()->mutable_next_due() =
      ToProto(more ? context.now : exchange::NextMorning(context.now));
  Decision decision;
  decision.AddEvent(event);
  if (to) to->to.subject = kInventory;
  return decision.Notify(to, message);
}

void Remember(jv1::Inventory& inventory, const jv1::InventoryGiven& given) {
  inventory.set_given_through(given.through());
  *inventory.mutable_due() = given.next_due();
}

std::vector<exchange::Deadline> NextOf(const jv1::Inventory& inventory) {
  if (!inventory.has_due()) return {};
  return {{"", exchange::FromProto(inventory.due())}};
}

// What NEC should know of.
std::vector<std::string> ListedAs(const jv1::CaseFile& file, const exchange::Lookup&) {
  if (file.standing() != cv1::STANDING_RESPONSIBLE || file.overview_id().empty() ||
      file.stage() < cv1::CASE_STAGE_VISITED || !Opens(file, cv1::PROGRAMME_OPENING_NEC)) {
    return {};
  }
  return {KindName{kListed, file.overview_id()}.Encode()};
}

}  // namespace

CasePart ListedPart() {
  CasePart part;
  part.Named(&ListedAs);
  return part;
}

exchange::Aggregate Inventories() {
  InventoryPart part;
  part.After(&Remember).Due(kGive, &NextOf, &Give);
  exchange::Aggregate inventories = exchange::Compose<jv1::Inventory, jv1::InventoryEvent>(
      kInventory, {std::move(part)}, [](const exchange::LetterPlace&) { return ""; });
  inventories.singleton = {kOwn, KindName{kGive, ""}.Encode()};
  inventories.visibility = [](const exchange::Message&, pv1::Reader, const DecisionContext&) {
    return exchange::Visibility{};
  };
  return inventories;
}

}  // namespace exitbus::casework
