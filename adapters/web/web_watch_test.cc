// Watches as Server-Sent Events, against a list that keeps to watch.proto.
#include <algorithm>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/web/web_fixture_testing.h"

namespace exitbus::adapters {
namespace {

using exchange::WatchCall;
using exchange::WatchSession;
using exchange::WatchSink;
using ::testing::HasSubstr;
using testing::v1::WatchLinesRequest;
using testing::v1::WatchLinesResponse;

constexpr int kUnacknowledgedMax = 32;

// A list of lines; a token is how many one knows. Like the engine, it delivers at most so many
// unacknowledged.
class Lines {
 public:
  struct Follower {
    std::shared_ptr<WatchSink> sink;
    int told = -1;  // -1: not begun
    int acknowledged = 0;
  };

  void Add(int count, const std::string& text = "line") {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (int i = 0; i < count; ++i) lines_.push_back(absl::StrCat(text, " ", lines_.size() + 1));
    for (auto& [number, follower] : followers_) Tell(follower);
  }
  int Join(std::shared_ptr<WatchSink> sink) {
    const std::lock_guard<std::mutex> lock(mutex_);
    followers_[++joined_].sink = std::move(sink);
    return joined_;
  }
  void Leave(int number) {
    const std::lock_guard<std::mutex> lock(mutex_);
    followers_.erase(number);
  }
  void Said(int number, const WatchLinesRequest& said) {
    const std::lock_guard<std::mutex> lock(mutex_);
    Follower& follower = followers_[number];
    if (said.has_begin()) {
      if (said.begin().token() == "nonsense") {
        return follower.sink->End(
            {absl::StatusCode::kInvalidArgument, "watch.bad_token", "No token of ours.", {}});
      }
      follower.told = follower.acknowledged = Number(said.begin().token());
    } else {
      follower.acknowledged = Number(said.acknowledge().token());
    }
    Tell(follower);
  }
  void EndAll(const exchange::Refusal& why) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (auto& [number, follower] : followers_) follower.sink->End(why);
  }
  // Of those who follow now, the one who was told most.
  Follower Furthest() {
    const std::lock_guard<std::mutex> lock(mutex_);
    Follower furthest;
    for (const auto& [number, follower] : followers_) {
      if (follower.told > furthest.told) furthest = follower;
    }
    return furthest;
  }
  std::size_t followers() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return followers_.size();
  }

 private:
  static int Number(const std::string& token) {
    int number = 0;
    return absl::SimpleAtoi(token, &number) ? number : 0;
  }
  void Tell(Follower& follower) {
    const int count = static_cast<int>(lines_.size());
    while (follower.told >= 0 && follower.told < count &&
           follower.told - follower.acknowledged < kUnacknowledgedMax) {
      auto message = std::make_unique<WatchLinesResponse>();
      message->set_text(lines_[static_cast<std::size_t>(follower.told)]);
      message->set_token(std::to_string(++follower.told));
      follower.sink->Deliver(std::move(message));
    }
  }

  std::mutex mutex_;
  std::vector<std::string> lines_;
  std::map<int, Follower> followers_;
  int joined_ = 0;
};

class Session final : public WatchSession {
 public:
  Session(Lines* lines, std::shared_ptr<WatchSink> sink)
      : lines_(lines), number_(lines->Join(std::move(sink))) {}
  ~Session() override { lines_->Leave(number_); }
  void Receive(std::unique_ptr<google::protobuf::Message> message,
               absl::AnyInvocable<void()> more) override {
    lines_->Said(number_, static_cast<const WatchLinesRequest&>(*message));
    more();
  }
  void Drained() override {}

 private:
  Lines* const lines_;
  const int number_;
};

class WebWatchTest : public WebFixture {
 protected:
  WebWatchTest() {
    handler_.DoWatch([this](WatchCall call) {
      return std::make_unique<Session>(&lines_, std::move(call.sink));
    });
  }
  // The server's calls of `lines_` end before it does.
  ~WebWatchTest() override { server_.reset(); }

  std::unique_ptr<HttpsClient> Follow(const std::string& path = kLinesPath,
                                      const std::string& headers = "") {
    auto client = Client();
    client->Send(absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: x\r\n", headers, "\r\n"));
    return client;
  }
  bool Await(const std::function<bool()>& reached) {
    for (int i = 0; i < 500 && !reached(); ++i) absl::SleepFor(absl::Milliseconds(10));
    return reached();
  }

  Lines lines_;
};

TEST_F(WebWatchTest, EachMessageIsAnEventWhoseIdIsItsToken) {
  lines_.Add(2);
  const auto client = Follow(absl::StrCat(kLinesPath, "?exitbus-purpose=follow-up"),
                             "exitbus-employee: az1234\r\n");
  const std::string read = client->ReadUntil("line 2");
  EXPECT_THAT(read, HasSubstr("200 OK"));
  EXPECT_THAT(read, HasSubstr("Content-Type: text/event-stream"));
  EXPECT_THAT(read, HasSubstr("id: 1\ndata: {\"text\":\"line 1\",\"token\":\"1\"}\n\n"));
  EXPECT_THAT(client->ReadUntil("id: 2"), Not(HasSubstr("line 3")));
  lines_.Add(1);
  EXPECT_THAT(client->ReadUntil("line 3"), HasSubstr("id: 3\n"));
  EXPECT_TRUE(Await([&] { return lines_.Furthest().acknowledged == 3; }));
  EXPECT_EQ(handler_.callers().at(0).employee, "az1234");
  EXPECT_EQ(handler_.callers().at(0).purpose, "follow-up");
}

TEST_F(WebWatchTest, ABrowserThatReconnectsGoesOnWhereItWas) {
  lines_.Add(5);
  const std::string resumed =
      Follow(absl::StrCat(kLinesPath, "?token=1"), "Last-Event-ID: 3\r\n")->ReadUntil("line 5");
  EXPECT_THAT(resumed, HasSubstr("line 4"));
  EXPECT_THAT(resumed, Not(HasSubstr("line 3")));
  const std::string begun = Follow(absl::StrCat(kLinesPath, "?token=3"))->ReadUntil("line 5");
  EXPECT_THAT(begun, Not(HasSubstr("line 3")));
}

TEST_F(WebWatchTest, NothingIsMissedOverARestart) {
  lines_.Add(40);
  EXPECT_THAT(Follow()->ReadUntil("id: 40\n"), HasSubstr("line 40\""));
  server_->Shutdown(absl::Now());
  Start(Options());
  lines_.Add(1);
  const auto again = Follow(kLinesPath, "Last-Event-ID: 40\r\n");
  EXPECT_THAT(again->ReadUntil("line 41"), Not(HasSubstr("line 40")));
}

TEST_F(WebWatchTest, ARefusalBeforeAllElseIsAnAnswerAsAnyOther) {
  const HttpsReply reply = Client()->Get(kLinesPath, {{"last-event-id", "nonsense"}});
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("watch.bad_token"));
  handler_.DoWatch([](WatchCall call) {
    call.sink->End({absl::StatusCode::kPermissionDenied, "caller.function_may_not", "No.", {}});
    return nullptr;
  });
  EXPECT_EQ(Client()->Get(kLinesPath).status, 403);
  EXPECT_EQ(Client("municipality-0461.a.b")->Get(kLinesPath).status, 403);
}

TEST_F(WebWatchTest, ALaterOneIsAnEventAndTheEnd) {
  lines_.Add(1);
  const auto client = Follow();
  client->ReadUntil("line 1");
  lines_.EndAll(
      {absl::StatusCode::kPermissionDenied, "caller.function_may_not", "Not any more.", {}});
  const std::string read = client->ReadUntil("0\r\n\r\n");
  EXPECT_THAT(read, HasSubstr("event: end\ndata: {\"code\":\"permission_denied\""));
  EXPECT_TRUE(Await([&] { return lines_.followers() == 0; }));
  client->Forget();
  EXPECT_EQ(client->Post(kEchoPath, "application/json", "{}").status, 200)
      << "the connection goes on";
}

TEST_F(WebWatchTest, ARevokedCertificateEndsIt) {
  lines_.Add(1);
  const auto client = Follow();
  client->ReadUntil("line 1");
  Revoke({"municipality-0183.casesystem.mentor"});
  lines_.Add(1);
  client->ReadUntil("line 2");
  Revoke({kOurs});
  EXPECT_THAT(client->ReadUntil("0\r\n\r\n"), HasSubstr("caller.certificate_revoked"));
  EXPECT_EQ(Client()->Get(kLinesPath).status, 401);
}

TEST_F(WebWatchTest, AClientThatLeavesIsNoticed) {
  lines_.Add(1);
  auto client = Follow();
  client->ReadUntil("line 1");
  ASSERT_EQ(lines_.followers(), 1U);
  client = nullptr;
  EXPECT_TRUE(Await([&] { return lines_.followers() == 0; }));
  lines_.Add(1);  // to nobody, and harmless
}

// What it does not read stays where it is: the engine tells no more than it may have
// unacknowledged.
TEST_F(WebWatchTest, OneThatDoesNotReadHoldsUpNobodyAndLittleIsKeptForIt) {
  const auto client = Follow();
  ASSERT_TRUE(Await([&] { return lines_.followers() == 1; }));
  lines_.Add(400, std::string(100 * 1024, 'x'));  // far more than fits on the way
  absl::SleepFor(absl::Milliseconds(500));
  const Lines::Follower behind = lines_.Furthest();
  EXPECT_LT(behind.told, 400);
  EXPECT_LE(behind.told - behind.acknowledged, kUnacknowledgedMax);
  EXPECT_EQ(Echo("{}").status, 200);
  EXPECT_THAT(client->ReadUntil("id: 400\n", absl::Seconds(20)), HasSubstr("id: 399\n"));
}

TEST_F(WebWatchTest, OneThatReadsNothingForLongIsEnded) {
  WebServerOptions options = Options();
  options.http.write_within = absl::Milliseconds(300);
  Start(options);
  const auto client = Follow();
  ASSERT_TRUE(Await([&] { return lines_.followers() == 1; }));
  lines_.Add(400, std::string(100 * 1024, 'x'));
  EXPECT_TRUE(Await([&] { return lines_.followers() == 0; }));
}

TEST_F(WebWatchTest, StreamsAreBoundedAndLiveSoLong) {
  WebServerOptions options = Options();
  options.streams_max = 1;
  options.stream_life = absl::Milliseconds(500);
  Start(options);
  lines_.Add(1);
  const auto client = Follow();
  client->ReadUntil("line 1");
  const HttpsReply reply = Client()->Get(kLinesPath);
  EXPECT_EQ(reply.status, 429);
  EXPECT_THAT(reply.body, HasSubstr("watch.too_many_streams"));
  EXPECT_THAT(client->ReadUntil("0\r\n\r\n"), HasSubstr("watch.connect_again"));
  EXPECT_THAT(Follow()->ReadUntil("line 1"), HasSubstr("200 OK"));
}

TEST_F(WebWatchTest, ShutdownDoesNotWaitForWatches) {
  lines_.Add(1);
  const auto client = Follow();
  client->ReadUntil("line 1");
  const absl::Time start = absl::Now();
  server_->Shutdown(start + absl::Seconds(20));
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  EXPECT_THAT(client->ReadUntil("0\r\n\r\n"), HasSubstr("server.stopping"));
}

TEST_F(WebWatchTest, AMethodWithoutTokensHasNoEvents) {
  EXPECT_EQ(Client()->Get("/exitbus.testing.v1.EchoService/WatchEchoes").status, 404);
}

}  // namespace
}  // namespace exitbus::adapters
