#include <map>
#include <set>
#include <string>
#include <utility>

#include "exitbus/casework/v1/case.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/proto_time.h"
#include "services/nec/entry.h"
#include "services/nec/inventory.h"

namespace exitbus::nec {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using Kind = cv1::OverviewDifferenceKind;

// An entry's stage, the same stage of a case, and what it is called where they differ.
struct Stages {
  v1::EntryStage here;
  cv1::CaseStage there;
  Kind kind;
};

constexpr Stages kStages[] = {
    {v1::ENTRY_STAGE_VISITED, cv1::CASE_STAGE_VISITED,
     cv1::OVERVIEW_DIFFERENCE_KIND_NEC_HAS_VISITED},
    {v1::ENTRY_STAGE_ENROLLED, cv1::CASE_STAGE_ENROLLED,
     cv1::OVERVIEW_DIFFERENCE_KIND_NEC_HAS_ENROLLED},
    {v1::ENTRY_STAGE_ACTIVE, cv1::CASE_STAGE_ACTIVE, cv1::OVERVIEW_DIFFERENCE_KIND_NEC_HAS_ACTIVE},
    {v1::ENTRY_STAGE_WITHDRAWN, cv1::CASE_STAGE_WITHDRAWN,
     cv1::OVERVIEW_DIFFERENCE_KIND_NEC_HAS_WITHDRAWN},
    {v1::ENTRY_STAGE_ENDED, cv1::CASE_STAGE_ENDED, cv1::OVERVIEW_DIFFERENCE_KIND_NEC_HAS_ENDED},
    {v1::ENTRY_STAGE_CLOSED, cv1::CASE_STAGE_CLOSED, cv1::OVERVIEW_DIFFERENCE_KIND_NEC_HAS_CLOSED},
};

Kind KindOf(v1::EntryStage here, cv1::CaseStage there) {
  for (const Stages& stages : kStages) {
    if (stages.here != here) continue;
    return stages.there == there ? cv1::OVERVIEW_DIFFERENCE_KIND_UNSPECIFIED : stages.kind;
  }
  return cv1::OVERVIEW_DIFFERENCE_KIND_UNSPECIFIED;
}

// What one inventory finds.
class Comparison {
 public:
  Comparison(const v1::OverviewInventory& inventory, const std::string& holder,
             const DecisionContext& context)
      : inventory_(inventory), holder_(holder), context_(context) {
    for (const v1::InventoryEntry& listed : inventory.entries()) Look(listed);
    LookForUnlisted();
  }

  bool Covers(const std::string& overview_id) const {
    return overview_id > inventory_.after() &&
           (inventory_.through().empty() || overview_id <= inventory_.through());
  }
  // One of the two is ahead of the other.
  bool IsOpen(const std::string& overview_id) const { return open_.contains(overview_id); }
  std::map<std::string, jv1::Difference>& found() { return found_; }

 private:
  void Find(const std::string& overview_id, Kind kind, std::uint64_t number) {
    if (kind == cv1::OVERVIEW_DIFFERENCE_KIND_UNSPECIFIED) return;
    jv1::Difference& difference = found_[overview_id];
    difference.set_overview_id(overview_id);
    difference.set_kind(kind);
    difference.set_number(number);
    *difference.mutable_found() = exchange::ToProto(context_.now);
  }

  void Look(const v1::InventoryEntry& listed) {
    const std::string& id = listed.overview_id();
    listed_.insert(id);
    const auto had = context_.lookup->ProgressWith(holder_, pv1::CHANNEL_NEC, id).applied;
    if (had != listed.letters_sent()) {
      open_.insert(id);
      return;
    }
    const auto state = context_.lookup->StateOf(kEntries, UnderKey(holder_, id));
    if (state == nullptr) {
      return Find(id, cv1::OVERVIEW_DIFFERENCE_KIND_NOT_UNDER_YOU, listed.number());
    }
    const auto& entry = static_cast<const jv1::Entry&>(*state);
    Find(id,
         entry.number() != listed.number() ? cv1::OVERVIEW_DIFFERENCE_KIND_NUMBER
                                           : KindOf(entry.stage(), listed.stage()),
         listed.number());
  }

  void LookForUnlisted() {
    const std::size_t enough = listed_.size() + kDifferencesMax + 1;
    for (const std::string& id :
         context_.lookup->NamesAfter(exchange::IndexKey{kEntries, UnderKey(holder_, "")}.Encode(),
                                     inventory_.after(), enough)) {
      if (!Covers(id)) return;
      if (listed_.contains(id)) continue;
      const auto state = context_.lookup->StateOf(kEntries, UnderKey(holder_, id));
      if (state == nullptr) continue;  // nothing is decided
      const auto& entry = static_cast<const jv1::Entry&>(*state);
      // Who goes on in another programme is listed no more.
      if (HasLeft(entry)) continue;
      Find(id, cv1::OVERVIEW_DIFFERENCE_KIND_NOT_LISTED, entry.number());
    }
  }

  const v1::OverviewInventory& inventory_;
  const std::string& holder_;
  const DecisionContext& context_;
  std::set<std::string> listed_;
  std::set<std::string> open_;
  std::map<std::string, jv1::Difference> found_;
};

void Tell(const std::string& holder, const std::string& overview_id, Kind kind,
          Decision& decision) {
  v1::OverviewDifference message;
  message.set_kind(kind);
  decision.Notify(pv1::RELATION_NEC_OVERVIEW, ToHolder(holder, overview_id), message);
}

bool IsAlike(const jv1::Difference& a, const jv1::Difference& b) {
  return a.kind() == b.kind() && a.number() == b.number();
}

}  // namespace

void Compare(const v1::OverviewInventory& inventory, const DecisionContext& context,
             jv1::Holder& holder, Decision& decision) {
  Comparison comparison(inventory, holder.authority(), context);
  std::map<std::string, jv1::Difference> kept;
  bool is_new = false;
  for (jv1::Difference& before : *holder.mutable_differences()) {
    const std::string& id = before.overview_id();
    if (comparison.Covers(id) && !comparison.IsOpen(id)) {
      const auto again = comparison.found().find(id);
      if (again == comparison.found().end() || !IsAlike(again->second, before)) {
        if (before.stands()) {
          Tell(holder.authority(), id, cv1::OVERVIEW_DIFFERENCE_KIND_UNSPECIFIED, decision);
        }
        continue;
      }
      if (!before.stands() &&
          context.now >= exchange::FromProto(before.found()) + kFoundAgainAfter) {
        before.set_stands(true);
        is_new = true;
        Tell(holder.authority(), id, before.kind(), decision);
      }
    }
    kept.emplace(id, before);
  }
  for (auto& [id, difference] : comparison.found()) {
    if (kept.contains(id)) continue;
    if (kept.size() == kDifferencesMax) {
      holder.set_has_more_differences(true);
      break;
    }
    kept.emplace(id, std::move(difference));
  }
  holder.clear_differences();
  for (auto& [id, difference] : kept) *holder.add_differences() = std::move(difference);
  if (is_new) decision.Report(exchange::Severity::kError, "overview.difference");
}

}  // namespace exitbus::nec
