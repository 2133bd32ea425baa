#include "adapters/directory/config_checks.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "adapters/directory/config.h"

namespace exitbus::adapters {
namespace {

using config::v1::ServiceConfig;
using config::v1::Tls;

constexpr std::uint32_t kRequestBytesMin = 1024;
constexpr std::uint32_t kRequestBytesMax = 4194304;
constexpr std::uint32_t kQueueLengthMax = 100000;
constexpr std::uint32_t kDescriptorsMin = 256;
constexpr std::uint32_t kDescriptorsMax = 1'000'000;
constexpr std::uint32_t kReserveMibMax = 65536;
constexpr std::uint32_t kDaysMax = 365;
constexpr std::uint32_t kArrivalHoursMax = 24;
constexpr std::int64_t kDurationSecondsMax = 24 * 60 * 60;

bool IsAddress(std::string_view address, int port_min) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view host = address.substr(0, colon);
  const bool bracketed = host.front() == '[' && host.back() == ']';
  if (!bracketed && host.find(':') != std::string_view::npos) return false;
  for (const char c : host) {
    if (absl::ascii_isspace(static_cast<unsigned char>(c)) || c == '/' || c == ',') return false;
  }
  const std::string port(address.substr(colon + 1));
  int number = 0;
  return !port.empty() && absl::ascii_isdigit(static_cast<unsigned char>(port.front())) &&
         absl::SimpleAtoi(port, &number) && number >= port_min && number <= 65535;
}

// The machine's own addresses, which nobody else reaches.
bool IsLoopback(std::string_view address) {
  const std::string_view host = address.substr(0, address.rfind(':'));
  return host == "localhost" || host == "[::1]" || host.substr(0, 4) == "127.";
}

void CheckMetricsAddress(const std::string& address, Mistakes& mistakes) {
  CheckAddress("metrics_address", address, mistakes);
  if (!IsAddress(address, 0) || IsLoopback(address)) return;
  mistakes.Add(
      "metrics_address", "\"" + address + "\" can be reached from elsewhere",
      "serve on 127.0.0.1, and put a reverse proxy with mutual TLS before it that asks for "
      "an operator's certificate");
}

void CheckTls(const std::string& field, const Tls& tls, Mistakes& mistakes) {
  CheckFile(field + ".certificate_file", tls.certificate_file(), Secrecy::kPublic, mistakes);
  CheckFile(field + ".key_file", tls.key_file(), Secrecy::kSecret, mistakes);
  CheckFile(field + ".ca_file", tls.ca_file(), Secrecy::kPublic, mistakes);
}

void CheckIdentity(const ServiceConfig& config, Mistakes& mistakes) {
  if (config.authority().empty()) {
    mistakes.Add("authority", "is missing", "name the authority as in the directory");
  }
  if (config.kind() == policy::v1::AUTHORITY_KIND_UNSPECIFIED ||
      !policy::v1::AuthorityKind_IsValid(config.kind())) {
    mistakes.Add("kind", "is missing or unknown",
                 "name one of AuthorityKind, e.g. AUTHORITY_KIND_MUNICIPALITY");
  }
}

void CheckGangList(const ServiceConfig& config, Mistakes& mistakes) {
  if (!config.has_gang_list()) return;
  if (config.kind() != policy::v1::AUTHORITY_KIND_POLICE) {
    mistakes.Add("gang_list", "is of a police unit", "leave it out");
  }
  if (!IsAddress(config.gang_list().address(), 1)) {
    mistakes.Add("gang_list.address", "is no address", "write host:port");
  }
}

void CheckCentralDecisions(const ServiceConfig& config, Mistakes& mistakes) {
  if (!config.has_central_decisions_from() && !config.has_central_decisions_until()) return;
  if (config.kind() != policy::v1::AUTHORITY_KIND_CONTACT_POINT) {
    mistakes.Add("central_decisions_from", "is of a contact point",
                 "leave it and central_decisions_until out");
  }
  if (!config.has_central_decisions_from()) {
    mistakes.Add("central_decisions_from", "is missing", "say from when, or leave both out");
  } else if (config.has_central_decisions_until() &&
             config.central_decisions_until().seconds() <=
                 config.central_decisions_from().seconds()) {
    mistakes.Add("central_decisions_until", "is not after central_decisions_from",
                 "give a later time, or leave it out");
  }
}

void CheckDataFolder(const std::string& folder, Mistakes& mistakes) {
  if (folder.empty()) {
    mistakes.Add("data_folder", "is missing", "name the folder of this authority's own files");
    return;
  }
  struct stat found {};
  if (stat(folder.c_str(), &found) == 0 && !S_ISDIR(found.st_mode)) {
    mistakes.Add("data_folder", "\"" + folder + "\" is no folder", "name a folder");
  }
}

void CheckSigners(const ServiceConfig& config, Mistakes& mistakes) {
  std::set<std::string> distinct;
  for (int i = 0; i < config.directory_signers_size(); ++i) {
    const std::string& signer = config.directory_signers(i);
    const std::string field = "directory_signers[" + std::to_string(i) + "]";
    const auto key = KeyFromHex(signer);
    if (!key) {
      mistakes.Add(field, "is no key", "write an Ed25519 public key as 64 hexadecimal digits");
    } else if (!distinct.insert(*key).second) {
      mistakes.Add(field, "is listed twice", "list each signer once");
    }
  }
  if (config.directory_signers().empty()) {
    mistakes.Add("directory_signers", "is missing", "list the keys that sign the directory");
  }
  const std::uint32_t threshold = config.directory_threshold();
  if (threshold == 0 || threshold > static_cast<std::uint32_t>(config.directory_signers_size())) {
    mistakes.Add("directory_threshold",
                 "is " + std::to_string(threshold) + " of " +
                     std::to_string(config.directory_signers_size()) + " signers",
                 "write how many of directory_signers must sign, at least 1");
  }
}

void CheckKafka(const config::v1::Kafka& kafka, Mistakes& mistakes) {
  const char* remedy = "write host:port, several with commas between";
  if (kafka.bootstrap_servers().empty()) {
    mistakes.Add("kafka.bootstrap_servers", "is missing", remedy);
  } else {
    const std::vector<std::string> servers = absl::StrSplit(kafka.bootstrap_servers(), ',');
    for (const std::string& server : servers) {
      if (IsAddress(server, 1)) continue;
      mistakes.Add("kafka.bootstrap_servers", "\"" + server + "\" is no address", remedy);
    }
  }
}

void CheckDuration(std::string_view field, const google::protobuf::Duration& duration,
                   Mistakes& mistakes) {
  if (duration.seconds() < 0 || duration.nanos() < 0 || duration.nanos() > 999'999'999 ||
      duration.seconds() > kDurationSecondsMax) {
    mistakes.Add(field, "is out of range", "write 0 to 86400 seconds");
  }
}

void CheckNumbers(const ServiceConfig& config, Mistakes& mistakes) {
  CheckNumber("limits.request_bytes_max", config.limits().request_bytes_max(), kRequestBytesMin,
              kRequestBytesMax, mistakes);
  CheckNumber("limits.queue_length_max", config.limits().queue_length_max(), 1, kQueueLengthMax,
              mistakes);
  CheckNumber("limits.descriptors_max", config.limits().descriptors_max(), kDescriptorsMin,
              kDescriptorsMax, mistakes);
  CheckNumber("limits.disk_reserve_mib", config.limits().disk_reserve_mib(), 1, kReserveMibMax,
              mistakes);
  const config::v1::Deadlines& days = config.deadlines();
  CheckNumber("deadlines.request_days", days.request_days(), 1, kDaysMax, mistakes);
  CheckNumber("deadlines.terms_days", days.terms_days(), 1, kDaysMax, mistakes);
  CheckNumber("deadlines.offer_days", days.offer_days(), 1, kDaysMax, mistakes);
  CheckNumber("deadlines.acknowledgement_days", days.acknowledgement_days(), 1, kDaysMax, mistakes);
  CheckNumber("deadlines.recall_answer_days", days.recall_answer_days(), 1, kDaysMax, mistakes);
  CheckNumber("deadlines.correction_days", days.correction_days(), 1, kDaysMax, mistakes);
  CheckNumber("deadlines.erasure_days", days.erasure_days(), 1, kDaysMax, mistakes);
  CheckNumber("deadlines.arrival_hours", days.arrival_hours(), 1, kArrivalHoursMax, mistakes);
  CheckNumber("deadlines.acceptance_days", days.acceptance_days(), 1, kDaysMax, mistakes);
  CheckNumber("deadlines.unit_answer_days", days.unit_answer_days(), 1, kDaysMax, mistakes);
  CheckDuration("unlinking_delay_max", config.unlinking_delay_max(), mistakes);
  CheckDuration("catch_up_wait_max", config.catch_up_wait_max(), mistakes);
  CheckDuration("confirm_wait_max", config.confirm_wait_max(), mistakes);
}

// Files that are read again while the service runs. Of one that ran before the last good ones are
// in force, whatever lies there now: whoever reads them says what is wrong.
void CheckFilesReadAgain(const ServiceConfig& config, Mistakes& mistakes) {
  CheckFile("directory_file", config.directory_file(), Secrecy::kPublic, mistakes);
  CheckFile("keys_file", config.keys_file(), Secrecy::kSecret, mistakes);
  CheckTls("api_tls", config.api_tls(), mistakes);
  CheckTls("kafka.tls", config.kafka().tls(), mistakes);
  if (config.has_gang_list()) CheckTls("gang_list.tls", config.gang_list().tls(), mistakes);
  if (!config.revoked_clients_file().empty()) {
    CheckFile("revoked_clients_file", config.revoked_clients_file(), Secrecy::kPublic, mistakes);
  }
}

void CheckDevelopmentClock(const ServiceConfig& config, Mistakes& mistakes) {
  if (!config.development()) {
    mistakes.Add("development_clock_file", "is for development only",
                 "remove it, or mark a configuration without real cases: development: true");
  }
  CheckFile("development_clock_file", config.development_clock_file(), Secrecy::kPublic, mistakes);
}

}  // namespace

void CheckAddress(std::string_view field, const std::string& address, Mistakes& mistakes) {
  if (IsAddress(address, 0)) return;
  mistakes.Add(field, address.empty() ? "is missing" : "\"" + address + "\" is no address",
               "write host:port, e.g. \"127.0.0.1:7443\"");
}

void CheckFile(std::string_view field, const std::string& path, Secrecy secrecy,
               Mistakes& mistakes) {
  if (path.empty()) {
    mistakes.Add(field, "is missing", "name the file");
    return;
  }
  struct stat found {};
  if (stat(path.c_str(), &found) != 0 || access(path.c_str(), R_OK) != 0) {
    mistakes.Add(field, "\"" + path + "\": " + std::strerror(errno),
                 "create the file or correct its name");
    return;
  }
  if (!S_ISREG(found.st_mode)) {
    mistakes.Add(field, "\"" + path + "\" is no regular file", "correct its name");
    return;
  }
  if (secrecy == Secrecy::kSecret && (found.st_mode & 07777) != 0600) {
    mistakes.Add(field,
                 absl::StrFormat("\"%s\" holds secrets and has mode %04o, not 0600", path,
                                 found.st_mode & 07777),
                 "run: chmod 600 " + path);
  }
}

void CheckNumber(std::string_view field, std::uint32_t number, std::uint32_t least,
                 std::uint32_t most, Mistakes& mistakes) {
  if (number >= least && number <= most) return;
  mistakes.Add(field, "is " + std::to_string(number),
               "write " + std::to_string(least) + " to " + std::to_string(most));
}

void CheckCommon(const ServiceConfig& config, Mistakes& mistakes) {
  CheckAddress("api_address", config.api_address(), mistakes);
  if (!config.metrics_address().empty()) CheckMetricsAddress(config.metrics_address(), mistakes);
  CheckDataFolder(config.data_folder(), mistakes);
  CheckSigners(config, mistakes);
  CheckKafka(config.kafka(), mistakes);
  if (!StartedBefore(config)) CheckFilesReadAgain(config, mistakes);
  CheckNumbers(config, mistakes);
  if (config.has_web()) CheckWeb(config.web(), mistakes);
  for (const auto& [field, set] :
       {std::pair{"development_reflection", config.development_reflection()},
        {"development_blind_letters_at_once", config.development_blind_letters_at_once()}}) {
    if (!set || config.development()) continue;
    mistakes.Add(field, "is for development only",
                 "remove it, or mark a configuration without real cases: development: true");
  }
}

void CheckConfig(const ServiceConfig& config, Mistakes& mistakes) {
  CheckIdentity(config, mistakes);
  CheckCentralDecisions(config, mistakes);
  CheckGangList(config, mistakes);
  CheckCommon(config, mistakes);
  CheckLaws(config, mistakes);
  CheckCasework(config, mistakes);
  if (config.has_trace() && !KeyFromHex(config.trace().console_key())) {
    mistakes.Add("trace.console_key", "is no key",
                 "write the console's public key, 64 hexadecimal digits, or leave `trace` out");
  }
  if (!config.development_clock_file().empty()) CheckDevelopmentClock(config, mistakes);
}

}  // namespace exitbus::adapters
