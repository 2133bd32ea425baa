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

struct Example {
  std::vector<std::string> arguments;
  std::string json;
};

const std::vector<Example>& Examples() {
  static const auto* examples = new std::vector<Example>{
      {{"case", "list", "--standing", "former"},
       R"({"page_size":200,"standing":"STANDING_FORMER"})"},
      {{"case", "show", "c"}, R"({"case_id":"c"})"},
      {{"case", "open", "--cpr", "0101701234", "--name", "N N", "--lives-at", "A", "--basis",
        "fvl28"},
       R"({"person":{"cpr_number":"0101701234","name":"N N"},"current_address":"A",)"
       R"("legal_basis":"LEGAL_BASIS_FVL28"})"},
      {{"case", "consent", "c", "--covers", "municipality,police", "--covers", "nec"},
       R"({"case_id":"c","covers":["AUTHORITY_KIND_MUNICIPALITY","AUTHORITY_KIND_POLICE",)"
       R"("AUTHORITY_KIND_NEC"]})"},
      {{"case", "revoke", "c", "--etag", "e", "--request-id", "r"},
       R"({"request_id":"r","case_id":"c","etag":"e"})"},
      {{"case", "visit", "c", "--affiliation", "a", "--position", "p", "--motivation", "m",
        "--risk", "r", "--health", "h"},
       R"({"case_id":"c","visitation":{"affiliation":"a","position":"p","motivation":"m",)"
       R"("risk_on_leaving":"r","health_needs":"h"}})"},
      {{"case", "sign", "c", "--template", "t", "--measure",
        "type=housing,module=housing,owner=nec,months=6,funding=police,legal_basis=consent",
        "--consequences", "q", "--citizen-signed", "now", "--coordinator-signed", "2026-03-02"},
       R"({"case_id":"c","agreement":{"template":"t","measures":[{"type":"MEASURE_TYPE_HOUSING",)"
       R"("module":"MODULE_HOUSING","owner":"nec","months":6,"funding":"FUNDING_CLASS_POLICE",)"
       R"("legal_basis":"LEGAL_BASIS_CONSENT"}],"consequences_of_relapse":"q",)"
       R"("citizen_signed":"2026-03-01T00:00:00Z","coordinator_signed":"2026-03-02T00:00:00Z"}})"},
      {{"case", "ask-police", "c"}, R"({"case_id":"c"})"},
      {{"case", "read-precautions", "c", "2"}, R"({"case_id":"c","version":2})"},
      {{"case", "withdraw", "c"}, R"({"case_id":"c"})"},
      {{"case", "correct", "c", "--reason", "two digits swapped", "--cpr", "6101900009",
        "--lives-at", "Street 2", "--risk", "high", "--measure", "measure_id=m,description=a flat"},
       R"({"case_id":"c","person":{"cpr_number":"6101900009"},"current_address":"Street 2",)"
       R"("visitation":{"risk_on_leaving":"high"},)"
       R"("measures":[{"measure_id":"m","description":"a flat"}],"reason":"two digits swapped"})"},
      {{"case", "plan-release", "c", "--at", "2026-04-01"},
       R"({"case_id":"c","planned_release":"2026-04-01T00:00:00Z"})"},
      {{"case", "responsible", "c", "--at", "2026-02-01"},
       R"({"case_id":"c","instant":"2026-02-01T00:00:00Z"})"},
      {{"case", "involve", "c", "jobcentre"}, R"({"case_id":"c","function":"FUNCTION_JOBCENTRE"})"},
      {{"case", "release", "c", "mentor", "--etag", "e"},
       R"({"case_id":"c","etag":"e","function":"FUNCTION_MENTOR"})"},
      {{"case", "break-glass", "c", "--reason", "r", "--minutes", "30"},
       R"({"case_id":"c","reason":"r","minutes":30})"},
      {{"case", "approve-break-glass", "c", "b"}, R"({"case_id":"c","break_glass_id":"b"})"},
      {{"case", "end-break-glass", "c", "b"}, R"({"case_id":"c","break_glass_id":"b"})"},
      {{"case", "account", "c"}, R"({"case_id":"c","page_size":200})"},
      {{"security", "account", "s"}, R"({"security_id":"s","page_size":200})"},
      {{"nec", "account", "o"}, R"({"overview_id":"o","page_size":200})"},
      {{"erasure", "list", "--case", "c"},
       R"({"page_size":200,"of_case":"c","outstanding_only":true})"},
      {{"erasure", "list", "--all"}, R"({"page_size":200})"},
      {{"erasure", "show", "e"}, R"({"erasure_id":"e"})"},
      {{"erasure", "order", "c", "--why", "citizens-right"},
       R"({"case_id":"c","reason":"ERASURE_REASON_CITIZENS_RIGHT"})"},
      {{"handover", "list"}, R"({"page_size":200,"open_only":true})"},
      {{"handover", "list", "--all"}, R"({"page_size":200})"},
      {{"handover", "show", "h"}, R"({"handover_id":"h"})"},
      {{"handover", "read-precautions", "h", "2"}, R"({"handover_id":"h","version":2})"},
      {{"handover", "close", "h"}, R"({"handover_id":"h"})"},
      {{"handover", "request", "c", "--to", "municipality-0461", "--reason", "relocation",
        "--expected", "2026-05-01"},
       R"({"case_id":"c","receiver":"municipality-0461","reason":"HANDOVER_REASON_RELOCATION",)"
       R"("expected":"2026-05-01T00:00:00Z"})"},
      {{"handover", "propose", "h"}, R"({"handover_id":"h"})"},
      {{"handover", "recall", "h"}, R"({"handover_id":"h"})"},
      {{"handover", "offer", "h", "--earliest", "+1h"},
       R"({"handover_id":"h","earliest":"2026-03-01T01:00:00Z"})"},
      {{"handover", "ask-recall", "h"}, R"({"handover_id":"h"})"},
      {{"handover", "acknowledge", "h"}, R"({"handover_id":"h"})"},
      {{"handover", "fact", "h", "--kind", "precautions", "--note", "n"},
       R"({"handover_id":"h","kind":"LATE_FACT_KIND_PRECAUTIONS","note":"n"})"},
      {{"handover", "object", "h", "t", "--why", "too-long"},
       R"({"handover_id":"h","term_id":"t","objection":"OBJECTION_CODE_TOO_LONG"})"},
      {{"handover", "agree", "h", "t", "u"}, R"({"handover_id":"h","term_ids":["t","u"]})"},
      {{"handover", "accept", "h"}, R"({"handover_id":"h"})"},
      {{"handover", "reject", "h", "--why", "no_housing"},
       R"({"handover_id":"h","rejection":"REJECTION_CODE_NO_HOUSING"})"},
      {{"handover", "grant-recall", "h"}, R"({"handover_id":"h","granted":true})"},
      {{"handover", "refuse-recall", "h"}, R"({"handover_id":"h"})"},
      {{"handover", "decline", "h", "--why", "unsafe"},
       R"({"handover_id":"h","rejection":"REJECTION_CODE_UNSAFE"})"},
      {{"handover", "take-over", "h"}, R"({"handover_id":"h"})"},
      {{"security", "list"}, R"({"page_size":200})"},
      {{"security", "show", "s"}, R"({"security_id":"s"})"},
      {{"security", "assess", "s", "--threat", "high", "--conclusions", "c", "--precaution", "p",
        "--precaution", "q", "--unsafe", "u"},
       R"({"security_id":"s","assessment":{"threat_level":"THREAT_LEVEL_HIGH","conclusions":"c",)"
       R"("precautions":["p","q"],"unsafe_places":["u"]}})"},
      {{"security", "transfer", "s"}, R"({"security_id":"s"})"},
      {{"desk", "list"}, R"({"page_size":200,"escalated_only":true})"},
      {{"desk", "list", "--all"}, R"({"page_size":200})"},
      {{"desk", "show", "k"}, R"({"contact_id":"k"})"},
      {{"desk", "nudge", "k"}, R"({"contact_id":"k"})"},
      {{"desk", "note", "k", "t"}, R"({"contact_id":"k","text":"t"})"},
      {{"pool", "list", "--case", "c"}, R"({"page_size":200,"of_case":"c"})"},
      {{"pool", "apply", "c", "--for", "acute-relocation", "--ground", "threat,other", "--year",
        "2026", "--dkk", "9"},
       R"({"case_id":"c","measure":"POOL_MEASURE_ACUTE_RELOCATION","grounds":["POOL_GROUND_THREAT",)"
       R"("POOL_GROUND_OTHER"],"budget_year":2026,"applied_dkk":"9"})"},
      {{"pool", "withdraw", "a", "--why", "error"},
       R"({"application_id":"a","reason":"POOL_WITHDRAWAL_REASON_ERROR"})"},
      {{"pool", "account", "a", "--spent", "9"}, R"({"application_id":"a","spent_dkk":"9"})"},
      {{"pool-desk", "list", "--year", "2026"}, R"({"page_size":200,"budget_year":2026})"},
      {{"pool-desk", "grant", "a", "--dkk", "9", "--why", "cost-too-high"},
       R"({"application_id":"a","granted_dkk":"9","code":"POOL_REFUSAL_CODE_COST_TOO_HIGH"})"},
      {{"pool-desk", "refuse", "a", "--why", "duplicate"},
       R"({"application_id":"a","code":"POOL_REFUSAL_CODE_DUPLICATE"})"},
      {{"pool-desk", "pay", "a", "--dkk", "9"}, R"({"application_id":"a","paid_dkk":"9"})"},
      {{"budget", "open", "2026", "--dkk", "9"}, R"({"year":2026,"budget_dkk":"9"})"},
      {{"budget", "set", "2026", "--dkk", "5000000000"},
       R"({"year":2026,"budget_dkk":"5000000000"})"},
      {{"nec", "list"}, R"({"page_size":200})"},
      {{"nec", "show", "o"}, R"({"overview_id":"o"})"},
      {{"relocation", "list"}, R"({"page_size":200,"open_only":true})"},
      {{"relocation", "propose", "c", "--security", "threat", "--leaving", "none", "--elsewhere",
        "family,work", "--age", "18-to-24"},
       R"({"case_id":"c","nomination":{"security":["SECURITY_GROUND_THREAT"],)"
       R"("leaving":["LEAVING_GROUND_NONE"],"elsewhere":["ELSEWHERE_GROUND_FAMILY",)"
       R"("ELSEWHERE_GROUND_WORK"],"age_band":"AGE_BAND_18_TO_24"}})"},
      {{"relocation", "nominate", "s", "--security", "none", "--leaving", "daily-contact",
        "--elsewhere", "none", "--age", "50-and-over"},
       R"({"security_id":"s","nomination":{"security":["SECURITY_GROUND_NONE"],)"
       R"("leaving":["LEAVING_GROUND_DAILY_CONTACT"],"elsewhere":["ELSEWHERE_GROUND_NONE"],)"
       R"("age_band":"AGE_BAND_50_AND_OVER"}})"},
      {{"relocation", "withdraw", "r", "--why", "no-longer-needed"},
       R"({"relocation_id":"r","reason":"RELOCATION_WITHDRAWAL_REASON_NO_LONGER_NEEDED"})"},
      {{"relocation", "assess", "r", "--outcome", "more-information", "--ask", "leaving,age-band"},
       R"({"relocation_id":"r","outcome":"ASSESSMENT_OUTCOME_MORE_INFORMATION",)"
       R"("asked":["NOMINATION_PART_LEAVING","NOMINATION_PART_AGE_BAND"]})"},
      {{"watch", "cases"}, "{}"},
      {{"watch", "relocations"}, "{}"},
      {{"watch", "handovers", "--token-file", "t"}, R"({"begin":{"token":"t"}})"},
      {{"watch", "security"}, "{}"},
      {{"watch", "desk"}, "{}"},
      {{"watch", "pool"}, "{}"},
      {{"watch", "pool-desk"}, "{}"},
      {{"watch", "entries"}, "{}"},
  };
  return *examples;
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
      if (command.method.empty()) continue;
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
