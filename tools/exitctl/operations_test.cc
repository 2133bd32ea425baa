// What operators read in a terminal, and when it ends.
#include "tools/exitctl/operations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <sstream>

#include "exitbus/operations/v1/operations_service.pb.h"
#include "services/exchange/proto_time.h"
#include "tools/exitctl/colours.h"
#include "tools/exitctl/fake_client.h"
#include "tools/exitctl/overview.h"
#include "tools/exitctl/run.h"
#include "tools/exitctl/until_stopped.h"

namespace exitbus::exitctl {
namespace {

namespace ov1 = operations::v1;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const absl::Time kNow = absl::FromUnixSeconds(1'772'323'200);  // 2026-03-01 00:00

// An authority of which a letter waits since so long, on one channel.
ov1::AuthorityRow RowOf(const std::string& id, absl::Duration waits) {
  ov1::AuthorityRow row;
  row.set_authority(id);
  row.set_presence(ov1::PRESENCE_HEARD);
  row.set_state(ov1::STATE_FINE);
  row.mutable_secret()->set_state(ov1::STATE_FINE);
  auto& channel = *row.add_channels();
  channel.set_channel(policy::v1::CHANNEL_CASE);
  channel.mutable_on_the_way()->mutable_known();
  auto& known = *channel.mutable_unreceipted()->mutable_known();
  if (waits > absl::ZeroDuration()) {
    known.set_count(3);
    *known.mutable_oldest() = exchange::ToProto(kNow - waits);
  }
  channel.mutable_parked()->mutable_unknown()->set_why(ov1::WHY_UNKNOWN_NOT_TOLD);
  return row;
}

template <class Response>
Response Told(const ov1::AuthorityRow& row) {
  Response told;
  *told.add_authorities() = row;
  told.mutable_exchange()->set_broker_reached(true);
  *told.mutable_time() = exchange::ToProto(kNow);
  return told;
}

FakeClient::Reply Message(const google::protobuf::Message& message) {
  std::unique_ptr<google::protobuf::Message> copy(message.New());
  copy->CopyFrom(message);
  return copy;
}

std::string TextOf(const ov1::AuthorityRow& row, bool coloured = false) {
  Overview overview;
  overview.Take(Told<ov1::GetOverviewResponse>(row));
  return overview.AsText(kNow, coloured);
}

TEST(OverviewTest, AStreamIsShownWithItsCountsItsOldestAndItsState) {
  EXPECT_THAT(TextOf(RowOf("nec", absl::ZeroDuration())),
              AllOf(StartsWith("2026-03-01 00:00:00 UTC, 1 authorities"),
                    testing::ContainsRegex("case +fine +0 +0 +\\?\n"), Not(HasSubstr("alarm"))));
  EXPECT_THAT(TextOf(RowOf("nec", absl::Seconds(59))),
              testing::ContainsRegex("case +waiting +59s +0 +3 +\\?\n"));
  EXPECT_THAT(TextOf(RowOf("nec", absl::Seconds(61))),
              testing::ContainsRegex("case +stuck +1m1s +0 +3 +\\?\n"));
}

TEST(OverviewTest, WhatIsToBeMendedIsSaidFirst) {
  ov1::AuthorityRow row = RowOf("nec", absl::ZeroDuration());
  row.set_state(ov1::STATE_STUCK);
  row.set_failure(ov1::FAILURE_CLASS_CLOCK);
  row.mutable_stopped_correspondences()->set_known(2);
  row.set_presence(ov1::PRESENCE_SILENT);
  *row.mutable_presence_since() = exchange::ToProto(kNow - absl::Minutes(3));
  auto& soon = *row.add_papers();
  soon.set_kind(ov1::PAPER_KIND_DIRECTORY);
  *soon.mutable_ends() = exchange::ToProto(kNow + absl::Hours(13 * 24));
  auto& late = *row.add_papers();
  late.set_kind(ov1::PAPER_KIND_API_CA);
  *late.mutable_ends() = exchange::ToProto(kNow + absl::Hours(15 * 24));
  const std::string text = TextOf(row);
  EXPECT_THAT(text, AllOf(testing::ContainsRegex("nec +silent for 3m"),
                          testing::ContainsRegex("nec +stuck: clock"),
                          testing::ContainsRegex("nec +2 correspondences have stopped"),
                          testing::ContainsRegex("nec +directory ends 2026-03-14"),
                          Not(HasSubstr("api-ca"))));
  EXPECT_LT(text.find("stuck: clock"), text.find("authority  stream"));
}

TEST(OverviewTest, ColoursAreThereWhereTheyAreWantedAndTextOfOthersSteersNothing) {
  const ov1::AuthorityRow row = RowOf("evil\x1b[2J", absl::Hours(1));
  EXPECT_THAT(TextOf(row), Not(HasSubstr("\x1b")));
  EXPECT_THAT(TextOf(row, true), AllOf(HasSubstr("\x1b[31m"), Not(HasSubstr("\x1b[2J"))));
}

TEST(OverviewTest, ChangesReplaceRowsAndASnapshotReplacesAll) {
  Overview overview;
  auto first = Told<ov1::WatchOverviewResponse>(RowOf("nec", absl::ZeroDuration()));
  first.set_marker(watch::v1::MARKER_SNAPSHOT_BEGINS);
  overview.Take(first);
  overview.Take(Told<ov1::WatchOverviewResponse>(RowOf("contact-point", absl::ZeroDuration())));
  overview.Take(Told<ov1::WatchOverviewResponse>(RowOf("nec", absl::Hours(2))));
  EXPECT_THAT(overview.AsText(kNow, false), AllOf(HasSubstr("2 authorities"), HasSubstr("2h")));
  overview.Take(first);
  EXPECT_THAT(overview.AsText(kNow, false),
              AllOf(HasSubstr("1 authorities"), Not(HasSubstr("2h"))));
}

class OperationsTest : public testing::Test {
 protected:
  Terminal terminal() { return {in_, out_, err_}; }
  // How often it may be asked whether it goes on.
  static std::function<bool()> Times(int times) {
    return [left = times]() mutable { return left-- > 0; };
  }
  static FakeClient::Reply Hops(int count, std::uint64_t left_out = 0) {
    ov1::WatchHopsResponse told;
    told.set_token("t");
    told.set_left_out(left_out);
    for (int i = 0; i < count; ++i) {
      auto& hop = *told.add_hops();
      hop.set_authority("nec");
      hop.set_hop_id(std::string(31, '0') + std::to_string(i));
      hop.set_channel(policy::v1::CHANNEL_NEC);
      hop.set_kind(ov1::HOP_KIND_NOT_SENT);
      hop.set_failure_class("timed_out");
      *hop.mutable_time() = exchange::ToProto(kNow);
    }
    return Message(told);
  }
  static FakeClient::Reply Nothing() { return absl::DeadlineExceededError(""); }

  Profile profile_;
  std::istringstream in_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(OperationsTest, WithoutATerminalItIsSaidOnceAndPlainly) {
  FakeClient client([](const auto&, const auto&) {
    return Message(Told<ov1::GetOverviewResponse>(RowOf("nec", absl::Hours(1))));
  });
  EXPECT_EQ(PrintOverview(client, profile_, Form::kText, false, terminal()), kDone);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("stuck"), Not(HasSubstr("\x1b"))));
  out_.str("");
  EXPECT_EQ(PrintOverview(client, profile_, Form::kJson, false, terminal()), kDone);
  EXPECT_THAT(out_.str(), StartsWith("{"));
}

TEST_F(OperationsTest, TheScreenIsDrawnOnceAllIsThereAndLeftAtTheEnd) {
  auto some = Told<ov1::WatchOverviewResponse>(RowOf("nec", absl::Hours(1)));
  some.set_marker(watch::v1::MARKER_SNAPSHOT_BEGINS);
  auto rest = Told<ov1::WatchOverviewResponse>(RowOf("contact-point", absl::ZeroDuration()));
  rest.set_marker(watch::v1::MARKER_CAUGHT_UP);
  FakeClient client = ClientOf(StreamOf(Message(some), Message(rest), Nothing(), Nothing()));
  EXPECT_EQ(ShowOverview(client, profile_, false, Times(3), terminal()), kDone);
  EXPECT_THAT(out_.str(),
              AllOf(StartsWith("\x1b[?1049h\x1b[H\x1b[J2026-03-01"), HasSubstr("2 authorities"),
                    HasSubstr("q ends it"), testing::EndsWith("\x1b[?1049l")));
}

TEST_F(OperationsTest, EachHopIsALineAndALostConnectionIsGoneOnFrom) {
  FakeClient client = ClientOf(StreamOf(Hops(2), FakeClient::Reply(absl::UnavailableError(""))),
                               StreamOf(Hops(2, 7)));
  EXPECT_EQ(PrintHops(client, profile_, Form::kText, false, 3, Times(100), terminal()), kDone);
  const std::string line =
      "2026-03-01T00:00:00.000Z nec nec 00000000000000000000000000000000 not_sent timed_out\n";
  std::string other = line;
  other.replace(other.find(" not_sent") - 1, 1, "1");
  EXPECT_EQ(out_.str(), line + other + line) << "three, and no more";
  EXPECT_THAT(err_.str(), HasSubstr("7 more were too many"));
}

TEST_F(OperationsTest, ItEndsWellWhenItIsStopped) {
  const StopNoted stop;
  FakeClient client = ClientOf(StreamOf(Hops(1), Nothing(), Nothing()));
  int asked = 0;
  const auto goes_on = [&] {
    if (++asked == 2) raise(SIGINT);
    return !stop.came();
  };
  EXPECT_EQ(PrintHops(client, profile_, Form::kJson, false, 0, goes_on, terminal()), kDone);
  EXPECT_THAT(out_.str(), StartsWith("{\"authority\":\"nec\""));
}

// What is said wrongly, and when there are colours.
class ColoursTest : public testing::Test {
 protected:
  bool Wants(const std::string& color) {
    Said said;
    if (!color.empty()) said.values["--color"] = {color};
    const auto wants =
        WantsColours({*FindCommand("top", ""),
                      said,
                      [this](const std::string& name) {
                        const auto found = variables_.find(name);
                        return found == variables_.end() ? nullptr : found->second.c_str();
                      },
                      {in_, out_, out_, out_, is_screen_}});
    EXPECT_TRUE(wants.ok()) << wants.status();
    return wants.ok() && *wants;
  }

  std::map<std::string, std::string> variables_;
  bool is_screen_ = true;
  std::istringstream in_;
  std::ostringstream out_;
};

TEST_F(ColoursTest, AreOnATerminalOrWhereTheyAreAskedFor) {
  EXPECT_TRUE(Wants(""));
  EXPECT_TRUE(Wants("auto"));
  EXPECT_FALSE(Wants("never"));
  variables_["NO_COLOR"] = "1";
  EXPECT_FALSE(Wants("auto"));
  EXPECT_TRUE(Wants("always"));
  variables_ = {{"TERM", "dumb"}};
  EXPECT_FALSE(Wants("auto"));
  variables_.clear();
  is_screen_ = false;
  EXPECT_FALSE(Wants("auto"));
  EXPECT_TRUE(Wants("always"));
}

TEST_F(ColoursTest, AnotherWordIsAMistake) {
  const auto run = [&](const std::vector<std::string>& words) {
    return exitctl::Run(words, [](const std::string&) { return nullptr; }, {in_, out_, out_});
  };
  EXPECT_EQ(run({"top", "--color", "blue"}), kMisuse);
  EXPECT_THAT(out_.str(), HasSubstr("--color is auto, always or never, not blue"));
  EXPECT_EQ(run({"tail", "--count", "0"}), kMisuse);
}

}  // namespace
}  // namespace exitbus::exitctl
