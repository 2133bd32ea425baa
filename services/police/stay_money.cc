// What a stay costs, as the central pool is asked for it: from the unit's side. What it answers is
// alike for all who apply (services/pool/applicant.h).
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "exitbus/police/v1/stay_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/membership.h"
#include "services/exchange/working_days.h"
#include "services/police/parts.h"
#include "services/police/stay.h"
#include "services/pool/applicant.h"

namespace exitbus::police {
namespace {

namespace lv1 = pool::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using pool_journal::v1::Application;

std::string DeskIn(const DecisionContext& context) {
  return exchange::TheOne(*context.directory, pv1::AUTHORITY_KIND_CONTACT_POINT);
}

template <class What>
void Tell(const What& what, const std::string& desk, const std::string& application_id,
          Decision& decision) {
  pool::Tell<jv1::SecurityEvent>(pv1::RELATION_POLICE, what, desk, application_id, decision);
}

// For what a stay costs; says nothing of where it is.
lv1::PoolApplication ApplicationFor(const jv1::SecurityFile& file, std::uint64_t applied_dkk,
                                    const DecisionContext& context) {
  lv1::PoolApplication application;
  application.set_case_id(file.security_id());
  application.set_applicant(context.self->id);
  application.set_measure(lv1::POOL_MEASURE_ACUTE_RELOCATION);
  application.add_grounds(lv1::POOL_GROUND_THREAT);
  application.set_budget_year(static_cast<std::uint32_t>(exchange::MonthOf(context.now).year()));
  application.set_applied_dkk(applied_dkk);
  return application;
}

void Withdraw(const Application& one, lv1::PoolWithdrawalReason reason,
              const DecisionContext& context, Decision& decision) {
  Tell(pool::Withdraw(one.seen(), reason, context.now), pool::DeskOf(one),
       one.seen().application_id(), decision);
}

// Of this stay; null: it has no such application.
template <class Request>
const Application* Named(const jv1::SecurityFile& file, const Request& request) {
  const auto all = ApplicationsFor(file, *FindStay(file, request.stay_id()));
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto* one) {
    return one->seen().application_id() == request.application_id();
  });
  return found == all.end() ? nullptr : *found;
}
Decision NoSuchApplication() {
  return Decision::Refuse("stay.no_such_application",
                          "No application for this stay has that id: GetStay lists them.");
}

Decision WithdrawApplication(const jv1::SecurityFile& file,
                             const v1::WithdrawStayApplicationRequest& request,
                             const DecisionContext& context) {
  const auto* const one = Named(file, request);
  if (one == nullptr) return NoSuchApplication();
  if (auto refused = pool::CannotBeWithdrawn(one->seen(), request.reason())) {
    return Decision::Refuse(*std::move(refused));
  }
  Decision decision;
  Withdraw(*one, request.reason(), context, decision);
  return decision;
}

Decision ReturnAccount(const jv1::SecurityFile& file, const v1::ReturnStayAccountRequest& request,
                       const DecisionContext& context) {
  const auto* const one = Named(file, request);
  if (one == nullptr) return NoSuchApplication();
  const auto accounted = pool::Account(*one, request.spent_dkk(), context.now);
  if (const auto* refused = std::get_if<Decision>(&accounted)) return *refused;
  Decision decision;
  Tell(std::get<pool_journal::v1::Accounted>(accounted), pool::DeskOf(*one),
       request.application_id(), decision);
  return decision;
}

}  // namespace

std::optional<exchange::Refusal> FaultInApplication(const jv1::SecurityFile& file,
                                                    std::uint64_t applied_dkk,
                                                    const DecisionContext& context) {
  if (applied_dkk == 0) return std::nullopt;
  if (auto fault = pool::FaultIn(ApplicationFor(file, applied_dkk, context))) return fault;
  if (!DeskIn(context).empty()) return std::nullopt;
  return exchange::RefusedBy("pool.none_listed",
                             "The directory lists no contact point. Apply for nothing now, and "
                             "have it listed.");
}

void Apply(const jv1::SecurityFile& file, std::uint64_t applied_dkk,
           const google::protobuf::Timestamp& until, const DecisionContext& context,
           jv1::Stay& stay, Decision& decision) {
  if (applied_dkk == 0) return;
  lv1::PoolApplication application = ApplicationFor(file, applied_dkk, context);
  application.set_application_id(context.lookup->FreshId());
  jv1::Funding& funding = *stay.add_funding();
  funding.set_application_id(application.application_id());
  *funding.mutable_until() = until;
  const std::string desk = DeskIn(context);
  Tell(pool::Submit(application, desk, context.now), desk, application.application_id(), decision);
}

void WithdrawUnpaid(const jv1::SecurityFile& file, const jv1::Stay& stay,
                    const DecisionContext& context, Decision& decision) {
  for (const Application* one : ApplicationsFor(file, stay)) {
    if (pool::HasEnded(one->seen().stage()) || one->seen().has_paid_dkk()) continue;
    Withdraw(*one, lv1::POOL_WITHDRAWAL_REASON_ERROR, context, decision);
  }
}

SecurityPart StayMoney() {
  SecurityPart part = pool::ApplicantPart<jv1::SecurityFile, jv1::SecurityEvent>();
  part.Serve(OnStay(&WithdrawApplication)).Serve(OnStay(&ReturnAccount));
  return part;
}

}  // namespace exitbus::police
