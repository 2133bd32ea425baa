// No stored row takes a process down. What a damaged row belongs to is refused by name, everything
// else goes on, and when the row is restored nothing was lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/event_store.h"
#include "services/exchange/keys.h"
#include "services/exchange/meta_keys.h"
#include "services/exchange/transaction.h"
#include "services/exchange/vault.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/follower.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
using exchange::Table;
using testing::ElementsAre;

constexpr char kUnreadable[] = "store.unreadable";

absl::StatusOr<std::vector<std::string>> Listed(Node& node) {
  const auto answer = node.Call<cv1::ListCasesResponse>("exitbus.casework.v1.CaseService.ListCases",
                                                        cv1::ListCasesRequest());
  if (!answer.ok()) return answer.status();
  std::vector<std::string> ids;
  for (const Case& one : answer->cases()) ids.push_back(one.case_id());
  return ids;
}

absl::Status OpenAnother(World& world, Node& node, const std::string& cpr) {
  cv1::OpenCaseRequest open;
  open.set_request_id(world.RequestId());
  open.mutable_person()->set_cpr_number(cpr);
  open.mutable_person()->set_name("Canary Name");
  return node.Call<cv1::OpenCaseResponse>("exitbus.casework.v1.CaseService.OpenCase", open)
      .status();
}

void Damage(adapters::MemoryStore& store, Table table, const std::string& key,
            const std::string& value) {
  ASSERT_TRUE(store.Commit(exchange::Durability::kDurable, {{table, key, value}}).ok());
}

// The erasure scope of a case's file, and the key of its state.
std::string UnitOfCase(Node& node, const std::string& case_id) {
  for (const auto& [key, value] : node.store().rows(Table::kIndex)) {
    const auto named = exchange::IndexKey::Decode(key);
    const auto name = exchange::KindName::Decode(named->name);
    if (name->name == case_id) return exchange::StateKey{named->aggregate, value}.Encode();
  }
  ADD_FAILURE() << "no such case";
  return "";
}

class DamagedRowsTest : public testing::Test {
 protected:
  DamagedRowsTest() {
    first = EnrolledCase(world, ishoej);
    second = EnrolledCase(world, ishoej, "6101900002");
    handover_id = Accepted(world, ishoej, first, odense);
    EXPECT_TRUE(world.Settle());
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  Node& nec = world.Nec();
  std::string first;
  std::string second;
  std::string handover_id;
};

// Whoever writes to the disk and has no keys puts a row in another's place: it is not shown as
// that.
TEST_F(DamagedRowsTest, ARowCopiedOverAnothersPlaceIsUnreadableThere) {
  const auto stored = [&](Table table, const std::string& key) {
    return ishoej.store().rows(table).at(key);
  };
  const std::string first_state = UnitOfCase(ishoej, first);
  const std::string second_state = UnitOfCase(ishoej, second);
  const std::string its_own = stored(Table::kStates, first_state);
  Damage(ishoej.store(), Table::kStates, first_state, stored(Table::kStates, second_state));
  EXPECT_EQ(RuleOf(GetCase(ishoej, first).status()), kUnreadable);
  EXPECT_EQ(RuleOf(RevokeConsent(world, ishoej, first).status()), kUnreadable);
  EXPECT_TRUE(GetCase(ishoej, second).ok());
  EXPECT_THAT(*Listed(ishoej), ElementsAre(second));
  Damage(ishoej.store(), Table::kStates, first_state, its_own);
  EXPECT_TRUE(GetCase(ishoej, first).ok());
  // The index lies in the clear, and leads to what says of itself that it is meant.
  for (const auto& [key, value] : ishoej.store().rows(Table::kIndex)) {
    if (!key.ends_with(first)) continue;
    Damage(ishoej.store(), Table::kIndex, key, exchange::StateKey::Decode(second_state)->id);
    break;
  }
  EXPECT_EQ(RuleOf(GetCase(ishoej, first).status()), kUnreadable);
  EXPECT_TRUE(GetCase(ishoej, second).ok());
}

// The index lies in the clear: what it says is an id may be none, and no place for rows.
TEST_F(DamagedRowsTest, AnIdWithTheSeparatorOfKeysIsUnreadable) {
  for (const auto& [key, value] : std::map(ishoej.store().rows(Table::kIndex))) {
    if (key.ends_with(first)) Damage(ishoej.store(), Table::kIndex, key, "not/an-id");
  }
  EXPECT_EQ(RuleOf(GetCase(ishoej, first).status()), kUnreadable);
  EXPECT_EQ(RuleOf(RevokeConsent(world, ishoej, first).status()), kUnreadable);
  EXPECT_THAT(*Listed(ishoej), ElementsAre(second));
  EXPECT_TRUE(RevokeConsent(world, ishoej, second).ok());
  ishoej.Crash();
  ishoej.Start();
  EXPECT_EQ(RuleOf(GetCase(ishoej, first).status()), kUnreadable);
  EXPECT_TRUE(GetCase(ishoej, second).ok());
}

// More than are looked at in one tick, and all of them come before what is due.
TEST_F(DamagedRowsTest, TimersThatAreNoneHoldUpNoOther) {
  for (int i = 0; i < 150; ++i) {
    Damage(ishoej.store(), Table::kTimers, std::string(8, '\0') + "none" + std::to_string(i), "");
  }
  const auto entries = [&] {
    exchange::Transaction transaction(&ishoej.store());
    return exchange::JournalHeadOf(transaction).sequence;
  };
  const std::uint64_t before = entries();
  world.Skip(absl::Hours(25));
  world.Pass(absl::Seconds(5));
  EXPECT_GT(entries(), before) << "the daily checkpoint was due";
  EXPECT_EQ(ishoej.telemetry().Gauge("store.unreadable", {{"table", "timers"}}), 150);
}

// Every kind of row, altered in each of these routes, one at a time.
TEST_F(DamagedRowsTest, AnyRowMayBeDamagedAndTheProcessStartsAndAnswers) {
  nec.Crash();  // what is listed to it every day would show that the store is put back each time
  const auto store = ishoej.store().Snapshot();
  const auto keys = ishoej.keys().Snapshot();
  int rows = 0;
  int refused = 0;
  const auto go_on = [&](absl::Duration how_long) {
    const auto listed = Listed(ishoej);
    for (const absl::Status& answer :
         {GetCase(ishoej, first).status(), GetCase(ishoej, second).status(), listed.status(),
          OpenAnother(world, ishoej, "6101900003"),
          RevokeConsent(world, ishoej, second).status()}) {
      if (!answer.ok()) {
        EXPECT_THAT(RuleOf(answer),
                    testing::AnyOf(kUnreadable, "service.store_unavailable", "resource.not_found"));
        ++refused;
      }
    }
    Follower follower(ishoej, kWatchCases);
    follower.Begin();
    world.Skip(absl::Hours(24 * 40));  // deadlines, checkpoints, housekeeping
    world.Pass(how_long);
    EXPECT_TRUE(ishoej.running());
  };
  for (int i = 0; i < exchange::kTableCount; ++i) {
    const auto table = static_cast<Table>(i);
    const bool of_keys = table == Table::kKeys;
    int taken = 0;
    for (const auto& [key, value] : (of_keys ? *keys : *store).rows(table)) {
      if (++taken > 2) break;
      std::string flipped = value;
      if (!flipped.empty()) flipped[flipped.size() / 2] ^= 0x55;
      for (const std::string& damaged :
           {std::string("\xff\xff\xff"), std::string("a/b"), std::string(), flipped}) {
        SCOPED_TRACE(std::string(exchange::TableName(table)) + " row " + std::to_string(taken));
        ishoej.keys()
            .Commit(exchange::Durability::kDurable,
                    {{Table::kKeys, key, of_keys ? std::optional(damaged) : std::nullopt}})
            .IgnoreError();
        auto copy = store->Snapshot();
        if (!of_keys) Damage(*copy, table, key, damaged);
        ishoej.Restore(std::move(copy));
        go_on(taken == 1 ? absl::Hours(1) : absl::Seconds(10));  // housekeeping is hourly
        for (const auto& [unit, wrapped] : keys->rows(Table::kKeys)) {
          Damage(ishoej.keys(), Table::kKeys, unit, wrapped);
        }
        ++rows;
      }
    }
  }
  // Keys that are none of ours, shorter than any.
  for (int i = 0; i < exchange::kTableCount; ++i) {
    for (const char* key : {"a", "gone/"}) {
      SCOPED_TRACE(std::string(exchange::TableName(static_cast<Table>(i))) + " key " + key);
      auto copy = store->Snapshot();
      Damage(*copy, static_cast<Table>(i), key, "\xff");
      ishoej.Restore(std::move(copy));
      go_on(absl::Seconds(10));
    }
  }
  EXPECT_GT(rows, 60);
  EXPECT_GT(refused, 10);
}

TEST_F(DamagedRowsTest, TheCaseOfAnUnreadableStateIsRefusedByNameAndTheOthersGoOn) {
  const std::string unit = UnitOfCase(ishoej, first);
  const std::string row = ishoej.store().rows(Table::kStates).at(unit);
  Damage(ishoej.store(), Table::kStates, unit, "\xff");
  ishoej.Crash();
  ishoej.Start();

  EXPECT_EQ(RuleOf(GetCase(ishoej, first).status()), kUnreadable);
  EXPECT_TRUE(absl::IsDataLoss(RevokeConsent(world, ishoej, first).status()));
  EXPECT_TRUE(GetCase(ishoej, second).ok());
  EXPECT_TRUE(RevokeConsent(world, ishoej, second).ok());
  EXPECT_THAT(*Listed(ishoej), ElementsAre(second));
  EXPECT_TRUE(OpenAnother(world, ishoej, "6101900003").ok());
  // Named once, by no id, and counted.
  ASSERT_EQ(ishoej.telemetry().LinesOf(kUnreadable).size(), 1U);
  EXPECT_EQ(ishoej.telemetry().Gauge(kUnreadable, {{"table", "states"}}), 1);
  EXPECT_EQ(ishoej.telemetry().Text().find(unit), std::string::npos);

  // What comes for it meanwhile waits, and is applied once the row is back.
  ASSERT_TRUE(Do(world, odense, "RejectHandover", handover_id).ok());
  world.Pass(absl::Hours(3));
  EXPECT_EQ(ishoej.telemetry().Total("letters.refused_by_peer"), 0);
  EXPECT_GT(odense.unreceipted(), 0U);
  Damage(ishoej.store(), Table::kStates, unit, row);
  ishoej.Crash();
  ishoej.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(ishoej, handover_id)->stage(), handover::v1::HANDOVER_STAGE_REJECTED);
  EXPECT_THAT(ishoej.store().rows(Table::kParked), testing::IsEmpty());
}

TEST_F(DamagedRowsTest, ACaseWhoseKeyIsGoneIsRefusedAndGetsNoOther) {
  const std::string unit = UnitOfCase(ishoej, first);
  ASSERT_TRUE(ishoej.keys()
                  .Commit(exchange::Durability::kDurable, {{Table::kKeys, unit, std::nullopt}})
                  .ok());
  ishoej.Crash();
  ishoej.Start();
  EXPECT_EQ(RuleOf(GetCase(ishoej, first).status()), kUnreadable);
  EXPECT_EQ(RuleOf(RevokeConsent(world, ishoej, first).status()), kUnreadable);
  EXPECT_THAT(*Listed(ishoej), ElementsAre(second));
  EXPECT_TRUE(OpenAnother(world, ishoej, "6101900003").ok());
  EXPECT_FALSE(ishoej.keys().rows(Table::kKeys).contains(unit));
}

// How much of a peer's waits, and how much it has begun today, bounds it and is no letter of its.
TEST_F(DamagedRowsTest, ADamagedCountOfWhatAPeerSentStopsNothingOfIt) {
  const auto damage_count = [&](exchange::Meta count) {
    Damage(ishoej.store(), Table::kMeta, exchange::MetaKey{count, odense.id()}.Encode(), "\xff");
  };
  const auto requested = Request(world, ishoej, second, odense);
  ASSERT_TRUE(requested.ok());
  ASSERT_TRUE(world.Settle());
  const std::string unit = UnitOfCase(ishoej, second);
  const std::string row = ishoej.store().rows(Table::kStates).at(unit);
  Damage(ishoej.store(), Table::kStates, unit, "\xff");
  damage_count(exchange::Meta::kParkedExtent);
  damage_count(exchange::Meta::kNewSubjects);
  ishoej.Crash();
  ishoej.Start();
  world.Pass(absl::Seconds(2));
  ASSERT_TRUE(Do(world, odense, "AgreeTerms", requested->handover_id()).ok());
  ASSERT_TRUE(Do(world, odense, "RejectHandover", requested->handover_id()).ok());
  ASSERT_TRUE(Do(world, odense, "RejectHandover", handover_id).ok());
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(GetHandover(ishoej, handover_id)->stage(), handover::v1::HANDOVER_STAGE_REJECTED);
  EXPECT_THAT(ishoej.store().rows(Table::kParked), testing::Not(testing::IsEmpty()))
      << "what needs the other case";

  Damage(ishoej.store(), Table::kStates, unit, row);
  damage_count(exchange::Meta::kParkedExtent);
  ishoej.Crash();
  ishoej.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(ishoej, requested->handover_id())->stage(),
            handover::v1::HANDOVER_STAGE_REJECTED);
  EXPECT_THAT(ishoej.store().rows(Table::kParked), testing::IsEmpty());
}

TEST_F(DamagedRowsTest, DeadlinesOfOthersAreMet) {
  const auto requested = Request(world, ishoej, second, odense);
  ASSERT_TRUE(requested.ok());
  ASSERT_TRUE(world.Settle());
  Damage(ishoej.store(), Table::kStates, UnitOfCase(ishoej, first), "\xff");
  Damage(ishoej.store(), Table::kTimers, std::string(8, '\0') + "nothing of ours", "");
  Damage(ishoej.store(), Table::kTimers, std::string(8, '\0') + "another/version's/deadline", "");
  Damage(ishoej.store(), Table::kTimers, std::string(8, '\0') + "operators/own/x", "");
  Damage(ishoej.store(), Table::kMeta, "unaddressed/municipality-0751", "\xff");
  ishoej.Crash();
  ishoej.Start();
  world.Skip(absl::Hours(24 * 20));
  EXPECT_TRUE(GetHandover(ishoej, requested->handover_id())->escalated());
}

TEST_F(DamagedRowsTest, AnUnreadableLetterInTheOutboxHoldsUpNoOther) {
  world.broker.Stop();
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", handover_id).ok());
  Damage(ishoej.store(), Table::kOutbox, ishoej.store().rows(Table::kOutbox).begin()->first,
         "\xff");
  const auto requested = Request(world, ishoej, second, odense);
  ASSERT_TRUE(requested.ok());
  ishoej.Crash();
  ishoej.Start();
  world.broker.Start();
  world.Pass(absl::Hours(3));
  EXPECT_TRUE(GetHandover(odense, requested->handover_id()).ok());
  EXPECT_EQ(GetHandover(odense, handover_id)->stage(), handover::v1::HANDOVER_STAGE_ACCEPTED);
}

TEST_F(DamagedRowsTest, ALetterThatCannotBeMadeIsNotSentAndItIsSaidWhy) {
  world.broker.Stop();
  ASSERT_TRUE(Request(world, ishoej, second, odense).ok());
  const auto [key, right] = *ishoej.store().rows(Table::kOutbox).begin();
  store::v1::OutboxRow row;
  ASSERT_TRUE(row.ParseFromString(right));
  const auto content = [&](const std::string& bytes) {
    store::v1::OutboxRow altered = row;
    altered.set_sealed_content(
        ishoej.environment().vault->Encrypt(row.scope(), {Table::kOutbox, key}, bytes));
    return altered.SerializeAsString();
  };
  const std::string no_content = content("\xff");
  exchange::v1::Content no_body;
  no_body.set_body("\xff");
  const std::string content_of_no_body = content(no_body.SerializeAsString());
  exchange::v1::Content no_kind;
  no_kind.set_body("");
  const std::string content_of_no_kind = content(no_kind.SerializeAsString());
  row.set_aggregate("of another kind of authority");
  world.broker.Start();
  for (const auto& [altered, why] :
       {std::pair<std::string, std::string>{row.SerializeAsString(), "outbox.not_ours"},
        {no_content, "outbox.not_parsed"},
        {content_of_no_body, "outbox.not_parsed"},
        {content_of_no_kind, "outbox.no_kind"}}) {
    Damage(ishoej.store(), Table::kOutbox, key, altered);
    ishoej.telemetry().Clear();
    ishoej.Crash();
    ishoej.Start();
    world.Pass(absl::Minutes(1));
    const auto lines = ishoej.telemetry().LinesOf("relay.not_sent");
    ASSERT_FALSE(lines.empty());
    EXPECT_EQ(lines.back().fields, (exchange::Labels{{"why", why}}));
  }
  Damage(ishoej.store(), Table::kOutbox, key, right);
  ishoej.Crash();
  ishoej.Start();
  EXPECT_TRUE(world.Settle()) << "nothing was lost";
}

TEST_F(DamagedRowsTest, AWatchGoesOnWithoutTheUnreadableCase) {
  const std::string unit = UnitOfCase(ishoej, first);
  const std::string row = ishoej.store().rows(Table::kStates).at(unit);
  Damage(ishoej.store(), Table::kStates, unit, "\xff");
  ishoej.Crash();
  ishoej.Start();
  ishoej.Serve();
  Follower follower(ishoej, kWatchCases);
  follower.Begin();
  follower.CatchUp();
  EXPECT_THAT(follower.Story(), ElementsAre("snapshot", "case " + second, "caught up"));
  EXPECT_TRUE(RevokeConsent(world, ishoej, second).ok());
  follower.CatchUp();
  EXPECT_EQ(follower.last().id, second);
  EXPECT_TRUE(follower.under_way());
  // Its client has taken it for gone, and is told once it is back.
  for (int i = 0; i < 2; ++i) {
    Damage(ishoej.store(), Table::kStates, unit, row);
    ishoej.Crash();
    ishoej.Start();
    ishoej.Serve();
    follower.Begin();
    follower.CatchUp();
    EXPECT_THAT(follower.Story(), testing::Contains("case " + first).Times(i == 0 ? 1 : 0));
  }
}

// An account that leaves something out unsaid would be a wrong one.
TEST_F(DamagedRowsTest, AnAccountWithAnUnreadableRowIsRefused) {
  const auto& rows = ishoej.store().rows(Table::kDisclosures);
  const std::string unit = UnitOfCase(ishoej, first);
  const auto of_first = std::find_if(rows.begin(), rows.end(), [&](const auto& row) {
    return exchange::DisclosureKey::Decode(row.first)->scope == unit;
  });
  ASSERT_NE(of_first, rows.end());
  Damage(ishoej.store(), Table::kDisclosures, of_first->first, "\xff");
  const auto account = [&](const std::string& case_id) {
    cv1::GetAccountRequest request;
    request.set_case_id(case_id);
    return ishoej.Call<cv1::GetAccountResponse>("exitbus.casework.v1.CaseService.GetAccount",
                                                request);
  };
  EXPECT_EQ(RuleOf(account(first).status()), kUnreadable);
  EXPECT_TRUE(account(second).ok());
  EXPECT_TRUE(GetCase(ishoej, first).ok());
}

}  // namespace
}  // namespace exitbus::simulation
