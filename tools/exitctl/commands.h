// The caseworker's commands as one table: the words, the method they call, and how the arguments
// fill its request. A new RPC is a row.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/exitctl/command_line.h"

namespace google::protobuf {
class Message;
}

namespace exitbus::exitctl {

// How often an argument is said.
enum class Times { kOnce, kOptional, kAnyNumber, kAtLeastOnce };

struct Parameter {
  std::string name;   // "--to" for an option, else a word's place: "ID"
  std::string field;  // of the request, e.g. "person.cpr_number"
  std::string help;
  Times times = Times::kOnce;
  // A flag: takes no value, sets the field to this.
  std::string flag_value = {};
};

struct Command {
  std::string group;   // "handover"
  std::string word;    // "request"
  std::string method;  // full name
  std::string summary;
  std::vector<Parameter> parameters;
  // What the word itself says: fields and values.
  std::vector<std::pair<std::string, std::string>> fixed = {};
};

const std::vector<Command>& Commands();

// Null: no such command.
const Command* FindCommand(const std::string& group, const std::string& word);

// Every group once, in the table's order; every word of a group.
std::vector<std::string> Groups();
std::vector<std::string> WordsOf(const std::string& group);

// "exitctl handover recall ID".
std::string SynopsisOf(const Command& command);
// With what it does, and every argument with the values it may have.
std::string HelpOf(const Command& command);

// The request that a line says; its words begin with group and word. --etag and --request-id fill
// the fields of these names. INVALID_ARGUMENT: an argument is missing, too many or not understood.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> RequestOf(const Command& command,
                                                                     const CommandLine& line,
                                                                     absl::Time now);

}  // namespace exitbus::exitctl
