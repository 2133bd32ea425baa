// The person of a case at a temporary place in Odense, whose police unit is Fyn's. Each act in one
// call, repeated until it is answered.
#pragma once

#include <string>
#include <vector>

#include "exitbus/casework/v1/stay.pb.h"
#include "exitbus/police/v1/stay.pb.h"
#include "exitbus/pool/v1/pool.pb.h"
#include "tests/simulation/address_world.h"

namespace exitbus::simulation {

class StayWorld : public AddressWorld {
 public:
  using AddressWorld::AddressWorld;

  // By the authority in charge.
  absl::Status AskForAPlace();
  // By Vestegnen's unit, for so many days from now; of the newest stay.
  absl::Status PlaceAway(int days = 20, std::uint64_t applied_dkk = 20000);
  absl::Status ExtendStay(int days, std::uint64_t applied_dkk = 0);
  absl::Status EndStay(casework::v1::StayEnd end = casework::v1::STAY_END_HOME);
  absl::Status WithdrawApplication();
  absl::Status ReturnAccount(std::uint64_t spent_dkk);
  // By Fyn's.
  absl::Status AnswerStay(relocation::v1::PlaceSafety answer);
  // At the contact point, of the newest application.
  absl::Status GrantStay();
  absl::Status RefuseStay();
  absl::Status PayStay();

  // Placed, and Fyn's unit has read it.
  void Placed();

  std::vector<police::v1::Stay> Stays();
  police::v1::Stay NewestStay();
  std::vector<police::v1::HostedStay> Hosted();
  std::vector<casework::v1::TemporaryRelocation> Told();
  std::vector<pool::v1::PoolApplication> Applications();

  // All who are told of a stay know the same of it, each what is for him; nobody is at two places.
  void ExpectStaysAgreed();

 private:
  template <class Response, class Request>
  absl::Status Desk(const std::string& method, Request request);
};

}  // namespace exitbus::simulation
