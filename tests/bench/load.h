// An authority's system at work: cases of its own, each asked to be handed over to another
// authority. One such command makes two letters, the request and its one term.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "adapters/grpc/grpc_client.h"
#include "tests/bench/commits.h"
#include "tests/story/deployment.h"

namespace exitbus::bench {

inline constexpr int kLettersPerCommand = 2;

class Load {
 public:
  // Of commands from `sender` that hand over to `recipient`. `persons`: so many of those made up
  // have cases already.
  static absl::StatusOr<std::unique_ptr<Load>> Make(const story::Deployment& deployment,
                                                    const story::Member& sender,
                                                    const story::Member& recipient,
                                                    int persons = 0);

  // Cases that can be handed over, one for each command to come. Ends when all letters about them
  // are receipted.
  absl::Status Prepare(int cases);

  struct Times {
    std::vector<absl::Duration> answered;   // from the call to the answer "accepted"
    std::vector<absl::Duration> delivered;  // from that answer to the recipient's durable commit
  };
  // `count` commands at an even pace; each case is used once.
  absl::StatusOr<Times> Paced(int per_second, int count);
  // `count` commands as fast as they are answered. Letters per second, from the first command to
  // the sender's last durable commit of a receipt.
  absl::StatusOr<double> Flood(int count);

 private:
  using Request = std::unique_ptr<google::protobuf::Message>;
  using OnReply = std::function<void(int index, const google::protobuf::Message& reply)>;

  Load() = default;
  // Calls for each index from 0, at most `in_flight` at a time, at `pace` apart; waits for all.
  absl::Status CallAll(const std::string& method, int count, int in_flight, absl::Duration pace,
                       const std::function<Request(int index)>& request, const OnReply& on_reply);
  // A request for the next case.
  Request NextHandover();

  std::string sender_;
  std::string recipient_;
  int reason_ = 0;  // handover.v1.HandoverReason, as it goes between these two
  adapters::CallOptions options_;
  std::unique_ptr<adapters::GrpcClient> client_;
  std::unique_ptr<Commits> inbox_;   // the recipient's
  std::unique_ptr<Commits> outbox_;  // the sender's
  std::vector<std::string> cases_;
  int persons_ = 0;
};

}  // namespace exitbus::bench
