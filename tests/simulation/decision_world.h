// A relocation from the room that Odense has to the take-over there. Each act in one call, repeated
// until it is answered.
#pragma once

#include <string>

#include "exitbus/relocation/v1/decision_service.pb.h"
#include "tests/simulation/places_world.h"

namespace exitbus::simulation {

class DecisionWorld : public PlacesWorld {
 public:
  // Odense is clear, has room, and the citizen says yes to it.
  explicit DecisionWorld(std::uint64_t seed = 1, bool daily = false);

  // At the contact point.
  absl::Status HearPlaces(const std::vector<std::string>& municipalities);
  absl::Status Decide(const std::string& municipality);
  absl::Status Revoke();
  absl::StatusOr<relocation::v1::Ranking> Rank();
  relocation::v1::MunicipalityBalance BalanceOf(const std::string& municipality);
  // At the authority in charge.
  absl::Status RecordHearing(const std::string& municipality, relocation::v1::CitizenAnswer answer);
  absl::Status InformCitizen();

  // It is decided; the handover to Odense is asked for; its terms are agreed; it is accepted;
  // offered.
  void Decided();
  void Asked();
  void Agreed();
  void Accepted();
  void Offered();

  std::string handover;
};

}  // namespace exitbus::simulation
