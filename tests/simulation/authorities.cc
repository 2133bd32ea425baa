#include "tests/simulation/authorities.h"

#include <google/protobuf/message.h>

#include <algorithm>

#include "exitbus/casework_journal/v1/first_contact.pb.h"
#include "exitbus/casework_journal/v1/inventory.pb.h"
#include "exitbus/casework_journal/v1/journal.pb.h"
#include "exitbus/contact_point_journal/v1/journal.pb.h"
#include "exitbus/contact_point_journal/v1/pool.pb.h"
#include "exitbus/contact_point_journal/v1/relocation.pb.h"
#include "exitbus/kriminalforsorgen_journal/v1/supervision.pb.h"
#include "exitbus/municipality_journal/v1/address.pb.h"
#include "exitbus/municipality_journal/v1/inquiry.pb.h"
#include "exitbus/nec_journal/v1/inventory.pb.h"
#include "exitbus/nec_journal/v1/journal.pb.h"
#include "exitbus/police_journal/v1/address.pb.h"
#include "exitbus/police_journal/v1/conflict.pb.h"
#include "exitbus/police_journal/v1/journal.pb.h"
#include "exitbus/police_journal/v1/stay.pb.h"
#include "exitbus/readiness_journal/v1/readiness.pb.h"
#include "exitbus/referral_journal/v1/referral.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/intake/first_contact.h"
#include "services/casework/overview/overview.h"
#include "services/contact_point/desk.h"
#include "services/contact_point/pool_desk.h"
#include "services/contact_point/relocation_desk.h"
#include "services/exchange/ports/fault.h"
#include "services/kriminalforsorgen/sent_referrals.h"
#include "services/kriminalforsorgen/supervised.h"
#include "services/municipality/address_duty.h"
#include "services/municipality/inquiry.h"
#include "services/municipality/referral.h"
#include "services/nec/overview.h"
#include "services/police/address_notice.h"
#include "services/police/conflict.h"
#include "services/police/hosted_stay.h"
#include "services/police/security_files.h"
#include "services/police/sent_referrals.h"
#include "services/readiness/readiness.h"

namespace exitbus::simulation {
namespace {

namespace pv1 = policy::v1;

exchange::Aggregate OfAMunicipality() { return casework::CaseFiles(); }
exchange::Aggregate OfKriminalforsorgen() { return casework::CaseFiles({casework::ReleasePart()}); }

}  // namespace

std::vector<exchange::Aggregate> Authority::Aggregates() const {
  std::vector<exchange::Aggregate> aggregates;
  for (const Made& one : made) aggregates.push_back(one.aggregate());
  return aggregates;
}

const std::vector<Authority>& Authorities() {
  // Every kind of authority has it.
  const Authority::Made kReadiness{&readiness::ReadinessLists,
                                   readiness_journal::v1::ReadinessEvent::descriptor()};
  static const auto* const all = new std::vector<Authority>{
      {pv1::AUTHORITY_KIND_MUNICIPALITY,
       {{&OfAMunicipality, casework_journal::v1::CaseEvent::descriptor()},
        {&casework::Inventories, casework_journal::v1::InventoryEvent::descriptor()},
        {&casework::FirstContacts, casework_journal::v1::FirstContactEvent::descriptor()},
        {&municipality::Inquiries, municipality_journal::v1::InquiryEvent::descriptor()},
        {&municipality::AddressDuties, municipality_journal::v1::AddressDutyEvent::descriptor()},
        {&municipality::ReceivedReferrals,
         referral_journal::v1::ReceivedReferralEvent::descriptor()},
        kReadiness}},
      {pv1::AUTHORITY_KIND_KRIMINALFORSORGEN,
       {{&OfKriminalforsorgen, casework_journal::v1::CaseEvent::descriptor()},
        {&casework::Inventories, casework_journal::v1::InventoryEvent::descriptor()},
        {&casework::FirstContacts, casework_journal::v1::FirstContactEvent::descriptor()},
        {&kriminalforsorgen::SupervisedCases,
         kriminalforsorgen_journal::v1::SupervisedEvent::descriptor()},
        {&kriminalforsorgen::SentReferrals, referral_journal::v1::SentReferralEvent::descriptor()},
        kReadiness}},
      {pv1::AUTHORITY_KIND_POLICE,
       {{&police::SecurityFiles, police_journal::v1::SecurityEvent::descriptor()},
        {&police::AskedConflicts, police_journal::v1::ConflictEvent::descriptor()},
        {&police::AddressNotices, police_journal::v1::AddressNoticeEvent::descriptor()},
        {&police::HostedStays, police_journal::v1::HostedStayEvent::descriptor()},
        {&police::SentReferrals, referral_journal::v1::SentReferralEvent::descriptor()},
        kReadiness}},
      {pv1::AUTHORITY_KIND_CONTACT_POINT,
       {{&contact_point::MonitoredHandovers,
         contact_point_journal::v1::MonitoredEvent::descriptor()},
        {&contact_point::PoolYears, contact_point_journal::v1::PoolEvent::descriptor()},
        {&contact_point::RequestedRelocations,
         contact_point_journal::v1::RelocationEvent::descriptor()},
        kReadiness}},
      {pv1::AUTHORITY_KIND_NEC,
       {{&nec::OverviewEntries, nec_journal::v1::EntryEvent::descriptor()},
        {&nec::HolderInventories, nec_journal::v1::InventoriesEvent::descriptor()},
        kReadiness}},
  };
  return *all;
}

const Authority& AuthorityOf(pv1::AuthorityKind kind) {
  const auto found = std::find_if(Authorities().begin(), Authorities().end(),
                                  [&](const Authority& one) { return one.kind == kind; });
  if (found == Authorities().end()) {
    exchange::ProgramFault("no such authority is composed", pv1::AuthorityKind_Name(kind));
  }
  return *found;
}

}  // namespace exitbus::simulation
