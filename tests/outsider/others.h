// Everybody but the outsider, at work: how long their calls and letters take, and what their
// processes weigh.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "adapters/grpc/grpc_client.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "tests/bench/load.h"
#include "tests/story/deployment.h"

namespace exitbus::story {

// A client system that reads and, every fifth time, changes something, five times a second.
struct Caller {
  const Member* member;
  std::string certificate;  // its own; others of the same authority have others
  std::string reads;        // the method, full name
  bool opens_cases;
};

struct Seen {
  std::map<std::string, std::vector<absl::Duration>> took;  // by what was done
  std::map<std::string, double> mib;                        // the most, by authority
  std::vector<std::string> unanswered;                      // what, and why
};

class Others {
 public:
  // Letters from Kriminalforsorgen to Ishøj besides, with cases enough for so many seconds of work.
  static absl::StatusOr<std::unique_ptr<Others>> Make(Deployment* deployment,
                                                      std::vector<Caller> callers, int seconds);

  // Works for so long, and returns what it saw.
  Seen Work(int seconds);

 private:
  Others(Deployment* deployment, std::vector<Caller> callers)
      : deployment_(deployment), callers_(std::move(callers)) {}
  void Call(const Caller& caller, adapters::GrpcClient& client, absl::Time until, Seen& seen) const;
  void Weigh(absl::Time until, Seen& seen) const;

  Deployment* const deployment_;
  const std::vector<Caller> callers_;
  std::unique_ptr<bench::Load> letters_;
};

// Of a person made up anew.
casework::v1::OpenCaseRequest FreshCase();

// The value that so large a part (0 to 1) does not exceed; zero for none.
absl::Duration Quantile(std::vector<absl::Duration> values, double part);

}  // namespace exitbus::story
