#include "services/console/figures.h"

#include <algorithm>

#include "services/exchange/proto_time.h"

namespace exitbus::console {
namespace {

namespace ov1 = operations::v1;

constexpr std::uint64_t kCasesShownFrom = 5;

ov1::Unknown Because(const WhyNot& why_not) {
  if (why_not) return *why_not;
  ov1::Unknown unknown;
  unknown.set_why(ov1::WHY_UNKNOWN_NOT_TOLD);
  return unknown;
}

// The oldest of two, and how many.
void Add(ov1::Tally& sum, const ov1::Tally& tally) {
  sum.set_count(sum.count() + tally.count());
  sum.set_at_least(sum.at_least() || tally.at_least());
  if (!tally.has_oldest()) return;
  if (sum.has_oldest() &&
      exchange::FromProto(sum.oldest()) <= exchange::FromProto(tally.oldest())) {
    return;
  }
  *sum.mutable_oldest() = tally.oldest();
}

}  // namespace

ov1::Waiting WaitingOf(const ov1::Tally& tally, const WhyNot& why_not) {
  ov1::Waiting waiting;
  if (why_not) {
    *waiting.mutable_unknown() = *why_not;
    return waiting;
  }
  ov1::Waiting::Known& known = *waiting.mutable_known();
  known.set_count(tally.count());
  known.set_at_least(tally.at_least());
  if (tally.has_oldest()) *known.mutable_oldest() = tally.oldest();
  return waiting;
}

ov1::Count CountOf(std::optional<std::uint64_t> count, const WhyNot& why_not) {
  ov1::Count figure;
  if (!why_not && count) {
    figure.set_known(*count);
  } else {
    *figure.mutable_unknown() = Because(why_not);
  }
  return figure;
}

ov1::CaseCount CasesOf(std::optional<std::uint64_t> count, const WhyNot& why_not) {
  ov1::CaseCount figure;
  if (why_not || !count) {
    *figure.mutable_unknown() = Because(why_not);
  } else if (*count > 0 && *count < kCasesShownFrom) {
    figure.set_under_five(true);
  } else {
    figure.set_known(*count);
  }
  return figure;
}

ov1::ChannelFigures FiguresOf(policy::v1::Channel channel, const ov1::ChannelStanding* told,
                              const WhyNot& why_not) {
  const ov1::ChannelStanding& standing =
      told != nullptr ? *told : ov1::ChannelStanding::default_instance();
  ov1::ChannelFigures figures;
  figures.set_channel(channel);
  *figures.mutable_delayed() = WaitingOf(standing.delayed(), why_not);
  *figures.mutable_on_the_way() = WaitingOf(standing.on_the_way(), why_not);
  *figures.mutable_unreceipted() = WaitingOf(standing.unreceipted(), why_not);
  *figures.mutable_held() = WaitingOf(standing.held(), why_not);
  *figures.mutable_parked() = WaitingOf(standing.parked(), why_not);
  ov1::Tally all_dead;
  for (const ov1::DeadClass& dead : standing.dead()) {
    Add(all_dead, dead.letters());
    ov1::DeadLetters& letters = *figures.add_dead_by_class();
    letters.set_failure_class(dead.failure_class());
    *letters.mutable_letters() = WaitingOf(dead.letters(), why_not);
    *letters.mutable_newest() = dead.newest();
  }
  *figures.mutable_dead() = WaitingOf(all_dead, why_not);
  return figures;
}

}  // namespace exitbus::console
