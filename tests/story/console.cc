#include "tests/story/console.h"

#include <filesystem>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "adapters/directory/authority_keys.h"
#include "adapters/sodium/sodium_crypto.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/story/deployment.h"

namespace exitbus::story {
namespace {

constexpr char kPages[] = "/build/pages/dist";  // where tools/pages built them

}  // namespace

const Member& ConsoleMember() {
  static const auto* const member = new Member{.id = "console",
                                               .kind = {},
                                               .name = "the exchange's console",
                                               .code = "",
                                               .district = "",
                                               .nickname = "console",
                                               .binary = "console",
                                               .client = "console.web.exchange-operator",
                                               .employee = "exchange-operator-1",
                                               .purpose = "operation"};
  return *member;
}

std::string OperatorOf(const Member& member) {
  return absl::StrCat("console.", member.id, ".authority-operator");
}

std::vector<std::string> ConsoleClients() {
  std::vector<std::string> clients = {ConsoleMember().client, kObserver};
  for (const Member& member : Cast()) clients.push_back(OperatorOf(member));
  return clients;
}

absl::StatusOr<std::string> MakeConsoleKeys(const Places& places) {
  const std::string folder = places.Of(ConsoleMember());
  std::error_code error;
  std::filesystem::create_directories(folder + "/data", error);
  if (error) return absl::UnavailableError(folder + ": " + error.message());
  const std::string file = folder + "/keys.textproto";
  if (!std::filesystem::exists(file, error)) {
    const auto crypto = adapters::MakeSodiumCrypto();
    adapters::SodiumRandom random;
    RETURN_IF_ERROR(adapters::WriteKeys(file, adapters::NewAuthorityKeys(*crypto, random)));
  }
  ASSIGN_OR_RETURN(const auto keys, adapters::LoadKeys(file));
  return absl::BytesToHexString(keys.sealing_keys(0).public_key());
}

config::v1::ConsoleConfig ConsoleConfigOf(const Places& places,
                                          const std::vector<std::string>& signers,
                                          const std::string& broker, int api_port, int web_port,
                                          int metrics_port) {
  config::v1::ConsoleConfig config;
  config.set_environment("demo");
  config::v1::ServiceConfig& service = *config.mutable_service();
  service = ConfigOf(places, ConsoleMember(), signers, broker, api_port, metrics_port);
  // What an authority has and a console has not.
  service.clear_kind();
  service.clear_municipal_exit_opens();
  service.clear_unlinking_delay_max();
  service.clear_revoked_clients_file();
  service.clear_confirm_wait_max();
  service.clear_development_blind_letters_at_once();
  service.clear_development_clock_file();
  service.mutable_web()->set_address(absl::StrCat("127.0.0.1:", web_port));
  std::error_code ignored;
  if (const std::string pages = Deployment::Source() + kPages;
      std::filesystem::is_directory(pages, ignored)) {
    service.mutable_web()->set_files_folder(pages);
  }
  return config;
}

}  // namespace exitbus::story
