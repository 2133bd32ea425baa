// The criteria for admission to the national framework, the same in the whole country and kept in
// versions (ELI-07): what is found by each of those in force.
#include <array>
#include <set>
#include <string_view>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/time/civil_time.h"
#include "exitbus/casework/v1/intake_service.pb.h"
#include "services/casework/intake/intake.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programmes.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;

struct Version {
  std::string_view name;
  absl::CivilDay from;
  std::vector<cv1::Criterion> criteria;
};

// A version is never changed: the next one is added.
const Version& InForce(absl::Time now) {
  static const auto* const versions = new std::array<Version, 2>{
      Version{"EVU-2011",
              absl::CivilDay(2011, 1, 1),
              {cv1::CRITERION_AFFILIATION, cv1::CRITERION_WISH_TO_LEAVE,
               cv1::CRITERION_REAL_MOTIVATION}},
      Version{
          "EVU-2018",
          absl::CivilDay(2018, 12, 5),
          {cv1::CRITERION_AFFILIATION, cv1::CRITERION_WISH_TO_LEAVE, cv1::CRITERION_REAL_MOTIVATION,
           cv1::CRITERION_NETWORK_HINDERS, cv1::CRITERION_OTHER_HELP_NOT_ENOUGH}}};
  const Version* in_force = &versions->front();
  for (const Version& version : *versions) {
    if (version.from <= exchange::DayOf(now)) in_force = &version;
  }
  return *in_force;
}

const Rule kOfFramework{"criteria.not_of_this_programme",
                        "These are the national framework's criteria. Other programmes have their "
                        "own: DecideVisitation says in words.",
                        [](const Situation& s) { return IsFramework(s.file.programme()); }};

Decision AssessCriteria(const jv1::CaseFile&, const v1::AssessCriteriaRequest& request,
                        const DecisionContext& context) {
  const Version& version = InForce(context.now);
  std::set<int> found;
  for (const cv1::CriterionFinding& finding : request.findings()) {
    if (absl::c_linear_search(version.criteria, finding.criterion())) {
      found.insert(finding.criterion());
    }
  }
  const auto each = static_cast<int>(version.criteria.size());
  if (static_cast<int>(found.size()) != each || request.findings_size() != each) {
    return Invalid("criteria.each_once",
                   "Give one finding of each criterion in force: affiliation, wish to leave, real "
                   "motivation, that the network hinders him, that other help is not enough.");
  }
  jv1::CaseEvent event;
  cv1::CriteriaAssessment& assessment = *event.mutable_criteria_assessed()->mutable_assessment();
  assessment.set_version(std::string(version.name));
  *assessment.mutable_findings() = request.findings();
  *assessment.mutable_assessed() = exchange::ToProto(context.now);
  return Decision().AddEvent(event);
}

void Assess(jv1::CaseFile& file, const jv1::CriteriaAssessed& assessed) {
  *file.mutable_intake()->mutable_criteria() = assessed.assessment();
}

}  // namespace

const Rule kCriteriaAssessed{
    "visitation.criteria_required",
    "This authority assesses the criteria first, by the version in force: AssessCriteria.",
    [](const Situation& s) {
      return !Requires(s.context, cv1::INTAKE_STEP_CRITERIA) || !IsFramework(s.file.programme()) ||
             s.file.intake().criteria().version() == InForce(s.context.now).name;
    }};

const Rule kCriteriaMet{
    "visitation.criteria_not_met",
    "By what is found not every criterion is met. EndProgramme rejects or redirects him; or assess "
    "anew: AssessCriteria.",
    [](const Situation& s) {
      return !IsFramework(s.file.programme()) ||
             absl::c_all_of(s.file.intake().criteria().findings(),
                            [](const cv1::CriterionFinding& finding) { return finding.is_met(); });
    }};

CasePart CriteriaPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme, &kOfFramework}, &AssessCriteria)).After(&Assess);
  return part;
}

}  // namespace exitbus::casework
