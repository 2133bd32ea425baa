// What another version of the program sends, or a peer that means ill: rightly signed and sealed.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "exitbus/store/v1/waiting.pb.h"
#include "services/exchange/correspondence.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/sealing.h"
#include "services/exchange/transaction.h"
#include "services/exchange/vault.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {

// A store of tests knows how to fail; these do not.
inline void Write(Node& node, exchange::Table table, const std::string& key,
                  const std::string& value) {
  ASSERT_TRUE(node.store().Commit(exchange::Durability::kDurable, {{table, key, value}}).ok());
}

// What Ishøj's program could send Odense's, rightly signed and sealed.
class FromOutsideTest : public testing::Test {
 protected:
  // Under a subject of its own; a kind that Odense's version does not know unless it has one.
  exchange::v1::Letter LetterOf(const std::string& subject, exchange::v1::Body body,
                                std::uint64_t number = 1, const std::string& previous_digest = "") {
    body.set_message_id("m-1");
    *body.mutable_registered() = exchange::ToProto(world.clock.Now());
    *body.mutable_valid_from() = body.registered();
    body.set_purpose(policy::v1::PURPOSE_HANDOVER);
    body.set_legal_basis(policy::v1::LEGAL_BASIS_FVL28);
    exchange::v1::Letter letter;
    exchange::v1::Content& content = *letter.mutable_content();
    content.set_salt(std::string(32, 's'));
    content.set_body(body.SerializeAsString());
    exchange::v1::Link link;
    link.set_sender(sender->id());
    link.set_recipient(odense.id());
    link.set_channel(policy::v1::CHANNEL_HANDOVER);
    link.set_subject(subject);
    link.set_number(number);
    link.set_previous_digest(previous_digest);
    link.set_commitment(world.crypto->Digest(content.salt() + content.body()));
    letter.set_link(link.SerializeAsString());
    return letter;
  }
  static void AddUnknown(google::protobuf::Message& message, std::size_t bytes = 10) {
    message.GetReflection()->MutableUnknownFields(&message)->AddLengthDelimited(
        19999, std::string(bytes, 'n'));
  }
  static exchange::v1::Body OfANewerVersion(std::size_t bytes = 10) {
    exchange::v1::Body body;
    AddUnknown(body, bytes);
    return body;
  }
  exchange::v1::Body ARequest() {
    exchange::v1::Body body;
    handover::v1::HandoverRequested& requested = *body.mutable_handover_requested();
    requested.set_reason(handover::v1::HANDOVER_REASON_RELOCATION);
    requested.set_contact_id("c-1");
    *requested.mutable_expected() = exchange::ToProto(world.clock.Now());
    *requested.mutable_due() = exchange::ToProto(world.clock.Now() + absl::Hours(100));
    return body;
  }
  // About a handover that is not known, it waits for that.
  exchange::v1::Body ARecall() {
    exchange::v1::Body body;
    *body.mutable_handover_recalled()->mutable_recalled() = exchange::ToProto(world.clock.Now());
    return body;
  }
  // Refused, by whoever has no business with it.
  static exchange::v1::Body ANudge() {
    exchange::v1::Body body;
    body.mutable_handover_nudged();
    return body;
  }

  void Publish(const exchange::v1::Packet& packet) {
    world.broker.Append(exchange::SealRecord(sender->environment(),
                                             *world.directory.Find(odense.id()),
                                             policy::v1::CHANNEL_HANDOVER, packet));
    world.executor.RunUntilIdle();
  }
  void Publish(const exchange::v1::Letter& letter) {
    exchange::v1::Packet packet;
    *packet.mutable_letter() = letter;
    Publish(packet);
  }
  // Odense is upgraded: what the first parked letter holds is a kind that is known now.
  void KnowsNow(const exchange::v1::Letter& letter) {
    const auto [key, value] = *odense.store().rows(exchange::Table::kParked).begin();
    store::v1::ParkedLetter row;
    ASSERT_TRUE(row.ParseFromString(value));
    row.set_sealed_letter(odense.environment().vault->Encrypt(
        exchange::kAuthorityScope, {exchange::Table::kParked, key}, letter.SerializeAsString()));
    Write(odense, exchange::Table::kParked, key, row.SerializeAsString());
    odense.Crash();
    odense.Start();
  }
  std::size_t Rows(exchange::Table table) { return odense.store().rows(table).size(); }
  // How far Odense has taken what Ishøj sent.
  std::uint64_t Taken(const std::string& subject) {
    exchange::Transaction transaction(&odense.store());
    return exchange::InOf(transaction, {policy::v1::CHANNEL_HANDOVER, ishoej.id(), subject})
        .through();
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  Node* sender = &ishoej;
};

}  // namespace exitbus::simulation
