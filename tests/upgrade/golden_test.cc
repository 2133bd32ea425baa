// Stores and letters of each release that is kept, with today's programs.
#include "tests/upgrade/golden.h"

#include <gmock/gmock.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/nec/v1/overview_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "tests/simulation/caseworker.h"
#include "tests/story/cast.h"
#include "tests/upgrade/difference.h"
#include "tests/upgrade/shown.h"
#include "tests/upgrade/soundness.h"

namespace exitbus::upgrade {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace nv1 = nec::v1;
namespace plv1 = police::v1;
using simulation::Do;
using simulation::Node;
using story::kContactPoint;
using story::kIshoj;
using story::kKif;
using story::kNec;
using story::kOdense;
using story::kVestegnen;

using Handovers = std::map<std::string, hv1::Handover>;

constexpr char kListHandovers[] = "exitbus.handover.v1.HandoverService.ListHandovers";
constexpr char kListEntries[] = "exitbus.nec.v1.OverviewService.ListEntries";
constexpr char kListSecurityFiles[] = "exitbus.police.v1.SecurityService.ListSecurityFiles";

Handovers ById(const hv1::ListHandoversResponse& listed) {
  Handovers by_id;
  for (const hv1::Handover& each : listed.handovers()) by_id[each.handover_id()] = each;
  return by_id;
}

class GoldenTest : public ::testing::TestWithParam<std::string> {
 protected:
  Node& At(const char* authority) { return golden.At(authority); }

  // What the release showed is what is shown now.
  void ExpectShown(const std::string& authority) {
    Node& node = golden.At(authority);
    const testing::v1::Shown shown = golden.ShownBy(authority);
    for (const testing::v1::ShownAnswer& answer : shown.answers()) {
      const auto request = Unpacked(answer.request());
      const auto then = Unpacked(answer.response());
      ASSERT_NE(request, nullptr) << answer.method();
      ASSERT_NE(then, nullptr) << answer.method();
      const exchange::Answer now = node.Ask(answer.method(), *request);
      ASSERT_NE(now.reply, nullptr)
          << authority << " " << answer.method() << ": " << now.refusal.reason;
      EXPECT_EQ(Difference(golden.contracts, *then, *now.reply), "")
          << authority << " " << answer.method();
      ++compared;
    }
  }

  // The release's first answer of this method.
  template <class Response>
  Response Shown(const char* authority, const char* method) {
    Response response;
    const testing::v1::Shown shown = golden.ShownBy(authority);
    for (const testing::v1::ShownAnswer& answer : shown.answers()) {
      if (answer.method() == method) {
        EXPECT_TRUE(answer.response().UnpackTo(&response));
        return response;
      }
    }
    ADD_FAILURE() << authority << " was not asked " << method;
    return response;
  }
  template <class Response, class Request>
  Response Now(const char* authority, const char* method, Request request) {
    request.set_page_size(200);
    const auto response = At(authority).Call<Response>(method, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? *response : Response();
  }
  Handovers HandoversThen(const char* authority) {
    return ById(Shown<hv1::ListHandoversResponse>(authority, kListHandovers));
  }
  Handovers HandoversNow(const char* authority) {
    return ById(
        Now<hv1::ListHandoversResponse>(authority, kListHandovers, hv1::ListHandoversRequest()));
  }
  // The one that Ishøj and Odense had at these stages when the release ended.
  std::string HandoverAt(hv1::HandoverStage at_ishoj, hv1::HandoverStage at_odense) {
    const Handovers odense = HandoversThen(kOdense);
    for (const auto& [id, handover] : HandoversThen(kIshoj)) {
      const auto found = odense.find(id);
      if (handover.stage() == at_ishoj && found != odense.end() &&
          found->second.stage() == at_odense) {
        return id;
      }
    }
    ADD_FAILURE() << "there is no such handover";
    return "";
  }
  void ExpectStage(const std::string& id, hv1::HandoverStage stage) {
    for (const char* side : {kIshoj, kOdense}) {
      const auto seen = simulation::GetHandover(At(side), id);
      ASSERT_TRUE(seen.ok()) << side << seen.status();
      EXPECT_EQ(hv1::HandoverStage_Name(seen->stage()), hv1::HandoverStage_Name(stage)) << side;
    }
  }

  // From where it stands to the end of the handover.
  void TakeOver(const std::string& id,
                const std::vector<std::pair<const char*, const char*>>& acts) {
    for (const auto& [authority, act] : acts) {
      const auto done = Do(golden.world, At(authority), act, id);
      ASSERT_TRUE(done.ok()) << act << ": " << done.status();
      ASSERT_TRUE(golden.world.Settle()) << act;
    }
  }

  Golden golden{GetParam()};
  int compared = 0;
};

TEST_P(GoldenTest, WhatItShowedIsShown) {
  golden.world.broker.Stop();  // nothing new is learnt
  golden.OpenAll();
  for (const auto& [id, node] : golden.nodes()) ExpectShown(id);
  EXPECT_GE(compared, 100);
}

TEST_P(GoldenTest, WhatItHadSentOrWasToSendIsTaken) {
  const std::string accepted =
      HandoverAt(hv1::HANDOVER_STAGE_TERMS_COORDINATED, hv1::HANDOVER_STAGE_ACCEPTED);
  const std::string taken_over =
      HandoverAt(hv1::HANDOVER_STAGE_OFFERED, hv1::HANDOVER_STAGE_TAKEN_OVER);
  const std::string offered = HandoverAt(hv1::HANDOVER_STAGE_OFFERED, hv1::HANDOVER_STAGE_ACCEPTED);
  golden.OpenAll();
  ASSERT_TRUE(golden.world.Settle());
  ExpectStage(accepted, hv1::HANDOVER_STAGE_ACCEPTED);
  ExpectStage(taken_over, hv1::HANDOVER_STAGE_TAKEN_OVER);
  ExpectStage(offered, hv1::HANDOVER_STAGE_OFFERED);
  EXPECT_EQ(HandoversNow(kOdense).size(), HandoversThen(kOdense).size() + 1) << "one was asked for";
  EXPECT_EQ(
      Now<nv1::ListEntriesResponse>(kNec, kListEntries, nv1::ListEntriesRequest()).entries_size(),
      Shown<nv1::ListEntriesResponse>(kNec, kListEntries).entries_size() + 1);
  EXPECT_EQ(
      Now<plv1::ListSecurityFilesResponse>(kVestegnen, kListSecurityFiles,
                                           plv1::ListSecurityFilesRequest())
          .files_size(),
      Shown<plv1::ListSecurityFilesResponse>(kVestegnen, kListSecurityFiles).files_size() + 1);
  ExpectAllTaken(golden);
  ExpectSoundEvidence(golden);
}

// NEC and the contact point hear of a case from others alone: from the release's letters they learn
// what the release's own programs had made of them.
TEST_P(GoldenTest, WhoReadsAllOfItAnewShowsTheSame) {
  for (const char* authority : {kNec, kContactPoint}) golden.OpenEmpty(authority);
  golden.world.Pass(absl::Minutes(1));
  for (const char* authority : {kNec, kContactPoint}) {
    ExpectNone(At(authority), {"inbox.dead_letter", "letter.refused"});
  }
  const auto listed = Now<nv1::ListEntriesResponse>(kNec, kListEntries, nv1::ListEntriesRequest());
  std::map<std::string, nv1::OverviewEntry> now;
  for (const nv1::OverviewEntry& entry : listed.entries()) now[entry.overview_id()] = entry;
  const auto shown = Shown<nv1::ListEntriesResponse>(kNec, kListEntries);
  for (const nv1::OverviewEntry& then : shown.entries()) {
    EXPECT_EQ(Difference(golden.contracts, then, now[then.overview_id()]), "");
    ++compared;
  }
  EXPECT_GE(compared, 8);
}

TEST_P(GoldenTest, ItsCasesGoOn) {
  const std::string accepted =
      HandoverAt(hv1::HANDOVER_STAGE_TERMS_COORDINATED, hv1::HANDOVER_STAGE_ACCEPTED);
  const std::string taken_over =
      HandoverAt(hv1::HANDOVER_STAGE_OFFERED, hv1::HANDOVER_STAGE_TAKEN_OVER);
  const std::string offered = HandoverAt(hv1::HANDOVER_STAGE_OFFERED, hv1::HANDOVER_STAGE_ACCEPTED);
  golden.OpenAll();
  ASSERT_TRUE(golden.world.Settle());
  TakeOver(taken_over, {{kIshoj, "AcknowledgeHandover"}, {kIshoj, "CloseHandover"}});
  TakeOver(offered, {{kOdense, "TakeOverCase"}, {kIshoj, "AcknowledgeHandover"}});
  TakeOver(accepted, {{kIshoj, "OfferHandover"},
                      {kOdense, "TakeOverCase"},
                      {kIshoj, "AcknowledgeHandover"},
                      {kOdense, "CloseHandover"}});
  for (const auto& [id, handover] : HandoversNow(kOdense)) {
    if (handover.stage() != hv1::HANDOVER_STAGE_REQUESTED) continue;
    TakeOver(id, {{kOdense, "AgreeTerms"},
                  {kOdense, "AcceptHandover"},
                  {kIshoj, "OfferHandover"},
                  {kOdense, "TakeOverCase"},
                  {kIshoj, "AcknowledgeHandover"}});
  }
  const auto moved = simulation::GetHandover(At(kOdense), taken_over);
  ASSERT_TRUE(moved.ok());
  const auto back = simulation::Request(golden.world, At(kOdense), moved->case_id(), At(kKif));
  ASSERT_TRUE(back.ok()) << back.status();
  ASSERT_TRUE(golden.world.Settle());
  TakeOver(back->handover_id(), {{kKif, "AgreeTerms"},
                                 {kKif, "AcceptHandover"},
                                 {kOdense, "OfferHandover"},
                                 {kKif, "TakeOverCase"},
                                 {kOdense, "AcknowledgeHandover"}});
  ExpectAllTaken(golden);
  ExpectSoundEvidence(golden);
}

INSTANTIATE_TEST_SUITE_P(Releases, GoldenTest, ::testing::ValuesIn(KeptReleases()),
                         [](const auto& release) { return NameOf(release.param); });

}  // namespace
}  // namespace exitbus::upgrade
