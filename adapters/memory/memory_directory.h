// A directory whose entries the test adds and removes.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "services/exchange/ports/directory.h"

namespace exitbus::adapters {

class MemoryDirectory final : public exchange::Directory {
 public:
  // Adds the entry or replaces the one of the same id.
  void Put(exchange::DirectoryEntry entry);
  void Remove(std::string_view authority);

  std::shared_ptr<const exchange::DirectoryEntry> Find(std::string_view authority) const override;
  std::vector<std::shared_ptr<const exchange::DirectoryEntry>> All() const override;

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, std::shared_ptr<const exchange::DirectoryEntry>, std::less<>> entries_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace exitbus::adapters
