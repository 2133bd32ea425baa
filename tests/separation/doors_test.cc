// Certificates and versions of TLS that open no door: tried at every authority's API and at the
// broker, each turned away before anything handles what it asks. And the other way round: servers
// that our clients do not talk to.
#include "tests/separation/doors.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <functional>
#include <future>

#include "absl/strings/str_cat.h"
#include "adapters/grpc/errors.h"
#include "adapters/kafka/client.h"
#include "adapters/memory/recording_telemetry.h"
#include "tests/e2e/environment.h"
#include "tests/separation/figures.h"
#include "tests/separation/own_broker.h"
#include "tests/separation/tally.h"

namespace exitbus::story {
namespace {

// A certificate that nobody must take, and how tools/certificates is asked for it.
struct Bad {
  const char* what;
  std::vector<std::string> options;
};

const Bad kBad[] = {{"self-signed", {"--self-signed"}},
                    {"of another CA of the same name", {"--foreign-ca"}},
                    {"expired", {"--expired"}},
                    {"not yet valid", {"--not-yet-valid"}},
                    {"a server's", {"--server-only"}}};

struct Version {
  const char* name;
  int number;
};
constexpr Version kOld[] = {
    {"TLS 1.0", TLS1_VERSION}, {"TLS 1.1", TLS1_1_VERSION}, {"TLS 1.2", TLS1_2_VERSION}};

std::string FileOf(const std::string& name, const Bad& bad) {
  return absl::StrCat("bad-", name, bad.options[0]);
}

// Issues all the bad ones of a name; `command` as of tools/certificates. TLS does not look at the
// name, so one is enough for all doors.
void IssueBad(const std::string& command, const std::string& name) {
  for (const Bad& bad : kBad) {
    std::vector<std::string> arguments = {"--as", FileOf(name, bad)};
    arguments.insert(arguments.end(), bad.options.begin(), bad.options.end());
    arguments.insert(arguments.end(), {command, name});
    IssueCertificate(arguments);
  }
}

double Handled() {
  double handled = 0;
  for (const Member& member : Cast()) {
    handled += FigureOf(member, "exitbus_api_calls_total", "outcome=\"handled\"");
  }
  return handled;
}

// Fails the test if it is let in.
void ExpectRefused(const std::string& surface, const std::string& what, const absl::Status& said) {
  EXPECT_EQ(said.code(), absl::StatusCode::kUnauthenticated) << what << ": " << said;
  Tally::Count(surface, 1, said.ok() ? 0 : 1);
}

constexpr char kApi[] = "API: certificate or TLS version x authority";
constexpr char kBroker[] = "broker: certificate or TLS version";

TEST(DoorsTest, NoApiTakesABadCertificateOrAnOldTls) {
  const double before = Handled();
  const std::string& name = Cast().front().client;
  IssueBad("issue-client", name);
  for (const Member& member : Cast()) {
    TlsOptions door = ApiClient(member, member.client);
    EXPECT_TRUE(KnockAtApi(door).ok()) << member.id << " lets its own system in";
    for (const Version& old : kOld) {
      door.version_max = old.number;
      ExpectRefused(kApi, member.id + ": " + old.name, KnockAtApi(door));
    }
    for (const Bad& bad : kBad) {
      ExpectRefused(kApi, absl::StrCat(member.id, ": ", bad.what),
                    KnockAtApi(ApiClient(member, FileOf(name, bad))));
    }
    ExpectRefused(kApi, member.id + ": none", KnockAtApi(ApiClient(member, "")));
    for (const char* other_ca : {"broker", "provisioner"}) {
      ExpectRefused(kApi, absl::StrCat(member.id, ": ", other_ca),
                    KnockAtApi(ApiClient(member, other_ca)));
    }
    ExpectRefused(kApi, member.id + ": an authority's", KnockAtApi(ApiClient(member, member.id)));
  }
  EXPECT_EQ(Handled(), before) << "no call was handled";
}

TEST(DoorsTest, NoApiTakesAnothersNameOrANameThatIsNone) {
  // An authority that is none, an authority's own name, a part too few and a part too many.
  const std::vector<std::string> none = {"municipality-0999.casesystem.exit-coordinator",
                                         "municipality-0183", "municipality-0183.casesystem",
                                         "municipality-0183.casesystem.exit-coordinator.more"};
  std::vector<std::string> arguments = {"issue-client"};
  arguments.insert(arguments.end(), none.begin() + 2, none.end());
  IssueCertificate(arguments);
  IssueCertificate({"issue-client", none[0]});
  IssueCertificate({"--as", "client-of-authoritys-name", "issue-client", none[1]});
  const double before = Handled();
  for (const Member& member : Cast()) {
    const auto expect_refused = [&](const std::string& name, absl::StatusCode code,
                                    const std::string& rule) {
      const absl::Status said = AskApi(member, *ClientWith(member, name));
      const adapters::CallError error = adapters::ErrorOf(said);
      EXPECT_EQ(error.code, code) << name << " at " << member.id << ": " << said;
      EXPECT_EQ(error.reason, rule) << name << " at " << member.id << ": " << said;
      Tally::Count("API: certificate's name x authority", 1, said.ok() ? 0 : 1);
    };
    for (const std::string& name : {std::string("client-of-authoritys-name"), none[2], none[3]}) {
      expect_refused(name, absl::StatusCode::kUnauthenticated, "caller.malformed_certificate_name");
    }
    std::vector<std::string> others = {none[0]};
    for (const Member& other : Cast()) {
      if (other.id != member.id) others.push_back(other.client);
    }
    for (const std::string& name : others) {
      expect_refused(name, absl::StatusCode::kPermissionDenied, "caller.wrong_authority");
    }
  }
  EXPECT_EQ(Handled(), before) << "no call was handled";
  EXPECT_TRUE(AskApi(Cast().front(), *ClientWith(Cast().front(), Cast().front().client)).ok());
  EXPECT_EQ(Handled(), before + 1) << "and the figure counts those that are";
}

TEST(DoorsTest, TheBrokerTakesNoBadCertificateAndNoOldTls) {
  const std::string address = TheDeployment().broker_address();
  IssueBad("issue-authority", kNec);
  TlsOptions door = BrokerClient(address, kNec);
  EXPECT_TRUE(KnockAtBroker(door).ok()) << "an authority is let in";
  for (const Version& old : kOld) {
    door.version_max = old.number;
    ExpectRefused(kBroker, old.name, KnockAtBroker(door));
  }
  for (const Bad& bad : kBad) {
    ExpectRefused(kBroker, bad.what, KnockAtBroker(BrokerClient(address, FileOf(kNec, bad))));
  }
  TlsOptions nobody = BrokerClient(address, kNec);
  nobody.certificate_file.clear();
  ExpectRefused(kBroker, "none", KnockAtBroker(nobody));
  ExpectRefused(kBroker, "a client system's",
                KnockAtBroker(BrokerClient(address, MemberNamed(kNec).client)));
}

// What our two clients make of a server with this certificate.
bool GrpcTakes(const std::string& certificate, int version_max = 0) {
  FakeServer server(kApiHost, certificate, version_max);
  adapters::GrpcClientOptions options = TheDeployment().ClientOf(MemberNamed(kNec));
  options.address = server.address();
  const auto client = adapters::GrpcClient::Make(options);
  EXPECT_TRUE(client.ok()) << client.status();
  EXPECT_FALSE(AskApi(MemberNamed(kNec), **client, absl::Seconds(2)).ok());
  return server.IsTaken();
}

bool KafkaTakes(const std::string& certificate) {
  FakeServer server(kBrokerHost, certificate);
  adapters::RecordingTelemetry telemetry;
  const Places& places = TheDeployment().places();
  const auto client = adapters::NewClient({server.address(), places.authorities_ca(),
                                           places.certificate(kNec), places.key(kNec), kNec, false},
                                          adapters::ClientRole::kControl, &telemetry);
  EXPECT_TRUE(client.ok()) << client.status();
  const struct rd_kafka_metadata* metadata = nullptr;
  EXPECT_NE(rd_kafka_metadata(client->get(), 0, nullptr, &metadata, 500),
            RD_KAFKA_RESP_ERR_NO_ERROR);
  return server.IsTaken();
}

constexpr char kServers[] = "clients: server's certificate x gRPC, Kafka";

using Takes = std::function<bool(const std::string&)>;

// A client with one server, tried beside the others: a client that is turned away tries again for a
// while.
struct Meeting {
  std::string server;  // its certificate
  bool good;
  std::future<bool> taken;
};

// The server's own certificate, and the bad ones of its name.
std::vector<Meeting> MeetServersOf(const std::string& name, const Takes& takes) {
  const std::string client_only = "bad-client-only-" + name;
  IssueCertificate({"--as", client_only, "--client-only", "issue-authority", name});
  IssueBad("issue-authority", name);
  std::vector<std::string> servers = {name, client_only, MemberNamed(kNec).client};
  for (const Bad& bad : kBad) {
    if (bad.options[0] != "--server-only") servers.push_back(FileOf(name, bad));
  }
  std::vector<Meeting> meetings;
  for (const std::string& server : servers) {
    meetings.push_back({server, server == name, std::async(std::launch::async, takes, server)});
  }
  return meetings;
}

TEST(DoorsTest, OurClientsTakeNoServerThatIsNone) {
  const Takes grpc = [](const std::string& server) { return GrpcTakes(server); };
  std::vector<Meeting> meetings = MeetServersOf(kNec, grpc);
  meetings.push_back({"another authority's", false, std::async(std::launch::async, grpc, kIshoj)});
  for (Meeting& meeting : MeetServersOf("broker", KafkaTakes)) {
    meetings.push_back(std::move(meeting));
  }
  meetings.push_back({"an authority posing as the broker", false,
                      std::async(std::launch::async, KafkaTakes, kNec)});
  auto old_tls = std::async(std::launch::async, GrpcTakes, kNec, TLS1_2_VERSION);
  for (Meeting& meeting : meetings) {
    const bool taken = meeting.taken.get();
    EXPECT_EQ(taken, meeting.good) << meeting.server;
    if (!meeting.good) Tally::Count(kServers, 1, taken ? 0 : 1);
  }
  EXPECT_FALSE(old_tls.get());
  Tally::Count("clients: server of an old TLS", 1, 1);
}

}  // namespace
}  // namespace exitbus::story
