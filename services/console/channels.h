// Which channels are secret: two of their rows, seen side by side with their times, would tell of
// whom they are. Receipts answer them, record by record, and so are they.
#pragma once

#include "exitbus/policy/v1/policy.pb.h"

namespace exitbus::console {

inline bool IsSecret(policy::v1::Channel channel) {
  switch (channel) {
    case policy::v1::CHANNEL_CASE:
    case policy::v1::CHANNEL_DIRECTORY:
    case policy::v1::CHANNEL_EVIDENCE:
      return false;
    default:
      return true;
  }
}

}  // namespace exitbus::console
