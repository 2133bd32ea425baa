// Following a list: what is told, to whom, in which order, and what it costs others.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <cstring>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework_journal/v1/journal.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/watchers.h"
#include "services/policy/contracts.h"
#include "services/policy/methods.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/colleagues.h"
#include "tests/simulation/follower.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kCases[] = "exitbus.casework.v1.CaseService.";

class WatchTest : public testing::Test {
 protected:
  std::string Open(const std::string& cpr) {
    cv1::OpenCaseRequest request;
    request.set_request_id(world.RequestId());
    request.mutable_person()->set_cpr_number(cpr);
    request.mutable_person()->set_name("Canary Name");
    request.set_legal_basis(policy::v1::LEGAL_BASIS_FVL28);
    const auto answer = node.Call<cv1::OpenCaseResponse>(std::string(kCases) + "OpenCase", request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    world.executor.RunUntilIdle();
    return answer->case_().case_id();
  }
  std::vector<std::string> OpenMany(int count) {
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i) ids.push_back(Open(std::to_string(6'101'900'001 + i)));
    return ids;
  }
  void Consent(const std::string& case_id, policy::v1::AuthorityKind covers) {
    cv1::RecordConsentRequest request;
    request.set_request_id(world.RequestId());
    request.set_case_id(case_id);
    request.add_covers(covers);
    const auto answer =
        node.Call<cv1::RecordConsentResponse>(std::string(kCases) + "RecordConsent", request);
    ASSERT_TRUE(answer.ok()) << answer.status();
    world.executor.RunUntilIdle();
  }
  void Visit(const std::string& case_id) {
    cv1::DecideVisitationRequest request;
    request.set_request_id(world.RequestId());
    request.set_case_id(case_id);
    request.mutable_visitation()->set_affiliation("a");
    request.mutable_visitation()->set_position("p");
    request.mutable_visitation()->set_motivation("m");
    request.mutable_visitation()->set_risk_on_leaving("r");
    const auto answer =
        node.Call<cv1::DecideVisitationResponse>(std::string(kCases) + "DecideVisitation", request);
    ASSERT_TRUE(answer.ok()) << answer.status();
    world.executor.RunUntilIdle();
  }
  std::size_t Disclosures() { return node.store().rows(exchange::Table::kDisclosures).size(); }

  World world;
  Node& node = world.Municipality("0183");
};

TEST_F(WatchTest, BeginsWithAllThereIsAndGoesOnWithWhatHappens) {
  const std::string first = Open("6101900001");
  Follower follower(node, kWatchCases);
  follower.Begin();
  EXPECT_THAT(follower.Story(), ElementsAre("snapshot", "case " + first, "caught up"));
  EXPECT_EQ(follower.told()[1].etag, GetCase(node, first)->etag());
  const std::string second = Open("6101900002");
  EXPECT_EQ(follower.Story().back(), "case " + second);
  Consent(first, policy::v1::AUTHORITY_KIND_MUNICIPALITY);
  EXPECT_EQ(follower.Story().back(), "case " + first);
  EXPECT_EQ(follower.last().etag, GetCase(node, first)->etag());
  EXPECT_EQ(follower.heard(), 5U);
}

TEST_F(WatchTest, GoesOnFromTheTokenThatWasStored) {
  const auto ids = OpenMany(3);
  Follower follower(node, kWatchCases);
  follower.Begin().CatchUp();
  follower.HangUp();
  Consent(ids[1], policy::v1::AUTHORITY_KIND_MUNICIPALITY);
  EXPECT_THAT(follower.Begin().Story(), ElementsAre("case " + ids[1], "caught up"));
  // Received and not acknowledged: it comes again.
  follower.HangUp();
  EXPECT_THAT(follower.Begin().Story(), ElementsAre("case " + ids[1], "caught up"));
  follower.CatchUp();
  EXPECT_THAT(follower.Begin().Story(), ElementsAre("caught up"));
}

TEST_F(WatchTest, ASnapshotThatWasCutShortGoesOn) {
  const auto ids = OpenMany(3);
  Follower follower(node, kWatchCases);
  follower.Begin();
  const std::string after_first = follower.told()[1].token;
  EXPECT_THAT(follower.BeginWith(after_first).Story(),
              ElementsAre("case " + ids[1], "case " + ids[2], "caught up"));
}

TEST_F(WatchTest, TellsOnceWhatChangedSeveralTimes) {
  const std::string id = Open("6101900001");
  Follower follower(node, kWatchCases);
  follower.Begin().CatchUp();
  follower.HangUp();
  Consent(id, policy::v1::AUTHORITY_KIND_MUNICIPALITY);
  Consent(id, policy::v1::AUTHORITY_KIND_POLICE);
  Visit(id);
  EXPECT_THAT(follower.Begin().Story(), ElementsAre("case " + id, "caught up"));
  EXPECT_EQ(follower.told()[0].etag, GetCase(node, id)->etag());
}

TEST_F(WatchTest, ASlowClientIsToldNoFurtherThanItsWindowAndHoldsUpNobody) {
  const auto ids = OpenMany(50);
  Follower slow(node, kWatchCases);
  Follower fast(node, kWatchCases);
  slow.Begin();
  fast.Begin().CatchUp();
  EXPECT_EQ(fast.heard(), 52U);
  EXPECT_EQ(slow.heard(), exchange::Watchers::kUnacknowledgedMax);
  Consent(ids.back(), policy::v1::AUTHORITY_KIND_MUNICIPALITY);
  Visit(ids.back());
  EXPECT_EQ(fast.heard(), 54U);
  // Nothing was done for it meanwhile: no message, no row in the account.
  EXPECT_EQ(slow.heard(), exchange::Watchers::kUnacknowledgedMax);
  slow.CatchUp();
  EXPECT_EQ(slow.heard(), 52U);  // what changed twice is told once
  EXPECT_EQ(slow.last().what, "caught up");
}

TEST_F(WatchTest, OneThatVanishedCostsNothing) {
  OpenMany(3);
  auto follower = std::make_unique<Follower>(node, kWatchCases);
  follower->Begin();
  follower.reset();
  world.executor.RunUntilIdle();
  const std::size_t before = Disclosures();
  Open("6101900009");
  EXPECT_EQ(Disclosures(), before + 1);  // of the answer to OpenCase
}

TEST_F(WatchTest, AChangeThatDoesNotShowIsNone) {
  Node& odense = world.Municipality("0461");
  const std::string id = EnrolledCase(world, node);
  const auto requested = Request(world, node, id, odense);
  ASSERT_TRUE(requested.ok());
  ASSERT_TRUE(world.Settle());
  Follower cases(node, kWatchCases);
  Follower handovers(node, kWatchHandovers);
  cases.Begin().CatchUp();
  handovers.Begin().CatchUp();
  const std::size_t heard = cases.heard();
  ASSERT_TRUE(Do(world, odense, "AgreeTerms", requested->handover_id()).ok());
  ASSERT_TRUE(world.Settle());
  world.Pass(absl::Seconds(1));  // what was applied last is told
  EXPECT_EQ(handovers.last().what, "handover");
  EXPECT_EQ(handovers.last().etag, GetHandover(node, requested->handover_id())->etag());
  EXPECT_EQ(cases.heard(), heard);
}

// Rights of a row that end, not the row itself.
TEST_F(WatchTest, WhatTheReaderMayNoLongerSeeIsGone) {
  world.another_version = [](exchange::Service& service) {
    for (exchange::Aggregate& aggregate : service.aggregates) {
      if (aggregate.name != "file") continue;
      aggregate.visibility = [](const auto& state, policy::v1::Reader reader, const auto&) {
        const bool ended = static_cast<const casework_journal::v1::CaseFile&>(state).stage() ==
                           cv1::CASE_STAGE_WITHDRAWN;
        return ended ? exchange::Visibility{} : exchange::Visibility{reader};
      };
    }
  };
  node.Crash();
  node.Start();
  const std::string id = Open("6101900001");
  Follower follower(node, kWatchCases);
  follower.Begin().CatchUp();
  cv1::RecordWithdrawalRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(id);
  (void)node.Call<cv1::RecordWithdrawalResponse>(std::string(kCases) + "RecordWithdrawal", request);
  world.executor.RunUntilIdle();
  EXPECT_EQ(follower.Story().back(), "gone " + id);
  EXPECT_EQ(RuleOf(GetCase(node, id).status()), "resource.not_found");
}

// An authority whose readers may see less: the list is compared as they see it, not as it is.
TEST_F(WatchTest, AChangeThatTheReaderMayNotSeeIsNone) {
  world.another_version = [](exchange::Service& service) {
    for (exchange::Aggregate& aggregate : service.aggregates) {
      aggregate.visibility = [](const auto&, policy::v1::Reader reader, const auto&) {
        return exchange::Visibility{reader};
      };
      for (exchange::Method& method : aggregate.methods) {
        if (method.watch != kWatchCases) continue;
        method.list_view = [list = method.list_view](const auto& state, auto key,
                                                     const auto& request, const auto& context) {
          auto view = list(state, key, request, context);
          // Of the whole case only what rests on consent is left to change.
          if (view == nullptr) return view;
          const auto& whole = static_cast<const cv1::Case&>(*view);
          auto rest = std::make_unique<cv1::Case>();
          rest->set_case_id(whole.case_id());
          rest->mutable_visitation()->set_health_needs(
              std::to_string(whole.consent().covers_size()));
          view = std::move(rest);
          return view;
        };
      }
    }
  };
  node.Crash();
  node.Start();
  const std::string id = Open("6101900001");
  Follower follower(node, kWatchCases);
  follower.Begin().CatchUp();
  EXPECT_THAT(follower.Story(), ElementsAre("snapshot", "case " + id, "caught up"));
  const auto changes = node.store().rows(exchange::Table::kChanges);
  Consent(id, policy::v1::AUTHORITY_KIND_MUNICIPALITY);
  Consent(id, policy::v1::AUTHORITY_KIND_POLICE);
  EXPECT_EQ(follower.heard(), 3U);
  EXPECT_EQ(node.store().rows(exchange::Table::kChanges), changes);
}

TEST_F(WatchTest, EachDeliveryIsInTheAccountBeforeItIsMade) {
  const std::string id = Open("6101900001");
  Follower follower(node, kWatchCases);
  const std::size_t before = Disclosures();
  node.store().FailNextCommits(1);
  follower.Begin();
  EXPECT_THAT(follower.told(), IsEmpty());
  EXPECT_EQ(Disclosures(), before);
  world.Pass(absl::Seconds(2));
  EXPECT_THAT(follower.Story(), ElementsAre("snapshot", "case " + id, "caught up"));
  const auto& rows = node.store().rows(exchange::Table::kDisclosures);
  ASSERT_EQ(rows.size(), before + 1);
  store::v1::DisclosureRow row;
  ASSERT_TRUE(row.ParseFromString(std::prev(rows.end())->second));
  EXPECT_EQ(row.kind(), kWatchCases);
  EXPECT_EQ(row.caller(), "system.exit-coordinator/employee-1");
  EXPECT_GT(row.fields_size(), 3);
}

TEST_F(WatchTest, AStoreThatCannotBeReadIsNotTakenForAnEmptyOne) {
  Open("6101900001");
  Follower follower(node, kWatchCases);
  follower.Begin().CatchUp();
  node.store().FailNextReads(1);
  EXPECT_EQ(follower.Begin().ended(), "service.store_unavailable");
  EXPECT_THAT(follower.Begin().Story(), ElementsAre("caught up"));
}

TEST_F(WatchTest, WhoMayNotCallMayNotWatch) {
  Follower follower(node, kWatchCases);
  node.caller().function = "mentor";
  EXPECT_EQ(follower.Begin().ended(), "caller.function_may_not");
  node.caller().function = "exit-coordinator";
  node.caller().purpose = "";
  EXPECT_EQ(follower.Begin().ended(), "caller.purpose_required");
  node.caller().purpose = "efterforskning";
  EXPECT_EQ(follower.Begin().ended(), "caller.purpose_investigation");
  node.caller().purpose = "exit support";
  Follower entries(node, kWatchEntries);
  node.caller().function = "auditor";
  EXPECT_EQ(entries.Begin().ended(), "method.not_served");
}

TEST_F(WatchTest, RightsAreCheckedAtEachDelivery) {
  OpenMany(40);
  Follower follower(node, kWatchCases);
  follower.Begin();
  const auto self = world.directory.Find(node.id());
  world.directory.Remove(node.id());
  follower.Acknowledge();
  EXPECT_EQ(follower.ended(), "caller.function_may_not");
  EXPECT_EQ(follower.heard(), exchange::Watchers::kUnacknowledgedMax);
  world.directory.Put(*self);
  EXPECT_THAT(follower.Begin().ended(), "");
}

TEST_F(WatchTest, RefusesWhatIsNoTokenOfIts) {
  Open("6101900001");
  Follower cases(node, kWatchCases);
  cases.Begin();
  const std::string token = cases.last().token;
  Follower other(node, kWatchHandovers);
  EXPECT_EQ(other.BeginWith(token).ended(), "watch.bad_token");
  EXPECT_EQ(other.BeginWith("made up").ended(), "watch.bad_token");
  std::string altered = token;
  altered[10] = altered[10] == 'A' ? 'B' : 'A';
  EXPECT_EQ(other.BeginWith(altered).ended(), "watch.bad_token");
  // An auditor sees what a coordinator sees, and yet has tokens of its own.
  const Speaking auditor(node, "auditor", "employee-9");
  Follower audited(node, kWatchCases);
  EXPECT_EQ(audited.BeginWith(token).ended(), "watch.bad_token");
  EXPECT_EQ(audited.BeginWith("").ended(), "");
  // Nor may what came on another stream be acknowledged.
  other.Begin();
  other.Acknowledge(token);
  EXPECT_EQ(other.ended(), "watch.unknown_acknowledgement");
}

TEST_F(WatchTest, TokensAreOfOneSizeAndDoNotLink) {
  const auto ids = OpenMany(3);
  Follower follower(node, kWatchCases);
  follower.Begin();
  std::set<std::string> tokens;
  for (const Told& told : follower.told()) {
    EXPECT_EQ(told.token.size(), follower.last().token.size());
    EXPECT_TRUE(tokens.insert(told.token).second);
  }
}

TEST_F(WatchTest, AcknowledgingAgainOrAllAtOnceIsHarmless) {
  OpenMany(40);
  Follower follower(node, kWatchCases);
  follower.Begin();
  const std::string early = follower.told()[3].token;
  follower.Acknowledge();
  follower.Acknowledge(early);
  follower.Acknowledge(follower.told()[31].token);
  EXPECT_EQ(follower.ended(), "");
  EXPECT_EQ(follower.heard(), 42U);
}

TEST_F(WatchTest, BeginsFirstAndOnce) {
  Follower follower(node, kWatchCases);
  follower.Begin();
  follower.Send(std::make_unique<cv1::WatchCasesRequest>());
  EXPECT_EQ(follower.ended(), "watch.begin_first");
  follower.Begin();
  auto again = std::make_unique<cv1::WatchCasesRequest>();
  again->mutable_begin();
  follower.Send(std::move(again));
  EXPECT_EQ(follower.ended(), "watch.begun_already");
}

TEST_F(WatchTest, ThereIsALimitToHowManyWatch) {
  using exchange::Watchers;
  std::vector<std::unique_ptr<Follower>> followers;
  for (std::size_t i = 0; i < Watchers::kWatchesMax; ++i) {
    node.caller().system = "system" + std::to_string(i / Watchers::kWatchesOfOneSystemMax);
    followers.push_back(std::make_unique<Follower>(node, kWatchCases));
    EXPECT_EQ(followers.back()->Begin().ended(), "");
  }
  node.caller().system = "another";
  Follower late(node, kWatchCases);
  EXPECT_EQ(late.Begin().ended(), "watch.too_many");
  followers.pop_back();
  EXPECT_EQ(late.Begin().ended(), "");
}

TEST_F(WatchTest, OneSystemsWatchesLeaveRoomForAnother) {
  std::vector<std::unique_ptr<Follower>> followers;
  for (std::size_t i = 0; i < exchange::Watchers::kWatchesOfOneSystemMax; ++i) {
    followers.push_back(std::make_unique<Follower>(node, kWatchCases));
    EXPECT_EQ(followers.back()->Begin().ended(), "");
  }
  Follower late(node, kWatchCases);
  EXPECT_EQ(late.Begin().ended(), "watch.too_many");
  node.caller().system = "another";
  EXPECT_EQ(late.Begin().ended(), "");
}

TEST_F(WatchTest, OneThatDoesNotBeginEndsAndMakesRoom) {
  Follower idle(node, kWatchCases);
  idle.OpenOnly();
  Follower begun(node, kWatchCases);
  begun.Begin();
  world.Pass(exchange::Watchers::kBeginWithin - absl::Seconds(1));
  EXPECT_EQ(idle.ended(), "");
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(idle.ended(), "watch.not_begun");
  EXPECT_EQ(begun.ended(), "");
  Open("6101900001");
  EXPECT_EQ(begun.Story().size(), 3U);
}

// As `grpcurl -d` does: it says what it has to say and listens.
TEST_F(WatchTest, WhoSendsNoMoreIsToldAllThereIsAndEndsWell) {
  const std::vector<std::string> ids = OpenMany(75);  // more than may be unacknowledged
  Follower follower(node, kWatchCases);
  follower.Begin();
  EXPECT_EQ(follower.ended(), "");
  follower.HalfClose();
  EXPECT_EQ(follower.ended(), "complete");
  EXPECT_EQ(follower.heard(), ids.size() + 2);
  EXPECT_EQ(follower.last().what, "caught up");
  // The last token it was told is as good as any.
  const std::string last = Open("6101900099");
  Follower next(node, kWatchCases);
  next.BeginWith(follower.last().token);
  next.HalfClose();
  EXPECT_THAT(next.Story(), ElementsAre("case " + last, "caught up"));
  EXPECT_EQ(next.ended(), "complete");
}

TEST_F(WatchTest, WhoSendsNothingAtAllIsToldWhatIsMissing) {
  Follower follower(node, kWatchCases);
  follower.OpenOnly();
  world.executor.RunUntilIdle();
  follower.HalfClose();
  EXPECT_EQ(follower.ended(), "watch.begin_first");
}

// The engine fills these messages by the names of their fields.
TEST_F(WatchTest, EveryWatchIsBesideItsListAndForWhoMayReadIt) {
  int watches = 0;
  for (const auto* file : policy::AllContracts()) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        const auto& watch = *file->service(s)->method(m);
        if (!watch.server_streaming()) continue;
        ++watches;
        SCOPED_TRACE(watch.full_name());
        const auto* list =
            file->service(s)->FindMethodByName("List" + watch.name().substr(std::strlen("Watch")));
        ASSERT_NE(list, nullptr);
        // Units list what is theirs and do not watch it.
        const auto& watched = *policy::MethodPolicyOf(watch.full_name());
        const auto& listed = *policy::MethodPolicyOf(list->full_name());
        EXPECT_THAT(listed.callers(), testing::IsSupersetOf(watched.callers()));
        EXPECT_EQ(watched.access(), listed.access());
        EXPECT_EQ(watched.purpose_required(), listed.purpose_required());
        const auto& told = *watch.output_type();
        EXPECT_EQ(told.field(0)->message_type(), list->output_type()->field(0)->message_type());
        for (const char* field : {"gone", "marker"}) {
          ASSERT_NE(told.FindFieldByName(field), nullptr) << field;
          EXPECT_EQ(told.FindFieldByName(field)->containing_oneof(),
                    told.FindOneofByName("change"));
        }
        EXPECT_NE(told.FindFieldByName("token"), nullptr);
        for (const char* field : {"begin", "acknowledge"}) {
          EXPECT_NE(watch.input_type()->FindFieldByName(field), nullptr) << field;
        }
      }
    }
  }
  EXPECT_GE(watches, 5);
}

}  // namespace
}  // namespace exitbus::simulation
