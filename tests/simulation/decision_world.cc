#include "tests/simulation/decision_world.h"

#include <gtest/gtest.h>

#include <utility>

#include "exitbus/handover/v1/handover_service.pb.h"
#include "services/exchange/proto_time.h"

namespace exitbus::simulation {
namespace {

namespace hv1 = handover::v1;
namespace lv1 = relocation::v1;

const std::string kHandovers = "exitbus.handover.v1.HandoverService.";

}  // namespace

DecisionWorld::DecisionWorld(std::uint64_t seed, bool daily) : PlacesWorld(seed, daily) {
  AskOdense();
  EXPECT_TRUE(GiveRoom(odense).ok());
  EXPECT_TRUE(world.Settle());
  EXPECT_TRUE(HearPlaces({kOdenseCode}).ok());
  EXPECT_TRUE(world.Settle());
  EXPECT_TRUE(RecordHearing(kOdenseCode, lv1::CITIZEN_ANSWER_YES).ok());
  EXPECT_TRUE(world.Settle());
}

absl::Status DecisionWorld::HearPlaces(const std::vector<std::string>& municipalities) {
  lv1::HearPlacesRequest request;
  request.set_relocation_id(id);
  request.mutable_municipalities()->Assign(municipalities.begin(), municipalities.end());
  return Insist<lv1::HearPlacesResponse>(desk, "RelocationDecisionService.HearPlaces", request)
      .status();
}

absl::Status DecisionWorld::Decide(const std::string& municipality) {
  lv1::DecideRelocationRequest request;
  request.set_relocation_id(id);
  request.set_municipality(municipality);
  request.add_reasons(lv1::PLACEMENT_REASON_RANKED_FIRST);
  return Insist<lv1::DecideRelocationResponse>(desk, "RelocationDecisionService.DecideRelocation",
                                               request)
      .status();
}

absl::Status DecisionWorld::Revoke() {
  lv1::RevokeRelocationDecisionRequest request;
  request.set_relocation_id(id);
  return Insist<lv1::RevokeRelocationDecisionResponse>(
             desk, "RelocationDecisionService.RevokeRelocationDecision", request)
      .status();
}

absl::StatusOr<lv1::Ranking> DecisionWorld::Rank() {
  lv1::RankPlacesRequest request;
  request.set_relocation_id(id);
  const auto answer =
      Insist<lv1::RankPlacesResponse>(desk, "RelocationDecisionService.RankPlaces", request);
  if (!answer.ok()) return answer.status();
  return answer->ranking();
}

lv1::MunicipalityBalance DecisionWorld::BalanceOf(const std::string& municipality) {
  const auto answer = Insist<lv1::GetRelocationBalanceResponse>(
      desk, "RelocationDecisionService.GetRelocationBalance", lv1::GetRelocationBalanceRequest());
  EXPECT_TRUE(answer.ok()) << answer.status();
  if (!answer.ok()) return {};
  for (const auto& one : answer->balance().municipalities()) {
    if (one.municipality() == municipality) return one;
  }
  return {};
}

absl::Status DecisionWorld::RecordHearing(const std::string& municipality,
                                          lv1::CitizenAnswer answer) {
  lv1::RecordHearingRequest request;
  request.set_relocation_id(id);
  request.set_municipality(municipality);
  request.mutable_hearing()->set_citizen(answer);
  request.mutable_hearing()->set_holder_view(lv1::HOLDER_VIEW_FOR);
  lv1::PlaceScore& score = *request.mutable_hearing()->add_scores();
  score.set_criterion(lv1::PLACE_CRITERION_FAMILY_AND_NETWORK);
  score.set_score(4);
  score.set_reason(lv1::SCORE_REASON_FAMILY_THERE);
  return Insist<lv1::RecordHearingResponse>(holder, "RelocationHearingService.RecordHearing",
                                            request)
      .status();
}

absl::Status DecisionWorld::InformCitizen() {
  lv1::RecordCitizenInformedRequest request;
  request.set_relocation_id(id);
  return Insist<lv1::RecordCitizenInformedResponse>(
             holder, "RelocationHearingService.RecordCitizenInformed", request)
      .status();
}

void DecisionWorld::Decided() {
  EXPECT_TRUE(Decide(kOdenseCode).ok());
  EXPECT_TRUE(world.Settle());
}

void DecisionWorld::Asked() {
  Decided();
  const auto asked = Request(world, holder, case_id, odense);
  EXPECT_TRUE(asked.ok()) << asked.status();
  if (asked.ok()) handover = asked->handover_id();
  EXPECT_TRUE(world.Settle());
}

void DecisionWorld::Agreed() {
  Asked();
  EXPECT_TRUE(Do(world, odense, "AgreeTerms", handover).ok());
  EXPECT_TRUE(world.Settle());
}

void DecisionWorld::Accepted() {
  Agreed();
  EXPECT_TRUE(Do(world, odense, "AcceptHandover", handover).ok());
  EXPECT_TRUE(world.Settle());
  EXPECT_TRUE(NeedNoNotice().ok());
  EXPECT_TRUE(world.Settle());
}

void DecisionWorld::Offered() {
  Accepted();
  EXPECT_TRUE(Do(world, holder, "OfferHandover", handover).ok());
  EXPECT_TRUE(world.Settle());
  // The unit there has the assessment by now, and says so again.
  EXPECT_TRUE(NeedNoNotice().ok());
  EXPECT_TRUE(world.Settle());
}

absl::Status DecisionWorld::Depart() {
  return Do(world, holder, "RecordDeparture", handover).status();
}

void DecisionWorld::Questioned() {
  world.Skip(absl::Hours(60 * 24));
  EXPECT_TRUE(world.Settle());
  EXPECT_TRUE(GetHandover(odense, handover)->acceptance().has_due());
}

absl::Status DecisionWorld::Confirm(Node& node) {
  return Do(world, node, "ConfirmAcceptance", handover).status();
}

void DecisionWorld::ExpectAcceptanceAgreed() {
  const auto ours = GetHandover(holder, handover);
  ASSERT_TRUE(ours.ok()) << ours.status();
  const auto theirs = GetHandover(odense, handover);
  if (!theirs.ok()) return;  // it knew nothing of it, or has erased it
  EXPECT_EQ(ours->acceptance().due().seconds(), theirs->acceptance().due().seconds());
  EXPECT_EQ(ours->acceptance().confirmed_there(), theirs->acceptance().confirmed_here());
}

void DecisionWorld::Found() {
  Accepted();
  for (const auto& [dwelling_id, kind] :
       {std::pair("a-boform", casework::v1::STAY_PLACE_KIND_BOFORM),
        std::pair("a-flat", casework::v1::STAY_PLACE_KIND_DWELLING)}) {
    hv1::ProposeDwellingRequest proposed;
    proposed.set_handover_id(handover);
    proposed.set_dwelling_id(dwelling_id);
    proposed.set_kind(kind);
    EXPECT_TRUE(
        Insist<hv1::ProposeDwellingResponse>(odense, kHandovers + "ProposeDwelling", proposed)
            .ok());
    hv1::VerifyDwellingRequest verified;
    verified.set_handover_id(handover);
    verified.set_dwelling_id(dwelling_id);
    EXPECT_TRUE(
        Insist<hv1::VerifyDwellingResponse>(odense, kHandovers + "VerifyDwelling", verified).ok());
  }
}

absl::Status DecisionWorld::Choose(const std::string& dwelling_id) {
  hv1::ChooseDwellingRequest request;
  request.set_handover_id(handover);
  request.set_dwelling_id(dwelling_id);
  return Insist<hv1::ChooseDwellingResponse>(odense, kHandovers + "ChooseDwelling", request)
      .status();
}

absl::Status DecisionWorld::RaiseDispute(Node& node, casework::v1::DisputeParty acting,
                                         casework::v1::DisputeSubject subject) {
  hv1::RaiseDisputeRequest request;
  request.set_handover_id(handover);
  request.set_subject(subject);
  request.set_acting(acting);
  *request.mutable_raised() = exchange::ToProto(world.domain_clock.Now() - absl::Hours(24));
  return Insist<hv1::RaiseDisputeResponse>(node, kHandovers + "RaiseDispute", request).status();
}

absl::Status DecisionWorld::SettleDispute(Node& node, casework::v1::DisputeSubject subject) {
  hv1::SettleDisputeRequest request;
  request.set_subject(subject);
  request.set_handover_id(handover);
  request.set_outcome(casework::v1::DISPUTE_PARTY_FORMER_HANDLEKOMMUNE);
  *request.mutable_settled() = exchange::ToProto(world.domain_clock.Now() - absl::Hours(1));
  return Insist<hv1::SettleDisputeResponse>(node, kHandovers + "SettleDispute", request).status();
}

void DecisionWorld::ExpectDwellingAgreed() {
  auto ours = GetHandover(holder, handover);
  ASSERT_TRUE(ours.ok()) << ours.status();
  auto theirs = GetHandover(odense, handover);
  if (ours->stage() >= hv1::HANDOVER_STAGE_REJECTED) {
    EXPECT_FALSE(ours->has_dwelling());
    EXPECT_TRUE(ours->disputes().empty());
    return;
  }
  if (!theirs.ok()) return;  // it waits for the inquiry
  EXPECT_TRUE(ours->dwellings().empty()) << "which it is nobody else knows";
  theirs->mutable_dwelling()->clear_stage();  // what is only found is not told
  ours->mutable_dwelling()->clear_stage();
  EXPECT_EQ(ours->dwelling().ShortDebugString(), theirs->dwelling().ShortDebugString());
  ASSERT_EQ(ours->disputes_size(), theirs->disputes_size());
  for (int i = 0; i < ours->disputes_size(); ++i) {
    EXPECT_EQ(ours->disputes(i).ShortDebugString(), theirs->disputes(i).ShortDebugString());
  }
  if (!ours->has_taken_over()) return;
  const auto here = GetCase(holder, case_id);
  const auto there = GetCase(odense, case_id);
  ASSERT_TRUE(here.ok() && there.ok()) << here.status() << there.status();
  EXPECT_EQ(here->handlekommune(), "") << "who has let it go hears of it no more";
  EXPECT_EQ(there->handlekommune(), ours->dwelling().handlekommune());
}

absl::Status DecisionWorld::Arrive(Node& node) {
  return Do(world, node, "RecordArrival", handover).status();
}

absl::Status DecisionWorld::NeedNoNotice() {
  police::v1::StateNoNoticeNeededRequest request;
  request.set_security_id(FileOf(fyn).security_id());
  return Insist<police::v1::StateNoNoticeNeededResponse>(
             fyn, "exitbus.police.v1.SecurityService.StateNoNoticeNeeded", request)
      .status();
}

absl::Status DecisionWorld::StateWhereabouts(Node& unit, lv1::Whereabouts whereabouts) {
  police::v1::StateWhereaboutsRequest request;
  request.set_security_id(FileOf(unit).security_id());
  request.set_whereabouts(whereabouts);
  return Insist<police::v1::StateWhereaboutsResponse>(
             unit, "exitbus.police.v1.SecurityService.StateWhereabouts", request)
      .status();
}

absl::Status DecisionWorld::TakeOver() {
  if (JourneyAt(odense).number() > 0) (void)Arrive(odense);
  return Do(world, odense, "TakeOverCase", handover).status();
}

police::v1::SecurityFile DecisionWorld::FileOf(Node& unit) {
  for (const auto& file : FilesAt(unit)) {
    if (file.transfer().handover_id() == handover) return file;
  }
  return {};
}

lv1::Journey DecisionWorld::JourneyAt(Node& node) {
  if (&node == &vestegnen || &node == &fyn) return FileOf(node).journey();
  const auto seen = GetHandover(node, handover);
  return seen.ok() ? seen->journey() : lv1::Journey();
}

void DecisionWorld::ExpectJourneyAgreed() {
  const auto ours = GetHandover(holder, handover);
  ASSERT_TRUE(ours.ok()) << ours.status();
  const bool moved = ours->has_taken_over();
  const bool ended = ours->stage() >= handover::v1::HANDOVER_STAGE_REJECTED;
  const auto seen_at = [&](Node& node) {
    const lv1::Journey seen = JourneyAt(node);
    return seen.number() == 0
               ? ""
               : absl::StrCat(lv1::JourneyStage_Name(seen.stage()), " ", seen.number(), " ",
                              lv1::Whereabouts_Name(seen.whereabouts()), " ", seen.stated_by_unit(),
                              seen.overdue() ? " missing" : "", seen.has_due() ? " due" : "");
  };
  // The new side keeps it with the case, and forgets it with the person; the old one likewise.
  EXPECT_EQ(seen_at(vestegnen), seen_at(holder));
  EXPECT_EQ(seen_at(fyn), seen_at(odense));
  if (moved) {
    EXPECT_EQ(seen_at(holder), "");
  } else if (ended) {
    EXPECT_EQ(seen_at(odense), "");
  } else {
    EXPECT_EQ(seen_at(holder), seen_at(odense));
  }
  if (!ended) return;
  const lv1::JourneyStage stage = JourneyAt(holder).stage();
  EXPECT_TRUE(stage != lv1::JOURNEY_STAGE_UNDER_WAY && stage != lv1::JOURNEY_STAGE_ARRIVED);
}

}  // namespace exitbus::simulation
