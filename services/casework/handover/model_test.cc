// A handover explored exhaustively, at each of its sides.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "services/casework/handover/given_testing.h"
#include "services/casework/handover/rules.h"
#include "services/casework/model_testing.h"
#include "services/casework/parts.h"

namespace exitbus::casework {
namespace {

namespace jv1 = casework_journal::v1;
using exchange::Decision;
using testing::IsEmpty;

bool HasMoved(hv1::HandoverStage stage) {
  return stage == hv1::HANDOVER_STAGE_TAKEN_OVER || stage == hv1::HANDOVER_STAGE_ACKNOWLEDGED ||
         stage == hv1::HANDOVER_STAGE_CLOSED;
}

bool HasEnded(const jv1::CaseFile& file) {
  const hv1::HandoverStage stage = file.handovers(0).stage();
  return stage == hv1::HANDOVER_STAGE_CLOSED || (!IsOpen(file.handovers(0)) && !HasMoved(stage));
}

Machine HandoverMachine(const std::string& side) {
  Machine machine;
  machine.state_of = [](const jv1::CaseFile& file) -> std::string {
    if (file.has_erasure()) return "erased";
    const jv1::Handover& handover = file.handovers(0);
    return absl::StrCat(hv1::HandoverStage_Name(handover.stage()), " standing ", file.standing(),
                        " ", v1::CaseStage_Name(file.stage()), " waiting ", handover.waiting_for(),
                        handover.escalated(), handover.recall_requested(), " agreed ",
                        absl::c_count_if(handover.terms(), [](const hv1::Term& term) {
                          return term.status() == hv1::TERM_STATUS_AGREED;
                        }));
  };
  machine.begins = {Given(side, "REQUESTED"), Given(side, "ACCEPTED"), Given(side, "OFFERED"),
                    Given(side, "TAKEN_OVER")};
  machine.inputs = Occasions();
  machine.decide = [](const jv1::CaseFile& file, const std::string& input) {
    return file.has_erasure() ? Decision::Refuse(exchange::NotThere()) : Decided(file, input);
  };
  machine.evolve = [](const jv1::CaseFile& file, const Decision& decision) {
    return *After(file, decision);
  };
  machine.is_end = [](const jv1::CaseFile& file) { return file.has_erasure() || HasEnded(file); };
  const bool at_holder = side == "holder";
  machine.fault_in = [at_holder](const jv1::CaseFile& before, const std::string&, const Decision&,
                                 const jv1::CaseFile& after) -> std::string {
    if (after.has_erasure()) return "";
    const hv1::HandoverStage was = before.handovers(0).stage(), is = after.handovers(0).stage();
    if (HasEnded(before) && was != is) {
      return absl::StrCat("a handover that had ended goes on: ", hv1::HandoverStage_Name(is));
    }
    if (HasMoved(was) && !HasMoved(is)) return "responsibility has moved back by itself";
    const bool answers = after.standing() == v1::STANDING_RESPONSIBLE;
    return answers == (at_holder ? !HasMoved(is) : HasMoved(is))
               ? ""
               : absl::StrCat("at ", hv1::HandoverStage_Name(is), " this side ",
                              answers ? "answers as well" : "answers no more");
  };
  return machine;
}

// Of both sides, by all that may come while it lasts.
TEST(HandoverModelTest, EndsAndMovesResponsibilityOnceOrNever) {
  for (const std::string side : {"holder", "receiver"}) {
    const Explored explored = Explore(HandoverMachine(side), 10'000);
    EXPECT_THAT(explored.faults, IsEmpty()) << side;
    std::cout << "  " << side << ": " << explored.states << " states, " << explored.steps
              << " steps\n";
  }
}

}  // namespace
}  // namespace exitbus::casework
