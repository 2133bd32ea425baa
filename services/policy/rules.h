// The grants and levels of policy.proto in the shape a decision needs. Internal to the policy;
// tests compile altered ones.
#pragma once

#include <array>
#include <vector>

#include "services/policy/viewer.h"

namespace google::protobuf {
class EnumDescriptor;
}

namespace exitbus::policy {

class Rules {
 public:
  // From the options of the values of Category and Level.
  Rules(const google::protobuf::EnumDescriptor& categories,
        const google::protobuf::EnumDescriptor& levels);

  // As policy::MaySee says.
  bool MaySee(const Viewer& viewer, v1::Category category, v1::Detail detail) const;

 private:
  struct Grant {
    v1::Reader reader;
    v1::Detail detail;
    ConditionSet conditions;
  };
  struct Level {
    bool admits_all = false;
    std::array<v1::Detail, v1::Category_ARRAYSIZE> up_to{};  // UNSPECIFIED: nothing
  };

  std::array<std::vector<Grant>, v1::Category_ARRAYSIZE> grants_;
  std::array<Level, v1::Level_ARRAYSIZE> levels_;
};

}  // namespace exitbus::policy
