#include "tools/exitctl/fake_client.h"

#include <google/protobuf/message.h>

#include <utility>

#include "grpcpp/support/status.h"
#include "services/exchange/ports/api.h"

namespace exitbus::exitctl {
namespace {

using google::protobuf::Message;

class FakeWatch final : public adapters::GrpcWatch {
 public:
  FakeWatch(FakeClient::Stream stream, std::vector<std::string>* sent)
      : stream_(std::move(stream)), sent_(sent) {}

  absl::Status Send(const Message& request) override {
    sent_->push_back(request.ShortDebugString());
    return absl::OkStatus();
  }
  absl::StatusOr<std::unique_ptr<Message>> Next(absl::Duration) override {
    auto next = std::move(stream_.front());
    stream_.pop_front();
    return next;
  }

 private:
  FakeClient::Stream stream_;
  std::vector<std::string>* const sent_;
};

}  // namespace

FakeClient::Reply FakeClient::Call(const std::string&, const Message& request,
                                   const adapters::CallOptions& options) {
  return answer_(request, options);
}

void FakeClient::CallAsync(const std::string&, const Message& request,
                           const adapters::CallOptions& options,
                           absl::AnyInvocable<void(Reply)> done) {
  done(answer_(request, options));
}

absl::StatusOr<std::unique_ptr<adapters::GrpcWatch>> FakeClient::Watch(
    const std::string&, const adapters::CallOptions&) {
  if (streams_.empty()) return absl::PermissionDeniedError("no stream is left");
  Stream stream = std::move(streams_.front());
  streams_.pop_front();
  return std::make_unique<FakeWatch>(std::move(stream), &sent);
}

FakeClient::Reply Refused(absl::StatusCode code, const std::string& rule) {
  return adapters::FromGrpcStatus(adapters::ToGrpcStatus({code, rule, "no more", {}}));
}

}  // namespace exitbus::exitctl
