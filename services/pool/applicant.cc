#include "services/pool/applicant.h"

#include <cstdint>
#include <utility>

#include "exitbus/policy/v1/basis.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"

namespace exitbus::pool {
namespace {

using exchange::Decision;
using exchange::DecisionContext;
using exchange::ToProto;

Decision WrongAmount() {
  return Decision::Refuse("letter.wrong_amount", "More than was applied for, or paid.");
}
Decision OutOfTurn() {
  return Decision::Refuse("letter.out_of_turn", "The application is not at that stage.");
}

// What may be paid of it, by what is known of the decision: of one that is withdrawn, or whose
// decision could not be taken, all that was applied for.
std::uint64_t PayableDkk(const v1::PoolApplication& seen) {
  return seen.has_granted_dkk() ? seen.granted_dkk() : seen.applied_dkk();
}

exchange::Refusal Ended() {
  return exchange::RefusedBy("pool.ended", "The application is refused, withdrawn or closed.");
}

template <class What>
What Of(const v1::PoolApplication& seen, absl::Time now) {
  What what;
  what.set_application_id(seen.application_id());
  *what.mutable_instant() = ToProto(now);
  return what;
}

}  // namespace

jv1::Submitted Submit(const v1::PoolApplication& application, std::string_view contact_point,
                      absl::Time now) {
  jv1::Submitted submitted;
  *submitted.mutable_application() = application;
  *submitted.mutable_application()->mutable_submitted() = ToProto(now);
  *submitted.mutable_desk() = exchange::OwedBy(contact_point, application.application_id(),
                                               ActDue(application.measure(), now));
  return submitted;
}

jv1::Withdrawn Withdraw(const v1::PoolApplication& application, v1::PoolWithdrawalReason reason,
                        absl::Time now) {
  auto withdrawn = Of<jv1::Withdrawn>(application, now);
  withdrawn.set_reason(reason);
  return withdrawn;
}

v1::PoolApplicationSubmitted MessageOf(const jv1::Submitted& submitted) {
  const v1::PoolApplication& application = submitted.application();
  v1::PoolApplicationSubmitted message;
  message.set_measure(application.measure());
  *message.mutable_grounds() = application.grounds();
  message.set_budget_year(application.budget_year());
  message.set_applied_dkk(application.applied_dkk());
  return message;
}

v1::PoolApplicationWithdrawn MessageOf(const jv1::Withdrawn& withdrawn) {
  v1::PoolApplicationWithdrawn message;
  message.set_reason(withdrawn.reason());
  return message;
}

v1::PoolAccountReturned MessageOf(const jv1::Accounted& accounted) {
  v1::PoolAccountReturned message;
  message.set_spent_dkk(accounted.spent_dkk());
  return message;
}

exchange::Told<jv1::Accounted> Account(const jv1::Application& one, std::uint64_t spent_dkk,
                                       absl::Time now) {
  const v1::PoolApplication& seen = one.seen();
  const bool given_up = seen.stage() == v1::POOL_STAGE_CLOSED && !seen.has_spent_dkk();
  if (HasEnded(seen.stage()) && !given_up) return Decision::Refuse(Ended());
  if (!seen.has_paid_dkk()) {
    return Decision::Refuse("pool.not_paid", "The account is of what was paid; nothing is yet.");
  }
  if (spent_dkk > seen.paid_dkk()) {
    return Decision::Refuse(
        exchange::BadInput("pool.account_above_paid",
                           "More was spent than was paid. The pool pays no more than it granted: "
                           "account for what was paid."));
  }
  auto accounted = Of<jv1::Accounted>(seen, now);
  accounted.set_spent_dkk(spent_dkk);
  if (seen.stage() != v1::POOL_STAGE_ACCOUNT_RECEIVED) {
    *accounted.mutable_desk() =
        exchange::OwedBy(DeskOf(one), seen.application_id(), AcceptanceDue(now));
  }
  return accounted;
}

std::optional<exchange::Refusal> CannotBeWithdrawn(const v1::PoolApplication& application,
                                                   v1::PoolWithdrawalReason reason) {
  if (HasEnded(application.stage())) return Ended();
  if (application.has_paid_dkk()) {
    return exchange::RefusedBy(
        "pool.paid", "It is paid. Return the account instead; what was not spent goes back.");
  }
  if (reason == v1::POOL_WITHDRAWAL_REASON_UNSPECIFIED) {
    return exchange::BadInput("pool.reason_required", "Say by a code why it is withdrawn.");
  }
  return std::nullopt;
}

exchange::Told<jv1::Decided> ToldDecision(const jv1::Application& one,
                                          const v1::PoolApplicationDecided& message,
                                          const DecisionContext& context) {
  const v1::PoolApplication& seen = one.seen();
  if (seen.stage() == v1::POOL_STAGE_WITHDRAWN) {
    return Decision::NoEffect("decision_crossed_withdrawal");
  }
  if (seen.stage() != v1::POOL_STAGE_SUBMITTED) return Decision::NoEffect("decision_known");
  if (message.granted_dkk() > seen.applied_dkk()) return WrongAmount();
  auto decided = Of<jv1::Decided>(seen, context.now);
  decided.set_granted_dkk(message.granted_dkk());
  decided.set_refusal(message.refusal());
  if (message.granted_dkk() > 0) {
    *decided.mutable_desk() =
        exchange::OwedBy(DeskOf(one), seen.application_id(), ActDue(seen.measure(), context.now));
  }
  return decided;
}

// A payment says that it was granted, and one that crossed the withdrawal stands.
exchange::Told<jv1::Paid> ToldPayment(const jv1::Application& one, const v1::PoolGrantPaid& message,
                                      const DecisionContext& context) {
  const v1::PoolApplication& seen = one.seen();
  if (seen.has_paid_dkk()) return Decision::NoEffect("payment_known");
  if (seen.stage() == v1::POOL_STAGE_REFUSED) return OutOfTurn();
  if (message.paid_dkk() == 0 || message.paid_dkk() > PayableDkk(seen)) return WrongAmount();
  auto paid = Of<jv1::Paid>(seen, context.now);
  paid.set_paid_dkk(message.paid_dkk());
  *paid.mutable_account() =
      exchange::OwedBy(context.self->id, seen.application_id(),
                       message.has_account_due() ? exchange::FromProto(message.account_due())
                                                 : AccountDue(context.now));
  return paid;
}

exchange::Told<jv1::Finished> ToldEnd(const jv1::Application& one,
                                      const v1::PoolApplicationClosed& message,
                                      const DecisionContext& context) {
  const v1::PoolApplication& seen = one.seen();
  const bool accounted = seen.stage() == v1::POOL_STAGE_ACCOUNT_RECEIVED;
  if (seen.stage() == v1::POOL_STAGE_CLOSED) return Decision::NoEffect("closing_known");
  if (accounted && !message.has_spent_dkk()) return Decision::NoEffect("closing_crossed_account");
  if (!accounted && (seen.stage() != v1::POOL_STAGE_PAID || message.has_spent_dkk())) {
    return OutOfTurn();
  }
  if (message.spent_dkk() > seen.paid_dkk()) return WrongAmount();
  auto finished = Of<jv1::Finished>(seen, context.now);
  if (message.has_spent_dkk()) finished.set_spent_dkk(message.spent_dkk());
  return finished;
}

std::optional<Decision> NotFromDesk(const jv1::Application* one, std::string_view sender) {
  if (one == nullptr) {
    return Decision::Refuse("letter.not_an_application", "No such application was made here.");
  }
  if (DeskOf(*one) != sender) {
    return Decision::Refuse("letter.not_a_party", "The sender was not applied to.");
  }
  return std::nullopt;
}

bool IsOpenToApplicant(v1::PoolStage stage) {
  return !HasEnded(stage) && stage != v1::POOL_STAGE_ACCOUNT_RECEIVED;
}

exchange::Party ToDesk(const std::string& contact_point, const std::string& application_id) {
  return {contact_point,
          policy::v1::RELATION_CONTACT_POINT,
          application_id,
          {},
          policy::v1::LEGAL_BASIS_UNSPECIFIED,
          policy::v1::PURPOSE_EXIT_SUPPORT};
}

}  // namespace exitbus::pool
