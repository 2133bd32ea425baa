#include "services/exchange/inbox.h"

#include <algorithm>
#include <utility>

#include "exitbus/exchange/v1/keys.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/announcer.h"
#include "services/exchange/attempt.h"
#include "services/exchange/confirmation.h"
#include "services/exchange/environment.h"
#include "services/exchange/incoming.h"
#include "services/exchange/keys.h"
#include "services/exchange/peer_clocks.h"
#include "services/exchange/peer_keys.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/receipts.h"
#include "services/exchange/sealing.h"
#include "services/exchange/unit_of_work.h"
#include "services/policy/topics.h"
#include "services/policy/values.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;

// Of one record; a sender puts half as many into one.
constexpr int kLettersMax = 64;
constexpr std::uint64_t kDeadLettersMax = 1000;
constexpr char kLastDeadLetter[] = "dead_letters/last";  // in Table::kMeta

// A letter must be about us, from who signed it, in the topic of its channel.
bool IsAddressedHere(const Environment& environment, const BusRecord& record,
                     const v1::Link& link) {
  const auto self = environment.directory->Find(environment.self);
  return self && !policy::FaultIn(link) && link.recipient() == environment.self &&
         link.sender() == RecordSource(record) &&
         record.topic == policy::TopicName(link.channel(), self->kind, self->code);
}

// In what is no letter; a letter is refused by its number, so that its sender hears of it.
bool HasBadValues(const v1::Packet& packet) {
  return !packet.has_letter() && !packet.has_letters() && policy::FaultIn(packet);
}

bool IsUrgent(const std::string& topic) { return Inbox::PriorityOf(topic) == Priority::kUrgent; }

}  // namespace

Priority Inbox::PriorityOf(const std::string& topic) {
  return topic.find(".security.") != std::string::npos ? Priority::kUrgent : Priority::kOrdinary;
}

void Inbox::Assign(const std::string& cluster_id) {
  cluster_id_ = cluster_id;
  expected_.clear();
  behind_.clear();
  ordinary_.clear();
  const auto self = environment_->directory->Find(environment_->self);
  if (!self) return;
  Transaction committed(*environment_);
  for (const pv1::Channel channel : policy::ChannelsReadBy(self->kind)) {
    const std::string topic = policy::TopicName(channel, self->kind, self->code);
    // One that cannot be read is read from the start, as where there is none.
    const auto position = LoadOrNone<store::v1::Position>(committed, Table::kPositions, topic);
    std::optional<std::int64_t> offset;
    if (position && position->cluster_id() == cluster_id) {
      expected_[topic] = {position->offset(), position->record_id()};
      offset = position->offset();
    }
    behind_.insert(topic);
    if (IsUrgent(topic)) {
      Read(topic, offset);
    } else {
      ordinary_[topic] = offset;
    }
  }
  if (std::none_of(behind_.begin(), behind_.end(), IsUrgent)) return ReadOrdinary();
  environment_->executor->PostAfter(kUrgentHeadStart, [this] { ReadOrdinary(); });
}

void Inbox::CaughtUp(const std::string& topic) {
  behind_.erase(topic);
  if (std::none_of(behind_.begin(), behind_.end(), IsUrgent)) ReadOrdinary();
}

void Inbox::ReadOrdinary() {
  for (const auto& [topic, offset] : std::exchange(ordinary_, {})) Read(topic, offset);
}

void Inbox::Read(const std::string& topic, std::optional<std::int64_t> offset) {
  behind_.insert(topic);
  environment_->bus->Read(PriorityOf(topic), topic, offset);
}

std::vector<BusRecord> Inbox::Verified(std::vector<BusRecord> records) {
  if (records.empty()) return records;
  const std::string topic = records.front().topic;
  const auto expected = expected_.find(topic);
  if (expected == expected_.end()) return records;
  const bool confirmed = records.front().offset == expected->second.offset &&
                         RecordId(records.front()) == expected->second.record_id;
  expected_.erase(expected);
  if (confirmed) {
    records.erase(records.begin());
    return records;
  }
  environment_->telemetry->Log(Severity::kWarning, "inbox.position_not_found", {{"topic", topic}});
  Read(topic, std::nullopt);
  return {};
}

void Inbox::Take(UnitOfWork& work, Incoming& incoming, const BusRecord& record) {
  if (IsAnnouncement(record)) return TakeAnnouncement(work, record);
  auto packet = OpenRecord(*environment_, record);
  if (!packet.ok()) {
    const std::string reason(packet.status().message());
    if (!Discard(work, record, packet.status())) return;
    receipts_->Failed(RecordSource(record), RecordId(record), reason);
    if (reason == kKeyRetired) announcer_->Remind(RecordSource(record));
    return;
  }
  if (HasBadValues(*packet)) return DeadLetter(work, record, "bad_values");
  // Letters in it are not receipted, and so come again to the version that knows it.
  if (packet->content_case() == v1::Packet::CONTENT_NOT_SET &&
      !packet->GetReflection()->GetUnknownFields(*packet).empty()) {
    return DeadLetter(work, record, "of_newer_version");
  }
  const std::string source = RecordSource(record);
  const bool to_all = packet->has_inquiry() || packet->has_holdings();
  peer_clocks_->Stamped(source, record.timestamp, to_all && !behind_.contains(record.topic));
  if (packet->has_receipts()) {
    return ApplyReceipts(work, source, packet->receipts());
  }
  if (packet->has_inquiry()) {
    return environment_->confirmation->TakeInquiry(source, packet->inquiry());
  }
  if (packet->has_holdings()) {
    if (const auto asked = environment_->confirmation->AskedSince(packet->holdings())) {
      peer_clocks_->Answered(source, record.timestamp, *asked);
    }
    return environment_->confirmation->TakeHoldings(work, source, packet->holdings());
  }
  const auto take = [&](const v1::Letter& letter) {
    v1::Link link;
    if (!link.ParseFromString(letter.link()) || !IsAddressedHere(*environment_, record, link)) {
      return DeadLetter(work, record, "misaddressed");
    }
    incoming.Take(link, letter);
  };
  if (!packet->has_letters()) return take(packet->letter());
  if (packet->letters().letters_size() > kLettersMax) {
    return DeadLetter(work, record, "too_many_letters");
  }
  for (const v1::Letter& letter : packet->letters().letters()) take(letter);
}

void Inbox::TakeAnnouncement(UnitOfWork& work, const BusRecord& record) {
  const auto announced = VerifyAnnouncement(*environment_, record);
  if (!announced.ok()) {
    Discard(work, record, announced.status());
    return;
  }
  peer_clocks_->Stamped(RecordSource(record), record.timestamp, !behind_.contains(record.topic));
  peer_keys_->Take(work.transaction(), RecordSource(record), *announced, work.actions());
}

bool Inbox::Discard(UnitOfWork& work, const BusRecord& record, const absl::Status& why) {
  const std::string reason(why.message());
  if (absl::IsPermissionDenied(why)) {
    environment_->telemetry->Count("records.dropped", {{"reason", reason}});
    return false;
  }
  DeadLetter(work, record, reason);
  // Who signed it may be answered; who did not is never.
  return !absl::IsUnauthenticated(why);
}

void Inbox::KeepPosition(UnitOfWork& work, const BusRecord& last) {
  store::v1::Position position;
  position.set_offset(last.offset);
  position.set_record_id(RecordId(last));
  position.set_cluster_id(cluster_id_);
  work.transaction().Put(Table::kPositions, last.topic, position.SerializeAsString());
}

void Inbox::DeadLetter(UnitOfWork& work, const BusRecord& record, const std::string& reason) {
  store::v1::DeadLetter row;
  row.set_topic(record.topic);
  row.set_offset(record.offset);
  row.set_record_id(RecordId(record));
  row.set_source(RecordSource(record));
  row.set_reason(reason);
  *row.mutable_time() = ToProto(environment_->clock->Now());
  // A ring: the number that is kDeadLettersMax back makes room.
  Transaction& transaction = work.transaction();
  const auto last = transaction.Get(Table::kMeta, kLastDeadLetter);
  const auto before = last ? NumberKey::Decode(*last) : std::nullopt;
  const std::uint64_t number = before ? before->number + 1 : 1;
  transaction.Put(Table::kMeta, kLastDeadLetter, NumberKey{number}.Encode());
  transaction.Put(Table::kDeadLetters, NumberKey{number}.Encode(), row.SerializeAsString());
  if (number > kDeadLettersMax) {
    transaction.Erase(Table::kDeadLetters, NumberKey{number - kDeadLettersMax}.Encode());
  }
  environment_->telemetry->Log(Severity::kError, "inbox.dead_letter",
                               {{"topic", record.topic}, {"reason", reason}});
  environment_->telemetry->Count("dead_letters", {{"reason", reason}});
}

}  // namespace exitbus::exchange
