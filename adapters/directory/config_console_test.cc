#include "adapters/directory/config_console.h"

#include "absl/strings/str_cat.h"
#include "adapters/directory/config_testing.h"

namespace exitbus::adapters {
namespace {

using testing::HasSubstr;

class ConfigConsoleTest : public ConfigFiles {
 protected:
  absl::StatusOr<config::v1::ConsoleConfig> LoadConsole(const std::string& environment,
                                                        const std::string& more = "") {
    std::string service = kGood;
    service = absl::StrReplaceAll(service, {{"\"municipality-0183\"", "\"console\""},
                                            {"kind: AUTHORITY_KIND_MUNICIPALITY", more}});
    std::ofstream(path_) << absl::StrReplaceAll(
        absl::StrCat("environment: \"", environment, "\" service {", service, "}"),
        {{"FOLDER", folder_.path()}});
    return LoadConsoleConfig(path_);
  }
  std::string Said(const std::string& environment, const std::string& more = "") {
    return std::string(LoadConsole(environment, more).status().message());
  }
};

TEST_F(ConfigConsoleTest, AGoodOneHasDefaults) {
  const auto config = LoadConsole("demo", "web { address: \"127.0.0.1:0\" }");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->environment(), "demo");
  EXPECT_EQ(config->service().web().connections_max(), 200U);
}

TEST_F(ConfigConsoleTest, EachMistakeIsNamed) {
  EXPECT_THAT(Said(""), HasSubstr("environment"));
  EXPECT_THAT(Said(std::string(41, 'x')), HasSubstr("environment"));
  EXPECT_THAT(Said("demo", "kind: AUTHORITY_KIND_NEC"), HasSubstr("service.kind"));
  EXPECT_THAT(Said("demo", "trace { console_key: \"00\" }"), HasSubstr("service.trace"));
  EXPECT_THAT(Said("demo", "annual_places: 3"), HasSubstr("service.annual_places"));
  EXPECT_THAT(Said("demo", "web { address: \"8443\" }"), HasSubstr("web.address"));
}

TEST_F(ConfigConsoleTest, AnAuthoritysKeyOfTheConsoleIsAKey) {
  constexpr char kKey[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
  const auto with = [](const std::string& key) {
    return absl::StrCat(kGood, "trace { console_key: \"", key, "\" }");
  };
  EXPECT_TRUE(Load(with(kKey)).ok());
  EXPECT_THAT(std::string(Load(with("console")).status().message()),
              HasSubstr("trace.console_key"));
  EXPECT_THAT(std::string(Load(with("")).status().message()), HasSubstr("trace.console_key"));
}

}  // namespace
}  // namespace exitbus::adapters
