// The compiled contracts as bytes (a FileDescriptorSet), embedded at build time.
#pragma once

#include <cstddef>

namespace exitbus::policy {

extern const char kContractsData[];
extern const std::size_t kContractsSize;

}  // namespace exitbus::policy
