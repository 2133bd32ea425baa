#include "adapters/web/tls_context.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "adapters/web/http_server.h"

namespace exitbus::adapters {
namespace {

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};

absl::Status CannotUse(const std::string& file) {
  return absl::InvalidArgumentError(absl::StrCat("cannot use ", file));
}

absl::Status AskForCertificate(const HttpServerOptions& options, SSL_CTX* context) {
  const char* file = options.client_ca_file.c_str();
  if (SSL_CTX_load_verify_locations(context, file, nullptr) != 1) {
    return CannotUse(options.client_ca_file);
  }
  // Browsers choose by these names which certificate they show.
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(file);
  if (names == nullptr) return CannotUse(options.client_ca_file);
  SSL_CTX_set_client_CA_list(context, names);
  const int required = options.certificate_required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | required, nullptr);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ssl_ctx_st*> NewTlsContext(const HttpServerOptions& options) {
  std::unique_ptr<SSL_CTX, Free> context(SSL_CTX_new(TLS_server_method()));
  if (context == nullptr) return absl::ResourceExhaustedError("no memory for TLS");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_use_certificate_chain_file(context.get(), options.certificate_file.c_str()) != 1) {
    return CannotUse(options.certificate_file);
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), options.key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    return CannotUse(options.key_file);
  }
  if (!options.client_ca_file.empty()) {
    if (auto asked = AskForCertificate(options, context.get()); !asked.ok()) return asked;
  }
  return context.release();
}

std::string PeerCertificate(const ssl_st* connection) {
  const std::unique_ptr<X509, Free> certificate(SSL_get1_peer_certificate(connection));
  if (certificate == nullptr) return "";
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_X509(bio.get(), certificate.get()) != 1) return "";
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return std::string(bytes, static_cast<std::size_t>(size));
}

}  // namespace exitbus::adapters
