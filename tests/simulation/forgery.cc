#include "tests/simulation/forgery.h"

#include <gtest/gtest.h>

#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/post_commit_actions.h"
#include "services/exchange/sealing.h"
#include "services/exchange/statements.h"

namespace exitbus::simulation {
namespace {

using exchange::Table;

exchange::CorrespondenceId CorrespondenceOf(const Forgery& forgery) {
  return {forgery.channel, forgery.reader.id(), forgery.subject};
}

store::v1::CorrespondenceOut OutOf(const Forgery& forgery) {
  store::v1::CorrespondenceOut out;
  const auto& rows = forgery.author.store().rows(Table::kCorrespondencesOut);
  const auto row = rows.find(CorrespondenceOf(forgery).Encode());
  if (row != rows.end()) {
    EXPECT_TRUE(out.ParseFromString(row->second));
  }
  return out;
}

exchange::v1::Letter LetterOf(const Forgery& forgery) {
  exchange::Environment& environment = forgery.author.environment();
  const store::v1::CorrespondenceOut out = OutOf(forgery);
  exchange::v1::Letter letter;
  exchange::v1::Content& content = *letter.mutable_content();
  content.set_salt(environment.random->Bytes(32));
  content.set_body(forgery.body.SerializeAsString());
  exchange::v1::Link link;
  link.set_sender(forgery.author.id());
  link.set_recipient(forgery.reader.id());
  link.set_channel(forgery.channel);
  link.set_subject(forgery.subject);
  link.set_number(out.last_number() + 1);
  link.set_previous_digest(out.head_digest());
  link.set_commitment(environment.crypto->Digest(content.salt() + content.body()));
  letter.set_link(link.SerializeAsString());
  return letter;
}

}  // namespace

exchange::BusRecord Record(const std::vector<Forgery>& forgeries) {
  exchange::v1::Packet packet;
  for (const Forgery& forgery : forgeries) {
    *packet.mutable_letters()->add_letters() = LetterOf(forgery);
  }
  const Forgery& first = forgeries.front();
  const exchange::Environment& environment = first.author.environment();
  return exchange::SealRecord(environment, *environment.directory->Find(first.reader.id()),
                              first.channel, packet);
}

void Forge(World& world, const Forgery& forgery) {
  const exchange::v1::Letter letter = LetterOf(forgery);
  store::v1::CorrespondenceOut out = OutOf(forgery);
  out.set_last_number(out.last_number() + 1);
  out.set_head_digest(world.crypto->Digest(letter.link()));
  ASSERT_TRUE(forgery.author.store()
                  .Commit(exchange::Durability::kDurable,
                          {{Table::kCorrespondencesOut, CorrespondenceOf(forgery).Encode(),
                            out.SerializeAsString()}})
                  .ok());
  exchange::v1::Packet packet;
  *packet.mutable_letter() = letter;
  const exchange::Environment& environment = forgery.author.environment();
  world.broker.Append(exchange::SealRecord(
      environment, *environment.directory->Find(forgery.reader.id()), forgery.channel, packet));
  world.executor.RunUntilIdle();
}

std::string SignedBy(Node& author, const exchange::v1::Statement& statement) {
  return exchange::KeyedStatements(&author.environment()).Sign(statement);
}

absl::StatusOr<std::string> StateIn(Node& node, const std::string& key, const std::string& bytes) {
  store::v1::StateRow row;
  if (!row.ParseFromString(bytes)) return absl::DataLossError("not a row");
  return node.environment().vault->Decrypt(row.scope(), {Table::kStates, key, row.version()},
                                           row.sealed_state());
}

std::vector<std::pair<std::string, std::string>> StatesAt(Node& node,
                                                          const std::string& aggregate) {
  std::vector<std::pair<std::string, std::string>> states;
  for (const auto& [key, value] : node.store().rows(Table::kStates)) {
    const auto place = exchange::StateKey::Decode(key);
    if (place->aggregate != aggregate) continue;
    const auto plain = StateIn(node, key, value);
    EXPECT_TRUE(plain.ok()) << plain.status();
    states.emplace_back(place->id, plain.value_or(""));
  }
  return states;
}

casework_journal::v1::CaseFile NewestFile(Node& node, const std::string& case_id) {
  casework_journal::v1::CaseFile found;
  for (const auto& file : StatesAt<casework_journal::v1::CaseFile>(node, "file")) {
    if (file.case_id() == case_id && file.number() >= found.number()) found = file;
  }
  return found;
}

}  // namespace exitbus::simulation
