#include "services/exchange/sealing.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "services/exchange/context.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/time.h"
#include "services/policy/readers.h"
#include "services/policy/topics.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;

constexpr std::string_view kSourcePrefix = "urn:exitbus:";
constexpr std::string_view kSpecVersion = "1.0";
constexpr std::size_t kKeyIdBytes = 8;
constexpr char kPaddingMark = '\x80';

std::string Header(const BusRecord& record, std::string_view name) {
  for (const auto& [key, value] : record.headers) {
    if (key == name) return value;
  }
  return "";
}

// Each part with its length before it, so that no two records have the same parts run together.
void AppendPart(std::string& bound, const std::string& part) {
  absl::StrAppend(&bound, part.size(), ":", part);
}

// What the signature and the sealing bind: every header, where it stands, and when.
std::string Bound(const BusRecord& record) {
  std::string bound;
  AppendPart(bound, record.topic);
  AppendPart(bound, absl::StrCat(absl::ToUnixSeconds(record.timestamp)));
  for (const auto& [key, value] : record.headers) {
    AppendPart(bound, key);
    AppendPart(bound, value);
  }
  return bound;
}

std::string Pad(std::string plain) {
  const std::size_t size = SizeClass(plain.size() + 1);
  plain += kPaddingMark;
  plain.resize(size, '\0');
  return plain;
}

bool Unpad(std::string& padded) {
  const std::size_t mark = padded.find_last_not_of('\0');
  if (mark == std::string::npos || padded[mark] != kPaddingMark) return false;
  padded.resize(mark);
  return true;
}

std::string KeyId(const Crypto& crypto, std::string_view public_key) {
  return crypto.Digest(public_key).substr(0, kKeyIdBytes);
}

absl::Status Unauthenticated(std::string_view why) {
  return absl::UnauthenticatedError(std::string(why));
}

}  // namespace

std::size_t SizeClass(std::size_t plain_bytes) {
  constexpr std::size_t kLargest = 512 * 1024;  // from here on in steps, below the broker's limit
  constexpr std::size_t kStep = 64 * 1024;
  std::size_t size = 512;
  while (size < plain_bytes && size < kLargest) size *= 2;
  return size >= plain_bytes ? size : (plain_bytes + kStep - 1) / kStep * kStep;
}

BusRecord SealRecord(const Context& context, const DirectoryEntry& recipient,
                     pv1::Exchange exchange, const v1::Packet& packet) {
  BusRecord record;
  record.topic =
      policy::TopicName(exchange, static_cast<pv1::AuthorityKind>(recipient.kind), recipient.code);
  record.timestamp = absl::FromUnixSeconds(absl::ToUnixSeconds(context.wall_clock->Now()));
  // The trace starts and ends with this record; its parent stays in the sender's own store.
  const std::string trace = absl::BytesToHexString(context.random->Bytes(16)) + "-" +
                            absl::BytesToHexString(context.random->Bytes(8));
  record.headers = {
      {"ce_specversion", std::string(kSpecVersion)},
      {"ce_id", FreshUuid(*context.random)},
      {"ce_source", absl::StrCat(std::string(kSourcePrefix), context.self)},
      {"ce_type", absl::StrCat("exitbus.", std::string(policy::ExchangeName(exchange)), ".v1")},
      {"ce_time", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", record.timestamp, absl::UTCTimeZone())},
      {"ce_traceparent", absl::StrCat("00-", trace, "-00")},
      {"content-type", "application/protobuf"}};
  const std::string bound = Bound(record);
  v1::Record sealed;
  sealed.set_sealing_key_id(KeyId(*context.crypto, recipient.sealing_key));
  sealed.set_sealed(
      context.crypto->Seal(recipient.sealing_key, bound, Pad(packet.SerializeAsString())));
  sealed.set_signature(context.crypto->Sign(context.secrets.identity_key,
                                            context.crypto->Digest(bound + sealed.sealed())));
  record.payload = sealed.SerializeAsString();
  return record;
}

std::string RecordId(const BusRecord& record) { return Header(record, "ce_id"); }

std::string RecordSource(const BusRecord& record) {
  const std::string source = Header(record, "ce_source");
  return source.starts_with(kSourcePrefix) ? source.substr(kSourcePrefix.size()) : "";
}

absl::StatusOr<v1::Packet> OpenRecord(const Context& context, const BusRecord& record) {
  const auto sender = context.directory->Find(RecordSource(record));
  if (!sender) return Unauthenticated("sender_not_in_directory");
  v1::Record sealed;
  if (!sealed.ParseFromString(record.payload)) return Unauthenticated("not_a_record");
  const std::string bound = Bound(record);
  if (!context.crypto->Verify(sender->identity_key, context.crypto->Digest(bound + sealed.sealed()),
                              sealed.signature())) {
    return Unauthenticated("bad_signature");
  }
  const auto key = std::find_if(
      context.secrets.sealing.begin(), context.secrets.sealing.end(), [&](const KeyPair& pair) {
        return KeyId(*context.crypto, pair.public_key) == sealed.sealing_key_id();
      });
  if (key == context.secrets.sealing.end()) return absl::FailedPreconditionError("key_retired");
  auto plain = context.crypto->OpenSealed(*key, bound, sealed.sealed());
  if (!plain.ok()) return absl::FailedPreconditionError("not_opened");
  v1::Packet packet;
  if (!Unpad(*plain) || !packet.ParseFromString(*plain)) {
    return absl::InvalidArgumentError("not_parsed");
  }
  return packet;
}

}  // namespace exitbus::exchange
