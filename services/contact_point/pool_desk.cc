#include "services/contact_point/pool_desk.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "exitbus/contact_point/v1/pool_desk.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/pool/v1/messages.pb.h"
#include "services/contact_point/pool.h"
#include "services/exchange/compose.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/pool/application.h"

namespace exitbus::contact_point {
namespace {

namespace lv1 = pool::v1;
namespace plv1 = pool_journal::v1;
namespace pv1 = policy::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::Message;
using exchange::Needs;
using exchange::Refusal;
using exchange::RefusedBy;
using exchange::ToProto;

template <class Request>
std::string ByYear(const Request& request) {
  return PoolYearKey(request.year());
}
std::string NewYear(const v1::OpenBudgetYearRequest&) { return ""; }

std::unique_ptr<Message> ListView(const jv1::PoolYear& year, std::string_view index_key,
                                  const v1::ListPoolApplicationsRequest& asked) {
  if (asked.budget_year() != 0 && asked.budget_year() != year.year()) return nullptr;
  return pool::ViewNamed(year.pool_applications(), index_key);
}

std::optional<Refusal> BudgetFault(std::uint64_t budget_dkk) {
  if (budget_dkk <= kBudgetMaxDkk) return std::nullopt;
  return BadInput("budget.amount_above_cap", "A year's budget is at most 1 000 000 000 kroner.");
}

Decision OpenYear(const jv1::PoolYear&, const v1::OpenBudgetYearRequest& request,
                  const DecisionContext& context) {
  if (!pool::IsBudgetYear(request.year(), context.now)) {
    return Decision::Refuse(
        BadInput("budget.year_out_of_range", "A year is opened in itself or in the year before."));
  }
  if (auto fault = BudgetFault(request.budget_dkk())) return Decision::Refuse(*std::move(fault));
  if (context.lookup->Exists(exchange::IndexKey{kPool, PoolYearKey(request.year())}.Encode())) {
    return Decision::Refuse("budget.year_open", "The year is open. Change its budget: SetBudget.",
                            absl::StatusCode::kAlreadyExists);
  }
  jv1::PoolEvent event;
  event.mutable_year_opened()->set_year(request.year());
  event.mutable_year_opened()->set_budget_dkk(request.budget_dkk());
  return Decision().AddEvent(event);
}

Decision SetBudget(const jv1::PoolYear& year, const v1::SetBudgetRequest& request,
                   const DecisionContext&) {
  if (auto fault = BudgetFault(request.budget_dkk())) return Decision::Refuse(*std::move(fault));
  const std::uint64_t committed_dkk = SumsOf(year).committed_dkk;
  if (request.budget_dkk() < committed_dkk) {
    return Decision::Refuse("budget.below_committed",
                            absl::StrCat("The year has committed ", committed_dkk,
                                         " kroner. The budget cannot be less."));
  }
  jv1::PoolEvent event;
  event.mutable_budget_set()->set_budget_dkk(request.budget_dkk());
  return Decision().AddEvent(event);
}

// A request about one application, decided with the year that it is in.
template <class Request>
PoolPart::Of<Request> OnApplication(Decision (*decide)(const jv1::PoolYear&,
                                                       const plv1::Application&, const Request&,
                                                       const DecisionContext&),
                                    Needs needs = Needs::kConfirmedHead) {
  return {.target = &pool::ByApplication<Request>,
          .decide =
              [decide](const jv1::PoolYear& year, const Request& request,
                       const DecisionContext& context) {
                const auto* one = pool::Find(year.pool_applications(), request.application_id());
                return decide(year, *one, request, context);
              },
          .view = &pool::ViewOf<jv1::PoolYear, Request>,
          .needs = needs};
}

Decision Tell(const lv1::PoolApplication& application, const jv1::PoolEvent& event,
              const Message& message, const DecisionContext& context) {
  return Decision().AddEvent(event).Notify(
      pv1::RELATION_CONTACT_POINT,
      ApplicantOf(application.applicant(), application.application_id(), context), message);
}

// `event.of` is about this application, now.
template <class What>
What& Begin(What& what, const lv1::PoolApplication& application, const DecisionContext& context) {
  what.set_application_id(application.application_id());
  *what.mutable_instant() = ToProto(context.now);
  return what;
}

std::optional<Refusal> Undecidable(lv1::PoolStage stage) {
  if (stage == lv1::POOL_STAGE_WITHDRAWN) {
    return RefusedBy("pool.withdrawn", "The applicant has withdrawn it. Nothing is to be decided.");
  }
  if (pool::IsDecided(stage)) return RefusedBy("pool.decided", "It is decided, and told.");
  return std::nullopt;
}

std::optional<Refusal> NotTreated(lv1::PoolStage stage) {
  if (auto refusal = Undecidable(stage)) return refusal;
  if (stage == lv1::POOL_STAGE_UNDER_TREATMENT) return std::nullopt;
  return RefusedBy("pool.not_under_treatment", "Take it under treatment first.");
}

Decision Treat(const jv1::PoolYear&, const plv1::Application& application,
               const v1::TreatPoolApplicationRequest&, const DecisionContext&) {
  const lv1::PoolApplication& seen = application.seen();
  if (auto refusal = Undecidable(seen.stage())) return Decision::Refuse(*std::move(refusal));
  if (seen.stage() == lv1::POOL_STAGE_UNDER_TREATMENT) {
    return Decision::Refuse("pool.under_treatment", "Somebody has taken it up already.");
  }
  jv1::PoolEvent event;
  event.mutable_treated()->set_application_id(seen.application_id());
  return Decision().AddEvent(event);
}

Decision Decide(const lv1::PoolApplication& application, std::uint64_t granted_dkk,
                lv1::PoolRefusalCode code, const DecisionContext& context) {
  jv1::PoolEvent event;
  plv1::Decided& decided = Begin(*event.mutable_decided(), application, context);
  decided.set_granted_dkk(granted_dkk);
  decided.set_refusal(code);
  if (granted_dkk > 0) {
    *decided.mutable_desk() = exchange::OwedBy(context.self->id, application.application_id(),
                                               pool::ActDue(application.measure(), context.now));
  }
  lv1::PoolApplicationDecided message;
  message.set_granted_dkk(granted_dkk);
  message.set_refusal(code);
  return Tell(application, event, message, context);
}

Decision Grant(const jv1::PoolYear& year, const plv1::Application& application,
               const v1::GrantPoolApplicationRequest& request, const DecisionContext& context) {
  const lv1::PoolApplication& seen = application.seen();
  if (auto refusal = NotTreated(seen.stage())) return Decision::Refuse(*std::move(refusal));
  if (request.granted_dkk() == 0) {
    return Decision::Refuse(
        BadInput("pool.amount_not_positive", "Grant at least 1 krone, or refuse it."));
  }
  if (request.granted_dkk() > seen.applied_dkk()) {
    return Decision::Refuse(BadInput("pool.grant_above_applied",
                                     "Not more than was applied for: have them apply for more."));
  }
  const bool whole = request.granted_dkk() == seen.applied_dkk();
  if (whole != (request.code() == lv1::POOL_REFUSAL_CODE_UNSPECIFIED)) {
    return Decision::Refuse(
        BadInput("pool.code_for_the_rest", "Say by a code why not all is granted, and only then."));
  }
  if (const std::uint64_t left_dkk = LeftDkk(year); request.granted_dkk() > left_dkk) {
    return Decision::Refuse(
        "budget.overspent",
        absl::StrCat("The year has ", left_dkk,
                     " kroner left. Grant a part, refuse it, or have the budget raised."),
        absl::StatusCode::kResourceExhausted);
  }
  return Decide(seen, request.granted_dkk(), request.code(), context);
}

Decision RefuseIt(const jv1::PoolYear&, const plv1::Application& application,
                  const v1::RefusePoolApplicationRequest& request, const DecisionContext& context) {
  const lv1::PoolApplication& seen = application.seen();
  if (auto refusal = NotTreated(seen.stage())) return Decision::Refuse(*std::move(refusal));
  if (request.code() == lv1::POOL_REFUSAL_CODE_UNSPECIFIED) {
    return Decision::Refuse(BadInput("pool.code_required", "Say by a code why it is refused."));
  }
  return Decide(seen, 0, request.code(), context);
}

Decision Pay(const jv1::PoolYear&, const plv1::Application& application,
             const v1::RecordPaymentRequest& request, const DecisionContext& context) {
  const lv1::PoolApplication& seen = application.seen();
  if (seen.has_paid_dkk()) return Decision::Refuse("pool.paid", "It is paid already.");
  if (seen.stage() == lv1::POOL_STAGE_WITHDRAWN) {
    return Decision::Refuse("pool.withdrawn", "The applicant has withdrawn it. Pay nothing.");
  }
  if (!pool::IsGranted(seen.stage())) {
    return Decision::Refuse("pool.not_granted", "Only what is granted is paid.");
  }
  if (request.paid_dkk() == 0) {
    return Decision::Refuse(BadInput("pool.amount_not_positive", "Say how much was paid."));
  }
  if (request.paid_dkk() > seen.granted_dkk()) {
    return Decision::Refuse(
        BadInput("pool.payment_above_grant", "Not more is paid than was granted."));
  }
  jv1::PoolEvent event;
  plv1::Paid& paid = Begin(*event.mutable_paid(), seen, context);
  paid.set_paid_dkk(request.paid_dkk());
  const absl::Time due = pool::AccountDue(context.now);
  *paid.mutable_account() = exchange::OwedBy(seen.applicant(), seen.application_id(), due);
  lv1::PoolGrantPaid message;
  message.set_paid_dkk(request.paid_dkk());
  *message.mutable_account_due() = ToProto(due);
  return Tell(seen, event, message, context);
}

Decision Close(const lv1::PoolApplication& application, const DecisionContext& context) {
  jv1::PoolEvent event;
  plv1::Finished& finished = Begin(*event.mutable_finished(), application, context);
  lv1::PoolApplicationClosed message;
  if (application.has_spent_dkk()) {
    finished.set_spent_dkk(application.spent_dkk());
    message.set_spent_dkk(application.spent_dkk());
  }
  return Tell(application, event, message, context);
}

Decision Accept(const jv1::PoolYear&, const plv1::Application& application,
                const v1::AcceptPoolAccountRequest&, const DecisionContext& context) {
  const lv1::PoolApplication& seen = application.seen();
  if (pool::HasEnded(seen.stage())) {
    return Decision::Refuse("pool.ended", "It is refused, withdrawn or closed.");
  }
  if (seen.stage() != lv1::POOL_STAGE_ACCOUNT_RECEIVED) {
    return Decision::Refuse("pool.no_account", "No account has come.");
  }
  return Close(seen, context);
}

Decision GiveUp(const jv1::PoolYear&, const plv1::Application& application,
                const v1::CloseWithoutAccountRequest&, const DecisionContext& context) {
  const lv1::PoolApplication& seen = application.seen();
  if (pool::HasEnded(seen.stage())) {
    return Decision::Refuse("pool.ended", "It is refused, withdrawn or closed.");
  }
  if (seen.stage() == lv1::POOL_STAGE_ACCOUNT_RECEIVED) {
    return Decision::Refuse("pool.account_received", "An account has come. Accept that one.");
  }
  if (seen.stage() != lv1::POOL_STAGE_PAID) {
    return Decision::Refuse("pool.not_paid", "No account is due: nothing is paid.");
  }
  if (context.now < exchange::FromProto(application.account().due())) {
    return Decision::Refuse("pool.account_not_due",
                            "The applicant still has time to return the account.");
  }
  return Close(seen, context);
}

// Who may have been granted something that a store which was put back has forgotten.
std::vector<std::string> OpenApplicants(const jv1::PoolYear& year) {
  std::set<std::string> applicants;
  for (const plv1::Application& one : year.pool_applications()) {
    if (!pool::HasEnded(one.seen().stage())) applicants.insert(one.seen().applicant());
  }
  return {applicants.begin(), applicants.end()};
}

}  // namespace

// A store that was put back has forgotten grants: nothing is decided against its budget until those
// who may have been granted something have said that they hold nothing newer of this authority's.
PoolPart PoolMethods() {
  PoolPart part;
  part.Serve<v1::OpenBudgetYearRequest>({.target = &NewYear,
                                         .decide = &OpenYear,
                                         .view = &BudgetView,
                                         .needs = Needs::kConfirmedHead})
      .Serve<v1::SetBudgetRequest>({.target = &ByYear,
                                    .decide = &SetBudget,
                                    .view = &BudgetView,
                                    .needs = Needs::kConfirmedHead})
      .Serve<v1::GetBudgetYearRequest>({.target = &ByYear, .view = &BudgetView})
      .Serve(OnApplication(&Treat, Needs::kTopicsRead))
      .Serve(OnApplication(&Grant))
      .Serve(OnApplication(&RefuseIt))
      .Serve(OnApplication(&Pay))
      .Serve(OnApplication(&Accept))
      .Serve(OnApplication(&GiveUp))
      .Serve<v1::GetPoolApplicationRequest>(
          {.target = &pool::ByApplication,
           .view = &pool::ViewOf<jv1::PoolYear, v1::GetPoolApplicationRequest>})
      .List<v1::ListPoolApplicationsRequest>(
          {.prefix = pool::PoolKey(""),
           .view = &ListView,
           .watch = exchange::MethodOf(v1::WatchPoolApplicationsRequest::descriptor())});
  return part;
}

exchange::Aggregate PoolYears() {
  exchange::Aggregate years = exchange::Compose<jv1::PoolYear, jv1::PoolEvent>(
      kPool, {PoolLetters(), PoolEvents(), PoolMethods()},
      [](const exchange::LetterPlace& place) { return pool::PoolKey(place.subject); });
  // A new application goes to its year, by which it is not found yet.
  years.letter_target = [of = years.letter_target](const exchange::LetterPlace& place,
                                                   const exchange::v1::Body& body) {
    return body.has_pool_application_submitted()
               ? std::optional(PoolYearKey(body.pool_application_submitted().budget_year()))
               : of(place, body);
  };
  years.open_counterparts = exchange::OfState(&OpenApplicants);
  years.visibility = [](const Message&, pv1::Reader reader, const DecisionContext&) {
    return exchange::Visibility{reader, {pv1::CONDITION_OWN_PART}};
  };
  return years;
}

}  // namespace exitbus::contact_point
