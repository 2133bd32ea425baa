#!/usr/bin/env bash
# The HTTP server under prometheus-cpp's Exposer (civetweb) looks for the order to stop only when somebody connects or
# two seconds are over. So who takes an Exposer down that has begun to listen waits up to two seconds in its
# destructor. Beside it, the same while somebody connects.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
version() { dpkg-query -W -f '${Version}' "$1"; }
finding "prometheus-cpp $(version prometheus-cpp-dev) with civetweb $(version libcivetweb-dev) of Debian" \
  'waits up to two seconds in the destructor of an Exposer to which nobody connects'
cat >"$work/stop.cc" <<'END'
#include <arpa/inet.h>
#include <prometheus/exposer.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

void Connect(int port) {
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  (void)connect(client, reinterpret_cast<sockaddr*>(&to), sizeof to);
  close(client);
}

// In whole seconds, rounded.
int SecondsToStop(bool somebody_connects) {
  auto exposer = std::make_unique<prometheus::Exposer>("127.0.0.1:0");
  const int port = exposer->GetListeningPorts().front();
  std::atomic<bool> done = false;
  std::thread other([&] {
    while (somebody_connects && !done) {
      Connect(port);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));  // it has begun to listen
  const auto begin = std::chrono::steady_clock::now();
  exposer.reset();
  const auto took = std::chrono::steady_clock::now() - begin;
  done = true;
  other.join();
  return (std::chrono::duration_cast<std::chrono::milliseconds>(took).count() + 500) / 1000;
}

int main() {
  std::cout << "seconds alone: " << SecondsToStop(false) << ", while somebody connects: " << SecondsToStop(true);
}
END
quietly g++ -std=c++17 -o "$work/stop" "$work/stop.cc" -lprometheus-cpp-pull -lprometheus-cpp-core -lpthread
holds "$("$work/stop")" '^seconds alone: 2, while somebody connects: 0$'
