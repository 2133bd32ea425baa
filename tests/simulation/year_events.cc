// What becomes of people, and the handovers that follow.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "exitbus/casework/v1/programme_service.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/kriminalforsorgen/v1/release_service.pb.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/year.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;

const std::string kCourse = "exitbus.casework.v1.ProgrammeService.";

constexpr absl::Duration kPause = absl::Hours(24 * 7 * 4);

// Of a hundred courses that are interrupted.
constexpr int kLeft = 50;
constexpr int kManagesAlone = 20;

// Whose move it is at a stage, and which.
struct Move {
  hv1::HandoverStage stage;
  hv1::Side side;
  const char* rpc;
};
constexpr Move kHandoverMoves[] = {
    {hv1::HANDOVER_STAGE_REQUESTED, hv1::SIDE_RECEIVER, "AgreeTerms"},
    {hv1::HANDOVER_STAGE_TERMS_COORDINATED, hv1::SIDE_RECEIVER, "AcceptHandover"},
    {hv1::HANDOVER_STAGE_ACCEPTED, hv1::SIDE_HOLDER, "OfferHandover"},
    {hv1::HANDOVER_STAGE_OFFERED, hv1::SIDE_RECEIVER, "TakeOverCase"},
    {hv1::HANDOVER_STAGE_TAKEN_OVER, hv1::SIDE_HOLDER, "AcknowledgeHandover"},
    {hv1::HANDOVER_STAGE_ACKNOWLEDGED, hv1::SIDE_RECEIVER, "CloseHandover"},
};

}  // namespace

void Year::End(Life& life, cv1::EndCode code) {
  cv1::EndProgrammeRequest end;
  end.set_code(code);
  end.set_ground(cv1::REJECTION_GROUND_NOT_MOTIVATED);
  end.set_reasons("canary-reason");
  *end.mutable_citizen_heard() = exchange::ToProto(Now());
  *end.mutable_evaluated() = exchange::ToProto(Now());
  const absl::Status ended = Ask<cv1::EndProgrammeResponse>(life, kCourse + "EndProgramme", end);
  EXPECT_TRUE(ended.ok()) << cv1::EndCode_Name(code) << " " << ended;
  life.end = code;
}

void Year::EndSomehow(Life& life) {
  if (Chance(kCompleted, kCompleted + kInterrupted)) return End(life, cv1::END_CODE_COMPLETED);
  if (Chance(kManagesAlone, 100)) return End(life, cv1::END_CODE_NO_LONGER_NEEDS_HELP);
  if (!Chance(kLeft, 100)) return End(life, cv1::END_CODE_LAPSED);
  EXPECT_TRUE(Withdraw(world, *life.holder, life.case_id).ok());
  Note("RecordWithdrawal");
  life.end = cv1::END_CODE_WITHDRAWN;
}

void Year::Happen(Life& life) {
  if (life.end != cv1::END_CODE_UNSPECIFIED || !life.handover.empty()) return;
  const auto seen = GetCase(*life.holder, life.case_id);
  ASSERT_TRUE(seen.ok()) << seen.status();
  if (seen->stage() != cv1::CASE_STAGE_ACTIVE || seen->has_paused()) return;
  if (Chance(1, life.volume->weeks)) return EndSomehow(life);
  if (Chance(kPauses)) {
    cv1::PauseProgrammeRequest request;
    request.set_reason(cv1::PAUSE_REASON_CITIZENS_WISH);
    EXPECT_TRUE(Ask<cv1::PauseProgrammeResponse>(life, kCourse + "PauseProgramme", request).ok());
    life.paused_until = Now() + kPause;
    return;
  }
  if (IsInCustody(life)) {
    if (Chance(kIsReleased)) HandOn(life, all_.Municipality(life.home));
  } else if (Chance(kMoves)) {
    life.home = all_.codes()[random_() % all_.codes().size()];
    HandOn(life, all_.Municipality(life.home));
  } else if (Chance(kIsTakenIntoCustody)) {
    HandOn(life, *prisons_[random_() % prisons_.size()]);
  }
}

void Year::HandOn(Life& life, Node& to) {
  if (&to == life.holder) return;
  if (IsInCustody(life)) {
    kriminalforsorgen::v1::PlanReleaseRequest plan;
    *plan.mutable_planned_release() = exchange::ToProto(Now());
    EXPECT_TRUE(Ask<kriminalforsorgen::v1::PlanReleaseResponse>(
                    life, "exitbus.kriminalforsorgen.v1.ReleaseService.PlanRelease", plan)
                    .ok());
  }
  const auto requested = Request(world, *life.holder, life.case_id, to);
  ASSERT_TRUE(requested.ok()) << requested.status();
  Note("RequestHandover", to.id());
  life.handover = requested->handover_id();
  life.from = life.holder;
  life.to = &to;
}

void Year::ReadPrecautionsOf(const Handover& seen, Node& receiver) {
  const cv1::SecurityPicture& picture = seen.security();
  if (picture.version() == 0 || !picture.acknowledged_by().empty()) return;
  hv1::AcknowledgePrecautionsRequest request;
  request.set_request_id(world.RequestId());
  request.set_handover_id(seen.handover_id());
  request.set_version(picture.version());
  const auto read =
      receiver.CallHandover("exitbus.handover.v1.HandoverService.AcknowledgePrecautions", request);
  EXPECT_TRUE(read.ok()) << read.status();
  Note("AcknowledgePrecautions", receiver.id());
}

bool Year::ActOnHandover(Life& life) {
  for (Node* const side : {life.from, life.to}) {
    if (life.handover.empty()) return false;
    const auto seen = GetHandover(*side, life.handover);
    if (!seen.ok()) continue;  // the request is on its way
    const auto* const move =
        std::find_if(std::begin(kHandoverMoves), std::end(kHandoverMoves),
                     [&](const Move& one) { return one.stage == seen->stage(); });
    if (side == life.to && seen->stage() <= hv1::HANDOVER_STAGE_OFFERED) {
      ReadPrecautionsOf(*seen, *side);
    }
    if (move == std::end(kHandoverMoves) || move->side != seen->side()) continue;
    EXPECT_TRUE(seen->waiting_for() == hv1::SIDE_UNSPECIFIED || seen->waiting_for() == move->side);
    const auto done = simulation::Do(world, *side, move->rpc, life.handover);
    EXPECT_TRUE(done.ok()) << move->rpc << " " << done.status();
    Note(move->rpc, side->id());
    if (move->stage == hv1::HANDOVER_STAGE_OFFERED && done.ok()) {
      life.holder = life.to;
      ++life.moved;
    }
    if (move->stage == hv1::HANDOVER_STAGE_ACKNOWLEDGED) life.handover.clear();
  }
  return !life.handover.empty();
}

}  // namespace exitbus::simulation
