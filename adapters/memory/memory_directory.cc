#include "adapters/memory/memory_directory.h"

#include <utility>

namespace exitbus::adapters {

using exchange::DirectoryEntry;

void MemoryDirectory::Put(DirectoryEntry entry) {
  auto shared = std::make_shared<const DirectoryEntry>(std::move(entry));
  const std::lock_guard lock(mutex_);
  entries_[shared->id] = shared;
  ++version_;
}

void MemoryDirectory::Remove(std::string_view authority) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(authority);
  if (found == entries_.end()) return;
  entries_.erase(found);
  ++version_;
}

std::shared_ptr<const DirectoryEntry> MemoryDirectory::Find(std::string_view authority) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(authority);
  return found == entries_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<const DirectoryEntry>> MemoryDirectory::All() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<const DirectoryEntry>> all;
  for (const auto& [id, entry] : entries_) all.push_back(entry);
  return all;
}

std::uint64_t MemoryDirectory::version() const {
  const std::lock_guard lock(mutex_);
  return version_;
}

}  // namespace exitbus::adapters
