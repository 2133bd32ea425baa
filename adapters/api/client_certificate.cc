#include "adapters/api/client_certificate.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <cstddef>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

namespace exitbus::adapters {
namespace {

// Far more than an authority has client systems; beyond it, what was read is read anew.
constexpr std::size_t kKept = 500;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(unsigned char* text) const { OPENSSL_free(text); }
};

std::string OnlyCommonName(const X509& certificate) {
  const X509_NAME* subject = X509_get_subject_name(&certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0) return "";
  unsigned char* text = nullptr;
  const int size =
      ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  const std::unique_ptr<unsigned char, Free> owned(text);
  return size < 0 ? "" : std::string(owned.get(), owned.get() + size);
}

std::string FingerprintOf(const X509& certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (X509_digest(&certificate, EVP_sha256(), digest.data(), &size) != 1) return "";
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), size));
}

ClientCertificate Parse(const std::string& pem) {
  const std::unique_ptr<BIO, Free> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const std::unique_ptr<X509, Free> certificate(
      PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
  if (!certificate) return {};
  return {OnlyCommonName(*certificate), FingerprintOf(*certificate)};
}

}  // namespace

ClientCertificate ClientCertificates::Read(const std::string& pem) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto found = read_.find(pem); found != read_.end()) return found->second;
  }
  ClientCertificate certificate = Parse(pem);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (read_.size() >= kKept) read_.clear();
  read_.emplace(pem, certificate);
  return certificate;
}

}  // namespace exitbus::adapters
