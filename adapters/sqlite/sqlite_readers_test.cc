// Another process that has the store's files open, as a backup tool has, must not hold the service
// up: in the middle of reading for as long as it likes, or with the writer's lock in its hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <thread>

#include "adapters/memory/recording_telemetry.h"
#include "adapters/memory/test_folder.h"
#include "adapters/sqlite/sqlite_store.h"

namespace exitbus::adapters {
namespace {

using exchange::Table;
using testing::HasSubstr;

constexpr char kSecret[] = "planted-secret-value";
constexpr int kWaitsMax = 300;  // of a tenth of a second

// A process of its own that runs `sql` on the file and then does nothing until it is gone.
class OtherProcess {
 public:
  OtherProcess(const std::string& path, const char* sql) {
    int ready[2];
    EXPECT_EQ(pipe(ready), 0);
    child_ = fork();
    if (child_ == 0) {
      sqlite3* database = nullptr;
      const bool done = sqlite3_open(path.c_str(), &database) == SQLITE_OK &&
                        sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
      const char answer = done ? 'y' : 'n';
      if (write(ready[1], &answer, 1) == 1) pause();
      _exit(1);
    }
    char answer = 0;
    EXPECT_EQ(read(ready[0], &answer, 1), 1);
    EXPECT_EQ(answer, 'y');
    close(ready[0]);
    close(ready[1]);
  }
  ~OtherProcess() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  OtherProcess(const OtherProcess&) = delete;
  OtherProcess& operator=(const OtherProcess&) = delete;

 private:
  pid_t child_ = -1;
};

constexpr char kReads[] = "BEGIN; SELECT count(*) FROM sqlite_master";
constexpr char kLocks[] = "BEGIN IMMEDIATE";

class SqliteReadersTest : public testing::Test {
 protected:
  std::unique_ptr<exchange::Store> Open(bool leave_no_trace) {
    auto store =
        OpenSqliteStore(path_, {.leave_no_trace = leave_no_trace, .telemetry = &telemetry_});
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }
  static absl::Status Put(exchange::Store& store, const std::string& key,
                          const std::string& value) {
    return store.Commit(exchange::Durability::kDurable, {{Table::kKeys, key, value}});
  }
  static absl::Status Erase(exchange::Store& store, const std::string& key) {
    return store.Commit(exchange::Durability::kDurable, {{Table::kKeys, key, std::nullopt}});
  }
  bool HoldsSecret() const {
    std::string bytes;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      std::ifstream file(entry.path(), std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return bytes.find(kSecret) != std::string::npos;
  }
  double TraceLeft() const { return telemetry_.Gauge("store.trace_left", {{"store", "keys"}}); }
  void WaitUntil(const std::function<bool()>& so) {
    for (int i = 0; i < kWaitsMax && !so(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    EXPECT_TRUE(so());
  }

  const TestFolder folder_;
  const std::string path_ = folder_.path() + "/keys.sqlite";
  RecordingTelemetry telemetry_;
};

TEST_F(SqliteReadersTest, AnErasureUnderAReaderStandsAndItsTraceIsTriedAgain) {
  const auto store = Open(true);
  ASSERT_TRUE(Put(*store, "unit", kSecret).ok());
  {
    const OtherProcess reader(path_, kReads);
    ASSERT_TRUE(Erase(*store, "unit").ok());
    EXPECT_EQ(store->Get(Table::kKeys, "unit").value(), std::nullopt);
    EXPECT_TRUE(HoldsSecret());
    EXPECT_EQ(TraceLeft(), 1);
    EXPECT_TRUE(Put(*store, "another", "1").ok());
    EXPECT_TRUE(Erase(*store, "another").ok());
    WaitUntil([&] { return !telemetry_.LinesOf("store.trace_left").empty(); });
    EXPECT_GT(telemetry_.Total("store.trace_retries"), 2);
  }
  WaitUntil([&] { return TraceLeft() == 0; });
  EXPECT_FALSE(HoldsSecret());
  EXPECT_TRUE(Put(*store, "third", "1").ok());
  const auto told = telemetry_.LinesOf("store.trace_left");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].severity, exchange::Severity::kError);
  EXPECT_EQ(told[0].fields[0].second, path_);
}

TEST_F(SqliteReadersTest, AStartUnderAReaderServesAndRemovesTheTraceLater) {
  {
    auto store = Open(true);
    ASSERT_TRUE(Put(*store, "unit", kSecret).ok());
  }
  std::optional<OtherProcess> reader(std::in_place, path_, kReads);
  {
    auto store = Open(true);
    ASSERT_TRUE(Erase(*store, "unit").ok());
  }
  telemetry_.Clear();
  const auto store = Open(true);
  ASSERT_NE(store, nullptr);
  EXPECT_TRUE(Put(*store, "another", "1").ok());
  EXPECT_EQ(TraceLeft(), 1);
  reader.reset();
  WaitUntil([&] { return TraceLeft() == 0; });
  EXPECT_FALSE(HoldsSecret());
}

// A start takes the store over, which is a commit.
TEST_F(SqliteReadersTest, AStartWaitsForWhoHoldsTheWritersLock) {
  ASSERT_NE(Open(true), nullptr);
  auto writer = std::make_unique<OtherProcess>(path_, kLocks);
  std::thread end([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    writer.reset();
  });
  EXPECT_NE(Open(true), nullptr);
  end.join();
}

TEST_F(SqliteReadersTest, AnErrorNamesTheFile) {
  const auto store = Open(false);
  const OtherProcess writer(path_, kLocks);
  const absl::Status locked = Put(*store, "a", "1");
  EXPECT_EQ(locked.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(locked.message()), HasSubstr(path_));
}

TEST_F(SqliteReadersTest, ALogThatAReaderHoldsGrowsIsToldOfAndEndsWithTheReader) {
  const auto store = Open(false);
  std::string value;
  int written = 0;
  const auto write = [&](int rows) {  // about fifty pages each
    for (int i = 0; i < rows; ++i, ++written) {
      // Another value each time: SQLite writes no page anew that stays the same.
      value = std::string(200'000, static_cast<char>('a' + written % 25));
      ASSERT_TRUE(Put(*store, std::to_string(written % 7), value).ok());
    }
  };
  const exchange::Labels labels = {{"store", "keys"}};
  {
    const OtherProcess reader(path_, kReads);
    write(200);
    EXPECT_GT(telemetry_.Gauge("store.log_held_bytes", labels), 32e6);
    EXPECT_EQ(telemetry_.LinesOf("store.log_held").size(), 1u);
  }
  write(60);
  EXPECT_EQ(telemetry_.Gauge("store.log_held_bytes", labels), 0);
  EXPECT_EQ(store->Get(Table::kKeys, std::to_string((written - 1) % 7)).value(), value);
}

}  // namespace
}  // namespace exitbus::adapters
