#include "services/policy/view.h"

#include "services/policy/rules.h"

namespace exitbus::policy {

bool MaySee(const View& view, v1::Category category, v1::Detail detail) {
  static const auto* rules = new Rules(*v1::Category_descriptor(), *v1::Level_descriptor());
  return rules->MaySee(view, category, detail);
}

}  // namespace exitbus::policy
