// Planted values: a whole handover, and then every byte of the bus, of telemetry and of the stores
// is searched for what must not be there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/escaping.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

using testing::IsEmpty;

const std::vector<std::string> kPlanted = {"6101900001", "Canary Name", "Canary Street",
                                           "canary-measure", "canary-health"};

// The planted values found in `bytes`, plain, in hex or in base64.
std::set<std::string> Found(const std::string& bytes) {
  std::set<std::string> found;
  for (const std::string& value : kPlanted) {
    // Whatever stands before it, one of three alignments of base64 shows the middle of the value.
    for (std::size_t skip = 0; skip < 3; ++skip) {
      const std::string part = value.substr(skip, (value.size() - skip) / 3 * 3);
      if (bytes.find(absl::Base64Escape(part)) != std::string::npos) found.insert(value);
    }
    if (bytes.find(value) != std::string::npos ||
        bytes.find(absl::BytesToHexString(value)) != std::string::npos) {
      found.insert(value);
    }
  }
  return found;
}

std::string AllBytes(adapters::MemoryStore& store) {
  std::string bytes;
  for (int table = 0; table < exchange::kTableCount; ++table) {
    for (const auto& [key, value] : store.rows(static_cast<exchange::Table>(table))) {
      bytes += key + "\n" + value + "\n";
    }
  }
  return bytes;
}

std::string AllBytes(const exchange::BusRecord& record) {
  std::string bytes = record.topic + "\n" + record.payload + "\n";
  for (const auto& [name, value] : record.headers) bytes += name + "=" + value + "\n";
  return bytes;
}

class SeparationTest : public testing::Test {
 protected:
  SeparationTest() {
    case_id = EnrolledCase(world, ishoej);
    EXPECT_TRUE(world.Settle());
    const std::string id = Offered(world, ishoej, case_id, odense);
    EXPECT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
    EXPECT_TRUE(world.Settle());
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  Node& nec = world.Nec();
  std::string case_id;
};

TEST_F(SeparationTest, TheSearchFindsWhatIsThere) {
  EXPECT_EQ(Found("x Canary Name x").size(), 1U);
  EXPECT_EQ(Found(absl::BytesToHexString("ab6101900001")).size(), 1U);
  EXPECT_EQ(Found(absl::Base64Escape("y=canary-health")).size(), 1U);
  EXPECT_EQ(Found(absl::Base64Escape("yy=canary-health")).size(), 1U);
  EXPECT_THAT(Found("nothing"), IsEmpty());
}

TEST_F(SeparationTest, NothingAboutAPersonIsInTheClearOnTheBus) {
  int records = 0;
  for (const std::string& topic : world.broker.Topics()) {
    for (const exchange::BusRecord& record : world.broker.Records(topic)) {
      EXPECT_THAT(Found(AllBytes(record)), IsEmpty()) << topic;
      EXPECT_EQ(AllBytes(record).find(case_id), std::string::npos) << topic;
      ++records;
    }
  }
  EXPECT_GT(records, 15);
}

TEST_F(SeparationTest, NothingAboutAPersonIsInLogsMetricsOrHops) {
  for (Node* node : {&ishoej, &odense, &nec}) {
    EXPECT_FALSE(node->telemetry().hops().empty()) << node->id();
    EXPECT_THAT(Found(node->telemetry().Text()), IsEmpty()) << node->id();
    EXPECT_EQ(node->telemetry().Text().find(case_id), std::string::npos) << node->id();
  }
}

TEST_F(SeparationTest, NothingAboutAPersonIsReadableAtRest) {
  for (Node* node : {&ishoej, &odense, &nec}) {
    EXPECT_THAT(Found(AllBytes(node->store())), IsEmpty()) << node->id();
    EXPECT_THAT(Found(AllBytes(node->keys())), IsEmpty()) << node->id();
  }
}

TEST_F(SeparationTest, NecHoldsNameAndAuthorityAndNeitherAddressNorHealthNorCaseId) {
  const auto entry = OnlyEntry(nec);
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_THAT(Found(entry->DebugString()),
              testing::UnorderedElementsAre("6101900001", "Canary Name"));
  EXPECT_EQ(entry->DebugString().find(case_id), std::string::npos);
  EXPECT_EQ(entry->authority(), odense.id());
  EXPECT_EQ(entry->agreement_version(), 1U);
}

// What two readers' records have in common may be no more than source, channel, second, versions.
TEST_F(SeparationTest, WhatIsInTheClearJoinsNothing) {
  const std::set<std::string> may_repeat = {"ce_specversion", "ce_source", "ce_type", "ce_time",
                                            "content-type"};
  std::map<std::string, std::string> seen;  // value → where
  for (const std::string& topic : world.broker.Topics()) {
    for (const exchange::BusRecord& record : world.broker.Records(topic)) {
      EXPECT_EQ(absl::ToUnixNanos(record.timestamp) % 1'000'000'000, 0) << topic;
      for (const auto& [name, value] : record.headers) {
        if (may_repeat.contains(name)) continue;
        EXPECT_TRUE(seen.emplace(value, topic).second)
            << name << " joins " << topic << " and " << seen[value];
      }
    }
  }
  EXPECT_GT(seen.size(), 30U);
}

}  // namespace
}  // namespace exitbus::simulation
