// A configuration that is good, with all its files. For tests.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "absl/strings/str_replace.h"
#include "adapters/directory/config.h"
#include "adapters/memory/test_folder.h"

namespace exitbus::adapters {

inline constexpr char kGood[] = R"(
authority: "municipality-0183"
kind: AUTHORITY_KIND_MUNICIPALITY
api_address: "127.0.0.1:0"
data_folder: "FOLDER/data"
directory_file: "FOLDER/directory.bin"
directory_signers: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
directory_signers: "FF0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
directory_threshold: 2
keys_file: "FOLDER/keys"
api_tls { certificate_file: "FOLDER/cert" key_file: "FOLDER/key" ca_file: "FOLDER/ca" }
kafka {
  bootstrap_servers: "localhost:9093,[::1]:9094"
  tls { certificate_file: "FOLDER/cert" key_file: "FOLDER/key" ca_file: "FOLDER/ca" }
}
)";

class ConfigFiles : public testing::Test {
 protected:
  ConfigFiles() {
    for (const char* name : {"directory.bin", "cert", "ca"}) Touch(name, 0644);
    for (const char* name : {"keys", "key"}) Touch(name, 0600);
  }
  void Touch(const std::string& name, mode_t mode) {
    const std::string path = folder_.path() + "/" + name;
    std::ofstream(path) << "x";
    chmod(path.c_str(), mode);
  }
  absl::StatusOr<config::v1::ServiceConfig> Load(const std::string& text) {
    std::ofstream(path_) << absl::StrReplaceAll(text, {{"FOLDER", folder_.path()}});
    return LoadConfig(path_);
  }
  // The good configuration with `from` replaced by `to`: what is said against it.
  std::string With(const std::string& from, const std::string& to) {
    EXPECT_THAT(std::string(kGood), testing::HasSubstr(from));
    const auto config = Load(absl::StrReplaceAll(kGood, {{from, to}}));
    EXPECT_EQ(config.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(config.status().message()), testing::HasSubstr(path_ + ": "));
    return std::string(config.status().message());
  }

  const TestFolder folder_;
  const std::string path_ = folder_.path() + "/service.textproto";
};

}  // namespace exitbus::adapters
