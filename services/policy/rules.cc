#include "services/policy/rules.h"

#include "google/protobuf/descriptor.h"

namespace exitbus::policy {

Rules::Rules(const google::protobuf::EnumDescriptor& categories,
             const google::protobuf::EnumDescriptor& levels) {
  for (int i = 0; i < categories.value_count(); ++i) {
    const auto* value = categories.value(i);
    for (const v1::Grant& grant : value->options().GetRepeatedExtension(v1::grant)) {
      ConditionSet conditions;
      for (int condition : grant.conditions()) {
        conditions.Add(static_cast<v1::Condition>(condition));
      }
      grants_[value->number()].push_back({grant.reader(), grant.detail(), conditions});
    }
  }
  for (int i = 0; i < levels.value_count(); ++i) {
    const auto* value = levels.value(i);
    Level& level = levels_[value->number()];
    const auto& admissions = value->options().GetRepeatedExtension(v1::admits);
    level.admits_all = admissions.empty() && value->number() != v1::LEVEL_UNSPECIFIED;
    for (const v1::Admission& admission : admissions) {
      level.up_to[admission.category()] = admission.detail();
    }
  }
}

bool Rules::MaySee(const Viewer& viewer, v1::Category category, v1::Detail detail) const {
  if (!v1::Category_IsValid(category) || category == v1::CATEGORY_UNSPECIFIED) return false;
  if (!v1::Level_IsValid(viewer.level) || viewer.reader == v1::READER_UNSPECIFIED) return false;
  if (detail == v1::DETAIL_UNSPECIFIED) detail = v1::DETAIL_FULL;

  const Level& level = levels_[viewer.level];
  if (!level.admits_all && level.up_to[category] < detail) return false;
  for (const Grant& grant : grants_[category]) {
    if (grant.reader == viewer.reader && grant.detail >= detail &&
        viewer.satisfied.HasAll(grant.conditions)) {
      return true;
    }
  }
  return false;
}

}  // namespace exitbus::policy
