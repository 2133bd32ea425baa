#include "tools/exitctl/commands.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "tools/exitctl/command_examples_testing.h"
#include "tools/exitctl/command_line.h"
#include "tools/exitctl/methods.h"
#include "tools/exitctl/profile.h"
#include "tools/exitctl/values.h"

namespace exitbus::exitctl {
namespace {

using testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1'772'323'200);  // 2026-03-01

absl::StatusOr<std::string> JsonOf(const std::vector<std::string>& arguments) {
  const Typed typed = ParseCommandLine(arguments);
  if (typed.command == nullptr) return absl::InvalidArgumentError(typed.mistake);
  const auto request = RequestOf(*typed.command, typed.said, kNow);
  if (!request.ok()) return request.status();
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  (void)google::protobuf::util::MessageToJsonString(**request, &json, options);
  return json;
}

TEST(Commands, FillTheirRequests) {
  for (const Example& example : Examples()) {
    const auto json = JsonOf(example.arguments);
    ASSERT_TRUE(json.ok()) << absl::StrJoin(example.arguments, " ") << ": " << json.status();
    EXPECT_EQ(*json, example.json) << absl::StrJoin(example.arguments, " ");
  }
}

TEST(Commands, CutNoNumber) {
  EXPECT_FALSE(JsonOf({"budget", "open", "4294969322", "--dkk", "9"}).ok()) << "2026 and 2³²";
  EXPECT_FALSE(JsonOf({"budget", "open", "2026", "--dkk", "18446744073709551616"}).ok());
}

// Whether each of its arguments is the field of its own name, so that nothing can be mixed up.
bool NamesItsFields(const Command& command) {
  return command.fixed.empty() &&
         std::all_of(
             command.parameters.begin(), command.parameters.end(), [](const Parameter& parameter) {
               const std::string own = absl::StrReplaceAll(
                   absl::AsciiStrToLower(absl::StripPrefix(parameter.name, "--")), {{"-", "_"}});
               return parameter.times != Times::kFlag &&
                      (parameter.name == "ID" || parameter.field == own);
             });
}

TEST(Commands, HaveAnExampleWhereTheyNameOtherFields) {
  std::set<std::string> shown;
  for (const Example& example : Examples()) {
    shown.insert(example.arguments[0] + " " + example.arguments[1]);
  }
  for (const Command& command : Commands()) {
    if (command.method.empty() || NamesItsFields(command)) continue;
    EXPECT_EQ(shown.count(command.group + " " + command.word), 1u) << command.word;
  }
}

TEST(Commands, NameFieldsThatAreAndOptionsThatAreFree) {
  std::set<std::string> global = {"--profile", "--timeout-s", "--json", "--help"};
  for (const Setting& setting : Settings()) global.insert(setting.option);
  for (const Command& command : Commands()) {
    for (const Parameter& parameter : command.parameters) {
      EXPECT_EQ(global.count(parameter.name), 0u) << command.name() << " " << parameter.name;
      if (command.method.empty() || parameter.field.empty()) continue;
      const auto& type = *MethodNamed(command.method).input_type();
      EXPECT_NE(FieldAt(type, parameter.field), nullptr) << command.name() << parameter.field;
    }
  }
}

TEST(Commands, HelpTellsHowWhatForAndWhichValues) {
  for (const Command& command : Commands()) {
    std::vector<std::string> arguments = {command.group};
    if (!command.word.empty()) arguments.push_back(command.word);
    arguments.push_back("--help");
    const std::string help = ParseCommandLine(arguments).help;
    EXPECT_FALSE(command.summary.empty()) << command.name();
    for (const std::string& told :
         {command.summary, "usage: " + SynopsisOf(command), command.details, command.method}) {
      EXPECT_THAT(help, HasSubstr(told));
    }
    for (const Parameter& parameter : command.parameters) {
      EXPECT_FALSE(parameter.help.empty()) << command.name() << " " << parameter.name;
      EXPECT_THAT(help, HasSubstr(parameter.name));
      EXPECT_THAT(help, HasSubstr(parameter.help));
    }
  }
  EXPECT_THAT(ParseCommandLine({"handover", "request", "--help"}).help,
              HasSubstr("release, relocation, custody"));
  EXPECT_THAT(ParseCommandLine({"handover", "-h"}).help, HasSubstr("takes the request back"));
  for (const std::string& group : Groups()) {
    EXPECT_THAT(ParseCommandLine({"--help"}).help, HasSubstr("\n  " + group + " "));
  }
}

// A method that no word calls is reached by its name alone: forgotten, or on purpose?
TEST(Commands, CoverEveryMethod) {
  std::set<std::string> covered;
  for (const Command& command : Commands()) covered.insert(command.method);
  for (const std::string& name : MethodNames()) EXPECT_EQ(covered.count(name), 1u) << name;
}

TEST(Commands, RefuseWhatIsMissingTooMuchOrNotUnderstood) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> misuses = {
      {{"case", "show"}, "ID is missing"},
      {{"case", "show", "c", "d"}, "\"d\" is too much"},
      {{"case", "consent", "c"}, "--covers is missing"},
      {{"handover", "object", "h", "--why", "funding"}, "TERM is missing"},
      {{"handover", "object", "h", "t", "--why", "mood"}, "none of no_capacity, no_legal_basis"},
      {{"handover", "reject", "h", "--why", "unsafe", "--why", "no_housing"}, "more than once"},
      {{"handover", "reject", "h", "--why"}, "--why wants a value"},
      {{"handover", "list", "--all=1"}, "--all takes no value"},
  };
  for (const auto& [arguments, complaint] : misuses) {
    const auto status = JsonOf(arguments).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << absl::StrJoin(arguments, " ");
    EXPECT_THAT(std::string(status.message()), HasSubstr(complaint));
  }
}

// What is no option's name is its value, whatever it looks like.
TEST(CommandLine, TakesOptionsAnywhereAndValuesAsTheyAre) {
  const Typed typed = ParseCommandLine({"--ca", "a", "handover", "--ca=b", "fact", "--note",
                                        "--kind", "--kind=-30m", "--json", "--", "--list"});
  ASSERT_NE(typed.command, nullptr) << typed.mistake;
  EXPECT_EQ(typed.command->name(), "handover fact");
  EXPECT_THAT(typed.said.Values("--ca"), testing::ElementsAre("a", "b"));
  EXPECT_EQ(typed.said["--note"], "--kind");
  EXPECT_EQ(typed.said["--kind"], "-30m");
  EXPECT_EQ(typed.said["ID"], "--list");
  EXPECT_TRUE(typed.said.Has("--json"));
  EXPECT_EQ(ParseCommandLine({"desk", "note", "handover", "list"}).said["TEXT"], "list");
  EXPECT_EQ(ParseCommandLine({"security", "assess", "s", "--threat", "low", "--conclusions", "",
                              "--precaution", "[a,b]"})
                .said["--precaution"],
            "[a,b]");
}

TEST(CommandLine, AMethodsNameInACommandsPlaceCallsIt) {
  for (const Typed& typed : {ParseCommandLine({"GetCase", "--key", "k", "{}"}),
                             ParseCommandLine({"call", "GetCase", "{}", "--key", "k"})}) {
    ASSERT_NE(typed.command, nullptr) << typed.mistake;
    EXPECT_EQ(typed.command->name(), "call");
    EXPECT_EQ(typed.said["METHOD"], "GetCase");
    EXPECT_EQ(typed.said["JSON"], "{}");
    EXPECT_EQ(typed.said["--key"], "k");
  }
  EXPECT_THAT(ParseCommandLine({"keys", "new", "--out", "f", "--json"}).mistake,
              HasSubstr("--json is no option here"));
}

TEST(Synopsis, TellsWhatMayBeLeftOut) {
  EXPECT_EQ(SynopsisOf(*FindCommand("handover", "request")),
            "exitctl handover request CASE --to TO --reason REASON --expected EXPECTED");
  EXPECT_EQ(SynopsisOf(*FindCommand("handover", "agree")), "exitctl handover agree ID [TERM …]");
  EXPECT_EQ(SynopsisOf(*FindCommand("handover", "list")), "exitctl handover list [--all]");
}

}  // namespace
}  // namespace exitbus::exitctl
