// A client system's certificate is revoked, and an authority is removed: by files that operators
// change, with everything running. How long it took is measured; a minute is the limit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "adapters/grpc/errors.h"
#include "tests/e2e/environment.h"
#include "tests/e2e/operator.h"
#include "tests/separation/doors.h"
#include "tests/separation/figures.h"
#include "tests/separation/own_broker.h"
#include "tests/separation/tally.h"
#include "tests/story/books.h"

namespace exitbus::story {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(60);
constexpr absl::Duration kLook = absl::Milliseconds(50);
constexpr char kRevoked[] = "caller.certificate_revoked";

const Member& Ishoj() { return MemberNamed(kIshoj); }

// Since `began` until it holds; the test fails after a minute.
absl::Duration TimeUntil(absl::Time began, const std::function<bool()>& holds) {
  while (!holds()) {
    if (absl::Now() - began > kLimit) {
      ADD_FAILURE() << "not within " << kLimit;
      break;
    }
    absl::SleepFor(kLook);
  }
  return absl::Now() - began;
}

void Note(const std::string& what, absl::Duration took) {
  Tally::Note(absl::StrFormat("%s after %.1f s", what, absl::ToDoubleSeconds(took)));
}

// A client system of Ishøj's with a connection, and a watch on it.
class System {
 public:
  explicit System(const std::string& certificate)
      : client_(ClientWith(Ishoj(), certificate)),
        watch_(*client_->Watch("exitbus.casework.v1.CaseService.WatchCases", Employee())) {
    cv1::WatchCasesRequest request;
    request.mutable_begin();
    EXPECT_TRUE(watch_->Send(request).ok());
    const auto first = watch_->Next(absl::Seconds(10));
    EXPECT_TRUE(first.ok()) << first.status();
  }

  // The rule that refuses a read; empty: none does.
  std::string ReadRefusedBy() { return ErrorReason(AskApi(Ishoj(), *client_)); }
  // The rule that ended the watch; empty: it goes on.
  std::string WatchEndedBy() {
    while (true) {
      const auto next = watch_->Next(absl::ZeroDuration());
      if (!next.ok()) return ErrorReason(next.status());
    }
  }

 private:
  static adapters::CallOptions Employee() {
    adapters::CallOptions options;
    options.metadata = {{"exitbus-employee", "tester"}, {"exitbus-purpose", Ishoj().purpose}};
    return options;
  }
  static std::string ErrorReason(const absl::Status& status) {
    return adapters::ErrorOf(status).reason;
  }

  std::unique_ptr<adapters::GrpcClient> client_;
  std::unique_ptr<adapters::GrpcWatch> watch_;
};

std::string FingerprintOf(const std::string& certificate) {
  const std::string log = TheDeployment().places().state + "/fingerprint.log";
  const absl::Status told = RunTool({"openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in",
                                     TheDeployment().places().certificate(certificate)},
                                    log);
  EXPECT_TRUE(told.ok()) << told;
  const std::vector<std::string> parts = absl::StrSplit(adapters::ReadFile(log).value_or(""), '=');
  return std::string(absl::StripAsciiWhitespace(parts.back()));
}

TEST(RevocationTest, ARevokedClientSystemIsTurnedAwayOnItsOpenConnectionAndItsWatchEnds) {
  const std::string laptop = "municipality-0183.laptop.exit-coordinator";
  const std::string tablet = "municipality-0183.tablet.exit-coordinator";
  const std::string list = TheDeployment().places().revoked_clients(Ishoj());
  IssueCertificate({"issue-client", laptop, tablet});
  System by_name(laptop);
  System by_fingerprint(tablet);
  System other(Ishoj().client);
  for (System* system : {&by_name, &by_fingerprint, &other}) {
    EXPECT_EQ(system->ReadRefusedBy(), "");
  }

  const absl::Time began = absl::Now();
  ASSERT_TRUE(
      adapters::ReplaceFile(list, absl::StrCat(laptop, "  # stolen\n", FingerprintOf(tablet), "\n"))
          .ok());
  for (System* system : {&by_name, &by_fingerprint}) {
    const absl::Duration call = TimeUntil(began, [&] { return system->ReadRefusedBy() != ""; });
    const absl::Duration watch = TimeUntil(began, [&] { return system->WatchEndedBy() != ""; });
    EXPECT_EQ(system->ReadRefusedBy(), kRevoked);
    EXPECT_EQ(system->WatchEndedBy(), kRevoked);
    Note("a revoked client system's call was refused", call);
    Note("  and its watch ended", watch);
    Tally::Count("revocation: client systems x call, watch", 2, 2);
  }
  const std::string outcome = "outcome=\"handled\"";
  const double handled = FigureOf(Ishoj(), "exitbus_api_calls_total", outcome);
  EXPECT_EQ(by_name.ReadRefusedBy(), kRevoked);
  EXPECT_EQ(FigureOf(Ishoj(), "exitbus_api_calls_total", outcome), handled);
  EXPECT_GT(FigureOf(Ishoj(), "exitbus_api_calls_total", kRevoked), 0);
  EXPECT_EQ(other.ReadRefusedBy(), "");
  EXPECT_EQ(other.WatchEndedBy(), "");

  const Log log(Ishoj());
  ASSERT_TRUE(adapters::ReplaceFile(list, "everybody\n").ok());
  EXPECT_TRUE(log.Await("revoked_clients.refused", "line 1"));
  EXPECT_EQ(FigureOf(Ishoj(), "exitbus_revoked_clients_refused"), 1);
  EXPECT_EQ(by_name.ReadRefusedBy(), kRevoked) << "the last good list stays in force";

  const absl::Time took_back = absl::Now();
  ASSERT_TRUE(adapters::ReplaceFile(list, "").ok());
  TimeUntil(took_back, [&] { return by_name.ReadRefusedBy() == ""; });
  EXPECT_EQ(by_fingerprint.ReadRefusedBy(), "");
}

// What the broker says to NEC of its own topic and group, on a connection that is there already.
class NecAtBroker {
 public:
  NecAtBroker() {
    auto wire = KafkaWire::Connect(BrokerClient(TheDeployment().broker_address(), kNec));
    EXPECT_TRUE(wire.ok()) << wire.status();
    wire_ = *std::move(wire);
  }

  bool MayRead() { return wire_->Read({kTopic}).value_or(WireErrors())[kTopic] == kNone; }
  // All that it could be allowed.
  std::vector<int> Errors() {
    const std::string receipts = "exitbus.v1.receipt.municipality.0183";
    const std::string group = "exitbus.nec";
    return {wire_->Read({kTopic})->at(kTopic), wire_->Describe({kTopic})->at(kTopic),
            wire_->Describe({receipts})->at(receipts), wire_->ReadGroups({group})->at(group)};
  }

 private:
  static constexpr char kTopic[] = "exitbus.v1.nec.nec.national";

  std::unique_ptr<KafkaWire> wire_;
};

// From the directory's being replaced until the broker does as it says. Every service has taken it
// when this returns, too.
absl::Duration Publish(directory::v1::AuthorityStatus status, NecAtBroker& nec, bool may_read) {
  Operator desk;
  absl::Duration took;
  const absl::Time began = absl::Now();
  std::thread looks([&] { took = TimeUntil(began, [&] { return nec.MayRead() == may_read; }); });
  EXPECT_TRUE(desk.SetStatus(kNec, status));
  looks.join();
  return took;
}

TEST(RevocationTest, ARemovedAuthorityIsDeniedByTheBrokerAndItsReturnTakesThatBack) {
  ASSERT_TRUE(TheDeployment().FollowDirectory().ok());
  NecAtBroker nec;
  ASSERT_TRUE(nec.MayRead());
  Note("a removed authority was denied by the broker, on its open connection,",
       Publish(directory::v1::AUTHORITY_STATUS_REMOVED, nec, false));
  EXPECT_EQ(nec.Errors(),
            (std::vector<int>{kTopicDenied, kTopicDenied, kTopicDenied, kGroupDenied}));
  Tally::Count("revocation: a removed authority at the broker", 4, 4);
  EXPECT_TRUE(TheDeployment().CheckProvisioned().ok());
  Note("its return let it in", Publish(directory::v1::AUTHORITY_STATUS_UNSPECIFIED, nec, true));

  // Its process was there all the time, and goes on where it stood.
  const auto books = CompareBooks(TheDeployment(), kLimit);
  EXPECT_TRUE(books.ok()) << books.status();
}

TEST(RevocationTest, ARightThatSomebodyGaveByHandIsTakenAway) {
  ASSERT_TRUE(TheDeployment().FollowDirectory().ok());
  const std::string topic = "exitbus.v1.handover.municipality.0183";
  const auto provisioner =
      KafkaWire::Connect(BrokerClient(TheDeployment().broker_address(), "provisioner"));
  ASSERT_TRUE(provisioner.ok()) << provisioner.status();
  ASSERT_EQ((*provisioner)->Grant("User:nec", topic).value_or(-1), kNone);
  const std::string log = TheDeployment().places().state + "/provision.log";
  Note("a right given by hand was taken away", TimeUntil(absl::Now(), [&] {
         return absl::StrContains(adapters::ReadFile(log).value_or(""),
                                  absl::StrCat("- acl User:nec may READ topic ", topic, "\n"));
       }));
  EXPECT_TRUE(TheDeployment().CheckProvisioned().ok());
}

// It reaches our topics with all others', and may be some other application's.
TEST(RevocationTest, AStrangersRightOnEveryTopicIsAnErrorAndNotOursToTake) {
  const auto provisioner =
      KafkaWire::Connect(BrokerClient(TheDeployment().broker_address(), "provisioner"));
  ASSERT_TRUE(provisioner.ok()) << provisioner.status();
  ASSERT_EQ((*provisioner)->Grant("User:stranger", "*").value_or(-1), kNone);
  TimeUntil(absl::Now(), [&] { return !TheDeployment().CheckProvisioned().ok(); });
  EXPECT_THAT(std::string(TheDeployment().CheckProvisioned().message()),
              ::testing::HasSubstr("(status 3)"));
  EXPECT_THAT(std::string(TheDeployment().Provision().message()),
              ::testing::HasSubstr("(status 1)"));
  ASSERT_EQ((*provisioner)->TakeBack("User:stranger", "*").value_or(-1), kNone);
  TimeUntil(absl::Now(), [&] { return TheDeployment().CheckProvisioned().ok(); });
  EXPECT_TRUE(TheDeployment().CheckProvisioned().ok());
}

}  // namespace
}  // namespace exitbus::story
