#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "adapters/directory/files.h"
#include "tests/story/certificates.h"

namespace exitbus::story {
namespace {

constexpr int kFirst = 20000;
constexpr int kLast = 31999;
constexpr int kTries = 500;

bool IsFree(int port) {
  const int probe = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound = bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(probe);
  return bound && !IsListening(port);
}

}  // namespace

// Asked of the kernel's tables, so that nobody's listener is disturbed.
bool IsListening(int port) {
  const std::string wanted = absl::StrFormat(":%04X", port);
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream rows(table);
    std::string slot, local, remote, state, rest;
    while (rows >> slot >> local >> remote >> state && std::getline(rows, rest)) {
      if (state == "0A" && local.size() > 5 && local.substr(local.size() - 5) == wanted) {
        return true;
      }
    }
  }
  return false;
}

absl::StatusOr<std::map<std::string, int>> ChoosePorts(const std::string& file,
                                                       const std::vector<std::string>& names) {
  std::map<std::string, int> kept;
  std::string name;
  for (std::ifstream lines(file); lines >> name;) lines >> kept[name];
  std::mt19937 random(std::random_device{}());
  std::uniform_int_distribution<int> any(kFirst, kLast);
  std::map<std::string, int> ports;
  std::set<int> taken;
  for (const std::string& wanted : names) {
    int port = kept.count(wanted) > 0 ? kept[wanted] : any(random);
    for (int tries = 0; taken.count(port) > 0 || !IsFree(port); ++tries) {
      if (tries == kTries) return absl::UnavailableError("found no free port");
      port = any(random);
    }
    taken.insert(port);
    ports[wanted] = port;
  }
  std::string text;
  for (const auto& [wanted, port] : ports) absl::StrAppend(&text, wanted, " ", port, "\n");
  const absl::Status written = adapters::ReplaceFile(file, text);
  if (!written.ok()) return written;
  return ports;
}

}  // namespace exitbus::story
