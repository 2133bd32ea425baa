// One municipality (kommune): cases, agreements, handovers, whom others refer to it, what the
// contact point asks, and what the police want of its population register.
#include "adapters/process/serve.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/intake/first_contact.h"
#include "services/casework/overview/overview.h"
#include "services/municipality/address_duty.h"
#include "services/municipality/inquiry.h"
#include "services/municipality/referral.h"
#include "services/readiness/readiness.h"

int main(int argc, char** argv) {
  return exitbus::adapters::Serve(
      argc, argv, exitbus::policy::v1::AUTHORITY_KIND_MUNICIPALITY,
      {{exitbus::casework::CaseFiles(), exitbus::casework::Inventories(),
        exitbus::casework::FirstContacts(), exitbus::municipality::Inquiries(),
        exitbus::municipality::AddressDuties(), exitbus::municipality::ReceivedReferrals(),
        exitbus::readiness::ReadinessLists()},
       {"exitbus.address.v1.PopulationRegisterService",
        "exitbus.casework.v1.CaseService",
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
        "exitbus.pool.v1.PoolService",
        "exitbus.readiness.v1.ReadinessService",
        "exitbus.referral.v1.ReceivedReferralService",
        "exitbus.relocation.v1.RelocationHearingService",
        "exitbus.relocation.v1.RelocationInquiryService",
        "exitbus.relocation.v1.RelocationProposalService",
        "exitbus.relocation.v1.RelocationService",
        "exitbus.relocation.v1.RelocationWithdrawalService"}});
}
