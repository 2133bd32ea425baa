#include "services/kriminalforsorgen/sent_referrals.h"

#include "services/casework/programme/programme.h"
#include "services/readiness/contacts.h"
#include "services/referral/sent.h"

namespace exitbus::kriminalforsorgen {

exchange::Aggregate SentReferrals() {
  return referral::SentReferrals(
      {.contacts = &readiness::ContactsFor, .has_case = &casework::PersonHasCase});
}

}  // namespace exitbus::kriminalforsorgen
