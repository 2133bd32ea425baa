#include "tests/policy/differences.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "services/policy/fields.h"
#include "services/policy/flows.h"
#include "services/policy/methods.h"
#include "services/policy/rules.h"
#include "tests/tables/policy_tables.h"

namespace exitbus::tables {
namespace {

constexpr v1::Detail kDetails[] = {v1::DETAIL_CODE, v1::DETAIL_SUMMARY, v1::DETAIL_FULL};

const std::vector<FlowTable::Party>& AllParties() {
  static const auto* parties = [] {
    auto* all = new std::vector<FlowTable::Party>;
    for (int relation = 1; relation <= v1::Relation_MAX; ++relation) {
      for (int kind = 1; kind <= v1::AuthorityKind_MAX; ++kind) {
        all->emplace_back(static_cast<v1::Relation>(relation),
                          static_cast<v1::AuthorityKind>(kind));
      }
    }
    return all;
  }();
  return *parties;
}

std::string NameOf(const FlowTable::Party& party) {
  return absl::StrCat(v1::Relation_Name(party.first), " (", v1::AuthorityKind_Name(party.second),
                      ")");
}

std::optional<FlowTable::Cell> Contracted(const google::protobuf::Descriptor& message,
                                          const FlowTable::Party& from,
                                          const FlowTable::Party& to) {
  const auto flow = policy::FlowTo(message, from.first, from.second, to.first, to.second);
  if (!flow) return std::nullopt;
  FlowTable::Cell cell{flow->channel(), flow->level(), {}};
  for (const int condition : flow->conditions()) {
    cell.conditions.Add(static_cast<v1::Condition>(condition));
  }
  return cell;
}

}  // namespace

std::string CategoryDifference(const policy::Rules& rules, v1::Category category) {
  static const auto* sets = new std::vector(AllConditionSets());
  const CategoryTable& table = CategoryTable::Get();
  for (int reader = 1; reader <= v1::Reader_MAX; ++reader) {
    const auto who = static_cast<v1::Reader>(reader);
    for (const ConditionSet& satisfied : *sets) {
      for (const v1::Detail detail : kDetails) {
        const bool may = rules.MaySee({who, v1::LEVEL_FULL, satisfied}, category, detail);
        if (may == table.Allows(who, category, detail, satisfied)) continue;
        return absl::StrCat(v1::Category_Name(category), " for ", v1::Reader_Name(who), ", ",
                            v1::Detail_Name(detail), ", conditions ", satisfied.bits(), ": ",
                            may ? "allowed, not in the table" : "refused, the table allows it");
      }
    }
  }
  return "";
}

std::string LevelDifference(const policy::Rules& rules, v1::Category category) {
  static const auto* all = new ConditionSet(AllConditionSets().back());
  for (int level = 1; level <= v1::Level_MAX; ++level) {
    const auto which = static_cast<v1::Level>(level);
    for (const v1::Detail detail : kDetails) {
      // Of a reader that may have that much at all.
      for (int reader = 1; reader <= v1::Reader_MAX; ++reader) {
        const auto who = static_cast<v1::Reader>(reader);
        if (!CategoryTable::Get().Allows(who, category, detail, *all)) continue;
        const bool may = rules.MaySee({who, which, *all}, category, detail);
        if (may == (CategoryTable::Get().UpTo(which, category) >= detail)) continue;
        return absl::StrCat(v1::Category_Name(category), ", ", v1::Detail_Name(detail), " at ",
                            v1::Level_Name(which), may ? ": passes" : ": does not pass");
      }
    }
  }
  return "";
}

std::string FlowDifference(const google::protobuf::Descriptor& message) {
  const FlowTable& table = FlowTable::Get();
  for (const auto& from : AllParties()) {
    for (const auto& to : AllParties()) {
      const auto contracted = Contracted(message, from, to);
      if (contracted == table.Find(message.name(), from, to)) continue;
      return absl::StrCat(message.name(), " from ", NameOf(from), " to ", NameOf(to),
                          contracted ? ": sent otherwise than the table says" : ": not sent");
    }
  }
  return "";
}

std::string FieldDifference(const google::protobuf::FieldDescriptor& field) {
  const auto found = FieldTable().find(TableName(field.full_name()));
  const v1::FieldPolicy* contracted = policy::FieldPolicyOf(field);
  if (contracted == nullptr) {
    return found == FieldTable().end() ? "" : absl::StrCat(field.full_name(), ": no category");
  }
  FieldEntry entry{contracted->category(), contracted->detail(), contracted->unaccounted(),
                   contracted->names_category()};
  if (entry.detail == v1::DETAIL_UNSPECIFIED) entry.detail = v1::DETAIL_FULL;
  if (found != FieldTable().end() && found->second == entry) return "";
  return absl::StrCat(field.full_name(), ": the contract says ", v1::Category_Name(entry.category),
                      " ", v1::Detail_Name(entry.detail),
                      found == FieldTable().end() ? ", the page nothing" : ", the page otherwise");
}

std::string MethodDifference(const google::protobuf::MethodDescriptor& method) {
  const auto found = MethodTable().find(TableName(method.full_name()));
  if (found == MethodTable().end()) return absl::StrCat(method.full_name(), ": not in the table");
  for (int i = 0; i <= v1::Function_MAX; ++i) {
    const auto function = static_cast<v1::Function>(i);
    if (policy::MayCall(method, function) != found->second.callers.contains(function)) {
      return absl::StrCat(method.full_name(), " by ", v1::Function_Name(function));
    }
  }
  const v1::MethodPolicy* contracted = policy::MethodPolicyOf(method);
  if (contracted->access() != found->second.access) {
    return absl::StrCat(method.full_name(), ": access");
  }
  if (contracted->purpose_required() != found->second.purpose_required) {
    return absl::StrCat(method.full_name(), ": purpose");
  }
  return "";
}

std::string TableName(const std::string& full_name) {
  return full_name.substr(std::string_view("exitbus.").size());
}

}  // namespace exitbus::tables
