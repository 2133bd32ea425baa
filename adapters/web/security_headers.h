// What every answer of the web gateway tells the browser that it may not do. Internal to this
// folder.
#pragma once

#include "adapters/web/http.h"

namespace exitbus::adapters {

const HttpHeaders& SecurityHeaders();

}  // namespace exitbus::adapters
