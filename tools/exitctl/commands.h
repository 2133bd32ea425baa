// Every command as a row of a table: its words, what may be said to it, and what it runs. A new RPC
// is a row.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/exitctl/call.h"
#include "tools/exitctl/profile.h"
#include "tools/exitctl/said.h"

namespace google::protobuf {
class Message;
}

namespace exitbus::exitctl {

// How often an argument is said; a flag takes no value.
enum class Times { kOnce, kOptional, kAnyNumber, kAtLeastOnce, kFlag };

struct Parameter {
  std::string name;   // "--to" for an option, else a word's place: "ID"
  std::string field;  // of the request, e.g. "person.cpr_number"; empty: of no request
  std::string help;
  Times times = Times::kOnce;
  std::string flag_value = {};  // what a flag sets its field to
};
bool IsOption(const Parameter& parameter);
bool MayRepeat(const Parameter& parameter);
bool MustBe(const Parameter& parameter);
// "TO" of "--to".
std::string PlaceholderOf(const Parameter& parameter);
// What it is for, and what may be typed for it.
struct Command;
std::string HelpOf(const Command& command, const Parameter& parameter);

// One use of a command.
struct Invocation {
  const Command& command;
  const Said& said;
  const Environment& environment;
  Terminal terminal;
};
// Returns the exit status, or why it did not work.
using RunCommand = absl::StatusOr<int> (*)(const Invocation&);

struct Command {
  std::string group;    // "handover"
  std::string word;     // "request"; empty: the group is the whole command
  std::string section;  // of the help
  std::string summary;
  std::string details;
  std::vector<Parameter> parameters;
  bool calls = false;   // a service: the options of whom to call belong to it
  bool orders = false;  // something of a running service, by files in its data folder
  std::string method;   // full name of the one it calls; empty: none, or one that is said
  // What the word itself says: fields and values.
  std::vector<std::pair<std::string, std::string>> fixed;
  RunCommand run = nullptr;

  std::string name() const { return word.empty() ? group : group + " " + word; }
};

// The table, written in commands.inc as
//   # a section of the help
//   group word ID Method field=value: what it does
//     --option field: what it is for
//     : what it does, where there was no room
//     . more about it, a line of the help
// ID is the request's first id. A parameter's name ends in ? where it may be left out, in * where
// it may be repeated, in + where it must be said and may be repeated, and in ! where it is a flag,
// whose field then has its value. The field is left out where it has the parameter's name. What has
// no method runs a function of handlers.h, and has @ where that calls a service, ! where it is an
// order to one.
const std::vector<Command>& Commands();

// Null: no such command.
const Command* FindCommand(const std::string& group, const std::string& word);

// Every group once, in the table's order; every word of a group.
std::vector<std::string> Groups();
std::vector<std::string> WordsOf(const std::string& group);

// "exitctl handover recall ID".
std::string SynopsisOf(const Command& command);

// The request that was said. INVALID_ARGUMENT: a value is not understood.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> RequestOf(const Command& command,
                                                                     const Said& said,
                                                                     absl::Time now);

// Tells what was said wrongly, and how it is said. Returns the exit status.
int Misused(const std::string& what, const Invocation& on);

}  // namespace exitbus::exitctl
