#include "adapters/process/tls_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>

#include "adapters/directory/files.h"
#include "adapters/memory/test_folder.h"
#include "adapters/process/certificates_testing.h"

namespace exitbus::adapters {
namespace {

using testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(2'000'000'000);

class TlsFilesTest : public testing::Test {
 protected:
  TlsFilesTest() {
    CertificateShape ca;
    ca.ca = true;
    Put(tls_.ca_file(), MakeCertificate(ca).certificate);
    PutPair(MakeCertificate());
  }

  static config::v1::Tls Named(const std::string& folder) {
    config::v1::Tls tls;
    tls.set_certificate_file(folder + "/own.crt");
    tls.set_key_file(folder + "/own.key");
    tls.set_ca_file(folder + "/ca.crt");
    return tls;
  }
  static void Put(const std::string& path, const std::string& text) {
    std::remove(path.c_str());
    ASSERT_TRUE(WriteNewSecretFile(path, text).ok());
  }
  void PutPair(const CertificateTexts& own) {
    Put(tls_.certificate_file(), own.certificate);
    Put(tls_.key_file(), own.key);
  }
  absl::StatusOr<std::unique_ptr<TlsFiles>> Open(absl::Time now = kNow) const {
    return TlsFiles::Open(
        {"api_tls", tls_, folder_.path() + "/tls/api", "municipality-0183", TlsUse::kServer}, now);
  }
  // That just this pair lies where the service reads it.
  static void ExpectInForce(const TlsFiles& files, const CertificateTexts& own) {
    EXPECT_EQ(ReadFile(files.in_force().certificate_file()).value_or(""), own.certificate);
    EXPECT_EQ(ReadSecretFile(files.in_force().key_file()).value_or(""), own.key);
    EXPECT_EQ(files.texts().certificate, own.certificate);
  }

  const TestFolder folder_;
  const config::v1::Tls tls_ = Named(folder_.path());
};

TEST_F(TlsFilesTest, AtTheFirstStartMistakesAreNamed) {
  PutPair({MakeCertificate().certificate, MakeCertificate().key});
  EXPECT_THAT(std::string(Open().status().message()),
              HasSubstr("api_tls.key_file: is not the key of"));
  std::remove(tls_.ca_file().c_str());
  EXPECT_TRUE(absl::IsNotFound(Open().status()));
}

TEST_F(TlsFilesTest, ACertificateThatComesBeforeItsKeyWaits) {
  const CertificateTexts first = MakeCertificate();
  const CertificateTexts second = MakeCertificate();
  PutPair(first);
  const auto files = Open();
  ASSERT_TRUE(files.ok()) << files.status();
  ExpectInForce(**files, first);
  EXPECT_FALSE((*files)->Refresh(kNow).value());

  Put(tls_.certificate_file(), second.certificate);
  EXPECT_FALSE((*files)->Refresh(kNow).ok());
  ExpectInForce(**files, first);
  Put(tls_.key_file(), second.key);
  EXPECT_TRUE((*files)->Refresh(kNow).value());
  ExpectInForce(**files, second);
  PutPair(first);
  EXPECT_TRUE((*files)->Refresh(kNow).value());
  ExpectInForce(**files, first);
}

// A restart goes on with what a service that was not restarted would have in force.
TEST_F(TlsFilesTest, ARestartWithFilesThatAreRefusedGoesOnWithTheLastGoodOnes) {
  const CertificateTexts good = MakeCertificate();
  PutPair(good);
  ASSERT_TRUE(Open().ok());
  const auto expect_kept = [&](const std::string& why, absl::Time now = kNow) {
    const auto files = Open(now);
    ASSERT_TRUE(files.ok()) << why << ": " << files.status();
    ExpectInForce(**files, good);
    EXPECT_FALSE((*files)->Refresh(now).ok()) << why << ": to be alarmed";
  };
  Put(tls_.certificate_file(), "nonsense");
  expect_kept("damaged");
  PutPair({MakeCertificate().certificate, good.key});
  expect_kept("a certificate without its key");
  PutPair(good);
  ASSERT_EQ(chmod(tls_.key_file().c_str(), 0644), 0);
  expect_kept("a key that others may read");
  std::remove(tls_.key_file().c_str());
  expect_kept("gone");
  PutPair(good);
  expect_kept("expired meanwhile", kNow + absl::Hours(24 * 3650));
  Put(tls_.ca_file(), "nonsense");
  expect_kept("no CA");
}

TEST_F(TlsFilesTest, NoKeyIsLeftBehindWhereItIsNotInForce) {
  const auto files = Open();
  ASSERT_TRUE(files.ok()) << files.status();
  PutPair(MakeCertificate());
  ASSERT_TRUE((*files)->Refresh(kNow).value());
  int keys = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path() + "/tls")) {
    keys += entry.path().filename() == "key.pem" ? 1 : 0;
  }
  EXPECT_EQ(keys, 1);
}

}  // namespace
}  // namespace exitbus::adapters
