// Watches over loopback: messages both ways, ends of every kind, and that nobody waits for anybody.
#include <chrono>
#include <condition_variable>
#include <future>
#include <thread>

#include "absl/time/clock.h"
#include "adapters/grpc/server_fixture.h"

namespace exitbus::adapters {
namespace {

using exchange::WatchCall;
using exchange::WatchSession;
using testing::v1::WatchEchoesRequest;
using testing::v1::WatchEchoesResponse;

constexpr char kWatch[] = "exitbus.testing.v1.EchoService.WatchEchoes";
constexpr absl::Duration kLong = absl::Seconds(5);

// What the handler's side of a watch saw, and its end of it.
class Watched {
 public:
  void Begin(WatchCall call) {
    const std::lock_guard<std::mutex> lock(mutex_);
    sink_ = std::move(call.sink);
  }
  void Received(const std::string& text, absl::AnyInvocable<void()> more) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      received_.push_back(text);
      if (hold_) return held_.push_back(std::move(more));
    }
    more();
  }
  void Gone() {
    const std::lock_guard<std::mutex> lock(mutex_);
    gone_ = true;
  }
  void HoldBack() { hold_ = true; }  // before anything is received
  // Whoever sends no more is told this many messages, each when the one before has gone out.
  void TellOnDrained(int messages) { to_tell_ = messages; }
  // The same at once, and the end with them.
  void TellAtOnce(int messages) {
    at_once_ = true;
    to_tell_ = messages;
  }
  void Drained() {
    while (at_once_ && to_tell_ > 0) Deliver(std::to_string(to_tell_--));
    const int left = to_tell_--;
    if (left > 0) return Deliver(std::to_string(left));
    sink()->Complete();
  }

  void Deliver(const std::string& text) {
    auto message = std::make_unique<WatchEchoesResponse>();
    message->set_text(text);
    sink()->Deliver(std::move(message));
  }
  std::shared_ptr<exchange::WatchSink> sink() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return sink_;
  }
  std::vector<std::string> received() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return received_;
  }
  bool Await(const std::function<bool()>& reached) {
    for (int i = 0; i < 500 && !reached(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return reached();
  }
  bool AwaitGone() {
    return Await([this] {
      const std::lock_guard<std::mutex> lock(mutex_);
      return gone_;
    });
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<exchange::WatchSink> sink_;
  std::vector<std::string> received_;
  std::vector<absl::AnyInvocable<void()>> held_;
  std::atomic<bool> hold_ = false;
  std::atomic<int> to_tell_ = 0;
  std::atomic<bool> at_once_ = false;
  bool gone_ = false;
};

class Session final : public WatchSession {
 public:
  explicit Session(Watched* watched) : watched_(watched) {}
  ~Session() override { watched_->Gone(); }
  void Receive(std::unique_ptr<google::protobuf::Message> message,
               absl::AnyInvocable<void()> more) override {
    watched_->Received(static_cast<const WatchEchoesRequest&>(*message).text(), std::move(more));
  }
  void Drained() override { watched_->Drained(); }

 private:
  Watched* const watched_;
};

class GrpcWatchTest : public ServerFixture {
 protected:
  GrpcWatchTest() {
    handler_.DoWatch([this](WatchCall call) {
      watched_.Begin(std::move(call));
      return std::make_unique<Session>(&watched_);
    });
  }
  // The server's calls of `watched_` end before it does.
  ~GrpcWatchTest() override {
    watch_.reset();
    server_.reset();
  }

  void Open() {
    client_ = Client(kOurs);
    CallOptions options;
    options.metadata = {{"exitbus-employee", "az1234"}};
    auto watch = client_->Watch(kWatch, options);
    ASSERT_TRUE(watch.ok()) << watch.status();
    watch_ = *std::move(watch);
  }
  absl::Status Say(const std::string& text) {
    WatchEchoesRequest request;
    request.set_text(text);
    return watch_->Send(request);
  }
  // The next message's text, or why there is none.
  std::string Hear(absl::Duration wait = kLong) {
    const auto message = watch_->Next(wait);
    if (message.ok()) return static_cast<const WatchEchoesResponse&>(**message).text();
    const CallError error = ErrorOf(message.status());
    return error.reason.empty() ? absl::StatusCodeToString(error.code) : error.reason;
  }

  Watched watched_;
  std::unique_ptr<GrpcClient> client_;
  std::unique_ptr<GrpcWatch> watch_;
};

TEST_F(GrpcWatchTest, CarriesMessagesBothWaysInOrder) {
  Open();
  ASSERT_TRUE(Say("one").ok());
  ASSERT_TRUE(Say("two").ok());
  ASSERT_TRUE(watched_.Await([&] { return watched_.received().size() == 2; }));
  EXPECT_EQ(watched_.received(), (std::vector<std::string>{"one", "two"}));
  for (int i = 0; i < 100; ++i) watched_.Deliver(std::to_string(i));
  for (int i = 0; i < 100; ++i) ASSERT_EQ(Hear(), std::to_string(i));
  EXPECT_EQ(Hear(absl::Milliseconds(50)), "DEADLINE_EXCEEDED");
  watched_.Deliver("later");
  EXPECT_EQ(Hear(), "later");
  EXPECT_EQ(handler_.callers().at(0).function, "exit_coordinator");
  EXPECT_EQ(handler_.callers().at(0).employee, "az1234");
}

TEST_F(GrpcWatchTest, ARefusalEndsItWithItsReason) {
  Open();
  ASSERT_TRUE(Say("one").ok());
  ASSERT_TRUE(watched_.Await([&] { return watched_.sink() != nullptr; }));
  watched_.sink()->End(
      {absl::StatusCode::kPermissionDenied, "caller.function_may_not", "Not any more.", {}});
  EXPECT_EQ(Hear(), "caller.function_may_not");
  EXPECT_EQ(ErrorOf(Say("two")).reason, "caller.function_may_not");
  EXPECT_TRUE(watched_.AwaitGone());
}

TEST_F(GrpcWatchTest, ARefusalAtAdmissionToo) {
  handler_.DoWatch([](WatchCall call) {
    call.sink->End({absl::StatusCode::kPermissionDenied, "caller.function_may_not", "No.", {}});
    return nullptr;
  });
  Open();
  EXPECT_EQ(Hear(), "caller.function_may_not");
}

TEST_F(GrpcWatchTest, AnotherAuthoritysSystemGetsNoFurther) {
  client_ = Client("municipality-0461.a.b");
  watch_ = *client_->Watch(kWatch, {});
  EXPECT_EQ(Hear(), "caller.wrong_authority");
  EXPECT_EQ(watched_.sink(), nullptr);
}

TEST_F(GrpcWatchTest, ARevokedCertificateEndsItAndBeginsNone) {
  Open();
  ASSERT_TRUE(watched_.Await([&] { return watched_.sink() != nullptr; }));
  Revoke({"municipality-0183.casesystem.mentor"});
  watched_.Deliver("still");
  EXPECT_EQ(Hear(), "still");
  Revoke({FingerprintFile(kOurs)});
  EXPECT_EQ(Hear(), "caller.certificate_revoked");
  EXPECT_TRUE(watched_.AwaitGone());
  watch_ = *client_->Watch(kWatch, {});
  EXPECT_EQ(Hear(), "caller.certificate_revoked");
  EXPECT_EQ(handler_.callers().size(), 1U);
}

TEST_F(GrpcWatchTest, WhatCannotBeParsedEndsIt) {
  EXPECT_EQ(
      RawStreamCall("/exitbus.testing.v1.EchoService/WatchEchoes", std::string("\x0a\xff", 2)), "");
  EXPECT_TRUE(watched_.AwaitGone());
  EXPECT_TRUE(watched_.received().empty());
}

TEST_F(GrpcWatchTest, AClientThatSendsNoMoreIsToldAllThereIs) {
  constexpr int kMessages = 100;
  watched_.TellOnDrained(kMessages);
  const HalfClosed heard = RawHalfClosed("/exitbus.testing.v1.EchoService/WatchEchoes",
                                         Request("begin").SerializeAsString());
  EXPECT_TRUE(heard.status.ok()) << heard.status.error_message();
  EXPECT_EQ(heard.messages, kMessages);
  EXPECT_EQ(watched_.received(), std::vector<std::string>{"begin"});
  EXPECT_TRUE(watched_.AwaitGone());
}

TEST_F(GrpcWatchTest, WhatWasToldBeforeTheEndStillGoesOut) {
  constexpr int kMessages = 5;
  watched_.TellAtOnce(kMessages);
  const HalfClosed heard = RawHalfClosed("/exitbus.testing.v1.EchoService/WatchEchoes",
                                         Request("begin").SerializeAsString());
  EXPECT_TRUE(heard.status.ok()) << heard.status.error_message();
  EXPECT_EQ(heard.messages, kMessages);
}

TEST_F(GrpcWatchTest, AClientThatLeavesIsNoticed) {
  Open();
  ASSERT_TRUE(Say("one").ok());
  ASSERT_TRUE(watched_.Await([&] { return !watched_.received().empty(); }));
  watch_.reset();
  EXPECT_TRUE(watched_.AwaitGone());
  watched_.Deliver("to nobody");  // too late, and harmless
}

TEST_F(GrpcWatchTest, TheNextMessageIsReadWhenTheLastIsDealtWith) {
  watched_.HoldBack();
  Open();
  ASSERT_TRUE(Say("one").ok());
  ASSERT_TRUE(Say("two").ok());
  ASSERT_TRUE(watched_.Await([&] { return !watched_.received().empty(); }));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(watched_.received(), std::vector<std::string>{"one"});
}

TEST_F(GrpcWatchTest, OneThatDoesNotReadHoldsUpNobody) {
  Open();
  ASSERT_TRUE(Say("one").ok());
  ASSERT_TRUE(watched_.Await([&] { return watched_.sink() != nullptr; }));
  const absl::Time start = absl::Now();
  const std::string large(100 * 1024, 'x');
  for (int i = 0; i < 32; ++i) watched_.Deliver(large);  // far more than fits on the way
  EXPECT_LT(absl::Now() - start, absl::Seconds(1));
  const auto other = Client(kOurs);
  EXPECT_TRUE(other->Call(kEcho, Request("x")).ok());
  for (int i = 0; i < 32; ++i) ASSERT_EQ(Hear(), large);
}

TEST_F(GrpcWatchTest, AConnectionThatIsTooOldIsLostAsAnyOther) {
  GrpcServerOptions options = Options();
  options.connection_age_max = absl::Milliseconds(200);
  options.connection_age_grace = absl::Milliseconds(100);
  Start(options);
  Open();
  ASSERT_TRUE(Say("one").ok());
  EXPECT_EQ(Hear(), "UNAVAILABLE");
  EXPECT_TRUE(watched_.AwaitGone());
}

TEST_F(GrpcWatchTest, ShutdownDoesNotWaitForWatches) {
  Open();
  ASSERT_TRUE(Say("one").ok());
  ASSERT_TRUE(watched_.Await([&] { return watched_.sink() != nullptr; }));
  const absl::Time start = absl::Now();
  server_->Shutdown(start + absl::Seconds(20));
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  EXPECT_EQ(Hear(), "server.stopping");
}

TEST_F(GrpcWatchTest, NobodyThereIsSaid) {
  Open();
  server_->Shutdown(absl::Now());
  server_.reset();
  EXPECT_EQ(Say("one").code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(client_->Watch("exitbus.testing.v1.EchoService.Shout", {}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace exitbus::adapters
