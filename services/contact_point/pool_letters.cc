// What the contact point makes of the letters of an applicant.
#include <algorithm>
#include <string>

#include "exitbus/policy/v1/basis.pb.h"
#include "exitbus/pool/v1/messages.pb.h"
#include "services/contact_point/pool.h"
#include "services/exchange/ports/directory.h"
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

bool HasShare(const jv1::PoolYear& year, const std::string& applicant) {
  const auto& all = year.pool_applications();
  return std::count_if(all.begin(), all.end(), [&](const plv1::Application& one) {
           return one.seen().applicant() == applicant && !pool::HasEnded(one.seen().stage());
         }) < kOpenOfOneMax;
}

// Why the year does not take it; unspecified: it does. Last year takes what comes late, and is not
// begun by it.
lv1::PoolRefusalCode NotTaken(const Letter& letter, const lv1::PoolApplication& application) {
  const jv1::PoolYear& year = letter.state;
  const absl::Time now = letter.context.now;
  const bool ordinary = application.measure() != lv1::POOL_MEASURE_ACUTE_RELOCATION;
  const bool by_police = letter.place.sender_kind == pv1::AUTHORITY_KIND_POLICE;
  if (pool::FaultIn(application) || (by_police && ordinary)) {
    return lv1::POOL_REFUSAL_CODE_NOT_ACCEPTABLE;
  }
  const bool is_late = year.year() != 0 && pool::IsLateYear(application.budget_year(), now);
  if (!is_late && !pool::IsBudgetYear(application.budget_year(), now)) {
    return lv1::POOL_REFUSAL_CODE_YEAR_NOT_OPEN;
  }
  if (!HasShare(year, application.applicant())) return lv1::POOL_REFUSAL_CODE_TOO_MANY_OPEN;
  if (PlacesTaken(year) >= kApplicationsMax) return lv1::POOL_REFUSAL_CODE_YEAR_FULL;
  return lv1::POOL_REFUSAL_CODE_UNSPECIFIED;
}

// An answer all the same: nobody waits for a decision that never comes. Nothing of it is kept.
Decision AnswerWith(lv1::PoolRefusalCode code, const Letter& letter) {
  lv1::PoolApplicationDecided message;
  message.set_refusal(code);
  Decision decision;
  decision.Notify(pv1::RELATION_CONTACT_POINT,
                  ApplicantOf(letter.place.sender, letter.place.subject, letter.context), message);
  if (code == lv1::POOL_REFUSAL_CODE_YEAR_FULL) {
    decision.Report(exchange::Severity::kError, "pool.year_full");
  }
  return decision;
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
  const lv1::PoolRefusalCode code = NotTaken(letter, submitted.application());
  if (code != lv1::POOL_REFUSAL_CODE_UNSPECIFIED) return AnswerWith(code, letter);
  *submitted.mutable_desk() = exchange::OwedBy(letter.context.self->id, letter.place.subject,
                                               pool::ActDue(message.measure(), letter.context.now));
  Decision decision;
  if (year.year() == 0) {
    jv1::PoolEvent opened;
    opened.mutable_year_opened()->set_year(message.budget_year());
    opened.mutable_year_opened()->set_budget_dkk(kBudgetUsualDkk);
    decision.AddEvent(opened);
  }
  return decision.AddEvent(event);
}

// About one application, from who made it. `unknown` answers where there is none.
template <class Contents>
PoolPart::Decider<Contents> Of(Decision (*decide)(const Letter&, const lv1::PoolApplication&,
                                                  const Contents&),
                               Decision (*unknown)() = &NotTheApplicant) {
  return [decide, unknown](const Letter& letter, const Contents& message) {
    const auto* one = pool::Find(letter.state.pool_applications(), letter.place.subject);
    if (one == nullptr) return unknown();
    const bool theirs = one->seen().applicant() == letter.place.sender;
    return theirs ? decide(letter, one->seen(), message) : NotTheApplicant();
  };
}

// It crossed the answer that the year does not take it.
Decision NothingToWithdraw() { return Decision::NoEffect("withdrawal_of_unknown"); }

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
  if (application.stage() != lv1::POOL_STAGE_ACCOUNT_RECEIVED) {
    *accounted.mutable_desk() =
        exchange::OwedBy(letter.context.self->id, application.application_id(),
                         pool::AcceptanceDue(letter.context.now));
  }
  return Decision().AddEvent(event);
}

}  // namespace

exchange::Party ApplicantOf(const std::string& applicant, const std::string& application_id,
                            const exchange::DecisionContext& context) {
  const auto listed = context.directory->Find(applicant);
  if (listed && listed->kind == pv1::AUTHORITY_KIND_POLICE) {
    return {applicant, pv1::RELATION_POLICE,         application_id,
            {},        pv1::LEGAL_BASIS_UNSPECIFIED, pv1::PURPOSE_EXIT_SUPPORT};
  }
  return {applicant,
          pv1::RELATION_HOLDER,
          application_id,
          {pv1::CONDITION_SUPERVISION_OR_CUSTODY},  // it answers for the person there
          pv1::LEGAL_BASIS_UNSPECIFIED,
          pv1::PURPOSE_EXIT_SUPPORT};
}

PoolPart PoolLetters() {
  PoolPart part;
  part.On(&OnSubmitted).On(Of(&OnWithdrawn, &NothingToWithdraw)).On(Of(&OnAccount));
  return part;
}

}  // namespace exitbus::contact_point
