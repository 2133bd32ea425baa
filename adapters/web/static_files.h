// The files of a configured folder, as pages. Internal to this folder.
#pragma once

#include <string>

#include "adapters/web/http.h"

namespace exitbus::adapters {

// "/" is index.html. 404: there is no such file, its name is none that is served, it is no regular
// file of this folder, or its type is not listed.
HttpReply StaticFile(const std::string& folder, const std::string& path, bool takes_gzip);

}  // namespace exitbus::adapters
