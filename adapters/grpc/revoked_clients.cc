#include "adapters/grpc/revoked_clients.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"

namespace exitbus::adapters {
namespace {

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";

// No part of a certificate's name is as long as a fingerprint, nor without dots.
bool IsFingerprint(const std::string& entry) { return entry.find('.') == std::string::npos; }

}  // namespace

std::string FingerprintOf(const std::string& pem) {
  const std::size_t begin = pem.find(kBegin);
  const std::size_t end = pem.find(kEnd);
  if (begin == std::string::npos || end == std::string::npos || end < begin) return "";
  const std::size_t from = begin + kBegin.size();
  std::string der;
  if (!absl::Base64Unescape(pem.substr(from, end - from), &der)) return "";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(der.data(), der.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    return "";
  }
  return absl::BytesToHexString(std::string(digest.begin(), digest.begin() + size));
}

void RevokedClients::Set(std::set<std::string> listed) {
  auto list = std::make_shared<List>();
  list->has_fingerprints = std::any_of(listed.begin(), listed.end(), IsFingerprint);
  list->entries = std::move(listed);
  const std::lock_guard<std::mutex> lock(mutex_);
  list_ = std::move(list);
}

bool RevokedClients::Includes(const ClientCertificate& certificate) const {
  std::shared_ptr<const List> list;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    list = list_;
  }
  if (list->entries.contains(certificate.common_name)) return true;
  return list->has_fingerprints && list->entries.contains(FingerprintOf(certificate.pem));
}

}  // namespace exitbus::adapters
