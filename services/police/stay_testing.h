// A person at a temporary place as he is given to tests, and as he goes on.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "services/exchange/proto_time.h"
#include "services/police/stay.h"
#include "services/police/stay_inputs_testing.h"

namespace exitbus::police {

namespace cv1 = casework::v1;

inline std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::SecurityFile&>(state);
  if (file.stays().empty()) return "NONE";
  return cv1::StayStage_Name(file.stays().rbegin()->seen().stage())
      .substr(sizeof("STAY_STAGE_") - 1);
}

// Ids as they are made: all alike, or the next one each time.
class Ids : public exchange::NoLookup {
 public:
  std::string FreshId() const override {
    if (!counts) return id;
    id += "x";
    return id;
  }
  mutable std::string id = "fresh";
  bool counts = false;
};

// A stay as it goes on.
class StayTest : public testing::Test {
 protected:
  exchange::Decision Decided(const std::string& input) {
    exchange::Decision decision = inputs.Decide(input, *state, Now());
    if (decision.accepted()) inputs.aggregate().conclude(*state, Now(), decision);
    return decision;
  }
  exchange::Decision Happens(const std::string& input) {
    exchange::Decision decision = Decided(input);
    EXPECT_TRUE(decision.accepted()) << input << ": " << decision.refusal()->reason;
    state = decision.After(*state, inputs.aggregate().evolve);
    return decision;
  }
  void BecomesAs(const std::string& given) {
    ids.id = "fresh";
    auto file = std::make_shared<jv1::SecurityFile>(Of<jv1::SecurityFile>(
        R"(security_id: "the-file" standing: POLICE_STANDING_IN_CHARGE holder: "municipality-0183"
           person { cpr_number: "6101900001" name: "A" } requested { security_id: "the-file" }
           assessment { version: 1 threat_level: THREAT_LEVEL_HIGH }
           transfers { seen { handover_id: "before" holder: "municipality-0169"
                              receiver: "municipality-0183" stage: TRANSFER_STAGE_MOVED } }
           relocations { places { seen { municipality: "0751" safety: PLACE_SAFETY_NOT_POSSIBLE } } })"));
    if (given == "UNASSESSED") file->clear_assessment();
    if (given == "UNNAMED") file->clear_person();
    state = file;
    if (given == "REQUESTED") Happens("<TemporaryRelocationRequested");
    if (given == "NONE" || given == "UNASSESSED" || given == "UNNAMED" || given == "REQUESTED") {
      return;
    }
    Happens("PlaceTemporarily");
    if (given == "CLEAR") Happens("<StayAnswered, clear");
    if (given == "UNSAFE") Happens("<StayAnswered, not safe");
    if (given == "PAID") Happens("<PoolGrantPaid");
    if (given == "WAY_BACK") Happens("<PoolApplicationDecided, refused");
    if (given == "ENDED" || given == "ERASED") Happens("EndStay");
    if (given == "ERASED") Happens("<StayAnswered, all is erased");
    if (given == "FORMER") Leave();
  }
  void Leave() {
    auto file = std::make_shared<jv1::SecurityFile>(File());
    file->set_standing(v1::POLICE_STANDING_FORMER);
    file->set_holder("municipality-0461");
    auto& transfer = *file->add_transfers()->mutable_seen();
    transfer.set_holder("municipality-0183");
    transfer.set_receiver("municipality-0461");
    transfer.set_stage(v1::TRANSFER_STAGE_MOVED);
    state = file;
  }
  exchange::DecisionContext Now() const {
    exchange::DecisionContext context = vestegnen.DecisionContextFor();
    context.now += later;
    context.lookup = &ids;
    return context;
  }
  const jv1::SecurityFile& File() const { return static_cast<const jv1::SecurityFile&>(*state); }
  const jv1::Stay& Stay() const { return *File().stays().rbegin(); }
  absl::Time EndDue() const { return exchange::FromProto(Stay().end().due()); }
  // The stay, as somebody is told of it by this decision; empty: he is not.
  static std::string HeardBy(const DirectoryEntry& who, const exchange::Decision& decision,
                             const std::string& kind) {
    const auto* const told = exchange::Told(decision, who.id, kind);
    return told == nullptr ? "" : told->ShortDebugString();
  }
  // What falls due by now, as the engine finds it.
  std::vector<std::string> Alarms() {
    std::vector<std::string> alarms;
    for (const exchange::Deadline& deadline : inputs.aggregate().deadlines(*state)) {
      const auto decision = inputs.aggregate().decide_deadline(*state, deadline.name, Now());
      for (const auto& [severity, event] : decision.reports()) alarms.push_back(event);
    }
    return alarms;
  }

  const exchange::Deciding vestegnen{kVestegnen, {kIshoej, kAlbertslund, kFormer, kFyn, kDesk}};
  const Inputs inputs = StayInputs();
  Ids ids;
  std::shared_ptr<const google::protobuf::Message> state;
  absl::Duration later;
};

}  // namespace exitbus::police
