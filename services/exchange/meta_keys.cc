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

StreamName StreamIn(KeyReader& reader) {
  StreamName stream;
  stream.watch = reader.Part();
  stream.reader = reader.IntIn(reader.Part());
  return stream;
}

}  // namespace

std::string MetaKey::Encode() const { return KeyWriter(BeginOf(kind)).End(of); }

std::optional<MetaKey> MetaKey::Decode(Meta kind, std::string_view bytes) {
  KeyReader reader(bytes);
  reader.Begin(BeginOf(kind));
  MetaKey key{kind, reader.Rest()};
  return reader.As(std::move(key));
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
  return KeyWriter(BeginOf(Meta::kNotices)).Part(authority).Number(number).End();
}

std::optional<UnaddressedKey> UnaddressedKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  reader.Begin(BeginOf(Meta::kNotices));
  UnaddressedKey key;
  key.authority = reader.Part();
  key.number = reader.Number();
  return reader.As(std::move(key));
}

std::string AccountScopeKey::Encode() const {
  return KeyWriter(BeginOf(Meta::kAccountScopes)).Part(account).End(scope);
}

std::optional<AccountScopeKey> AccountScopeKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  reader.Begin(BeginOf(Meta::kAccountScopes));
  AccountScopeKey key;
  key.account = reader.Part();
  key.scope = reader.Rest();
  return reader.As(std::move(key));
}

std::string StreamName::Encode() const {
  return KeyWriter().Part(watch).EndPart(std::to_string(reader));
}

std::optional<StreamName> StreamName::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  StreamName name;
  name.watch = reader.Part();
  name.reader = reader.IntIn(reader.EndPart());
  return reader.As(std::move(name));
}

std::string ChangeKey::Encode() const {
  return KeyWriter(kByResource).Part(stream.watch).Part(stream.reader).End(name);
}

std::optional<ChangeKey> ChangeKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  reader.Begin(kByResource);
  ChangeKey key;
  key.stream = StreamIn(reader);
  key.name = reader.Rest();
  return reader.As(std::move(key));
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
  ChangeOrderKey key;
  key.stream = StreamIn(reader);
  key.sequence = reader.Number();
  return reader.As(std::move(key));
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
