#include "adapters/api/revoked_clients.h"

#include <utility>

#include "adapters/api/client_certificate.h"

namespace exitbus::adapters {

void RevokedClients::Set(std::set<std::string> listed) {
  const std::lock_guard<std::mutex> lock(mutex_);
  listed_ = std::move(listed);
}

bool RevokedClients::Includes(const ClientCertificate& certificate) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return listed_.contains(certificate.common_name) || listed_.contains(certificate.fingerprint);
}

}  // namespace exitbus::adapters
