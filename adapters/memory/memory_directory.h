// A directory whose entries the test adds and removes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "services/exchange/ports/directory.h"

namespace exitbus::adapters {

class MemoryDirectory final : public exchange::Directory {
 public:
  // Adds the entry or replaces the one of the same id.
  void Put(exchange::DirectoryEntry entry);
  void Remove(std::string_view authority);

  std::shared_ptr<const exchange::DirectoryEntry> Find(std::string_view authority) const override;
  std::vector<std::shared_ptr<const exchange::DirectoryEntry>> All() const override;
  std::uint64_t version() const override;
  std::uint64_t content() const override { return version(); }

 private:
  mutable std::mutex mutex_;  // guards all below
  std::uint64_t version_ = 0;
  std::map<std::string, std::shared_ptr<const exchange::DirectoryEntry>, std::less<>> entries_;
};

}  // namespace exitbus::adapters
