// What the contact point makes of the letters of an applicant.
#include <optional>
#include <string>
#include <utility>

#include "exitbus/pool/v1/messages.pb.h"
#include "services/contact_point/pool.h"
#include "services/exchange/proto_time.h"
#include "services/pool/application.h"

namespace exitbus::contact_point {
namespace {

namespace lv1 = pool::v1;
namespace plv1 = pool_journal::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::ToProto;
using Letter = exchange::Letter<jv1::PoolYear>;

// Applied for in December, and here in January.
constexpr int kYearsLate = 1;

Decision NotTheApplicant() {
  return Decision::Refuse("letter.not_a_party", "The sender has made no such application.");
}

lv1::PoolApplication ApplicationIn(const Letter& letter,
                                   const lv1::PoolApplicationSubmitted& message) {
  lv1::PoolApplication application;
  application.set_application_id(letter.place.subject);
  application.set_applicant(letter.place.sender);
  application.set_measure(message.measure());
  *application.mutable_grounds() = message.grounds();
  application.set_budget_year(message.budget_year());
  application.set_applied_dkk(message.applied_dkk());
  *application.mutable_submitted() = ToProto(letter.context.now);
  return application;
}

Decision YearFull(const Letter& letter) {
  lv1::PoolApplicationDecided message;
  message.set_refusal(lv1::POOL_REFUSAL_CODE_YEAR_FULL);
  return Decision().Notify(pv1::RELATION_CONTACT_POINT,
                           ApplicantOf(letter.place.sender, letter.place.subject), message);
}

Decision OnSubmitted(const Letter& letter, const lv1::PoolApplicationSubmitted& message) {
  const jv1::PoolYear& year = letter.state;
  if (const auto* known = pool::Find(year.pool_applications(), letter.place.subject)) {
    return known->seen().applicant() == letter.place.sender
               ? Decision::NoEffect("application_known")
               : NotTheApplicant();
  }
  jv1::PoolEvent event;
  plv1::Submitted& submitted = *event.mutable_submitted();
  *submitted.mutable_application() = ApplicationIn(letter, message);
  if (auto fault = pool::FaultIn(submitted.application(), letter.context.now, kYearsLate)) {
    return Decision::Refuse(*std::move(fault));
  }
  if (year.pool_applications_size() >= kApplicationsMax) return YearFull(letter);
  *submitted.mutable_decision() =
      pool::OwedBy(letter.context.self->id, letter.place.subject,
                   pool::DecisionDue(message.measure(), letter.context.now));
  Decision decision;
  if (year.year() == 0) {
    jv1::PoolEvent opened;
    opened.mutable_year_opened()->set_year(message.budget_year());
    opened.mutable_year_opened()->set_budget_dkk(kBudgetUsualDkk);
    decision.AddEvent(opened);
  }
  return decision.AddEvent(event);
}

// About one application of this year, from who made it.
template <class Contents>
PoolPart::Decider<Contents> Of(Decision (*decide)(const Letter&, const lv1::PoolApplication&,
                                                  const Contents&)) {
  return [decide](const Letter& letter, const Contents& message) {
    const auto* one = pool::Find(letter.state.pool_applications(), letter.place.subject);
    const bool theirs = one != nullptr && one->seen().applicant() == letter.place.sender;
    return theirs ? decide(letter, one->seen(), message) : NotTheApplicant();
  };
}

Decision OnWithdrawn(const Letter& letter, const lv1::PoolApplication& application,
                     const lv1::PoolApplicationWithdrawn& message) {
  if (application.has_paid_dkk()) return Decision::NoEffect("withdrawal_crossed_payment");
  if (pool::HasEnded(application.stage())) return Decision::NoEffect("withdrawal_known_or_over");
  jv1::PoolEvent event;
  plv1::Withdrawn& withdrawn = *event.mutable_withdrawn();
  withdrawn.set_application_id(application.application_id());
  *withdrawn.mutable_instant() = ToProto(letter.context.now);
  withdrawn.set_reason(message.reason());
  return Decision().AddEvent(event);
}

// One that comes after the desk has given it up is taken all the same: until it is accepted, what
// was paid is what counts.
Decision OnAccount(const Letter& letter, const lv1::PoolApplication& application,
                   const lv1::PoolAccountReturned& message) {
  if (!application.has_paid_dkk()) {
    return Decision::Refuse("letter.out_of_turn", "Nothing was paid that could be accounted for.");
  }
  if (application.stage() == lv1::POOL_STAGE_CLOSED && application.has_spent_dkk()) {
    return Decision::NoEffect("account_crossed_acceptance");
  }
  if (message.spent_dkk() > application.paid_dkk()) {
    return Decision::Refuse("letter.wrong_amount", "More was spent than was paid.");
  }
  jv1::PoolEvent event;
  plv1::Accounted& accounted = *event.mutable_accounted();
  accounted.set_application_id(application.application_id());
  *accounted.mutable_instant() = ToProto(letter.context.now);
  accounted.set_spent_dkk(message.spent_dkk());
  return Decision().AddEvent(event);
}

}  // namespace

exchange::Party ApplicantOf(const std::string& applicant, const std::string& application_id) {
  return {applicant,
          pv1::RELATION_HOLDER,
          application_id,
          {pv1::CONDITION_SUPERVISION_OR_CUSTODY},  // it answers for the person there
          pv1::LEGAL_BASIS_RHL,
          pv1::PURPOSE_EXIT_SUPPORT};
}

PoolPart PoolLetters() {
  PoolPart part;
  part.On(&OnSubmitted).On(Of(&OnWithdrawn)).On(Of(&OnAccount));
  return part;
}

}  // namespace exitbus::contact_point
