// exitbus-provision: topics and access list at the broker, from a signed directory. Safe to repeat,
// and to be run with the services running, as after a broker was wiped; or all the time, so that
// the broker follows the directory.
#include <getopt.h>

#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "adapters/sodium/sodium_crypto.h"
#include "adapters/system/json_telemetry.h"
#include "adapters/system/stop_signal.h"
#include "adapters/system/system_clock.h"
#include "adapters/system/version.h"
#include "services/exchange/ports/status_macros.h"
#include "tools/provision/provision.h"

namespace {

using namespace exitbus;  // main wires, and names things from everywhere

constexpr char kUsage[] =
    R"(exitbus-provision --directory FILE --signer HEX [--signer HEX ...] [--threshold N]
                  --broker HOST:PORT --ca FILE --certificate FILE --key FILE
                  [--replicas N] [--operator PRINCIPAL ...] [--console] [--dry-run | --follow]
exitbus-provision --version

Gives the broker the topics and the access list that the policy says for the authorities of a
signed directory, and prints what was different: + was missing, ~ is set otherwise, - should not
be there. What it cannot mend is an error and begins with !: a topic with other partitions or
replicas, and another application's right that reaches topics or groups of exitbus ("*", a prefix,
the cluster). Rights that reach nothing of exitbus' are left alone.

  --signer       Ed25519 public key, in hexadecimal, that signs the directory
  --threshold    how many of the signers must have signed; all of them if left out
  --certificate  the provisioner's; --key its private key, --ca the broker's CA (all PEM)
  --replicas     of each topic; 3 is usual, 1 (the default) is for a cluster of one broker
  --operator     a principal that runs the cluster, e.g. User:cluster-admin, and the provisioner's
                 own if its rights are listed: what it may do is neither altered nor an error
  --console      the exchange has a console: each authority gets a trace topic that it alone writes,
                 and "User:console" reads those and sees how far the others reach. Without it nobody
                 has any of this
  --dry-run      only shows
  --follow       goes on until ended by SIGTERM or SIGINT: every 5 s it reads the directory again
                 and makes the broker what it says, so that a removed authority is denied everything
                 and a wiped broker gets its topics back. What cannot be done is said and tried
                 again. A terminal that hangs up does not end it (SIGHUP), and nothing needs one.

exit: 0 the broker is as it should be (now); 1 an error, or something that cannot be mended;
2 misuse; 3 a dry run found differences
)";

constexpr int kReplicasMax = 100;
constexpr char kPrincipal[] = "User:";
constexpr char kEverybody[] = "User:*";
constexpr absl::Duration kLook = absl::Seconds(5);

enum Exit { kDone = 0, kError = 1, kMisuse = 2, kDifferent = 3 };

struct Options {
  std::map<std::string, std::string> values;  // by the option's name
  std::vector<std::string> signers;
  std::vector<std::string> operators;
  bool console = false;
  bool dry_run = false;
  bool follow = false;
};

// False: a misuse, which getopt has named.
bool Parse(int argc, char** argv, Options& options) {
  constexpr option kOptions[] = {{"directory", required_argument, nullptr, 'v'},
                                 {"signer", required_argument, nullptr, 's'},
                                 {"threshold", required_argument, nullptr, 'v'},
                                 {"replicas", required_argument, nullptr, 'v'},
                                 {"operator", required_argument, nullptr, 'o'},
                                 {"broker", required_argument, nullptr, 'v'},
                                 {"ca", required_argument, nullptr, 'v'},
                                 {"certificate", required_argument, nullptr, 'v'},
                                 {"key", required_argument, nullptr, 'v'},
                                 {"console", no_argument, nullptr, 'c'},
                                 {"dry-run", no_argument, nullptr, 'd'},
                                 {"follow", no_argument, nullptr, 'f'},
                                 {nullptr, 0, nullptr, 0}};
  int index = 0;
  for (int found; (found = getopt_long(argc, argv, "", kOptions, &index)) != -1;) {
    if (found == 's') {
      options.signers.push_back(optarg);
    } else if (found == 'o') {
      options.operators.push_back(optarg);
    } else if (found == 'c') {
      options.console = true;
    } else if (found == 'd') {
      options.dry_run = true;
    } else if (found == 'f') {
      options.follow = true;
    } else if (found == 'v') {
      options.values[kOptions[index].name] = optarg;
    } else {
      return false;
    }
  }
  for (const char* needed : {"directory", "broker", "ca", "certificate", "key"}) {
    if (options.values.count(needed) > 0) continue;
    std::cerr << "exitbus-provision: --" << needed << " is missing\n";
    return false;
  }
  return optind == argc && !(options.dry_run && options.follow);
}

adapters::KafkaOptions BrokerFrom(const Options& options) {
  adapters::KafkaOptions broker;
  broker.bootstrap_servers = options.values.at("broker");
  broker.ca_file = options.values.at("ca");
  broker.certificate_file = options.values.at("certificate");
  broker.key_file = options.values.at("key");
  broker.client_id = "provisioner";
  return broker;
}

absl::StatusOr<adapters::KafkaCluster> ClusterFrom(const Options& options) {
  adapters::KafkaCluster cluster;
  const auto replicas = options.values.find("replicas");
  if (replicas != options.values.end() &&
      (!absl::SimpleAtoi(replicas->second, &cluster.replicas) || cluster.replicas < 1 ||
       cluster.replicas > kReplicasMax)) {
    return absl::InvalidArgumentError(absl::StrCat("--replicas must be from 1 to ", kReplicasMax));
  }
  for (const std::string& principal : options.operators) {
    if (!principal.starts_with(kPrincipal) || principal == kEverybody) {
      return absl::InvalidArgumentError(
          "--operator must be one principal, e.g. User:cluster-admin");
    }
    cluster.operators.insert(principal);
  }
  return cluster;
}

void Print(const std::vector<std::string>& lines, std::ostream& out) {
  for (const std::string& line : lines) out << line << "\n";
  out.flush();
}

// Until it is ended. The same complaint is made once, not every few seconds.
absl::StatusOr<adapters::KafkaDifference> Follow(const provision::Source& source,
                                                 adapters::KafkaAdmin& admin) {
  ASSIGN_OR_RETURN(auto follower, provision::Follower::Open(source, &admin));
  std::string complaint;
  while (true) {
    const auto difference = follower->Look();
    const std::string said = difference.ok()
                                 ? absl::StrJoin(provision::DescribeErrors(*difference), "\n")
                                 : std::string(difference.status().message());
    if (said != complaint) {
      std::cerr << "exitbus-provision: " << (said.empty() ? "all is well again" : said)
                << std::endl;
    }
    complaint = said;
    if (difference.ok()) Print(provision::Describe(*difference), std::cout);
    absl::SleepFor(kLook);
  }
}

absl::StatusOr<adapters::KafkaDifference> Run(const Options& options) {
  const adapters::SystemClock clock;
  adapters::JsonTelemetryOptions log;
  log.service = "provision";
  log.least = exchange::Severity::kWarning;
  adapters::JsonTelemetry telemetry(log, &clock);
  const auto crypto = adapters::MakeSodiumCrypto();

  const auto threshold = options.values.find("threshold");
  ASSIGN_OR_RETURN(auto trust,
                   adapters::TrustSaid(options.signers,
                                       threshold == options.values.end() ? "" : threshold->second));
  const provision::Source source = {options.values.at("directory"), trust, crypto.get(), &clock,
                                    options.console};
  ASSIGN_OR_RETURN(auto authorities, provision::ReadAuthorities(source));
  ASSIGN_OR_RETURN(auto cluster, ClusterFrom(options));
  ASSIGN_OR_RETURN(auto admin,
                   adapters::KafkaAdmin::Make(BrokerFrom(options), &telemetry, std::move(cluster)));
  if (options.follow) {
    adapters::IgnoreOtherSignals();
    return Follow(source, *admin);
  }
  return provision::Provision(authorities, options.console, options.dry_run, *admin);
}

}  // namespace

int main(int argc, char** argv) {
  if (adapters::PrintedVersion(argc, argv, "exitbus-provision")) return 0;
  Options options;
  if (!Parse(argc, argv, options)) {
    std::cerr << kUsage;
    return kMisuse;
  }
  auto difference = Run(options);
  if (!difference.ok()) {
    std::cerr << "exitbus-provision: " << std::string(difference.status().message()) << "\n";
    return kError;
  }
  Print(provision::Describe(*difference), std::cout);
  Print(provision::DescribeErrors(*difference), std::cerr);
  if (options.dry_run) return difference->empty() ? kDone : kDifferent;
  return difference->has_errors() ? kError : kDone;
}
