#include "adapters/grpc/client_certificate.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace exitbus::adapters {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

}  // namespace

int CommonNamesIn(const std::string& pem) {
  const std::unique_ptr<BIO, Free> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const std::unique_ptr<X509, Free> certificate(
      PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
  if (!certificate) return 0;
  const X509_NAME* subject = X509_get_subject_name(certificate.get());
  int count = 0;
  for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;) ++count;
  return count;
}

}  // namespace exitbus::adapters
