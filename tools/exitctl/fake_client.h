// A service that answers what the test says. For tests.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/grpc/grpc_client.h"

namespace exitbus::exitctl {

class FakeClient final : public adapters::GrpcClient {
 public:
  using Answer =
      std::function<Reply(const google::protobuf::Message&, const adapters::CallOptions&)>;
  // What one stream brings, its end included.
  using Stream = std::deque<Reply>;

  explicit FakeClient(Answer answer) : answer_(std::move(answer)) {}
  explicit FakeClient(std::vector<Stream> streams)
      : streams_(std::make_move_iterator(streams.begin()), std::make_move_iterator(streams.end())) {
  }

  Reply Call(const std::string& method, const google::protobuf::Message& request,
             const adapters::CallOptions& options) override;
  void CallAsync(const std::string& method, const google::protobuf::Message& request,
                 const adapters::CallOptions& options,
                 absl::AnyInvocable<void(Reply)> done) override;
  absl::StatusOr<std::unique_ptr<adapters::GrpcWatch>> Watch(
      const std::string& method, const adapters::CallOptions& options) override;

  // What the clients of the streams sent, as short text.
  std::vector<std::string> sent;

 private:
  const Answer answer_;
  std::deque<Stream> streams_;
};

// A stream's end, as a service refuses it.
FakeClient::Reply Refused(absl::StatusCode code, const std::string& rule);

template <class... Replies>
FakeClient::Stream StreamOf(Replies... replies) {
  FakeClient::Stream stream;
  (stream.push_back(std::move(replies)), ...);
  return stream;
}

template <class... Streams>
FakeClient ClientOf(Streams... streams) {
  std::vector<FakeClient::Stream> all;
  (all.push_back(std::move(streams)), ...);
  return FakeClient(std::move(all));
}

}  // namespace exitbus::exitctl
