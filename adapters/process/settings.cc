#include "adapters/process/settings.h"

#include "adapters/directory/signed_directory.h"
#include "services/exchange/proto_time.h"

namespace exitbus::adapters {
namespace {

exchange::Exclusion ExclusionOf(config::v1::Exclusion configured) {
  switch (configured) {
    case config::v1::EXCLUSION_REDIRECT:
      return exchange::Exclusion::kRedirect;
    case config::v1::EXCLUSION_IGNORE:
      return exchange::Exclusion::kIgnore;
    default:
      return exchange::Exclusion::kExclude;
  }
}

}  // namespace

absl::Duration DurationOf(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

exchange::Settings SettingsOf(const config::v1::ServiceConfig& config) {
  exchange::Settings settings;
  const config::v1::Deadlines& days = config.deadlines();
  settings.deadline_days = {
      static_cast<int>(days.request_days()),       static_cast<int>(days.terms_days()),
      static_cast<int>(days.offer_days()),         static_cast<int>(days.acknowledgement_days()),
      static_cast<int>(days.recall_answer_days()), static_cast<int>(days.correction_days()),
      static_cast<int>(days.erasure_days()),       static_cast<int>(days.unit_answer_days())};
  settings.missing_after = absl::Hours(days.arrival_hours());
  settings.acceptance_life = absl::Hours(24 * days.acceptance_days());
  if (config.has_central_decisions_from()) {
    settings.central_decisions.from = exchange::FromProto(config.central_decisions_from());
  }
  if (config.has_central_decisions_until()) {
    settings.central_decisions.until = exchange::FromProto(config.central_decisions_until());
  }
  for (const auto& purpose : config.purposes()) {
    settings.laws.purposes.emplace(purpose.name(), purpose.legal_basis());
  }
  for (const auto& law : config.channel_laws()) {
    settings.laws.channels.emplace(law.channel(), law.legal_basis());
  }
  for (const int what : config.municipal_exit_opens()) {
    settings.municipal_exit_opens.push_back(static_cast<casework::v1::ProgrammeOpening>(what));
  }
  for (const int step : config.visitation_requires()) {
    settings.visitation.required.push_back(static_cast<casework::v1::IntakeStep>(step));
  }
  settings.visitation.by_two = config.visitation_by_two();
  settings.visitation.municipal_exit_min_age = static_cast<int>(config.municipal_exit_min_age());
  for (const auto& review : config.course_reviews()) {
    settings.course.review_after_months[review.programme()] = static_cast<int>(review.months());
  }
  settings.course.annual_places = config.annual_places();
  settings.complaint_guidance = config.complaint_guidance();
  for (const auto& exclusion : config.exclusions()) {
    settings.course.exclusions[exclusion.ground()] = ExclusionOf(exclusion.exclusion());
  }
  settings.unlinking_delay_max = DurationOf(config.unlinking_delay_max());
  settings.blind_letters_daily = !config.development_blind_letters_at_once();
  settings.queue_length_max = config.limits().queue_length_max();
  settings.refused_calls_a_second_max = config.limits().refused_calls_a_second_max();
  settings.confirm_wait_max = DurationOf(config.confirm_wait_max());
  settings.console_key = KeyFromHex(config.trace().console_key()).value_or("");
  return settings;
}

}  // namespace exitbus::adapters
