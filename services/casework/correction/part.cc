#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/correction.pb.h"
#include "services/casework/correction/correction.h"
#include "services/casework/methods.h"

namespace exitbus::casework {

CasePart CorrectionPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kNotOffered}, &CorrectCase))
      .On(AtEitherSide(&OnCorrectionIssued))
      .On(&OnCorrectionConfirmed)
      .After(&Correct)
      .After(&CorrectAsTold)
      .After(&Answer)
      .After(&MarkOverdue)
      .Due("correction", &CorrectionDeadlines, &DecideOverdueCorrection);
  return part;
}

}  // namespace exitbus::casework
