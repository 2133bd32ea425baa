// The part of a configuration that is about the web gateway.
#include <sys/stat.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "adapters/directory/config_checks.h"

namespace exitbus::adapters {
namespace {

constexpr std::uint32_t kConnectionsMax = 2000;
constexpr std::int64_t kSessionSecondsMin = 60;
constexpr std::int64_t kSessionSecondsMax = 24 * 60 * 60;

void CheckLogin(const config::v1::Login& login, Mistakes& mistakes) {
  if (login.issuer().empty()) {
    mistakes.Add("web.login.issuer", "is missing", "write \"iss\" of the provider's tokens");
  }
  if (login.audience().empty()) {
    mistakes.Add("web.login.audience", "is missing", "write what the provider calls this service");
  }
  if (login.key_files().empty()) {
    mistakes.Add("web.login.key_files", "is missing", "name the provider's public key in PEM");
  }
  for (int i = 0; i < login.key_files_size(); ++i) {
    CheckFile(absl::StrCat("web.login.key_files[", i, "]"), login.key_files(i), Secrecy::kPublic,
              mistakes);
  }
  const std::int64_t seconds = login.session_max().seconds();
  if (seconds < kSessionSecondsMin || seconds > kSessionSecondsMax) {
    mistakes.Add("web.login.session_max", "is out of range", "write 60 to 86400 seconds");
  }
}

}  // namespace

void CheckWeb(const config::v1::Web& web, Mistakes& mistakes) {
  CheckAddress("web.address", web.address(), mistakes);
  CheckNumber("web.connections_max", web.connections_max(), 1, kConnectionsMax, mistakes);
  if (web.has_login()) CheckLogin(web.login(), mistakes);
  if (web.files_folder().empty()) return;
  struct stat found {};
  if (stat(web.files_folder().c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) {
    mistakes.Add("web.files_folder", absl::StrCat("\"", web.files_folder(), "\" is no folder"),
                 "name the folder of the pages, or leave it out");
  }
}

}  // namespace exitbus::adapters
