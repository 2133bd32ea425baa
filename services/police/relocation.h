// What the parts of a candidate's relocation share. Internal to the police.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exitbus/police_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"

namespace exitbus::police {

namespace jv1 = police_journal::v1;

const std::string& SecurityIdOf(const jv1::SecurityFile& file);

// The contact point that this request was nominated to; it knows it by the request's id.
exchange::Party AssessorOf(const relocation_journal::v1::Relocation& one);

// What is said of a place: kept, and told the contact point. Of one that is not known this unit's
// people owe another answer.
relocation_journal::v1::PlaceAnswered AnswerOf(const relocation_journal::v1::Relocation& one,
                                               const std::string& municipality,
                                               relocation::v1::PlaceSafety safety,
                                               const exchange::DecisionContext& context);
void AddAnswer(relocation_journal::v1::PlaceAnswered answered, exchange::Decision& decision);
void TellPlace(const relocation_journal::v1::Relocation& one, const std::string& municipality,
               relocation::v1::PlaceSafety safety, exchange::Decision& decision);

// Another district's unit is asked, or this one's people owe the answer.
void AskOtherUnit(const relocation_journal::v1::Relocation& one,
                  const relocation::v1::PlaceStatement& statement,
                  const relocation_journal::v1::Place& place,
                  const exchange::DecisionContext& context, exchange::Decision& decision);
// What it was asked has ended, if it was.
void EndConflict(const relocation_journal::v1::Place& place, exchange::Decision& decision);

// "conflict/<id>": by that another unit's answer finds the file; and all that the file has.
std::string ConflictKey(std::string_view conflict_id);
std::vector<std::string> ConflictKeysOf(const jv1::SecurityFile& file);
// Whether this is still asked.
bool AsksConflict(const jv1::SecurityFile& file, std::string_view conflict_id);
// The request is over: units that were asked hear that it has ended, and not why.
void EndConflicts(const relocation_journal::v1::Relocation& one, exchange::Decision& decision);

}  // namespace exitbus::police
