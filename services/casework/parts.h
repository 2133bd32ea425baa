// What a case file is made of: a part for each subject, composed in case_files.cc. Internal to
// casework.
#pragma once

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "services/exchange/part.h"

namespace exitbus::casework {

using CasePart = exchange::Part<casework_journal::v1::CaseFile, casework_journal::v1::CaseEvent>;
using CaseLetter = exchange::Letter<casework_journal::v1::CaseFile>;

CasePart ProgrammePart();    // referral, visitation, agreement, withdrawal
CasePart HandoverMethods();  // the case moves to another authority
CasePart HandoverLetters();
CasePart HandoverEvents();
CasePart ResponsibilityEvents();
CasePart ConsentPart();     // given, revoked
CasePart CorrectionPart();  // of what was wrong, at everyone who was sent it
CasePart SecurityPart();    // what the police tell, and what is done about it here
CasePart AccessPart();      // units, break-glass, the account
CasePart ErasurePart();     // everywhere, and what is left of it

// The file once this has happened.
casework_journal::v1::CaseFile After(const casework_journal::v1::CaseFile& file,
                                     const casework_journal::v1::CaseEvent& event);

}  // namespace exitbus::casework
