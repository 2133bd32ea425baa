// Which client certificates are turned away although their CA vouches for them. Internal to this
// folder.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace exitbus::adapters {

// What a client showed when it connected.
struct ClientCertificate {
  std::string common_name;
  std::string pem;
};

// Of the certificate itself (DER), 64 lower-case hexadecimal digits; empty if it is none.
std::string FingerprintOf(const std::string& pem);

// Thread-safe.
class RevokedClients {
 public:
  // Common names and fingerprints.
  void Set(std::set<std::string> listed);
  bool Includes(const ClientCertificate& certificate) const;

 private:
  struct List {
    std::set<std::string> entries;
    bool has_fingerprints = false;  // so that nothing is computed where none could match
  };

  mutable std::mutex mutex_;
  std::shared_ptr<const List> list_ = std::make_shared<List>();  // guarded by mutex_
};

}  // namespace exitbus::adapters
