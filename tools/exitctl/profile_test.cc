#include "tools/exitctl/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "adapters/directory/files.h"
#include "adapters/memory/test_folder.h"

namespace exitbus::exitctl {
namespace {

using testing::HasSubstr;

constexpr char kText[] =
    "# who\nEXITBUS_ADDRESS=127.0.0.1:1\n\nexport EXITBUS_CA=/ca\nEXITBUS_CERT='/c'\n"
    "EXITBUS_KEY=\"/k\"\nEXITBUS_EMPLOYEE=a=b\n EXITBUS_PURPOSE=exit-support \n";

Environment Holding(const std::map<std::string, std::string>& variables) {
  return [variables](const std::string& name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

using Options = std::map<std::string, std::vector<std::string>>;

TEST(Profile, IsReadAsAShellReadsIt) {
  Profile profile;
  ASSERT_TRUE(ReadProfile(kText, profile).ok());
  EXPECT_EQ(profile.address, "127.0.0.1:1");
  EXPECT_EQ(profile.ca, "/ca");
  EXPECT_EQ(profile.certificate, "/c");
  EXPECT_EQ(profile.key, "/k");
  EXPECT_EQ(profile.employee, "a=b");
  EXPECT_EQ(profile.purpose, "exit-support");
}

TEST(Profile, RefusesWhatIsNoSetting) {
  Profile profile;
  const auto unknown = ReadProfile("EXITBUS_CA=x\nEXITBUS_EMPLOYE=y\n", profile);
  EXPECT_THAT(std::string(unknown.message()), HasSubstr("line 2"));
  EXPECT_THAT(std::string(unknown.message()), HasSubstr("Did you mean EXITBUS_EMPLOYEE"));
  EXPECT_FALSE(ReadProfile("just words", profile).ok());
}

TEST(Profile, IsOverriddenByTheEnvironmentAndThatByOptions) {
  const adapters::TestFolder folder;
  const std::string file = folder.path() + "/p";
  ASSERT_TRUE(adapters::ReplaceFile(file, kText).ok());
  const auto environment = Holding({{"EXITBUS_CA", "/env"}, {"EXITBUS_KEY", "/env"}});
  const auto profile =
      ProfileOf({Options{{"--profile", {file}}, {"--key", {"/option"}}, {"--timeout-s", {"1.5"}}}},
                environment);
  ASSERT_TRUE(profile.ok()) << profile.status();
  EXPECT_EQ(profile->certificate, "/c");
  EXPECT_EQ(profile->ca, "/env");
  EXPECT_EQ(profile->key, "/option");
  EXPECT_EQ(profile->timeout, absl::Milliseconds(1500));
}

TEST(Profile, IncompleteTellsWhatIsMissing) {
  const auto status = ProfileOf({Options{{"--address", {"a:1"}}}}, Holding({})).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("EXITBUS_CA"));
  EXPECT_TRUE(absl::IsInvalidArgument(
      ProfileOf({Options{{"--profile", {"/nowhere/profile"}}}}, Holding({})).status()));
}

TEST(Timeout, IsABoundedNumberOfSeconds) {
  const auto environment = Holding({{"EXITBUS_ADDRESS", "a:1"},
                                    {"EXITBUS_CA", "x"},
                                    {"EXITBUS_CERT", "x"},
                                    {"EXITBUS_KEY", "x"}});
  EXPECT_TRUE(ProfileOf({}, environment).ok());
  for (const char* bad : {"0", "-1", "601", "ten", "nan"}) {
    EXPECT_FALSE(ProfileOf({Options{{"--timeout-s", {bad}}}}, environment).ok()) << bad;
  }
}

}  // namespace
}  // namespace exitbus::exitctl
