// Whether a request comes from a page of ours, or from no page at all. Internal to this folder.
#pragma once

namespace exitbus::adapters {

struct HttpRequest;

// False: a browser sent it for a page of another origin, whose people have nothing to ask here.
bool IsSameOrigin(const HttpRequest& request);

}  // namespace exitbus::adapters
