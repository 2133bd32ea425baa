// Who sees what, cell by cell: views.table, itself.table.
#include <map>

#include "services/console/console_testing.h"
#include "tests/tables/matrix.h"

namespace exitbus::console {
namespace {

constexpr std::uint64_t kMemory = 100'000'001;
const std::vector<std::string> kGiven = {"EXCHANGE", "OWN", "OTHER", "OBSERVER"};

class ViewsTest : public ConsoleTest {
 protected:
  // Ishøj has something of everything on this channel.
  void Fill(pv1::Channel channel) {
    ov1::Standing standing =
        Waits(channel, &ov1::ChannelStanding::mutable_parked, 3, absl::Minutes(2));
    ov1::DeadClass& dead = *standing.mutable_channels(0)->add_dead();
    dead.set_failure_class("bad_signature");
    dead.mutable_letters()->set_count(2);
    *dead.mutable_newest() = exchange::ToProto(clock_.Now());
    standing.mutable_process()->set_memory_bytes(kMemory);
    standing.mutable_process()->set_disk_free_bytes(5'000'000'000);
    standing.mutable_store()->set_stopped_correspondences(1);
    standing.mutable_deadlines()->set_near(2);
    Stand(kIshoj, standing);
    Hop(kIshoj, channel, channel, ov1::HOP_KIND_CREATED);
    const std::string topic = policy::TopicName(channel, pv1::AUTHORITY_KIND_MUNICIPALITY, "0183");
    broker_look_.figures->topics[topic].end = 7;
    for (int i = 0; i < 8; ++i) {  // until all common views are made anew
      Pass(absl::Seconds(5));
      Stand(kIshoj, standing);
    }
    Pass(absl::Seconds(1));
  }

  static std::map<std::string, exchange::Caller> Callers() {
    return {{"EXCHANGE", Exchange()},
            {"OWN", Operator(kIshoj)},
            {"OTHER", Operator(kOdense)},
            {"OBSERVER", Observer()}};
  }

  std::string Letters(const exchange::Caller& caller, pv1::Channel channel, bool dead) {
    const ov1::AuthorityRow row = RowOf(caller, kIshoj);
    if (const ov1::ChannelFigures* figures = FiguresIn(row, channel)) {
      const std::uint64_t count =
          dead ? figures->dead().known().count() : figures->parked().known().count();
      return count == (dead ? 2U : 3U) ? "exactly" : "wrongly";
    }
    return row.secret().state() == ov1::STATE_STUCK &&
                   row.secret().failure() == ov1::FAILURE_CLASS_INCOMING
               ? "steps"
               : "no";
  }

  std::string Records(const exchange::Caller& caller, pv1::Channel channel) {
    const ov1::GetOverviewResponse all = Overview(caller);
    for (const ov1::StreamRow& row : all.streams()) {
      if (row.reader() != kIshoj || row.channel() != channel) continue;
      return row.has_records() ? absl::StrCat(row.records().known()) : "no";
    }
    return "no row";
  }

  std::string Hops(const exchange::Caller& caller, pv1::Channel channel) {
    const Open open = Watch<ov1::WatchHopsRequest>(caller, "WatchHops", "");
    for (const auto& message : open.sink->messages) {
      for (const auto& hop : static_cast<const ov1::WatchHopsResponse&>(*message).hops()) {
        if (hop.channel() == channel && hop.authority() == kIshoj) return "exactly";
      }
    }
    return "no";
  }

  std::string Path(const exchange::Caller& caller, pv1::Channel channel) {
    ov1::GetMessagePathRequest request;
    request.set_hop_id(HexIdOf(kIshoj, channel));
    const exchange::Answer answer = Ask(caller, "GetMessagePath", request);
    if (answer.reply != nullptr) return "exactly";
    if (answer.refusal.reason == "console.no_such_path") return "no";
    return answer.refusal.reason == "console.not_for_role" ? "refused" : answer.refusal.reason;
  }

  std::string Itself(const exchange::Caller& caller, const std::string& what) {
    const ov1::AuthorityRow row = RowOf(caller, kIshoj);
    if (what == "memory and disk") {
      return row.memory_bytes().known() == kMemory         ? "exactly"
             : row.memory_bytes().known() == (64ULL << 20) ? "rounded"
                                                           : "wrongly";
    }
    if (what == "deadlines") {
      return !row.has_deadlines_near()           ? "no"
             : row.deadlines_near().under_five() ? "under five as such"
                                                 : "wrongly";
    }
    return !row.has_stopped_correspondences()           ? "no"
           : row.stopped_correspondences().known() == 1 ? "exactly"
                                                        : "wrongly";
  }

  std::string Told(const exchange::Caller& caller, pv1::Channel channel, const std::string& what) {
    if (what == "waiting letters") return Letters(caller, channel, false);
    if (what == "dead letters") return Letters(caller, channel, true);
    if (what == "hops as they come") return Hops(caller, channel);
    if (what == "a message's path") return Path(caller, channel);
    const std::string records = Records(caller, channel);
    return records == "7" ? "exactly" : records;
  }
};

TEST_F(ViewsTest, AreAsTheTableSays) {
  const auto callers = Callers();
  const std::map<std::string, std::vector<pv1::Channel>> channels = {
      {"open channels", {pv1::CHANNEL_CASE, pv1::CHANNEL_DIRECTORY, pv1::CHANNEL_EVIDENCE}},
      {"secret channels",
       {pv1::CHANNEL_HANDOVER, pv1::CHANNEL_SECURITY, pv1::CHANNEL_RELOCATION, pv1::CHANNEL_NEC}}};
  int looked = 0;
  const auto then = [&](const std::string& side, const std::string& given,
                        const std::string& what) -> std::string {
    std::string all;
    for (const pv1::Channel channel : channels.at(side)) {
      ++looked;
      Fill(channel);
      const std::string told = Told(callers.at(given), channel, what);
      if (!all.empty() && all != told) return absl::StrCat(all, ", but of ", channel, " ", told);
      all = told;
    }
    return all;
  };
  const std::string mistakes = tables::MistakesIn(
      "services/console/views.table", {{{"open channels", kGiven}, {"secret channels", kGiven}},
                                       {"waiting letters", "dead letters", "records in the topic",
                                        "hops as they come", "a message's path"},
                                       then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
  EXPECT_EQ(looked, 5 * 4 * 7);
}

TEST_F(ViewsTest, OfTheAuthorityItselfAreAsTheTableSays) {
  Fill(pv1::CHANNEL_CASE);
  const auto then = [&](const std::string&, const std::string& given, const std::string& what) {
    return Itself(Callers().at(given), what);
  };
  const std::string mistakes = tables::MistakesIn(
      "services/console/itself.table", {{{"an authority", kGiven}},
                                        {"memory and disk", "stopped correspondences", "deadlines"},
                                        then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

}  // namespace
}  // namespace exitbus::console
