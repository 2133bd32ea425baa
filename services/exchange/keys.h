// The keys of the store's rows that are made of parts, each a value with one way into bytes and one
// back. Nobody else joins parts or cuts a key.
//
// The separator parts them, so no part holds it but the last, which is what is left. Decode is
// total: a row that was altered has no key, and nullopt says so. Whoever makes a key has seen to it
// that its parts are some (IsKeyPart): from outside by policy::FaultInId, from a row by Decode or
// EventStore::Load. Encode ends the process where one is not, which only our own mistake can bring
// about: the row would pass for another one's.
//
// A key whose last part is empty is what all keys with the parts before it begin with. Numbers are
// eight bytes, big-endian, so that rows stand in the order they count in.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace exitbus::exchange {

// Whether it may stand in a key before another part.
bool IsKeyPart(std::string_view part);

// A big-endian number sorts as it counts.
std::string SortableNumber(std::uint64_t number);
inline constexpr std::size_t kSortableNumberBytes = 8;
// The number at the end of `bytes`; 0 if they are shorter than one.
std::uint64_t SortedNumber(std::string_view bytes);

// A number by itself: of the journal's entries and of dead letters.
struct NumberKey {
  std::uint64_t number = 0;
  auto operator<=>(const NumberKey&) const = default;
  std::string Encode() const;
  static std::optional<NumberKey> Decode(std::string_view bytes);
};

// What something is called, and what kind of name that is: "case/…" for an aggregate that is found
// by it, "transfer/…" for a deadline.
struct KindName {
  std::string kind;
  std::string name;
  auto operator<=>(const KindName&) const = default;
  std::string Encode() const;
  static std::optional<KindName> Decode(std::string_view bytes);
};

// The name of something by the person it is about, as the hash that stands for the person, and by
// its id.
struct PersonName {
  std::string person;
  std::string id;
  auto operator<=>(const PersonName&) const = default;
  std::string Encode() const;
  static std::optional<PersonName> Decode(std::string_view bytes);
};

// An aggregate: its state's row, and the scope of its personal data.
struct StateKey {
  std::string aggregate;
  std::string id;
  auto operator<=>(const StateKey&) const = default;
  std::string Encode() const;
  static std::optional<StateKey> Decode(std::string_view bytes);
};

// Bytes kept beside an aggregate's state, by the name that the state has for them. An empty name is
// what all of the aggregate's begin with.
struct AttachmentKey {
  std::string aggregate;
  std::string id;
  std::string name;
  auto operator<=>(const AttachmentKey&) const = default;
  std::string Encode() const;
  static std::optional<AttachmentKey> Decode(std::string_view bytes);
};

// One of the names that an aggregate is found by.
struct IndexKey {
  std::string aggregate;
  std::string name;
  auto operator<=>(const IndexKey&) const = default;
  std::string Encode() const;
  static std::optional<IndexKey> Decode(std::string_view bytes);
};

// In the order of their falling due.
struct TimerKey {
  std::uint64_t due_ms = 0;  // since 1970
  std::string aggregate;
  std::string id;
  std::string name;
  auto operator<=>(const TimerKey&) const = default;
  std::string Encode() const;
  static std::optional<TimerKey> Decode(std::string_view bytes);
};

// A correspondence, each way: over which channel, with whom, about what.
struct CorrespondenceId {
  int channel = 0;  // policy.v1.Channel
  std::string peer;
  std::string subject;
  auto operator<=>(const CorrespondenceId&) const = default;
  std::string Encode() const;
  static std::optional<CorrespondenceId> Decode(std::string_view bytes);
};

// One number of a correspondence: what was sent, or what became of it here.
struct LetterKey {
  CorrespondenceId correspondence;
  std::uint64_t number = 0;
  auto operator<=>(const LetterKey&) const = default;
  std::string Encode() const;
  static std::optional<LetterKey> Decode(std::string_view bytes);
};

// Where letters go; what is urgent first. Ordered as what it encodes to.
struct OutboxAddress {
  int channel = 0;
  std::string peer;
  bool urgent() const;
  bool operator==(const OutboxAddress&) const = default;
  std::strong_ordering operator<=>(const OutboxAddress& other) const;
  std::string Prefix() const;  // of its rows
};

// A letter until it is receipted. Ordered as what it encodes to.
struct OutboxKey {
  CorrespondenceId correspondence;
  std::uint64_t number = 0;
  bool operator==(const OutboxKey&) const = default;
  std::strong_ordering operator<=>(const OutboxKey& other) const;
  OutboxAddress address() const { return {correspondence.channel, correspondence.peer}; }
  std::string Encode() const;
  static std::optional<OutboxKey> Decode(std::string_view bytes);
  static std::string Prefix(const CorrespondenceId& correspondence);
};

// A letter that waits for its turn; by subject first, so that all that wait for one are found
// together, over whichever channel they came.
struct ParkedKey {
  CorrespondenceId correspondence;
  std::uint64_t number = 0;
  auto operator<=>(const ParkedKey&) const = default;
  std::string Encode() const;
  static std::optional<ParkedKey> Decode(std::string_view bytes);
  static std::string Prefix(const std::string& subject);
  static std::string Prefix(const CorrespondenceId& correspondence);
};

// In a scope's account.
struct DisclosureKey {
  std::string scope;
  std::uint64_t sequence = 0;
  auto operator<=>(const DisclosureKey&) const = default;
  std::string Encode() const;
  static std::optional<DisclosureKey> Decode(std::string_view bytes);
  static std::string Prefix(std::string_view scope);
};

}  // namespace exitbus::exchange
