// What a police unit's security file is made of. Internal to the police.
#pragma once

#include "exitbus/police_journal/v1/journal.pb.h"
#include "services/exchange/part.h"

namespace exitbus::police {

namespace jv1 = police_journal::v1;
using SecurityPart = exchange::Part<jv1::SecurityFile, jv1::SecurityEvent>;
using SecurityLetter = exchange::Letter<jv1::SecurityFile>;

inline constexpr char kFiles[] = "security";  // the aggregate's name

// The file itself: whom it is about, the assessment, the precautions and who has read them.
SecurityPart SecurityLetters();
SecurityPart SecurityEvents();
SecurityPart SecurityMethods();
// What was told by telephone, where nobody has read it.
SecurityPart Phoned();
// Handovers that the unit follows, and what it hands to another district's unit, or gets from it.
SecurityPart TransferLetters();
SecurityPart TransferEvents();
// The candidate's relocation: nominated by this unit, assessed by the contact point.
SecurityPart RelocationMethods();
SecurityPart RelocationLetters();
SecurityPart RelocationPlaces();
SecurityPart ConflictsAsked();
// Where the person moves, as the contact point has decided.
SecurityPart RelocationDecisions();
// Whatever was decided: a decision for a place that is not clear any more ends, and the authority
// in charge hears that at once.
void EndUnsafePlacement(const jv1::SecurityFile& before, const exchange::DecisionContext& context,
                        exchange::Decision& decision);
// How the person gets there.
SecurityPart Journeys();
// Whatever was decided: the contact point hears that somebody is missing, or is no more; and of who
// is on his way to a place that is not clear operators are alarmed.
void FollowJourney(const jv1::SecurityFile& before, const exchange::DecisionContext& context,
                   exchange::Decision& decision);
// What population registers are to know of who moves.
SecurityPart Addresses();
// Whatever was decided: the register is told of who does not come; and of whom a threat has come
// up, that no notice is needed counts no more.
void FollowAddress(const jv1::SecurityFile& before, const exchange::DecisionContext& context,
                   exchange::Decision& decision);
// The candidate at another place for some time: what the unit's people do, what others write, what
// becomes of it and of the money.
SecurityPart StayMethods();
SecurityPart StayLetters();
SecurityPart StayEvents();
SecurityPart StayMoney();
// Whatever was decided: what is owed of a stay now, and what is told of it to the unit of the place
// and to the authority in charge.
void FollowStays(const jv1::SecurityFile& before, const exchange::DecisionContext& context,
                 exchange::Decision& decision);
// The case has moved to this authority, which ends what is open of it.
void EndRelocation(const jv1::SecurityFile& file, const std::string& to,
                   const exchange::DecisionContext& context, exchange::Decision& decision);
// A revoked consent, a correction, an erasure: of what the authority in charge had told.
SecurityPart ConsentAndCorrections();
// How far the case is.
SecurityPart Programme();
// In what the person was met, and what is reported of it once a week.
SecurityPart WeeklyReports();
// What NEC's gang list says of the person, and whether anything stands against a visitation.
SecurityPart NecStatus();
// Whether a place is safe that the authority in charge asks about.
SecurityPart PlaceChecks();
// Whatever was decided: of a question that is over the other district's unit hears that it has
// ended.
void FollowPlaceChecks(const jv1::SecurityFile& before, const exchange::DecisionContext& context,
                       exchange::Decision& decision);
// That the person is out of custody earlier than planned.
SecurityPart Released();
// What the unit is called to, and that it asks for a pause.
SecurityPart Meetings();
SecurityPart Erasure();

// The file once what was decided on it has happened, for what is told of its consequences.
std::shared_ptr<const jv1::SecurityFile> After(const jv1::SecurityFile& file,
                                               const exchange::Decision& decided);

}  // namespace exitbus::police
