// Whom a case's events go to, as what, in which conditions: addresses.table.
#include "services/casework/addresses.h"

#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "adapters/memory/memory_directory.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/handover/given_testing.h"
#include "services/casework/rules.h"
#include "tests/tables/matrix.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;

const std::map<std::string, std::optional<Whom>> kReaders = {
    {"counterpart", std::nullopt},
    {"police", Whom::kPolice},
    {"receiving-police", Whom::kReceivingPolice},
    {"contact-point", Whom::kContactPoint},
    {"nec", Whom::kNec}};

std::string Plain(const std::string& name, std::string_view prefix) {
  return name.substr(prefix.size());
}

// "HOLDER to RECEIVER under its-id (AFTER_ACCEPTANCE LEGAL_BASIS)"
std::string Said(const std::optional<exchange::Address>& address) {
  if (!address) return "nobody";
  std::vector<std::string> held;
  for (int i = 1; i <= pv1::Condition_MAX; ++i) {
    const auto condition = static_cast<pv1::Condition>(i);
    if (!address->to.satisfied.Has(condition)) continue;
    held.push_back(Plain(pv1::Condition_Name(condition), "CONDITION_"));
  }
  return Plain(pv1::Relation_Name(address->from), "RELATION_") + " to " +
         Plain(pv1::Relation_Name(address->to.relation), "RELATION_") + " " +
         address->to.authority + " under " + address->to.subject +
         (held.empty() ? "" : " (" + absl::StrJoin(held, " ") + ")");
}

// Two districts, each with a unit of its own; the case's knows it by an id of its own.
jv1::CaseFile File(const std::string& side, const std::string& stage) {
  jv1::CaseFile file = Given(side, stage);
  file.set_police("police-1469");
  file.set_security_id("the-security");
  file.set_overview_id("the-overview");
  file.mutable_handovers(0)->set_police("police-1469");
  file.mutable_handovers(0)->set_receiving_police("police-1464");
  return file;
}

std::string Addressed(const std::string& side, const std::string& stage, const std::string& whom,
                      const std::string& about) {
  adapters::MemoryDirectory directory;
  directory.Put({"municipality-0183", pv1::AUTHORITY_KIND_MUNICIPALITY, "Ishøj", "0183", "", ""});
  directory.Put({"contact-point", pv1::AUTHORITY_KIND_CONTACT_POINT, "", "national", "", ""});
  directory.Put({"nec", pv1::AUTHORITY_KIND_NEC, "", "national", "", ""});
  const auto self = directory.Find("municipality-0183");
  exchange::DecisionContext context;
  context.self = self.get();
  context.directory = &directory;
  const jv1::CaseFile file = File(side, stage);
  const jv1::Handover* handover = about == "handover" ? &file.handovers(0) : nullptr;
  if (const auto reader = kReaders.at(whom))
    return Said(AddressOf(*reader, file, handover, context));
  return handover == nullptr ? "nobody" : Said(CounterpartOf(file, *handover));
}

TEST(AddressesTest, AreAsTheTableSays) {
  std::vector<std::string> whom;
  for (const auto& [name, reader] : kReaders) {
    for (const char* about : {"handover: ", "case: "}) whom.push_back(about + name);
  }
  const auto then = [](const std::string& side, const std::string& stage, const std::string& row) {
    const std::pair<std::string, std::string> about = absl::StrSplit(row, ": ");
    return Addressed(side, stage, about.second, about.first);
  };
  const std::string mistakes =
      tables::MistakesIn("services/casework/addresses.table",
                         {{{"holder", kStages}, {"receiver", kStages}}, whom, then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

// What holds for an authority's own people: each condition by a reason, and one that nobody has
// thought of for nobody.
TEST(HeldByCallersTest, EachConditionIsGrantedByNameAndAnyOtherToNobody) {
  using Holds = bool (*)(const jv1::CaseFile&);
  const std::map<pv1::Condition, Holds> reasons = {
      {pv1::CONDITION_OWN_PART, [](const jv1::CaseFile&) { return true; }},
      {pv1::CONDITION_SUPERVISION_OR_CUSTODY, [](const jv1::CaseFile&) { return true; }},
      {pv1::CONDITION_UNTIL_TAKE_OVER,
       [](const jv1::CaseFile& file) {
         const hv1::HandoverStage stage = file.handovers(0).stage();
         const bool is_over = stage == hv1::HANDOVER_STAGE_TAKEN_OVER ||
                              stage == hv1::HANDOVER_STAGE_ACKNOWLEDGED ||
                              stage == hv1::HANDOVER_STAGE_CLOSED;
         return !is_over || file.handovers(0).side() == hv1::SIDE_RECEIVER;
       }},
      {pv1::CONDITION_LEGAL_BASIS, [](const jv1::CaseFile& file) {
         return file.consent().has_given() && !file.consent().has_revoked();
       }}};
  int granted = 0;
  for (const std::string& side : kSides) {
    for (const std::string& stage : kStages) {
      for (const bool revoked : {false, true}) {
        jv1::CaseFile file = File(side, stage);
        if (revoked) file.mutable_consent()->mutable_revoked();
        const policy::ConditionSet satisfied = SatisfiedForCallers(file);
        for (int i = 0; i <= pv1::Condition_MAX; ++i) {
          const auto condition = static_cast<pv1::Condition>(i);
          const auto reason = reasons.find(condition);
          const bool holds = reason != reasons.end() && reason->second(file);
          EXPECT_EQ(satisfied.Has(condition), holds)
              << pv1::Condition_Name(condition) << " at " << side << " " << stage;
          if (holds) ++granted;
        }
      }
    }
  }
  EXPECT_GT(granted, 100);
}

}  // namespace
}  // namespace exitbus::casework
