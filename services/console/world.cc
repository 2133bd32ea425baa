#include "services/console/world.h"

#include <algorithm>

#include "exitbus/operations/v1/trace.pb.h"
#include "services/exchange/ports/directory.h"
#include "services/policy/topics.h"

namespace exitbus::console {

std::optional<std::int64_t> UnreadIn(const World& world, const std::string& reader,
                                     policy::v1::Channel channel, const std::string& topic) {
  const Told* told = world.reports.Find(reader);
  if (told == nullptr || told->standing == nullptr || !world.broker) return std::nullopt;
  const auto found = world.broker->topics.find(topic);
  if (found == world.broker->topics.end() || found->second.end < 0) return std::nullopt;
  const std::int64_t end = found->second.end;
  for (const auto& standing : told->standing->channels()) {
    if (standing.channel() != channel || !standing.has_next_offset()) continue;
    return std::max<std::int64_t>(0, end - standing.next_offset());
  }
  return end;  // it has taken none
}

void NoteUnread(World& world, absl::Time now) {
  for (const auto& entry : world.directory->All()) {
    for (const policy::v1::Channel channel : policy::ChannelsReadBy(entry->kind)) {
      const std::string topic = policy::TopicName(channel, entry->kind, entry->code);
      const std::int64_t unread = UnreadIn(world, entry->id, channel, topic).value_or(0);
      if (unread == 0) {
        world.unread.erase(topic);
        continue;
      }
      const std::int64_t end = world.broker->topics.at(topic).end;
      const auto [known, is_new] = world.unread.try_emplace(topic, Unread{now, end});
      if (!is_new && end - unread >= known->second.through) known->second = {now, end};
    }
  }
}

}  // namespace exitbus::console
