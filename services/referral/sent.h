// Referrals as whoever refers knows them, a police unit or a unit of Kriminalforsorgen: whom it has
// referred to which municipality, and what became of it. Of a person and of no case; who it is goes
// with the answer.
#pragma once

#include <string>
#include <vector>

#include "services/exchange/aggregate.h"

namespace exitbus::readiness::v1 {
class Contact;
enum ContactPurpose : int;
}  // namespace exitbus::readiness::v1

namespace exitbus::referral {

// What a referral asks of other subjects.
struct Around {
  // Whom one turns to at an authority for a purpose.
  std::vector<readiness::v1::Contact> (*contacts)(const std::string& authority,
                                                  readiness::v1::ContactPurpose purpose,
                                                  const exchange::DecisionContext& context);
  // Whether this authority answers for a case of the person, which it would hand over. Null: it
  // never does.
  bool (*has_case)(const exchange::Lookup& lookup, const std::string& cpr_number) = nullptr;
};

exchange::Aggregate SentReferrals(const Around& around);

}  // namespace exitbus::referral
