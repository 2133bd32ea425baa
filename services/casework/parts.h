// What a case file is made of: a part for each subject, composed in case_files.cc. Internal to
// casework.
#pragma once

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "services/exchange/part.h"

namespace exitbus::casework {

using CasePart = exchange::Part<casework_journal::v1::CaseFile, casework_journal::v1::CaseEvent>;
using CaseLetter = exchange::Letter<casework_journal::v1::CaseFile>;

inline constexpr char kFiles[] = "file";  // the aggregate's name

// Opened, agreed on, left.
CasePart ProgrammeMethods();
CasePart ProgrammeEvents();
// What is learnt before the visitation, and the visitation.
CasePart ReferralPart();
CasePart UnitQuestionPart();
CasePart InterviewPart();
CasePart RiskPart();
CasePart CriteriaPart();
CasePart JointUnitPart();
CasePart ShownPart();
CasePart VisitationPart();
CasePart MeetingPart();
CasePart CalledPart();
CasePart PauseAskedPart();
// Its course: started, paused, ended, followed up; and another programme.
CasePart CoursePart();
CasePart ProgrammeChangePart();
CasePart ProgrammeListPart();
CasePart FollowUpPart();
// How many are enrolled, wait and have ended, as figures.
CasePart FigurePart();
// What he is written.
CasePart CitizenLetterPart();
// Files kept with it, and handed on with it.
CasePart DocumentPart();
CasePart DocumentEvents();
CasePart DocumentsHandedOnPart();
// Whom the citizen turns to.
CasePart ContactPersonPart();
// The measures that this authority owns.
CasePart MeasurePart();
// Kriminalforsorgen's part in a case that it does not hold; and when it releases a person.
CasePart SupervisionPart();
CasePart AttestationPart();
CasePart SupervisedPrecautionsPart();
CasePart ReleaseDatePart();
// What is owed of who is in custody.
CasePart PreparedPart();
CasePart ReleasedPart();
CasePart CustodyPart();
// The case moves to another authority.
CasePart HandoverReads();
CasePart RequestMethods();
CasePart HolderMethods();
CasePart ReceiverMethods();
CasePart TakeOverMethods();
CasePart HolderLetters();
CasePart ReceiverLetters();
CasePart WaitPart();
CasePart HandoverEvents();
CasePart ResponsibilityEvents();
// Consent, given and revoked.
CasePart ConsentPart();
CasePart ConsentEvents();
// The laws that the case may be told on.
CasePart BasisPart();
// Of what was wrong, at everyone who was sent it; of what has changed, at whom it concerns still.
CasePart CorrectionMethods();
CasePart CorrectionLetters();
CasePart CorrectionEvents();
// What the police tell, and what is done about it here.
CasePart SecurityPart();
CasePart SecurityEvents();
CasePart OnDutyPart();
// What they report once a week.
CasePart WeeklyReportPart();
// What they say of NEC's gang list, and whether anything stands against a visitation.
CasePart NecStatusPart();
// What they say of another prison.
CasePart PlaceCheckPart();
// Applications to the central pool.
CasePart PoolMethods();
CasePart PoolLetters();
// Requests for relocation.
CasePart RelocationMethods();
CasePart RelocationLetters();
// Where the person moves, and how he gets there.
CasePart PlaceMethods();
CasePart PlaceLetters();
CasePart AcceptancePart();
CasePart DwellingPart();
CasePart DisputePart();
CasePart HandlekommunePart();
CasePart JourneyPart();
CasePart AddressPart();
// Where the police bring the person for some time.
CasePart StayPart();
// What NEC is to know of, and says differs.
CasePart ListedPart();
CasePart OverviewPart();
// Units, the account, break-glass.
CasePart UnitsPart();
CasePart BreakGlassPart();
// Of a case everywhere, and what is left of it.
CasePart ErasurePart();

// The file once what was decided on it has happened.
std::shared_ptr<const casework_journal::v1::CaseFile> After(
    const casework_journal::v1::CaseFile& file, const exchange::Decision& decided);

}  // namespace exitbus::casework
