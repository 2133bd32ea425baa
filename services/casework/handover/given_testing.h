// What a handover's decision table is about: a case file at a stage, and a command or message. For
// tests.
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

// Every command and message that the table has a row for.
std::vector<std::string> Occasions();

// What is decided when this happens to that file, in the table's words: "OFFERED, tells
// DossierPart, HandoverOffered (police too)"; "REJECTED, erases": what was received is destroyed;
// "refused RULE", "no effect NAME", "waits".
std::string Then(const casework_journal::v1::CaseFile& file, const std::string& when);

// The same as a decision, with what follows from it.
exchange::Decision Decided(const casework_journal::v1::CaseFile& file, const std::string& when);

// The file after that.
casework_journal::v1::CaseFile After(const casework_journal::v1::CaseFile& file,
                                     const std::string& when);

// What comes of each deadline of `before`, at Ishøj, when the file is `now` already.
std::vector<std::string> FallsDue(const casework_journal::v1::CaseFile& before,
                                  const casework_journal::v1::CaseFile& now);

}  // namespace exitbus::casework
