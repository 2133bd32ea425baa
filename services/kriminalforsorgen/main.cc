// One prison or probation unit of Kriminalforsorgen: cases in custody, release, handovers; whom it
// supervises while a municipality has the case, and whom it refers to one.
#include "adapters/process/serve.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/intake/first_contact.h"
#include "services/casework/overview/overview.h"
#include "services/kriminalforsorgen/sent_referrals.h"
#include "services/kriminalforsorgen/supervised.h"
#include "services/readiness/readiness.h"

int main(int argc, char** argv) {
  return exitbus::adapters::Serve(
      argc, argv, exitbus::policy::v1::AUTHORITY_KIND_KRIMINALFORSORGEN,
      {{exitbus::casework::CaseFiles({exitbus::casework::ReleasePart()}),
        exitbus::casework::Inventories(), exitbus::casework::FirstContacts(),
        exitbus::kriminalforsorgen::SupervisedCases(), exitbus::kriminalforsorgen::SentReferrals(),
        exitbus::readiness::ReadinessLists()},
       {"exitbus.casework.v1.CaseService",
        "exitbus.casework.v1.CitizenLetterService",
        "exitbus.casework.v1.DocumentService",
        "exitbus.casework.v1.ErasureService",
        "exitbus.casework.v1.FirstContactService",
        "exitbus.casework.v1.IntakeService",
        "exitbus.casework.v1.MeasureService",
        "exitbus.casework.v1.MeetingService",
        "exitbus.casework.v1.PlaceCheckService",
        "exitbus.casework.v1.ProgrammeService",
        "exitbus.casework.v1.SupervisionService",
        "exitbus.casework.v1.TemporaryRelocationService",
        "exitbus.handover.v1.HandoverService",
        "exitbus.kriminalforsorgen.v1.ReleaseService",
        "exitbus.kriminalforsorgen.v1.SupervisionService",
        "exitbus.pool.v1.PoolService",
        "exitbus.readiness.v1.ReadinessService",
        "exitbus.referral.v1.ReferralService",
        "exitbus.relocation.v1.RelocationHearingService",
        "exitbus.relocation.v1.RelocationProposalService",
        "exitbus.relocation.v1.RelocationService",
        "exitbus.relocation.v1.RelocationWithdrawalService"}});
}
