// Every case of a release's stores is acted on with today's programs, to its end and its erasure.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/erasure_service.pb.h"
#include "exitbus/contact_point/v1/handover_desk.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/nec/v1/overview_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "tests/simulation/caseworker.h"
#include "tests/story/cast.h"
#include "tests/upgrade/golden.h"
#include "tests/upgrade/soundness.h"

namespace exitbus::upgrade {
namespace {

namespace cpv1 = contact_point::v1;
namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace nv1 = nec::v1;
namespace plv1 = police::v1;
using simulation::Node;

constexpr char kCases[] = "exitbus.casework.v1.CaseService.";
constexpr char kErasures[] = "exitbus.casework.v1.ErasureService.";
constexpr char kFiles[] = "exitbus.police.v1.SecurityService.";
constexpr char kDesk[] = "exitbus.contact_point.v1.HandoverDeskService.";
constexpr char kEntries[] = "exitbus.nec.v1.OverviewService.ListEntries";
constexpr const char* kHolders[] = {story::kKif, story::kIshoj, story::kOdense};
constexpr const char* kPolice[] = {story::kVestegnen, story::kFyn};

class GoingOnTest : public ::testing::TestWithParam<std::string> {
 protected:
  GoingOnTest() {
    golden.OpenAll();
    EXPECT_TRUE(golden.world.Settle());
  }

  template <class Response, class Request>
  Response Call(const char* authority, const std::string& method, Request request) {
    const auto response = golden.At(authority).Call<Response>(method, request);
    EXPECT_TRUE(response.ok()) << authority << " " << method << ": " << response.status();
    return response.ok() ? *response : Response();
  }
  template <class Response, class Request>
  void Change(const char* authority, const std::string& method, Request request) {
    request.set_request_id(golden.world.RequestId());
    Call<Response>(authority, method, request);
    ++acts[method];
  }
  cv1::ListCasesResponse CasesAt(const char* holder) {
    return Call<cv1::ListCasesResponse>(holder, absl::StrCat(kCases, "ListCases"),
                                        cv1::ListCasesRequest());
  }
  nv1::ListEntriesResponse Entries() {
    return Call<nv1::ListEntriesResponse>(story::kNec, kEntries, nv1::ListEntriesRequest());
  }

  // A law is recorded where it is answered for a case, and nowhere else.
  void RecordLaws(const char* holder) {
    const cv1::ListCasesResponse listed = CasesAt(holder);
    for (const cv1::Case& each : listed.cases()) {
      const absl::Status recorded =
          simulation::RecordLaw(golden.world, golden.At(holder), each.case_id());
      const bool answers = each.standing() == cv1::STANDING_RESPONSIBLE;
      EXPECT_EQ(recorded.ok(), answers) << holder << ": " << recorded;
      if (!answers) {
        EXPECT_EQ(recorded.message(), "case.not_responsible");
      }
      ++acts[answers ? "law" : "no law"];
    }
  }
  // What is offered freezes a case until somebody answers.
  void DeclineOffers(const char* receiver) {
    const auto listed = Call<hv1::ListHandoversResponse>(
        receiver, "exitbus.handover.v1.HandoverService.ListHandovers", hv1::ListHandoversRequest());
    for (const hv1::Handover& each : listed.handovers()) {
      if (each.stage() != hv1::HANDOVER_STAGE_OFFERED || each.side() != hv1::SIDE_RECEIVER)
        continue;
      const auto declined =
          simulation::Do(golden.world, golden.At(receiver), "DeclineOffer", each.handover_id());
      EXPECT_TRUE(declined.ok()) << declined.status();
      ++acts["DeclineOffer"];
    }
  }
  void AssessAll(const char* unit) {
    const auto listed = Call<plv1::ListSecurityFilesResponse>(
        unit, absl::StrCat(kFiles, "ListSecurityFiles"), plv1::ListSecurityFilesRequest());
    for (const plv1::SecurityFile& file : listed.files()) {
      if (file.standing() != plv1::POLICE_STANDING_IN_CHARGE) continue;
      Change<plv1::DeliverAssessmentResponse>(
          unit, simulation::kDeliverAssessment,
          simulation::AssessmentOf(golden.world, file.security_id(), {"precautions"}));
    }
  }
  void NoteAll() {
    const auto listed = Call<cpv1::ListMonitoredHandoversResponse>(
        story::kContactPoint, absl::StrCat(kDesk, "ListMonitoredHandovers"),
        cpv1::ListMonitoredHandoversRequest());
    for (const cpv1::MonitoredHandover& each : listed.handovers()) {
      cpv1::RecordNoteRequest note;
      note.set_contact_id(each.contact_id());
      note.set_text("note");
      Change<cpv1::RecordNoteResponse>(story::kContactPoint, absl::StrCat(kDesk, "RecordNote"),
                                       note);
    }
  }
  void EndAll(const char* holder) {
    const cv1::ListCasesResponse listed = CasesAt(holder);
    for (const cv1::Case& each : listed.cases()) {
      if (each.standing() != cv1::STANDING_RESPONSIBLE ||
          each.stage() == cv1::CASE_STAGE_WITHDRAWN) {
        continue;
      }
      cv1::RecordWithdrawalRequest withdrawal;
      withdrawal.set_case_id(each.case_id());
      Change<cv1::RecordWithdrawalResponse>(holder, absl::StrCat(kCases, "RecordWithdrawal"),
                                            withdrawal);
    }
  }
  void EraseAll(const char* holder) {
    const cv1::ListCasesResponse listed = CasesAt(holder);
    for (const cv1::Case& each : listed.cases()) {
      if (each.standing() != cv1::STANDING_RESPONSIBLE) continue;
      cv1::EraseCaseRequest erase;
      erase.set_case_id(each.case_id());
      erase.set_reason(cv1::ERASURE_REASON_CITIZENS_RIGHT);
      Change<cv1::EraseCaseResponse>(holder, absl::StrCat(kErasures, "EraseCase"), erase);
    }
  }

  Golden golden{GetParam()};
  std::map<std::string, int> acts;
};

TEST_P(GoingOnTest, EachCaseIsActedOnEndedAndErased) {
  for (const char* holder : kHolders) DeclineOffers(holder);
  ASSERT_TRUE(golden.world.Settle());
  for (const char* holder : kHolders) RecordLaws(holder);
  for (const char* unit : kPolice) AssessAll(unit);
  NoteAll();
  ASSERT_TRUE(golden.world.Settle());
  for (const char* holder : kHolders) EndAll(holder);
  ASSERT_TRUE(golden.world.Settle());
  ExpectAllTaken(golden);
  for (const char* holder : kHolders) EraseAll(holder);
  golden.world.Pass(absl::Hours(1));
  ASSERT_TRUE(golden.world.Settle());
  EXPECT_THAT(acts, ::testing::Each(::testing::Pair(::testing::_, ::testing::Gt(0))));
  EXPECT_THAT(acts, ::testing::SizeIs(7)) << "each kind of act, once at least";
  for (const char* holder : kHolders) EXPECT_EQ(CasesAt(holder).cases_size(), 0) << holder;
  EXPECT_EQ(Entries().entries_size(), 0);
  ExpectAllTaken(golden);
  ExpectSoundEvidence(golden);
}

INSTANTIATE_TEST_SUITE_P(Releases, GoingOnTest, ::testing::ValuesIn(KeptReleases()),
                         [](const auto& release) { return NameOf(release.param); });

}  // namespace
}  // namespace exitbus::upgrade
