// The central pool where two act at the same time: each crossing with a death at each commit, and a
// budget that is the sum of what was decided and never overspent, whatever the order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/simulation/pool_world.h"

namespace exitbus::simulation {
namespace {

namespace dv1 = contact_point::v1;
namespace lv1 = pool::v1;

// Withdrawn while it is granted, and while it is paid; with a death at each of both sides' commits.
class PoolCrossingTest : public testing::TestWithParam<bool> {};

TEST_P(PoolCrossingTest, EndsAlikeAtBothSides) {
  const bool pays = GetParam();
  int crossed = 0;
  for (const bool at_desk : {true, false}) {
    for (int nth = 1; nth <= 6; ++nth) {
      for (const bool durable : {false, true}) {
        SCOPED_TRACE(absl::StrCat(at_desk ? "desk " : "applicant ", nth, durable ? " after" : ""));
        PoolWorld pool(static_cast<std::uint64_t>(nth));
        const auto id = pool.Apply(pool.ishoej, EnrolledCase(pool.world, pool.ishoej), 24000);
        ASSERT_TRUE(id.ok()) << id.status();
        ASSERT_TRUE(pool.world.Settle());
        ASSERT_TRUE(pool.Treat(*id).ok());
        ASSERT_TRUE(!pays || pool.Grant(*id, 24000).ok());
        ASSERT_TRUE(pool.world.Settle());
        (at_desk ? pool.desk : pool.ishoej).DieAtCommit(nth, durable);
        const absl::Status done = pays ? pool.Pay(*id, 24000) : pool.Grant(*id, 24000);
        const absl::Status withdrawn = pool.WithdrawApplication(pool.ishoej, *id);
        EXPECT_TRUE(done.ok() || RuleOf(done) == "pool.withdrawn") << done;
        EXPECT_TRUE(withdrawn.ok() || (pays && RuleOf(withdrawn) == "pool.paid")) << withdrawn;
        crossed += done.ok() && withdrawn.ok();
        ASSERT_TRUE(pool.world.Settle());
        const bool paid = pays && done.ok();
        for (Node* node : {&pool.desk, &pool.ishoej}) {
          EXPECT_EQ(pool.At(*node, *id).stage(),
                    paid ? lv1::POOL_STAGE_PAID : lv1::POOL_STAGE_WITHDRAWN)
              << node->id();
        }
        EXPECT_EQ(pool.Budget().committed_dkk(), paid ? 24'000U : 0U);
        pool.ExpectSound();
      }
    }
  }
  EXPECT_GT(crossed, 6);
}

INSTANTIATE_TEST_SUITE_P(Withdrawn, PoolCrossingTest, testing::Bool(), [](const auto& info) {
  return info.param ? "while_paid" : "while_granted";
});

// What the year's own events say, by an arithmetic of its own.
struct Ledger {
  std::map<std::string, std::uint64_t> granted, paid, spent;
  std::set<std::string> withdrawn;

  std::uint64_t committed() const {
    std::uint64_t sum = 0;
    for (const auto& [id, dkk] : granted) {
      if (withdrawn.contains(id)) continue;
      sum += spent.contains(id) ? spent.at(id) : paid.contains(id) ? paid.at(id) : dkk;
    }
    return sum;
  }
};

// Everybody acts as it comes, and dies now and then; the ledger is of what was answered.
class Play {
 public:
  explicit Play(std::uint64_t seed) : pool_(seed), random_(seed) {
    cases_.emplace_back(&pool_.ishoej, EnrolledCase(pool_.world, pool_.ishoej));
    cases_.emplace_back(&pool_.odense, EnrolledCase(pool_.world, pool_.odense, "6101900002"));
    EXPECT_TRUE(pool_.OpenYear(kBudgetDkk).ok());
    EXPECT_TRUE(pool_.world.Settle());
  }

  void Run(int steps) {
    for (int i = 0; i < steps; ++i) {
      if (i == steps / 2) pool_.world.Skip(absl::Hours(24 * 100));  // accounts are overdue
      if (Pick(5) == 0) Victim().DieAtCommit(1 + Pick(3), Pick(2) == 0);
      Step();
      if (Pick(3) == 0) pool_.world.Pass(absl::Seconds(Pick(40)));
      const dv1::BudgetYear budget = pool_.Budget();
      ASSERT_LE(budget.committed_dkk(), budget.budget_dkk());
      ASSERT_EQ(budget.left_dkk(), budget.budget_dkk() - budget.committed_dkk());
    }
    ASSERT_TRUE(pool_.world.Settle());
    for (const auto& [id, node] : applicants_) Compare(id, *node);
    EXPECT_EQ(pool_.Budget().committed_dkk(), ledger_.committed());
    pool_.ExpectSound();
  }
  int granted() const { return static_cast<int>(ledger_.granted.size()); }
  int refused_by_budget() const { return refused_by_budget_; }
  int refused_by_people() const { return refused_by_people_; }
  int given_up() const { return given_up_; }

 private:
  static constexpr std::uint64_t kBudgetDkk = 40'000;

  int Pick(int of) { return static_cast<int>(random_() % static_cast<unsigned>(of)); }
  Node& Victim() {
    Node* const all[] = {&pool_.desk, &pool_.ishoej, &pool_.odense};
    return *all[Pick(3)];
  }

  void Step() {
    if (applicants_.empty() || Pick(4) == 0) {
      const auto& [node, case_id] = cases_[static_cast<std::size_t>(Pick(2))];
      const auto id = pool_.Apply(*node, case_id, 1 + Pick(40'000));
      if (id.ok()) applicants_[*id] = node;
      return;
    }
    const auto& [id, node] = *std::next(applicants_.begin(), Pick(applicants_.size()));
    switch (Pick(12)) {
      case 0:
      case 1:
        return (void)pool_.Treat(id);
      case 2:
      case 3:
      case 4:
        return GrantSome(id);
      case 5:
        return PaySome(id);
      case 6:
        return (void)pool_.ReturnAccount(*node, id, Pick(20'000));
      case 7:
        return AcceptIt(id);
      case 8:
        refused_by_people_ += Pick(3) == 0 && pool_.Refuse(id).ok();
        return;
      case 9:
        return (void)pool_.SetBudget(kBudgetDkk - 5'000 + Pick(10'000));
      case 10:
        return GiveUpOne();
      default:
        if (Pick(4) == 0) (void)pool_.WithdrawApplication(*node, id);
    }
  }

  void GrantSome(const std::string& id) {
    const std::uint64_t applied = pool_.At(pool_.desk, id).applied_dkk();
    if (applied == 0) return;
    const std::uint64_t dkk = Pick(2) == 0 ? applied : 1 + Pick(static_cast<int>(applied));
    const absl::Status done = pool_.Grant(
        id, dkk,
        dkk == applied ? lv1::POOL_REFUSAL_CODE_UNSPECIFIED : lv1::POOL_REFUSAL_CODE_COST_TOO_HIGH);
    if (done.ok()) ledger_.granted[id] = dkk;
    refused_by_budget_ += RuleOf(done) == "budget.overspent";
  }
  void PaySome(const std::string& id) {
    const std::uint64_t granted = pool_.At(pool_.desk, id).granted_dkk();
    if (granted == 0) return;
    const std::uint64_t dkk = 1 + Pick(static_cast<int>(granted));
    if (pool_.Pay(id, dkk).ok()) ledger_.paid[id] = dkk;
  }
  void GiveUpOne() {
    for (const auto& [id, node] : applicants_) {
      if (!pool_.GiveUp(id).ok()) continue;
      ++given_up_;
      return;
    }
  }
  void AcceptIt(const std::string& id) {
    const bool done = pool_.Accept(id).ok();
    if (done) ledger_.spent[id] = pool_.At(pool_.desk, id).spent_dkk();
  }

  // What one side says of it the other does; only that it is treated is not told, and who withdraws
  // while it is refused has withdrawn it.
  void Compare(const std::string& id, Node& node) {
    lv1::PoolApplication at_desk = pool_.At(pool_.desk, id);
    const lv1::PoolApplication here = pool_.At(node, id);
    if (at_desk.stage() == lv1::POOL_STAGE_UNDER_TREATMENT) {
      at_desk.set_stage(lv1::POOL_STAGE_SUBMITTED);
    }
    const bool crossed =
        at_desk.stage() == lv1::POOL_STAGE_REFUSED && here.stage() == lv1::POOL_STAGE_WITHDRAWN;
    EXPECT_TRUE(crossed || at_desk.stage() == here.stage()) << id;
    EXPECT_EQ(at_desk.paid_dkk(), here.paid_dkk()) << id;
    EXPECT_EQ(at_desk.spent_dkk(), here.spent_dkk()) << id;
    if (at_desk.stage() == lv1::POOL_STAGE_WITHDRAWN) ledger_.withdrawn.insert(id);
  }

  PoolWorld pool_;
  std::mt19937_64 random_;
  std::vector<std::pair<Node*, std::string>> cases_;
  std::map<std::string, Node*> applicants_;
  Ledger ledger_;
  int refused_by_budget_ = 0;
  int refused_by_people_ = 0;
  int given_up_ = 0;
};

TEST(PoolPropertyTest, TheBudgetIsTheSumOfItsEventsAndNeverOverspent) {
  int granted = 0, refused = 0, refused_by_people = 0, given_up = 0;
  for (std::uint64_t seed = 8; seed < 24; ++seed) {
    SCOPED_TRACE(seed);
    Play play(seed);
    ASSERT_NO_FATAL_FAILURE(play.Run(90));
    granted += play.granted();
    refused += play.refused_by_budget();
    refused_by_people += play.refused_by_people();
    given_up += play.given_up();
  }
  EXPECT_GT(granted, 15);
  EXPECT_GT(refused, 2) << "the budget was not tried";
  EXPECT_GT(refused_by_people, 0);
  EXPECT_GT(given_up, 0);
}

}  // namespace
}  // namespace exitbus::simulation
