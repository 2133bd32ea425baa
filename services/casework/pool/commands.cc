// What the applicant's own people do: apply, withdraw, return an account.
#include <optional>
#include <string>
#include <utility>

#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/pool/v1/messages.pb.h"
#include "exitbus/pool/v1/pool_service.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/methods.h"
#include "services/casework/parts.h"
#include "services/casework/pool/pool.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/pool/application.h"

namespace exitbus::casework {
namespace {

namespace lv1 = pool::v1;
namespace plv1 = pool_journal::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::ToProto;
using google::protobuf::Message;

constexpr int kOfOneCaseMax = 100;

// Its holder speaks, whoever answers for the case now. The ground is the contact point's own task:
// nobody is named.
exchange::Address ToPool(const std::string& contact_point, const std::string& application_id) {
  return {pv1::RELATION_HOLDER,
          {contact_point,
           pv1::RELATION_CONTACT_POINT,
           application_id,
           {},
           pv1::LEGAL_BASIS_RHL,
           pv1::PURPOSE_EXIT_SUPPORT}};
}

const Rule kPoolListed{"pool.none_listed", "The directory lists no contact point. Have it listed.",
                       [](const Situation& s) { return !ContactPoint(s.context).empty(); }};

const Rule kNotTooMany{
    "pool.too_many_of_case",
    "This case has 100 applications, which is all it may have. Ask the contact "
    "point how to go about it.",
    [](const Situation& s) { return s.file.pool_applications_size() < kOfOneCaseMax; },
    absl::StatusCode::kResourceExhausted};

std::unique_ptr<Message> LastView(const jv1::CaseFile& file) {
  const auto& all = file.pool_applications();
  return all.empty() ? nullptr : pool::View(all, all.Get(all.size() - 1).seen().application_id());
}

std::unique_ptr<Message> ListView(const jv1::CaseFile& file, std::string_view index_key,
                                  const lv1::ListPoolApplicationsRequest& asked) {
  if (!asked.of_case().empty() && asked.of_case() != file.case_id()) return nullptr;
  return pool::ViewNamed(file.pool_applications(), index_key);
}

// What a request about one application is decided on; `decide` sees it in its stage.
template <class Request>
CasePart::Of<Request> OnApplication(Decision (*decide)(const plv1::Application&, const Request&,
                                                       const DecisionContext&)) {
  return {.target = &pool::ByApplication<Request>,
          .decide =
              [decide](const jv1::CaseFile& file, const Request& request,
                       const DecisionContext& context) {
                const auto* one = pool::Find(file.pool_applications(), request.application_id());
                return decide(*one, request, context);
              },
          .view = &pool::ViewOf<jv1::CaseFile, Request>};
}

Decision Ended() {
  return Decision::Refuse("pool.ended", "The application is refused, withdrawn or closed.");
}

Decision Submit(const jv1::CaseFile& file, const lv1::SubmitPoolApplicationRequest& request,
                const DecisionContext& context) {
  jv1::CaseEvent event;
  plv1::Submitted& submitted = *event.mutable_pool_submitted();
  lv1::PoolApplication& application = *submitted.mutable_application();
  application.set_application_id(context.lookup->FreshId());
  application.set_case_id(file.case_id());
  application.set_applicant(context.self->id);
  application.set_measure(request.measure());
  *application.mutable_grounds() = request.grounds();
  application.set_budget_year(request.budget_year());
  application.set_applied_dkk(request.applied_dkk());
  *application.mutable_submitted() = ToProto(context.now);
  if (auto fault = pool::FaultIn(application)) return Decision::Refuse(*std::move(fault));
  if (!pool::IsBudgetYear(application.budget_year(), context.now)) {
    return Invalid("pool.year_out_of_range", "The budget year is this year or the next one.");
  }
  const std::string contact_point = ContactPoint(context);
  *submitted.mutable_desk() = exchange::OwedBy(contact_point, application.application_id(),
                                               pool::ActDue(application.measure(), context.now));
  lv1::PoolApplicationSubmitted message;
  message.set_measure(application.measure());
  *message.mutable_grounds() = application.grounds();
  message.set_budget_year(application.budget_year());
  message.set_applied_dkk(application.applied_dkk());
  return Decision().AddEvent(event).Notify(ToPool(contact_point, application.application_id()),
                                           message);
}

Decision Withdraw(const plv1::Application& application,
                  const lv1::WithdrawPoolApplicationRequest& request,
                  const DecisionContext& context) {
  const lv1::PoolStage stage = application.seen().stage();
  if (pool::HasEnded(stage)) return Ended();
  if (stage == lv1::POOL_STAGE_PAID || stage == lv1::POOL_STAGE_ACCOUNT_RECEIVED) {
    return Decision::Refuse(
        "pool.paid", "It is paid. Return the account instead; what was not spent goes back.");
  }
  if (request.reason() == lv1::POOL_WITHDRAWAL_REASON_UNSPECIFIED) {
    return Invalid("pool.reason_required", "Say by a code why it is withdrawn.");
  }
  jv1::CaseEvent event;
  plv1::Withdrawn& withdrawn = *event.mutable_pool_withdrawn();
  withdrawn.set_application_id(request.application_id());
  *withdrawn.mutable_instant() = ToProto(context.now);
  withdrawn.set_reason(request.reason());
  lv1::PoolApplicationWithdrawn message;
  message.set_reason(request.reason());
  return Decision().AddEvent(event).Notify(
      ToPool(pool::DeskOf(application), request.application_id()), message);
}

Decision ReturnAccount(const plv1::Application& application,
                       const lv1::ReturnPoolAccountRequest& request,
                       const DecisionContext& context) {
  const lv1::PoolApplication& seen = application.seen();
  const bool given_up = seen.stage() == lv1::POOL_STAGE_CLOSED && !seen.has_spent_dkk();
  if (pool::HasEnded(seen.stage()) && !given_up) return Ended();
  if (!seen.has_paid_dkk()) {
    return Decision::Refuse("pool.not_paid", "The account is of what was paid; nothing is yet.");
  }
  if (request.spent_dkk() > seen.paid_dkk()) {
    return Invalid("pool.account_above_paid",
                   "More was spent than was paid. The pool pays no more than it granted: account "
                   "for what was paid.");
  }
  jv1::CaseEvent event;
  plv1::Accounted& accounted = *event.mutable_pool_accounted();
  accounted.set_application_id(seen.application_id());
  *accounted.mutable_instant() = ToProto(context.now);
  accounted.set_spent_dkk(request.spent_dkk());
  const std::string& contact_point = pool::DeskOf(application);
  if (seen.stage() != lv1::POOL_STAGE_ACCOUNT_RECEIVED) {
    *accounted.mutable_desk() =
        exchange::OwedBy(contact_point, seen.application_id(), pool::AcceptanceDue(context.now));
  }
  lv1::PoolAccountReturned message;
  message.set_spent_dkk(request.spent_dkk());
  return Decision().AddEvent(event).Notify(ToPool(contact_point, seen.application_id()), message);
}

}  // namespace

const Rule kNoOpenPoolApplication{
    "erasure.pool_application_open",
    "An application to the central pool is open. Withdraw it, or return its account, first: "
    "ListPoolApplications of the case.",
    [](const Situation& s) {
      return !s.context.lookup->ExistsBelow(
          exchange::IndexKey{kFiles, OpenPoolKey(s.file.case_id(), "")}.Encode());
    }};

CasePart PoolMethods() {
  auto submit = OnCase({&kResponsible, &kInProgramme, &kPoolListed, &kNotTooMany}, &Submit);
  submit.view = &LastView;
  submit.guarded = &CaseView;  // there is no application yet
  CasePart part;
  part.Serve(submit)
      .Serve(OnApplication(&Withdraw))
      .Serve(OnApplication(&ReturnAccount))
      .Serve<lv1::GetPoolApplicationRequest>(
          {.target = &pool::ByApplication,
           .view = &pool::ViewOf<jv1::CaseFile, lv1::GetPoolApplicationRequest>})
      .List<lv1::ListPoolApplicationsRequest>(
          {.prefix = pool::PoolKey(""),
           .view = &ListView,
           .watch = exchange::MethodOf(lv1::WatchPoolApplicationsRequest::descriptor())});
  return part;
}

}  // namespace exitbus::casework
