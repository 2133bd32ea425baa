#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/directory/authority_keys.h"
#include "adapters/directory/development_clock.h"
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
    ASSERT_TRUE(
        adapters::ReplaceFile(
            At("entries"), absl::StrCat("version: 1 expires { seconds: ",
                                        absl::ToUnixSeconds(absl::Now() + absl::Hours(24 * 90)),
                                        " } next_threshold: 1\nnext_signers: ") +
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

TEST_F(TrustTest, SealingKeysAreRenewedAndRetired) {
  NewKeys("keys");
  const auto before = adapters::LoadKeys(At("keys"));
  ASSERT_EQ(Run({"keys", "renew", At("keys")}), kDone) << err_.str();
  const auto renewed = adapters::LoadKeys(At("keys"));
  ASSERT_TRUE(renewed.ok()) << renewed.status();
  EXPECT_EQ(renewed->identity_secret_key(), before->identity_secret_key());
  ASSERT_EQ(renewed->sealing_keys_size(), 2);
  EXPECT_EQ(renewed->sealing_keys(1).secret_key(), before->sealing_keys(0).secret_key());
  EXPECT_THAT(out_.str(), HasSubstr(absl::BytesToHexString(renewed->sealing_keys(0).public_key())));
  ASSERT_EQ(Run({"keys", "retire", At("keys")}), kDone) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("0 destroyed, 2 left")) << "8 days have not passed";
  absl::SleepFor(absl::Seconds(2));
  ASSERT_EQ(Run({"keys", "retire", At("keys"), "--older-than", "0s"}), kDone) << err_.str();
  const auto retired = adapters::LoadKeys(At("keys"));
  ASSERT_EQ(retired->sealing_keys_size(), 1);
  EXPECT_EQ(retired->sealing_keys(0).public_key(), renewed->sealing_keys(0).public_key());
  EXPECT_EQ(Run({"keys", "retire", At("keys"), "--older-than", "soon"}), kMisuse);
  EXPECT_EQ(Run({"keys", "renew", At("nothing")}), kRefused);
}

TEST_F(TrustTest, TheDevelopmentClockIsSetMovedOnAndShown) {
  ASSERT_EQ(Run({"clock", "set", At("clock"), "--offset", "10d"}), kDone) << err_.str();
  ASSERT_EQ(Run({"clock", "advance", At("clock"), "--by", "36h", "--rate", "60"}), kDone)
      << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("60 times"));
  const auto clock = adapters::LoadDevelopmentClock(At("clock"));
  ASSERT_TRUE(clock.ok()) << clock.status();
  const absl::Duration ahead = absl::Seconds(clock->offset().seconds());
  EXPECT_GE(ahead, absl::Hours(10 * 24 + 36) - absl::Seconds(1));
  EXPECT_LT(ahead, absl::Hours(10 * 24 + 37));
  EXPECT_EQ(Run({"clock", "show", At("clock")}), kDone);
  EXPECT_EQ(Run({"clock", "show", At("nothing")}), kRefused);
  EXPECT_EQ(Run({"clock", "set", At("clock"), "--rate", "-1"}), kRefused);
  EXPECT_EQ(Run({"clock", "set", At("clock"), "--offset", "-1d"}), kMisuse);
  EXPECT_EQ(Run({"clock", "turn", At("clock")}), kMisuse);
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
  const auto accepted = adapters::VerifyDirectory(
      *adapters::MakeSodiumCrypto(), *adapters::ReadFile(At("directory")), trust, absl::Now());
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_EQ(accepted->authorities(0).identity_key(),
            adapters::LoadKeys(At("nec"))->identity_public_key());
}

TEST_F(TrustTest, TheNextVersionBeginsAsACopyOfTheLast) {
  WriteEntries(NewKeys("signer"), NewKeys("nec"));
  const std::vector<std::string> sign = {"directory",   "sign",          "--entries",
                                         At("entries"), "--signer-keys", At("signer"),
                                         "--out",       At("directory")};
  ASSERT_EQ(Run(sign), kDone) << err_.str();
  const std::string first = *adapters::ReadFile(At("directory"));
  ASSERT_EQ(Run({"directory", "entries", At("directory")}), kDone) << err_.str();
  std::string entries = out_.str();
  ASSERT_TRUE(adapters::ReplaceFile(At("entries"), entries).ok());
  ASSERT_EQ(Run(sign), kDone) << err_.str();
  EXPECT_EQ(*adapters::ReadFile(At("directory")), first);
  entries.insert(entries.find("  name:"), "  status: AUTHORITY_STATUS_SUSPENDED\n");
  ASSERT_TRUE(adapters::ReplaceFile(At("entries"), entries).ok());
  ASSERT_EQ(Run(sign), kDone) << err_.str();
  ASSERT_EQ(Run({"directory", "show", At("directory")}), kDone);
  EXPECT_THAT(out_.str(), HasSubstr("suspended"));
  EXPECT_EQ(Run({"directory", "entries", At("signer")}), kRefused);
}

TEST_F(TrustTest, AnAlteredDirectoryIsShownAsSuch) {
  const std::string signer = NewKeys("signer");
  WriteEntries(signer, NewKeys("nec"));
  NewKeys("second");
  ASSERT_EQ(Run({"directory", "sign", "--entries", At("entries"), "--signer-keys", At("signer"),
                 At("second"), "--out", At("directory")}),
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
