#include "services/exchange/announcer.h"

#include <algorithm>
#include <utility>

#include "exitbus/exchange/v1/keys.pb.h"
#include "services/exchange/environment.h"
#include "services/exchange/membership.h"
#include "services/exchange/ports/bus.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/publisher.h"
#include "services/exchange/sealing.h"
#include "services/policy/topics.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;

// Whether the one may seal something to the other: a letter, or a receipt for one.
bool Correspond(pv1::AuthorityKind one, pv1::AuthorityKind other) {
  const auto& routes = policy::AllTopicRoutes();
  return std::any_of(routes.begin(), routes.end(), [&](const policy::TopicRoute& route) {
    const bool carries_letters =
        route.channel != pv1::CHANNEL_DIRECTORY && route.channel != pv1::CHANNEL_RECEIPT;
    return carries_letters &&
           ((route.from == one && route.to == other) || (route.from == other && route.to == one));
  });
}

}  // namespace

void Announcer::ToAll() {
  next_round_ = environment_->wall_clock->Now() + kEvery;
  for (const auto& entry : environment_->directory->All()) To(entry->id);
}

void Announcer::To(const std::string& peer) {
  const auto self = environment_->directory->Find(environment_->self);
  const auto entry = environment_->directory->Find(peer);
  if (self && entry && peer != environment_->self && Correspond(self->kind, entry->kind)) {
    due_.insert(peer);
  }
}

void Announcer::Remind(const std::string& peer) {
  const absl::Time now = environment_->wall_clock->Now();
  absl::Time& last = reminded_.try_emplace(peer, absl::InfinitePast()).first->second;
  if (now - last < kRemindedEvery) return;
  last = now;
  To(peer);
}

void Announcer::Tick() {
  if (environment_->wall_clock->Now() < next_round_) return;
  ToAll();
  Flush();
}

void Announcer::Flush() {
  if (!environment_->publisher->open()) return;  // again when it is
  // Whoever takes no part is told when it does.
  for (const std::string& peer : std::exchange(due_, {})) {
    if (MayWriteTo(*environment_, peer)) Publish(peer);
  }
}

void Announcer::Publish(const std::string& peer) {
  const SealingKey& newest = environment_->secrets.sealing.front();
  v1::KeyAnnounced announced;
  announced.set_sealing_key(newest.pair.public_key);
  *announced.mutable_created() = ToProto(newest.created);
  environment_->publisher->Publish(
      Priority::kOrdinary,
      AnnounceRecord(*environment_, *environment_->directory->Find(peer), announced),
      [this, peer](absl::StatusOr<PublishedAt> result) {
        if (result.ok()) return;
        due_.insert(peer);
        if (std::exchange(retry_is_posted_, true)) return;
        environment_->executor->PostAfter(kRetryAfter, [this] {
          retry_is_posted_ = false;
          Flush();
        });
      });
}

}  // namespace exitbus::exchange
