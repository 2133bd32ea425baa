// NEC says that its entry of a case differs from what this authority lists, or does so no more.
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/nec/v1/messages.pb.h"
#include "services/casework/parts.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::casework {
namespace {

namespace cv1 = casework::v1;
namespace jv1 = casework_journal::v1;
using exchange::Decision;

Decision OnDifference(const CaseLetter& letter, const nec::v1::OverviewDifference& message) {
  const bool differs = message.kind() != cv1::OVERVIEW_DIFFERENCE_KIND_UNSPECIFIED;
  // A store that was put back has forgotten the case that NEC has here: somebody must look.
  if (letter.state.overview_id().empty()) {
    Decision unknown = Decision::NoEffect("difference_of_no_case");
    if (differs) unknown.Report(exchange::Severity::kError, "nec.difference_of_no_case");
    return unknown;
  }
  if (letter.state.overview_difference() == message.kind()) {
    return Decision::NoEffect("difference_known");
  }
  jv1::CaseEvent event;
  event.mutable_overview_difference_learnt()->set_overview_difference(message.kind());
  Decision decision;
  decision.AddEvent(event);
  if (differs) decision.Report(exchange::Severity::kError, "nec.difference");
  return decision;
}

void Learn(jv1::CaseFile& file, const jv1::OverviewDifferenceLearnt& learnt) {
  file.set_overview_difference(learnt.overview_difference());
}

}  // namespace

CasePart OverviewPart() {
  CasePart part;
  part.On(&OnDifference).After(&Learn);
  return part;
}

}  // namespace exitbus::casework
