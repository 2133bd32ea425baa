// A case whose person has to move: Ishøj is in charge of it, or a prison, Vestegnen's police unit
// nominates, the contact point assesses. Each act in one call, repeated until it is answered.
#pragma once

#include <string>

#include "exitbus/relocation/v1/relocation_service.pb.h"
#include "tests/simulation/erasure_world.h"

namespace exitbus::simulation {

class RelocationWorld : public ErasureWorld {
 public:
  // The unit has assessed whom the case is about.
  explicit RelocationWorld(std::uint64_t seed = 1, bool in_custody = false);

  // The request's id.
  absl::StatusOr<std::string> Propose();
  absl::StatusOr<std::string> Nominate();
  absl::StatusOr<std::string> Nominate(const std::string& security_id);
  absl::Status WithdrawRequest(Node& node, const std::string& id,
                               relocation::v1::RelocationWithdrawalReason reason =
                                   relocation::v1::RELOCATION_WITHDRAWAL_REASON_NO_LONGER_NEEDED);
  absl::Status Assess(const std::string& id, relocation::v1::AssessmentOutcome outcome);

  // As this authority sees it; empty: it is not there.
  relocation::v1::Relocation At(Node& node, const std::string& id);
  // "PROPOSED", "NECESSARY", …; "": it is not there.
  std::string StageAt(Node& node, const std::string& id);
  // All three see it at that stage.
  void ExpectEverywhere(const std::string& id, const std::string& stage);
  // Nothing was refused between them, and what each has is whole.
  void ExpectSound();

  Node& holder;
  std::string case_id;

 protected:
  // Who dies of it is asked again. `method` is of the relocation's contracts, or a full name.
  template <class Response, class Request>
  absl::StatusOr<Response> Insist(Node& node, const std::string& method, Request request) {
    if constexpr (requires { request.set_request_id(""); }) {
      request.set_request_id(world.RequestId());
    }
    const bool is_whole = method.starts_with("exitbus.");
    const std::string whole = is_whole ? method : "exitbus.relocation.v1." + method;
    auto answer = node.Call<Response>(whole, request);
    for (int i = 0; i < 10 && absl::IsUnavailable(answer.status()); ++i) {
      world.Pass(absl::Seconds(10));
      answer = node.Call<Response>(whole, request);
    }
    return answer;
  }
};

}  // namespace exitbus::simulation
