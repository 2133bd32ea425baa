// What an authority tells NEC of its cases every day.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/casework_journal/v1/inventory.pb.h"
#include "exitbus/casework_journal/v1/journal.pb.h"
#include "exitbus/nec/v1/messages.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/overview/overview.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/keys.h"
#include "services/exchange/named_states_testing.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

namespace cv1 = casework::v1;
namespace jv1 = casework_journal::v1;
namespace nv1 = nec::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DirectoryEntry;
using exchange::Of;
using testing::ElementsAre;
using testing::IsEmpty;

const DirectoryEntry kNec{"nec", pv1::AUTHORITY_KIND_NEC, "", "national", "", ""};

// An authority with these files, by overview id; of each a letter has gone to NEC, but for those
// that are told apart.
class Files : public exchange::NamedStates {
 public:
  Files() : NamedStates(CaseFiles()) {}
  void Add(const std::string& text) {
    Put(std::make_shared<jv1::CaseFile>(Of<jv1::CaseFile>(text)));
  }
  exchange::Progress ProgressWith(std::string_view, pv1::Channel,
                                  std::string_view subject) const override {
    return {.sent = subject == untold ? 0U : 1U};
  }

  std::string untold;
};

class InventoryTest : public testing::Test {
 protected:
  // What falls due; what it says to NEC, if anything.
  std::optional<nv1::OverviewInventory> Give() {
    exchange::DecisionContext context = at_.DecisionContextFor();
    context.now = now;
    context.lookup = &files;
    const exchange::Aggregate inventories = Inventories();
    const Decision decision =
        inventories.decide_deadline(state, inventories.singleton->deadline, context);
    for (const auto& event : decision.events()) inventories.evolve(state, *event);
    outcome = exchange::OutcomeOf(decision);
    const auto* const told = exchange::Told(decision, "nec", "OverviewInventory");
    if (told == nullptr) return std::nullopt;
    EXPECT_EQ(decision.notifications().size(), 1U);
    return static_cast<const nv1::OverviewInventory&>(*told);
  }
  static std::vector<std::string> Listed(const nv1::OverviewInventory& inventory) {
    std::vector<std::string> listed;
    for (const auto& entry : inventory.entries()) {
      listed.push_back(absl::StrCat(entry.overview_id(), " ", entry.stage(), " ", entry.number(),
                                    " ", entry.letters_sent()));
    }
    return listed;
  }
  absl::Time Due() {
    const auto due = Inventories().deadlines(state);
    return due.size() == 1 ? due[0].due : absl::InfinitePast();
  }

  jv1::Inventory state;
  Files files;
  absl::Time now = exchange::Deciding::Now();
  std::string outcome;

 private:
  exchange::Deciding at_{exchange::kIshoej, {kNec}};
};

std::string File(const std::string& id, const std::string& rest) {
  return absl::StrCat("case_id: \"", id, "\" overview_id: \"", id, "\" number: 3 ", rest);
}

TEST_F(InventoryTest, ListsWhoNecShouldKnowOf) {
  files.Add(File("a", "standing: STANDING_RESPONSIBLE stage: CASE_STAGE_VISITED"));
  files.Add(File("b", "standing: STANDING_RESPONSIBLE stage: CASE_STAGE_ENROLLED"));
  files.Add(File("c", "standing: STANDING_RESPONSIBLE stage: CASE_STAGE_WITHDRAWN"));
  files.Add(File("d", "standing: STANDING_RESPONSIBLE stage: CASE_STAGE_REFERRED"));
  files.Add(File("e", "standing: STANDING_FORMER stage: CASE_STAGE_ENROLLED"));
  files.Add(File("f", "standing: STANDING_RECEIVING stage: CASE_STAGE_ENROLLED"));
  const auto given = Give();
  ASSERT_TRUE(given);
  EXPECT_THAT(Listed(*given), ElementsAre("a 2 3 1", "b 3 3 1", "c 4 3 1"));
  EXPECT_EQ(exchange::FromProto(given->as_of()), now);
  EXPECT_EQ(given->after(), "");
  EXPECT_EQ(given->through(), "");
}

// Who left before a visitation NEC never heard of. Who was visited it should have heard of, also
// where a letter has been lost with a store that was put back.
TEST_F(InventoryTest, WhoLeftUnvisitedIsNotListed) {
  files.Add(File("a", "standing: STANDING_RESPONSIBLE stage: CASE_STAGE_WITHDRAWN"));
  files.untold = "a";
  EXPECT_THAT(Listed(*Give()), IsEmpty());
  state.Clear();
  files.Add(File("b", "standing: STANDING_RESPONSIBLE stage: CASE_STAGE_VISITED"));
  files.untold = "b";
  EXPECT_THAT(Listed(*Give()), ElementsAre("a 4 3 1", "b 2 3 0"));
}

TEST_F(InventoryTest, ItFallsDueAgainTheNextMorning) {
  const auto given = Give();
  ASSERT_TRUE(given) << "one that holds nothing says so";
  EXPECT_THAT(Listed(*given), IsEmpty());
  const absl::Time due = Due();
  EXPECT_EQ(due, absl::FromCivil(absl::CivilHour(2026, 3, 3, 5), absl::UTCTimeZone()));
  EXPECT_FALSE(Give());
  EXPECT_EQ(outcome, "no effect inventory_not_due");
  now = due;
  EXPECT_TRUE(Give());
  EXPECT_EQ(Due(), due + absl::Hours(24));
}

TEST_F(InventoryTest, WhatIsTooMuchForOneLetterGoesInSeveral) {
  for (std::size_t i = 0; i < 2 * kListedMax + 1; ++i) {
    files.Add(File(absl::StrCat("entry-", 1000 + i),
                   "standing: STANDING_RESPONSIBLE stage: CASE_STAGE_VISITED"));
  }
  std::vector<std::string> listed;
  std::string through;
  for (const std::size_t size : {kListedMax, kListedMax, std::size_t{1}}) {
    const auto part = Give();
    ASSERT_TRUE(part);
    EXPECT_EQ(static_cast<std::size_t>(part->entries_size()), size);
    EXPECT_EQ(part->after(), through) << "each begins where the one before ended";
    through = part->through();
    for (const auto& entry : part->entries()) listed.push_back(entry.overview_id());
  }
  EXPECT_EQ(through, "");
  EXPECT_EQ(listed.size(), 2 * kListedMax + 1);
  EXPECT_TRUE(std::is_sorted(listed.begin(), listed.end()));
  EXPECT_FALSE(Give()) << "the next one is tomorrow's";
}

}  // namespace
}  // namespace exitbus::casework
