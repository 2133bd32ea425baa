// The console's methods: who may call what, that each look is recorded before it is answered, that
// what is not known is told as unknown, and that its contract can carry no person.
#include <set>

#include "google/protobuf/descriptor.h"
#include "services/console/console_testing.h"

namespace exitbus::console {
namespace {

using testing::HasSubstr;

class OperationsTest : public ConsoleTest {
 protected:
  std::string RuleOf(const exchange::Caller& caller, const std::string& method,
                     const google::protobuf::Message& request) {
    return Ask(caller, method, request).refusal.reason;
  }
  std::vector<ov1::Look> Looks(const exchange::Caller& caller) {
    ov1::ListLooksRequest request;
    request.set_page_size(200);
    const exchange::Answer answer = Ask(caller, "ListLooks", request);
    EXPECT_NE(answer.reply, nullptr) << answer.refusal.reason;
    const auto& looks = static_cast<const ov1::ListLooksResponse&>(*answer.reply).looks();
    return {looks.begin(), looks.end()};
  }
};

TEST_F(OperationsTest, WhoIsNobodyHereIsRefusedByName) {
  const ov1::GetSelfRequest self;
  EXPECT_EQ(RuleOf(CallerAs("web", "case-officer"), "GetSelf", self), "console.role_unknown");
  EXPECT_EQ(RuleOf(Operator("municipality-9999"), "GetSelf", self), "console.unknown_authority");
  EXPECT_EQ(RuleOf(Observer(), "ListLooks", ov1::ListLooksRequest()), "console.not_for_role");
  exchange::Caller nobody = Exchange();
  nobody.employee.clear();
  EXPECT_EQ(RuleOf(nobody, "GetSelf", self), "console.employee_required");
  exchange::Caller why = Exchange();
  why.purpose.clear();
  ov1::GetMessagePathRequest path;
  path.set_hop_id(std::string(32, '0'));
  EXPECT_EQ(RuleOf(why, "GetMessagePath", path), "console.purpose_required");
  path.set_hop_id(std::string(33, '0'));
  EXPECT_EQ(RuleOf(Exchange(), "GetMessagePath", path), "request.bad_value");
}

TEST_F(OperationsTest, SelfSaysRoleAndExchange) {
  const exchange::Answer answer = Ask(Operator(kIshoj), "GetSelf", ov1::GetSelfRequest());
  ASSERT_NE(answer.reply, nullptr);
  const auto& self = static_cast<const ov1::GetSelfResponse&>(*answer.reply);
  EXPECT_EQ(self.role(), ov1::ROLE_AUTHORITY_OPERATOR);
  EXPECT_EQ(self.authority(), kIshoj);
  EXPECT_EQ(self.environment(), "test");
  EXPECT_TRUE(self.development());
}

TEST_F(OperationsTest, EveryLookIsInTheAccountRefusedOnesToo) {
  Overview(Observer());
  RuleOf(CallerAs("web", "case-officer"), "GetSelf", ov1::GetSelfRequest());
  const Open open = Watch<ov1::WatchOverviewRequest>(Operator(kOdense), "WatchOverview", "");
  ov1::TestConnectionRequest test;
  test.set_from(kIshoj);
  test.set_to(kPolice);
  Ask(Operator(kIshoj), "TestConnection", test);
  const std::vector<ov1::Look> all = Looks(Exchange());
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[0].method(), "ListLooks");
  EXPECT_EQ(all[1].subject(), absl::StrCat(kIshoj, " ", kPolice));
  EXPECT_EQ(all[1].purpose(), "operation");
  EXPECT_EQ(all[2].method(), "WatchOverview");
  EXPECT_EQ(all[3].refused_by(), "console.role_unknown");
  EXPECT_EQ(all[4].role(), ov1::ROLE_OBSERVER);
  EXPECT_EQ(all[4].number(), 1U);
  // An authority's operator is shown those of his own, and those at it.
  const std::vector<ov1::Look> own = Looks(Operator(kIshoj));
  ASSERT_EQ(own.size(), 2U);
  EXPECT_EQ(own[0].method(), "ListLooks");
  EXPECT_EQ(own[1].method(), "TestConnection");
  const std::vector<ov1::Look> at_police = Looks(Operator(kPolice));
  ASSERT_EQ(at_police.size(), 2U);
  EXPECT_EQ(at_police[1].system(), kIshoj);
  // It is there after a restart, and goes on counting.
  Restart();
  EXPECT_EQ(Looks(Exchange()).front().number(), 8U);
}

TEST_F(OperationsTest, WhatCannotBeRecordedIsNotShown) {
  store_.FailCommitsBecauseFull();
  EXPECT_EQ(RuleOf(Exchange(), "GetOverview", ov1::GetOverviewRequest()),
            "console.account_unavailable");
  const Open open = Watch<ov1::WatchOverviewRequest>(Exchange(), "WatchOverview", "");
  EXPECT_EQ(open.sink->ended.reason, "console.account_unavailable");
  EXPECT_TRUE(open.sink->messages.empty());
  store_.AllowCommits();
  EXPECT_EQ(RuleOf(Exchange(), "GetOverview", ov1::GetOverviewRequest()), "");
}

TEST_F(OperationsTest, WhatIsNotKnownIsUnknownWithSinceWhenAndWhyAndNever0) {
  const auto parked = [&] {
    Pass(absl::Seconds(1));
    return FiguresIn(RowOf(Operator(kIshoj), kIshoj), pv1::CHANNEL_HANDOVER)->parked();
  };
  EXPECT_EQ(parked().unknown().why(), ov1::WHY_UNKNOWN_NEVER_HEARD);
  EXPECT_TRUE(parked().unknown().has_since());
  Stand(kIshoj);
  EXPECT_TRUE(parked().has_known());
  EXPECT_EQ(parked().known().count(), 0U);
  EXPECT_EQ(RowOf(Observer(), kIshoj).secret().state(), ov1::STATE_FINE) << "at once";
  Pass(absl::Seconds(16));
  EXPECT_EQ(parked().unknown().why(), ov1::WHY_UNKNOWN_SILENT);
  EXPECT_TRUE(RowOf(Observer(), kIshoj).secret().has_unknown()) << "at once";
  broker_.Stop();
  broker_look_.figures = absl::UnavailableError("no broker");
  Pass(absl::Seconds(31));
  EXPECT_EQ(parked().unknown().why(), ov1::WHY_UNKNOWN_BROKER_AWAY);
  const ov1::ExchangeRow exchange = Overview(Observer()).exchange();
  EXPECT_FALSE(exchange.broker_reached());
  EXPECT_TRUE(exchange.brokers().has_unknown());
}

TEST_F(OperationsTest, WhatNoListedAuthoritySignedIsRefusedAndCounted) {
  ov1::TraceRecord told;
  told.mutable_standing();
  exchange::Environment forger = EnvironmentOf(kIshoj);
  forger.self_at_start = directory_.Find(kIshoj);
  forger.secrets.identity_key = crypto_->NewSigningKey().secret_key;
  broker_.Append(exchange::SealTrace(forger, told));
  // Signed by its sender, and on another's topic.
  forger.self_at_start = directory_.Find(kOdense);
  forger.secrets.identity_key = keys_.at(kIshoj).secret_key;
  broker_.Append(exchange::SealTrace(forger, told));
  Pass(absl::Seconds(1));
  EXPECT_EQ(Overview(Observer()).exchange().traces_refused(), 2U);
  EXPECT_EQ(RowOf(Observer(), kIshoj).presence(), ov1::PRESENCE_NEVER_HEARD);
  EXPECT_EQ(telemetry_.Total("traces.refused"), 2);
  EXPECT_EQ(telemetry_.LinesOf("trace.refused").size(), 2U);
}

TEST_F(OperationsTest, RegisterAgainstStreamTellsTopicsThatAreMissingAndThatNobodyReads) {
  broker_look_.figures->topics.erase("exitbus.v1.handover.municipality.0183");
  broker_look_.figures->topics["exitbus.v1.handover.municipality.9999"] = {4, 3, 2};
  Pass(absl::Seconds(6));
  const ov1::ExchangeRow row = Overview(Observer()).exchange();
  EXPECT_EQ(row.topics_missing().known(), 1U);
  EXPECT_EQ(row.topics_unlisted().known(), 1U);
  EXPECT_EQ(row.topics_under_replicated().known(), 1U);
}

TEST_F(OperationsTest, AConnectionTestNamesTheFirstThingToMend) {
  Stand(kPolice);
  Stand(kIshoj);
  ov1::TestConnectionRequest test;
  test.set_from(kPolice);
  test.set_to(kIshoj);
  const auto outcome = [&](const std::string& step) {
    const exchange::Answer answer = Ask(Exchange(), "TestConnection", test);
    for (const auto& one : static_cast<const ov1::TestConnectionResponse&>(*answer.reply).steps()) {
      if (one.step() != step) continue;
      EXPECT_EQ(one.outcome() == ov1::STEP_OUTCOME_BAD, !one.remedy().empty());
      return absl::StrCat(ov1::StepOutcome_Name(one.outcome()), " ", one.cause());
    }
    return std::string("no such step");
  };
  EXPECT_THAT(outcome("to.heard"), HasSubstr("GOOD"));
  Pass(absl::Seconds(20));
  EXPECT_THAT(outcome("to.heard"), HasSubstr("BAD municipality-0183 has told nothing for"));
  EXPECT_THAT(outcome("to.broker"), HasSubstr("UNKNOWN"));
  test.set_to("municipality-9999");
  EXPECT_EQ(RuleOf(Exchange(), "TestConnection", test), "console.no_such_authority");
  test.set_to(kIshoj);
  EXPECT_EQ(RuleOf(Operator(kOdense), "TestConnection", test), "console.not_for_role");
}

// Every text that the contract can carry, by where it comes from. A new one is looked at here
// first.
const std::set<std::string>& KnownTexts() {
  static const auto* const known = new std::set<std::string>{"AuthorityRow.authority",
                                                             "AuthorityRow.name",
                                                             "AuthorityRow.version",
                                                             "StreamRow.topic",
                                                             "StreamRow.reader",
                                                             "ExchangeRow.broker_failure",
                                                             "DeadLetters.failure_class",
                                                             "SeenHop.authority",
                                                             "SeenHop.hop_id",
                                                             "SeenHop.failure_class",
                                                             "MessagePath.hop_id",
                                                             "MessagePath.authority",
                                                             "Look.system",
                                                             "Look.employee",
                                                             "Look.purpose",
                                                             "Look.method",
                                                             "Look.subject",
                                                             "Look.refused_by",
                                                             "GetSelfResponse.authority",
                                                             "GetSelfResponse.authority_name",
                                                             "GetSelfResponse.employee",
                                                             "GetSelfResponse.environment",
                                                             "GetSelfResponse.version",
                                                             "ConnectionStep.step",
                                                             "ConnectionStep.cause",
                                                             "ConnectionStep.remedy",
                                                             "WatchOverviewResponse.token",
                                                             "WatchHopsResponse.token",
                                                             "ListLooksResponse.next_page_token",
                                                             "Hop.hop_id",
                                                             "Hop.failure_class",
                                                             "Standing.version",
                                                             "ChannelStanding.cluster_id",
                                                             "DeadClass.failure_class"};
  return *known;
}

void Walk(const google::protobuf::Descriptor& message, std::set<std::string>& texts,
          std::set<const google::protobuf::Descriptor*>& seen) {
  if (!seen.insert(&message).second) return;
  for (int i = 0; i < message.field_count(); ++i) {
    const auto& field = *message.field(i);
    if (field.message_type() != nullptr) {
      const std::string& package = field.message_type()->file()->package();
      EXPECT_TRUE(package == "exitbus.operations.v1" || package == "google.protobuf")
          << field.full_name() << " is of another package: what of it may be shown here?";
      Walk(*field.message_type(), texts, seen);
    } else if (field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING) {
      texts.insert(absl::StrCat(message.name(), ".", field.name()));
    }
  }
}

TEST_F(OperationsTest, TheContractCarriesNoTextThatWasNotLookedAt) {
  std::set<std::string> texts;
  std::set<const google::protobuf::Descriptor*> seen;
  const auto* service =
      ov1::GetSelfRequest::descriptor()->file()->FindServiceByName("OperationsService");
  ASSERT_NE(service, nullptr);
  for (int i = 0; i < service->method_count(); ++i) {
    Walk(*service->method(i)->output_type(), texts, seen);
  }
  Walk(*ov1::TraceRecord::descriptor(), texts, seen);
  EXPECT_EQ(texts, KnownTexts());
}

}  // namespace
}  // namespace exitbus::console
