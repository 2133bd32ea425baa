// A police unit's file on one candidate's security: what events make of it, and how it is found.
// Total and pure.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exitbus/police_journal/v1/journal.pb.h"
#include "services/exchange/aggregate.h"

namespace exitbus::police {

namespace jv1 = police_journal::v1;

void Evolve(jv1::SecurityFile& file, const jv1::SecurityEvent& event);

// "security/<security id>" for this unit's own people, and LetterKeysOf().
std::vector<std::string> KeysOf(const jv1::SecurityFile& file);
// By what letters name the file: the unit's own id of the case, and those of its handovers.
std::vector<std::string> LetterKeysOf(const jv1::SecurityFile& file);
std::string LetterKey(std::string_view subject);

// Precautions that nobody has acknowledged yet, by the authority they were told to.
std::vector<exchange::Deadline> DeadlinesOf(const jv1::SecurityFile& file);

// As its own people see it; null while there is nothing yet.
std::unique_ptr<google::protobuf::Message> View(const jv1::SecurityFile& file);

// The transfer with this handover id; the open one. Null: none.
const jv1::Transfer* FindTransfer(const jv1::SecurityFile& file, std::string_view handover_id);
const jv1::Transfer* OpenTransfer(const jv1::SecurityFile& file);
bool IsOpen(const jv1::Transfer& transfer);

}  // namespace exitbus::police
