#include "adapters/web/identity_token.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"

namespace exitbus::adapters {
namespace {

using exchange::Refusal;
using nlohmann::json;

constexpr std::size_t kTokenBytesMax = 8 * 1024;
constexpr int kRsaBitsMin = 2048;
constexpr std::size_t kP256Bytes = 32;        // each half of a signature
constexpr double kSecondsMax = 253402300799;  // the end of the year 9999

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
  void operator()(unsigned char* bytes) const { OPENSSL_free(bytes); }
};

// Empty: none that is taken here.
std::string AlgorithmOf(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "ED25519")) return "EdDSA";
  if (EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) >= kRsaBitsMin) return "RS256";
  std::array<char, 32> group{};
  if (EVP_PKEY_is_a(key, "EC") &&
      EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
      std::string(group.data()) == "prime256v1") {
    return "ES256";
  }
  return "";
}

// A signature of ES256 is its two numbers side by side; OpenSSL wants them in DER.
std::optional<std::string> InDer(const std::string& signature) {
  if (signature.size() != 2 * kP256Bytes) return std::nullopt;
  const auto* bytes = reinterpret_cast<const unsigned char*>(signature.data());
  const std::unique_ptr<ECDSA_SIG, Free> halves(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(bytes, kP256Bytes, nullptr);
  BIGNUM* s = BN_bin2bn(bytes + kP256Bytes, kP256Bytes, nullptr);
  if (halves == nullptr || r == nullptr || s == nullptr ||
      ECDSA_SIG_set0(halves.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return std::nullopt;
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(halves.get(), &der);
  const std::unique_ptr<unsigned char, Free> owned(der);
  if (size <= 0) return std::nullopt;
  return std::string(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
}

bool Signed(EVP_PKEY* key, const std::string& algorithm, const std::string& text,
            std::string signature) {
  if (algorithm == "ES256") {
    auto der = InDer(signature);
    if (!der) return false;
    signature = *std::move(der);
  }
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  const EVP_MD* digest = algorithm == "EdDSA" ? nullptr : EVP_sha256();
  return EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1;
}

// An object without a name twice; discarded: it is none.
json ObjectOf(const std::string& encoded) {
  std::string text;
  if (encoded.find('=') != std::string::npos || !absl::WebSafeBase64Unescape(encoded, &text)) {
    return json(json::value_t::discarded);
  }
  std::vector<std::vector<std::string>> seen;
  bool twice = false;
  const auto look = [&](int depth, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) seen.emplace_back();
    if (event == json::parse_event_t::object_end) seen.pop_back();
    if (event != json::parse_event_t::key) return true;
    const std::string name = parsed.get<std::string>();
    twice |= std::find(seen.back().begin(), seen.back().end(), name) != seen.back().end();
    seen.back().push_back(name);
    return true;
  };
  json object = json::parse(text, look, /*allow_exceptions=*/false);
  if (twice || !object.is_object()) return json(json::value_t::discarded);
  return object;
}

std::string Text(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<absl::Time> Instant(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number()) return std::nullopt;
  const double seconds = found->get<double>();
  if (!(seconds >= 0 && seconds <= kSecondsMax)) return std::nullopt;
  return absl::UnixEpoch() + absl::Seconds(seconds);
}

bool IsFor(const json& claims, const std::string& audience) {
  const auto found = claims.find("aud");
  if (found == claims.end()) return false;
  if (!found->is_array()) return *found == audience;
  return std::find(found->begin(), found->end(), json(audience)) != found->end();
}

Refusal No(std::string reason, std::string message) {
  return {.code = absl::StatusCode::kUnauthenticated,
          .reason = std::move(reason),
          .message = std::move(message),
          .metadata = {}};
}

Refusal NoToken() {
  return No("login.malformed_token", "This is no signed token (JWT): log in again.");
}

std::string DigestOf(const std::string& text) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

}  // namespace

absl::StatusOr<IdentityProvider> IdentityProvider::Make(std::string issuer, std::string audience,
                                                        const std::vector<std::string>& keys) {
  IdentityProvider provider;
  provider.issuer_ = std::move(issuer);
  provider.audience_ = std::move(audience);
  for (const std::string& pem : keys) {
    const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr),
                                        &EVP_PKEY_free);
    std::string algorithm = key == nullptr ? "" : AlgorithmOf(key.get());
    if (algorithm.empty()) {
      return absl::InvalidArgumentError(
          "is no public key in PEM of RSA with 2048 bits or more, EC P-256 or Ed25519");
    }
    provider.keys_.push_back({key, std::move(algorithm)});
  }
  return provider;
}

std::variant<IdentityClaims, Refusal> IdentityProvider::Verify(const std::string& token,
                                                               absl::Time now) const {
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  std::string signature;
  if (token.size() > kTokenBytesMax || parts.size() != 3 ||
      !absl::WebSafeBase64Unescape(parts[2], &signature)) {
    return NoToken();
  }
  const json header = ObjectOf(parts[0]);
  if (!header.is_object() || header.contains("crit")) return NoToken();
  const std::string signed_text = parts[0] + "." + parts[1];
  const std::string algorithm = Text(header, "alg");
  bool known = false;
  bool vouched = false;
  for (const Key& key : keys_) {
    if (key.algorithm != algorithm) continue;
    known = true;
    vouched = vouched || Signed(key.key.get(), algorithm, signed_text, signature);
  }
  if (!known) {
    return No("login.wrong_algorithm",
              "The token is not signed by the algorithm of a key that is configured here.");
  }
  if (!vouched) return No("login.wrong_signature", "No key that is configured here signed this.");
  const json claims = ObjectOf(parts[1]);
  if (!claims.is_object()) return NoToken();
  if (Text(claims, "iss") != issuer_) {
    return No("login.wrong_issuer", "The token is of another issuer than is configured here.");
  }
  if (!IsFor(claims, audience_)) return No("login.wrong_audience", "The token is not for here.");
  const auto expires = Instant(claims, "exp");
  const auto begins = claims.contains("nbf") ? Instant(claims, "nbf") : now;
  if (!expires || !begins || *expires <= now || *begins > now) {
    return No("login.expired", "The token has expired, or is not valid yet: log in again.");
  }
  IdentityClaims who{Text(claims, "employee"), Text(claims, "system"), Text(claims, "function"),
                     *expires, DigestOf(signed_text)};
  if (who.employee.empty() || who.system.empty() || who.function.empty()) {
    return No("login.wrong_claims", "The token must name employee, system and function.");
  }
  return who;
}

}  // namespace exitbus::adapters
