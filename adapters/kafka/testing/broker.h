// A real broker for a test program, started through tools/broker in a folder of its own and killed
// at the end. Internal to this folder's tests.
#pragma once

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "adapters/kafka/kafka_options.h"
#include "adapters/memory/test_folder.h"
#include "gtest/gtest.h"

namespace exitbus::adapters {

class Broker {
 public:
  Broker() { Do("start"); }
  ~Broker() { Do("kill"); }
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  // start, kill, wipe, stop
  void Do(const std::string& command) {
    Run("tools/broker --state " + folder_.path() + " " + command);
  }

  // Certificates are made as they are asked for; `arguments` as of tools/certificates.
  void Certificates(const std::string& arguments) {
    Run("tools/certificates --dir " + pki() + " " + arguments);
  }
  KafkaOptions As(const std::string& principal) {
    Certificates("issue-authority " + principal);
    return WithFiles(principal);
  }
  // With certificate files that are there already.
  KafkaOptions WithFiles(const std::string& name) const {
    std::string address;
    std::ifstream(folder_.path() + "/broker/address") >> address;
    return {.bootstrap_servers = address,
            .ca_file = pki() + "/authorities-ca.crt",
            .certificate_file = pki() + "/" + name + ".crt",
            .key_file = pki() + "/" + name + ".key",
            .client_id = name,
            .plaintext = false};
  }

 private:
  std::string pki() const { return folder_.path() + "/pki"; }
  static void Run(const std::string& command) {
    ASSERT_EQ(std::system((command + " >/dev/null").c_str()), 0) << command;
  }

  TestFolder folder_;
};

// One for all tests of the program: it takes seconds to start.
class BrokerEnvironment final : public ::testing::Environment {
 public:
  void SetUp() override { broker_ = std::make_unique<Broker>(); }
  void TearDown() override { broker_.reset(); }
  static Broker& broker() { return *broker_; }

 private:
  static inline std::unique_ptr<Broker> broker_;
};

}  // namespace exitbus::adapters
