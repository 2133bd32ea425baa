// What makes a directory fit to be signed and to come into force: CheckDirectory.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/time/time.h"
#include "adapters/directory/mistakes.h"
#include "adapters/directory/signed_directory.h"
#include "services/policy/values.h"

namespace exitbus::adapters {
namespace {

using directory::v1::Authority;
using directory::v1::Directory;

constexpr std::size_t kNameBytesMax = 64;
constexpr int kWitnesses = 2;
constexpr char kNational[] = "national";
constexpr std::int32_t kNanosMax = 999'999'999;
// Longer, and nobody would be made to look at the list again.
constexpr absl::Duration kValidMax = absl::Hours(24 * 400);
// Leaves room for all that follow.
constexpr std::uint64_t kVersionMax = 1'000'000'000'000;
// Principals of the broker itself and of those who run it: an authority of that name would be let
// in as one of them.
constexpr std::array<std::string_view, 5> kReserved = {"admin", "broker", "controller", "kafka",
                                                       "provisioner"};

// Part of certificate names, topics and principals, where dots and upper case mean something else.
bool IsPlainName(const std::string& name) {
  return !name.empty() && name.size() <= kNameBytesMax &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_islower(static_cast<unsigned char>(c)) ||
                  absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-';
         });
}

bool IsNational(const Authority& authority) {
  return authority.kind() == policy::v1::AUTHORITY_KIND_NEC ||
         authority.kind() == policy::v1::AUTHORITY_KIND_CONTACT_POINT;
}

bool IsRemoved(const Authority& authority) {
  return authority.status() == directory::v1::AUTHORITY_STATUS_REMOVED;
}

// One directory, looked at once.
class Checks {
 public:
  Checks(const exchange::Crypto& crypto, const Directory& directory, Mistakes& mistakes)
      : crypto_(crypto), directory_(directory), mistakes_(mistakes) {
    for (const Authority& authority : directory.authorities()) {
      ids_.insert(authority.id());
      if (authority.kind() == policy::v1::AUTHORITY_KIND_POLICE && !IsRemoved(authority)) {
        police_.insert(authority.code());
      }
    }
  }

  void Run(absl::Time now) {
    CheckVersion();
    CheckEnd(now);
    for (int i = 0; i < directory_.authorities_size(); ++i) {
      const std::string field = "authorities[" + std::to_string(i) + "]";
      const Authority& authority = directory_.authorities(i);
      CheckAuthority(field, authority);
      CheckUnique(field, authority);
      CheckDistrict(field + ".district", authority);
      CheckWitnesses(field + ".witnesses", authority);
      CheckReplaced(field + ".replaced_by", authority);
      CheckDays(field + ".until", authority);
    }
    CheckNextSigners();
  }

 private:
  void CheckVersion() {
    if (directory_.version() == 0) {
      mistakes_.Add("version", "is missing", "count from 1, one more for each edition");
    } else if (directory_.version() > kVersionMax) {
      mistakes_.Add("version", "is above " + std::to_string(kVersionMax),
                    "write one more than the last edition has: none could follow this one");
    }
  }

  void CheckEnd(absl::Time now) {
    const auto& expires = directory_.expires();
    if (!directory_.has_expires()) {
      mistakes_.Add("expires", "is missing", "say until when the directory may be used");
    } else if (expires.seconds() < 0 || expires.nanos() < 0 || expires.nanos() > kNanosMax) {
      mistakes_.Add("expires", "is no point in time",
                    "write seconds since 1970, and nanos from 0 to 999999999");
    } else if (absl::FromUnixSeconds(expires.seconds()) > now + kValidMax) {
      mistakes_.Add("expires", "is more than 400 days from now",
                    "end it sooner, and sign the next before that");
    }
  }

  void CheckAuthority(const std::string& field, const Authority& authority) {
    const char* plain = "use 1 to 64 of a-z, 0-9 and -";
    if (!IsPlainName(authority.id())) mistakes_.Add(field + ".id", "is no plain name", plain);
    if (std::find(kReserved.begin(), kReserved.end(), authority.id()) != kReserved.end()) {
      mistakes_.Add(field + ".id", "is a name of those who run the broker",
                    "give the authority another id");
    }
    if (!IsPlainName(authority.code())) {
      mistakes_.Add(field + ".code", "is no plain name", plain);
    } else if (IsNational(authority) && authority.code() != kNational) {
      mistakes_.Add(field + ".code", "is not \"national\"",
                    "NEC and the contact point are there once, for the whole country");
    }
    if (authority.kind() == policy::v1::AUTHORITY_KIND_UNSPECIFIED ||
        !policy::v1::AuthorityKind_IsValid(authority.kind())) {
      mistakes_.Add(field + ".kind", "is missing or unknown", "name one of AuthorityKind");
    }
    if (authority.name().empty()) {
      mistakes_.Add(field + ".name", "is missing", "name the authority");
    }
    CheckKey(field + ".identity_key", authority.identity_key(),
             crypto_.IsSigningKey(authority.identity_key()));
    CheckKey(field + ".sealing_key", authority.sealing_key(),
             crypto_.IsSealingKey(authority.sealing_key()));
    if (!directory::v1::AuthorityStatus_IsValid(authority.status())) {
      mistakes_.Add(field + ".status", "is unknown",
                    "name one of AuthorityStatus, or leave it out");
    }
  }

  void CheckKey(const std::string& field, const std::string& key, bool can_be_one) {
    if (key.size() != exchange::kKeyBytes) {
      mistakes_.Add(field, "has " + std::to_string(key.size()) + " bytes, not 32",
                    "put the public key here");
    } else if (!can_be_one) {
      mistakes_.Add(field, "is a key that nobody can have",
                    "put the public key here that `exitctl keys new` printed for this field");
    }
  }

  void CheckUnique(const std::string& field, const Authority& authority) {
    if (!seen_ids_.insert(authority.id()).second) {
      mistakes_.Add(field + ".id", "is listed twice", "list each authority once");
    }
    // Their topics would be the same.
    if (!seen_codes_.emplace(authority.kind(), authority.code()).second) {
      mistakes_.Add(field + ".code", "is that of another authority of its kind",
                    "give each its own; one that was removed keeps its code");
    }
    for (const auto& [name, key] : {std::pair("identity_key", authority.identity_key()),
                                    std::pair("sealing_key", authority.sealing_key())}) {
      if (key.empty() || seen_keys_.insert(key).second) continue;
      mistakes_.Add(field + "." + name, "is listed twice",
                    "give each authority an identity key and a sealing key of its own");
    }
  }

  // Who covers it: every authority that has to do with cases has one police district.
  void CheckDistrict(const std::string& field, const Authority& authority) {
    const std::string& district = authority.district();
    if (IsNational(authority)) {
      if (!district.empty()) {
        mistakes_.Add(field, "is set, but the whole country is covered", "leave it out");
      }
    } else if (authority.kind() == policy::v1::AUTHORITY_KIND_POLICE) {
      if (district != authority.code()) {
        mistakes_.Add(field, "is not the police unit's own code", "repeat its code here");
      }
    } else if (!IsPlainName(district)) {
      mistakes_.Add(field, district.empty() ? "is missing" : "is no plain name",
                    "put the code of the police district that covers it, e.g. 1469");
    } else if (!IsRemoved(authority) && police_.count(district) == 0) {
      mistakes_.Add(field, "has no police unit in this directory",
                    "list the district's police unit, or name the district that covers it");
    }
  }

  void CheckWitnesses(const std::string& field, const Authority& authority) {
    if (authority.witnesses().empty()) return;
    const std::set<std::string> distinct(authority.witnesses().begin(),
                                         authority.witnesses().end());
    if (authority.witnesses_size() != kWitnesses || distinct.size() != kWitnesses) {
      mistakes_.Add(field, "names " + std::to_string(distinct.size()) + " different authorities",
                    "name two, or none");
    }
    for (const std::string& witness : distinct) {
      if (witness == authority.id()) {
        mistakes_.Add(field, "names the authority itself", "name two others");
      } else if (ids_.count(witness) == 0) {
        mistakes_.Add(field, "names one that is not listed", "use ids of this directory");
      }
    }
  }

  void CheckReplaced(const std::string& field, const Authority& authority) {
    if (authority.replaced_by().empty()) return;
    if (!IsRemoved(authority) && !authority.has_until()) {
      mistakes_.Add(field, "is of an authority that is there", "remove it, or leave this out");
    }
    const bool is_there = std::any_of(
        directory_.authorities().begin(), directory_.authorities().end(), [&](const auto& other) {
          return other.id() == authority.replaced_by() && other.kind() == authority.kind() &&
                 !IsRemoved(other);
        });
    if (!is_there) {
      mistakes_.Add(field, "names none that is there", "use the id of one of the same kind");
    }
  }

  void CheckDays(const std::string& field, const Authority& authority) {
    if (authority.has_from() && authority.has_until() &&
        authority.until().seconds() <= authority.from().seconds()) {
      mistakes_.Add(field, "is not after `from`", "write the first day on which it is gone");
    }
  }

  void CheckNextSigners() {
    const std::set<std::string> distinct(directory_.next_signers().begin(),
                                         directory_.next_signers().end());
    for (int i = 0; i < directory_.next_signers_size(); ++i) {
      const std::string field = "next_signers[" + std::to_string(i) + "]";
      const std::string& key = directory_.next_signers(i);
      CheckKey(field, key, crypto_.IsSigningKey(key));
      if (seen_keys_.count(key) > 0) {
        mistakes_.Add(field, "is an authority's key",
                      "let keys sign that no service holds: `exitctl keys new`");
      }
    }
    if (directory_.next_threshold() == 0 || directory_.next_threshold() > distinct.size()) {
      mistakes_.Add("next_threshold",
                    "is " + std::to_string(directory_.next_threshold()) + " of " +
                        std::to_string(distinct.size()) + " different signers",
                    "name who signs the next version (next_signers) and how many of them must, "
                    "at least 1");
    }
  }

  const exchange::Crypto& crypto_;
  const Directory& directory_;
  Mistakes& mistakes_;
  std::set<std::string> ids_;
  std::set<std::string> police_;  // codes of the units that are not removed
  std::set<std::string> seen_ids_;
  std::set<std::pair<int, std::string>> seen_codes_;
  std::set<std::string> seen_keys_;
};

}  // namespace

absl::Status CheckDirectory(const exchange::Crypto& crypto, const Directory& directory,
                            absl::Time now) {
  Mistakes mistakes;
  if (const auto fault = policy::FaultIn(directory)) {
    mistakes.Add(fault->path, fault->what, "correct the value");
  }
  Checks(crypto, directory, mistakes).Run(now);
  return mistakes.ToStatus("directory");
}

}  // namespace exitbus::adapters
