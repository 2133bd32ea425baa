// Certificates of any shape, for this folder's tests. Self-signed, so that each is its own CA too
// unless it says otherwise.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace exitbus::adapters {

struct CertificateShape {
  std::vector<std::string> names = {"municipality-0183"};  // common names
  long version = 2;                                        // X.509 counts from 0
  std::string alternative = "DNS:localhost";               // empty: none
  std::string usage = "serverAuth,clientAuth";             // empty: any
  bool ca = false;
  absl::Time begins = absl::FromUnixSeconds(1'900'000'000);
  absl::Time ends = absl::FromUnixSeconds(2'100'000'000);
  const char* key = "P-256";  // or "ED25519", "RSA-PSS"
};

struct CertificateTexts {
  std::string certificate;
  std::string key;
};

template <typename Write>
std::string PemOf(Write write) {
  BIO* bio = BIO_new(BIO_s_mem());
  write(bio);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  std::string text(bytes, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

inline void AddExtension(X509* certificate, int kind, const std::string& value) {
  if (value.empty()) return;
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

inline EVP_PKEY* NewKey(const std::string& kind) {
  if (kind == "P-256") return EVP_EC_gen("P-256");
  if (kind == "ED25519") return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  EVP_PKEY_CTX* environment = EVP_PKEY_CTX_new_from_name(nullptr, kind.c_str(), nullptr);
  EVP_PKEY* key = nullptr;
  EVP_PKEY_keygen_init(environment);
  EVP_PKEY_CTX_set_rsa_keygen_bits(environment, 2048);
  EVP_PKEY_generate(environment, &key);
  EVP_PKEY_CTX_free(environment);
  return key;
}

inline CertificateTexts MakeCertificate(const CertificateShape& shape = {}) {
  EVP_PKEY* key = NewKey(shape.key);
  X509* certificate = X509_new();
  X509_set_version(certificate, shape.version);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  ASN1_TIME_set(X509_getm_notBefore(certificate), absl::ToTimeT(shape.begins));
  ASN1_TIME_set(X509_getm_notAfter(certificate), absl::ToTimeT(shape.ends));
  X509_NAME* subject = X509_get_subject_name(certificate);
  for (const std::string& name : shape.names) {
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.data()),
                               static_cast<int>(name.size()), -1, 0);
  }
  X509_set_issuer_name(certificate, subject);
  X509_set_pubkey(certificate, key);
  if (shape.version == 2) {
    AddExtension(certificate, NID_basic_constraints, shape.ca ? "critical,CA:TRUE" : "CA:FALSE");
    AddExtension(certificate, NID_subject_alt_name, shape.alternative);
    AddExtension(certificate, NID_ext_key_usage, shape.ca ? "" : shape.usage);
  }
  const bool own_digest = std::string(shape.key) == "ED25519";
  X509_sign(certificate, key, own_digest ? nullptr : EVP_sha256());
  CertificateTexts texts = {
      PemOf([&](BIO* bio) { PEM_write_bio_X509(bio, certificate); }), PemOf([&](BIO* bio) {
        PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
      })};
  X509_free(certificate);
  EVP_PKEY_free(key);
  return texts;
}

}  // namespace exitbus::adapters
