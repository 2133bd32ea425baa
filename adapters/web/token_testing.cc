#include "adapters/web/token_testing.h"

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>

#include "absl/strings/escaping.h"

namespace exitbus::adapters {
namespace {

EVP_PKEY* NewKey(const std::string& kind) {
  if (kind == "RSA") return EVP_RSA_gen(2048);
  if (kind == "RSA-1024") return EVP_RSA_gen(1024);
  if (kind == "ED25519") return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  return EVP_EC_gen(kind.c_str());
}

// The two numbers side by side, as ES256 has them.
std::string SideBySide(const std::string& der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* halves = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  std::array<unsigned char, 64> bytes{};
  BN_bn2binpad(ECDSA_SIG_get0_r(halves), bytes.data(), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(halves), bytes.data() + 32, 32);
  ECDSA_SIG_free(halves);
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace

SigningKey::SigningKey(const std::string& kind) : kind_(kind), key_(NewKey(kind), &EVP_PKEY_free) {}

std::string SigningKey::public_pem() const {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(bio, key_.get());
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  std::string pem(bytes, static_cast<std::size_t>(size));
  BIO_free(bio);
  return pem;
}

std::string SigningKey::Sign(const std::string& header, const std::string& payload) const {
  const std::string text = Base64Url(header) + "." + Base64Url(payload);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestSignInit(context, nullptr, kind_ == "ED25519" ? nullptr : EVP_sha256(), nullptr,
                     key_.get());
  std::size_t size = 1024;
  std::string signature(size, '\0');
  EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                 reinterpret_cast<const unsigned char*>(text.data()), text.size());
  EVP_MD_CTX_free(context);
  signature.resize(size);
  if (kind_ == "P-256") signature = SideBySide(signature);
  return text + "." + Base64Url(signature);
}

std::string SignedSymmetrically(const std::string& secret, const std::string& header,
                                const std::string& payload) {
  const std::string text = Base64Url(header) + "." + Base64Url(payload);
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size);
  return text + "." + Base64Url(std::string(reinterpret_cast<const char*>(mac.data()), size));
}

std::string Base64Url(const std::string& bytes) { return absl::WebSafeBase64Escape(bytes); }

}  // namespace exitbus::adapters
