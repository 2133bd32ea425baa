// What a book of checkpoints takes, and that none is lost or made twice when a process dies around
// one.
#include <gtest/gtest.h>

#include "exitbus/evidence_journal/v1/journal.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "services/evidence/collect.h"
#include "services/evidence/verify.h"
#include "services/exchange/checkpoints.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace jv1 = evidence_journal::v1;

TEST(CheckpointRulesTest, AYearAndAMonthAreKept) {
  const exchange::Aggregate books = exchange::Checkpoints();
  jv1::Book book;
  for (int number = 1; number <= exchange::kCheckpointsKept + 10; ++number) {
    jv1::BookEvent event;
    event.mutable_checkpoint_made()->mutable_checkpoint()->set_number(number);
    books.evolve(book, event);
  }
  ASSERT_EQ(book.checkpoints_size(), exchange::kCheckpointsKept);
  EXPECT_EQ(book.checkpoints(0).number(), 11U);
  EXPECT_EQ(book.checkpoints().rbegin()->number(),
            static_cast<std::uint64_t>(exchange::kCheckpointsKept + 10));
}

TEST(CheckpointRulesTest, OnlyWhatIsACheckpointInItsTurnIsKept) {
  const exchange::Aggregate books = exchange::Checkpoints();
  const exchange::LetterPlace place{"municipality-0183", policy::v1::CHANNEL_EVIDENCE,
                                    "checkpoints", 1};
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  jv1::Book kept;
  kept.add_checkpoints()->set_number(7);
  *kept.mutable_checkpoints(0)->mutable_made() = exchange::ToProto(now);
  exchange::v1::Body body;
  const auto rule = [&] { return books.decide_letter(kept, place, body, {}).refusal()->reason; };
  EXPECT_EQ(rule(), "letter.not_for_this_authority");
  exchange::v1::EvidenceCheckpoint& told = *body.mutable_evidence_checkpoint();
  told.set_digest(std::string(31, 'd'));
  told.set_number(8);
  EXPECT_EQ(rule(), "checkpoint.malformed");
  told.set_digest(std::string(32, 'd'));
  *told.mutable_made() = exchange::ToProto(now + absl::Minutes(59));
  EXPECT_EQ(rule(), "checkpoint.too_soon");
  told.set_number(6);
  EXPECT_EQ(rule(), "checkpoint.out_of_turn");
  told.set_number(8);
  *told.mutable_made() = exchange::ToProto(now + absl::Hours(24));
  EXPECT_TRUE(books.decide_letter(kept, place, body, {}).accepted());
}

TEST(CheckpointRulesTest, NoneIsMadeBeforeItIsDue) {
  const exchange::Aggregate books = exchange::Checkpoints();
  exchange::DecisionContext context;
  context.now = absl::FromUnixSeconds(1'800'000'000);
  jv1::Book book;
  *book.mutable_due() = exchange::ToProto(context.now + absl::Seconds(1));
  EXPECT_EQ(books.decide_deadline(book, "daily", context).no_effect(), "checkpoint_not_due");
  *book.mutable_due() = exchange::ToProto(context.now);
  EXPECT_EQ(books.decide_deadline(book, "daily", context).no_effect(), "");
}

// Author or witness dies at the n-th commit around a checkpoint, for every n there is.
void DieAroundACheckpoint(bool author_dies, bool durable) {
  for (int n = 0; n < 7; ++n) {
    SCOPED_TRACE("commit " + std::to_string(n));
    World world(n + 1);
    Node& author = world.Municipality("0183");
    Node& witness = world.Municipality("0461");
    exchange::DirectoryEntry entry = *world.directory.Find(author.id());
    entry.witnesses = {witness.id()};
    world.directory.Put(entry);
    (author_dies ? author : witness).DieAtCommit(n, durable);
    world.Pass(absl::Seconds(20));  // the first one is made with the first tick
    EnrolledCase(world, author);
    world.Pass(absl::Hours(25));
    ASSERT_TRUE(world.Settle());
    std::vector<evidence::v1::EvidenceFile> files;
    for (Node* node : {&author, &witness}) {
      files.push_back(
          *evidence::Collect(node->store(), *world.crypto, {node->id(), world.clock.Now(), ""}));
    }
    EXPECT_EQ(files[0].own_size(), files[1].received_size());
    EXPECT_EQ(files[0].own_size(), 2);
    for (const auto& finding : evidence::Verify(files, *world.crypto)) {
      EXPECT_FALSE(finding.fault) << finding.text;
    }
  }
}

TEST(CheckpointCrashTest, TheAuthorMayDieBeforeAnyCommit) { DieAroundACheckpoint(true, false); }
TEST(CheckpointCrashTest, TheAuthorMayDieAfterAnyCommit) { DieAroundACheckpoint(true, true); }
TEST(CheckpointCrashTest, TheWitnessMayDieBeforeAnyCommit) { DieAroundACheckpoint(false, false); }
TEST(CheckpointCrashTest, TheWitnessMayDieAfterAnyCommit) { DieAroundACheckpoint(false, true); }

}  // namespace
}  // namespace exitbus::simulation
