// What the parts of a candidate's relocation share. Internal to the police.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exitbus/police_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"
#include "services/police/parts.h"
#include "services/police/security_file.h"
#include "services/relocation/request.h"

namespace exitbus::police {

namespace jv1 = police_journal::v1;

const std::string& SecurityIdOf(const jv1::SecurityFile& file);

// The contact point that this request was nominated to; it knows it by the request's id.
exchange::Party AssessorOf(const relocation_journal::v1::Relocation& one);

// The authority in charge of the case hears this.
void TellHolder(const jv1::SecurityFile& file, const google::protobuf::Message& message,
                const exchange::DecisionContext& context, exchange::Decision& decision);
// By which the case is being handed over to the place that is decided for; null: it is not.
const jv1::Transfer* OnItsWay(const jv1::SecurityFile& file,
                              const relocation_journal::v1::Relocation& one,
                              const exchange::DecisionContext& context);
// The case has moved to this authority. Whether that completes the relocation: then the contact
// point hears it.
bool CompleteRelocation(const relocation_journal::v1::Relocation& one, const std::string& to,
                        const exchange::DecisionContext& context, exchange::Decision& decision);

// From the contact point, about a request that was nominated to it.
template <class Contents>
SecurityPart::Decider<Contents> FromAssessor(exchange::Decision (*decide)(
    const SecurityLetter&, const relocation_journal::v1::Relocation&, const Contents&)) {
  return [decide](const SecurityLetter& letter, const Contents& message) {
    const auto* known = relocation::Find(letter.state.relocations(), letter.place.subject);
    return known != nullptr && known->assessor() == letter.place.sender
               ? decide(letter, *known, message)
               : exchange::Decision::Refuse("letter.not_the_assessor",
                                            "No such nomination was put to the sender.");
  };
}

// A letter about a request, from who is not the authority in charge.
exchange::Decision NotFromHolder(const SecurityLetter& letter);
// From the authority in charge, about one request; null: it is not here.
template <class Contents>
SecurityPart::Decider<Contents> FromHolder(exchange::Decision (*decide)(
    const SecurityLetter&, const relocation::jv1::Relocation*, const Contents&)) {
  return [decide](const SecurityLetter& letter, const Contents& message) {
    const jv1::SecurityFile& file = letter.state;
    if (file.standing() != v1::POLICE_STANDING_IN_CHARGE || letter.place.sender != file.holder()) {
      return NotFromHolder(letter);
    }
    return decide(letter, relocation::Find(file.relocations(), message.relocation_id()), message);
  };
}

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

// The unit of the district that it lies in; empty: this one, or none is listed. And as what it is
// asked.
std::string OtherUnitOf(const std::string& municipality, const exchange::DecisionContext& context);
exchange::Party UnitAsked(const std::string& unit, const std::string& conflict_id);

// "conflict/<id>": by that another unit's answer finds the file; and all that the file has.
std::string ConflictKey(std::string_view conflict_id);
std::vector<std::string> ConflictKeysOf(const jv1::SecurityFile& file);
// Whether this is still asked.
bool AsksConflict(const jv1::SecurityFile& file, std::string_view conflict_id);
// The request is over: units that were asked hear that it has ended, and not why.
void EndConflicts(const relocation_journal::v1::Relocation& one, exchange::Decision& decision);

}  // namespace exitbus::police
