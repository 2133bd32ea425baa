#include "services/exchange/keys.h"

#include <algorithm>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/key_bytes.h"

namespace exitbus::exchange {
namespace {

constexpr char kPerson[] = "person";

bool IsUrgent(int channel) { return channel == policy::v1::CHANNEL_SECURITY; }

std::string_view PriorityOf(int channel) { return IsUrgent(channel) ? "0" : "1"; }

// As two keys stand that have these parts at one place: each is followed by the separator.
std::strong_ordering InByteOrder(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  const int begins = a.substr(0, common).compare(b.substr(0, common));
  if (begins != 0 || a.size() == b.size()) return begins <=> 0;
  const auto next = [common](std::string_view part) {
    return static_cast<unsigned char>(common < part.size() ? part[common] : kKeySeparator);
  };
  return next(a) <=> next(b);
}

std::strong_ordering InByteOrder(int channel, int other) {
  if (channel == other) return std::strong_ordering::equal;
  const auto priorities = InByteOrder(PriorityOf(channel), PriorityOf(other));
  return priorities != 0 ? priorities : InByteOrder(std::to_string(channel), std::to_string(other));
}

}  // namespace

std::string NumberKey::Encode() const { return SortableNumber(number); }

std::optional<NumberKey> NumberKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  return reader.As(NumberKey{reader.Number()});
}

std::string KindName::Encode() const { return KeyWriter().Part(kind).End(name); }

std::optional<KindName> KindName::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  return reader.As(KindName{reader.Part(), reader.Rest()});
}

// The hash may hold separators; the id is cut off at the end.
std::string PersonName::Encode() const {
  return KeyWriter(KindName{kPerson, person}.Encode()).Part("").EndPart(id);
}

std::optional<PersonName> PersonName::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  PersonName key;
  key.id = reader.PartAtEnd();
  if (reader.Part() != kPerson) return std::nullopt;
  key.person = reader.Rest();
  return reader.As(std::move(key));
}

std::string StateKey::Encode() const { return KeyWriter().Part(aggregate).EndPart(id); }

std::optional<StateKey> StateKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  return reader.As(StateKey{reader.Part(), reader.EndPart()});
}

std::string AttachmentKey::Encode() const { return KeyWriter().Part(aggregate).Part(id).End(name); }

std::optional<AttachmentKey> AttachmentKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  return reader.As(AttachmentKey{reader.Part(), reader.Part(), reader.Rest()});
}

std::string IndexKey::Encode() const { return KeyWriter().Part(aggregate).End(name); }

std::optional<IndexKey> IndexKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  return reader.As(IndexKey{reader.Part(), reader.Rest()});
}

std::string TimerKey::Encode() const {
  return KeyWriter().Number(due_ms).Part(aggregate).Part(id).End(name);
}

std::optional<TimerKey> TimerKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  return reader.As(TimerKey{reader.Number(), reader.Part(), reader.Part(), reader.Rest()});
}

std::string CorrespondenceId::Encode() const {
  return KeyWriter().Part(channel).Part(peer).EndPart(subject);
}

std::optional<CorrespondenceId> CorrespondenceId::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  return reader.As(CorrespondenceId{reader.IntIn(reader.Part()), reader.Part(), reader.EndPart()});
}

std::string LetterKey::Encode() const {
  return KeyWriter(correspondence.Encode()).Part("").Number(number).End();
}

std::optional<LetterKey> LetterKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  const std::uint64_t number = reader.NumberAtEnd();
  const auto correspondence = CorrespondenceId::Decode(reader.Rest());
  if (!correspondence) return std::nullopt;
  return reader.As(LetterKey{*correspondence, number});
}

bool OutboxAddress::urgent() const { return IsUrgent(channel); }

std::strong_ordering OutboxAddress::operator<=>(const OutboxAddress& other) const {
  const auto channels = InByteOrder(channel, other.channel);
  return channels != 0 ? channels : InByteOrder(peer, other.peer);
}

std::string OutboxAddress::Prefix() const {
  return KeyWriter().Part(PriorityOf(channel)).Part(channel).Part(peer).End();
}

std::strong_ordering OutboxKey::operator<=>(const OutboxKey& other) const {
  const CorrespondenceId& a = correspondence;
  const CorrespondenceId& b = other.correspondence;
  if (const auto o = InByteOrder(a.channel, b.channel); o != 0) return o;
  if (const auto o = InByteOrder(a.peer, b.peer); o != 0) return o;
  if (const auto o = InByteOrder(a.subject, b.subject); o != 0) return o;
  return number <=> other.number;
}

std::string OutboxKey::Prefix(const CorrespondenceId& correspondence) {
  const OutboxAddress address{correspondence.channel, correspondence.peer};
  return KeyWriter(address.Prefix()).Part(correspondence.subject).End();
}

std::string OutboxKey::Encode() const {
  return KeyWriter(Prefix(correspondence)).Number(number).End();
}

std::optional<OutboxKey> OutboxKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  const std::string priority = reader.Part();
  const auto letter = LetterKey::Decode(reader.Rest());
  if (!letter) return std::nullopt;
  if (priority != PriorityOf(letter->correspondence.channel)) return std::nullopt;
  return reader.As(OutboxKey{letter->correspondence, letter->number});
}

std::string ParkedKey::Prefix(const std::string& subject) {
  return KeyWriter().Part(subject).End();
}

std::string ParkedKey::Prefix(const CorrespondenceId& correspondence) {
  return KeyWriter(Prefix(correspondence.subject))
      .Part(correspondence.channel)
      .Part(correspondence.peer)
      .End();
}

std::string ParkedKey::Encode() const {
  return KeyWriter(Prefix(correspondence)).Number(number).End();
}

std::optional<ParkedKey> ParkedKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  ParkedKey key;
  key.correspondence.subject = reader.Part();
  key.correspondence.channel = reader.IntIn(reader.Part());
  key.correspondence.peer = reader.Part();
  key.number = reader.Number();
  return reader.As(std::move(key));
}

std::string DisclosureKey::Prefix(std::string_view scope) {
  return KeyWriter(scope).Part("").End();
}

std::string DisclosureKey::Encode() const {
  return KeyWriter(Prefix(scope)).Number(sequence).End();
}

std::optional<DisclosureKey> DisclosureKey::Decode(std::string_view bytes) {
  KeyReader reader(bytes);
  DisclosureKey key;
  key.sequence = reader.NumberAtEnd();
  key.scope = reader.Rest();
  return reader.As(std::move(key));
}

}  // namespace exitbus::exchange
