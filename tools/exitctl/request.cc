// Words and options into a request, by a row of the table; and the row's help.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "tools/exitctl/commands.h"
#include "tools/exitctl/methods.h"
#include "tools/exitctl/values.h"

namespace exitbus::exitctl {
namespace {

using google::protobuf::Message;

constexpr std::size_t kGroupAndWord = 2;

bool IsOption(const Parameter& parameter) { return absl::StartsWith(parameter.name, "--"); }

bool MayRepeat(const Parameter& parameter) {
  return parameter.times == Times::kAnyNumber || parameter.times == Times::kAtLeastOnce;
}

bool MustBe(const Parameter& parameter) {
  return parameter.times == Times::kOnce || parameter.times == Times::kAtLeastOnce;
}

absl::Status Misuse(const Command& command, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat(what, "\nusage: ", SynopsisOf(command)));
}

// What was said for the parameter; words are taken from `words`, from `next` on.
std::vector<std::string> SaidFor(const Parameter& parameter, const CommandLine& line,
                                 std::size_t& next) {
  if (IsOption(parameter)) {
    std::vector<std::string> values = line.Values(parameter.name);
    if (!parameter.flag_value.empty()) {
      std::fill(values.begin(), values.end(), parameter.flag_value);
    }
    return values;
  }
  std::vector<std::string> values;
  while (next < line.words.size() && (values.empty() || MayRepeat(parameter))) {
    values.push_back(line.words[next++]);
  }
  return values;
}

absl::Status SetParameter(const Command& command, const Parameter& parameter,
                          const std::vector<std::string>& values, absl::Time now,
                          Message& request) {
  if (values.empty() && MustBe(parameter)) {
    return Misuse(command, absl::StrCat(parameter.name, " is missing: ", parameter.help));
  }
  if (values.size() > 1 && !MayRepeat(parameter)) {
    return Misuse(command, absl::StrCat(parameter.name, " is said more than once"));
  }
  for (const std::string& value : values) {
    if (absl::Status set = SetField(request, parameter.field, value, now); !set.ok()) {
      return Misuse(command, absl::StrCat(parameter.name, ": ", std::string(set.message())));
    }
  }
  return absl::OkStatus();
}

// Options of every command whose request has such a field.
const std::vector<Parameter>& CommonParameters() {
  static const auto* parameters = new std::vector<Parameter>{
      {"--etag", "etag", "refuse if what you saw has changed since", Times::kOptional},
      {"--request-id", "request_id", "repeat this request; a fresh one if left out",
       Times::kOptional}};
  return *parameters;
}

std::vector<Parameter> ParametersOf(const Command& command) {
  std::vector<Parameter> parameters = command.parameters;
  const auto& type = *MethodNamed(command.method).input_type();
  for (const Parameter& common : CommonParameters()) {
    if (FieldAt(type, common.field) != nullptr) parameters.push_back(common);
  }
  return parameters;
}

std::string PlaceholderOf(const Parameter& parameter) {
  if (!IsOption(parameter)) return parameter.name;
  if (!parameter.flag_value.empty()) return parameter.name;
  return absl::StrCat(parameter.name, " ", absl::AsciiStrToUpper(parameter.name.substr(2)));
}

std::string Bracketed(const Parameter& parameter) {
  const std::string text = absl::StrCat(PlaceholderOf(parameter), MayRepeat(parameter) ? " …" : "");
  return MustBe(parameter) ? text : absl::StrCat("[", text, "]");
}

}  // namespace

std::string SynopsisOf(const Command& command) {
  std::vector<std::string> parts = {"exitctl", command.group, command.word};
  for (const Parameter& parameter : command.parameters) parts.push_back(Bracketed(parameter));
  return absl::StrJoin(parts, " ");
}

std::string HelpOf(const Command& command) {
  const auto& type = *MethodNamed(command.method).input_type();
  std::string help =
      absl::StrCat(SynopsisOf(command), "\n  ", command.summary, "  (", command.method, ")\n");
  for (const Parameter& parameter : ParametersOf(command)) {
    absl::StrAppend(&help, "\n  ", parameter.name, "  ", parameter.help, "\n");
    const std::string understood =
        parameter.flag_value.empty() ? Understood(*FieldAt(type, parameter.field)) : "";
    if (understood.empty()) continue;
    absl::StrAppend(&help, "      ", absl::StrReplaceAll(understood, {{"\n", "\n      "}}), "\n");
  }
  return help;
}

absl::StatusOr<std::unique_ptr<Message>> RequestOf(const Command& command, const CommandLine& line,
                                                   absl::Time now) {
  std::unique_ptr<Message> request = NewRequest(MethodNamed(command.method));
  for (const auto& [field, value] : command.fixed) {
    if (absl::Status set = SetField(*request, field, value, now); !set.ok()) return set;
  }
  std::size_t next = kGroupAndWord;
  for (const Parameter& parameter : ParametersOf(command)) {
    absl::Status set =
        SetParameter(command, parameter, SaidFor(parameter, line, next), now, *request);
    if (!set.ok()) return set;
  }
  if (next < line.words.size()) {
    return Misuse(command, absl::StrCat("\"", line.words[next], "\" is too much"));
  }
  return request;
}

}  // namespace exitbus::exitctl
