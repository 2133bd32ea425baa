// What a decision table's rows start from: a case file at a stage, and a command or message.
#pragma once

#include <string>
#include <vector>

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"

namespace exitbus::casework {

// The rows' first columns.
inline const std::vector<std::string> kSides = {"holder", "receiver"};
inline const std::vector<std::string> kStages = {
    "REQUESTED", "TERMS_COORDINATED", "ACCEPTED", "OFFERED",       "TAKEN_OVER", "ACKNOWLEDGED",
    "CLOSED",    "REJECTED",          "RECALLED", "OFFER_DECLINED"};

// "holder" or "receiver", and a stage as in HandoverStage without its prefix.
casework_journal::v1::CaseFile Given(const std::string& side, const std::string& stage);

// Every command and message kind the table has a column of rows for.
std::vector<std::string> Occasions();

// What is decided when this happens to that file, in the table's words:
//   "OFFERED tells DossierPart, HandoverOffered, HandoverOffered to the police"
//                                                   the stage after, and what is told: the other
//                                                   party, where nobody else is named
//   "erases …"                                      with what was received destroyed
//   "refused handover.ended" · "no effect recall_crossed_acceptance" · "waits"
std::string Then(const casework_journal::v1::CaseFile& file, const std::string& when);

}  // namespace exitbus::casework
