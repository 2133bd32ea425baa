// The console under load: 2 000 hops a second, told as authorities tell them, and 20 open pages,
// each with the rows and the hops over Server-Sent Events. Measured is what one who looks sees: how
// long after it happened a hop is with him; and what memory the console takes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/directory/authority_keys.h"
#include "adapters/directory/files.h"
#include "adapters/kafka/kafka_bus.h"
#include "adapters/memory/memory_directory.h"
#include "adapters/memory/recording_telemetry.h"
#include "adapters/sodium/sodium_crypto.h"
#include "adapters/system/system_clock.h"
#include "adapters/system/thread_executor.h"
#include "exitbus/operations/v1/operations_service.pb.h"
#include "exitbus/operations/v1/trace.pb.h"
#include "services/exchange/environment.h"
#include "services/exchange/hex.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/sealing.h"
#include "tests/e2e/environment.h"
#include "tests/story/console.h"

namespace exitbus::story {
namespace {

namespace ov1 = operations::v1;
namespace pv1 = policy::v1;

constexpr int kHopsASecond = 2000;
constexpr absl::Duration kBeat = absl::Milliseconds(500);
constexpr absl::Duration kLoad = absl::Seconds(30);
constexpr absl::Duration kWarmUp = absl::Seconds(5);
constexpr int kPages = 20;
constexpr absl::Duration kOnThePageWithin = absl::Seconds(1);
constexpr std::uint64_t kMemoryMax = 150'000'000;

// Tells as one authority's process does, in its name; its own process is ended first.
class Teller : public exchange::BusListener {
 public:
  Teller(const Member& member, const adapters::MemoryDirectory& directory, std::string console_key)
      : member_(member) {
    const Places& places = TheDeployment().places();
    const auto keys = adapters::LoadKeys(places.Of(member) + "/keys.textproto");
    EXPECT_TRUE(keys.ok()) << keys.status();
    environment_.self = member.id;
    environment_.self_at_start = directory.Find(member.id);
    environment_.crypto = crypto_.get();
    environment_.random = &random_;
    environment_.clock = environment_.wall_clock = &clock_;
    environment_.secrets.identity_key = exchange::SecretBytes(keys->identity_secret_key());
    environment_.settings.console_key = std::move(console_key);
    auto bus =
        adapters::MakeKafkaBus({TheDeployment().broker_address(), places.authorities_ca(),
                                places.certificate(member.id), places.key(member.id), member.id},
                               &executor_, &telemetry_);
    EXPECT_TRUE(bus.ok()) << bus.status();
    bus_ = *std::move(bus);
    std::promise<void> up;
    up_ = &up;
    executor_.Post([this] { bus_->Start(this); });
    EXPECT_EQ(up.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  }
  ~Teller() override { executor_.Stop(); }

  // So many hops, spread over the beat that is just over.
  void Tell(int hops, bool standing) {
    ov1::TraceRecord told;
    *told.mutable_started() = exchange::ToProto(begun_);
    const absl::Time now = absl::Now();
    for (int i = 0; i < hops; ++i) {
      ov1::Hop& hop = *told.add_hops();
      // Four hops a letter.
      hop.set_hop_id(crypto_->Digest(absl::StrCat(member_.id, made_ / 4)).substr(0, 16));
      hop.set_channel(pv1::CHANNEL_CASE);
      hop.set_kind(static_cast<ov1::HopKind>(ov1::HOP_KIND_CREATED + made_++ % 4));
      *hop.mutable_time() = exchange::ToProto(now - kBeat + kBeat * i / hops);
    }
    if (standing) *told.mutable_standing()->mutable_taken() = exchange::ToProto(now);
    auto record = exchange::SealTrace(environment_, told);
    executor_.Post([this, record = std::move(record)]() mutable {
      bus_->Publish(exchange::Priority::kOrdinary, std::move(record),
                    [](const auto& result) { EXPECT_TRUE(result.ok()) << result.status(); });
    });
  }

  void OnCluster(const std::string&) override {
    if (up_ != nullptr) std::exchange(up_, nullptr)->set_value();
  }
  void OnUnavailable(const absl::Status&) override {}
  void OnRecords(std::vector<exchange::BusRecord>, absl::AnyInvocable<void()>) override {}
  void OnCaughtUp(const std::string&) override {}

 private:
  const Member member_;
  const std::unique_ptr<exchange::Crypto> crypto_ = adapters::MakeSodiumCrypto();
  adapters::SodiumRandom random_;
  adapters::SystemClock clock_;
  adapters::RecordingTelemetry telemetry_;
  adapters::ThreadExecutor executor_;
  exchange::Environment environment_;
  const absl::Time begun_ = absl::Now();
  std::promise<void>* up_ = nullptr;
  std::unique_ptr<exchange::Bus> bus_;
  int made_ = 0;
};

std::uint64_t ResidentOf(pid_t pid) {
  std::ifstream statm(absl::StrCat("/proc/", pid, "/statm"));
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  statm >> size >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// Its processor time so far.
double SecondsOf(pid_t pid) {
  std::ifstream stat(absl::StrCat("/proc/", pid, "/stat"));
  std::string word;
  double ticks = 0;
  for (int i = 1; i <= 15 && stat >> word; ++i) {
    if (i >= 14) ticks += std::stod(word);
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// A page: what a browser has open, read as fast as it comes.
Daemon Page(int number, const std::string& method, const std::string& certificate) {
  const Places& places = TheDeployment().places();
  const std::string name = absl::StrCat(places.state, "/page-", number, "-", method);
  return {{"curl", "--silent", "--no-buffer", "--cacert", places.authorities_ca(), "--cert",
           places.certificate(certificate), "--key", places.key(certificate), "--output",
           name + ".events",
           absl::StrCat("https://localhost:", TheDeployment().console_web_port(),
                        "/exitbus.operations.v1.OperationsService/", method,
                        "?exitbus-employee=page-", number)},
          name + ".pid",
          name + ".log"};
}

// How long after it happened each hop was with one who looks, and what it cost.
struct Seen {
  std::vector<absl::Duration> late;
  std::uint64_t left_out = 0;
  double cores = 0;
  std::uint64_t memory = 0;
};

class ConsoleLoadTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto console_key = MakeConsoleKeys(TheDeployment().places());
    ASSERT_TRUE(console_key.ok());
    for (const Member& member : Cast()) {
      ASSERT_TRUE(TheDeployment().KillService(member).ok());
      exchange::DirectoryEntry entry;
      entry.id = member.id;
      entry.kind = member.kind;
      entry.code = member.code;
      directory_.Put(entry);
      tellers_.push_back(std::make_unique<Teller>(member, directory_,
                                                  exchange::FromHex(*console_key).value_or("")));
    }
    for (int i = 0; i < kPages; ++i) {
      const std::string certificate = i % 2 == 0 ? kObserver : OperatorOf(Cast()[0]);
      for (const char* method : {"WatchOverview", "WatchHops"}) {
        pages_.push_back(Page(i, method, certificate));
        ASSERT_TRUE(Spawn(pages_.back()).ok());
      }
    }
  }

  void TearDown() override {
    for (const Daemon& page : pages_) {
      EXPECT_TRUE(RunningPid(page).has_value()) << page.command.back();
      (void)End(page, SIGTERM, absl::Seconds(5));
      std::string events = page.log;
      events.replace(events.size() - 3, 3, "events");
      EXPECT_GT(std::filesystem::file_size(events), 100'000U)
          << "a page that is told nothing is none";
    }
  }

  // Until `over`.
  void Load(const std::atomic<bool>& over) {
    const int each = static_cast<int>(kHopsASecond * absl::ToDoubleSeconds(kBeat)) /
                         static_cast<int>(tellers_.size()) +
                     1;
    absl::Time next = absl::Now();
    for (int beat = 0; !over; ++beat) {
      for (const auto& teller : tellers_) teller->Tell(each, beat % 10 == 0);
      next += kBeat;
      absl::SleepFor(next - absl::Now());
    }
  }

  static void Look(adapters::GrpcWatch& watch, Seen& seen) {
    const pid_t pid = TheDeployment().PidOf(ConsoleMember()).value_or(0);
    const double before = SecondsOf(pid);
    const absl::Time begun = absl::Now();
    while (absl::Now() - begun < kLoad) {
      const auto message = watch.Next(absl::Seconds(5));
      ASSERT_TRUE(message.ok()) << message.status();
      const absl::Time now = absl::Now();
      const auto& told = static_cast<const ov1::WatchHopsResponse&>(**message);
      seen.left_out += told.left_out();
      if (now - begun > kWarmUp) {
        for (const auto& hop : told.hops()) {
          seen.late.push_back(now - exchange::FromProto(hop.time()));
        }
      }
      ov1::WatchHopsRequest acknowledge;
      acknowledge.mutable_acknowledge()->set_token(told.token());
      ASSERT_TRUE(watch.Send(acknowledge).ok());
    }
    seen.cores = (SecondsOf(pid) - before) / absl::ToDoubleSeconds(absl::Now() - begun);
    seen.memory = ResidentOf(pid);
    std::sort(seen.late.begin(), seen.late.end());
  }

  adapters::MemoryDirectory directory_;
  std::vector<std::unique_ptr<Teller>> tellers_;
  std::vector<Daemon> pages_;
};

TEST_F(ConsoleLoadTest, TwoThousandHopsASecondAndTwentyPages) {
  const auto client = ClientWith(ConsoleMember(), ConsoleMember().client);
  adapters::CallOptions options;
  options.metadata = {{"exitbus-employee", "tester"}};
  const auto watch = client->Watch("exitbus.operations.v1.OperationsService.WatchHops", options);
  ASSERT_TRUE(watch.ok()) << watch.status();
  ov1::WatchHopsRequest begin;
  begin.mutable_begin();
  ASSERT_TRUE((*watch)->Send(begin).ok());
  std::atomic<bool> over = false;
  std::thread load([&] { Load(over); });
  Seen seen;
  Look(**watch, seen);
  over = true;
  load.join();
  ASSERT_GT(seen.late.size(), 1000U);
  const absl::Duration p99 = seen.late[seen.late.size() * 99 / 100];
  std::cout << "  hops seen " << seen.late.size() << ", left out " << seen.left_out << "; p50 "
            << absl::FormatDuration(seen.late[seen.late.size() / 2]) << ", p99 "
            << absl::FormatDuration(p99) << ", most " << absl::FormatDuration(seen.late.back())
            << "; memory " << seen.memory / 1'000'000 << " MB; " << seen.cores << " of a core"
            << std::endl;
  EXPECT_LE(p99, kOnThePageWithin);
  EXPECT_LE(seen.memory, kMemoryMax);
}

}  // namespace
}  // namespace exitbus::story
