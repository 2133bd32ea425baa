#include "services/policy/view.h"

#include <array>
#include <vector>

#include "google/protobuf/descriptor.h"

namespace exitbus::policy {
namespace {

struct CompiledGrant {
  v1::Reader reader;
  v1::Detail detail;
  ConditionSet conditions;
};

struct CompiledLevel {
  bool admits_all = false;
  std::array<v1::Detail, v1::Category_ARRAYSIZE> up_to{};  // UNSPECIFIED: nothing
};

// The options of policy.proto in the shape a decision needs.
struct Rules {
  std::array<std::vector<CompiledGrant>, v1::Category_ARRAYSIZE> grants;
  std::array<CompiledLevel, v1::Level_ARRAYSIZE> levels;
};

Rules Compile() {
  Rules rules;
  const auto* categories = v1::Category_descriptor();
  for (int i = 0; i < categories->value_count(); ++i) {
    const auto* value = categories->value(i);
    for (const v1::Grant& grant : value->options().GetRepeatedExtension(v1::grant)) {
      ConditionSet conditions;
      for (int condition : grant.conditions()) {
        conditions.Add(static_cast<v1::Condition>(condition));
      }
      rules.grants[value->number()].push_back({grant.reader(), grant.detail(), conditions});
    }
  }
  const auto* levels = v1::Level_descriptor();
  for (int i = 0; i < levels->value_count(); ++i) {
    const auto* value = levels->value(i);
    CompiledLevel& level = rules.levels[value->number()];
    const auto& admissions = value->options().GetRepeatedExtension(v1::admits);
    level.admits_all = admissions.empty() && value->number() != v1::LEVEL_UNSPECIFIED;
    for (const v1::Admission& admission : admissions) {
      level.up_to[admission.category()] = admission.detail();
    }
  }
  return rules;
}

const Rules& CompiledRules() {
  static const auto* rules = new Rules(Compile());
  return *rules;
}

}  // namespace

bool MaySee(const View& view, v1::Category category, v1::Detail detail) {
  if (!v1::Category_IsValid(category) || category == v1::CATEGORY_UNSPECIFIED) return false;
  if (!v1::Level_IsValid(view.level) || view.reader == v1::READER_UNSPECIFIED) return false;
  if (detail == v1::DETAIL_UNSPECIFIED) detail = v1::DETAIL_FULL;

  const Rules& rules = CompiledRules();
  const CompiledLevel& level = rules.levels[view.level];
  if (!level.admits_all && level.up_to[category] < detail) return false;
  for (const CompiledGrant& grant : rules.grants[category]) {
    if (grant.reader == view.reader && grant.detail >= detail &&
        view.held.HasAll(grant.conditions)) {
      return true;
    }
  }
  return false;
}

}  // namespace exitbus::policy
