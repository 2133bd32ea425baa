// The directory as the engine reads it: who exists, and with which keys. Always the newest version
// that verified.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace exitbus::directory::v1 {
enum AuthorityStatus : int;
}

namespace exitbus::policy::v1 {
enum AuthorityKind : int;
}

namespace exitbus::exchange {

// As in exitbus.directory.v1.Authority.
struct DirectoryEntry {
  std::string id;
  policy::v1::AuthorityKind kind = {};
  std::string name;
  std::string code;
  std::string identity_key;
  std::string sealing_key;
  std::string district = {};
  directory::v1::AuthorityStatus status = {};
  std::vector<std::string> witnesses = {};
  std::string replaced_by = {};  // of one that is removed
};

class Directory {
 public:
  virtual ~Directory() = default;
  // Null if no such authority is listed. Thread-safe; the entry stays as it was when found.
  virtual std::shared_ptr<const DirectoryEntry> Find(std::string_view authority) const = 0;
  virtual std::vector<std::shared_ptr<const DirectoryEntry>> All() const = 0;
  // As it is signed.
  virtual std::uint64_t version() const = 0;
  // Another one for another content, so that who has looked at all of it need not look again: an
  // authority's days begin and end without a new version.
  virtual std::uint64_t content() const = 0;
};

}  // namespace exitbus::exchange
