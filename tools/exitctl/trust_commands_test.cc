#include "tools/exitctl/trust_commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "absl/strings/escaping.h"
#include "adapters/directory/authority_keys.h"
#include "adapters/directory/files.h"
#include "adapters/directory/signed_directory.h"
#include "adapters/memory/test_folder.h"
#include "adapters/sodium/sodium_crypto.h"
#include "tools/exitctl/run.h"

namespace exitbus::exitctl {
namespace {

using testing::HasSubstr;

class TrustTest : public testing::Test {
 protected:
  int Run(const std::vector<std::string>& arguments) {
    out_.str("");
    err_.str("");
    return exitctl::Run(arguments, [](const std::string&) { return nullptr; }, {in_, out_, err_});
  }

  std::string At(const std::string& name) const { return folder_.path() + "/" + name; }

  // The lines an operator copies into an entry, as they were printed.
  std::string NewKeys(const std::string& name) {
    EXPECT_EQ(Run({"keys", "new", "--out", At(name)}), kDone) << err_.str();
    const std::string printed = out_.str();
    return printed.substr(printed.find("  identity_key:"));
  }

  void WriteEntries(const std::string& signer_line, const std::string& authority_lines) {
    const std::string key = signer_line.substr(signer_line.find('"'));
    ASSERT_TRUE(adapters::ReplaceFile(
                    At("entries"),
                    "version: 1 expires { seconds: 4000000000 } next_threshold: 1\nnext_signers: " +
                        key.substr(0, key.find('\n')) +
                        "\nauthorities { id: \"nec\" kind: AUTHORITY_KIND_NEC name: \"NEC\" "
                        "code: \"national\"\n" +
                        authority_lines + "}\n")
                    .ok());
  }

  const adapters::TestFolder folder_;
  std::istringstream in_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(TrustTest, NewKeysAreTheFilesAndNeverOverwrite) {
  NewKeys("keys");
  const auto keys = adapters::LoadKeys(At("keys"));
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_THAT(out_.str(), HasSubstr(absl::BytesToHexString(keys->identity_public_key())));
  EXPECT_THAT(out_.str(), HasSubstr(absl::BytesToHexString(keys->sealing_keys(0).public_key())));
  EXPECT_EQ(out_.str().find(absl::BytesToHexString(keys->master_key())), std::string::npos);
  EXPECT_EQ(Run({"keys", "new", "--out", At("keys")}), kRefused);
  EXPECT_EQ(Run({"keys", "new"}), kMisuse);
}

TEST_F(TrustTest, ADirectoryIsSignedShownAndAccepted) {
  const std::string signer = NewKeys("signer");
  NewKeys("second");
  WriteEntries(signer, NewKeys("nec"));
  ASSERT_EQ(Run({"directory", "sign", "--entries", At("entries"), "--signer-keys", At("signer"),
                 "--out", At("directory")}),
            kDone)
      << err_.str();
  ASSERT_EQ(Run({"directory", "countersign", At("directory"), "--signer-keys", At("second"),
                 "--out", At("directory")}),
            kDone)
      << err_.str();
  ASSERT_EQ(Run({"directory", "show", At("directory")}), kDone) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("version 1"));
  EXPECT_THAT(out_.str(), HasSubstr("nec"));

  adapters::DirectoryTrust trust{{}, 2};
  for (const char* name : {"signer", "second"}) {
    trust.signers.push_back(adapters::LoadKeys(At(name))->identity_public_key());
    EXPECT_THAT(out_.str(),
                HasSubstr("  signed by " + absl::BytesToHexString(trust.signers.back())));
  }
  const auto accepted = adapters::VerifyDirectory(*adapters::MakeSodiumCrypto(),
                                                  *adapters::ReadFile(At("directory")), trust);
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_EQ(accepted->authorities(0).identity_key(),
            adapters::LoadKeys(At("nec"))->identity_public_key());
}

TEST_F(TrustTest, AnAlteredDirectoryIsShownAsSuch) {
  const std::string signer = NewKeys("signer");
  WriteEntries(signer, NewKeys("nec"));
  ASSERT_EQ(Run({"directory", "sign", "--entries", At("entries"), At("signer"), "--out",
                 At("directory")}),
            kDone)
      << err_.str();
  std::string bytes = *adapters::ReadFile(At("directory"));
  bytes.replace(bytes.find("NEC"), 3, "XXX");
  ASSERT_TRUE(adapters::ReplaceFile(At("directory"), bytes).ok());
  EXPECT_EQ(Run({"directory", "show", At("directory")}), kRefused);
  EXPECT_THAT(out_.str(), HasSubstr("WRONG SIGNATURE"));
}

TEST_F(TrustTest, MistakesInEntriesAreNamed) {
  NewKeys("signer");
  ASSERT_TRUE(adapters::ReplaceFile(At("entries"), "version: 1 nonsense: 2").ok());
  EXPECT_EQ(Run({"directory", "sign", "--entries", At("entries"), "--signer-keys", At("signer"),
                 "--out", At("directory")}),
            kRefused);
  EXPECT_THAT(err_.str(), HasSubstr("nonsense"));
  EXPECT_TRUE(absl::IsNotFound(adapters::ReadFile(At("directory")).status()));
  EXPECT_EQ(Run({"directory", "sign", "--entries", At("entries"), "--out", At("d")}), kMisuse);
  EXPECT_EQ(Run({"directory", "burn"}), kMisuse);
}

}  // namespace
}  // namespace exitbus::exitctl
