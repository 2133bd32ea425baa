// What Ishøj learns before the visitation, as its process description has it: screening, its own
// units, the interview, and what the citizen is shown.
#include "services/exchange/ports/status_macros.h"
#include "tests/story/checks.h"
#include "tests/story/intake_calls.h"
#include "tests/story/operations.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

absl::Status Units(Narrator& say, Actor& ishoj, Actor& jobcentre, const std::string& id) {
  say.Chapter("Clarification: what Ishøj's own units know");
  RETURN_IF_ERROR(AskUnit(ishoj, id, policy::v1::FUNCTION_JOBCENTRE).status());
  say.Did("ishoj", "asks its jobcentre", ishoj.took());
  cv1::UnitAnswer answer;
  answer.set_has_casework(true);
  answer.set_employment("I virksomhedspraktik (opdigtet)");
  answer.set_income("Kontanthjælp (opdigtet)");
  answer.set_may_be_shown(true);
  ASSIGN_OR_RETURN(const cv1::Case seen, AnswerUnitQuestion(jobcentre, id, answer));
  say.Did("ishoj-job", "answers what he works and lives on", jobcentre.took());
  say.Sees("ishoj-job", ShownIn(seen));
  return Check(seen.unit_questions_size() == 1 && !seen.has_intake() && !seen.has_clarification(),
               "the jobcentre sees its own question, and nothing else of this", seen);
}

absl::Status Interview(Narrator& say, Actor& ishoj, const std::string& id,
                       const std::string& substances) {
  say.Chapter("The clarification interview, and what the citizen is shown");
  cv1::Interview interview;
  interview.set_housing("Bor hos en ven (opdigtet)");
  interview.set_economy("Gæld (opdigtet)");
  interview.set_family("Vil se sin datter (opdigtet)");
  interview.set_substances(substances);
  interview.set_most_pressing("En bolig et andet sted (opdigtet)");
  interview.set_terms_presented(true);
  interview.set_motivation_is_real(true);
  RETURN_IF_ERROR(RecordInterview(ishoj, id, interview).status());
  say.Did("ishoj", "talks with him by the clarification form: he means it", ishoj.took());
  ASSIGN_OR_RETURN(const cv1::Case shown, GetForCitizen(ishoj, id));
  RETURN_IF_ERROR(Check(shown.unit_questions_size() == 1 && !shown.has_security() &&
                            shown.police().empty() && !shown.has_clarification(),
                        "he is shown what is kept of him, and nothing of the police", shown));
  RETURN_IF_ERROR(RecordShownToCitizen(ishoj, id, "Det passer (opdigtet)").status());
  say.Did("ishoj", "shows it to him, and records what he says to it", ishoj.took());
  return absl::OkStatus();
}

}  // namespace

absl::Status Story::Intake() {
  say_->Chapter("Screening: crime of a gang belongs here, other crime to SSP or KSP");
  RETURN_IF_ERROR(RecordScreening(*ishoj_, case_id_, cv1::CRIME_KIND_GANG).status());
  say_->Did("ishoj", "screens him: a gang's crime, so he may be visited", ishoj_->took());
  RETURN_IF_ERROR(Security());
  RETURN_IF_ERROR(Units(*say_, *ishoj_, *jobcentre_, case_id_));
  return Interview(*say_, *ishoj_, case_id_, health_);
}

}  // namespace exitbus::story
