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

  // It is decided; the handover to Odense is asked for; its terms are agreed; it is accepted, and
  // the population register there needs no notice; offered.
  void Decided();
  void Asked();
  void Agreed();
  void Accepted();
  void Offered();

  // Of the handover to Odense. Who has departed arrives before he is taken over.
  absl::Status Depart();
  absl::Status Arrive(Node& node);
  absl::Status NeedNoNotice();
  absl::Status StateWhereabouts(Node& unit, relocation::v1::Whereabouts whereabouts);
  absl::Status TakeOver();
  // Of its acceptance: both sides are asked whether it still holds; this one says so.
  void Questioned();
  absl::Status Confirm(Node& node);
  // Who is open to be asked is asked by the holder's word, until the same time.
  void ExpectAcceptanceAgreed();
  // Odense has found a boform and an ordinary dwelling, and both are fit; the citizen chooses.
  void Found();
  absl::Status Choose(const std::string& dwelling_id);
  // About who acts; the outcome is for the former handlekommune.
  absl::Status RaiseDispute(
      Node& node, casework::v1::DisputeParty acting,
      casework::v1::DisputeSubject subject = casework::v1::DISPUTE_SUBJECT_HANDLEKOMMUNE);
  absl::Status SettleDispute(Node& node, casework::v1::DisputeSubject subject =
                                             casework::v1::DISPUTE_SUBJECT_HANDLEKOMMUNE);
  // Both sides show the same of what kind is chosen, who acts, who pays, and the disputes.
  void ExpectDwellingAgreed();
  // As this side, or this police unit, sees it.
  relocation::v1::Journey JourneyAt(Node& node);
  // All who follow the handover know the same of the journey, and nobody else knows of it.
  void ExpectJourneyAgreed();

  std::string handover;

 protected:
  // What the unit has on this handover; empty: nothing.
  police::v1::SecurityFile FileOf(Node& unit);
};

}  // namespace exitbus::simulation
