#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "adapters/memory/memory_directory.h"
#include "adapters/memory/recording_telemetry.h"
#include "adapters/memory/seeded_random.h"

namespace exitbus::adapters {
namespace {

using exchange::Severity;

TEST(SeededRandomTest, OneSeedOneSequence) {
  SeededRandom one(7);
  SeededRandom again(7);
  SeededRandom other(8);
  const std::string bytes = one.Bytes(33);
  EXPECT_EQ(bytes.size(), 33u);
  EXPECT_EQ(bytes, again.Bytes(33));
  EXPECT_NE(bytes, other.Bytes(33));
  EXPECT_NE(bytes, one.Bytes(33));
}

TEST(SeededRandomTest, FreshUuidIsOfVersionFour) {
  SeededRandom random(1);
  EXPECT_THAT(exchange::FreshUuid(random),
              testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                    "[0-9a-f]{12}"));
}

exchange::DirectoryEntry Entry(const std::string& id, const std::string& name) {
  exchange::DirectoryEntry entry;
  entry.id = id;
  entry.name = name;
  return entry;
}

TEST(MemoryDirectoryTest, FindsWhatIsListed) {
  MemoryDirectory directory;
  directory.Put(Entry("nec", "NEC"));
  directory.Put(Entry("municipality-0183", "Ishøj"));
  const auto found = directory.Find("nec");
  ASSERT_NE(found, nullptr);
  directory.Put(Entry("nec", "NEC's exit overview"));
  EXPECT_EQ(found->name, "NEC");
  EXPECT_EQ(directory.Find("nec")->name, "NEC's exit overview");
  EXPECT_EQ(directory.All().size(), 2u);
  directory.Remove("nec");
  directory.Remove("nobody");
  EXPECT_EQ(directory.Find("nec"), nullptr);
}

TEST(MemoryDirectoryTest, AnotherContentIsAnotherVersion) {
  MemoryDirectory directory;
  const auto first = directory.version();
  directory.Put(Entry("nec", "NEC"));
  const auto second = directory.version();
  directory.Remove("nobody");
  EXPECT_EQ(directory.version(), second);
  directory.Remove("nec");
  EXPECT_EQ((std::set{first, second, directory.version()}).size(), 3u);
}

TEST(RecordingTelemetryTest, RemembersWhatItWasTold) {
  RecordingTelemetry telemetry;
  telemetry.Log(Severity::kWarning, "bus.unavailable", {{"why", "refused"}});
  telemetry.Log(Severity::kInfo, "started", {});
  telemetry.Count("published", {{"priority", "urgent"}}, 2);
  telemetry.Count("published", {{"priority", "ordinary"}}, 1);
  telemetry.Set("queue", {}, 5);
  telemetry.Set("queue", {}, 4);
  telemetry.Record({"local-1", "case", "sent", absl::UnixEpoch(), ""});
  ASSERT_EQ(telemetry.LinesOf("bus.unavailable").size(), 1u);
  EXPECT_EQ(telemetry.LinesOf("bus.unavailable")[0].severity, Severity::kWarning);
  EXPECT_EQ(telemetry.lines().size(), 2u);
  EXPECT_EQ(telemetry.Total("published"), 3);
  EXPECT_EQ(telemetry.Total("published", {{"priority", "urgent"}}), 2);
  EXPECT_EQ(telemetry.Gauge("queue", {}), 4);
  ASSERT_EQ(telemetry.hops().size(), 1u);
  for (const char* told : {"why=refused", "priority=ordinary", "local-1", "queue"}) {
    EXPECT_THAT(telemetry.Text(), testing::HasSubstr(told));
  }
  telemetry.Clear();
  EXPECT_EQ(telemetry.Text(), "");
}

}  // namespace
}  // namespace exitbus::adapters
