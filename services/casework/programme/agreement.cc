// What an agreement needs before anybody can be held to it (AGR-01 to AGR-08).
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/intake/intake.h"
#include "services/casework/programme/programme.h"
#include "services/casework/programme/programmes.h"
#include "services/casework/security/place_check.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;
using google::protobuf::Timestamp;

constexpr std::uint32_t kMonthsMax = 120;
// The framework's first year.
constexpr absl::CivilDay kFirstDay(2011, 1, 1);
// Of the clock of who signs.
constexpr absl::Duration kClockTolerance = absl::Minutes(5);

bool IsComplete(const cv1::Measure& measure) {
  return measure.type() != cv1::MEASURE_TYPE_UNSPECIFIED &&
         measure.module() != cv1::MODULE_UNSPECIFIED && !measure.owner().empty() &&
         measure.months() > 0 && measure.funding() != cv1::FUNDING_CLASS_UNSPECIFIED &&
         measure.legal_basis() != policy::v1::LEGAL_BASIS_UNSPECIFIED;
}

// The modules that a measure may stand under (INT-02); a type that is not here, under any.
bool FitsModule(const cv1::Measure& measure) {
  switch (measure.type()) {
    case cv1::MEASURE_TYPE_EMPLOYMENT:
    case cv1::MEASURE_TYPE_EDUCATION:
      return measure.module() == cv1::MODULE_EDUCATION_EMPLOYMENT;
    case cv1::MEASURE_TYPE_HOUSING:
    case cv1::MEASURE_TYPE_RELOCATION:
      return measure.module() == cv1::MODULE_HOUSING || measure.module() == cv1::MODULE_SECURITY;
    case cv1::MEASURE_TYPE_DEBT:
      return measure.module() == cv1::MODULE_ECONOMY;
    case cv1::MEASURE_TYPE_SUBSTANCE_TREATMENT:
      return measure.module() == cv1::MODULE_SUBSTANCES;
    case cv1::MEASURE_TYPE_FAMILY_SUPPORT:
      return measure.module() == cv1::MODULE_FAMILY;
    default:
      return true;
  }
}

// What only an authority of another kind could do is promised by nobody (N-12).
bool FitsOwner(const cv1::Measure& measure, const DecisionContext& context) {
  return measure.type() != cv1::MEASURE_TYPE_PRISON_TRANSFER ||
         context.directory->Find(measure.owner())->kind ==
             policy::v1::AUTHORITY_KIND_KRIMINALFORSORGEN;
}

std::optional<Decision> RefuseMeasure(const cv1::Measure& measure, const DecisionContext& context) {
  if (!IsComplete(measure)) {
    return Invalid("agreement.measure_incomplete",
                   "Every measure needs type, module, owner, months, funding and legal basis.");
  }
  if (!context.directory->Find(measure.owner())) {
    return Invalid("agreement.measure_owner_unknown",
                   "A measure's owner is an authority of the directory, by its id, e.g. "
                   "\"municipality-0183\".");
  }
  if (!FitsOwner(measure, context)) {
    return Invalid("agreement.measure_of_another_kind",
                   "Kriminalforsorgen alone moves somebody to another prison or ward.");
  }
  if (measure.months() > kMonthsMax) {
    return Invalid("agreement.measure_too_long",
                   "A measure lasts 120 months at most; agree anew after that.");
  }
  if (!FitsModule(measure)) {
    return Invalid("agreement.measure_in_other_module",
                   "The measure's type belongs to another module, e.g. HOUSING to the module "
                   "HOUSING.");
  }
  if (measure.type() == cv1::MEASURE_TYPE_PRISON_TRANSFER && measure.municipality().empty()) {
    return Invalid("agreement.prison_where",
                   "Say in which municipality the other prison lies: the police are asked.");
  }
  return RefuseNoPlace(WhereOf(measure));
}

bool IsSignature(const Timestamp& signed_at, const DecisionContext& context) {
  const absl::Time time = exchange::FromProto(signed_at);
  return time <= context.now + kClockTolerance &&
         time >= absl::FromCivil(kFirstDay, absl::UTCTimeZone());
}

}  // namespace

// The first agreement is planned by their word (VIS-06). Where they may be asked and need not be,
// it counts once they are, unless a revocation took back what they were told.
const Rule kAssessed{"agreement.assessment_required",
                     "The police's assessment is what a course is planned by. Ask for it "
                     "(RequestPoliceClarification), and wait for their answer.",
                     [](const Situation& s) {
                       const jv1::CaseFile& file = s.file;
                       const bool is_waited_for = Opens(file, cv1::PROGRAMME_OPENING_POLICE) &&
                                                  !file.police().empty() &&
                                                  !file.police_on_consent().has_blocked();
                       return file.has_agreement() || file.clarification().version() > 0 ||
                              file.security().version() > 0 ||
                              !(IsFramework(file.programme()) || is_waited_for);
                     }};

std::optional<Decision> RefuseAgreement(const jv1::CaseFile& file, const cv1::Agreement& agreement,
                                        const DecisionContext& context) {
  if (agreement.template_().empty()) {
    return Invalid("agreement.template_required", "Name the template the agreement is made on.");
  }
  if (agreement.measures().empty()) {
    return Invalid("agreement.measure_required", "An agreement promises at least one measure.");
  }
  for (const cv1::Measure& measure : agreement.measures()) {
    if (auto refused = RefuseMeasure(measure, context)) return refused;
    if (auto refused = RefuseImpossiblePlace(file, WhereOf(measure))) return refused;
  }
  if (!IsRelocationClarified(file, agreement)) {
    return Decision::Refuse("agreement.relocation_first",
                            "Nothing that is tied to a place is agreed before it is said whether "
                            "the person has to move for good: StateRelocationNeed.");
  }
  if (agreement.consequences_of_relapse().empty()) {
    return Invalid("agreement.consequences_required",
                   "State the consequences of relapse into person-endangering crime.");
  }
  if (!agreement.has_citizen_signed() || !agreement.has_coordinator_signed()) {
    return Invalid("agreement.unsigned",
                   "Both the citizen and the coordinator must have signed (AGR-08).");
  }
  if (file.security().threat_level() == cv1::THREAT_LEVEL_HIGH &&
      Opens(file, cv1::PROGRAMME_OPENING_POLICE) && !agreement.has_police_signed()) {
    return Invalid("agreement.police_unsigned",
                   "The person is threatened: the police unit is at the meeting and signs as well "
                   "(AGR-03).");
  }
  if (!IsSignature(agreement.citizen_signed(), context) ||
      !IsSignature(agreement.coordinator_signed(), context) ||
      (agreement.has_police_signed() && !IsSignature(agreement.police_signed(), context))) {
    return Invalid("agreement.signed_when",
                   "An agreement is signed since 2011 and not in the future: give the instants of "
                   "all signatures.");
  }
  return std::nullopt;
}

}  // namespace exitbus::casework
