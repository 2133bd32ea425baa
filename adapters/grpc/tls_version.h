// TLS 1.3 and nothing older, for every gRPC server and client of the process
// (docs/decisions/0018-tls-1-3-by-leaving-1-2-no-suite.md).
#pragma once

namespace exitbus::adapters {

// To be called where credentials are made. Ends the process if older versions were not shut out
// before main: going on would mean an API with weaker encryption than is promised.
void RequireTls13();

}  // namespace exitbus::adapters
