#include "adapters/process/tls_check.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <memory>

#include "absl/strings/str_cat.h"

namespace exitbus::adapters {
namespace {

constexpr long kVersion3 = 2;  // as X.509 counts

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
using Bio = std::unique_ptr<BIO, Free>;
using Certificate = std::unique_ptr<X509, Free>;

Bio Reading(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::vector<Certificate> CertificatesIn(const std::string& pem) {
  const Bio text = Reading(pem);
  std::vector<Certificate> certificates;
  while (X509* next = PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)) {
    certificates.emplace_back(next);
  }
  return certificates;
}

// A key under a passphrase is none for us: nobody is there to be asked for it.
std::unique_ptr<EVP_PKEY, Free> KeyIn(const std::string& pem) {
  const auto no_passphrase = [](char*, int, int, void*) { return 0; };
  return std::unique_ptr<EVP_PKEY, Free>(
      PEM_read_bio_PrivateKey(Reading(pem).get(), nullptr, no_passphrase, nullptr));
}

std::vector<std::string> CommonNamesOf(const X509& certificate) {
  const X509_NAME* subject = X509_get_subject_name(&certificate);
  std::vector<std::string> names;
  for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;) {
    const ASN1_STRING* name = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    const auto* bytes = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name));
    names.emplace_back(bytes, static_cast<std::size_t>(ASN1_STRING_length(name)));
  }
  return names;
}

bool HasAlternativeName(X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, Free> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const int type = sk_GENERAL_NAME_value(names.get(), i)->type;
    if (type == GEN_DNS || type == GEN_IPADD) return true;
  }
  return false;
}

absl::Time TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  ASN1_TIME_to_tm(time, &parts);
  return absl::FromTM(parts, absl::UTCTimeZone());
}

absl::Time EndOf(const X509& certificate) { return TimeOf(X509_get0_notAfter(&certificate)); }

std::string DayOf(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M", time, absl::UTCTimeZone()) + " UTC";
}

void CheckName(const std::string& field, const X509& certificate, const std::string& authority,
               Mistakes& mistakes) {
  const std::vector<std::string> names = CommonNamesOf(certificate);
  if (names.size() != 1) {
    mistakes.Add(field, absl::StrCat("has ", names.size(), " common names"),
                 "use one whose one common name is \"" + authority + "\"");
  } else if (names[0] != authority) {
    mistakes.Add(field, "is made out to \"" + names[0] + "\"",
                 "use the one made out to \"" + authority + "\"");
  }
}

void CheckTime(const std::string& field, const X509& certificate, absl::Time now,
               Mistakes& mistakes) {
  const absl::Time begins = TimeOf(X509_get0_notBefore(&certificate));
  if (EndOf(certificate) < now) {
    mistakes.Add(field, "expired at " + DayOf(EndOf(certificate)), "have a new one issued");
  }
  if (begins > now) {
    mistakes.Add(field, "is not valid before " + DayOf(begins),
                 "wait, or set this machine's clock");
  }
}

void CheckUse(const std::string& field, X509* certificate, TlsUse use, Mistakes& mistakes) {
  const bool server = use == TlsUse::kServer;
  const int purpose = server ? X509_PURPOSE_SSL_SERVER : X509_PURPOSE_SSL_CLIENT;
  if (X509_check_purpose(certificate, purpose, 0) != 1) {
    mistakes.Add(field, server ? "may not serve" : "may not connect",
                 server ? "have one issued with the extended key usage serverAuth"
                        : "have one issued with the extended key usage clientAuth");
  }
  if (server && X509_get_version(certificate) != kVersion3) {
    mistakes.Add(field, "is of X.509 version 1, which clients refuse",
                 "have one of version 3 issued, with a subject alternative name");
  } else if (server && !HasAlternativeName(certificate)) {
    mistakes.Add(field, "has no subject alternative name, by which clients know a server",
                 "have one issued with the DNS name or IP address that clients call");
  }
}

void CheckCa(const std::string& field, const std::string& pem, absl::Time now, Mistakes& mistakes) {
  const std::vector<Certificate> certificates = CertificatesIn(pem);
  const bool one_in_force =
      std::any_of(certificates.begin(), certificates.end(), [&](const Certificate& certificate) {
        return X509_check_ca(certificate.get()) != 0 && EndOf(*certificate) >= now;
      });
  if (certificates.empty()) {
    mistakes.Add(field, "is no certificate", "name the CA's certificates (PEM)");
  } else if (!one_in_force) {
    mistakes.Add(field, "holds no CA's certificate that is in force",
                 "name the CA's certificates (PEM)");
  }
}

}  // namespace

void CheckTls(std::string_view field, const TlsTexts& texts, const std::string& authority,
              TlsUse use, absl::Time now, Mistakes& mistakes) {
  const std::string certificate_field = absl::StrCat(std::string(field), ".certificate_file");
  const std::string key_field = absl::StrCat(std::string(field), ".key_file");
  CheckCa(absl::StrCat(std::string(field), ".ca_file"), texts.ca, now, mistakes);
  const std::vector<Certificate> certificates = CertificatesIn(texts.certificate);
  if (certificates.empty()) {
    mistakes.Add(certificate_field, "is no certificate", "name a PEM certificate");
    return;
  }
  X509* const own = certificates.front().get();
  CheckName(certificate_field, *own, authority, mistakes);
  CheckTime(certificate_field, *own, now, mistakes);
  CheckUse(certificate_field, own, use, mistakes);
  const auto key = KeyIn(texts.key);
  if (!key) {
    mistakes.Add(key_field, "is no private key", "name a PEM key without a passphrase");
  } else if (X509_check_private_key(own, key.get()) != 1) {
    mistakes.Add(key_field, "is not the key of " + certificate_field,
                 "name the two that belong together");
  }
}

std::string ShutsClientsOut(const TlsTexts& texts) {
  for (const Certificate& certificate : CertificatesIn(texts.certificate)) {
    const int key = EVP_PKEY_get_base_id(X509_get0_pubkey(certificate.get()));
    const int signature = X509_get_signature_nid(certificate.get());
    if (key == EVP_PKEY_ED25519 || key == EVP_PKEY_ED448 || signature == NID_ED25519 ||
        signature == NID_ED448) {
      return "Ed25519 and Ed448, which clients in Python, Java and others cannot verify";
    }
    if (key == EVP_PKEY_RSA_PSS) {
      return "a key of RSA-PSS alone, which clients in Python, Java and others cannot verify";
    }
  }
  return "";
}

std::vector<absl::Time> EndsOf(const std::string& pem) {
  std::vector<absl::Time> ends;
  for (const Certificate& certificate : CertificatesIn(pem)) ends.push_back(EndOf(*certificate));
  return ends;
}

}  // namespace exitbus::adapters
