#include "tests/e2e/operator.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "adapters/directory/authority_keys.h"
#include "adapters/directory/files.h"
#include "adapters/sodium/sodium_crypto.h"
#include "services/exchange/hex.h"
#include "tests/e2e/environment.h"

namespace exitbus::story {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(40);
constexpr absl::Duration kLook = absl::Milliseconds(50);

std::string Text(const std::string& file) { return adapters::ReadFile(file).value_or(""); }

std::vector<int>& Signers() {
  static auto* signers = new std::vector<int>{1, 2};
  return *signers;
}

}  // namespace

Log::Log(const Member& member)
    : file_(TheDeployment().places().log(member)), from_(Text(file_).size()) {}

bool Log::Await(const std::string& event, const std::string& part) const {
  return Operator::Eventually([&] {
    for (const auto line : absl::StrSplit(Text(file_).substr(from_), '\n')) {
      const std::string text(line);
      if (text.find("\"" + event + "\"") != std::string::npos &&
          text.find(part) != std::string::npos) {
        return true;
      }
    }
    return false;
  });
}

Operator::Operator() : folder_(TheDeployment().places().state + "/operator") {
  std::filesystem::create_directories(folder_);
}

bool Operator::Eventually(const std::function<bool()>& holds) {
  const absl::Time deadline = absl::Now() + kLimit;
  while (!holds()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(kLook);
  }
  return true;
}

void Operator::Exitctl(const std::vector<std::string>& words) {
  std::vector<std::string> command = {Deployment::Program("exitctl")};
  command.insert(command.end(), words.begin(), words.end());
  const absl::Status done = RunTool(command, At("exitctl.log"));
  EXPECT_TRUE(done.ok()) << done;
}

std::string Operator::keys(const Member& member) const {
  return TheDeployment().places().Of(member) + "/keys.textproto";
}

directory::v1::Directory Operator::Next() const {
  directory::v1::SignedDirectory read;
  directory::v1::Directory directory;
  // What is in force may no longer be what lies in the services' file.
  const std::string own = Text(At("in-force"));
  EXPECT_TRUE(read.ParseFromString(own.empty() ? Text(TheDeployment().places().directory()) : own));
  EXPECT_TRUE(directory.ParseFromString(read.directory()));
  directory.set_version(directory.version() + 1);
  directory.mutable_expires()->set_seconds(absl::ToUnixSeconds(absl::Now() + absl::Hours(24)));
  return directory;
}

std::string Operator::Signed(const directory::v1::Directory& directory,
                             const std::vector<int>& signers) {
  std::string text;
  EXPECT_TRUE(google::protobuf::TextFormat::PrintToString(directory, &text));
  EXPECT_TRUE(adapters::ReplaceFile(At("entries"), text).ok());
  std::vector<std::string> words = {"directory",   "sign",  "--entries",
                                    At("entries"), "--out", At("signed")};
  for (const int signer : signers) {
    words.push_back("--signer-keys");
    words.push_back(SignerFile(signer));
  }
  Exitctl(words);
  return Text(At("signed"));
}

bool Operator::Publish(const directory::v1::Directory& directory) {
  const std::string bytes = Signed(directory, Signers());
  std::vector<Log> logs;
  for (const Member& member : Cast()) logs.emplace_back(member);
  EXPECT_TRUE(adapters::ReplaceFile(TheDeployment().places().directory(), bytes).ok());
  EXPECT_TRUE(adapters::ReplaceFile(At("in-force"), bytes).ok());
  for (const Log& log : logs) {
    if (!log.Await("directory.renewed", absl::StrCat("\"", directory.version(), "\""))) {
      return false;
    }
  }
  absl::SleepFor(absl::Seconds(1));  // the engines look each second
  return true;
}

bool Operator::SetStatus(const std::string& authority, directory::v1::AuthorityStatus status) {
  directory::v1::Directory next = Next();
  for (auto& entry : *next.mutable_authorities()) {
    if (entry.id() == authority) entry.set_status(status);
  }
  return Publish(next);
}

void Operator::SetSigners(const std::vector<int>& signers) { Signers() = signers; }

void Operator::NewSigner(int number) {
  Exitctl({"keys", "new", "--out", At(absl::StrCat("signer-", number))});
}

std::string Operator::SignerKey(int number) {
  const auto keys = adapters::LoadKeys(SignerFile(number));
  EXPECT_TRUE(keys.ok()) << keys.status();
  return keys.ok() ? keys->identity_public_key() : "";
}

// The deployment keeps its signers' bare keys; exitctl wants a keys file.
std::string Operator::SignerFile(int number) {
  const std::string file = At(absl::StrCat("signer-", number));
  if (std::filesystem::exists(file)) return file;
  const std::string secret =
      exchange::FromHex(
          Text(absl::StrCat(TheDeployment().places().state, "/signers/signer-", number, ".key")))
          .value_or("");
  adapters::SodiumRandom random;
  auto keys = adapters::NewAuthorityKeys(*adapters::MakeSodiumCrypto(), random);
  keys.set_identity_secret_key(secret);
  keys.set_identity_public_key(secret.substr(exchange::kKeyBytes));
  EXPECT_TRUE(adapters::WriteKeys(file, keys).ok());
  return file;
}

bool Operator::ServesCertificate(int port, const std::string& certificate_file) {
  const std::string log = At("certificate.log");
  const absl::Status same = RunTool(
      {"bash", "-c",
       absl::StrCat("diff <(openssl s_client -connect 127.0.0.1:", port,
                    " </dev/null 2>/dev/null | openssl x509 -noout -serial) <(openssl x509 -noout "
                    "-serial -in ",
                    certificate_file, ")")},
      log);
  return same.ok();
}

}  // namespace exitbus::story
