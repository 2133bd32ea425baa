#include "adapters/system/supervisor.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <string>

#include "adapters/memory/test_folder.h"

namespace exitbus::adapters {
namespace {

// The supervisor's end: a datagram socket, named by the environment.
class SupervisorTest : public testing::Test {
 protected:
  SupervisorTest() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = folder_.path() + "/notify";
    EXPECT_LT(path.size(), sizeof address.sun_path);
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ~SupervisorTest() override {
    unsetenv("NOTIFY_SOCKET");
    close(socket_);
  }

  // What was told, each once; empty: nothing more.
  std::string Told() const {
    std::array<char, 256> text{};
    const ssize_t size = recv(socket_, text.data(), text.size(), MSG_DONTWAIT);
    return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : "";
  }

 private:
  const TestFolder folder_;
  const int socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

TEST_F(SupervisorTest, IsToldWhereItAsks) {
  TellSupervisorServing();
  TellSupervisorEnding();
  EXPECT_EQ(Told(), "READY=1");
  EXPECT_EQ(Told(), "STOPPING=1");
  unsetenv("NOTIFY_SOCKET");
  TellSupervisorServing();
  EXPECT_EQ(Told(), "");
}

}  // namespace
}  // namespace exitbus::adapters
