#include "services/policy/viewer.h"

#include "services/policy/rules.h"

namespace exitbus::policy {

bool MaySee(const Viewer& viewer, v1::Category category, v1::Detail detail) {
  static const auto* rules = new Rules(*v1::Category_descriptor(), *v1::Level_descriptor());
  return rules->MaySee(viewer, category, detail);
}

}  // namespace exitbus::policy
