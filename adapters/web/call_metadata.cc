#include "adapters/web/call_metadata.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "adapters/web/http.h"

namespace exitbus::adapters {
namespace {

// Whether it is there at most once; `value` is what it says.
bool ReadOnce(const HttpRequest& request, const std::string& name, std::string& value) {
  const std::string binary = absl::StrCat(name, "-bin");
  const int asked = request.method == "GET" ? request.Parameters(name) : 0;
  const int said = request.Headers(name) + request.Headers(binary) + asked;
  if (said == 0) return true;
  if (const auto header = request.Header(name)) {
    value = *header;
  } else if (const auto encoded = request.Header(binary)) {
    if (!absl::Base64Unescape(*encoded, &value)) value = "\xff";  // which is no text, and refused
  } else {
    value = request.Parameter(name).value_or("\xff");
  }
  return said == 1;
}

}  // namespace

CallMetadata MetadataOf(const HttpRequest& request) {
  CallMetadata metadata;
  metadata.said_twice = !ReadOnce(request, "exitbus-employee", metadata.employee) ||
                        !ReadOnce(request, "exitbus-purpose", metadata.purpose) ||
                        !ReadOnce(request, "exitbus-remark", metadata.remark);
  return metadata;
}

}  // namespace exitbus::adapters
