// What everybody sees of secret channels: cell by cell (common.table), and that nobody can join two
// rows of it: whoever looks sees the very same whichever authority a letter came from.
#include "services/console/common_view.h"

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "services/console/console_testing.h"
#include "tests/tables/matrix.h"

namespace exitbus::console {
namespace {

using Which = ov1::Tally* (ov1::ChannelStanding::*)();

class CommonViewTest : public ConsoleTest {
 protected:
  static const std::map<std::string, Which>& Tallies() {
    static const auto* const tallies = new std::map<std::string, Which>{
        {"leaves later", &ov1::ChannelStanding::mutable_delayed},
        {"on the way", &ov1::ChannelStanding::mutable_on_the_way},
        {"unreceipted", &ov1::ChannelStanding::mutable_unreceipted},
        {"held", &ov1::ChannelStanding::mutable_held},
        {"parked", &ov1::ChannelStanding::mutable_parked}};
    return *tallies;
  }

  void SetStore(const std::string& what, ov1::Standing& standing) {
    if (what == "full disk") standing.mutable_process()->set_disk_full(true);
    if (what == "unreadable row") standing.mutable_store()->set_unreadable_rows(1);
    if (what == "store behind") standing.mutable_store()->set_peers_that_hold_more(1);
    if (what == "stopped correspondence") standing.mutable_store()->set_stopped_correspondences(1);
    if (what == "one clock differs") standing.set_clocks_over_five_minutes(1);
    if (what == "two clocks differ") standing.set_clocks_over_five_minutes(2);
    if (what == "broker not reached") standing.set_broker_reached(false);
  }

  void SetPapers(const std::string& what, absl::Duration age, ov1::Standing& standing) {
    if (what != "certificate ended" && what != "sealing key old") return;
    ov1::Paper& paper = *standing.add_papers();
    paper.set_kind(what == "sealing key old" ? ov1::PAPER_KIND_SEALING_KEY
                                             : ov1::PAPER_KIND_API_CERTIFICATE);
    *paper.mutable_ends() = exchange::ToProto(clock_.Now() - age);
  }

  ov1::Standing StandingWith(const std::string& what, absl::Duration age) {
    ov1::Standing standing;
    if (const auto which = Tallies().find(what); which != Tallies().end()) {
      standing = Waits(pv1::CHANNEL_HANDOVER, which->second, 1, age);
    }
    if (what == "dead") {
      ov1::ChannelStanding& channel = *standing.add_channels();
      channel.set_channel(pv1::CHANNEL_SECURITY);
      ov1::DeadClass& dead = *channel.add_dead();
      dead.mutable_letters()->set_count(1);
      *dead.mutable_newest() = exchange::ToProto(clock_.Now() - age);
    }
    SetStore(what, standing);
    SetPapers(what, age, standing);
    return standing;
  }

  static std::string Words(const ov1::CommonView& view) {
    if (view.has_unknown()) {
      return view.unknown().why() == ov1::WHY_UNKNOWN_SILENT ? "unknown: silent" : "unknown";
    }
    if (view.state() == ov1::STATE_FINE) return "fine";
    std::string text = view.state() == ov1::STATE_STUCK ? "stuck" : "waiting";
    const std::map<ov1::AgeStep, std::string> steps = {
        {ov1::AGE_STEP_UNDER_1_MINUTE, ", under 1"},
        {ov1::AGE_STEP_UNDER_5_MINUTES, ", under 5"},
        {ov1::AGE_STEP_60_MINUTES_OR_MORE, ", 60 or more"}};
    if (const auto step = steps.find(view.oldest()); step != steps.end()) text += step->second;
    const std::map<ov1::FailureClass, std::string> failures = {
        {ov1::FAILURE_CLASS_BROKER, "broker"},     {ov1::FAILURE_CLASS_CLOCK, "clock"},
        {ov1::FAILURE_CLASS_STORE, "store"},       {ov1::FAILURE_CLASS_PAPERS, "papers"},
        {ov1::FAILURE_CLASS_INCOMING, "incoming"}, {ov1::FAILURE_CLASS_OUTGOING, "outgoing"}};
    const auto failure = failures.find(view.failure());
    return absl::StrCat(text, ", ", failure == failures.end() ? "?" : failure->second);
  }

  // Since the last look, so long, this is so with Ishøj.
  std::string After(const std::string& what, absl::Duration age) {
    World world(&directory_, clock_.Now());
    world.broker_reached = true;
    ov1::TraceRecord told;
    *told.mutable_standing() = StandingWith(what, age);
    world.reports.Take(kIshoj, told, what == "nothing heard" ? clock_.Now() - age : clock_.Now());
    const auto entry = directory_.Find(kIshoj);
    if (what == "unread") {
      const std::string topic = policy::TopicName(pv1::CHANNEL_HANDOVER, entry->kind, entry->code);
      world.broker = exchange::BrokerFigures{1, {{topic, {1, 1, 1}}}};
      // A record that was there at two looks in a row is what counts.
      if (age >= kStuckAfter) NoteUnread(world, clock_.Now() - age);
    }
    const std::string words = Words(CommonViewOf(world, *entry, clock_.Now()));
    return what == "nothing heard" && words == "fine" ? "as before" : words;
  }
};

TEST_F(CommonViewTest, IsAsTheTableSays) {
  const std::map<std::string, absl::Duration> ages = {{"TEN_SECONDS", absl::Seconds(10)},
                                                      {"TWO_MINUTES", absl::Minutes(2)},
                                                      {"TWO_HOURS", absl::Hours(2)}};
  const auto then = [&](const std::string&, const std::string& given, const std::string& what) {
    return After(what, ages.at(given));
  };
  const std::string mistakes = tables::MistakesIn(
      "services/console/common.table",
      {{{"an authority", {"TEN_SECONDS", "TWO_MINUTES", "TWO_HOURS"}}},
       {"nothing", "leaves later", "on the way", "unreceipted", "held", "parked", "dead", "unread",
        "stopped correspondence", "full disk", "unreadable row", "store behind",
        "certificate ended", "sealing key old", "one clock differs", "two clocks differ",
        "broker not reached", "nothing heard"},
       then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST_F(CommonViewTest, ATopicThatIsReadOnIsNotUnreadHoweverBusyItIs) {
  World world(&directory_, clock_.Now());
  const auto entry = directory_.Find(kIshoj);
  const std::string topic = policy::TopicName(pv1::CHANNEL_HANDOVER, entry->kind, entry->code);
  const auto at = [&](std::int64_t next, std::int64_t end, absl::Duration later) {
    ov1::TraceRecord told;
    ov1::ChannelStanding& standing = *told.mutable_standing()->add_channels();
    standing.set_channel(pv1::CHANNEL_HANDOVER);
    standing.set_next_offset(next);
    const absl::Time now = clock_.Now() + later;
    world.reports.Take(kIshoj, told, now);
    world.broker = exchange::BrokerFigures{1, {{topic, {end, 1, 1}}}};
    NoteUnread(world, now);
    return CommonViewOf(world, *entry, now).state();
  };
  EXPECT_EQ(at(5, 8, absl::Minutes(0)), ov1::STATE_WAITING);
  EXPECT_EQ(at(9, 12, absl::Minutes(2)), ov1::STATE_WAITING);
  EXPECT_EQ(at(11, 16, absl::Minutes(4)), ov1::STATE_STUCK) << "the twelfth is not taken";
  EXPECT_EQ(at(16, 16, absl::Minutes(6)), ov1::STATE_FINE);
}

class JoinTest : public ConsoleTest {
 protected:
  // A letter goes from `sender` to the police and is parked there for two minutes. What one who is
  // not either of the two is told meanwhile, with the times.
  std::string SeenOf(const std::string& sender, pv1::Channel channel,
                     const exchange::Caller& looker) {
    Kill();
    broker_.Wipe();  // of the run before
    Restart();
    for (const auto& entry : directory_.All()) Stand(entry->id);
    Pass(absl::Seconds(1));
    const Open rows = Watch<ov1::WatchOverviewRequest>(looker, "WatchOverview", "");
    const Open hops = Watch<ov1::WatchHopsRequest>(looker, "WatchHops", "");
    Hop(sender, 1, channel, ov1::HOP_KIND_CREATED);
    Hop(sender, 1, channel, ov1::HOP_KIND_SENT);
    Hop(kPolice, 1, channel, ov1::HOP_KIND_PARKED);
    const absl::Time sent = clock_.Now();
    for (int beat = 0; beat < 60; ++beat) {
      const absl::Duration age = clock_.Now() - sent;
      const bool waits = age < absl::Minutes(2);
      if (beat == 24) {
        Hop(kPolice, 1, channel, ov1::HOP_KIND_APPLIED);
        Hop(sender, 1, channel, ov1::HOP_KIND_RECEIPTED);
      }
      for (const auto& entry : directory_.All()) {
        ov1::Standing standing;
        if (waits && entry->id == sender) {
          standing = Waits(channel, &ov1::ChannelStanding::mutable_unreceipted, 1, age);
        }
        if (waits && entry->id == kPolice) {
          standing = Waits(channel, &ov1::ChannelStanding::mutable_parked, 1, age);
        }
        Stand(entry->id, standing);
      }
      Pass(absl::Seconds(5));
      Acknowledge<ov1::WatchOverviewRequest, ov1::WatchOverviewResponse>(rows);
      Acknowledge<ov1::WatchHopsRequest, ov1::WatchHopsResponse>(hops);
    }
    return TextOf(*rows.sink) + TextOf(*hops.sink);
  }

  // All but the tokens, which are sealed, and counted from the beginning.
  std::string TextOf(const Sink& sink) {
    std::string text;
    absl::Time first = absl::InfiniteFuture();
    for (const auto& message : sink.messages) {
      std::unique_ptr<google::protobuf::Message> copy(message->New());
      copy->CopyFrom(*message);
      if (auto* rows = dynamic_cast<ov1::WatchOverviewResponse*>(copy.get())) {
        const absl::Time time = exchange::FromProto(rows->time());
        first = std::min(first, time);
        rows->clear_token();
        rows->clear_time();
        absl::StrAppend(&text, absl::FormatDuration(time - first), "\n");
      } else if (auto* hops = dynamic_cast<ov1::WatchHopsResponse*>(copy.get())) {
        hops->clear_token();
        hops->clear_time();
      }
      absl::StrAppend(&text, copy->DebugString());
    }
    return text;
  }

  // Times of this run only.
  static std::string WithoutInstants(const std::string& text) {
    std::string kept;
    for (const auto line : absl::StrSplit(text, '\n')) {
      if (!absl::StrContains(line, "seconds:") && !absl::StrContains(line, "nanos:")) {
        absl::StrAppend(&kept, line, "\n");
      }
    }
    return kept;
  }
};

TEST_F(JoinTest, NobodyElseLearnsWhoSentASecretLetter) {
  int compared = 0;
  for (const pv1::Channel channel :
       {pv1::CHANNEL_HANDOVER, pv1::CHANNEL_SECURITY, pv1::CHANNEL_RELOCATION, pv1::CHANNEL_NEC}) {
    for (const exchange::Caller& looker : {Exchange(), Observer(), Operator(kPolice)}) {
      const std::string of_one = WithoutInstants(SeenOf(kIshoj, channel, looker));
      const std::string of_another = WithoutInstants(SeenOf(kOdense, channel, looker));
      EXPECT_EQ(of_one, of_another) << channel << " " << looker.function;
      EXPECT_THAT(of_one, testing::HasSubstr("STATE_STUCK"));  // the police's own row tells
      ++compared;
    }
  }
  EXPECT_EQ(compared, 12);
}

TEST_F(JoinTest, OnAnOpenChannelTheSenderShows) {
  const std::string of_one = WithoutInstants(SeenOf(kIshoj, pv1::CHANNEL_CASE, Observer()));
  const std::string of_another = WithoutInstants(SeenOf(kOdense, pv1::CHANNEL_CASE, Observer()));
  EXPECT_NE(of_one, of_another) << "or the comparison above sees nothing";
}

}  // namespace
}  // namespace exitbus::console
