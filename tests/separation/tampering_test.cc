// Real records on the real broker, altered, moved, repeated and forged by one who may do everything
// there; and stores that are another's or of another day. Each is refused or found and counted,
// nothing of it shows, and what is good still goes through. Late in the program: what was found
// stays found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "tests/e2e/environment.h"
#include "tests/e2e/operator.h"
#include "tests/separation/figures.h"
#include "tests/separation/forger.h"
#include "tests/separation/forgeries.h"
#include "tests/separation/opened.h"
#include "tests/separation/own_broker.h"
#include "tests/separation/tally.h"
#include "tests/story/books.h"
#include "tests/story/checks.h"

namespace exitbus::story {
namespace {

namespace fs = std::filesystem;

constexpr char kRepeated[] = "exitbus_letters_repeated_total";

const Member& Ishoj() { return MemberNamed(kIshoj); }
const Member& Odense() { return MemberNamed(kOdense); }

double DeadLetters(const Member& member, const std::string& reason) {
  return FigureOf(member, "exitbus_dead_letters_total", absl::StrCat("reason=\"", reason, "\""));
}

class TamperingTest : public ::testing::Test {
 protected:
  static std::unique_ptr<Actor> At(const Member& member) {
    auto actor = Actor::Make(member, TheDeployment().ClientOf(member));
    EXPECT_TRUE(actor.ok()) << actor.status();
    return *std::move(actor);
  }

  TamperingTest() {
    auto wire = KafkaWire::Connect(BrokerClient(TheDeployment().broker_address(), "provisioner"));
    EXPECT_TRUE(wire.ok()) << wire.status();
    broker_ = *std::move(wire);
  }

  // A case of Ishøj's that Odense is asked to take, and knows of.
  std::string Requested() {
    static int serial = 0;
    const std::string case_id = EnrolledCase(*ishoj_, absl::StrCat("640180", 1000 + ++serial));
    const auto requested =
        ishoj_->RequestHandover(case_id, kOdense, hv1::HANDOVER_REASON_RELOCATION);
    EXPECT_TRUE(requested.ok()) << requested.status();
    AwaitRequest(requested->handover_id());
    return requested->handover_id();
  }

  void AwaitRequest(const std::string& handover_id) {
    const auto arrived = odense_->AwaitHandover(handover_id, absl::Now(), "the request is there",
                                                [](const auto& h) { return h.terms_size() > 0; });
    EXPECT_TRUE(arrived.ok()) << arrived.status();
  }
  // That the request is recalled arrives, and so did all before it.
  void AwaitRecall(const std::string& handover_id) {
    const auto arrived = odense_->AwaitHandover(
        handover_id, absl::Now(), "the recall is there",
        [](const auto& h) { return h.stage() == hv1::HANDOVER_STAGE_RECALLED; });
    EXPECT_TRUE(arrived.ok()) << arrived.status();
  }

  // Nothing more is on its way between the two, receipts included.
  static void AwaitReceipts() {
    EXPECT_TRUE(Operator::Eventually([] {
      return absl::c_all_of(std::array{&Ishoj(), &Odense()}, [](const Member* member) {
        const auto books = ReadBooks(TheDeployment().places().journal(*member));
        return books.ok() && books->outbox == 0;
      });
    }));
  }

  // What stands in a topic.
  std::vector<WireRecord> Records(const std::string& topic) {
    auto records = broker_->ReadAll(topic);
    EXPECT_TRUE(records.ok()) << records.status();
    return records.ok() ? *std::move(records) : std::vector<WireRecord>();
  }
  void Publish(const std::string& topic, const WireRecord& record) {
    const auto published = broker_->Publish(topic, record);
    EXPECT_TRUE(published.ok()) << published.status();
  }

  // The handover as both ends answer for it.
  std::string AnswersOf(const std::string& handover_id) {
    const auto sent = ishoj_->GetHandover(handover_id);
    const auto received = odense_->GetHandover(handover_id);
    EXPECT_TRUE(sent.ok() && received.ok()) << sent.status() << received.status();
    return sent->SerializeAsString() + received->SerializeAsString();
  }

  static void Restart(const Member& member) {
    ASSERT_TRUE(TheDeployment().StartService(member).ok());
    const absl::Status serving = TheDeployment().AwaitServing(member);
    ASSERT_TRUE(serving.ok()) << serving;
  }

  std::unique_ptr<Actor> ishoj_ = At(Ishoj());
  std::unique_ptr<Actor> odense_ = At(Odense());
  std::unique_ptr<KafkaWire> broker_;
};

TEST_F(TamperingTest, EveryForgeryIsADeadLetterAndNothingElse) {
  const std::string id = Requested();
  const auto even = CompareBooks(TheDeployment(), absl::Seconds(60));
  ASSERT_TRUE(even.ok()) << even.status();
  const std::string answers = AnswersOf(id);
  std::vector<Forgery> forgeries = Altered(Records(kToOdense).back());
  for (Forgery& made_up : MadeUp(id)) forgeries.push_back(std::move(made_up));

  std::map<std::pair<const Member*, std::string>, double> wanted;
  for (const Forgery& forgery : forgeries) {
    auto& count = wanted[{forgery.victim, forgery.reason}];
    if (count == 0) count = DeadLetters(*forgery.victim, forgery.reason);
    ++count;
  }
  for (const Forgery& forgery : forgeries) Publish(forgery.topic, forgery.record);
  for (const auto& [key, count] : wanted) {
    const auto& [victim, reason] = key;
    EXPECT_TRUE(Operator::Eventually([&, victim = victim, reason = reason, count = count] {
      return DeadLetters(*victim, reason) >= count;
    })) << victim->id
        << " " << reason;
    EXPECT_EQ(DeadLetters(*victim, reason), count) << victim->id << " " << reason;
  }
  Tally::Count("bus: forged and altered records", static_cast<int>(forgeries.size()),
               static_cast<int>(forgeries.size()));
  EXPECT_EQ(AnswersOf(id), answers);

  // The topic moves on.
  ASSERT_TRUE(ishoj_->Recall(id).ok());
  AwaitRecall(id);
  EXPECT_EQ(FigureOf(Odense(), "exitbus_correspondences_stopped_total"), 0);
}

// How many letters these records of Odense's topic carry.
int CountLetters(const std::vector<WireRecord>& records) {
  std::vector<exchange::BusRecord> stored;
  for (const WireRecord& record : records) stored.push_back(AsRead(kToOdense, record));
  const auto opened = OpenRecords(TheDeployment(), Odense(), stored);
  EXPECT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->size(), records.size());
  return static_cast<int>(LettersIn(*opened).size());
}

TEST_F(TamperingTest, WhatIsReplayedAsItIsIsKnownAndCounted) {
  AwaitReceipts();
  const std::size_t known = Records(kToOdense).size();
  const std::string id = Requested();
  ASSERT_TRUE(ishoj_->ProposeTerms(id).ok());
  AwaitReceipts();
  const std::string answers = AnswersOf(id);
  const double before = FigureOf(Odense(), kRepeated);
  auto records = Records(kToOdense);
  records.erase(records.begin(), records.begin() + static_cast<std::ptrdiff_t>(known));
  const int letters = CountLetters(records);
  EXPECT_GE(letters, 2);
  for (const WireRecord& record : records) Publish(kToOdense, record);
  EXPECT_TRUE(
      Operator::Eventually([&] { return FigureOf(Odense(), kRepeated) >= before + letters; }));
  Tally::Count("bus: replays", static_cast<int>(records.size()), static_cast<int>(records.size()));
  EXPECT_EQ(AnswersOf(id), answers);
  ASSERT_TRUE(ishoj_->Recall(id).ok());
  AwaitRecall(id);
  EXPECT_EQ(FigureOf(Odense(), kRepeated), before + letters);
  EXPECT_EQ(FigureOf(Odense(), "exitbus_correspondences_stopped_total"), 0);
}

TEST_F(TamperingTest, WhatWasPutInAnotherOrderIsAppliedInItsOwn) {
  const std::string id = Requested();
  AwaitReceipts();  // or one would be among the records
  ASSERT_TRUE(TheDeployment().KillService(Odense()).ok());
  const std::size_t known = Records(kToOdense).size();
  const auto await_records = [&](std::size_t more) {
    EXPECT_TRUE(Operator::Eventually([&] { return Records(kToOdense).size() >= known + more; }));
  };
  ASSERT_TRUE(ishoj_->ProposeTerms(id).ok());
  await_records(1);
  ASSERT_TRUE(ishoj_->Recall(id).ok());
  await_records(2);
  const auto records = Records(kToOdense);
  ASSERT_TRUE(broker_->Empty(kToOdense).ok());
  for (std::size_t i = records.size(); i > known; --i) Publish(kToOdense, records[i - 1]);
  Restart(Odense());
  AwaitRecall(id);
  const auto books = ReadBooks(TheDeployment().places().journal(Odense()));
  ASSERT_TRUE(books.ok()) << books.status();
  EXPECT_EQ(books->parked, 0);
  for (const auto& [key, received] : books->received)
    EXPECT_EQ(received.refused, 0) << key.Encode();
  EXPECT_EQ(FigureOf(Odense(), "exitbus_correspondences_stopped_total"), 0);
  Tally::Count("bus: records in another order", 2);
}

// A copy of a stopped service's data folder, and putting one in place.
std::string DataOf(const Member& member) { return TheDeployment().places().Of(member) + "/data"; }
void Replace(const std::string& folder, const std::string& by) {
  std::error_code error;
  fs::remove_all(folder, error);
  fs::copy(by, folder, fs::copy_options::recursive, error);
  ASSERT_FALSE(error) << error.message();
}

TEST_F(TamperingTest, AnotherAuthoritysStoreIsRefusedAtTheStart) {
  const std::string kept = DataOf(Odense()) + ".kept";
  const std::string foreign = DataOf(Odense()) + ".foreign";
  ASSERT_TRUE(TheDeployment().KillService(Odense()).ok());
  ASSERT_TRUE(TheDeployment().KillService(Ishoj()).ok());
  Replace(kept, DataOf(Odense()));
  Replace(foreign, DataOf(Ishoj()));
  Restart(Ishoj());
  const std::string log = DataOf(Odense()) + ".log";
  const auto refused = [&] {
    const absl::Status ended = RunTool({"timeout", "20", Deployment::Program("municipality"),
                                        "--config", TheDeployment().places().config(Odense())},
                                       log);
    EXPECT_THAT(std::string(ended.message()), ::testing::HasSubstr("(status 2)"));
    EXPECT_THAT(adapters::ReadFile(log).value_or(""),
                ::testing::AllOf(::testing::HasSubstr("municipality-0183"),
                                 ::testing::HasSubstr("data_folder")));
  };
  for (const char* file : {"journal.sqlite", "keys.sqlite", ""}) {
    Replace(DataOf(Odense()), kept);
    if (*file == '\0') {
      Replace(DataOf(Odense()), foreign);
    } else {
      for (const char* suffix : {"-wal", "-shm"}) {
        fs::remove(absl::StrCat(DataOf(Odense()), "/", file, suffix));
      }
      for (const char* suffix : {"", "-wal", "-shm"}) {
        std::error_code ignored;  // -wal and -shm need not be there
        fs::copy_file(absl::StrCat(foreign, "/", file, suffix),
                      absl::StrCat(DataOf(Odense()), "/", file, suffix),
                      fs::copy_options::overwrite_existing, ignored);
      }
    }
    refused();
    Tally::Count("store: another authority's", 1, 1);
  }
  Replace(DataOf(Odense()), kept);
  Restart(Odense());
  Requested();
}

TEST_F(TamperingTest, AStoreOfAnotherDayIsFoundAtItsStartAndSaysNothing) {
  const std::string id = Requested();
  const std::string backup = DataOf(Ishoj()) + ".backup";
  ASSERT_TRUE(TheDeployment().KillService(Ishoj()).ok());
  Replace(backup, DataOf(Ishoj()));
  Restart(Ishoj());
  ASSERT_TRUE(ishoj_->Recall(id).ok());
  AwaitRecall(id);

  const Log at_ishoj(Ishoj());
  const std::string newest = DataOf(Ishoj()) + ".newest";
  ASSERT_TRUE(TheDeployment().KillService(Ishoj()).ok());
  Replace(newest, DataOf(Ishoj()));
  Replace(DataOf(Ishoj()), backup);
  Restart(Ishoj());
  // It would say something else under the number it has used.
  EXPECT_EQ(RuleOf(ishoj_->ProposeTerms(id).status()), "store.behind_its_peers");
  EXPECT_TRUE(at_ishoj.Await("store.behind"));
  EXPECT_EQ(odense_->GetHandover(id)->stage(), hv1::HANDOVER_STAGE_RECALLED);
  ASSERT_TRUE(TheDeployment().KillService(Ishoj()).ok());
  Replace(DataOf(Ishoj()), newest);
  Restart(Ishoj());
  Tally::Count("store: rolled back", 1, 1);
  Requested();  // any other correspondence goes on
}

}  // namespace
}  // namespace exitbus::story
