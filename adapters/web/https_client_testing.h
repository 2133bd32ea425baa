// A client of the web gateway that says byte for byte what a test wants said. For tests.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"

struct ssl_ctx_st;
struct ssl_st;

namespace exitbus::adapters {

struct HttpsReply {
  int status = 0;                                   // 0: the connection ended without one
  std::multimap<std::string, std::string> headers;  // names in lower case
  std::string body;

  std::string Header(const std::string& name) const;
};

class HttpsClient {
 public:
  // With the certificate of this name in Pki(); empty: none. `tls_max`: of TLS; 0: the newest.
  HttpsClient(int port, const std::string& certificate, int tls_max = 0);
  ~HttpsClient();
  HttpsClient(const HttpsClient&) = delete;
  HttpsClient& operator=(const HttpsClient&) = delete;

  bool connected() const { return connected_; }
  // False: nobody takes it.
  bool Send(const std::string& bytes);

  // A request of this head's first line and headers, and its answer.
  HttpsReply Ask(const std::string& first_line, const std::map<std::string, std::string>& headers,
                 const std::string& body = "");
  HttpsReply Post(const std::string& path, const std::string& type, const std::string& body,
                  const std::map<std::string, std::string>& headers = {});
  HttpsReply Get(const std::string& path, const std::map<std::string, std::string>& headers = {});

  // An answer with a length.
  HttpsReply Read();
  // All that has come once it holds `text`, or what had come when time was up or the server hung
  // up.
  std::string ReadUntil(const std::string& text, absl::Duration wait = absl::Seconds(5));
  // What has been read so far is done with.
  void Forget() { read_.clear(); }
  // Whether the server hangs up within that time.
  bool HangsUp(absl::Duration wait);

 private:
  // False: nothing came in that time, or it hung up.
  bool More(absl::Duration wait);

  const int port_;
  int file_ = -1;
  ssl_ctx_st* environment_;
  ssl_st* connection_;
  bool connected_ = false;
  bool hung_up_ = false;
  std::string read_;
};

}  // namespace exitbus::adapters
