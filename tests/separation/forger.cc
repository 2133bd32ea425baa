#include "tests/separation/forger.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "adapters/directory/authority_keys.h"
#include "adapters/sodium/sodium_crypto.h"
#include "adapters/system/system_clock.h"
#include "services/exchange/environment.h"
#include "services/exchange/framed.h"
#include "services/exchange/sealing.h"
#include "tests/e2e/environment.h"
#include "tests/separation/own_broker.h"

namespace exitbus::story {

namespace {

config::v1::AuthorityKeys KeysOf(const std::string& member) {
  const auto keys = adapters::LoadKeys(
      absl::StrCat(TheDeployment().places().Of(MemberNamed(member)), "/keys.textproto"));
  EXPECT_TRUE(keys.ok()) << keys.status();
  return keys.value_or(config::v1::AuthorityKeys());
}

exchange::v1::Link FirstLink(const std::string& sender, const std::string& recipient,
                             policy::v1::Channel channel, const std::string& subject) {
  exchange::v1::Link link;
  link.set_sender(sender);
  link.set_recipient(recipient);
  link.set_channel(channel);
  link.set_subject(subject);
  link.set_number(1);
  return link;
}

}  // namespace

std::vector<std::pair<std::string, exchange::v1::Body>> EveryMessage() {
  using exchange::v1::Body;
  std::vector<std::pair<std::string, Body>> all;
  const auto* kinds = Body::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    auto& [name, body] = all.emplace_back(kinds->field(i)->message_type()->name(), Body());
    Body::GetReflection()->MutableMessage(&body, kinds->field(i));
  }
  return all;
}

std::shared_ptr<const exchange::DirectoryEntry> EntryOf(const std::string& member) {
  for (const auto& entry : StoryAuthorities()) {
    if (entry->id == member) return entry;
  }
  ADD_FAILURE() << member << " is not listed";
  return std::make_shared<exchange::DirectoryEntry>();
}

exchange::v1::Packet LetterPacket(const std::string& sender, const std::string& recipient,
                                  const std::string& subject) {
  exchange::v1::Packet packet;
  packet.mutable_letter()->set_link(
      FirstLink(sender, recipient, policy::v1::CHANNEL_HANDOVER, subject).SerializeAsString());
  packet.mutable_letter()->set_withheld(exchange::v1::WITHHELD_REASON_CANCELLED);
  return packet;
}

exchange::v1::Letter LetterSaying(const exchange::v1::Body& body, const std::string& sender,
                                  const std::string& recipient, policy::v1::Channel channel,
                                  const std::string& subject) {
  exchange::v1::Letter letter;
  exchange::v1::Content& content = *letter.mutable_content();
  content.set_salt(std::string(32, 's'));
  content.set_body(body.SerializeAsString());
  exchange::v1::Link link = FirstLink(sender, recipient, channel, subject);
  link.set_commitment(adapters::MakeSodiumCrypto()->Digest(content.salt() + content.body()));
  letter.set_link(link.SerializeAsString());
  return letter;
}

exchange::BusRecord AsRead(const std::string& topic, const WireRecord& record) {
  return {topic, record.headers, record.value, absl::FromUnixMillis(record.timestamp_ms)};
}

WireRecord SealedBy(const std::string& signer, const exchange::DirectoryEntry& recipient,
                    const exchange::v1::Packet& packet, policy::v1::Channel channel) {
  const auto crypto = adapters::MakeSodiumCrypto();
  adapters::SodiumRandom random;
  adapters::SystemClock clock;
  exchange::Environment environment;
  environment.self = signer;
  environment.secrets.identity_key = KeysOf(signer).identity_secret_key();
  environment.crypto = crypto.get();
  environment.random = &random;
  environment.wall_clock = &clock;
  const exchange::BusRecord sealed = exchange::SealRecord(environment, recipient, channel, packet);
  return {sealed.headers, sealed.payload, absl::ToUnixMillis(sealed.timestamp), -1};
}

std::string BoundTo(const std::string& topic, const WireRecord& record) {
  std::string bound =
      exchange::Framed("exitbus.record.v1", {topic, absl::StrCat(record.timestamp_ms / 1000)});
  for (const auto& [name, value] : record.headers) {
    exchange::AppendFramed(bound, name);
    exchange::AppendFramed(bound, value);
  }
  return bound;
}

WireRecord SignedAnew(WireRecord record, const std::string& topic, const std::string& signer,
                      exchange::v1::Record content) {
  const auto crypto = adapters::MakeSodiumCrypto();
  const std::string bound = exchange::Framed(
      "exitbus.sealed-record.v1",
      {BoundTo(topic, record), content.sealing_key_id(), crypto->Digest(content.sealed())});
  content.set_signature(crypto->Sign(KeysOf(signer).identity_secret_key(), bound));
  record.value = content.SerializeAsString();
  return record;
}

WireRecord WithHeader(WireRecord record, const std::string& name, const std::string& value) {
  for (auto& [key, text] : record.headers) {
    if (key != name) continue;
    text = value;
    return record;
  }
  ADD_FAILURE() << "no header " << name;
  return record;
}

WireRecord WithFlippedBit(WireRecord record, double where) {
  const auto last = static_cast<double>(record.value.size() - 1);
  record.value[static_cast<std::size_t>(where * last)] ^= 1;
  return record;
}

}  // namespace exitbus::story
