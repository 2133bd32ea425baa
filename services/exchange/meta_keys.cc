#include "services/exchange/meta_keys.h"

#include <array>

#include "services/exchange/key_bytes.h"

namespace exitbus::exchange {
namespace {

constexpr std::string_view kByResource = "at/";
constexpr std::string_view kInOrder = "in/";
constexpr std::string_view kGone = "gone/";

std::string_view BeginOf(Meta kind) {
  static constexpr std::array<std::string_view, 11> kBegins = {
      "erase/",          "parked/",         "new_subjects/", "waiting/",
      "announced_key/",  "behind/",         "unaddressed/",  "unaddressed_notifications/",
      "account/scopes/", "account/recent/", "changes/"};
  static_assert(static_cast<std::size_t>(Meta::kChangesExtent) + 1 == kBegins.size());
  return kBegins[static_cast<std::size_t>(kind)];
}

StreamName StreamIn(KeyReader& reader) { return {reader.Part(), reader.IntIn(reader.Part())}; }

}  // namespace

std::string MetaKey::Encode() const { return KeyWriter(BeginOf(kind)).End(of); }

std::optional<MetaKey> MetaKey::Decode(Meta kind, std::string_view bytes) {
  KeyReader reader(bytes);
  reader.Begin(BeginOf(kind));
  return reader.As(MetaKey{kind, reader.Rest()});
}

std::string WaitingKey::Prefix(const std::string& name) {
  return KeyWriter(MetaKey{Meta::kWaiting, name}.Encode()).Part("").End();
}

std::string WaitingKey::Encode() const {
  return KeyWriter(Prefix(name)).End(correspondence.Encode());
}

std::optional<WaitingKey> WaitingKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  reader.Begin(BeginOf(Meta::kWaiting));
  WaitingKey key;
  key.correspondence.subject = reader.PartAtEnd();
  key.correspondence.peer = reader.PartAtEnd();
  key.correspondence.channel = reader.IntIn(reader.PartAtEnd());
  key.name = reader.Rest();
  return reader.As(std::move(key));
}

std::string UnaddressedKey::Encode() const {
  return KeyWriter(BeginOf(Meta::kUnaddressed)).Part(authority).Number(number).End();
}

std::optional<UnaddressedKey> UnaddressedKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  reader.Begin(BeginOf(Meta::kUnaddressed));
  return reader.As(UnaddressedKey{reader.Part(), reader.Number()});
}

std::string AccountScopeKey::Encode() const {
  return KeyWriter(BeginOf(Meta::kAccountScopes)).Part(account).End(scope);
}

std::optional<AccountScopeKey> AccountScopeKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  reader.Begin(BeginOf(Meta::kAccountScopes));
  return reader.As(AccountScopeKey{reader.Part(), reader.Rest()});
}

std::string StreamName::Encode() const {
  return KeyWriter().Part(watch).EndPart(std::to_string(reader));
}

std::optional<StreamName> StreamName::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  return reader.As(StreamName{reader.Part(), reader.IntIn(reader.EndPart())});
}

std::string ChangeKey::Encode() const {
  return KeyWriter(kByResource).Part(stream.watch).Part(stream.reader).End(name);
}

std::optional<ChangeKey> ChangeKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  reader.Begin(kByResource);
  return reader.As(ChangeKey{StreamIn(reader), reader.Rest()});
}

std::string ChangeOrderKey::Prefix(const StreamName& stream) {
  return KeyWriter(kInOrder).Part(stream.watch).Part(stream.reader).End();
}

std::string ChangeOrderKey::Encode() const {
  return KeyWriter(Prefix(stream)).Number(sequence).End();
}

std::optional<ChangeOrderKey> ChangeOrderKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  reader.Begin(kInOrder);
  return reader.As(ChangeOrderKey{StreamIn(reader), reader.Number()});
}

std::string GoneKey::Prefix() { return std::string(kGone); }

std::string GoneKey::Encode() const {
  return KeyWriter(kGone).Number(since_ms).End(change.Encode());
}

std::optional<GoneKey> GoneKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  reader.Begin(kGone);
  GoneKey key;
  key.since_ms = reader.Number();
  auto change = ChangeKey::Decode(reader.Rest());
  if (!change) return std::nullopt;
  key.change = *std::move(change);
  return reader.As(std::move(key));
}

}  // namespace exitbus::exchange
