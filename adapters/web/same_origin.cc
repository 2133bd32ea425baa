#include "adapters/web/same_origin.h"

#include "adapters/web/http.h"

namespace exitbus::adapters {

// What no browser sent has neither header. The host's name is what our certificate was shown for,
// so that a name of somebody else's that leads here is not ours.
bool IsSameOrigin(const HttpRequest& request) {
  const auto site = request.Header("sec-fetch-site");
  if (site && *site != "same-origin") return false;
  const auto origin = request.Header("origin");
  return !origin || *origin == "https://" + request.Header("host").value_or("");
}

}  // namespace exitbus::adapters
