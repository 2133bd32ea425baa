// A google.rpc.Status as the Connect protocol says it. Internal to this folder.
#pragma once

#include <string>

#include "adapters/web/http.h"

namespace google::rpc {
class Status;
}

namespace exitbus::adapters {

// Of a google.rpc.Code other than OK.
int HttpStatusOf(int code);

// {"code": …, "message": …, "details": […]}, each detail in clear beside its bytes.
std::string ConnectErrorJson(const google::rpc::Status& status);

HttpReply ConnectErrorReply(const google::rpc::Status& status);

}  // namespace exitbus::adapters
