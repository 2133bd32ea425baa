// The keys of Table::kMeta of which there are many, and those of Table::kChanges. See keys.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/exchange/keys.h"

namespace exitbus::exchange {

// Rows of Table::kMeta by what each is about.
enum class Meta {
  kErasing,        // scope whose key is to be destroyed
  kParkedExtent,   // peer: what its parked letters occupy
  kNewSubjects,    // peer: how many correspondences it began today
  kWaiting,        // WaitingKey
  kAnnouncedKey,   // peer
  kBehind,         // peer that holds more of us than the store does
  kAwaited,        // authority that is not listed: the extent of what waits for it
  kUnaddressed,    // UnaddressedKey
  kAccountScopes,  // AccountScopeKey
  kRecentReads,    // scope: the newest rows of its account
  kChangesExtent,  // stream
};

struct MetaKey {
  Meta kind;
  std::string of;
  auto operator<=>(const MetaKey&) const = default;
  std::string Encode() const;
  // nullopt too where it is of another kind.
  static std::optional<MetaKey> Decode(Meta kind, std::string_view bytes);
};

// That a correspondence waits for a state, by the name that the state is found by.
struct WaitingKey {
  std::string name;
  CorrespondenceId correspondence;
  auto operator<=>(const WaitingKey&) const = default;
  std::string Encode() const;
  static std::optional<WaitingKey> Decode(std::string_view bytes);
  static std::string Prefix(const std::string& name);
};

// What waits, in its order, for an authority that is not listed.
struct UnaddressedKey {
  std::string authority;
  std::uint64_t number = 0;
  auto operator<=>(const UnaddressedKey&) const = default;
  std::string Encode() const;
  static std::optional<UnaddressedKey> Decode(std::string_view bytes);
};

// That an account, by its keyed hash, consists of this scope too.
struct AccountScopeKey {
  std::string account;
  std::string scope;
  auto operator<=>(const AccountScopeKey&) const = default;
  std::string Encode() const;
  static std::optional<AccountScopeKey> Decode(std::string_view bytes);
};

// A list as one reader sees it; what changes are counted in.
struct StreamName {
  std::string watch;
  int reader = 0;  // policy.v1.Reader
  auto operator<=>(const StreamName&) const = default;
  std::string Encode() const;
  static std::optional<StreamName> Decode(std::string_view bytes);
};

// The newest change of a resource, by the name it is found by.
struct ChangeKey {
  StreamName stream;
  std::string name;
  auto operator<=>(const ChangeKey&) const = default;
  std::string Encode() const;
  static std::optional<ChangeKey> Decode(std::string_view bytes);
};

// The same in the order of change.
struct ChangeOrderKey {
  StreamName stream;
  std::uint64_t sequence = 0;
  auto operator<=>(const ChangeOrderKey&) const = default;
  std::string Encode() const;
  static std::optional<ChangeOrderKey> Decode(std::string_view bytes);
  static std::string Prefix(const StreamName& stream);
};

// Of what is gone, in the order of its going.
struct GoneKey {
  std::uint64_t since_ms = 0;  // since 1970
  ChangeKey change;
  auto operator<=>(const GoneKey&) const = default;
  std::string Encode() const;
  static std::optional<GoneKey> Decode(std::string_view bytes);
  static std::string Prefix();
};

}  // namespace exitbus::exchange
