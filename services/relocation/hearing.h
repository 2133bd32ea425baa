// What the citizen and the authority in charge are asked about a municipality before it is decided
// (høring), and what they say.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "exitbus/relocation/v1/place.pb.h"
#include "exitbus/relocation_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/relocation/places.h"

namespace exitbus::relocation {

namespace jv1 = relocation_journal::v1;

// What is wrong with it; nullopt: both have said something, and what is scored is theirs to score.
std::optional<exchange::Refusal> FaultIn(const v1::PlaceHearing& hearing);
std::optional<exchange::Refusal> FaultIn(const v1::PlaceScore& score);

// Whether it was put to them.
bool IsPut(const jv1::Place& place);
// Those of these that were not, each once.
std::vector<std::string> NotPut(const jv1::Relocation& one, const MunicipalityCodes& these);

// The authority in charge is to hear the citizen within five working days.
jv1::HearingAsked Put(const jv1::Relocation& one, const std::vector<std::string>& municipalities,
                      absl::Time now);
jv1::Heard Hear(const jv1::Relocation& one, std::string_view municipality,
                v1::PlaceHearing hearing);

void Evolve(const jv1::HearingAsked& asked, jv1::Relocation& one);
void Evolve(const jv1::Heard& heard, jv1::Relocation& one);

// The citizen says yes to it.
bool SaysYes(const jv1::Place& place);

}  // namespace exitbus::relocation
