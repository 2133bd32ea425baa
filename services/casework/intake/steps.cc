// Which steps this authority requires before a visitation (VIS-02); each subject says whether its
// own is done.
#include <algorithm>

#include "services/casework/intake/intake.h"
#include "services/casework/programme/programmes.h"

namespace exitbus::casework {

bool Requires(const exchange::DecisionContext& context, cv1::IntakeStep step) {
  if (context.visitation == nullptr) return false;
  const auto& required = context.visitation->required;
  return std::find(required.begin(), required.end(), step) != required.end();
}

const Rule kScreened{"visitation.screening_required",
                     "This authority screens first: RecordScreening.", [](const Situation& s) {
                       return !Requires(s.context, cv1::INTAKE_STEP_SCREENING) ||
                              s.file.intake().has_screening();
                     }};

const Rule kConsented{"visitation.consent_required",
                      "This authority has the citizen's own consent first, beside any law: "
                      "RecordConsent.",
                      [](const Situation& s) {
                        return !Requires(s.context, cv1::INTAKE_STEP_CONSENT) ||
                               ConsentInForce(s.file);
                      }};

const Rule kPoliceHaveClarified{
    "visitation.police_required",
    "This authority has the police's clarification first: RequestPoliceClarification, and wait for "
    "it.",
    [](const Situation& s) {
      return !Requires(s.context, cv1::INTAKE_STEP_POLICE) ||
             !Opens(s.file, cv1::PROGRAMME_OPENING_POLICE) || s.file.clarification().version() > 0;
    }};

}  // namespace exitbus::casework
