#include "adapters/process/tls_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/process/certificates_testing.h"

namespace exitbus::adapters {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const absl::Time kNow = absl::FromUnixSeconds(2'000'000'000);
constexpr char kAuthority[] = "municipality-0183";

CertificateShape Ca() {
  CertificateShape shape;
  shape.names = {"a CA"};
  shape.ca = true;
  return shape;
}

TlsTexts Of(const CertificateShape& shape, const CertificateShape& ca = Ca()) {
  const CertificateTexts own = MakeCertificate(shape);
  return {own.certificate, own.key, MakeCertificate(ca).certificate};
}

std::string Said(const TlsTexts& texts, TlsUse use = TlsUse::kServer) {
  Mistakes mistakes;
  CheckTls("api_tls", texts, kAuthority, use, kNow, mistakes);
  return std::string(mistakes.ToStatus("certificates").message());
}

TEST(TlsCheckTest, AGoodSetHasNoMistake) {
  EXPECT_EQ(Said(Of({})), "");
  EXPECT_EQ(Said(Of({}), TlsUse::kClient), "");
}

TEST(TlsCheckTest, EachMistakeIsNamedByFieldWithARemedy) {
  CertificateShape two_names;
  two_names.names = {kAuthority, "police-1469"};
  EXPECT_THAT(Said(Of(two_names)),
              HasSubstr("api_tls.certificate_file: has 2 common names; use one whose"));
  CertificateShape no_name;
  no_name.names = {};
  EXPECT_THAT(Said(Of(no_name)), HasSubstr("has 0 common names"));
  CertificateShape other;
  other.names = {"police-1469"};
  EXPECT_THAT(Said(Of(other)), HasSubstr("is made out to \"police-1469\""));
  CertificateShape expired;
  expired.ends = kNow - absl::Seconds(1);
  EXPECT_THAT(Said(Of(expired)), HasSubstr("api_tls.certificate_file: expired at 2033-05-18"));
  CertificateShape early;
  early.begins = kNow + absl::Seconds(1);
  EXPECT_THAT(Said(Of(early)), HasSubstr("is not valid before"));

  TlsTexts texts = Of({});
  texts.key = MakeCertificate().key;
  EXPECT_THAT(Said(texts), HasSubstr("api_tls.key_file: is not the key of"));
  texts.key = "nonsense";
  EXPECT_THAT(Said(texts), HasSubstr("api_tls.key_file: is no private key"));
  texts.certificate = "nonsense";
  EXPECT_THAT(Said(texts), HasSubstr("api_tls.certificate_file: is no certificate"));
}

TEST(TlsCheckTest, AServersCertificateThatShutsClientsOutIsAMistake) {
  CertificateShape version1;
  version1.version = 0;
  EXPECT_THAT(Said(Of(version1)), HasSubstr("is of X.509 version 1"));
  CertificateShape nameless;
  nameless.alternative = "";
  EXPECT_THAT(Said(Of(nameless)), HasSubstr("has no subject alternative name"));
  EXPECT_EQ(Said(Of(nameless), TlsUse::kClient), "");
  CertificateShape connects;
  connects.usage = "clientAuth";
  EXPECT_THAT(Said(Of(connects)), HasSubstr("may not serve"));
  CertificateShape serves;
  serves.usage = "serverAuth";
  EXPECT_THAT(Said(Of(serves), TlsUse::kClient), HasSubstr("may not connect"));
}

TEST(TlsCheckTest, SomeCertificateOfTheCaIsInForce) {
  CertificateShape expired = Ca();
  expired.ends = kNow - absl::Seconds(1);
  EXPECT_THAT(Said(Of({}, expired)), HasSubstr("api_tls.ca_file: holds no CA's certificate"));
  CertificateShape leaf;
  EXPECT_THAT(Said(Of({}, leaf)), HasSubstr("api_tls.ca_file: holds no CA's certificate"));
  TlsTexts both = Of({}, expired);
  both.ca += MakeCertificate(Ca()).certificate;
  EXPECT_EQ(Said(both), "");
  both.ca = "nonsense";
  EXPECT_THAT(Said(both), HasSubstr("api_tls.ca_file: is no certificate"));
  EXPECT_THAT(EndsOf(Of({}, expired).ca), ElementsAre(expired.ends));
  EXPECT_THAT(EndsOf("nonsense"), IsEmpty());
}

TEST(TlsCheckTest, KeysThatSomeClientsCannotVerifyAreNamed) {
  EXPECT_EQ(ShutsClientsOut(Of({})), "");
  for (const auto& [key, named] :
       {std::pair("ED25519", "Ed25519"), std::pair("RSA-PSS", "RSA-PSS")}) {
    CertificateShape shape;
    shape.key = key;
    EXPECT_EQ(Said(Of(shape)), "") << "others take it";
    EXPECT_THAT(ShutsClientsOut(Of(shape)), HasSubstr(named));
  }
}

}  // namespace
}  // namespace exitbus::adapters
