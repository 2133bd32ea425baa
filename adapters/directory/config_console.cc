#include "adapters/directory/config_console.h"

#include <set>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "adapters/directory/config_checks.h"
#include "adapters/directory/files.h"
#include "adapters/directory/mistakes.h"
#include "adapters/directory/text_format.h"
#include "google/protobuf/descriptor.h"
#include "services/exchange/ports/status_macros.h"
#include "services/policy/topics.h"

namespace exitbus::adapters {
namespace {

using config::v1::ConsoleConfig;
using config::v1::ServiceConfig;

constexpr std::size_t kEnvironmentBytesMax = 40;

// What is of an authority alone means nothing here, and is not passed over in silence.
void CheckFields(const ServiceConfig& service, Mistakes& mistakes) {
  static const auto* const known = new std::set<std::string_view>{"authority",
                                                                  "api_address",
                                                                  "metrics_address",
                                                                  "data_folder",
                                                                  "directory_file",
                                                                  "keys_file",
                                                                  "directory_signers",
                                                                  "directory_threshold",
                                                                  "api_tls",
                                                                  "kafka",
                                                                  "limits",
                                                                  "development_reflection",
                                                                  "development",
                                                                  "web",
                                                                  "revoked_clients_file",
                                                                  "catch_up_wait_max"};
  std::vector<const google::protobuf::FieldDescriptor*> set;
  service.GetReflection()->ListFields(service, &set);
  for (const auto* field : set) {
    if (known->contains(field->name())) continue;
    mistakes.Add(absl::StrCat("service.", field->name()), "is of an authority", "leave it out");
  }
}

}  // namespace

absl::StatusOr<ConsoleConfig> LoadConsoleConfig(const std::string& path) {
  ASSIGN_OR_RETURN(const auto text, ReadFile(path));
  ConsoleConfig config;
  Mistakes mistakes;
  if (!ParseText(text, Quoting::kAllowed, config, mistakes)) return mistakes.ToStatus(path);
  if (config.environment().empty() || config.environment().size() > kEnvironmentBytesMax) {
    mistakes.Add("environment", "is missing or too long",
                 "say in a word or two which exchange this is, e.g. \"production\"");
  }
  CheckFields(config.service(), mistakes);
  if (config.service().authority() != std::string(policy::kConsole)) {
    mistakes.Add("service.authority", "is not the console's", "write \"console\"");
  }
  FillDefaults(*config.mutable_service());
  CheckCommon(config.service(), mistakes);
  if (!mistakes.empty()) return mistakes.ToStatus(path);
  return config;
}

}  // namespace exitbus::adapters
