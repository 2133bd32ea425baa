#include "services/police/sent_referrals.h"

#include "services/readiness/contacts.h"
#include "services/referral/sent.h"

namespace exitbus::police {

exchange::Aggregate SentReferrals() {
  return referral::SentReferrals({.contacts = &readiness::ContactsFor});
}

}  // namespace exitbus::police
