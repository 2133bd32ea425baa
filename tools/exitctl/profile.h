// Whom to call, and as whom: from a file, the environment and options, each overriding the former.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/exitctl/said.h"

namespace exitbus::exitctl {

struct Profile {
  std::string address;  // host:port
  std::string ca;       // files, PEM
  std::string certificate;
  std::string key;
  std::string employee;     // who is at the screen
  std::string purpose;      // why the data are looked at
  std::string remark;       // and what there is to say beside that
  std::string server_name;  // of the server's certificate, where it is not the host in `address`
  absl::Duration timeout = absl::Seconds(10);
};

// A setting's name in a profile and in the environment, as an option, and where it goes.
struct Setting {
  std::string variable;
  std::string option;
  std::string meaning;
  std::string Profile::*field;
};
const std::vector<Setting>& Settings();

// KEY=VALUE lines as a shell reads them: "export ", quotes around the value, "#" comments and empty
// lines may be. INVALID_ARGUMENT: another line, or a name that is no setting.
absl::Status ReadProfile(const std::string& text, Profile& profile);

// Null: not set.
using Environment = std::function<const char*(const std::string& variable)>;

// From --profile, the environment and the options. INVALID_ARGUMENT: a file that cannot be read, or
// what is missing for a call, and how to say it.
absl::StatusOr<Profile> ProfileOf(const Said& said, const Environment& environment);

}  // namespace exitbus::exitctl
