// The directory as the engine reads it: who exists, and with which keys. Always the newest version
// that verified.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace exitbus::exchange {

// kinds as in exitbus.policy.v1.AuthorityKind, all fields as in exitbus.directory.v1.Authority
struct DirectoryEntry {
  std::string id;
  int kind = 0;
  std::string name;
  std::string code;
  std::string identity_key;
  std::string sealing_key;
  std::string district = {};
  int status = 0;  // as in exitbus.directory.v1.AuthorityStatus
  std::vector<std::string> witnesses = {};
};

class Directory {
 public:
  virtual ~Directory() = default;
  // Null if no such authority is listed. Thread-safe; the entry stays as it was when found.
  virtual std::shared_ptr<const DirectoryEntry> Find(std::string_view authority) const = 0;
  virtual std::vector<std::shared_ptr<const DirectoryEntry>> All() const = 0;
};

}  // namespace exitbus::exchange
