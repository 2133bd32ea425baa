#include "services/exchange/stream_orders.h"

#include <cstddef>
#include <set>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "exitbus/recovery_journal/v1/journal.pb.h"
#include "services/exchange/environment.h"
#include "services/exchange/keys.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/standstills.h"
#include "services/exchange/unit_of_work.h"
#include "services/policy/readers.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;
namespace rv1 = recovery::v1;

constexpr std::uint32_t kPauseMinutesMax = 60;
constexpr std::uint32_t kMaintenanceMinutesMax = 240;
constexpr absl::Duration kRetriedEvery = absl::Minutes(1);
constexpr std::size_t kPage = 100;  // a row may hold a megabyte
constexpr char kRetried[] = "retry_letters";

// Over `security` police units tell each other of a threat, over `case` they tell precautions; and
// without receipts the others would publish for ever.
bool MayBePaused(pv1::Channel channel) {
  static const auto* const may =
      new std::set<pv1::Channel>{pv1::CHANNEL_HANDOVER, pv1::CHANNEL_RELOCATION, pv1::CHANNEL_NEC,
                                 pv1::CHANNEL_DIRECTORY, pv1::CHANNEL_EVIDENCE};
  return may->contains(channel);
}

std::string Named(pv1::Channel channel) { return std::string(policy::ChannelName(channel)); }

std::string Told(absl::Time time) {
  return absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone());
}

std::size_t Unreceipted(UnitOfWork& work, const std::string& peer) {
  std::size_t rows = 0;
  for (int channel = 1; channel <= pv1::Channel_MAX; ++channel) {
    work.transaction().ForEach(
        Table::kOutbox, OutboxAddress{channel, peer}.Prefix(), [&](const Row&) { ++rows; }, kPage);
  }
  return rows;
}

}  // namespace

rv1::OrderResult Pause(UnitOfWork& work, const Service& service, const rv1::Order& order) {
  const pv1::Channel channel = order.pause_channel().channel();
  const std::uint32_t minutes = order.pause_channel().minutes();
  if (!MayBePaused(channel)) {
    return RefusedOrder("pause.not_this_channel",
                        "handover, relocation, nec, directory and evidence can be paused. Over "
                        "security and case goes what protects people.");
  }
  if (minutes == 0 || minutes > kPauseMinutesMax) {
    return RefusedOrder("pause.minutes",
                        "A pause lasts 1 to 60 minutes, and ends by itself. Order another one "
                        "then, if it has to be.");
  }
  const absl::Time until = work.environment().wall_clock->Now() + absl::Minutes(minutes);
  RecordAct(work, service, order, {Standstills::kPaused, {}, "", channel, until});
  work.actions().ordered = true;
  return CarriedOut(absl::StrCat("letters over ", Named(channel), " wait until ", Told(until),
                                 ", in their order; whoever works with this service sees that"));
}

rv1::OrderResult Resume(UnitOfWork& work, const Service& service, const rv1::Order& order) {
  const pv1::Channel channel = order.resume_channel();
  if (!work.environment().standstills->IsPaused(channel)) {
    return RefusedOrder("pause.none", "This channel is not paused.");
  }
  RecordAct(work, service, order, {Standstills::kResumed, {}, "", channel});
  work.actions().ordered = true;
  return CarriedOut(absl::StrCat("letters over ", Named(channel), " leave"));
}

rv1::OrderResult Retry(UnitOfWork& work, const Service& service, const rv1::Order& order) {
  const std::string& peer = order.retry_letters().peer();
  if (work.environment().directory->Find(peer) == nullptr) {
    return RefusedOrder("retry.no_such_authority", "The directory lists no authority of this id.");
  }
  const std::string letters = absl::StrCat(Unreceipted(work, peer), " letters to ", peer);
  if (order.retry_letters().only_look()) {
    return CarriedOut(absl::StrCat(letters, " have no receipt, and would be published now"));
  }
  const absl::Time now = work.DecisionContextFor().now;
  const auto before = ActsOrdered(work, service);
  const bool was_retried = absl::c_any_of(before.acts(), [&](const auto& act) {
    return act.what() == kRetried && act.authorities(0) == peer &&
           now - FromProto(act.time()) < kRetriedEvery;
  });
  if (was_retried) {
    return RefusedOrder("retry.too_soon", "That was done within the last minute. Wait for it.");
  }
  RecordAct(work, service, order, {kRetried, {peer}});
  work.actions().retried.insert(peer);
  return CarriedOut(absl::StrCat(letters, " have no receipt, and are published now"));
}

rv1::OrderResult Maintain(UnitOfWork& work, const Service& service, const rv1::Order& order) {
  const std::uint32_t minutes = order.maintenance().minutes();
  if (minutes > kMaintenanceMinutesMax) {
    return RefusedOrder("maintenance.minutes",
                        "Maintenance lasts 240 minutes at most, and ends by itself. 0 ends it.");
  }
  const absl::Time until = work.environment().wall_clock->Now() + absl::Minutes(minutes);
  RecordAct(work, service, order, {Standstills::kMaintenance, {}, "", 0, until});
  work.actions().ordered = true;
  return CarriedOut(minutes == 0 ? "changes are taken again"
                                 : absl::StrCat("changes are refused until ", Told(until),
                                                ", but for what protects people"));
}

}  // namespace exitbus::exchange
