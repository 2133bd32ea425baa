#include "tools/exitctl/commands.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <map>
#include <ostream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/exchange/ports/fault.h"
#include "services/exchange/ports/status_macros.h"
#include "tools/exitctl/handlers.h"
#include "tools/exitctl/methods.h"
#include "tools/exitctl/values.h"

namespace exitbus::exitctl {
namespace {

constexpr char kTable[] =
#include "tools/exitctl/commands.inc"
    ;

const std::map<std::string, RunCommand>& Runs() {
  static const auto* runs = new std::map<std::string, RunCommand>{
      {"keys new", NewKeys},
      {"keys renew", RenewKeys},
      {"keys retire", RetireKeys},
      {"directory sign", SignDirectory},
      {"directory countersign", CountersignDirectory},
      {"directory show", ShowDirectory},
      {"directory entries", ShowEntries},
      {"backup", Backup},
      {"recovery status", RecoveryStatus},
      {"recovery accept", AcceptUnheard},
      {"recovery follow", FollowPeers},
      {"correspondence list", ListStopped},
      {"correspondence propose", ProposeSettlement},
      {"correspondence agree", AgreeToSettlement},
      {"correspondence finish", FinishSettlement},
      {"trace", TraceLetter},
      {"letters pause", PauseChannel},
      {"letters resume", ResumeChannel},
      {"letters retry", RetryLetters},
      {"maintenance begin", BeginMaintenance},
      {"maintenance end", EndMaintenance},
      {"evidence export", ExportEvidence},
      {"evidence verify", VerifyEvidence},
      {"evidence responsible", TellResponsible},
      {"top", Top},
      {"tail", Tail},
      {"clock set", SetClock},
      {"clock advance", AdvanceClock},
      {"clock show", ShowClock},
      {"inbox", CallInbox},
      {"case store-document", StoreDocument},
      {"case resume-document", ResumeDocument},
      {"case save-document", SaveDocument},
      {"call", CallByName},
      {"methods", PrintMethods},
      {"describe", PrintDescription},
  };
  return *runs;
}

[[noreturn]] void WrongRow(const std::string& row) {
  exchange::ProgramFault("the table of commands is wrong", row);
}

// What stands before the first ": ", and after it.
std::pair<std::vector<std::string>, std::string> Divided(const std::string& line) {
  const std::vector<std::string> parts = absl::StrSplit(line, absl::MaxSplits(": ", 1));
  return {std::vector<std::string>(absl::StrSplit(parts[0], ' ', absl::SkipEmpty())),
          parts.size() > 1 ? parts[1] : ""};
}

// The request's first id but the one that is of the request itself.
std::string IdOf(const Command& command) {
  const auto& type = *MethodNamed(command.method).input_type();
  for (int i = 0; i < type.field_count(); ++i) {
    const std::string& name = type.field(i)->name();
    if (absl::EndsWith(name, "_id") && name != "request_id") return name;
  }
  WrongRow(command.name());
}

std::string FieldNamedBy(const Command& command, const std::string& parameter) {
  if (command.method.empty()) return "";
  return absl::StrReplaceAll(absl::AsciiStrToLower(absl::StripPrefix(parameter, "--")),
                             {{"-", "_"}});
}

Parameter ParameterIn(const Command& command, const std::string& line) {
  const auto [words, help] = Divided(line);
  Parameter parameter;
  parameter.name = words[0];
  parameter.help = help;
  const std::size_t times = std::string("?*+!").find(parameter.name.back());
  if (times != std::string::npos) {
    parameter.name.pop_back();
    parameter.times = static_cast<Times>(static_cast<std::size_t>(Times::kOptional) + times);
  }
  if (words.size() == 1) {
    parameter.field = FieldNamedBy(command, parameter.name);
  } else {
    const std::vector<std::string> field = absl::StrSplit(words[1], '=');
    if (field[0] != "-") parameter.field = field[0];
    if (field.size() > 1) parameter.flag_value = field[1];
  }
  return parameter;
}

// Said to every command whose request has such a field.
void AddCommonParameters(Command& command) {
  for (const char* common : {"--token-file? begin.token: goes on after the token in this file, and "
                             "keeps the last one there",
                             "--etag?: refuse if what you saw has changed since",
                             "--request-id?: repeat this request; a fresh one if left out"}) {
    const Parameter parameter = ParameterIn(command, common);
    const auto& type = *MethodNamed(command.method).input_type();
    if (FieldAt(type, parameter.field) != nullptr) command.parameters.push_back(parameter);
  }
}

Command CommandIn(const std::string& section, const std::string& line) {
  Command command;
  command.section = section;
  auto [words, summary] = Divided(line);
  command.summary = summary;
  command.group = words[0];
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::vector<std::string> parts = absl::StrSplit(words[i], '=');
    if (parts.size() > 1) {
      command.fixed.emplace_back(parts[0], parts[1]);
    } else if (words[i] == "@") {
      command.calls = true;
    } else if (words[i] == "!") {
      command.orders = true;
    } else if (words[i] == "ID") {
      command.parameters.push_back(
          {"ID", "", absl::StrCat("which one, as `exitctl ", command.group, " list` names it")});
    } else if (absl::ascii_isupper(static_cast<unsigned char>(words[i][0]))) {
      const auto method = ResolveMethod(words[i]);
      if (!method.ok()) WrongRow(line);
      command.method = (*method)->full_name();
    } else {
      command.word = words[i];
    }
  }
  if (!command.method.empty()) {
    command.calls = true;
    const auto own = Runs().find(command.name());
    command.run = own == Runs().end() ? CallFromTable : own->second;
    for (Parameter& id : command.parameters) id.field = IdOf(command);
  } else if (Runs().count(command.name()) > 0) {
    command.run = Runs().at(command.name());
  } else {
    WrongRow(line);
  }
  return command;
}

std::vector<Command> AllCommands() {
  std::vector<Command> commands;
  std::string section;
  for (const std::string& line :
       std::vector<std::string>(absl::StrSplit(kTable, '\n', absl::SkipEmpty()))) {
    if (line[0] == '#') {
      section = line.substr(2);
    } else if (line[0] != ' ') {
      commands.push_back(CommandIn(section, line));
    } else if (absl::StartsWith(line, "  : ")) {
      commands.back().summary = line.substr(4);
    } else if (absl::StartsWith(line, "  . ")) {
      absl::StrAppend(&commands.back().details, line.substr(4), "\n");
    } else {
      commands.back().parameters.push_back(ParameterIn(commands.back(), line.substr(2)));
    }
  }
  for (Command& command : commands) {
    if (!command.method.empty()) AddCommonParameters(command);
    if (!command.orders) continue;
    for (const char* of_an_order : {"--data-folder: the authority's", "--authority: its id",
                                    "--by: your name, which stands in the journal",
                                    "--reason: why, which stands there too"}) {
      command.parameters.push_back(ParameterIn(command, of_an_order));
    }
  }
  return commands;
}

std::string Bracketed(const Parameter& parameter) {
  std::string text = parameter.name;
  if (IsOption(parameter) && parameter.times != Times::kFlag) {
    absl::StrAppend(&text, " ", PlaceholderOf(parameter));
  }
  if (MayRepeat(parameter)) text += " …";
  return MustBe(parameter) ? text : absl::StrCat("[", text, "]");
}

}  // namespace

bool IsOption(const Parameter& parameter) { return absl::StartsWith(parameter.name, "--"); }

bool MayRepeat(const Parameter& parameter) {
  return parameter.times == Times::kAnyNumber || parameter.times == Times::kAtLeastOnce;
}

bool MustBe(const Parameter& parameter) {
  return parameter.times == Times::kOnce || parameter.times == Times::kAtLeastOnce;
}

std::string PlaceholderOf(const Parameter& parameter) {
  return absl::AsciiStrToUpper(absl::StripPrefix(parameter.name, "--"));
}

std::string HelpOf(const Command& command, const Parameter& parameter) {
  if (parameter.field.empty() || parameter.times == Times::kFlag) return parameter.help;
  const std::string understood =
      Understood(*FieldAt(*MethodNamed(command.method).input_type(), parameter.field));
  return absl::StrCat(parameter.help, understood.empty() ? "" : "\n", understood);
}

const std::vector<Command>& Commands() {
  static const auto* commands = new std::vector<Command>(AllCommands());
  return *commands;
}

const Command* FindCommand(const std::string& group, const std::string& word) {
  const auto found = std::find_if(
      Commands().begin(), Commands().end(),
      [&](const Command& command) { return command.group == group && command.word == word; });
  return found == Commands().end() ? nullptr : &*found;
}

std::vector<std::string> Groups() {
  std::vector<std::string> groups;
  for (const Command& command : Commands()) {
    if (std::find(groups.begin(), groups.end(), command.group) == groups.end()) {
      groups.push_back(command.group);
    }
  }
  return groups;
}

std::vector<std::string> WordsOf(const std::string& group) {
  std::vector<std::string> words;
  for (const Command& command : Commands()) {
    if (command.group == group && !command.word.empty()) words.push_back(command.word);
  }
  return words;
}

std::string SynopsisOf(const Command& command) {
  std::vector<std::string> parts = {"exitctl", command.name()};
  for (const Parameter& parameter : command.parameters) {
    if (parameter.name != "--etag" && parameter.name != "--request-id") {
      parts.push_back(Bracketed(parameter));
    }
  }
  return absl::StrJoin(parts, " ");
}

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> RequestOf(const Command& command,
                                                                     const Said& said,
                                                                     absl::Time now) {
  auto request = NewRequest(MethodNamed(command.method));
  for (const auto& [field, value] : command.fixed) {
    RETURN_IF_ERROR(SetField(*request, field, value, now));
  }
  for (const Parameter& parameter : command.parameters) {
    if (parameter.field.empty()) continue;
    for (const std::string& value : said.Values(parameter.name)) {
      const std::string& text = parameter.times == Times::kFlag ? parameter.flag_value : value;
      if (absl::Status set = SetField(*request, parameter.field, text, now); !set.ok()) {
        return absl::InvalidArgumentError(
            absl::StrCat(parameter.name, ": ", std::string(set.message())));
      }
    }
  }
  return request;
}

int Misused(const std::string& what, const Invocation& on) {
  on.terminal.err << "exitctl: " << what << "\nusage: " << SynopsisOf(on.command) << "\n";
  return kMisuse;
}

}  // namespace exitbus::exitctl
