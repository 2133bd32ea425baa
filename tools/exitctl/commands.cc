#include "tools/exitctl/commands.h"

#include <algorithm>

#include "tools/exitctl/command_groups.h"

namespace exitbus::exitctl {
namespace {

std::vector<Command> OverviewCommands() {
  return {
      {"nec",
       "list",
       kOverview + "ListEntries",
       "lists who is in exit",
       {},
       {{"page_size", "200"}}},
      {"nec",
       "show",
       kOverview + "GetEntry",
       "shows an entry",
       {{"ID", "overview_id", "the entry"}}},
  };
}

std::vector<Command> SecurityCommands() {
  const Parameter file = {"ID", "security_id", "the unit's file"};
  return {
      {"security",
       "list",
       kSecurity + "ListSecurityFiles",
       "lists the unit's files on candidates' security",
       {{"--standing", "standing", "only those where it stands so", Times::kOptional}},
       {{"page_size", "200"}}},
      {"security", "show", kSecurity + "GetSecurityFile", "shows a file", {file}},
      {"security",
       "assess",
       kSecurity + "DeliverAssessment",
       "makes the assessment, or its next version",
       {file,
        {"--threat", "assessment.threat_level", "how threatened the candidate is"},
        {"--conclusions", "assessment.conclusions", "what the plan can rest on"},
        {"--precaution", "assessment.precautions", "what to do; repeat it for more",
         Times::kAtLeastOnce},
        {"--crime-picture", "assessment.crime_picture", "as far as it may be told",
         Times::kOptional},
        {"--risk", "assessment.risk_of_leaving", "police only", Times::kOptional},
        {"--environment", "assessment.environment", "police only", Times::kOptional},
        {"--unsafe", "assessment.unsafe_places", "police only; repeat it for more",
         Times::kAnyNumber}}},
      {"security",
       "transfer",
       kSecurity + "TransferAssessment",
       "hands the assessment to the receiving district's unit",
       {file}},
  };
}

std::vector<Command> DeskCommands() {
  const Parameter handover = {"ID", "contact_id", "the contact point's id of the handover"};
  return {
      {"desk",
       "list",
       kDesk + "ListFollowedHandovers",
       "lists the handovers that wait for an answer too long",
       {{"--all", "escalated_only", "all that are followed", Times::kOptional, "false"}},
       {{"page_size", "200"}, {"escalated_only", "true"}}},
      {"desk", "show", kDesk + "GetFollowedHandover", "shows a followed handover", {handover}},
      {"desk",
       "nudge",
       kDesk + "NudgeHandover",
       "asks the side that is waited for to answer",
       {handover}},
      {"desk",
       "note",
       kDesk + "RecordNote",
       "records what was agreed between the authorities",
       {handover, {"TEXT", "text", "of authorities, never of persons"}}},
  };
}

std::vector<Command> WatchCommands() {
  const Parameter token_file = {
      "--token-file", "begin.token",
      "goes on after the token in this file, and keeps the last one there", Times::kOptional};
  return {
      {"watch",
       "cases",
       kCases + "WatchCases",
       "prints all cases, then each that changes",
       {token_file}},
      {"watch",
       "handovers",
       kHandovers + "WatchHandovers",
       "prints all handovers, then each that changes",
       {token_file}},
      {"watch",
       "security",
       kSecurity + "WatchSecurityFiles",
       "prints a police unit's files, then each that changes",
       {token_file}},
      {"watch",
       "desk",
       kDesk + "WatchFollowedHandovers",
       "prints the contact point's handovers, then each that changes",
       {token_file}},
      {"watch",
       "entries",
       kOverview + "WatchEntries",
       "prints NEC's overview, then each entry that changes",
       {token_file}},
  };
}

std::vector<Command> AllCommands() {
  std::vector<Command> all;
  for (const auto& part :
       {CaseCommands(), UnitCommands(), ErasureCommands(), SharedHandoverCommands(),
        HolderCommands(), ReceiverCommands(), SecurityCommands(), DeskCommands(),
        OverviewCommands(), WatchCommands()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace

const std::vector<Command>& Commands() {
  static const auto* commands = new std::vector<Command>(AllCommands());
  return *commands;
}

const Command* FindCommand(const std::string& group, const std::string& word) {
  for (const Command& command : Commands()) {
    if (command.group == group && command.word == word) return &command;
  }
  return nullptr;
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
    if (command.group == group) words.push_back(command.word);
  }
  return words;
}

}  // namespace exitbus::exitctl
