// What a revoked consent and a correction make of a police unit's file: the person in it was named
// by the authority in charge of the case, on a ground that can end, and may have been named
// wrongly.
#pragma once

#include "exitbus/casework/v1/consent.pb.h"
#include "exitbus/police_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/facts.h"

namespace exitbus::exchange::v1 {
class Body;
}

namespace exitbus::police {

namespace jv1 = police_journal::v1;

// From whoever is or was in charge of the case.
exchange::Decision OnConsentRevoked(const jv1::SecurityFile&, const exchange::LetterPlace&,
                                    const casework::v1::ConsentRevoked& told);
// What is here is corrected, and that is confirmed; another district's unit that was handed the
// person gets it anew from here. A unit that let the case go hears the fact, and confirms that.
exchange::Decision OnCorrectionIssued(const jv1::SecurityFile&, const exchange::LetterPlace&,
                                      const exchange::v1::Body&, const exchange::Facts&);

// What the events do to the file.
void Revoke(jv1::SecurityFile& file, const jv1::RevocationLearnt& learnt);
void Correct(jv1::SecurityFile& file, const jv1::CorrectionLearnt& learnt);

// Whether the unit knows whom the file is about, and if not, why.
v1::Naming NamingIn(const jv1::SecurityFile& file);
// What is blocked, by name.
casework::v1::Blocked BlockedIn(const jv1::SecurityFile& file);

}  // namespace exitbus::police
