// What an HTTP request says of the call it carries. Internal to this folder.
#pragma once

#include "adapters/api/admission.h"

namespace exitbus::adapters {

struct HttpRequest;

// From the headers "exitbus-employee", "exitbus-purpose" and "exitbus-remark"; from "…-bin", base64
// of UTF-8, as a browser's headers cannot hold all letters; or from the query, as a browser's event
// streams have no headers. Once each in all.
CallMetadata MetadataOf(const HttpRequest& request);

}  // namespace exitbus::adapters
