#include "services/exchange/sealing.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "exitbus/exchange/v1/keys.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/operations/v1/trace.pb.h"
#include "services/exchange/environment.h"
#include "services/exchange/framed.h"
#include "services/exchange/headers.h"
#include "services/exchange/membership.h"
#include "services/exchange/peer_keys.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/time.h"
#include "services/policy/readers.h"
#include "services/policy/topics.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;

constexpr std::string_view kSourcePrefix = "urn:exitbus:";
constexpr std::string_view kSpecVersion = "1.0";
// At the end of each record's type. 1 was that of v0.1, before the contracts were frozen.
constexpr std::string_view kContractsVersion = ".v2";
constexpr std::size_t kKeyIdBytes = 8;
constexpr char kPaddingMark = '\x80';

// What the signature and the sealing bind: every header, where it stands, and when.
std::string Bound(const BusRecord& record) {
  std::string bound = Framed("exitbus.record.v1",
                             {record.topic, absl::StrCat(absl::ToUnixSeconds(record.timestamp))});
  for (const auto& [key, value] : record.headers) {
    AppendFramed(bound, key);
    AppendFramed(bound, value);
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

// With its headers, and no payload yet. `what` it is of: a channel's name.
BusRecord Addressed(const Environment& environment, std::string topic, std::string_view what) {
  BusRecord record;
  record.topic = std::move(topic);
  record.timestamp = absl::FromUnixSeconds(absl::ToUnixSeconds(environment.wall_clock->Now()));
  // The trace starts and ends with this record; its parent stays in the sender's own store.
  const std::string trace = absl::BytesToHexString(environment.random->Bytes(16)) + "-" +
                            absl::BytesToHexString(environment.random->Bytes(8));
  record.headers = {
      {"ce_specversion", std::string(kSpecVersion)},
      {"ce_id", FreshUuid(*environment.random)},
      {"ce_source", absl::StrCat(std::string(kSourcePrefix), environment.self)},
      {"ce_type", absl::StrCat("exitbus.", std::string(what), std::string(kContractsVersion))},
      {"ce_time", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", record.timestamp, absl::UTCTimeZone())},
      {"ce_traceparent", absl::StrCat("00-", trace, "-00")},
      {"content-type", "application/protobuf"}};
  return record;
}

BusRecord Addressed(const Environment& environment, const DirectoryEntry& recipient,
                    pv1::Channel channel) {
  return Addressed(environment, policy::TopicName(channel, recipient.kind, recipient.code),
                   policy::ChannelName(channel));
}

// What the signature is made over. An announcement is told from a sealed packet, so that neither
// can be passed off as the other.
std::string Signed(const Environment& environment, const std::string& bound,
                   const v1::Record& record) {
  if (!record.announcement().empty()) {
    return Framed("exitbus.announcement.v1", {bound, record.announcement()});
  }
  return Framed("exitbus.sealed-record.v1",
                {bound, record.sealing_key_id(), environment.crypto->Digest(record.sealed())});
}

void Sign(const Environment& environment, const std::string& bound, v1::Record& record) {
  record.set_signature(environment.crypto->Sign(environment.secrets.identity_key,
                                                Signed(environment, bound, record)));
}

// With the payload, sealed and signed.
void Seal(const Environment& environment, const std::string& key, std::string plain,
          BusRecord& record) {
  const std::string bound = Bound(record);
  v1::Record sealed;
  sealed.set_sealing_key_id(KeyId(*environment.crypto, key));
  sealed.set_sealed(environment.crypto->Seal(key, bound, Pad(std::move(plain))));
  Sign(environment, bound, sealed);
  record.payload = sealed.SerializeAsString();
}

using Sender = std::shared_ptr<const DirectoryEntry>;

// Whom the headers name, who must be listed.
absl::StatusOr<Sender> SenderOf(const Environment& environment, const BusRecord& record) {
  if (!AreSound(record)) return Unauthenticated("bad_headers");
  Sender sender = environment.directory->Find(RecordSource(record));
  if (!sender) return Unauthenticated("sender_not_in_directory");
  return sender;
}

absl::StatusOr<v1::Record> SignedBy(const DirectoryEntry& sender, const Environment& environment,
                                    const BusRecord& record) {
  v1::Record read;
  if (!read.ParseFromString(record.payload) ||
      (!read.announcement().empty() && !read.sealed().empty())) {
    return Unauthenticated("not_a_record");
  }
  if (!environment.crypto->Verify(sender.identity_key, Signed(environment, Bound(record), read),
                                  read.signature())) {
    return Unauthenticated("bad_signature");
  }
  if (!HeaderOf(record, "ce_type").ends_with(kContractsVersion)) {
    return Unauthenticated("sender_of_another_version");
  }
  return read;
}

// By its sender, who must be in service.
absl::StatusOr<v1::Record> Verified(const Environment& environment, const BusRecord& record) {
  const absl::StatusOr<Sender> sender = SenderOf(environment, record);
  if (!sender.ok()) return sender.status();
  const MembershipStatus status = MembershipStatusOf(*environment.directory, (*sender)->id);
  if (status == MembershipStatus::kSuspended)
    return absl::PermissionDeniedError("sender_suspended");
  if (status == MembershipStatus::kRemoved) return absl::PermissionDeniedError("sender_removed");
  return SignedBy(**sender, environment, record);
}

// Errors as of OpenRecord.
absl::StatusOr<std::string> Opened(const Environment& environment, const BusRecord& record,
                                   const v1::Record& verified) {
  const auto key = std::find_if(environment.secrets.sealing.begin(),
                                environment.secrets.sealing.end(), [&](const SealingKey& ours) {
                                  return KeyId(*environment.crypto, ours.pair.public_key) ==
                                         verified.sealing_key_id();
                                });
  if (key == environment.secrets.sealing.end()) return absl::FailedPreconditionError(kKeyRetired);
  auto plain = environment.crypto->OpenSealed(key->pair, Bound(record), verified.sealed());
  if (!plain.ok()) return absl::FailedPreconditionError("not_opened");
  if (!Unpad(*plain)) return absl::InvalidArgumentError("not_parsed");
  return plain;
}

}  // namespace

std::size_t SizeClass(std::size_t plain_bytes) {
  constexpr std::size_t kLargest = 512 * 1024;  // from here on in steps, below the broker's limit
  constexpr std::size_t kStep = 64 * 1024;
  std::size_t size = 512;
  while (size < plain_bytes && size < kLargest) size *= 2;
  return size >= plain_bytes ? size : (plain_bytes + kStep - 1) / kStep * kStep;
}

BusRecord SealRecord(const Environment& environment, const DirectoryEntry& recipient,
                     pv1::Channel channel, const v1::Packet& packet) {
  BusRecord record = Addressed(environment, recipient, channel);
  const std::string key = environment.peer_keys != nullptr ? environment.peer_keys->KeyOf(recipient)
                                                           : recipient.sealing_key;
  Seal(environment, key, packet.SerializeAsString(), record);
  return record;
}

BusRecord SealTrace(const Environment& environment, const operations::v1::TraceRecord& told) {
  const DirectoryEntry& self = *environment.self_at_start;
  BusRecord record =
      Addressed(environment, policy::TraceTopic(self.kind, self.code), policy::kTrace);
  Seal(environment, environment.settings.console_key, told.SerializeAsString(), record);
  return record;
}

absl::StatusOr<operations::v1::TraceRecord> OpenTrace(const Environment& environment,
                                                      const BusRecord& record) {
  const absl::StatusOr<Sender> sender = SenderOf(environment, record);
  if (!sender.ok()) return sender.status();
  const auto verified = SignedBy(**sender, environment, record);
  if (!verified.ok()) return verified.status();
  if (record.topic != policy::TraceTopic((*sender)->kind, (*sender)->code)) {
    return absl::InvalidArgumentError("misaddressed");
  }
  const auto plain = Opened(environment, record, *verified);
  if (!plain.ok()) return plain.status();
  operations::v1::TraceRecord told;
  if (!told.ParseFromString(*plain)) return absl::InvalidArgumentError("not_parsed");
  return told;
}

BusRecord AnnounceRecord(const Environment& environment, const DirectoryEntry& recipient,
                         const v1::KeyAnnounced& announced) {
  BusRecord record = Addressed(environment, recipient, pv1::CHANNEL_DIRECTORY);
  v1::Record open;
  open.set_announcement(announced.SerializeAsString());
  Sign(environment, Bound(record), open);
  record.payload = open.SerializeAsString();
  return record;
}

std::string RecordId(const BusRecord& record) { return HeaderOf(record, "ce_id"); }

std::string RecordSource(const BusRecord& record) {
  const std::string source = HeaderOf(record, "ce_source");
  return source.starts_with(kSourcePrefix) ? source.substr(kSourcePrefix.size()) : "";
}

absl::StatusOr<v1::Packet> OpenRecord(const Environment& environment, const BusRecord& record) {
  const auto verified = Verified(environment, record);
  if (!verified.ok()) return verified.status();
  const auto plain = Opened(environment, record, *verified);
  if (!plain.ok()) return plain.status();
  v1::Packet packet;
  if (!packet.ParseFromString(*plain)) return absl::InvalidArgumentError("not_parsed");
  return packet;
}

bool IsAnnouncement(const BusRecord& record) {
  v1::Record read;
  return read.ParseFromString(record.payload) && !read.announcement().empty();
}

absl::StatusOr<v1::KeyAnnounced> VerifyAnnouncement(const Environment& environment,
                                                    const BusRecord& record) {
  const auto verified = Verified(environment, record);
  if (!verified.ok()) return verified.status();
  const auto self = environment.directory->Find(environment.self);
  v1::KeyAnnounced announced;
  if (!self || !announced.ParseFromString(verified->announcement()) ||
      record.topic != policy::TopicName(pv1::CHANNEL_DIRECTORY, self->kind, self->code)) {
    return absl::InvalidArgumentError("misaddressed");
  }
  return announced;
}

}  // namespace exitbus::exchange
