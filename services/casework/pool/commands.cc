// What the applicant's own people do: apply, withdraw, return an account.
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/pool/v1/pool_service.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/methods.h"
#include "services/casework/parts.h"
#include "services/casework/pool/pool.h"
#include "services/casework/programme/programmes.h"
#include "services/exchange/keys.h"
#include "services/pool/applicant.h"

namespace exitbus::casework {
namespace {

namespace lv1 = pool::v1;
namespace plv1 = pool_journal::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using google::protobuf::Message;

constexpr int kOfOneCaseMax = 100;

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

// Its holder speaks, whoever answers for the case now.
template <class What>
Decision Tell(const What& what, const std::string& contact_point,
              const std::string& application_id) {
  Decision decision;
  pool::Tell<jv1::CaseEvent>(pv1::RELATION_HOLDER, what, contact_point, application_id, decision);
  return decision;
}

Decision Submit(const jv1::CaseFile& file, const lv1::SubmitPoolApplicationRequest& request,
                const DecisionContext& context) {
  lv1::PoolApplication application;
  application.set_application_id(context.lookup->FreshId());
  application.set_case_id(file.case_id());
  application.set_applicant(context.self->id);
  application.set_measure(request.measure());
  *application.mutable_grounds() = request.grounds();
  application.set_budget_year(request.budget_year());
  application.set_applied_dkk(request.applied_dkk());
  if (auto fault = pool::FaultIn(application)) return Decision::Refuse(*std::move(fault));
  if (!pool::IsBudgetYear(application.budget_year(), context.now)) {
    return Invalid("pool.year_out_of_range", "The budget year is this year or the next one.");
  }
  const std::string contact_point = ContactPoint(context);
  const auto submitted = pool::Submit(application, contact_point, context.now);
  return Tell(submitted, contact_point, application.application_id());
}

Decision Withdraw(const plv1::Application& application,
                  const lv1::WithdrawPoolApplicationRequest& request,
                  const DecisionContext& context) {
  if (auto refused = pool::CannotBeWithdrawn(application.seen(), request.reason())) {
    return Decision::Refuse(*std::move(refused));
  }
  return Tell(pool::Withdraw(application.seen(), request.reason(), context.now),
              pool::DeskOf(application), request.application_id());
}

Decision ReturnAccount(const plv1::Application& application,
                       const lv1::ReturnPoolAccountRequest& request,
                       const DecisionContext& context) {
  const auto accounted = pool::Account(application, request.spent_dkk(), context.now);
  if (const auto* refused = std::get_if<Decision>(&accounted)) return *refused;
  return Tell(std::get<plv1::Accounted>(accounted), pool::DeskOf(application),
              request.application_id());
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
  auto submit =
      OnCase({&kResponsible, &kInProgramme, &kOpensPool, &kPoolListed, &kNotTooMany}, &Submit);
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
