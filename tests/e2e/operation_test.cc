// A deployment in operation: keys renewed and retired, the directory replaced, an authority
// suspended and back, certificates renewed, a clock for development. Real processes throughout, and
// exitctl where an operator would use it. One after the other, on one deployment.
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/directory/authority_keys.h"
#include "adapters/directory/files.h"
#include "adapters/sqlite/sqlite_store.h"
#include "tests/e2e/environment.h"
#include "tests/e2e/operator.h"
#include "tests/story/books.h"

namespace exitbus::story {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const Member& Ishoj() { return MemberNamed(kIshoj); }
const Member& Odense() { return MemberNamed(kOdense); }

class OperationTest : public ::testing::Test {
 protected:
  static std::unique_ptr<Actor> At(const Member& member,
                                   absl::Duration patience = absl::Seconds(30)) {
    auto actor = Actor::Make(member, TheDeployment().ClientOf(member), patience);
    EXPECT_TRUE(actor.ok()) << actor.status();
    return *std::move(actor);
  }

  // An enrolled case at Ishøj, and a handover of it that Odense is asked for.
  std::string Enrolled() {
    static int serial = 0;
    return EnrolledCase(*ishoj_, absl::StrCat("630180", 1000 + ++serial));
  }
  absl::StatusOr<hv1::Handover> Request(const std::string& case_id) {
    return ishoj_->RequestHandover(case_id, kOdense, hv1::HANDOVER_REASON_RELOCATION);
  }
  std::string Requested() {
    const auto requested = Request(Enrolled());
    EXPECT_TRUE(requested.ok()) << requested.status();
    return requested.ok() ? requested->handover_id() : "";
  }

  void AwaitAtOdense(const std::string& handover_id) {
    const auto arrived = odense_->AwaitHandover(handover_id, absl::Now(), "the request is there",
                                                [](const auto& h) { return h.terms_size() == 1; });
    ASSERT_TRUE(arrived.ok()) << arrived.status();
  }
  void AwaitStage(Actor& actor, const std::string& handover_id, hv1::HandoverStage stage) {
    const auto arrived =
        actor.AwaitHandover(handover_id, absl::Now(), hv1::HandoverStage_Name(stage),
                            [stage](const auto& h) { return h.stage() == stage; });
    ASSERT_TRUE(arrived.ok()) << arrived.status();
  }
  static int Outbox(const Member& member) {
    const auto books = ReadBooks(TheDeployment().places().journal(member));
    EXPECT_TRUE(books.ok()) << books.status();
    return books.ok() ? books->outbox : -1;
  }

  Operator operator_;
  std::unique_ptr<Actor> ishoj_ = At(Ishoj());
  std::unique_ptr<Actor> odense_ = At(Odense());
};

TEST_F(OperationTest, KeysAreRenewedWhileAHandoverGoesOn) {
  const std::string id = Requested();
  for (const Member* member : {&Ishoj(), &Odense()}) {
    const Log log(*member);
    operator_.Exitctl({"keys", "renew", operator_.keys(*member)});
    ASSERT_TRUE(log.Await("keys.renewed"));
  }
  AwaitAtOdense(id);
  ASSERT_TRUE(odense_->AgreeTerms(id).ok());
  ASSERT_TRUE(odense_->Accept(id).ok());
  AwaitStage(*ishoj_, id, hv1::HANDOVER_STAGE_ACCEPTED);
  const Log log(Odense());
  operator_.Exitctl({"keys", "renew", operator_.keys(Odense())});
  ASSERT_TRUE(ishoj_->Offer(id, absl::Now()).ok());
  AwaitStage(*odense_, id, hv1::HANDOVER_STAGE_OFFERED);
  ASSERT_TRUE(log.Await("keys.renewed"));
  ASSERT_TRUE(odense_->TakeOver(id).ok());
  AwaitStage(*ishoj_, id, hv1::HANDOVER_STAGE_TAKEN_OVER);
  const auto books = CompareBooks(TheDeployment(), absl::Seconds(30));  // nothing dead, either
  EXPECT_TRUE(books.ok()) << books.status();
}

// As where the lock file was deleted, or the folder lies on a network.
TEST_F(OperationTest, AServiceWhoseStoreIsTakenOverRefusesAndEndsInGoodOrder) {
  const Log log(Ishoj());
  const std::string case_id = Enrolled();
  ASSERT_TRUE(adapters::OpenSqliteStore(TheDeployment().places().journal(Ishoj())).ok());
  const auto once = At(Ishoj(), absl::ZeroDuration());
  EXPECT_FALSE(once->RequestHandover(case_id, kOdense, hv1::HANDOVER_REASON_RELOCATION).ok());
  EXPECT_TRUE(log.Await("store.taken_over"));
  const absl::Time until = absl::Now() + absl::Seconds(30);
  while (TheDeployment().PidOf(Ishoj()) && absl::Now() < until) absl::SleepFor(absl::Seconds(0.1));
  ASSERT_FALSE(TheDeployment().PidOf(Ishoj())) << "it has not ended";
  ASSERT_TRUE(TheDeployment().StartService(Ishoj()).ok());
  ASSERT_TRUE(TheDeployment().AwaitServing(Ishoj()).ok());
  EXPECT_TRUE(Request(case_id).ok());
}

TEST_F(OperationTest, WhatWasSealedToADestroyedKeyOpensNoMoreAndComesAgain) {
  const auto before = adapters::LoadKeys(operator_.keys(Odense()));
  ASSERT_TRUE(before.ok()) << before.status();
  ASSERT_TRUE(TheDeployment().KillService(Odense()).ok());
  const std::string id = Requested();
  absl::SleepFor(absl::Seconds(2));  // the letters lie in Odense's topic
  operator_.Exitctl({"keys", "renew", operator_.keys(Odense())});
  absl::SleepFor(absl::Seconds(2));
  operator_.Exitctl({"keys", "retire", operator_.keys(Odense()), "--older-than", "0s"});
  const auto after = adapters::LoadKeys(operator_.keys(Odense()));
  ASSERT_TRUE(after.ok()) << after.status();
  ASSERT_EQ(after->sealing_keys_size(), 1);
  for (const auto& key : before->sealing_keys()) {
    EXPECT_NE(key.secret_key(), after->sealing_keys(0).secret_key());
  }
  const Log log(Odense());
  // Its key in the directory is gone too: it is known by its identity.
  ASSERT_TRUE(TheDeployment().StartService(Odense()).ok());
  ASSERT_TRUE(TheDeployment().AwaitServing(Odense()).ok());
  EXPECT_TRUE(log.Await("inbox.dead_letter", "key_retired"));
  AwaitAtOdense(id);
  ASSERT_TRUE(ishoj_->Recall(id).ok());
  AwaitStage(*odense_, id, hv1::HANDOVER_STAGE_RECALLED);
}

TEST_F(OperationTest, AKeysFileThatCannotBeUsedAndAnOldKeyAreAlarmedAndTheServiceGoesOn) {
  const std::string file = operator_.keys(Odense());
  const std::string good = adapters::ReadFile(file).value_or("");
  Log log(Odense());
  ASSERT_TRUE(adapters::ReplaceSecretFile(file, "nonsense").ok());
  EXPECT_TRUE(log.Await("keys.refused"));
  AwaitAtOdense(Requested());
  ASSERT_TRUE(adapters::ReplaceSecretFile(file, good).ok());
  auto old = adapters::LoadKeys(file);
  ASSERT_TRUE(old.ok()) << old.status();
  old->mutable_sealing_keys(0)->mutable_created()->set_seconds(
      absl::ToUnixSeconds(absl::Now() - absl::Hours(40 * 24)));
  ASSERT_TRUE(adapters::ReplaceKeys(file, *old).ok());
  EXPECT_TRUE(log.Await("keys.sealing_key_old"));
  ASSERT_TRUE(adapters::ReplaceSecretFile(file, good).ok());
}

TEST_F(OperationTest, ASuspendedAuthoritysLettersAreHeldAndGoOnItsReturn) {
  const std::string id = Requested();
  AwaitAtOdense(id);
  ASSERT_TRUE(operator_.SetStatus(kOdense, directory::v1::AUTHORITY_STATUS_SUSPENDED));
  EXPECT_EQ(RuleOf(Request(Enrolled()).status()), "handover.receiver_suspended");
  ASSERT_TRUE(ishoj_->Recall(id).ok());
  ASSERT_TRUE(odense_->AgreeTerms(id).ok()) << "its own API goes on";
  absl::SleepFor(absl::Seconds(8));  // longer than the first probes take
  EXPECT_GT(Outbox(Ishoj()), 0);
  EXPECT_GT(Outbox(Odense()), 0);
  EXPECT_NE(odense_->GetHandover(id)->stage(), hv1::HANDOVER_STAGE_RECALLED);

  ASSERT_TRUE(operator_.SetStatus(kOdense, directory::v1::AUTHORITY_STATUS_UNSPECIFIED));
  AwaitStage(*odense_, id, hv1::HANDOVER_STAGE_RECALLED);
  EXPECT_TRUE(operator_.Eventually([&] { return Outbox(Ishoj()) == 0 && Outbox(Odense()) == 0; }));
}

TEST_F(OperationTest, ARemovedAuthorityAnswersReadsAndChangesNothing) {
  const std::string id = Requested();
  AwaitAtOdense(id);
  ASSERT_TRUE(operator_.SetStatus(kOdense, directory::v1::AUTHORITY_STATUS_REMOVED));
  EXPECT_TRUE(odense_->GetHandover(id).ok());
  EXPECT_EQ(RuleOf(odense_->AgreeTerms(id).status()), "authority.removed");
  EXPECT_EQ(RuleOf(Request(Enrolled()).status()), "handover.receiver_removed");
  ASSERT_TRUE(ishoj_->Recall(id).ok());
  absl::SleepFor(absl::Seconds(3));
  EXPECT_GT(Outbox(Ishoj()), 0) << "kept";
  ASSERT_TRUE(operator_.SetStatus(kOdense, directory::v1::AUTHORITY_STATUS_UNSPECIFIED));
  AwaitStage(*odense_, id, hv1::HANDOVER_STAGE_RECALLED);
}

// Each of these is refused by the running service, which goes on with the one it has.
TEST_F(OperationTest, ADirectoryThatIsNotWhatItMustBeIsRefused) {
  const std::string file = TheDeployment().places().directory();
  const std::string older = adapters::ReadFile(file).value_or("");
  ASSERT_TRUE(operator_.Publish(operator_.Next()));
  const std::string good = adapters::ReadFile(file).value_or("");

  const auto refused = [&](const std::string& bytes, const std::string& why) {
    const Log log(Ishoj());
    ASSERT_TRUE(adapters::ReplaceFile(file, bytes).ok());
    EXPECT_TRUE(log.Await("directory.refused", why)) << why;
    AwaitAtOdense(Requested());
  };
  refused(older, "older than");
  refused("nonsense", "is not a signed directory");
  std::string altered = good;
  altered[altered.find("Odense")] = 'X';
  refused(altered, "altered");
  refused(operator_.Signed(operator_.Next(), {1}), "is signed by 1 of the 2");
  directory::v1::Directory expired = operator_.Next();
  expired.mutable_expires()->set_seconds(absl::ToUnixSeconds(absl::Now()) - 1);
  refused(operator_.Signed(expired, {1, 2}), "expired");

  // One that expires in use is alarmed and stays in force.
  directory::v1::Directory brief = operator_.Next();
  brief.mutable_expires()->set_seconds(absl::ToUnixSeconds(absl::Now()) + 10);
  ASSERT_TRUE(operator_.Publish(brief));
  const Log log(Ishoj());
  EXPECT_TRUE(log.Await("directory.refused", "expired"));
  AwaitAtOdense(Requested());
  ASSERT_TRUE(operator_.Publish(operator_.Next()));
}

TEST_F(OperationTest, TheDirectoryRollsToNewSigners) {
  operator_.NewSigner(4);
  directory::v1::Directory rolled = operator_.Next();
  rolled.clear_next_signers();
  rolled.add_next_signers(operator_.SignerKey(4));
  rolled.add_next_signers(operator_.SignerKey(1));
  rolled.set_next_threshold(2);
  Log refused(Ishoj());
  const std::string by_old = operator_.Signed(rolled, {1, 2});
  ASSERT_TRUE(adapters::ReplaceFile(TheDeployment().places().directory(), by_old).ok());
  EXPECT_TRUE(refused.Await("directory.refused", "those it names to sign the next version"));
  operator_.SetSigners({1, 2, 4});  // the old ones and the new one
  ASSERT_TRUE(operator_.Publish(rolled));

  const Log log(Ishoj());
  const std::string file = TheDeployment().places().directory();
  ASSERT_TRUE(adapters::ReplaceFile(file, operator_.Signed(operator_.Next(), {1, 2})).ok());
  EXPECT_TRUE(log.Await("directory.refused", "trusted signers"));
  operator_.SetSigners({1, 4});
  ASSERT_TRUE(operator_.Publish(operator_.Next()));
  // Also after a restart, though the configuration names the first signers.
  ASSERT_TRUE(TheDeployment().KillService(Ishoj()).ok());
  ASSERT_TRUE(TheDeployment().StartService(Ishoj()).ok());
  EXPECT_TRUE(TheDeployment().AwaitServing(Ishoj()).ok());
  AwaitAtOdense(Requested());
}

TEST_F(OperationTest, CertificatesAreRenewedWithoutARestart) {
  const Places& places = TheDeployment().places();
  const auto pid = TheDeployment().PidOf(Odense());
  IssueCertificate({"--as", "odense-next", "--days", "100", "issue-authority", kOdense});
  const Log log(Odense());
  for (const auto& [from, to] :
       {std::pair(places.certificate("odense-next"), places.certificate(kOdense)),
        std::pair(places.key("odense-next"), places.key(kOdense))}) {
    std::filesystem::copy_file(from, to + ".new");
    std::filesystem::rename(to + ".new", to);
  }
  EXPECT_TRUE(log.Await("bus.certificate_renewed"));
  AwaitAtOdense(Requested());
  EXPECT_TRUE(operator_.Eventually([&] {
    return operator_.ServesCertificate(TheDeployment().api_port(Odense()),
                                       places.certificate("odense-next"));
  })) << "the API shows the new one";
  EXPECT_EQ(TheDeployment().PidOf(Odense()), pid);
}

// As a service that was not restarted: alarmed, and the last good ones in force.
TEST_F(OperationTest, ARestartWithDamagedFilesGoesOnWithTheLastGoodOnes) {
  const Places& places = TheDeployment().places();
  const std::string keys = operator_.keys(Odense());
  std::map<std::string, std::string> good;
  for (const std::string& file :
       {keys, places.directory(), places.revoked_clients(Odense()), places.certificate(kOdense)}) {
    good[file] = adapters::ReadFile(file).value_or("");
    ASSERT_NE(good[file].empty(), file != places.revoked_clients(Odense()));
  }
  ASSERT_TRUE(TheDeployment().KillService(Odense()).ok());
  for (const auto& [file, bytes] : good) {
    ASSERT_TRUE((file == keys ? adapters::ReplaceSecretFile(file, "nonsense")
                              : adapters::ReplaceFile(file, "no nonsense but a bad line"))
                    .ok());
  }
  const Log log(Odense());
  ASSERT_TRUE(TheDeployment().StartService(Odense()).ok());
  ASSERT_TRUE(TheDeployment().AwaitServing(Odense()).ok());
  AwaitAtOdense(Requested());
  for (const char* event :
       {"keys.refused", "directory.refused", "revoked_clients.refused", "certificates.refused"}) {
    EXPECT_TRUE(log.Await(event)) << event;
  }
  for (const auto& [file, bytes] : good) {
    ASSERT_TRUE((file == keys ? adapters::ReplaceSecretFile(file, bytes)
                              : adapters::ReplaceFile(file, bytes))
                    .ok());
  }
}

TEST_F(OperationTest, ADevelopmentClockMovesDeadlinesAndIsRefusedInEarnest) {
  const std::string clock = TheDeployment().places().state + "/clock.textproto";
  operator_.Exitctl({"clock", "set", clock});
  const std::string file = TheDeployment().places().config(Ishoj());
  config::v1::ServiceConfig config;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(adapters::ReadFile(file).value_or(""),
                                                            &config));
  config.set_development_clock_file(clock);
  config.clear_development();
  const std::string earnest = file + ".earnest";
  ASSERT_TRUE(WriteConfig(earnest, config).ok());
  ASSERT_TRUE(TheDeployment().KillService(Ishoj()).ok());
  const absl::Status ended =
      RunTool({Deployment::Program("municipality"), "--config", earnest}, earnest + ".log");
  EXPECT_THAT(std::string(ended.message()),
              AllOf(HasSubstr("(status 2)"), HasSubstr("development_clock_file")));

  config.set_development(true);
  ASSERT_TRUE(WriteConfig(file, config).ok());
  const Log log(Ishoj());
  ASSERT_TRUE(TheDeployment().StartService(Ishoj()).ok());
  ASSERT_TRUE(TheDeployment().AwaitServing(Ishoj()).ok());
  EXPECT_TRUE(log.Await("development_clock.in_force"));
  ASSERT_TRUE(TheDeployment().KillService(Odense()).ok());
  const std::string id = Requested();
  EXPECT_FALSE(ishoj_->GetHandover(id)->escalated());
  operator_.Exitctl({"clock", "advance", clock, "--by", "20d"});
  const auto escalated = ishoj_->AwaitHandover(id, absl::Now(), "the request is overdue",
                                               [](const auto& h) { return h.escalated(); });
  EXPECT_TRUE(escalated.ok()) << escalated.status();
  operator_.Exitctl({"clock", "set", clock});
  EXPECT_TRUE(log.Await("development_clock.refused", "would set the clock back"));
  // Odense goes by the machine's clock, the bus by its own in both.
  ASSERT_TRUE(TheDeployment().StartService(Odense()).ok());
  ASSERT_TRUE(TheDeployment().AwaitServing(Odense()).ok());
  AwaitAtOdense(id);
}

}  // namespace
}  // namespace exitbus::story
