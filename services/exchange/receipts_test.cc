#include "services/exchange/receipts.h"

#include <gtest/gtest.h>

#include "adapters/memory/memory_directory.h"
#include "adapters/memory/memory_store.h"
#include "adapters/memory/recording_telemetry.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/environment.h"
#include "services/exchange/incoming.h"
#include "services/exchange/unit_of_work.h"
#include "services/exchange/vault.h"

namespace exitbus::exchange {
namespace {

// One receipt that covers many refused letters tells the last of them, and how many there were.
class RefusedLettersTest : public testing::Test {
 protected:
  RefusedLettersTest() {
    environment.store = &store;
    environment.vault = &vault;
    environment.directory = &directory;
    environment.telemetry = &telemetry;
    store::v1::CorrespondenceOut out;
    out.set_last_number(200);
    EXPECT_TRUE(store
                    .Commit(Durability::kDurable,
                            {{Table::kCorrespondencesOut, id.Encode(), out.SerializeAsString()}})
                    .ok());
  }

  void Take(std::uint64_t through, std::uint64_t refused_count, std::uint64_t last_refused) {
    v1::ReceiptBatch batch;
    v1::Receipt& receipt = *batch.add_receipts();
    receipt.set_channel(policy::v1::Channel(id.channel));
    receipt.set_subject(id.subject);
    receipt.set_through(through);
    receipt.set_refused_count(refused_count);
    for (std::uint64_t number = last_refused - kRefusedKept + 1; number <= last_refused; ++number) {
      receipt.add_refused()->set_number(number);
      receipt.mutable_refused()->rbegin()->set_rule("letter.out_of_turn");
    }
    UnitOfWork work(&environment, nullptr);
    ApplyReceipts(work, id.peer, batch);
    EXPECT_TRUE(work.Commit(Durability::kDurable).ok());
  }
  double Counted() { return telemetry.Total("letters.refused_by_peer"); }

  adapters::MemoryStore store;
  adapters::MemoryDirectory directory;
  adapters::RecordingTelemetry telemetry;
  Vault vault{nullptr, nullptr, nullptr, nullptr};
  Environment environment;
  const CorrespondenceId id{3, "peer", "subject"};
};

TEST_F(RefusedLettersTest, AllAreCountedAndAFewAreToldOneByOne) {
  Take(100, 100, 100);
  EXPECT_EQ(Counted(), 100);
  EXPECT_EQ(telemetry.LinesOf("letter.refused_by_peer").size(), std::size_t{kRefusedKept});
  Take(110, 102, 102);
  EXPECT_EQ(Counted(), 102);
  Take(110, 102, 102);  // again
  EXPECT_EQ(Counted(), 102);
}

TEST_F(RefusedLettersTest, AnOlderVersionTellsThoseItNames) {
  Take(100, 0, 100);
  EXPECT_EQ(Counted(), kRefusedKept);
}

TEST_F(RefusedLettersTest, APeerCannotCountMoreThanWent) {
  Take(100, std::uint64_t{1} << 52, 100);
  EXPECT_EQ(Counted(), 100);
}

}  // namespace
}  // namespace exitbus::exchange
