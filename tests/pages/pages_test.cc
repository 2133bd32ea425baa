// The pages in a browser before what is real: a handover that is stuck is found on the page within
// a minute, by its own operator alone, and is seen to go on; and what a page says while the broker,
// an authority or the console dies before its eyes. What is looked for there is in real/*.spec.ts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "tests/e2e/environment.h"
#include "tests/story/child.h"
#include "tests/story/console.h"

namespace exitbus::story {
namespace {

constexpr char kCprNumber[] = "6102805711";

const Member& Ishoj() { return MemberNamed(kIshoj); }
const Member& Odense() { return MemberNamed(kOdense); }

class ConsolePagesTest : public ::testing::Test {
 protected:
  // The page's word that it looks, by a file; false: it does not come to that.
  static bool AwaitLook() {
    for (int i = 0; i < 600 && !std::filesystem::exists(Look()); ++i) {
      absl::SleepFor(absl::Milliseconds(100));
    }
    return std::filesystem::exists(Look());
  }

  // Plays one test of real/*.spec.ts. `meanwhile` once its page looks.
  static void Play(const std::string& name, const std::function<void()>& meanwhile = nullptr) {
    std::filesystem::remove(Look());
    const Places& places = TheDeployment().places();
    const std::string log = places.state + "/playwright.log";
    absl::Status played;
    std::thread page([&] {
      played = RunTool({"env",
                        absl::StrCat("EXITBUS_CONSOLE=https://localhost:",
                                     TheDeployment().console_web_port(), "/"),
                        "EXITBUS_PKI=" + places.pki(), "EXITBUS_LOOK=" + Look(),
                        "EXITBUS_SECRET=" + std::string(kCprNumber),
                        Deployment::Source() + "/tests/pages/run.sh", "real", "--grep", name},
                       log);
    });
    if (meanwhile != nullptr && AwaitLook()) meanwhile();
    page.join();
    const std::string said = adapters::ReadFile(log).value_or("");
    EXPECT_TRUE(played.ok()) << said;
    EXPECT_THAT(said, ::testing::HasSubstr("1 passed"));
    EXPECT_TRUE(meanwhile == nullptr || std::filesystem::exists(Look())) << "no page looked";
  }

 private:
  static std::string Look() { return TheDeployment().places().state + "/page-looks"; }
};

TEST_F(ConsolePagesTest, AllAuthoritiesAreHeardAndThePolicyBlocksNothing) {
  Play("all authorities are heard");
}

TEST_F(ConsolePagesTest, AStuckHandoverIsFoundWithinAMinuteByItsOwnOperatorAlone) {
  auto ishoj = Actor::Make(Ishoj(), TheDeployment().ClientOf(Ishoj()));
  ASSERT_TRUE(ishoj.ok()) << ishoj.status();
  const std::string id = EnrolledCase(**ishoj, kCprNumber);
  ASSERT_TRUE(TheDeployment().KillService(Odense()).ok());
  Play("a stuck handover is found", [&] {
    const auto requested =
        (*ishoj)->RequestHandover(id, kOdense, handover::v1::HANDOVER_REASON_RELOCATION);
    EXPECT_TRUE(requested.ok()) << requested.status();
  });
  Play("nobody else sees it");
  Play("it is seen to go on", [] {
    EXPECT_TRUE(TheDeployment().StartService(Odense()).ok());
    EXPECT_TRUE(TheDeployment().AwaitServing(Odense()).ok());
  });
}

TEST_F(ConsolePagesTest, TheConsoleDiesWhileOneLooks) {
  Play("the console dies", [] {
    EXPECT_TRUE(TheDeployment().KillService(ConsoleMember()).ok());
    absl::SleepFor(absl::Seconds(10));
    EXPECT_TRUE(TheDeployment().StartService(ConsoleMember()).ok());
  });
  EXPECT_TRUE(TheDeployment().AwaitServing(ConsoleMember()).ok());
}

TEST_F(ConsolePagesTest, TheBrokerDiesWhileOneLooks) {
  Play("the broker dies", [] {
    EXPECT_TRUE(TheDeployment().KillBroker().ok());
    absl::SleepFor(absl::Seconds(25));
    EXPECT_TRUE(TheDeployment().StartBroker().ok());
  });
}

}  // namespace
}  // namespace exitbus::story
