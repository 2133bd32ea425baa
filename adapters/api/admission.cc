#include "adapters/api/admission.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/api/caller.h"
#include "google/protobuf/descriptor.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {
namespace {

exchange::Refusal SaidTwice() {
  return {
      .code = absl::StatusCode::kInvalidArgument,
      .reason = "caller.metadata_twice",
      .message = "Send \"exitbus-employee\", \"exitbus-purpose\" and \"exitbus-remark\" once each.",
      .metadata = {}};
}

exchange::Refusal Stopping(std::string_view then) {
  return {.code = absl::StatusCode::kUnavailable,
          .reason = "server.stopping",
          .message = absl::StrCat("The service is stopping; ", std::string(then)),
          .metadata = {}};
}

}  // namespace

Admission::Admission(std::string authority, std::size_t calls_of_one_system_max,
                     exchange::Telemetry* telemetry)
    : authority_(std::move(authority)),
      under_way_(calls_of_one_system_max),
      telemetry_(telemetry) {}

std::variant<exchange::Caller, exchange::Refusal> Admission::Admit(
    const ClientCertificate& certificate, CallMetadata metadata) {
  if (revoked_.Includes(certificate)) {
    exchange::Refusal refusal = CertificateRevoked();
    CountRefused(refusal);
    return refusal;
  }
  auto caller = CallerFromCommonName(certificate.common_name, authority_);
  if (auto* found = std::get_if<exchange::Caller>(&caller)) {
    found->employee = std::move(metadata.employee);
    found->purpose = std::move(metadata.purpose);
    found->remark = std::move(metadata.remark);
    if (metadata.said_twice) caller = SaidTwice();
  }
  if (const auto* refusal = std::get_if<exchange::Refusal>(&caller)) CountRefused(*refusal);
  return caller;
}

std::variant<CallsUnderWay::Place, exchange::Refusal> Admission::TakePlace(
    const exchange::Caller& caller) {
  if (CallsUnderWay::Place place = under_way_.Take(caller.system)) return place;
  exchange::Refusal refusal{
      .code = absl::StatusCode::kResourceExhausted,
      .reason = "caller.too_many_under_way",
      .message = absl::StrCat("Nothing was done: your system has ", under_way_.of_one_system_max(),
                              " calls under way, which is its share. Read the answers, then call "
                              "again."),
      .metadata = {}};
  CountRefused(refusal);
  return refusal;
}

void Admission::Count(const std::string& outcome) {
  telemetry_->Count("api.calls", {{"outcome", outcome}});
}

exchange::Refusal CertificateRevoked() {
  return {.code = absl::StatusCode::kUnauthenticated,
          .reason = "caller.certificate_revoked",
          .message = "This client certificate was revoked; have a new one issued.",
          .metadata = {}};
}

exchange::Refusal Malformed(const google::protobuf::MethodDescriptor& method) {
  return {.code = absl::StatusCode::kInvalidArgument,
          .reason = "request.malformed",
          .message = "The request is not a " + method.input_type()->full_name() +
                     ", whose texts are UTF-8.",
          .metadata = {}};
}

exchange::Refusal StoppingCall() { return Stopping("call again with the same request id."); }
exchange::Refusal StoppingWatch() {
  return Stopping("begin again with the last token you stored.");
}

}  // namespace exitbus::adapters
