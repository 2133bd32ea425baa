#include "tools/exitctl/call.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <ostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/grpc/errors.h"
#include "adapters/grpc/grpc_client.h"
#include "adapters/system/shown.h"
#include "services/exchange/ports/time.h"
#include "tools/exitctl/methods.h"
#include "tools/exitctl/rendering.h"

namespace exitbus::exitctl {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr int kPagesMax = 100;

const FieldDescriptor* StringField(const Message& message, const std::string& name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  return field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_STRING ? field : nullptr;
}

// Where a mutation has none. Also told: what a repeat must carry to get the same outcome.
void FillRequestId(Message& request, exchange::Random& random, Terminal terminal) {
  const FieldDescriptor* field = StringField(request, "request_id");
  if (field == nullptr) return;
  const auto* reflection = request.GetReflection();
  if (!reflection->GetString(request, field).empty()) return;
  const std::string id = exchange::FreshUuid(random);
  reflection->SetString(&request, field, id);
  terminal.err << "request_id: " << id << "\n";
}

// Takes the reply's page token for the next request; false: it was the last page.
bool TurnPage(const Message& reply, Message& request) {
  const FieldDescriptor* next = StringField(reply, "next_page_token");
  const FieldDescriptor* token = StringField(request, "page_token");
  if (next == nullptr || token == nullptr) return false;
  const std::string value = reply.GetReflection()->GetString(reply, next);
  request.GetReflection()->SetString(&request, token, value);
  return !value.empty();
}

std::string RemedyFor(const absl::Status& status) {
  if (absl::IsUnavailable(status)) {
    return "Look at the address, whether the service runs, and whether each side's certificate is "
           "known to the other. A change may be repeated with the same request_id.";
  }
  if (absl::IsDeadlineExceeded(status)) {
    return "Repeat it with the same request_id, or wait longer with --timeout-s.";
  }
  return "";
}

}  // namespace

adapters::CallOptions OptionsOf(const Profile& profile) {
  adapters::CallOptions options;
  options.timeout = profile.timeout;
  if (!profile.employee.empty()) {
    options.metadata.emplace_back("exitbus-employee", profile.employee);
  }
  if (!profile.purpose.empty()) options.metadata.emplace_back("exitbus-purpose", profile.purpose);
  if (!profile.remark.empty()) options.metadata.emplace_back("exitbus-remark", profile.remark);
  return options;
}

absl::StatusOr<std::unique_ptr<Message>> RequestFromJson(const MethodDescriptor& method,
                                                         const std::string& json) {
  std::unique_ptr<Message> request = NewRequest(method);
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, request.get());
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("this is no ", method.input_type()->name(), ": ",
                                                   parsed.message().ToString(),
                                                   "\nsee: exitctl describe ", method.name()));
  }
  return request;
}

int Call(adapters::GrpcClient& client, const MethodDescriptor& method, Message& request,
         const Profile& profile, Form form, bool whole_list, exchange::Random& random,
         Terminal terminal) {
  FillRequestId(request, random, terminal);
  const adapters::CallOptions options = OptionsOf(profile);
  std::unique_ptr<Message> whole;
  for (int page = 0; page < kPagesMax; ++page) {
    auto reply = client.Call(method.full_name(), request, options);
    if (!reply.ok()) return PrintFailure(reply.status(), terminal);
    const bool more = whole_list && TurnPage(**reply, request);
    if (whole == nullptr) {
      whole = *std::move(reply);
    } else {
      // Lists append; the page token must be the last page's, also where that is empty.
      if (const auto* token = StringField(*whole, "next_page_token")) {
        whole->GetReflection()->ClearField(whole.get(), token);
      }
      whole->MergeFrom(**reply);
    }
    if (!more) break;
  }
  terminal.out << (form == Form::kJson ? AsJson(*whole) : AsText(*whole)) << std::flush;
  return kDone;
}

int PrintFailure(const absl::Status& status, Terminal terminal) {
  const adapters::CallError error = adapters::ErrorOf(status);
  const bool unreachable = absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
  terminal.err << (unreachable && error.reason.empty() ? "no answer: " : "refused: ")
               << (error.reason.empty()
                       ? absl::StatusCodeToString(error.code)
                       : error.reason + " (" + absl::StatusCodeToString(error.code) + ")")
               << "\n";
  if (!error.message.empty()) terminal.err << "  " << adapters::Shown(error.message) << "\n";
  for (const auto& [key, value] : error.metadata) {
    terminal.err << "  " << adapters::Shown(key) << ": " << adapters::Shown(value) << "\n";
  }
  // A refusal says itself what to do.
  const std::string remedy = error.reason.empty() ? RemedyFor(status) : "";
  if (!remedy.empty()) terminal.err << "  " << remedy << "\n";
  return unreachable ? kUnreachable : kRefused;
}

}  // namespace exitbus::exitctl
