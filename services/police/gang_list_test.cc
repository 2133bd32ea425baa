// What an officer who looks somebody up is told, by what the list says, and who is looked up there
// at all.
#include "services/police/gang_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "exitbus/police/v1/nec_status_service.pb.h"
#include "exitbus/police_journal/v1/journal.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/typed.h"
#include "services/police/security_files.h"

namespace exitbus::police {
namespace {

namespace cv1 = casework::v1;
namespace jv1 = police_journal::v1;
using exchange::Answer;
using exchange::InGangList;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kCprNumber[] = "0101619999";

// Of this person, whom the municipality in charge has asked about.
jv1::SecurityFile Asked() {
  return exchange::Of<jv1::SecurityFile>(R"(
      security_id: "the-file" standing: POLICE_STANDING_IN_CHARGE holder: "municipality-0183"
      requested { holder: "municipality-0183" }
      person { cpr_number: "0101619999" name: "Canary Name" } nec_inquiry { asked {} })");
}

// What the engine answers to a look-up, before the list is asked.
Answer Admitted(const jv1::SecurityFile& file) {
  const exchange::Deciding unit(exchange::kVestegnen, {exchange::kIshoej});
  const std::string name = exchange::MethodOf(v1::LookUpGangListRequest::descriptor());
  for (const exchange::Method& method : SecurityFiles().methods) {
    if (method.name != name) continue;
    auto view = method.view(file, v1::LookUpGangListRequest(), unit.DecisionContextFor());
    if (view == nullptr) return {nullptr, exchange::NotThere()};
    auto reply = std::make_unique<v1::LookUpGangListResponse>();
    reply->mutable_look_up()->CopyFrom(*view);
    return {std::move(reply), {}};
  }
  ADD_FAILURE() << "no method " << name;
  return {};
}

// An engine that knows one file, and the list, which says this.
struct World final : exchange::ApiHandler, exchange::GangList {
  void Handle(exchange::Call call) override {
    methods.push_back(call.method);
    call.done(Admitted(file));
  }
  std::unique_ptr<exchange::WatchSession> Watch(exchange::WatchCall) override { return nullptr; }
  void LookUp(const std::string& cpr_number, absl::AnyInvocable<void(InGangList)> done) override {
    asked.push_back(cpr_number);
    done(says);
  }

  // The outcome of a call: what is looked up, or by what it is refused.
  std::string Call(const std::string& method) {
    std::string outcome;
    exchange::Call call{
        .method = method, .caller = {}, .request = nullptr, .done = [&](Answer answer) {
          if (answer.reply == nullptr) {
            outcome = answer.refusal.reason;
            return;
          }
          const auto& said = static_cast<const v1::LookUpGangListResponse&>(*answer.reply);
          outcome = cv1::NecListStatus_Name(said.look_up().status())
                        .substr(sizeof("NEC_LIST_STATUS_") - 1);
        }};
    LookingUp(this, this)->Handle(std::move(call));
    return outcome;
  }
  std::string LookUp() { return Call(exchange::MethodOf(v1::LookUpGangListRequest::descriptor())); }

  jv1::SecurityFile file = Asked();
  InGangList says = InGangList::kUnknown;
  std::vector<std::string> asked, methods;
};

TEST(GangListTest, AnOfficerSeesWhatTheListSaysOfTheCprNumber) {
  World world;
  EXPECT_EQ(world.LookUp(), "UNKNOWN") << "it does not answer";
  world.says = InGangList::kYes;
  EXPECT_EQ(world.LookUp(), "YES");
  world.says = InGangList::kNo;
  EXPECT_EQ(world.LookUp(), "NO");
  EXPECT_THAT(world.asked, ElementsAre(kCprNumber, kCprNumber, kCprNumber));
}

TEST(GangListTest, NobodyIsLookedUpWhomTheUnitDoesNotKnowOrIsNotAskedOf) {
  World world;
  world.says = InGangList::kYes;
  world.file.clear_person();
  EXPECT_EQ(world.LookUp(), "UNKNOWN");
  world.file = Asked();
  world.file.clear_nec_inquiry();
  EXPECT_EQ(world.LookUp(), exchange::NotThere().reason);
  world.file = Asked();
  world.file.set_standing(v1::POLICE_STANDING_FORMER);
  EXPECT_EQ(world.LookUp(), exchange::NotThere().reason);
  EXPECT_THAT(world.asked, IsEmpty());
}

TEST(GangListTest, NoOtherCallGoesToTheList) {
  World world;
  world.says = InGangList::kYes;
  EXPECT_EQ(world.Call("exitbus.police.v1.NecStatusService.AnswerNecStatus"), "UNKNOWN")
      << "the engine's own answer";
  EXPECT_THAT(world.asked, IsEmpty());
  EXPECT_EQ(world.methods.size(), 1U);
}

}  // namespace
}  // namespace exitbus::police
