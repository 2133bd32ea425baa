#include "adapters/api/api_testing.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace exitbus::adapters {
namespace {

namespace fs = std::filesystem;

void Certificates(const fs::path& dir, const std::string& arguments) {
  const std::string command = "tools/certificates --dir " + dir.string() + " " + arguments;
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
}

class RemovePki final : public ::testing::Environment {
 public:
  void TearDown() override { fs::remove_all(Pki()); }
};
const auto* const kRemovePki = ::testing::AddGlobalTestEnvironment(new RemovePki);

}  // namespace

const fs::path& Pki() {
  static const fs::path dir = [] {
    std::string name = fs::temp_directory_path() / "exitbus-api-XXXXXX";
    const fs::path made = ::mkdtemp(name.data());
    Certificates(made, "init");
    Certificates(made, "issue-authority municipality-0183");
    Certificates(
        made, absl::StrCat("issue-client malformed municipality-0461.a.b ", kOurs, " ", kAnother));
    Certificates(made, std::string("--as two-names --second-name municipality-0183.a.auditor ") +
                           "issue-client " + kOurs);
    Certificates(made, std::string("--as expired --expired issue-client ") + kOurs);
    Certificates(made, std::string("--as foreign --foreign-ca issue-client ") + kOurs);
    return made;
  }();
  return dir;
}

std::string FingerprintFile(const std::string& certificate) {
  const std::string command = "openssl x509 -in " + (Pki() / (certificate + ".crt")).string() +
                              " -outform DER | openssl dgst -sha256 -r | cut -c -64";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), &::pclose);
  std::string digits(64, '\0');
  EXPECT_EQ(std::fread(digits.data(), 1, digits.size(), pipe.get()), digits.size());
  return digits;
}

void FakeHandler::Handle(Call call) {
  std::function<void(Call)> act;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    callers_.push_back(call.caller);
    act = act_;
  }
  if (act) {
    act(std::move(call));
  } else {
    Echo(std::move(call));
  }
}

std::unique_ptr<exchange::WatchSession> FakeHandler::Watch(exchange::WatchCall call) {
  WatchAct act;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    callers_.push_back(call.caller);
    act = watch_act_;
  }
  return act(std::move(call));
}

void FakeHandler::Echo(Call call) {
  auto reply = std::make_unique<EchoResponse>();
  reply->set_text(static_cast<const EchoRequest&>(*call.request).text());
  call.done({.reply = std::move(reply), .refusal = {}});
}

void FakeHandler::Do(std::function<void(Call)> act) {
  const std::lock_guard<std::mutex> lock(mutex_);
  act_ = std::move(act);
}

void FakeHandler::DoWatch(WatchAct act) {
  const std::lock_guard<std::mutex> lock(mutex_);
  watch_act_ = std::move(act);
}

std::vector<exchange::Caller> FakeHandler::callers() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return callers_;
}

}  // namespace exitbus::adapters
