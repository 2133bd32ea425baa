// The console beside real authorities and a real broker: a handover that gets stuck because its
// receiver is down is seen by the sender's operator within a minute, and by nobody else; what the
// console reads at the broker is traces and no letter; what is in it is no person.
#include "tests/story/console.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "exitbus/operations/v1/operations_service.pb.h"
#include "tests/e2e/environment.h"
#include "tests/e2e/operator.h"

namespace exitbus::story {
namespace {

namespace ov1 = operations::v1;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kService[] = "exitbus.operations.v1.OperationsService.";
constexpr char kCprNumber[] = "6102804711";
constexpr absl::Duration kSeenWithin = absl::Seconds(60);

const Member& Ishoj() { return MemberNamed(kIshoj); }
const Member& Odense() { return MemberNamed(kOdense); }

class ConsoleTest : public ::testing::Test {
 protected:
  template <class Reply>
  static Reply Ask(const std::string& certificate, const std::string& method,
                   const google::protobuf::Message& request) {
    adapters::CallOptions options;
    options.metadata = {{"exitbus-employee", "tester"}, {"exitbus-purpose", "operation"}};
    const auto reply =
        ClientWith(ConsoleMember(), certificate)->Call(kService + method, request, options);
    EXPECT_TRUE(reply.ok()) << reply.status();
    return reply.ok() ? static_cast<const Reply&>(**reply) : Reply();
  }

  static ov1::GetOverviewResponse Overview(const std::string& certificate) {
    return Ask<ov1::GetOverviewResponse>(certificate, "GetOverview", ov1::GetOverviewRequest());
  }

  static ov1::AuthorityRow RowOf(const std::string& certificate, const Member& member) {
    const ov1::GetOverviewResponse all = Overview(certificate);
    for (const auto& row : all.authorities()) {
      if (row.authority() == member.id) return row;
    }
    ADD_FAILURE() << "no row of " << member.id;
    return {};
  }

  static ov1::ChannelFigures HandoversOf(const std::string& certificate, const Member& member) {
    const ov1::AuthorityRow row = RowOf(certificate, member);
    for (const auto& channel : row.channels()) {
      if (channel.channel() == policy::v1::CHANNEL_HANDOVER) return channel;
    }
    return {};
  }

  static std::unique_ptr<Actor> ActorOf(const Member& member) {
    auto actor = Actor::Make(member, TheDeployment().ClientOf(member));
    EXPECT_TRUE(actor.ok()) << actor.status();
    return *std::move(actor);
  }

  // How long until it holds; InfiniteDuration: it does not within the limit.
  static absl::Duration Until(const std::function<bool()>& holds, absl::Duration limit) {
    const absl::Time begun = absl::Now();
    while (absl::Now() - begun < limit) {
      if (holds()) return absl::Now() - begun;
      absl::SleepFor(absl::Milliseconds(200));
    }
    return absl::InfiniteDuration();
  }
};

TEST_F(ConsoleTest, AllAuthoritiesAreHeardAndTheirTopicsAreThere) {
  EXPECT_LT(Until(
                [] {
                  const ov1::GetOverviewResponse all = Overview(kObserver);
                  int heard = 0;
                  for (const auto& row : all.authorities()) {
                    heard +=
                        row.presence() == ov1::PRESENCE_HEARD && row.secret().has_unknown() == 0;
                  }
                  return heard == static_cast<int>(Cast().size());
                },
                kSeenWithin),
            kSeenWithin);
  const ov1::ExchangeRow exchange = Overview(kObserver).exchange();
  EXPECT_TRUE(exchange.broker_reached());
  EXPECT_EQ(exchange.brokers().known(), 1U);
  EXPECT_EQ(exchange.topics_missing().known(), 0U);
  EXPECT_EQ(exchange.topics_unlisted().known(), 0U);
  EXPECT_EQ(exchange.traces_refused(), 0U);
  EXPECT_TRUE(TheDeployment().CheckProvisioned().ok());
}

TEST_F(ConsoleTest, AStuckHandoverIsSeenByTheSendersOperatorWithinAMinuteAndByNobodyElse) {
  auto ishoj = ActorOf(Ishoj());
  const std::string id = EnrolledCase(*ishoj, kCprNumber);
  ASSERT_LT(Until(
                [] {
                  const auto figures = HandoversOf(OperatorOf(Ishoj()), Ishoj());
                  return figures.unreceipted().has_known() &&
                         figures.unreceipted().known().count() == 0;
                },
                kSeenWithin),
            kSeenWithin);
  ASSERT_TRUE(TheDeployment().KillService(Odense()).ok());
  const auto requested = ishoj->RequestHandover(id, kOdense, hv1::HANDOVER_REASON_RELOCATION);
  ASSERT_TRUE(requested.ok()) << requested.status();

  const absl::Duration seen = Until(
      [] {
        const auto figures = HandoversOf(OperatorOf(Ishoj()), Ishoj());
        return figures.unreceipted().known().count() > 0 &&
               RowOf(OperatorOf(Ishoj()), Odense()).presence() == ov1::PRESENCE_SILENT;
      },
      kSeenWithin);
  EXPECT_LT(seen, kSeenWithin);
  RecordProperty("seen_after_ms", static_cast<int>(absl::ToInt64Milliseconds(seen)));
  std::cout << "  seen after " << absl::FormatDuration(seen) << std::endl;

  // Why, in plain words.
  ov1::TestConnectionRequest test;
  test.set_from(kIshoj);
  test.set_to(kOdense);
  const auto steps =
      Ask<ov1::TestConnectionResponse>(OperatorOf(Ishoj()), "TestConnection", test).steps();
  std::string causes;
  for (const auto& step : steps) absl::StrAppend(&causes, step.cause(), "\n");
  EXPECT_THAT(causes, HasSubstr("municipality-0461 has told nothing for"));

  // Nobody else is told that Ishøj has anything at all on a secret channel.
  for (const std::string& other :
       {ConsoleMember().client, std::string(kObserver), OperatorOf(Odense())}) {
    const ov1::AuthorityRow row = RowOf(other, Ishoj());
    EXPECT_EQ(row.secret().state(), ov1::STATE_FINE) << other;
    for (const auto& channel : row.channels()) {
      EXPECT_NE(channel.channel(), policy::v1::CHANNEL_HANDOVER) << other;
    }
  }

  ASSERT_TRUE(TheDeployment().StartService(Odense()).ok());
  ASSERT_TRUE(TheDeployment().AwaitServing(Odense()).ok());
  EXPECT_LT(Until(
                [] {
                  const auto figures = HandoversOf(OperatorOf(Ishoj()), Ishoj());
                  return figures.unreceipted().has_known() &&
                         figures.unreceipted().known().count() == 0;
                },
                kSeenWithin),
            kSeenWithin);
}

TEST_F(ConsoleTest, ALetterIsFollowedByItsIdByItsOwnOperatorAlone) {
  adapters::CallOptions options;
  options.metadata = {{"exitbus-employee", "tester"}, {"exitbus-purpose", "operation"}};
  const auto client = ClientWith(ConsoleMember(), OperatorOf(Ishoj()));
  const auto watch = client->Watch(absl::StrCat(kService, "WatchHops"), options);
  ASSERT_TRUE(watch.ok()) << watch.status();
  ov1::WatchHopsRequest begin;
  begin.mutable_begin();
  ASSERT_TRUE((*watch)->Send(begin).ok());
  auto ishoj = ActorOf(Ishoj());
  const std::string id = EnrolledCase(*ishoj, "6102804712");
  ASSERT_TRUE(ishoj->RequestHandover(id, kOdense, hv1::HANDOVER_REASON_RELOCATION).ok());
  std::string hop_id;
  while (hop_id.empty()) {
    const auto message = (*watch)->Next(absl::Seconds(20));
    ASSERT_TRUE(message.ok()) << message.status();
    const auto& told = static_cast<const ov1::WatchHopsResponse&>(**message);
    for (const auto& hop : told.hops()) {
      if (hop.channel() == policy::v1::CHANNEL_HANDOVER && hop.authority() == kIshoj &&
          hop.kind() == ov1::HOP_KIND_RECEIPTED) {
        hop_id = hop.hop_id();
      }
    }
    ov1::WatchHopsRequest acknowledge;
    acknowledge.mutable_acknowledge()->set_token(told.token());
    ASSERT_TRUE((*watch)->Send(acknowledge).ok());
  }
  ov1::GetMessagePathRequest request;
  request.set_hop_id(hop_id);
  const auto path =
      Ask<ov1::GetMessagePathResponse>(OperatorOf(Ishoj()), "GetMessagePath", request).path();
  EXPECT_EQ(path.authority(), kIshoj);
  EXPECT_GE(path.hops_size(), 3) << path.DebugString();
  const auto refused = ClientWith(ConsoleMember(), ConsoleMember().client)
                           ->Call(absl::StrCat(kService, "GetMessagePath"), request, options);
  EXPECT_EQ(adapters::ErrorOf(refused.status()).reason, "console.no_such_path");
}

TEST_F(ConsoleTest, TheWebShowsTheSameAndNothingAboutAPerson) {
  const Places& places = TheDeployment().places();
  const std::string out = places.state + "/curl.out";
  const absl::Status asked = RunTool(
      {"curl", "--silent", "--show-error", "--cacert", places.authorities_ca(), "--cert",
       places.certificate(kObserver), "--key", places.key(kObserver), "--header",
       "exitbus-employee: tester", "--header", "Content-Type: application/json", "--data", "{}",
       absl::StrCat("https://localhost:", TheDeployment().console_web_port(),
                    "/exitbus.operations.v1.OperationsService/GetOverview")},
      out);
  ASSERT_TRUE(asked.ok()) << asked;
  EXPECT_THAT(adapters::ReadFile(out).value_or(""), HasSubstr("municipality-0183"));
  // What the console wrote: its account, its log.
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(places.Of(ConsoleMember()))) {
    if (!file.is_regular_file()) continue;
    const std::string text = adapters::ReadFile(file.path().string()).value_or("");
    EXPECT_THAT(text, Not(HasSubstr(kCprNumber))) << file.path();
    EXPECT_THAT(text, Not(HasSubstr("Opdigtet"))) << file.path();
  }
}

TEST_F(ConsoleTest, ABrokerThatDiesIsSaidAndNothingIs0ForIt) {
  ASSERT_TRUE(TheDeployment().KillBroker().ok());
  const auto unreceipted = [] { return HandoversOf(OperatorOf(Ishoj()), Ishoj()).unreceipted(); };
  EXPECT_LT(Until(
                [&] {
                  return !Overview(kObserver).exchange().broker_reached() &&
                         unreceipted().unknown().why() == ov1::WHY_UNKNOWN_BROKER_AWAY;
                },
                kSeenWithin),
            kSeenWithin);
  EXPECT_FALSE(Overview(kObserver).exchange().broker_failure().empty());
  // What everybody sees of secret channels follows at its own beat.
  EXPECT_LT(Until([] { return RowOf(kObserver, Ishoj()).secret().has_unknown(); }, kSeenWithin),
            kSeenWithin);
  ASSERT_TRUE(TheDeployment().StartBroker().ok());
  EXPECT_LT(Until([&] { return unreceipted().has_known(); }, kSeenWithin), kSeenWithin);
  EXPECT_TRUE(Overview(kObserver).exchange().broker_reached());
}

// Killed, it begins anew and knows the same within seconds; its account goes on.
TEST_F(ConsoleTest, AConsoleThatDiesKnowsAllAgain) {
  const auto last = [] {
    ov1::ListLooksRequest request;
    request.set_page_size(1);
    return Ask<ov1::ListLooksResponse>(ConsoleMember().client, "ListLooks", request)
        .looks(0)
        .number();
  };
  const std::uint64_t before = last();
  ASSERT_TRUE(TheDeployment().KillService(ConsoleMember()).ok());
  ASSERT_TRUE(TheDeployment().StartService(ConsoleMember()).ok());
  ASSERT_TRUE(TheDeployment().AwaitServing(ConsoleMember()).ok());
  EXPECT_EQ(last(), before + 1);
  EXPECT_LT(
      Until([] { return HandoversOf(OperatorOf(Ishoj()), Ishoj()).unreceipted().has_known(); },
            kSeenWithin),
      kSeenWithin);
}

// With the console's own certificate: whatever it may ask the broker for is no letter.
TEST_F(ConsoleTest, TheBrokerGivesTheConsoleNoLetter) {
  const Places& places = TheDeployment().places();
  const auto read = [&](const std::string& topic) {
    const std::string out = places.state + "/kcat.out";
    (void)RunTool({"kcat",
                   "-b",
                   TheDeployment().broker_address(),
                   "-X",
                   "security.protocol=ssl",
                   "-X",
                   "ssl.ca.location=" + places.authorities_ca(),
                   "-X",
                   "ssl.certificate.location=" + places.certificate("console"),
                   "-X",
                   "ssl.key.location=" + places.key("console"),
                   "-C",
                   "-t",
                   topic,
                   "-o",
                   "beginning",
                   "-c",
                   "1",
                   "-e",
                   "-m",
                   "5",
                   "-f",
                   "got a record of %S bytes\\n"},
                  out);
    return adapters::ReadFile(out).value_or("");
  };
  EXPECT_THAT(read("exitbus.v1.trace.municipality.0183"), HasSubstr("got a record"));
  EXPECT_THAT(read("exitbus.v1.handover.municipality.0461"), Not(HasSubstr("got a record")));
  EXPECT_THAT(read("exitbus.v1.directory.municipality.0461"), Not(HasSubstr("got a record")));
}

}  // namespace
}  // namespace exitbus::story
