// What authorities list of their cases every day: who is to give an inventory, what has come, and
// what NEC's people see of it. An inventory changes no entry.
#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/nec/v1/overview_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/compose.h"
#include "services/exchange/keys.h"
#include "services/exchange/membership.h"
#include "services/exchange/obligation.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"
#include "services/nec/inventory.h"
#include "services/nec/overview.h"

namespace exitbus::nec {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::KindName;
using exchange::Message;
using exchange::ToProto;
using InventoriesPart = exchange::Part<jv1::Inventories, jv1::InventoriesEvent>;

constexpr char kInventories[] = "inventories";  // the aggregate's name, and its own
constexpr char kSubject[] = "inventory";
constexpr char kOwn[] = "own";
constexpr char kLook[] = "look";
constexpr char kOverdue[] = "overview.inventory_overdue";
constexpr absl::Duration kOverdueAfter = absl::Hours(48);
constexpr absl::Duration kAwayAfter = absl::Hours(12);

std::string HolderKey(const std::string& authority) {
  return KindName{kSubject, authority}.Encode();
}

// Whoever may answer for cases, as the directory lists it. Who is suspended is not heard, and
// missed all the same.
bool GivesOne(const exchange::DirectoryEntry& listed, const exchange::Directory& directory) {
  const bool holds = listed.kind == pv1::AUTHORITY_KIND_MUNICIPALITY ||
                     listed.kind == pv1::AUTHORITY_KIND_KRIMINALFORSORGEN;
  return holds &&
         exchange::MembershipStatusOf(directory, listed.id) != exchange::MembershipStatus::kRemoved;
}

Decision Look(const jv1::Inventories& inventories, std::string_view,
              const DecisionContext& context) {
  if (inventories.has_next_look() && FromProto(inventories.next_look()) > context.now) {
    return Decision::NoEffect("look_not_due");
  }
  std::set<std::string> authorities;
  for (const auto& listed : context.directory->All()) {
    if (GivesOne(*listed, *context.directory)) authorities.insert(listed->id);
  }
  jv1::InventoriesEvent event;
  jv1::HoldersLookedAt& looked = *event.mutable_holders_looked_at();
  for (const std::string& authority : authorities) looked.add_authorities(authority);
  // What came while NEC was away may lie unread.
  looked.set_anew(inventories.has_next_look() &&
                  context.now > FromProto(inventories.next_look()) + kAwayAfter);
  *looked.mutable_due() = ToProto(context.now + kOverdueAfter);
  *looked.mutable_next_look() = ToProto(exchange::NextMorning(context.now));
  return Decision().AddEvent(event);
}

const jv1::Holder* Find(const jv1::Inventories& inventories, std::string_view authority) {
  return exchange::FindIn(inventories.holders(), [&](const jv1::Holder& holder) {
    return holder.authority() == authority;
  });
}

void KeepOnly(jv1::Inventories& inventories, const jv1::HoldersLookedAt& looked) {
  const auto before = inventories;
  inventories.clear_holders();
  for (const std::string& authority : looked.authorities()) {
    jv1::Holder& holder = *inventories.add_holders();
    const jv1::Holder* const known = Find(before, authority);
    if (known != nullptr) holder = *known;
    if (known != nullptr && !looked.anew()) continue;
    holder.set_authority(authority);
    *holder.mutable_owed() = exchange::OwedBy(authority, kSubject, FromProto(looked.due()));
  }
  *inventories.mutable_next_look() = looked.next_look();
}

void Receive(jv1::Inventories& inventories, const jv1::InventoryReceived& received) {
  for (jv1::Holder& holder : *inventories.mutable_holders()) {
    if (holder.authority() != received.holder().authority()) continue;
    holder = received.holder();
    return;
  }
  *inventories.add_holders() = received.holder();
}

Decision OutOfOrder() {
  return Decision::Refuse("overview.inventory_out_of_order",
                          "List each case once, by overview id, from there to there.");
}

std::optional<Decision> RefuseMalformed(const v1::OverviewInventory& message) {
  if (!message.has_as_of()) {
    return Decision::Refuse("overview.inventory_of_no_day", "Say as of when it is.");
  }
  if (!message.through().empty() && message.through() <= message.after()) return OutOfOrder();
  std::string_view last = message.after();
  for (const v1::InventoryEntry& listed : message.entries()) {
    const bool beyond = !message.through().empty() && listed.overview_id() > message.through();
    if (listed.overview_id() <= last || beyond) {
      return OutOfOrder();
    }
    last = listed.overview_id();
    if (listed.stage() < cv1::CASE_STAGE_VISITED) {
      return Decision::Refuse("overview.inventory_without_stage",
                              "List those who are visited, and say at which stage they are.");
    }
  }
  return std::nullopt;
}

// One that goes in several letters is whole once each has begun where the one before ended.
void Note(const v1::OverviewInventory& message, const DecisionContext& context,
          jv1::Holder& holder) {
  if (message.after().empty()) {
    holder.clear_received_through();
    holder.set_has_more_differences(false);
  }
  holder.set_received_through(message.through());
  if (!message.through().empty()) return;
  // The holder's clock may be ahead of this one.
  *holder.mutable_as_of() = ToProto(std::min(FromProto(message.as_of()), context.now));
  *holder.mutable_received() = ToProto(context.now);
  *holder.mutable_owed() =
      exchange::OwedBy(holder.authority(), kSubject, context.now + kOverdueAfter);
}

Decision OnInventory(const exchange::Letter<jv1::Inventories>& letter,
                     const v1::OverviewInventory& message) {
  if (letter.place.subject != kSubject) {
    return Decision::Refuse("overview.inventory_out_of_order",
                            "Send all under one subject, so that they come in their order.");
  }
  if (auto refused = RefuseMalformed(message)) return *std::move(refused);
  jv1::InventoriesEvent event;
  jv1::Holder& holder = *event.mutable_inventory_received()->mutable_holder();
  if (const jv1::Holder* const known = Find(letter.state, letter.place.sender)) holder = *known;
  if (!message.after().empty() && message.after() != holder.received_through()) {
    return Decision::NoEffect("inventory_part_out_of_place");
  }
  holder.set_authority(letter.place.sender);
  Note(message, letter.context, holder);
  Decision decision;
  Compare(message, letter.context, holder, decision);
  return decision.AddEvent(event);
}

bool HasBegun(const jv1::Inventories& inventories) { return inventories.has_next_look(); }

std::vector<exchange::NamedObligation> OwedByHolders(const jv1::Inventories& inventories) {
  std::vector<exchange::NamedObligation> owed;
  for (const jv1::Holder& holder : inventories.holders()) {
    owed.push_back({holder.authority(), &holder.owed()});
  }
  return owed;
}

std::vector<exchange::Deadline> NextLook(const jv1::Inventories& inventories) {
  if (!inventories.has_next_look()) return {};
  return {{"", FromProto(inventories.next_look())}};
}

std::vector<std::string> Names(const jv1::Inventories& inventories, const exchange::Lookup&) {
  if (!inventories.has_next_look()) return {};
  std::vector<std::string> names = {kInventories};
  for (const jv1::Holder& holder : inventories.holders()) {
    names.push_back(HolderKey(holder.authority()));
  }
  return names;
}

// What has been found once shows to nobody.
std::unique_ptr<Message> ListView(const jv1::Inventories& inventories, std::string_view index_key,
                                  const v1::ListInventoriesRequest&) {
  const auto named = KindName::Decode(index_key);
  const jv1::Holder* const holder = named ? Find(inventories, named->name) : nullptr;
  if (holder == nullptr) return nullptr;
  auto view = std::make_unique<v1::HolderInventory>();
  view->set_authority(holder->authority());
  if (holder->has_as_of()) *view->mutable_as_of() = holder->as_of();
  if (holder->has_received()) *view->mutable_received() = holder->received();
  exchange::ShowDue(holder->owed(), *view);
  for (const jv1::Difference& difference : holder->differences()) {
    if (!difference.stands()) continue;
    v1::FoundDifference& found = *view->add_differences();
    found.set_overview_id(difference.overview_id());
    found.set_kind(difference.kind());
    *found.mutable_found() = difference.found();
  }
  view->set_has_more_differences(holder->has_more_differences() && !view->differences().empty());
  return view;
}

}  // namespace

exchange::Aggregate HolderInventories() {
  InventoriesPart part;
  part.On(exchange::OnceKnown(&HasBegun, &OnInventory))
      .After(&KeepOnly)
      .After(&Receive)
      .Named(&Names)
      .Due(kLook, &NextLook, &Look)
      .Obligations(kOverdue, &OwedByHolders)
      .List<v1::ListInventoriesRequest>(
          {.prefix = HolderKey(""),
           .view = &ListView,
           .watch = exchange::MethodOf(v1::WatchInventoriesRequest::descriptor())});
  exchange::Aggregate inventories = exchange::Compose<jv1::Inventories, jv1::InventoriesEvent>(
      kInventories, {std::move(part)}, [](const exchange::LetterPlace&) { return kInventories; });
  inventories.singleton = {kOwn, KindName{kLook, ""}.Encode()};
  inventories.visibility = [](const Message&, pv1::Reader reader, const DecisionContext&) {
    return exchange::Visibility{reader, {pv1::CONDITION_OWN_PART}};
  };
  return inventories;
}

}  // namespace exitbus::nec
