#include "tools/exitctl/profile.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "adapters/directory/files.h"
#include "services/exchange/ports/status_macros.h"
#include "tools/exitctl/names.h"

namespace exitbus::exitctl {
namespace {

constexpr double kTimeoutSMax = 600;

std::string Unquoted(const std::string& value) {
  const bool quoted = value.size() >= 2 && value.front() == value.back() &&
                      (value.front() == '"' || value.front() == '\'');
  return quoted ? value.substr(1, value.size() - 2) : value;
}

absl::Status NoSetting(const std::string& name) {
  std::vector<std::string> names;
  for (const Setting& setting : Settings()) names.push_back(setting.variable);
  return absl::InvalidArgumentError(
      absl::StrCat(name, " is no setting.", DidYouMean(Near(name, names))));
}

absl::Status CheckComplete(const Profile& profile) {
  // A key belongs to a certificate; employee and purpose are asked for by the service.
  for (const Setting& setting : Settings()) {
    const bool needed = setting.field == &Profile::address || setting.field == &Profile::ca ||
                        setting.field == &Profile::certificate || setting.field == &Profile::key;
    if (!needed || !(profile.*setting.field).empty()) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("whom to call is not complete: ", setting.meaning, " is missing. Say it with ",
                     setting.option, ", the environment's ", setting.variable,
                     ", or all at once with --profile", " FILE"));
  }
  return absl::OkStatus();
}

}  // namespace

const std::vector<Setting>& Settings() {
  static const auto* settings = new std::vector<Setting>{
      {"EXITBUS_ADDRESS", "--address", "the service's host:port", &Profile::address},
      {"EXITBUS_CA", "--ca", "the CA file its certificate is checked with", &Profile::ca},
      {"EXITBUS_CERT", "--cert", "your certificate file", &Profile::certificate},
      {"EXITBUS_KEY", "--key", "its private key file", &Profile::key},
      {"EXITBUS_EMPLOYEE", "--employee", "who asks", &Profile::employee},
      {"EXITBUS_PURPOSE", "--purpose", "why, e.g. exit-support", &Profile::purpose},
      {"EXITBUS_REMARK", "--remark", "what there is to say beside the purpose", &Profile::remark},
      {"EXITBUS_SERVER_NAME", "--server-name", "its name, if it is not the host in the address",
       &Profile::server_name},
  };
  return *settings;
}

absl::Status ReadProfile(const std::string& text, Profile& profile) {
  int number = 0;
  for (const std::string& raw : std::vector<std::string>(absl::StrSplit(text, '\n'))) {
    ++number;
    std::string line(absl::StripAsciiWhitespace(raw));
    if (line.empty() || line[0] == '#') continue;
    line = std::string(absl::StripPrefix(line, "export "));
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) {
      return absl::InvalidArgumentError(absl::StrCat("line ", number, " is not KEY=VALUE"));
    }
    const std::string name = line.substr(0, equals);
    const auto setting =
        std::find_if(Settings().begin(), Settings().end(),
                     [&](const Setting& candidate) { return candidate.variable == name; });
    if (setting == Settings().end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": ", std::string(NoSetting(name).message())));
    }
    profile.*setting->field = Unquoted(line.substr(equals + 1));
  }
  return absl::OkStatus();
}

absl::StatusOr<Profile> ProfileOf(const Said& said, const Environment& environment) {
  Profile profile;
  if (const auto file = said.Value("--profile")) {
    const auto text = adapters::ReadFile(*file);
    if (!text.ok()) return absl::InvalidArgumentError(text.status().message());
    if (absl::Status read = ReadProfile(*text, profile); !read.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(*file, ": ", std::string(read.message())));
    }
  }
  for (const Setting& setting : Settings()) {
    if (const char* value = environment(setting.variable)) profile.*setting.field = value;
    if (const auto value = said.Value(setting.option)) profile.*setting.field = *value;
  }
  if (const auto text = said.Value("--timeout-s")) {
    double timeout_s = 0;
    if (!absl::SimpleAtod(*text, &timeout_s) || !(timeout_s > 0 && timeout_s <= kTimeoutSMax)) {
      return absl::InvalidArgumentError("--timeout-s wants seconds, more than 0, at most 600");
    }
    profile.timeout = absl::Seconds(timeout_s);
  }
  RETURN_IF_ERROR(CheckComplete(profile));
  return profile;
}

}  // namespace exitbus::exitctl
