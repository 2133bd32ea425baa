// What a calling system can rely on: rights, repeats, etags, pages, refusals by name.
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/answers.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/follower.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;

constexpr char kOpenCase[] = "exitbus.casework.v1.CaseService.OpenCase";
constexpr char kListCases[] = "exitbus.casework.v1.CaseService.ListCases";
constexpr char kRevoke[] = "exitbus.casework.v1.CaseService.RevokeConsent";
constexpr char kRequest[] = "exitbus.handover.v1.HandoverService.RequestHandover";

cv1::OpenCaseRequest Referral(World& world, const std::string& cpr) {
  cv1::OpenCaseRequest request;
  request.set_request_id(world.RequestId());
  request.mutable_person()->set_cpr_number(cpr);
  request.mutable_person()->set_name("Canary Name");
  return request;
}

class ApiTest : public testing::Test {
 protected:
  std::string Refused(const cv1::OpenCaseRequest& request) {
    return RuleOf(node.Call<cv1::OpenCaseResponse>(kOpenCase, request).status());
  }

  World world;
  Node& node = world.Municipality("0183");
};

TEST_F(ApiTest, RefusesAdmissionByName) {
  const auto referral = Referral(world, "6101900001");
  node.caller().function = "jobcentre";
  EXPECT_EQ(Refused(referral), "caller.function_may_not");
  node.caller().function = "case-officer";  // no function of a municipality
  EXPECT_EQ(Refused(referral), "caller.function_may_not");
  node.caller().function = "exit-coordinator";
  node.caller().employee = "";
  EXPECT_EQ(Refused(referral), "caller.purpose_required");
  node.caller().employee = "employee-1";
  node.caller().purpose = "Efterforskning";
  EXPECT_EQ(Refused(referral), "caller.purpose_investigation");
  for (const std::string& bad : {std::string("visit of 010170-1234"), std::string(81, 'x')}) {
    node.caller().purpose = bad;
    EXPECT_EQ(Refused(referral), "caller.purpose_in_words") << bad;
  }
  node.caller().purpose = "two\nlines";
  EXPECT_EQ(Refused(referral), "caller.bad_metadata");
  node.caller().purpose = "exit support";
  auto nameless = referral;
  nameless.clear_request_id();
  EXPECT_EQ(Refused(nameless), "request.id_required");
  EXPECT_EQ(Refused(referral), "");
}

// A newer or a faulty program may say a purpose that the contracts do not have; 6 was
// investigation.
TEST_F(ApiTest, ALetterOfAPurposeThatIsNoneIsRefused) {
  Node& receiver = world.Municipality("0461");
  const std::string case_id = EnrolledCase(world, node);
  node.Crash();
  world.another_version = [](exchange::Service& service) {
    for (exchange::Method& method : service.aggregates.front().methods) {
      if (!method.decide) continue;
      method.decide = [decide = method.decide](const exchange::Message& state,
                                               const exchange::Message& request,
                                               const exchange::DecisionContext& context) {
        const exchange::Decision decided = decide(state, request, context);
        exchange::Decision decision;
        for (const auto& event : decided.events()) decision.AddEvent(*event);
        for (exchange::Notification notification : decided.notifications()) {
          notification.to.purpose = static_cast<policy::v1::Purpose>(6);
          decision.Notify(notification.from, notification.to, *notification.message);
        }
        return decision;
      };
    }
  };
  node.Start();
  ASSERT_TRUE(Request(world, node, case_id, receiver).ok());
  ASSERT_TRUE(world.Settle());
  const auto refused = node.telemetry().LinesOf("letter.refused_by_peer");
  ASSERT_FALSE(refused.empty());
  EXPECT_EQ(refused.front().fields, (exchange::Labels{{"rule", "letter.purpose_unknown"}}));
  for (const auto& [key, value] : receiver.store().rows(exchange::Table::kStates)) {
    EXPECT_FALSE(IsCaseFile(key));
  }
}

TEST_F(ApiTest, RefusesBadInputByName) {
  EXPECT_EQ(Refused(Referral(world, "610190-0001")), "request.bad_value");
  EXPECT_EQ(Refused(Referral(world, "9999999999")), "request.bad_value");
  EXPECT_EQ(Refused(Referral(world, "")), "case.cpr_number_required");
  auto nameless = Referral(world, "6101900001");
  nameless.mutable_person()->clear_name();
  EXPECT_EQ(Refused(nameless), "case.name_required");
}

TEST_F(ApiTest, APersonHasOneOpenCase) {
  EXPECT_EQ(Refused(Referral(world, "6101900001")), "");
  EXPECT_EQ(Refused(Referral(world, "6101900001")), "case.person_has_open_case");
}

TEST_F(ApiTest, ARefusalIsRepeatedToo) {
  EnrolledCase(world, node, "6101900001");
  const auto request = Referral(world, "6101900001");
  EXPECT_EQ(Refused(request), "case.person_has_open_case");
  EXPECT_EQ(Refused(request), "case.person_has_open_case");
  auto another = request;
  another.mutable_person()->set_cpr_number("6202900002");
  EXPECT_EQ(Refused(another), "request.id_reused");
}

TEST_F(ApiTest, AnUnknownReceiverIsRefused) {
  hv1::RequestHandoverRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(EnrolledCase(world, node));
  request.set_reason(hv1::HANDOVER_REASON_RELOCATION);
  request.mutable_expected()->set_seconds(1'900'000'000);
  for (const char* receiver : {"municipality-9999", "municipality-0183", "nec", ""}) {
    request.set_request_id(world.RequestId());
    request.set_receiver(receiver);
    EXPECT_EQ(RuleOf(node.Call<hv1::RequestHandoverResponse>(kRequest, request).status()),
              "handover.receiver_unknown")
        << receiver;
  }
}

TEST_F(ApiTest, WhatIsNotThereAndWhatIsNotYoursLookTheSame) {
  Node& odense = world.Municipality("0461");
  const std::string case_id = EnrolledCase(world, odense);
  EXPECT_EQ(GetCase(node, case_id).status(), GetCase(node, "no-such-case").status());
  // Asked to take it over, it still has no case of it.
  EXPECT_TRUE(world.Settle());
  Accepted(world, odense, case_id, node);
  EXPECT_EQ(GetCase(node, case_id).status(), GetCase(node, "no-such-case").status());
}

TEST_F(ApiTest, AnEtagGuardsAgainstWhatChangedMeanwhile) {
  const std::string case_id = EnrolledCase(world, node);
  const std::string before = GetCase(node, case_id)->etag();
  EXPECT_EQ(GetCase(node, case_id)->etag(), before);
  cv1::RevokeConsentRequest revoke;
  revoke.set_request_id(world.RequestId());
  revoke.set_case_id(case_id);
  revoke.set_etag(before);
  ASSERT_TRUE(node.Call<cv1::RevokeConsentResponse>(kRevoke, revoke).ok());
  EXPECT_NE(GetCase(node, case_id)->etag(), before);
  revoke.set_request_id(world.RequestId());
  EXPECT_EQ(RuleOf(node.Call<cv1::RevokeConsentResponse>(kRevoke, revoke).status()),
            "request.etag_stale");
}

TEST_F(ApiTest, PagesHoldEverythingOnce) {
  std::set<std::string> opened;
  for (int i = 0; i < 7; ++i) {
    const auto answer = node.Call<cv1::OpenCaseResponse>(
        kOpenCase, Referral(world, "610190000" + std::to_string(i)));
    opened.insert(answer->case_().case_id());
  }
  std::set<std::string> listed;
  cv1::ListCasesRequest request;
  request.set_page_size(3);
  int pages = 0;
  do {
    const auto page = node.Call<cv1::ListCasesResponse>(kListCases, request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& one : page->cases()) EXPECT_TRUE(listed.insert(one.case_id()).second);
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, opened);
  EXPECT_EQ(pages, 3);
  request.set_page_token("made up");
  EXPECT_EQ(RuleOf(node.Call<cv1::ListCasesResponse>(kListCases, request).status()),
            "request.bad_page_token");
}

// A case as large as this at every authority that starts from now on.
void MakeCasesLarge(World& world, std::size_t bytes) {
  const auto larger = [bytes](std::unique_ptr<exchange::Message> view) {
    auto* seen =
        view == nullptr ? nullptr : google::protobuf::DynamicCastToGenerated<cv1::Case>(view.get());
    if (seen != nullptr) seen->set_current_address(std::string(bytes, 'x'));
    return view;
  };
  world.another_version = [larger](exchange::Service& service) {
    for (exchange::Aggregate& aggregate : service.aggregates) {
      for (exchange::Method& method : aggregate.methods) {
        if (method.view) {
          method.view = [larger, view = method.view](const auto&... given) {
            return larger(view(given...));
          };
        }
        if (method.list_view) {
          method.list_view = [larger, view = method.list_view](const auto&... given) {
            return larger(view(given...));
          };
        }
      }
    }
  };
}

TEST_F(ApiTest, APageEndsBeforeItIsTooLargeForAClient) {
  constexpr int kCases = 30;
  for (int i = 0; i < kCases; ++i) {
    ASSERT_TRUE(node.Call<cv1::OpenCaseResponse>(kOpenCase,
                                                 Referral(world, absl::StrCat(6'101'900'001 + i)))
                    .ok());
  }
  node.Crash();
  MakeCasesLarge(world, 200'000);
  node.Start();
  cv1::ListCasesRequest request;
  std::set<std::string> listed;
  int pages = 0;
  do {
    const auto page = node.Call<cv1::ListCasesResponse>(kListCases, request);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LE(page->ByteSizeLong(), exchange::kPageBytesMax + 1000);
    EXPECT_GT(page->cases_size(), 3);
    for (const auto& one : page->cases()) EXPECT_TRUE(listed.insert(one.case_id()).second);
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(listed.size(), kCases);
  EXPECT_EQ(pages, 6);
}

TEST_F(ApiTest, ACaseTooLargeForAnAnswerIsNamedInListsAndRefusedByNameAlone) {
  const std::string case_id = EnrolledCase(world, node);
  node.Crash();
  MakeCasesLarge(world, 5'000'000);
  node.Start();
  EXPECT_EQ(RuleOf(GetCase(node, case_id).status()), "answer.too_large");
  const auto page = node.Call<cv1::ListCasesResponse>(kListCases, cv1::ListCasesRequest());
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->cases_size(), 1);
  EXPECT_EQ(page->cases(0).case_id(), case_id);
  EXPECT_EQ(page->cases(0).current_address(), "");
  // A change of it is done, and must not be answered as refused.
  const auto revoked = RevokeConsent(world, node, case_id);
  ASSERT_TRUE(revoked.ok()) << revoked.status();
  EXPECT_EQ(revoked->case_id(), case_id);
  EXPECT_NE(revoked->etag(), "");
  Follower follower(node, kWatchCases);
  follower.Begin();
  EXPECT_EQ(follower.Story()[1], "case " + case_id);
}

TEST_F(ApiTest, EveryReadIsAccountedForBeforeItIsAnswered) {
  const std::string case_id = EnrolledCase(world, node);
  const auto before = node.store().rows(exchange::Table::kDisclosures).size();
  ASSERT_TRUE(GetCase(node, case_id).ok());
  const auto& rows = node.store().rows(exchange::Table::kDisclosures);
  ASSERT_EQ(rows.size(), before + 1);
  store::v1::DisclosureRow row;
  ASSERT_TRUE(row.ParseFromString(std::prev(rows.end())->second));
  EXPECT_EQ(row.kind(), "exitbus.casework.v1.CaseService.GetCase");
  EXPECT_EQ(row.caller(), "system.exit-coordinator/employee-1");
  EXPECT_EQ(row.purpose(), "exit support");
  EXPECT_GT(row.fields_size(), 5);
  node.store().FailNextCommits(2);
  EXPECT_TRUE(absl::IsUnavailable(
      node.Call<cv1::ListCasesResponse>(kListCases, cv1::ListCasesRequest()).status()));
}

TEST_F(ApiTest, ServesWhileTheBrokerIsAwayAndSendsWhenItIsBack) {
  Node& odense = world.Municipality("0461");
  ASSERT_TRUE(world.Settle());
  world.broker.Stop();
  const std::string case_id = EnrolledCase(world, node);
  const auto requested = Request(world, node, case_id, odense);
  ASSERT_TRUE(requested.ok()) << requested.status();
  world.Pass(absl::Hours(1));
  EXPECT_FALSE(GetHandover(odense, requested->handover_id()).ok());
  world.broker.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(GetHandover(odense, requested->handover_id()).ok());
}

}  // namespace
}  // namespace exitbus::simulation
