// Bytes that nobody of ours would send, and a row that nobody can read, at real processes: refused
// or set aside by name, and the service starts again on what it stored.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "adapters/sqlite/sqlite_store.h"
#include "services/exchange/keys.h"
#include "tests/e2e/environment.h"
#include "tests/e2e/operator.h"
#include "tests/separation/figures.h"
#include "tests/separation/forger.h"
#include "tests/separation/own_broker.h"
#include "tests/separation/tally.h"

namespace exitbus::story {
namespace {

using ::testing::HasSubstr;

constexpr char kToOdense[] = "exitbus.v1.handover.municipality.0461";

const Member& Ishoj() { return MemberNamed(kIshoj); }
const Member& Odense() { return MemberNamed(kOdense); }

std::unique_ptr<Actor> At(const Member& member) {
  auto actor = Actor::Make(member, TheDeployment().ClientOf(member));
  EXPECT_TRUE(actor.ok()) << actor.status();
  return *std::move(actor);
}

void Restart(const Member& member) {
  ASSERT_TRUE(TheDeployment().KillService(member).ok());
  ASSERT_TRUE(TheDeployment().StartService(member).ok());
  const absl::Status serving = TheDeployment().AwaitServing(member);
  ASSERT_TRUE(serving.ok()) << serving;
}

double DeadLetters(const std::string& reason) {
  return FigureOf(Odense(), "exitbus_dead_letters_total", absl::StrCat("reason=\"", reason, "\""));
}

TEST(ForeignBytesTest, OnTheBus) {
  auto wire = KafkaWire::Connect(BrokerClient(TheDeployment().broker_address(), "provisioner"));
  ASSERT_TRUE(wire.ok()) << wire.status();
  const auto odense = EntryOf(kOdense);
  const WireRecord good = SealedBy(kIshoj, *odense, LetterPacket(kIshoj, kOdense, "foreign"));
  std::vector<WireRecord> bad_headers;
  for (const char* bytes : {"S\xf8rensen", "\xff\xfe", "\xc0\xaf", "a\x1b[2J", "\n"}) {
    for (const char* name : {"ce_id", "ce_source", "content-type"}) {
      bad_headers.push_back(WithHeader(good, name, bytes));
    }
  }
  bad_headers.push_back(good);
  bad_headers.back().headers.push_back(good.headers.front());
  const double headers = DeadLetters("bad_headers");
  const double misaddressed = DeadLetters("misaddressed");
  for (const WireRecord& record : bad_headers) {
    ASSERT_TRUE((*wire)->Publish(kToOdense, record).ok());
  }
  exchange::v1::Body body;
  body.mutable_handover_recalled();
  exchange::v1::Packet nowhere;
  *nowhere.mutable_letter() =
      LetterSaying(body, kIshoj, kOdense, static_cast<policy::v1::Channel>(999), "foreign");
  ASSERT_TRUE((*wire)->Publish(kToOdense, SealedBy(kIshoj, *odense, nowhere)).ok());
  EXPECT_TRUE(Operator::Eventually([&] {
    return DeadLetters("bad_headers") == headers + static_cast<double>(bad_headers.size()) &&
           DeadLetters("misaddressed") == misaddressed + 1;
  }));

  Restart(Odense());
  const auto ishoj = At(Ishoj());
  const std::string case_id = EnrolledCase(*ishoj, "6401850001");
  const auto requested = ishoj->RequestHandover(case_id, kOdense, hv1::HANDOVER_REASON_RELOCATION);
  ASSERT_TRUE(requested.ok()) << requested.status();
  const auto arrived =
      At(Odense())->AwaitHandover(requested->handover_id(), absl::Now(), "the request is there",
                                  [](const auto& handover) { return handover.terms_size() > 0; });
  EXPECT_TRUE(arrived.ok()) << arrived.status();
  Tally::Count("bus: foreign bytes", static_cast<int>(bad_headers.size()) + 1);
}

// By an HTTP client that sends what it is given, as gRPC's own would not.
TEST(ForeignBytesTest, InMetadata) {
  const auto ishoj = At(Ishoj());
  const std::string case_id = EnrolledCase(*ishoj, "6401850002");
  const adapters::GrpcClientOptions client = TheDeployment().ClientOf(Ishoj());
  const Places& places = TheDeployment().places();
  const std::string request = places.state + "/foreign-request";
  const std::string headers = places.state + "/foreign-headers";
  // A frame, and in it an empty request.
  ASSERT_TRUE(adapters::ReplaceFile(request, std::string(5, '\0')).ok());
  const auto answer = [&](const std::vector<std::string>& metadata) {
    std::vector<std::string> command = {"curl",
                                        "--silent",
                                        "--http2",
                                        "--max-time",
                                        "20",
                                        "--cacert",
                                        client.ca_file,
                                        "--cert",
                                        client.certificate_file,
                                        "--key",
                                        client.key_file,
                                        "--header",
                                        "content-type: application/grpc",
                                        "--header",
                                        "te: trailers",
                                        "--data-binary",
                                        absl::StrCat("@", request),
                                        "--dump-header",
                                        headers,
                                        "--output",
                                        "/dev/null"};
    for (const std::string& line : metadata) {
      command.push_back("--header");
      command.push_back(line);
    }
    command.push_back(
        absl::StrCat("https://", client.address, "/exitbus.casework.v1.CaseService/ListCases"));
    const absl::Status called = RunTool(command, places.state + "/foreign-log");
    EXPECT_TRUE(called.ok()) << called;
    return adapters::ReadFile(headers).value_or("");
  };
  const std::string employee = "exitbus-employee: tester";
  const std::string purpose = "exitbus-purpose: exit-support";
  ASSERT_THAT(answer({employee, purpose}), HasSubstr("grpc-status: 0"));
  int refused = 0;
  for (const char* name : {"S\xf8rensen", "\xff\xfe", "\xc3"}) {
    EXPECT_THAT(answer({absl::StrCat("exitbus-employee: ", name), purpose}),
                HasSubstr("grpc-status: 3"));
    EXPECT_THAT(answer({employee, absl::StrCat("exitbus-purpose: ", name)}),
                HasSubstr("grpc-status: 3"));
    refused += 2;
  }
  EXPECT_THAT(answer({employee, employee, purpose}), HasSubstr("grpc-status: 3"));
  Restart(Ishoj());
  EXPECT_TRUE(ishoj->GetCase(case_id).ok());
  EXPECT_TRUE(ishoj->GetAccount(case_id).ok());
  Tally::Count("API: foreign bytes", refused + 1);
}

TEST(ForeignBytesTest, InAStoredRow) {
  const auto ishoj = At(Ishoj());
  const std::string damaged = EnrolledCase(*ishoj, "6401850003");
  const std::string other = EnrolledCase(*ishoj, "6401850004");
  ASSERT_TRUE(TheDeployment().KillService(Ishoj()).ok());
  exchange::Row row;
  const auto put = [&](const std::string& value) {
    const auto store = adapters::OpenSqliteStore(TheDeployment().places().journal(Ishoj()));
    ASSERT_TRUE(store.ok()) << store.status();
    if (row.key.empty()) {
      const auto file = (*store)->Get(
          exchange::Table::kIndex,
          exchange::IndexKey{"file", exchange::KindName{"case", damaged}.Encode()}.Encode());
      ASSERT_TRUE(file.ok() && *file);
      row.key = exchange::StateKey{"file", **file}.Encode();
      row.value = (*store)->Get(exchange::Table::kStates, row.key)->value();
    }
    ASSERT_TRUE(
        (*store)
            ->Commit(exchange::Durability::kDurable, {{exchange::Table::kStates, row.key, value}})
            .ok());
  };
  put("\xff");
  ASSERT_TRUE(TheDeployment().StartService(Ishoj()).ok());
  ASSERT_TRUE(TheDeployment().AwaitServing(Ishoj()).ok());
  EXPECT_TRUE(ishoj->GetCase(other).ok());
  EXPECT_TRUE(ishoj->RecordWithdrawal(other).ok());
  EXPECT_TRUE(absl::IsDataLoss(ishoj->GetCase(damaged).status()));
  EXPECT_EQ(FigureOf(Ishoj(), "exitbus_store_unreadable"), 1);
  ASSERT_TRUE(TheDeployment().KillService(Ishoj()).ok());
  put(row.value);
  ASSERT_TRUE(TheDeployment().StartService(Ishoj()).ok());
  ASSERT_TRUE(TheDeployment().AwaitServing(Ishoj()).ok());
  EXPECT_TRUE(ishoj->GetCase(damaged).ok());
  Tally::Count("store: a row that cannot be read", 1, 1);
}

}  // namespace
}  // namespace exitbus::story
