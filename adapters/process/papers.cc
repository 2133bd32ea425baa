#include "adapters/process/papers.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <ctime>
#include <memory>

#include "adapters/directory/mistakes.h"
#include "exitbus/config/v1/config.pb.h"

namespace exitbus::adapters {
namespace {

constexpr int kCommonNameBytesMax = 256;

struct Free {
  void operator()(std::FILE* file) const { std::fclose(file); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

using File = std::unique_ptr<std::FILE, Free>;

std::unique_ptr<X509, Free> CertificateIn(const std::string& path) {
  const File file(std::fopen(path.c_str(), "r"));
  return std::unique_ptr<X509, Free>(file ? PEM_read_X509(file.get(), nullptr, nullptr, nullptr)
                                          : nullptr);
}

// A key under a passphrase is none for us: nobody is there to be asked for it.
std::unique_ptr<EVP_PKEY, Free> KeyIn(const std::string& path) {
  const File file(std::fopen(path.c_str(), "r"));
  const auto no_passphrase = [](char*, int, int, void*) { return 0; };
  return std::unique_ptr<EVP_PKEY, Free>(
      file ? PEM_read_PrivateKey(file.get(), nullptr, no_passphrase, nullptr) : nullptr);
}

std::string CommonNameOf(const X509& certificate) {
  char name[kCommonNameBytesMax] = {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(&certificate), NID_commonName, name, sizeof name);
  return name;
}

absl::Time TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  ASN1_TIME_to_tm(time, &parts);
  return absl::FromTM(parts, absl::UTCTimeZone());
}

std::string DayOf(const ASN1_TIME* time) {
  return absl::FormatTime("%Y-%m-%d %H:%M", TimeOf(time), absl::UTCTimeZone()) + " UTC";
}

void CheckTls(const std::string& field, const config::v1::Tls& tls, const std::string& authority,
              absl::Time now, Mistakes& mistakes) {
  const std::string certificate_field = field + ".certificate_file";
  const std::string where = "\"" + tls.certificate_file() + "\" ";
  const auto certificate = CertificateIn(tls.certificate_file());
  if (!certificate) {
    mistakes.Add(certificate_field, where + "is no certificate", "name a PEM certificate");
    return;
  }
  const std::string name = CommonNameOf(*certificate);
  if (name != authority) {
    mistakes.Add(certificate_field, where + "is made out to \"" + name + "\"",
                 "use the one made out to \"" + authority + "\"");
  }
  if (TimeOf(X509_get0_notAfter(certificate.get())) < now) {
    mistakes.Add(certificate_field,
                 where + "expired at " + DayOf(X509_get0_notAfter(certificate.get())),
                 "have a new one issued");
  }
  if (TimeOf(X509_get0_notBefore(certificate.get())) > now) {
    mistakes.Add(certificate_field,
                 where + "is not valid before " + DayOf(X509_get0_notBefore(certificate.get())),
                 "wait, or set this machine's clock");
  }
  const auto key = KeyIn(tls.key_file());
  if (!key) {
    mistakes.Add(field + ".key_file", "\"" + tls.key_file() + "\" is no private key",
                 "name a PEM key without a passphrase");
  } else if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    mistakes.Add(field + ".key_file",
                 "\"" + tls.key_file() + "\" is not the key of " + certificate_field,
                 "name the two that belong together");
  }
}

}  // namespace

absl::Status CheckPapers(const std::string& file, const config::v1::ServiceConfig& config,
                         absl::Time now) {
  Mistakes mistakes;
  CheckTls("api_tls", config.api_tls(), config.authority(), now, mistakes);
  CheckTls("kafka.tls", config.kafka().tls(), config.authority(), now, mistakes);
  return mistakes.ToStatus(file);
}

}  // namespace exitbus::adapters
