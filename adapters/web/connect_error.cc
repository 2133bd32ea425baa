#include "adapters/web/connect_error.h"

#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "google/protobuf/util/json_util.h"
#include "google/rpc/status.pb.h"
#include "nlohmann/json.hpp"

namespace exitbus::adapters {
namespace {

using nlohmann::json;

struct Code {
  const char* name;
  int http_status;
};

// https://connectrpc.com/docs/protocol#error-codes, by gRPC's numbers.
const Code& CodeOf(int code) {
  static const auto* const codes = new std::map<int, Code>{{1, {"canceled", 499}},
                                                           {2, {"unknown", 500}},
                                                           {3, {"invalid_argument", 400}},
                                                           {4, {"deadline_exceeded", 504}},
                                                           {5, {"not_found", 404}},
                                                           {6, {"already_exists", 409}},
                                                           {7, {"permission_denied", 403}},
                                                           {8, {"resource_exhausted", 429}},
                                                           {9, {"failed_precondition", 400}},
                                                           {10, {"aborted", 409}},
                                                           {11, {"out_of_range", 400}},
                                                           {12, {"unimplemented", 501}},
                                                           {13, {"internal", 500}},
                                                           {14, {"unavailable", 503}},
                                                           {15, {"data_loss", 500}},
                                                           {16, {"unauthenticated", 401}}};
  const auto found = codes->find(code);
  return found == codes->end() ? codes->at(2) : found->second;
}

json DetailJson(const google::protobuf::Any& detail) {
  std::string value;
  absl::Base64Escape(detail.value(), &value);
  while (!value.empty() && value.back() == '=') value.pop_back();
  json shown = {{"type", detail.type_url().substr(detail.type_url().rfind('/') + 1)},
                {"value", std::move(value)}};
  std::string debug;
  if (google::protobuf::util::MessageToJsonString(detail, &debug).ok()) {
    json fields = json::parse(debug, nullptr, /*allow_exceptions=*/false);
    if (fields.is_object()) {
      fields.erase("@type");
      shown["debug"] = std::move(fields);
    }
  }
  return shown;
}

}  // namespace

int HttpStatusOf(int code) { return CodeOf(code).http_status; }

std::string ConnectErrorJson(const google::rpc::Status& status) {
  json error = {{"code", CodeOf(status.code()).name}};
  if (!status.message().empty()) error["message"] = status.message();
  for (const auto& detail : status.details()) error["details"].push_back(DetailJson(detail));
  return error.dump(-1, ' ', false, json::error_handler_t::replace);
}

HttpReply ConnectErrorReply(const google::rpc::Status& status) {
  return {.status = HttpStatusOf(status.code()),
          .headers = {{"Content-Type", "application/json"}},
          .body = ConnectErrorJson(status)};
}

}  // namespace exitbus::adapters
