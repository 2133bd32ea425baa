// One police district's exit unit: security assessments, precautions, nomination for relocation,
// temporary relocation, weekly reports, NEC's gang list, notices to population registers,
// referrals to municipalities, and what other districts' units ask.
#include "adapters/process/serve.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/police/address_notice.h"
#include "services/police/conflict.h"
#include "services/police/gang_list.h"
#include "services/police/hosted_stay.h"
#include "services/police/security_files.h"
#include "services/police/sent_referrals.h"
#include "services/readiness/readiness.h"

int main(int argc, char** argv) {
  return exitbus::adapters::Serve(
      argc, argv, exitbus::policy::v1::AUTHORITY_KIND_POLICE,
      {{exitbus::police::SecurityFiles(), exitbus::police::AskedConflicts(),
        exitbus::police::AddressNotices(), exitbus::police::HostedStays(),
        exitbus::police::SentReferrals(), exitbus::readiness::ReadinessLists()},
       {"exitbus.address.v1.AddressNoticeService", "exitbus.police.v1.HostedStayService",
        "exitbus.police.v1.NecStatusService", "exitbus.police.v1.SecurityService",
        "exitbus.police.v1.StayService", "exitbus.police.v1.PlaceCheckService",
        "exitbus.police.v1.WeeklyReportService", "exitbus.readiness.v1.ReadinessService",
        "exitbus.referral.v1.ReferralService", "exitbus.relocation.v1.ConflictInquiryService",
        "exitbus.relocation.v1.RelocationNominationService",
        "exitbus.relocation.v1.RelocationSafetyService", "exitbus.relocation.v1.RelocationService",
        "exitbus.relocation.v1.RelocationWithdrawalService"},
       &exitbus::police::LookingUp});
}
