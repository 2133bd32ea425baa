// What a client's certificate says that TLS libraries do not tell of it.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

namespace exitbus::adapters {

// What a client showed when it connected.
struct ClientCertificate {
  // Empty unless it has exactly one. Of several, libraries tell the first and others, the CA that
  // issued it among them, may go by the last.
  std::string common_name;
  std::string fingerprint;  // of the certificate itself (DER): SHA-256, 64 lower-case hex digits
};

// Reads each certificate once: OpenSSL needs 0.2 ms for one, and it comes with every call.
// Thread-safe.
class ClientCertificates {
 public:
  // Both empty if `pem` is no certificate.
  ClientCertificate Read(const std::string& pem);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, ClientCertificate> read_;  // by PEM; guarded by mutex_
};

}  // namespace exitbus::adapters
