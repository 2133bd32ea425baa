// Notices to Odense's population register, in a world where the person of a case moves there. Each
// act in one call, repeated until it is answered.
#pragma once

#include <string>
#include <vector>

#include "exitbus/address/v1/address.pb.h"
#include "exitbus/address/v1/notice_service.pb.h"
#include "tests/simulation/decision_world.h"

namespace exitbus::simulation {

// Whose case it is.
inline constexpr char kMover[] = "6101900001";

class AddressWorld : public DecisionWorld {
 public:
  using DecisionWorld::DecisionWorld;

  // Accepted or offered, and nothing is said yet of the address; Fyn's unit knows whose it is.
  void AcceptedOnly();
  void OfferedOnly();

  // By Vestegnen's unit to Fyn's.
  absl::Status TransferAssessment();
  // To Odense, for the move, tomorrow.
  address::v1::GiveAddressNoticeRequest NoticeOf(const std::string& cpr_number);
  // By Fyn's unit, of whose move it is, with a child. `notice_id`: once more. Its id; or why not.
  absl::StatusOr<std::string> Give(const std::string& notice_id = "", int children = 1);
  absl::StatusOr<std::string> Give(Node& unit, address::v1::GiveAddressNoticeRequest request);
  absl::Status End(const std::string& notice_id, bool lives_elsewhere = false);
  // By the clerks of Odense's population register.
  absl::Status Record(const std::string& notice_id, address::v1::AddressAct act);

  std::vector<address::v1::AddressNotice> NoticesAt(Node& unit);
  std::vector<address::v1::AddressDuty> DutiesAt(Node& municipality);
  // The newest that Fyn's unit gave; empty: none.
  std::string Newest();
  handover::v1::AddressProtection Protection();
  // The unit and the register know the same of each notice, the authority in charge what they come
  // to, and nothing stands for a move that is called off.
  void ExpectNoticesAgreed();
};

}  // namespace exitbus::simulation
