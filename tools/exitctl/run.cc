#include "tools/exitctl/run.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <functional>
#include <istream>
#include <iterator>
#include <map>
#include <ostream>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "adapters/grpc/grpc_client.h"
#include "adapters/sodium/sodium_crypto.h"
#include "adapters/system/shown.h"
#include "adapters/system/system_clock.h"
#include "tools/exitctl/backup_command.h"
#include "tools/exitctl/clock_commands.h"
#include "tools/exitctl/command_line.h"
#include "tools/exitctl/commands.h"
#include "tools/exitctl/correspondence_commands.h"
#include "tools/exitctl/evidence_commands.h"
#include "tools/exitctl/follow.h"
#include "tools/exitctl/inbox.h"
#include "tools/exitctl/methods.h"
#include "tools/exitctl/names.h"
#include "tools/exitctl/recovery_commands.h"
#include "tools/exitctl/trust_commands.h"

namespace exitbus::exitctl {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

const char kCallHelp[] =
    "exitctl call METHOD JSON|-\n"
    "exitctl METHOD [JSON|-]\n"
    "  calls any method: OpenCase, CaseService.OpenCase or the full name (exitctl methods); - "
    "reads\n"
    "  the JSON from standard input. Prints JSON with the contracts' field names. A change without "
    "a\n"
    "  request_id gets a fresh one, printed on standard error: repeat the call with it.\n";
const char kMethodsHelp[] =
    "exitctl methods\n  every method, its request's fields, and who may call it\n";
const char kDescribeHelp[] =
    "exitctl describe NAME\n  a method, message or enum, in the contracts' own words\n";

int Misused(const absl::Status& status, Terminal terminal) {
  terminal.err << "exitctl: " << std::string(status.message()) << "\n";
  return kMisuse;
}

struct Situation {
  const CommandLine& line;
  const Environment& environment;
  Terminal terminal;
};

std::set<std::string> CallOptionNames() {
  std::set<std::string> names = {"--profile", "--timeout-s"};
  for (const Setting& setting : Settings()) names.insert(setting.option);
  return names;
}

// With a client as the profile says; misuse is told.
int WithClient(const Situation& on,
               const std::function<int(adapters::GrpcClient&, const Profile&)>& run) {
  const auto profile = ProfileOf(on.line, on.environment);
  if (!profile.ok()) return Misused(profile.status(), on.terminal);
  auto client = adapters::GrpcClient::Make({.address = profile->address,
                                            .ca_file = profile->ca,
                                            .certificate_file = profile->certificate,
                                            .key_file = profile->key,
                                            .server_name = profile->server_name});
  if (!client.ok()) return Misused(client.status(), on.terminal);
  return run(**client, *profile);
}

int CallWith(const Situation& on, const MethodDescriptor& method, Message& request, Form form,
             bool whole_list) {
  return WithClient(on, [&](adapters::GrpcClient& client, const Profile& profile) {
    adapters::SodiumRandom random;
    return Call(client, method, request, profile, form, whole_list, random, on.terminal);
  });
}

Form FormOf(const Situation& on) { return on.line.Has("--json") ? Form::kJson : Form::kText; }

int WatchWith(const Situation& on, const MethodDescriptor& method) {
  Following following;
  following.token_file = on.line.Value("--token-file").value_or("");
  if (!following.token_file.empty()) {
    auto token = TokenIn(following.token_file);
    if (!token.ok()) return Misused(token.status(), on.terminal);
    following.token = *std::move(token);
  }
  return WithClient(on, [&](adapters::GrpcClient& client, const Profile& profile) {
    return PrintChanges(client, method, profile, following, FormOf(on), on.terminal);
  });
}

int RunInbox(const Situation& on) {
  std::set<std::string> known = CallOptionNames();
  known.insert("--json");
  if (absl::Status options = on.line.CheckOptions(known); !options.ok()) {
    return Misused(options, on.terminal);
  }
  if (on.line.words.size() != 1) {
    on.terminal.err << kInboxHelp;
    return kMisuse;
  }
  return WithClient(on, [&](adapters::GrpcClient& client, const Profile& profile) {
    return PrintInbox(client, profile, FormOf(on), on.terminal);
  });
}

// METHOD and JSON are the words from `first` on.
int RunCall(const Situation& on, std::size_t first) {
  const std::vector<std::string>& words = on.line.words;
  std::set<std::string> known = CallOptionNames();
  known.insert("--json");
  if (absl::Status options = on.line.CheckOptions(known); !options.ok()) {
    return Misused(options, on.terminal);
  }
  if (words.size() <= first || words.size() > first + 2) {
    on.terminal.err << kCallHelp;
    return kMisuse;
  }
  const auto method = ResolveMethod(words[first]);
  if (!method.ok()) return Misused(method.status(), on.terminal);
  if (IsWatch(**method)) {
    return Misused(absl::InvalidArgumentError(
                       absl::StrCat((*method)->name(), " is a stream: see exitctl watch --help")),
                   on.terminal);
  }
  std::string json = words.size() > first + 1 ? words[first + 1] : "{}";
  if (json == "-") json.assign(std::istreambuf_iterator<char>(on.terminal.in), {});
  const auto request = RequestFromJson(**method, json);
  if (!request.ok()) return Misused(request.status(), on.terminal);
  return CallWith(on, **method, **request, Form::kJson, false);
}

int RunCommand(const Situation& on, const Command& command) {
  std::set<std::string> known = CallOptionNames();
  known.insert({"--json", "--etag", "--request-id"});
  for (const Parameter& parameter : command.parameters) known.insert(parameter.name);
  if (absl::Status options = on.line.CheckOptions(known); !options.ok()) {
    return Misused(options, on.terminal);
  }
  CommandLine line = on.line;
  // What must not stand in a process list or a shell's history.
  for (auto& [name, value] : line.options) {
    if (value == "-" && !std::getline(on.terminal.in, value)) {
      return Misused(absl::InvalidArgumentError(name + " - wants a line on standard input"),
                     on.terminal);
    }
  }
  const auto request = RequestOf(command, line, adapters::SystemClock().Now());
  if (!request.ok()) return Misused(request.status(), on.terminal);
  const MethodDescriptor& method = MethodNamed(command.method);
  if (IsWatch(method)) return WatchWith(on, method);
  return CallWith(on, method, **request, FormOf(on), true);
}

int RunMethods(const Situation& on) {
  on.terminal.out << DescribeMethods();
  return kDone;
}

int RunDescribe(const Situation& on) {
  if (on.line.words.size() != 2) {
    on.terminal.err << kDescribeHelp;
    return kMisuse;
  }
  const auto text = Describe(on.line.words[1]);
  if (!text.ok()) return Misused(text.status(), on.terminal);
  on.terminal.out << *text;
  return kDone;
}

// The commands that are no row of the caseworkers' table.
struct Builtin {
  std::string help;
  std::function<int(const Situation&)> run;
};

const std::map<std::string, Builtin>& Builtins() {
  static const auto* builtins = new std::map<std::string, Builtin>{
      {"call", {kCallHelp, [](const Situation& on) { return RunCall(on, 1); }}},
      {"inbox", {kInboxHelp, RunInbox}},
      {"methods", {kMethodsHelp, RunMethods}},
      {"describe", {kDescribeHelp, RunDescribe}},
      {"backup",
       {kBackupHelp, [](const Situation& on) { return RunBackup(on.line, on.terminal); }}},
      {"keys", {kKeysHelp, [](const Situation& on) { return RunKeys(on.line, on.terminal); }}},
      {"clock", {kClockHelp, [](const Situation& on) { return RunClock(on.line, on.terminal); }}},
      {"directory",
       {kDirectoryHelp, [](const Situation& on) { return RunDirectory(on.line, on.terminal); }}},
      {"evidence",
       {kEvidenceHelp, [](const Situation& on) { return RunEvidence(on.line, on.terminal); }}},
      {"correspondence",
       {kCorrespondenceHelp,
        [](const Situation& on) { return RunCorrespondence(on.line, on.terminal); }}},
      {"recovery",
       {kRecoveryHelp, [](const Situation& on) { return RunRecovery(on.line, on.terminal); }}},
  };
  return *builtins;
}

std::string HelpOfGroup(const std::string& group) {
  std::string help;
  for (const std::string& word : WordsOf(group)) {
    const Command& command = *FindCommand(group, word);
    absl::StrAppend(&help, SynopsisOf(command), "\n    ", command.summary, "\n");
  }
  return help;
}

std::string Help() {
  std::string help = "exitctl: an authority's service from the command line\n\n";
  for (const std::string& group : Groups()) {
    absl::StrAppend(&help, "exitctl ", group, " ", absl::StrJoin(WordsOf(group), "|"), "\n");
  }
  for (const auto& [name, builtin] : Builtins()) absl::StrAppend(&help, builtin.help);
  absl::StrAppend(&help,
                  "\nEach answers --help; `exitctl case open --help` tells its arguments. An "
                  "option's value - is read\nfrom standard input. With --json the answer is JSON.\n"
                  "\nWhom to call: --profile FILE with lines KEY=VALUE, overridden by the "
                  "environment and by options:\n");
  for (const Setting& setting : Settings()) {
    absl::StrAppend(&help, "  ", setting.variable, std::string(20 - setting.variable.size(), ' '),
                    setting.option, std::string(15 - setting.option.size(), ' '), setting.meaning,
                    "\n");
  }
  absl::StrAppend(&help, "--timeout-s N: how long to wait, 10 if left out\n",
                  "\nexit: 0 done; 1 refused; 2 misuse; 3 no answer\n");
  return help;
}

std::string HelpFor(const CommandLine& line) {
  const std::string first = line.words.empty() ? "" : line.words[0];
  const std::string second = line.words.size() > 1 ? line.words[1] : "";
  if (const Command* command = FindCommand(first, second)) return HelpOf(*command);
  if (!WordsOf(first).empty()) return HelpOfGroup(first);
  const auto builtin = Builtins().find(first);
  return builtin == Builtins().end() ? Help() : builtin->second.help;
}

// A group's word, a builtin, or a method called by its name.
int Dispatch(const Situation& on) {
  const std::string& first = on.line.words[0];
  const std::vector<std::string> words = WordsOf(first);
  if (!words.empty()) {
    const std::string second = on.line.words.size() > 1 ? on.line.words[1] : "";
    if (const Command* command = FindCommand(first, second)) return RunCommand(on, *command);
    return Misused(absl::InvalidArgumentError(
                       absl::StrCat(first, " wants one of ", absl::StrJoin(words, ", "))),
                   on.terminal);
  }
  const auto builtin = Builtins().find(first);
  if (builtin != Builtins().end()) return builtin->second.run(on);
  if (absl::IsNotFound(ResolveMethod(first).status())) {
    std::vector<std::string> names = Groups();
    for (const auto& [name, unused] : Builtins()) names.push_back(name);
    const std::vector<std::string> near = Near(first, names);
    if (!near.empty()) {
      return Misused(absl::InvalidArgumentError(
                         absl::StrCat("there is no command \"", first, "\".", DidYouMean(near))),
                     on.terminal);
    }
  }
  return RunCall(on, 0);
}

std::set<std::string> Flags() {
  std::set<std::string> flags = {"--help", "--json", "--end-handover"};
  for (const Command& command : Commands()) {
    for (const Parameter& parameter : command.parameters) {
      if (!parameter.flag_value.empty()) flags.insert(parameter.name);
    }
  }
  return flags;
}

}  // namespace

int Run(const std::vector<std::string>& arguments, const Environment& environment, Terminal raw) {
  // Much of what is printed others wrote.
  adapters::ShownStream out(raw.out);
  adapters::ShownStream err(raw.err);
  err << std::unitbuf;
  const Terminal terminal{raw.in, out, err};
  const auto line = ParseCommandLine(arguments, Flags());
  if (!line.ok()) return Misused(line.status(), terminal);
  if (line->Has("--help")) {
    terminal.out << HelpFor(*line);
    return kDone;
  }
  if (line->words.empty()) {
    terminal.err << Help();
    return kMisuse;
  }
  return Dispatch({*line, environment, terminal});
}

}  // namespace exitbus::exitctl
