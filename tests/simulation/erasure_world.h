// A case that was told to everybody there is, and what is left of it anywhere. For the tests of its
// erasure.
#pragma once

#include <string>
#include <vector>

#include "exitbus/casework/v1/erasure_service.pb.h"
#include "exitbus/contact_point/v1/handover_desk.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {

class ErasureWorld {
 public:
  explicit ErasureWorld(std::uint64_t seed = 1);

  std::vector<Node*> All() {
    return {&ishoej, &albertslund, &odense, &prison, &vestegnen, &fyn, &desk, &nec};
  }

  // The police of Ishøj's district have assessed the person of this case, Ishøj's.
  void Assessed(const std::string& case_id);
  absl::Status AssessAnew(Node& police);  // its newest file
  // `Assessed`, and moved from Ishøj to another municipality; to Odense into Fyn's district.
  void MovedTo(Node& receiver, const std::string& case_id);
  absl::Status Withdraw(Node& node, const std::string& case_id);

  absl::StatusOr<casework::v1::Erasure> Erase(
      Node& node, const std::string& case_id,
      casework::v1::ErasureReason reason = casework::v1::ERASURE_REASON_CITIZENS_RIGHT);
  std::vector<casework::v1::Erasure> ErasuresAt(Node& node);
  casework::v1::Erasure ErasureAt(Node& node);  // the only one
  std::vector<police::v1::SecurityFile> FilesAt(Node& police);
  std::size_t MonitoredAtTheDesk();

  // Everywhere: no key of a person's, nothing planted in what can be read with all the keys there
  // are, every erasure complete, no letter refused or lost; chain and evidence verify.
  void ExpectNothingLeft();
  // What of the planted values can be read in this authority's store, with its keys.
  std::vector<std::string> PlantedAt(Node& node);
  // Its erasure scopes that can still be read, but for its own.
  static std::vector<std::string> UnitsOf(Node& node);

  World world;
  Node& ishoej;
  Node& albertslund;
  Node& odense;
  Node& prison;
  Node& vestegnen;
  Node& fyn;
  Node& desk;
  Node& nec;
};

}  // namespace exitbus::simulation
