#include "absl/strings/str_cat.h"
#include "adapters/directory/config_testing.h"

namespace exitbus::adapters {
namespace {

using testing::HasSubstr;

class ConfigWebTest : public ConfigFiles {
 protected:
  // What is said against a good configuration with this web gateway.
  std::string Said(const std::string& web) {
    return std::string(Load(absl::StrCat(kGood, "web { ", web, " }")).status().message());
  }
};

constexpr char kAddress[] = "address: \"0.0.0.0:8443\" ";

TEST_F(ConfigWebTest, IsOffUnlessConfiguredAndHasDefaults) {
  EXPECT_FALSE(Load(kGood)->has_web());
  const auto config =
      Load(absl::StrCat(kGood, "web { ", kAddress,
                        "login { issuer: \"i\" audience: \"a\" key_files: \"FOLDER/cert\" } }"));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->web().connections_max(), 200U);
  EXPECT_EQ(config->web().login().session_max().seconds(), 8 * 60 * 60);
}

TEST_F(ConfigWebTest, EachMistakeIsNamed) {
  EXPECT_THAT(Said(""), HasSubstr("web.address"));
  EXPECT_THAT(Said("address: \"8443\""), HasSubstr("web.address"));
  EXPECT_THAT(Said(absl::StrCat(kAddress, "connections_max: 2001")),
              HasSubstr("web.connections_max"));
  EXPECT_THAT(Said(absl::StrCat(kAddress, "files_folder: \"FOLDER/cert\"")),
              HasSubstr("web.files_folder"));
  const std::string login = Said(absl::StrCat(kAddress, "login { session_max { seconds: 5 } }"));
  EXPECT_THAT(login, HasSubstr("web.login.issuer"));
  EXPECT_THAT(login, HasSubstr("web.login.audience"));
  EXPECT_THAT(login, HasSubstr("web.login.key_files"));
  EXPECT_THAT(login, HasSubstr("web.login.session_max"));
  EXPECT_THAT(Said(absl::StrCat(kAddress, "login { key_files: \"FOLDER/none\" }")),
              HasSubstr("web.login.key_files[0]"));
}

}  // namespace
}  // namespace exitbus::adapters
