// How to reach the broker.
#pragma once

#include <string>

namespace exitbus::adapters {

struct KafkaOptions {
  std::string bootstrap_servers;  // host:port[,host:port]
  std::string ca_file;            // who may have signed the broker's certificate (PEM)
  std::string certificate_file;   // our own (PEM); its common name is our principal
  std::string key_file;           // its private key (PEM)
  std::string client_id;          // the authority's id, seen in the broker's logs
  // Without TLS, for a broker inside a test's own process. Refused together with any of the files.
  bool plaintext = false;
  // False: it only reads, and what is published all the same fails. Who may not write would be told
  // so again and again.
  bool publishes = true;
};

}  // namespace exitbus::adapters
