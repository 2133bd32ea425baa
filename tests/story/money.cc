// The steps of an application to the central pool: by who answers for the case, to the contact
// point, which is told of no case.
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "exitbus/contact_point/v1/pool_desk.pb.h"
#include "exitbus/pool/v1/pool_service.pb.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/working_days.h"
#include "tests/story/calls.h"
#include "tests/story/checks.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

namespace pov1 = pool::v1;

constexpr std::string_view kPool = "exitbus.pool.v1.PoolService.";
constexpr std::string_view kDesk = "exitbus.contact_point.v1.PoolDeskService.";

// Everybody asks for one application alike, and is answered with it.
template <class Request>
absl::StatusOr<pov1::PoolApplication> Ask(Actor* actor, std::string_view service,
                                          std::string_view method, const Request& request) {
  const auto reply = actor->Call(In(service, method), request);
  if (!reply.ok()) return reply.status();
  pov1::PoolApplication application;
  application.CopyFrom(
      (*reply)->GetReflection()->GetMessage(**reply, (*reply)->GetDescriptor()->field(0)));
  return application;
}

// One application and the two who have to do with it.
class Application {
 public:
  Application(Narrator* say, Actor* applicant, Actor* desk)
      : say_(say), applicant_(applicant), desk_(desk) {}

  absl::Status Submit(pov1::SubmitPoolApplicationRequest request) {
    request.set_request_id(FreshId());
    const absl::Time sent = absl::Now();
    ASSIGN_OR_RETURN(const auto made, Ask(applicant_, kPool, "SubmitPoolApplication", request));
    id_ = made.application_id();
    say_->Did(Nick(applicant_), "applies to the central pool, by codes and an amount",
              absl::Now() - sent);
    return Hears(desk_, "PoolApplicationSubmitted", sent, pov1::POOL_STAGE_SUBMITTED);
  }

  template <class Request>
  absl::Status Act(Actor* by, std::string_view method, Request request, const std::string& what) {
    request.set_request_id(FreshId());
    request.set_application_id(id_);
    sent_ = absl::Now();
    RETURN_IF_ERROR(Ask(by, by == desk_ ? kDesk : kPool, method, request).status());
    say_->Did(Nick(by), what, absl::Now() - sent_);
    return absl::OkStatus();
  }

  absl::Status Hears(Actor* to, const std::string& message, pov1::PoolStage stage) {
    return Hears(to, message, sent_, stage);
  }

 private:
  absl::Status Hears(Actor* to, const std::string& message, absl::Time since,
                     pov1::PoolStage stage) {
    const bool at_desk = to == desk_;
    const auto get = [&]() -> absl::StatusOr<pov1::PoolApplication> {
      if (at_desk) {
        contact_point::v1::GetPoolApplicationRequest request;
        request.set_application_id(id_);
        return Ask(to, kDesk, "GetPoolApplication", request);
      }
      pov1::GetPoolApplicationRequest request;
      request.set_application_id(id_);
      return Ask(to, kPool, "GetPoolApplication", request);
    };
    ASSIGN_OR_RETURN(const auto heard,
                     Await<pov1::PoolApplication>(
                         get, since, to->id() + ": an application at its next stage",
                         [&](const pov1::PoolApplication& seen) { return seen.stage() == stage; }));
    say_->Hop(Nick(at_desk ? applicant_ : desk_), Nick(to), message, heard.took);
    say_->Sees(Nick(to), ShownIn(heard.view));
    return Check(heard.view.case_id().empty() == at_desk, "the contact point is told of no case",
                 heard.view);
  }

  Narrator* const say_;
  Actor* const applicant_;
  Actor* const desk_;
  std::string id_;
  absl::Time sent_;
};

}  // namespace

absl::Status Story::Money() {
  say_->Chapter("4 · Money: Ishøj applies to the central pool");
  Actor* const holder = ishoj_.get();
  Actor* const desk = desk_.get();
  Application application(say_, holder, desk);
  ASSIGN_OR_RETURN(const absl::Time today, deployment_->Today());
  pov1::SubmitPoolApplicationRequest applied;
  applied.set_case_id(case_id_);
  applied.set_measure(pov1::POOL_MEASURE_TATTOO_REMOVAL);
  applied.add_grounds(pov1::POOL_GROUND_VISIBLE_AFFILIATION);
  applied.set_budget_year(exchange::MonthOf(today).year());
  applied.set_applied_dkk(24'000);
  RETURN_IF_ERROR(application.Submit(applied));
  RETURN_IF_ERROR(application.Act(desk, "TreatPoolApplication",
                                  contact_point::v1::TreatPoolApplicationRequest(),
                                  "takes it under treatment"));
  contact_point::v1::GrantPoolApplicationRequest granted;
  granted.set_granted_dkk(20'000);
  granted.set_code(pov1::POOL_REFUSAL_CODE_COST_TOO_HIGH);
  RETURN_IF_ERROR(application.Act(desk, "GrantPoolApplication", granted, "grants most of it"));
  RETURN_IF_ERROR(
      application.Hears(holder, "PoolApplicationDecided", pov1::POOL_STAGE_PARTLY_GRANTED));
  contact_point::v1::RecordPaymentRequest paid;
  paid.set_paid_dkk(20'000);
  RETURN_IF_ERROR(application.Act(desk, "RecordPayment", paid, "has paid it"));
  RETURN_IF_ERROR(application.Hears(holder, "PoolGrantPaid", pov1::POOL_STAGE_PAID));
  pov1::ReturnPoolAccountRequest account;
  account.set_spent_dkk(18'500);
  RETURN_IF_ERROR(application.Act(holder, "ReturnPoolAccount", account, "accounts for it"));
  RETURN_IF_ERROR(
      application.Hears(desk, "PoolAccountReturned", pov1::POOL_STAGE_ACCOUNT_RECEIVED));
  RETURN_IF_ERROR(application.Act(desk, "AcceptPoolAccount",
                                  contact_point::v1::AcceptPoolAccountRequest(),
                                  "accepts the account"));
  return application.Hears(holder, "PoolApplicationClosed", pov1::POOL_STAGE_CLOSED);
}

}  // namespace exitbus::story
