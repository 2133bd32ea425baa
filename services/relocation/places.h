// The places that are considered for one request, as the contact point and the police unit keep
// them: whether the person would be safe there, and whether the municipality has room.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "exitbus/relocation/v1/place.pb.h"
#include "exitbus/relocation_journal/v1/journal.pb.h"
#include "services/exchange/obligation.h"

namespace exitbus::relocation {

namespace jv1 = relocation_journal::v1;

// Null: the contact point has not asked about it; at the authority in charge, it was not put to the
// citizen.
const jv1::Place* FindPlace(const jv1::Relocation& one, std::string_view municipality);
jv1::Place* FindPlace(jv1::Relocation& one, std::string_view municipality);
// The police find that the person would be safe there.
bool IsClear(const jv1::Place& place);
bool IsClear(const jv1::Relocation& one, std::string_view municipality);

using MunicipalityCodes = google::protobuf::RepeatedPtrField<std::string>;
// Those of these that are not known so, each once.
std::vector<std::string> Without(const MunicipalityCodes& these,
                                 const std::function<bool(const std::string&)>& is_known);
// Those that the contact point has not asked about.
std::vector<std::string> NotConsidered(const jv1::Relocation& one, const MunicipalityCodes& these);

// The police unit owes an answer about each by then.
jv1::PlacesAsked AskAbout(std::string_view relocation_id,
                          const std::vector<std::string>& municipalities, std::string_view unit,
                          absl::Time due);
// What is said of a place: neither nothing nor that it is asked.
bool IsAnAnswer(v1::PlaceSafety safety);
// Such an answer, or that it is asked anew; whose is waited for then is for the caller to say.
jv1::PlaceAnswered Answer(const jv1::Relocation& one, std::string_view municipality,
                          v1::PlaceSafety safety);
// Until when it is to be said whether a place is safe: by the unit that is asked now, and by the
// police to the contact point.
absl::Time SafetyDue(absl::Time now);
absl::Time PoliceDue(absl::Time now);

void Evolve(const jv1::PlacesAsked& asked, jv1::Relocation& one);
void Evolve(const jv1::PlacesStated& stated, jv1::Relocation& one);
void Evolve(const jv1::PlaceAnswered& answered, jv1::Relocation& one);
void Evolve(const jv1::InquiryMade& made, jv1::Relocation& one);
void Evolve(const jv1::InquiryAnswered& answered, jv1::Relocation& one);
void Evolve(const jv1::InquiryEnded& ended, jv1::Relocation& one);
void Evolve(const jv1::InquiryStale& stale, jv1::Relocation& one);
// Nobody is waited for any more, and no inquiry is open.
void EndAll(jv1::Relocation& one);

// The municipality may still answer, or has room. Who declined, or had room long ago, is done.
bool IsOpen(const v1::RelocationPlace& place);

// As people see it, with whom is waited for.
v1::RelocationPlace Shown(const jv1::Place& place);

// What is owed of each place, under "<relocation id>:<municipality>" and, of its hearing, the same
// with ":hearing".
void AddOwed(const jv1::Relocation& one, std::vector<exchange::NamedObligation>& owed);

}  // namespace exitbus::relocation
