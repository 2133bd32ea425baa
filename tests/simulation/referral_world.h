// Somebody whom Vestegnen's unit, or the prison, refers to Ishøj. Each act in one call, repeated
// until it is answered.
#pragma once

#include <string>
#include <vector>

#include "exitbus/referral/v1/received_referral_service.pb.h"
#include "exitbus/referral/v1/referral_service.pb.h"
#include "tests/simulation/erasure_world.h"
#include "tests/simulation/insist.h"

namespace exitbus::simulation {

inline constexpr char kReferred[] = "6101900001";

class ReferralWorld : public ErasureWorld {
 public:
  using ErasureWorld::ErasureWorld;

  // With the citizen's consent, and an ordinary urgency; its id, or why not.
  static referral::v1::ReferCitizenRequest Of(const std::string& cpr_number, const Node& to);
  absl::StatusOr<std::string> Refer(Node& sender, referral::v1::ReferCitizenRequest request);
  absl::StatusOr<std::string> Refer(Node& sender);
  absl::Status TakeBack(Node& sender, const std::string& referral_id);
  absl::Status Return(const std::string& referral_id, referral::v1::ReturnGround ground);
  // At Ishøj, with nothing but the referral; the case's id.
  absl::StatusOr<std::string> Open(const std::string& referral_id);

  referral::v1::SentReferral SentBy(Node& sender, const std::string& referral_id);
  std::vector<referral::v1::ReceivedReferral> Received(bool open_only = false);
  // What is due within some seconds, all letters.
  void GoesOn();
  // The sender and Ishøj know the same of it, and it is over: nobody is named but by a case.
  void ExpectAgreed(Node& sender, const std::string& referral_id);
};

}  // namespace exitbus::simulation
