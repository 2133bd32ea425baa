// The applicant's side of an application to the central pool, alike for every authority that
// applies: what its people do, and what it makes of the contact point's answers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "exitbus/pool/v1/messages.pb.h"
#include "services/exchange/part.h"
#include "services/exchange/told.h"
#include "services/pool/application.h"

namespace exitbus::pool {

// The contact point applied to is to decide by then.
jv1::Submitted Submit(const v1::PoolApplication& application, std::string_view contact_point,
                      absl::Time now);
jv1::Withdrawn Withdraw(const v1::PoolApplication& application, v1::PoolWithdrawalReason reason,
                        absl::Time now);
v1::PoolApplicationSubmitted MessageOf(const jv1::Submitted& submitted);
v1::PoolApplicationWithdrawn MessageOf(const jv1::Withdrawn& withdrawn);
v1::PoolAccountReturned MessageOf(const jv1::Accounted& accounted);

// What was spent of what was paid; refused where nothing was, or more than that.
exchange::Told<jv1::Accounted> Account(const jv1::Application& one, std::uint64_t spent_dkk,
                                       absl::Time now);
// By its applicant, for this reason; nullopt: it can be.
std::optional<exchange::Refusal> CannotBeWithdrawn(const v1::PoolApplication& application,
                                                   v1::PoolWithdrawalReason reason);

// From the contact point.
exchange::Told<jv1::Decided> ToldDecision(const jv1::Application& one,
                                          const v1::PoolApplicationDecided& message,
                                          const exchange::DecisionContext& context);
exchange::Told<jv1::Paid> ToldPayment(const jv1::Application& one, const v1::PoolGrantPaid& message,
                                      const exchange::DecisionContext& context);
exchange::Told<jv1::Finished> ToldEnd(const jv1::Application& one,
                                      const v1::PoolApplicationClosed& message,
                                      const exchange::DecisionContext& context);
// Null: no such application was made here. Its correspondence goes in its order, so that one which
// is not here never was.
std::optional<exchange::Decision> NotFromDesk(const jv1::Application* one, std::string_view sender);

// The applicant may still do something: withdraw it, or return the account.
bool IsOpenToApplicant(v1::PoolStage stage);

// The contact point applied to. The ground is its own task: nobody is named.
exchange::Party ToDesk(const std::string& contact_point, const std::string& application_id);

// It happened to the application, and the contact point hears it from the applicant, who is this to
// the case.
template <class Event, class What>
void Tell(policy::v1::Relation applicant, const What& what, const std::string& contact_point,
          const std::string& application_id, exchange::Decision& decision) {
  decision.AddEvent(exchange::EventWith<Event>(what))
      .Notify(applicant, ToDesk(contact_point, application_id), MessageOf(what));
}

template <class Event, class State, class What, class Contents>
typename exchange::Part<State, Event>::template Decider<Contents> FromDesk(exchange::Told<What> (
    *told)(const jv1::Application&, const Contents&, const exchange::DecisionContext&)) {
  return [told](const exchange::Letter<State>& letter, const Contents& message) {
    const auto* const one = Find(letter.state.pool_applications(), letter.place.subject);
    if (auto refused = NotFromDesk(one, letter.place.sender)) return *std::move(refused);
    return exchange::DecisionBy<Event>(told(*one, message, letter.context));
  };
}

// What becomes of the applications of a file, and what is owed of each.
template <class State, class Event>
exchange::Part<State, Event> ApplicantPart() {
  exchange::Part<State, Event> part;
  part.On(FromDesk<Event, State>(&ToldDecision))
      .On(FromDesk<Event, State>(&ToldPayment))
      .On(FromDesk<Event, State>(&ToldEnd))
      .After(&Change<State, jv1::Submitted>)
      .After(&Change<State, jv1::Withdrawn>)
      .After(&Change<State, jv1::Decided>)
      .After(&Change<State, jv1::Paid>)
      .After(&Change<State, jv1::Accounted>)
      .After(&Change<State, jv1::Finished>)
      .Obligations("pool.contact_point_overdue", &OwedByDesk<State>)
      .Obligations("pool.account_overdue", &OwedByApplicants<State>);
  return part;
}

}  // namespace exitbus::pool
