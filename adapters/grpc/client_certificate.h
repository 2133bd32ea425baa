// What a client's certificate says that gRPC does not tell of it. Internal to this folder.
#pragma once

#include <string>

namespace exitbus::adapters {

// How many common names its subject has; 0 if it is no certificate. Of several, gRPC tells the
// first and others, the CA that issued it among them, may go by the last.
int CommonNamesIn(const std::string& pem);

}  // namespace exitbus::adapters
