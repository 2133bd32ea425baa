#include "adapters/kafka/topic_settings.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace exitbus::adapters {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const policy::TopicSpec kTopic = {"exitbus.v1.nec.nec.national", absl::Hours(1)};

TEST(TopicSettingsTest, EachOneThatDriftedIsTold) {
  const TopicSettings good = SettingsOf(kTopic, 3);
  EXPECT_THAT(CompareSettings(kTopic, 3, good), IsEmpty());
  for (const auto& [name, value] : good) {
    TopicSettings found = good;
    found[name] = "";
    EXPECT_THAT(CompareSettings(kTopic, 3, found),
                ElementsAre(KafkaSetting{kTopic.name, name, "", value}));
    found.erase(name);
    EXPECT_THAT(CompareSettings(kTopic, 3, found),
                ElementsAre(KafkaSetting{kTopic.name, name, "", value}));
  }
}

TEST(TopicSettingsTest, OneBrokerMayBeAwayWhereThereAreSeveral) {
  EXPECT_EQ(SettingsOf(kTopic, 1).at("min.insync.replicas"), "1");
  EXPECT_EQ(SettingsOf(kTopic, 2).at("min.insync.replicas"), "1");
  EXPECT_EQ(SettingsOf(kTopic, 3).at("min.insync.replicas"), "2");
}

TEST(TopicSettingsTest, MendingKeepsWhatSomebodyElseSet) {
  const TopicSettings mended =
      Mended(kTopic, 1, {{"retention.bytes", "1000"}, {"segment.ms", "600000"}});
  EXPECT_EQ(mended.at("retention.bytes"), "-1");
  EXPECT_EQ(mended.at("retention.ms"), "3600000");
  EXPECT_EQ(mended.at("segment.ms"), "600000");
}

}  // namespace
}  // namespace exitbus::adapters
