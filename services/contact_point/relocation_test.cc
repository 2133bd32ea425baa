// The decision tables of a request for relocation at the contact point, cell by cell:
// relocation.table and relocation_desk.table; and how the assessment's clock is paused.
#include "services/contact_point/relocation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "exitbus/relocation/v1/relocation_service.pb.h"
#include "services/contact_point/relocation_desk.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/relocation/request_testing.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::contact_point {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::DirectoryEntry;
using exchange::kDesk;
using exchange::kFyn;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::kVestegnen;
using exchange::Of;

constexpr char kRequest[] = "the-request";
using relocation::kComplete;
using relocation::kIncomplete;

exchange::LetterPlace From(const DirectoryEntry& sender) {
  return {sender.id, pv1::CHANNEL_RELOCATION, kRequest, 1, sender.kind};
}

tables::Inputs Letters() {
  const auto of = [](const std::string& holder, int version, const std::string& nomination) {
    return absl::Substitute("holder: \"$0\" version: $1 $2", holder, version, nomination);
  };
  tables::Inputs all(RequestedRelocations(), From(kVestegnen));
  all.Message("<RelocationNominated", of(kIshoej.id, 1, kComplete))
      .Message("<RelocationNominated, incomplete", of(kIshoej.id, 1, kIncomplete))
      .Message("<RelocationNominated, of another district's", of(kOdense.id, 1, kComplete))
      .Message("<RelocationNominated, of the unit itself", of(kVestegnen.id, 1, kComplete))
      .Message("<RelocationNominated, of who is not listed", of("municipality-0751", 1, kComplete))
      .Message("<RelocationNominated, the second", of(kIshoej.id, 2, kComplete))
      .Message("<RelocationNominated, the second incomplete", of(kIshoej.id, 2, kIncomplete))
      .Message("<RelocationNominated, the second of another holder", of(kOdense.id, 2, kComplete))
      .MessageFrom(From(kFyn), "<RelocationNominated, by another unit",
                   of(kIshoej.id, 1, kComplete))
      .Message("<RelocationWithdrawn", "")
      .MessageFrom(From(kFyn), "<RelocationWithdrawn, by another unit", "")
      .Message("<ErasureOrdered", "number: 1")
      .MessageFrom(From(kFyn), "<ErasureOrdered, by another unit", "number: 1");
  return all;
}

tables::Inputs Desk() {
  const std::string id = absl::StrCat("relocation_id: \"", kRequest, "\" outcome: ");
  const std::string ground = " grounds: ASSESSMENT_GROUND_CRITERIA_MET";
  tables::Inputs all(RequestedRelocations(), From(kVestegnen));
  all.Command("AssessRelocation", id + "ASSESSMENT_OUTCOME_NECESSARY" + ground)
      .Command(
          "AssessRelocation, as not necessary",
          id + "ASSESSMENT_OUTCOME_NOT_NECESSARY grounds: ASSESSMENT_GROUND_TEMPORARY_SUFFICES")
      .Command("AssessRelocation, on the other outcome's ground",
               id + "ASSESSMENT_OUTCOME_NOT_NECESSARY" + ground)
      .Command("AssessRelocation, without a ground", id + "ASSESSMENT_OUTCOME_NECESSARY")
      .Command("AssessRelocation, without an outcome", id + "ASSESSMENT_OUTCOME_UNSPECIFIED")
      .Command("AssessRelocation, for more information",
               id + "ASSESSMENT_OUTCOME_MORE_INFORMATION asked: NOMINATION_PART_LEAVING")
      .Command("AssessRelocation, for no information", id + "ASSESSMENT_OUTCOME_MORE_INFORMATION");
  return all;
}

jv1::RequestedRelocation Request(const std::string& given) {
  jv1::RequestedRelocation request;
  if (given != "NONE") *request.mutable_relocation() = relocation::GivenRequest(given);
  return request;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& request = static_cast<const jv1::RequestedRelocation&>(state);
  if (request.has_erasure()) return "ERASED";
  return lv1::RelocationStage_Name(request.relocation().seen().stage())
      .substr(sizeof("RELOCATION_STAGE_") - 1);
}

void ExpectAsIn(const std::string& table, const tables::Inputs& all,
                const std::vector<std::string>& given) {
  const exchange::Deciding desk(kDesk, {kIshoej, kOdense, kVestegnen, kFyn});
  const auto then = [&](const std::string&, const std::string& name, const std::string& input) {
    const jv1::RequestedRelocation request = Request(name);
    return tables::Said(all.Decide(input, request, desk.DecisionContextFor()), all.aggregate(),
                        request, &StageOf);
  };
  const std::string mistakes =
      tables::MistakesIn(absl::StrCat("services/contact_point/", table, ".table"),
                         {{{"contact point", given}}, all.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST(RelocationTest, EachLetterIsDecidedAsTheTableSays) {
  ExpectAsIn("relocation", Letters(),
             {"NONE", "NOMINATED", "AGAIN", "ASKED", "NECESSARY", "NOT_NECESSARY", "WITHDRAWN"});
}

TEST(RelocationTest, EachCommandIsDecidedAsTheTableSays) {
  ExpectAsIn("relocation_desk", Desk(),
             {"NOMINATED", "AGAIN", "ASKED", "NECESSARY", "NOT_NECESSARY", "WITHDRAWN"});
}

// A request as it goes on, day by day.
class RelocationClockTest : public testing::Test {
 protected:
  void Happens(const exchange::Decision& decision) {
    ASSERT_TRUE(decision.accepted()) << decision.refusal()->reason;
    state = decision.After(*state, requests.evolve);
  }
  void Comes(const std::string& body) {
    Happens(requests.decide_letter(*state, From(kVestegnen), Of<exchange::v1::Body>(body), Now()));
  }
  void AskForMore() {
    const auto request = Of<lv1::AssessRelocationRequest>(
        "outcome: ASSESSMENT_OUTCOME_MORE_INFORMATION asked: NOMINATION_PART_LEAVING");
    const auto assess = std::find_if(requests.methods.begin(), requests.methods.end(),
                                     [](const auto& method) { return bool(method.decide); });
    Happens(assess->decide(*state, request, Now()));
  }
  exchange::DecisionContext Now() const {
    exchange::DecisionContext context = desk.DecisionContextFor();
    context.now = exchange::AddWorkingDays(context.now, day);
    return context;
  }
  std::string DueOn() const {
    const auto& next = static_cast<const jv1::RequestedRelocation&>(*state).relocation().next();
    for (int days = 0; days < 30; ++days) {
      if (exchange::AddWorkingDays(desk.Now(), days) == exchange::FromProto(next.due())) {
        return absl::StrCat(next.parties(0).authority(), " on day ", days);
      }
    }
    return "never";
  }
  static std::string Nominated(int version) {
    return absl::Substitute("relocation_nominated { holder: \"$0\" version: $1 $2 }", kIshoej.id,
                            version, kComplete);
  }

  const exchange::Deciding desk{kDesk, {kIshoej, kVestegnen}};
  const exchange::Aggregate requests = RequestedRelocations();
  std::shared_ptr<const google::protobuf::Message> state =
      std::make_shared<jv1::RequestedRelocation>();
  int day = 0;
};

TEST_F(RelocationClockTest, TheAssessmentsClockStandsStillWhileMoreIsAskedFor) {
  Comes(Nominated(1));
  EXPECT_EQ(DueOn(), "contact-point on day 5");
  day = 2;
  AskForMore();
  EXPECT_EQ(DueOn(), "police-1469 on day 7");
  day = 9;
  Comes(Nominated(2));
  EXPECT_EQ(DueOn(), "contact-point on day 12") << "three days were left";
}

TEST_F(RelocationClockTest, WhoIsLateHasADayLeft) {
  Comes(Nominated(1));
  day = 8;
  AskForMore();
  Comes(Nominated(2));
  EXPECT_EQ(DueOn(), "contact-point on day 9");
}

}  // namespace
}  // namespace exitbus::contact_point
