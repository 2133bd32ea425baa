// The rules of casework as named values. A decider lists those its command needs, in the order a
// caseworker should hear of them; the first that is broken refuses, by name and with what to do.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"

namespace exitbus::casework {

namespace jv1 = casework_journal::v1;
namespace cv1 = casework::v1;
namespace hv1 = handover::v1;

// What a rule looks at. `handover` is the one the command names; null if it names none.
struct Situation {
  const jv1::CaseFile& file;
  const jv1::Handover* handover;
  const exchange::DecisionContext& context;
};

struct Rule {
  std::string_view name;
  std::string_view remedy;
  bool (*holds)(const Situation&);
  absl::StatusCode code = absl::StatusCode::kFailedPrecondition;
};

std::optional<exchange::Refusal> FirstBroken(const std::vector<const Rule*>& rules,
                                             const Situation& situation);

// Bad input, refused by name.
exchange::Decision Invalid(std::string_view rule, std::string_view remedy);

// The case.
extern const Rule kResponsible;
extern const Rule kHasOrHadCase;
extern const Rule kInProgramme;
extern const Rule kNoWithdrawalOnItsWay;
extern const Rule kHasBasis;
extern const Rule kConsentInForce;
extern const Rule kNotYetVisited;
extern const Rule kVisited;
extern const Rule kEnrolled;
extern const Rule kNotFrozen;
extern const Rule kNotOffered;
extern const Rule kNoOpenHandover;
extern const Rule kPoliceMayBeAsked;

// An agreement is in force, whether or not the course has been started; the course is over.
bool IsEnrolled(cv1::CaseStage stage);
bool IsOver(cv1::CaseStage stage);
// This authority answers for it, and the course is not over: here one has to act.
bool IsOursToPursue(const jv1::CaseFile& file);
// It is offered to another authority, which freezes agreement and measures.
bool IsFrozen(const jv1::CaseFile& file);
// Nothing has happened in it yet.
bool IsNew(const jv1::CaseFile& file);
bool ConsentInForce(const jv1::CaseFile& file);

}  // namespace exitbus::casework
