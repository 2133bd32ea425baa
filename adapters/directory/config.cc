#include "adapters/directory/config.h"

#include <unistd.h>

#include "absl/algorithm/container.h"
#include "adapters/directory/config_checks.h"
#include "adapters/directory/files.h"
#include "adapters/directory/mistakes.h"
#include "adapters/directory/text_format.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::adapters {
using config::v1::ServiceConfig;

void FillDefaults(ServiceConfig& config) {
  config::v1::Limits& limits = *config.mutable_limits();
  if (limits.request_bytes_max() == 0) limits.set_request_bytes_max(262144);
  if (limits.queue_length_max() == 0) limits.set_queue_length_max(1000);
  if (limits.refused_calls_a_second_max() == 0) limits.set_refused_calls_a_second_max(5);
  if (limits.descriptors_max() == 0) limits.set_descriptors_max(4096);
  if (limits.disk_reserve_mib() == 0) limits.set_disk_reserve_mib(64);
  config::v1::Deadlines& deadlines = *config.mutable_deadlines();
  if (deadlines.request_days() == 0) deadlines.set_request_days(5);
  if (deadlines.terms_days() == 0) deadlines.set_terms_days(5);
  if (deadlines.offer_days() == 0) deadlines.set_offer_days(5);
  if (deadlines.acknowledgement_days() == 0) deadlines.set_acknowledgement_days(1);
  if (deadlines.recall_answer_days() == 0) deadlines.set_recall_answer_days(2);
  if (deadlines.correction_days() == 0) deadlines.set_correction_days(5);
  if (deadlines.erasure_days() == 0) deadlines.set_erasure_days(5);
  if (deadlines.arrival_hours() == 0) deadlines.set_arrival_hours(4);
  if (deadlines.acceptance_days() == 0) deadlines.set_acceptance_days(60);
  if (deadlines.unit_answer_days() == 0) deadlines.set_unit_answer_days(5);
  if (config.has_web() && config.web().connections_max() == 0) {
    config.mutable_web()->set_connections_max(200);
  }
  if (config.web().has_login() && !config.web().login().has_session_max()) {
    config.mutable_web()->mutable_login()->mutable_session_max()->set_seconds(8 * 60 * 60);
  }
  if (!config.has_catch_up_wait_max()) config.mutable_catch_up_wait_max()->set_seconds(20);
  if (!config.has_confirm_wait_max()) config.mutable_confirm_wait_max()->set_seconds(20);
  if (!config.has_unlinking_delay_max()) config.mutable_unlinking_delay_max()->set_seconds(600);
  const auto is_plan_for_frihed = [](const config::v1::CourseReview& review) {
    return review.programme() == casework::v1::PROGRAMME_PLAN_FOR_FRIHED;
  };
  if (absl::c_none_of(config.course_reviews(), is_plan_for_frihed)) {
    config::v1::CourseReview& review = *config.add_course_reviews();
    review.set_programme(casework::v1::PROGRAMME_PLAN_FOR_FRIHED);
    review.set_months(6);
  }
}

absl::StatusOr<ServiceConfig> LoadConfig(const std::string& path) {
  ASSIGN_OR_RETURN(const auto text, ReadFile(path));
  ServiceConfig config;
  Mistakes mistakes;
  // Of a text that cannot be read to its end, the rest would only seem to be missing.
  if (ParseText(text, Quoting::kAllowed, config, mistakes)) {
    FillDefaults(config);
    CheckConfig(config, mistakes);
  }
  if (!mistakes.empty()) return mistakes.ToStatus(path);
  return config;
}

std::string JournalFile(const ServiceConfig& config) {
  return config.data_folder() + "/journal.sqlite";
}

bool StartedBefore(const ServiceConfig& config) {
  return access(JournalFile(config).c_str(), F_OK) == 0;
}

DirectoryTrust TrustOf(const ServiceConfig& config) {
  DirectoryTrust trust;
  for (const std::string& signer : config.directory_signers()) {
    trust.signers.push_back(KeyFromHex(signer).value_or(""));  // each was checked
  }
  trust.threshold = config.directory_threshold();
  return trust;
}

}  // namespace exitbus::adapters
