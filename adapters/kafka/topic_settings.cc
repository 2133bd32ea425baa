#include "adapters/kafka/topic_settings.h"

#include <algorithm>

#include "absl/time/time.h"

namespace exitbus::adapters {

TopicSettings SettingsOf(const policy::TopicSpec& topic, int replicas) {
  return {
      // Old records go, by age alone: compaction would take letters of one key, and a bound by
      // size letters that nobody has read yet.
      {"cleanup.policy", "delete"},
      {"retention.ms", std::to_string(absl::ToInt64Milliseconds(topic.retention))},
      {"retention.bytes", "-1"},
      {"max.message.bytes", "1048576"},
      // Unpacked by the broker, which then refuses what is larger, and not by its readers.
      {"compression.type", "uncompressed"},
      // Whoever stamps further ahead has a wrong clock, and is told so by being refused.
      {"message.timestamp.after.max.ms", "300000"},
      // Of three brokers one may be away.
      {"min.insync.replicas", std::to_string(std::max(1, replicas - 1))},
  };
}

std::vector<KafkaSetting> CompareSettings(const policy::TopicSpec& topic, int replicas,
                                          const TopicSettings& found) {
  std::vector<KafkaSetting> differences;
  for (const auto& [name, wanted] : SettingsOf(topic, replicas)) {
    const auto at = found.find(name);
    if (at != found.end() && at->second == wanted) continue;
    differences.push_back({topic.name, name, at == found.end() ? "" : at->second, wanted});
  }
  return differences;
}

TopicSettings Mended(const policy::TopicSpec& topic, int replicas, TopicSettings set_on_topic) {
  for (auto& [name, value] : SettingsOf(topic, replicas)) set_on_topic[name] = value;
  return set_on_topic;
}

}  // namespace exitbus::adapters
