// Watches: the rows and what changes of them, conflated for who is slow; hops as they come, of many
// the newest; tokens that go on; ends by name.
#include "services/console/watches.h"

#include "services/console/console_testing.h"

namespace exitbus::console {
namespace {

namespace wv1 = watch::v1;

class WatchesTest : public ConsoleTest {
 protected:
  static const ov1::WatchOverviewResponse& Rows(const Sink& sink, std::size_t number) {
    return static_cast<const ov1::WatchOverviewResponse&>(*sink.messages.at(number));
  }
  static const ov1::WatchHopsResponse& Hops(const Sink& sink, std::size_t number) {
    return static_cast<const ov1::WatchHopsResponse&>(*sink.messages.at(number));
  }
  Open Overview(const std::string& token = "") {
    return Watch<ov1::WatchOverviewRequest>(Observer(), "WatchOverview", token);
  }
  void Acknowledge(const Open& open, const std::string& token) {
    auto message = std::make_unique<ov1::WatchOverviewRequest>();
    message->mutable_acknowledge()->set_token(token);
    open.session->Receive(std::move(message), [] {});
    executor_.RunUntilIdle();
  }
  void AcknowledgeAll(const Open& open) {
    ConsoleTest::Acknowledge<ov1::WatchOverviewRequest, ov1::WatchOverviewResponse>(open);
  }
};

TEST_F(WatchesTest, BeginsWithAllRowsAndGoesOnWithThoseThatChange) {
  const Open open = Overview();
  ASSERT_EQ(open.sink->messages.size(), 2U);
  EXPECT_EQ(Rows(*open.sink, 0).marker(), wv1::MARKER_SNAPSHOT_BEGINS);
  EXPECT_EQ(Rows(*open.sink, 0).authorities_size(), 3);
  EXPECT_EQ(Rows(*open.sink, 1).marker(), wv1::MARKER_CAUGHT_UP);
  AcknowledgeAll(open);
  Pass(absl::Seconds(1));
  EXPECT_EQ(open.sink->messages.size(), 2U) << "nothing changed";
  Stand(kIshoj);
  Pass(absl::Milliseconds(501));
  ASSERT_EQ(open.sink->messages.size(), 3U);
  EXPECT_EQ(Rows(*open.sink, 2).authorities_size(), 1);
  EXPECT_EQ(Rows(*open.sink, 2).authorities(0).authority(), kIshoj);
}

TEST_F(WatchesTest, OneThatDoesNotAcknowledgeIsToldTheRestAtOnceLater) {
  const Open open = Overview();
  for (int i = 0; i < 20; ++i) {
    Hop(kIshoj, i, pv1::CHANNEL_CASE, ov1::HOP_KIND_CREATED);
    Stand(kOdense);
    Pass(absl::Seconds(1));
  }
  EXPECT_EQ(open.sink->messages.size(), 2U);
  AcknowledgeAll(open);
  Pass(absl::Seconds(1));
  ASSERT_EQ(open.sink->messages.size(), 3U);
  EXPECT_EQ(Rows(*open.sink, 2).authorities_size(), 2);
}

TEST_F(WatchesTest, ATokenGoesOnAndOneOfAnotherStartBeginsAnew) {
  const Open first = Overview();
  const std::string token = Rows(*first.sink, 1).token();
  Stand(kIshoj);
  Pass(absl::Seconds(1));
  const Open second = Overview(token);
  ASSERT_GE(second.sink->messages.size(), 2U);
  EXPECT_EQ(Rows(*second.sink, 0).marker(), wv1::MARKER_UNSPECIFIED);
  EXPECT_EQ(Rows(*second.sink, 0).authorities_size(), 1);
  Restart();
  const Open third = Overview(token);
  EXPECT_EQ(Rows(*third.sink, 0).marker(), wv1::MARKER_SNAPSHOT_BEGINS);
  const Open made_up = Overview("00");
  EXPECT_EQ(Rows(*made_up.sink, 0).marker(), wv1::MARKER_SNAPSHOT_BEGINS);
}

TEST_F(WatchesTest, AnotherDirectoryBeginsAnewWithoutWhoIsGone) {
  const Open open = Overview();
  AcknowledgeAll(open);
  directory_.Remove(kOdense);
  Pass(absl::Seconds(1));
  const auto& anew = Rows(*open.sink, 2);
  EXPECT_EQ(anew.marker(), wv1::MARKER_SNAPSHOT_BEGINS);
  EXPECT_EQ(anew.authorities_size(), 2);
}

TEST_F(WatchesTest, OfManyHopsTheNewestAreToldAndTheOthersCounted) {
  const Open open = Watch<ov1::WatchHopsRequest>(Observer(), "WatchHops", "");
  Hop(kIshoj, 0, pv1::CHANNEL_CASE, ov1::HOP_KIND_CREATED);
  Pass(absl::Milliseconds(251));
  ASSERT_EQ(open.sink->messages.size(), 1U);
  ov1::TraceRecord told;
  for (int i = 1; i <= 500; ++i) {
    ov1::Hop& hop = *told.add_hops();
    hop.set_hop_id(HopIdOf(kIshoj, i));
    hop.set_channel(i % 2 == 0 ? pv1::CHANNEL_CASE : pv1::CHANNEL_HANDOVER);
    hop.set_kind(ov1::HOP_KIND_SENT);
  }
  Tell(kIshoj, told);
  Pass(absl::Milliseconds(251));
  ASSERT_EQ(open.sink->messages.size(), 2U);
  const auto& many = Hops(*open.sink, 1);
  EXPECT_EQ(many.hops_size(), 100);
  EXPECT_EQ(many.left_out(), 150U) << "of the secret ones nothing is counted";
  EXPECT_EQ(many.hops(99).hop_id(), HexIdOf(kIshoj, 500));
  const Open later =
      Watch<ov1::WatchHopsRequest>(Observer(), "WatchHops", Hops(*open.sink, 1).token());
  EXPECT_TRUE(later.sink->messages.empty()) << "nothing is repeated";
}

TEST_F(WatchesTest, EndsByName) {
  const Open twice = Overview();
  auto begin = std::make_unique<ov1::WatchOverviewRequest>();
  begin->mutable_begin();
  twice.session->Receive(std::move(begin), [] {});
  executor_.RunUntilIdle();
  EXPECT_EQ(twice.sink->ended.reason, "watch.begun_already");

  const Open unknown = Overview();
  Acknowledge(unknown, "nonsense");
  EXPECT_EQ(unknown.sink->ended.reason, "watch.unknown_acknowledgement");

  Open late{std::make_shared<Sink>(), nullptr};
  late.session = console_->Watch(
      {"exitbus.operations.v1.OperationsService.WatchOverview", Observer(), late.sink});
  executor_.RunUntilIdle();
  Acknowledge(late, "early");
  EXPECT_EQ(late.sink->ended.reason, "watch.begin_first");

  Open silent{std::make_shared<Sink>(), nullptr};
  silent.session = console_->Watch(
      {"exitbus.operations.v1.OperationsService.WatchOverview", Observer(), silent.sink});
  Pass(absl::Seconds(11));
  EXPECT_EQ(silent.sink->ended.reason, "watch.not_begun");

  std::vector<Open> many;
  for (int i = 0; i < 49; ++i) many.push_back(Overview());
  EXPECT_EQ(many.back().sink->ended.reason, "watch.too_many");
  EXPECT_TRUE(many.front().sink->ended.reason.empty());
}

TEST_F(WatchesTest, AClientThatSendsNoMoreIsToldAllAndThenItIsComplete) {
  const Open open = Overview();
  open.session->Drained();
  Pass(absl::Seconds(1));
  EXPECT_TRUE(open.sink->completed);
  EXPECT_EQ(Rows(*open.sink, 1).marker(), wv1::MARKER_CAUGHT_UP);
}

}  // namespace
}  // namespace exitbus::console
