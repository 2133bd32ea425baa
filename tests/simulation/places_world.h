// A request that was found necessary, and the places considered for it: Odense, in Fyn's district,
// and Albertslund, in Vestegnen's own. Each act in one call, repeated until it is answered.
#pragma once

#include <string>
#include <vector>

#include "exitbus/relocation/v1/conflict_service.pb.h"
#include "exitbus/relocation/v1/inquiry_service.pb.h"
#include "tests/simulation/relocation_world.h"

namespace exitbus::simulation {

inline constexpr char kOdenseCode[] = "0461";
inline constexpr char kAlbertslundCode[] = "0165";

// Blind letters of these do, from a start anew on.
void LeaveInTheMorning(const std::vector<Node*>& nodes);

class PlacesWorld : public RelocationWorld {
 public:
  // `daily`: blind letters leave in the morning.
  explicit PlacesWorld(std::uint64_t seed = 1, bool daily = false);

  // At the police unit of the case. `unsafe`: municipalities or districts.
  absl::Status State(const std::vector<std::string>& unsafe = {});
  absl::Status AnswerPlace(const std::string& municipality, relocation::v1::PlaceSafety safety);
  // At the contact point.
  absl::Status AskPlaces(const std::vector<std::string>& municipalities);
  absl::Status Inquire(const std::string& municipality);
  absl::Status EndInquiry(const std::string& municipality);
  // At the other unit, of the newest that it was asked.
  absl::Status AnswerConflict(relocation::v1::PlaceSafety safety);
  // At the municipality, of the newest that it was asked.
  absl::Status GiveRoom(Node& municipality);
  absl::Status Decline(Node& municipality);

  std::vector<relocation::v1::AskedConflict> ConflictsAt(Node& unit);
  std::vector<relocation::v1::MunicipalityInquiry> InquiriesAt(Node& municipality);
  // As this authority sees it; empty: it is not there.
  relocation::v1::RelocationPlace PlaceAt(Node& node, const std::string& municipality);

  // As machines do that sleep, and work at the end of it for some minutes. A night ends in the
  // morning, after all that leaves then.
  void Sleep(absl::Duration time);
  void PassNights(int nights);

  // The police have said that Odense is safe; and it is asked.
  void ClearOdense();
  void AskOdense();

  std::string id;

 private:
  absl::Status Answer(Node& municipality, relocation::v1::AnswerRelocationInquiryRequest request);
};

}  // namespace exitbus::simulation
