#include "services/taking_part/measure.h"

#include "exitbus/policy/v1/basis.pb.h"

namespace exitbus::taking_part {

namespace cv1 = casework::v1;
using exchange::BadInput;
using exchange::Decision;

bool HasEnded(cv1::MeasureStage stage) {
  return stage == cv1::MEASURE_STAGE_COMPLETED || stage == cv1::MEASURE_STAGE_STOPPED;
}

std::optional<Decision> RefuseMove(cv1::MeasureStage before, const Move& move) {
  switch (move.to) {
    case cv1::MEASURE_STAGE_STARTED:
      if (before == cv1::MEASURE_STAGE_UNSPECIFIED) return std::nullopt;
      return Decision::Refuse("measure.begun", "The measure was begun, or has ended.");
    case cv1::MEASURE_STAGE_COMPLETED:
      if (before == cv1::MEASURE_STAGE_STARTED) return std::nullopt;
      return Decision::Refuse("measure.not_running",
                              "The measure has not been begun, or has ended.");
    case cv1::MEASURE_STAGE_STOPPED:
      break;
    default:
      return Decision::Refuse(
          BadInput("measure.stage_required", "Say what has happened to the measure."));
  }
  if (move.stopped_on <= policy::v1::LEGAL_BASIS_CONSENT) {
    return Decision::Refuse(
        BadInput("measure.stopped_on_no_law", "Say on which law the authority stops it."));
  }
  if (move.reasons.empty()) {
    return Decision::Refuse(
        BadInput("measure.reasons_required", "Give the decision's reasons in words."));
  }
  if (HasEnded(before)) return Decision::Refuse("measure.ended", "The measure has ended.");
  return std::nullopt;
}

}  // namespace exitbus::taking_part
