#include "tools/exitctl/commands.h"

#include <algorithm>

namespace exitbus::exitctl {
namespace {

const std::string kCases = "exitbus.casework.v1.CaseService.";
const std::string kErasures = "exitbus.casework.v1.ErasureService.";
const std::string kHandovers = "exitbus.handover.v1.HandoverService.";
const std::string kOverview = "exitbus.nec.v1.OverviewService.";
const std::string kSecurity = "exitbus.police.v1.SecurityService.";
const std::string kDesk = "exitbus.contact_point.v1.HandoverDeskService.";
const std::string kRelease = "exitbus.kriminalforsorgen.v1.ReleaseService.";

const Parameter kCase = {"ID", "case_id", "the case"};
const Parameter kHandover = {"ID", "handover_id", "the handover"};

std::vector<Command> CaseCommands() {
  return {
      {"case",
       "list",
       kCases + "ListCases",
       "lists the cases this authority has a file on",
       {{"--standing", "standing", "only those where it stands so", Times::kOptional}},
       {{"page_size", "200"}}},
      {"case", "show", kCases + "GetCase", "shows a case as far as you may see it", {kCase}},
      {"case",
       "open",
       kCases + "OpenCase",
       "opens a case on a referral",
       {{"--cpr", "person.cpr_number", "ten digits, no hyphen"},
        {"--name", "person.name", "the person's name"},
        {"--lives-at", "current_address", "where the person lives", Times::kOptional},
        {"--basis", "legal_basis", "ground until consent is given", Times::kOptional}}},
      {"case",
       "consent",
       kCases + "RecordConsent",
       "records the citizen's signed consent",
       {kCase,
        {"--covers", "covers", "the kinds of authority it covers; repeat it or use commas",
         Times::kAtLeastOnce}}},
      {"case",
       "revoke",
       kCases + "RevokeConsent",
       "records that the consent is revoked; who got something on it is told",
       {kCase}},
      {"case",
       "ask-police",
       kCases + "RequestPoliceClarification",
       "asks the district's police for a clarification and an assessment",
       {kCase}},
      {"case",
       "read-precautions",
       kCases + "AcknowledgePrecautions",
       "the employee named in the call has read this version",
       {kCase, {"VERSION", "version", "the version that was read"}}},
      {"case",
       "visit",
       kCases + "DecideVisitation",
       "decides the visitation",
       {kCase,
        {"--affiliation", "visitation.affiliation", "to which environment"},
        {"--position", "visitation.position", "the person's place in it"},
        {"--motivation", "visitation.motivation", "why the person wants out"},
        {"--risk", "visitation.risk_on_leaving", "what leaving may bring"},
        {"--health", "visitation.health_needs", "disclosed on consent only", Times::kOptional}}},
      {"case",
       "sign",
       kCases + "SignAgreement",
       "puts a signed agreement in force; again: its next version",
       {kCase,
        {"--template", "agreement.template", "the template it is made on"},
        {"--measure", "agreement.measures", "one measure; repeat it for more", Times::kAtLeastOnce},
        {"--consequences", "agreement.consequences_of_relapse", "of relapse into crime"},
        {"--citizen-signed", "agreement.citizen_signed", "when the citizen signed"},
        {"--coordinator-signed", "agreement.coordinator_signed", "when the coordinator did"}}},
      {"case",
       "withdraw",
       kCases + "RecordWithdrawal",
       "the citizen leaves the programme",
       {kCase}},
      {"case",
       "correct",
       kCases + "CorrectCase",
       "corrects what was wrong, here and at everyone who was sent it",
       {kCase,
        {"--reason", "reason", "what was wrong; stays here"},
        {"--cpr", "person.cpr_number", "ten digits, no hyphen", Times::kOptional},
        {"--name", "person.name", "the person's name", Times::kOptional},
        {"--lives-at", "current_address", "where the person lives", Times::kOptional},
        {"--affiliation", "visitation.affiliation", "to which environment", Times::kOptional},
        {"--position", "visitation.position", "the person's place in it", Times::kOptional},
        {"--motivation", "visitation.motivation", "why the person wants out", Times::kOptional},
        {"--risk", "visitation.risk_on_leaving", "what leaving may bring", Times::kOptional},
        {"--health", "visitation.health_needs", "disclosed on consent only", Times::kOptional},
        {"--measure", "measures", "a measure's id and description", Times::kAnyNumber}}},
      {"case",
       "plan-release",
       kRelease + "PlanRelease",
       "sets when custody is expected to end",
       {kCase, {"--at", "planned_release", "the planned release"}}},
      {"case",
       "responsible",
       kCases + "GetResponsibility",
       "tells who answered for the case, from signed statements alone",
       {kCase, {"--at", "instant", "the instant asked about, now if left out", Times::kOptional}}},
  };
}

// Who works on a case inside the authority, and who saw what of a person.
std::vector<Command> UnitCommands() {
  const Parameter unit = {"UNIT", "function", "the unit"};
  const Parameter break_glass = {"BREAK-GLASS", "break_glass_id", "which, as the case shows it"};
  return {
      {"case",
       "involve",
       kCases + "InvolveUnit",
       "lets a unit of this authority see its part of the case",
       {kCase, unit}},
      {"case",
       "release",
       kCases + "ReleaseUnit",
       "the case is no longer there for the unit",
       {kCase, unit}},
      {"case",
       "break-glass",
       kCases + "RequestBreakGlass",
       "asks to read a case that one's unit is not involved in",
       {kCase,
        {"--reason", "reason", "why, for the case's owner"},
        {"--minutes", "minutes", "for how long, 1 to 240"}}},
      {"case",
       "approve-break-glass",
       kCases + "ApproveBreakGlass",
       "a second person approves it; the time begins",
       {kCase, break_glass}},
      {"case",
       "end-break-glass",
       kCases + "EndBreakGlass",
       "ends it, or the wish for it, before its time",
       {kCase, break_glass}},
      {"case",
       "account",
       kCases + "GetAccount",
       "prints who was shown or sent what of the case, as the citizen can be given it",
       {kCase},
       {{"page_size", "200"}}},
      {"security",
       "account",
       kSecurity + "GetAccount",
       "prints who was shown or sent what of a candidate, as the citizen can be given it",
       {{"ID", "security_id", "the unit's file"}},
       {{"page_size", "200"}}},
      {"nec",
       "account",
       kOverview + "GetAccount",
       "prints who was shown or sent what of a person, as the citizen can be given it",
       {{"ID", "overview_id", "the entry"}},
       {{"page_size", "200"}}},
  };
}

std::vector<Command> ErasureCommands() {
  return {
      {"erasure",
       "list",
       kErasures + "ListErasures",
       "lists erased cases that somebody has not confirmed yet; --all: every erased case",
       {{"--all", "outstanding_only", "the confirmed ones too", Times::kOptional, "false"},
        {"--case", "of_case", "only of this case", Times::kOptional}},
       {{"page_size", "200"}, {"outstanding_only", "true"}}},
      {"erasure",
       "show",
       kErasures + "GetErasure",
       "shows who has confirmed an erasure",
       {{"ID", "erasure_id", "the erasure"}}},
      {"erasure",
       "order",
       kErasures + "EraseCase",
       "erases a case here for good, and orders everybody who was told of it to erase it",
       {kCase, {"--why", "reason", "why it is erased"}}},
  };
}

std::vector<Command> HolderCommands() {
  return {
      {"handover",
       "request",
       kHandovers + "RequestHandover",
       "asks another authority to take a case over",
       {{"CASE", "case_id", "the case"},
        {"--to", "receiver", "the authority's id, e.g. municipality-0461"},
        {"--reason", "reason", "why it moves"},
        {"--expected", "expected", "when it is expected to move; the month counts"}}},
      {"handover",
       "propose",
       kHandovers + "ProposeTerms",
       "proposes the newest agreement's terms, after an objection",
       {kHandover}},
      {"handover",
       "recall",
       kHandovers + "RecallHandover",
       "takes the request back, until it is offered",
       {kHandover}},
      {"handover",
       "offer",
       kHandovers + "OfferHandover",
       "sends the dossier and the signed offer",
       {kHandover,
        {"--earliest", "earliest", "no take-over before this; now if left out", Times::kOptional}}},
      {"handover",
       "ask-recall",
       kHandovers + "RequestRecall",
       "asks the receiver to decline a standing offer",
       {kHandover}},
      {"handover",
       "acknowledge",
       kHandovers + "AcknowledgeHandover",
       "has seen the take-over and told its own people",
       {kHandover}},
      {"handover",
       "fact",
       kHandovers + "RecordLateFact",
       "sends on what the other side must act on",
       {kHandover,
        {"--kind", "kind", "what kind of fact it is"},
        {"--note", "note", "what to do, for the other side's staff"}}},
  };
}

std::vector<Command> ReceiverCommands() {
  return {
      {"handover",
       "object",
       kHandovers + "ObjectToTerm",
       "cannot meet a term",
       {kHandover, {"TERM", "term_id", "the term"}, {"--why", "objection", "the reason"}}},
      {"handover",
       "agree",
       kHandovers + "AgreeTerms",
       "agrees to terms",
       {kHandover, {"TERM", "term_ids", "the terms; none: all that are open", Times::kAnyNumber}}},
      {"handover",
       "accept",
       kHandovers + "AcceptHandover",
       "accepts; identity is released, responsibility stays where it is",
       {kHandover}},
      {"handover",
       "reject",
       kHandovers + "RejectHandover",
       "refuses, until it is offered",
       {kHandover, {"--why", "rejection", "the reason"}}},
      {"handover",
       "grant-recall",
       kHandovers + "AnswerRecall",
       "grants the holder's wish: the offer is declined",
       {kHandover},
       {{"granted", "true"}}},
      {"handover",
       "refuse-recall",
       kHandovers + "AnswerRecall",
       "refuses the holder's wish: the offer stands",
       {kHandover},
       {{"granted", "false"}}},
      {"handover",
       "decline",
       kHandovers + "DeclineOffer",
       "declines the offer; the holder keeps the case",
       {kHandover, {"--why", "rejection", "the reason", Times::kOptional}}},
      {"handover",
       "take-over",
       kHandovers + "TakeOverCase",
       "takes the case over: this authority answers for it from now",
       {kHandover}},
  };
}

std::vector<Command> SharedHandoverCommands() {
  return {
      {"handover",
       "list",
       kHandovers + "ListHandovers",
       "lists the open handovers",
       {{"--all", "open_only", "those that are closed or ended too", Times::kOptional, "false"}},
       {{"page_size", "200"}, {"open_only", "true"}}},
      {"handover",
       "show",
       kHandovers + "GetHandover",
       "shows stage, terms, and whose move it is until when",
       {kHandover}},
      {"handover",
       "read-precautions",
       kHandovers + "AcknowledgePrecautions",
       "the employee named in the call has read this version, before the take-over",
       {kHandover, {"VERSION", "version", "the version that was read"}}},
      {"handover",
       "close",
       kHandovers + "CloseHandover",
       "nothing is open between the two any more",
       {kHandover}},
  };
}

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
