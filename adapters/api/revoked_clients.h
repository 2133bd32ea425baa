// Which client certificates are turned away although their CA vouches for them.
#pragma once

#include <mutex>
#include <set>
#include <string>

namespace exitbus::adapters {

struct ClientCertificate;

// Thread-safe.
class RevokedClients {
 public:
  // Common names and fingerprints.
  void Set(std::set<std::string> listed);
  bool Includes(const ClientCertificate& certificate) const;

 private:
  mutable std::mutex mutex_;
  std::set<std::string> listed_;  // guarded by mutex_
};

}  // namespace exitbus::adapters
