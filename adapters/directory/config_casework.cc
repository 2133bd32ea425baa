// What an authority that handles cases has decided on, in its configuration: what its own programme
// opens and whom it takes, what comes before a visitation, and how long courses last.
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "adapters/directory/config_checks.h"
#include "services/policy/text.h"

namespace exitbus::adapters {
namespace {

using config::v1::ServiceConfig;

constexpr std::uint32_t kAgeMax = 120;
constexpr std::uint32_t kMonthsMax = 120;
constexpr std::size_t kGuidanceBytesMax = 2000;

void CheckProgramme(const ServiceConfig& config, Mistakes& mistakes) {
  for (int i = 0; i < config.municipal_exit_opens_size(); ++i) {
    if (config.municipal_exit_opens(i) != casework::v1::PROGRAMME_OPENING_UNSPECIFIED) continue;
    mistakes.Add(absl::StrCat("municipal_exit_opens[", i, "]"), "is none",
                 "write one, e.g. PROGRAMME_OPENING_NEC");
  }
  const bool is_municipality = config.kind() == policy::v1::AUTHORITY_KIND_MUNICIPALITY;
  if (config.municipal_exit_min_age() > 0 && !is_municipality) {
    mistakes.Add("municipal_exit_min_age", "is of a municipality's own programme",
                 "leave it to municipalities");
  }
  if (config.municipal_exit_min_age() > kAgeMax) {
    mistakes.Add("municipal_exit_min_age", "is no age", "write years, e.g. 17, or leave it out");
  }
}

void CheckVisitation(const ServiceConfig& config, Mistakes& mistakes) {
  const bool is_municipality = config.kind() == policy::v1::AUTHORITY_KIND_MUNICIPALITY;
  for (int i = 0; i < config.visitation_requires_size(); ++i) {
    const std::string field = absl::StrCat("visitation_requires[", i, "]");
    if (config.visitation_requires(i) == casework::v1::INTAKE_STEP_UNSPECIFIED) {
      mistakes.Add(field, "is none", "write one, e.g. INTAKE_STEP_INTERVIEW");
    } else if (config.visitation_requires(i) == casework::v1::INTAKE_STEP_UNITS &&
               !is_municipality) {
      mistakes.Add(field, "asks units that this kind of authority has not",
                   "leave it to municipalities");
    }
  }
}

void CheckReviews(const ServiceConfig& config, Mistakes& mistakes) {
  std::set<int> programmes;
  for (int i = 0; i < config.course_reviews_size(); ++i) {
    const config::v1::CourseReview& review = config.course_reviews(i);
    const std::string field = absl::StrCat("course_reviews[", i, "]");
    if (review.programme() == casework::v1::PROGRAMME_UNSPECIFIED) {
      mistakes.Add(field + ".programme", "is missing", "write one, e.g. PROGRAMME_MUNICIPAL_EXIT");
    } else if (!programmes.insert(review.programme()).second) {
      mistakes.Add(field + ".programme", "is listed twice", "list each programme once");
    }
    if (review.months() == 0 || review.months() > kMonthsMax) {
      mistakes.Add(field + ".months", "is no such time", "write 1 to 120");
    }
  }
}

// The others are rules for all: who is under age is so everywhere (CF-6).
bool IsForAnAuthority(casework::v1::RejectionGround ground) {
  return ground == casework::v1::REJECTION_GROUND_MENTAL_ILLNESS ||
         ground == casework::v1::REJECTION_GROUND_SUBSTANCE_ABUSE ||
         ground == casework::v1::REJECTION_GROUND_STAFF_SAFETY;
}

void CheckExclusions(const ServiceConfig& config, Mistakes& mistakes) {
  std::set<int> grounds;
  for (int i = 0; i < config.exclusions_size(); ++i) {
    const config::v1::ExclusionPolicy& one = config.exclusions(i);
    const std::string field = absl::StrCat("exclusions[", i, "]");
    if (!IsForAnAuthority(one.ground())) {
      mistakes.Add(field + ".ground", "is none that an authority decides on",
                   "write mental illness, substance abuse or staff safety");
    } else if (!grounds.insert(one.ground()).second) {
      mistakes.Add(field + ".ground", "is listed twice", "list each ground once");
    }
    if (one.exclusion() == config::v1::EXCLUSION_UNSPECIFIED) {
      mistakes.Add(field + ".exclusion", "is missing", "write one, e.g. EXCLUSION_REDIRECT");
    }
  }
}

void CheckGuidance(const ServiceConfig& config, Mistakes& mistakes) {
  if (config.complaint_guidance().find('[') != std::string::npos) {
    mistakes.Add("complaint_guidance", "has a bracket", "fill in what the brackets stand for");
  }
  const std::string_view fault =
      policy::FaultInText(config.complaint_guidance(), {kGuidanceBytesMax, /*lines=*/true});
  if (fault.empty()) return;
  mistakes.Add("complaint_guidance", fault, "write where, and until when, one complains");
}

}  // namespace

void CheckCasework(const ServiceConfig& config, Mistakes& mistakes) {
  CheckProgramme(config, mistakes);
  CheckVisitation(config, mistakes);
  CheckReviews(config, mistakes);
  CheckExclusions(config, mistakes);
  CheckGuidance(config, mistakes);
}

}  // namespace exitbus::adapters
