// How a topic of the channel must be set up, and how one at the broker differs from that. No
// technology in it. Internal to this folder.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "adapters/kafka/kafka_admin.h"
#include "services/policy/access.h"

namespace exitbus::adapters {

// Kafka's names of settings to values.
using TopicSettings = std::map<std::string, std::string>;

// All that is set for each topic, whatever the broker's own defaults are.
TopicSettings SettingsOf(const policy::TopicSpec& topic, int replicas);

// Where `found` says otherwise, or nothing. Sorted by name.
std::vector<KafkaSetting> CompareSettings(const policy::TopicSpec& topic, int replicas,
                                          const TopicSettings& found);

// What `found` must become whole: ours as wanted, what somebody else set on the topic as it is.
TopicSettings Mended(const policy::TopicSpec& topic, int replicas, TopicSettings set_on_topic);

}  // namespace exitbus::adapters
