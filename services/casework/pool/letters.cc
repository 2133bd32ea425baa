// What the contact point answers of an application, and what becomes of it.
#include <cstdint>
#include <string>
#include <vector>

#include "exitbus/pool/v1/messages.pb.h"
#include "services/casework/parts.h"
#include "services/casework/pool/pool.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/pool/application.h"

namespace exitbus::casework {
namespace {

namespace lv1 = pool::v1;
namespace plv1 = pool_journal::v1;
using exchange::Decision;
using exchange::ToProto;

Decision WrongAmount() {
  return Decision::Refuse("letter.wrong_amount", "More than was applied for, or paid.");
}
Decision OutOfTurn() {
  return Decision::Refuse("letter.out_of_turn", "The application is not at that stage.");
}

// About one application of this file, from the contact point that was applied to. Its
// correspondence goes in its order, so that one which is not here never was.
template <class Contents>
CasePart::Decider<Contents> Of(Decision (*decide)(const CaseLetter&, const lv1::PoolApplication&,
                                                  const Contents&)) {
  return [decide](const CaseLetter& letter, const Contents& message) {
    const auto* one = pool::Find(letter.state.pool_applications(), letter.place.subject);
    if (one == nullptr) {
      return Decision::Refuse("letter.not_an_application", "No such application was made here.");
    }
    if (pool::DeskOf(*one) != letter.place.sender) {
      return Decision::Refuse("letter.not_a_party", "The sender was not applied to.");
    }
    return decide(letter, one->seen(), message);
  };
}

Decision OnDecided(const CaseLetter& letter, const lv1::PoolApplication& application,
                   const lv1::PoolApplicationDecided& message) {
  if (application.stage() == lv1::POOL_STAGE_WITHDRAWN) {
    return Decision::NoEffect("decision_crossed_withdrawal");
  }
  if (application.stage() != lv1::POOL_STAGE_SUBMITTED) return Decision::NoEffect("decision_known");
  if (message.granted_dkk() > application.applied_dkk()) return WrongAmount();
  jv1::CaseEvent event;
  plv1::Decided& decided = *event.mutable_pool_decided();
  decided.set_application_id(application.application_id());
  *decided.mutable_instant() = ToProto(letter.context.now);
  decided.set_granted_dkk(message.granted_dkk());
  decided.set_refusal(message.refusal());
  if (message.granted_dkk() > 0) {
    *decided.mutable_desk() =
        exchange::OwedBy(letter.place.sender, application.application_id(),
                         pool::ActDue(application.measure(), letter.context.now));
  }
  return Decision().AddEvent(event);
}

// What may be paid of it, by what is known of the decision: of one that is withdrawn, or whose
// decision could not be taken, all that was applied for.
std::uint64_t PayableDkk(const lv1::PoolApplication& application) {
  return application.has_granted_dkk() ? application.granted_dkk() : application.applied_dkk();
}

// A payment says that it was granted, and one that crossed the withdrawal stands.
Decision OnPaid(const CaseLetter& letter, const lv1::PoolApplication& application,
                const lv1::PoolGrantPaid& message) {
  if (application.has_paid_dkk()) return Decision::NoEffect("payment_known");
  if (application.stage() == lv1::POOL_STAGE_REFUSED) return OutOfTurn();
  if (message.paid_dkk() == 0 || message.paid_dkk() > PayableDkk(application)) {
    return WrongAmount();
  }
  jv1::CaseEvent event;
  plv1::Paid& paid = *event.mutable_pool_paid();
  paid.set_application_id(application.application_id());
  *paid.mutable_instant() = ToProto(letter.context.now);
  paid.set_paid_dkk(message.paid_dkk());
  *paid.mutable_account() =
      exchange::OwedBy(letter.context.self->id, application.application_id(),
                       message.has_account_due() ? exchange::FromProto(message.account_due())
                                                 : pool::AccountDue(letter.context.now));
  return Decision().AddEvent(event);
}

Decision OnClosed(const CaseLetter& letter, const lv1::PoolApplication& application,
                  const lv1::PoolApplicationClosed& message) {
  const bool accounted = application.stage() == lv1::POOL_STAGE_ACCOUNT_RECEIVED;
  if (application.stage() == lv1::POOL_STAGE_CLOSED) return Decision::NoEffect("closing_known");
  if (accounted && !message.has_spent_dkk()) return Decision::NoEffect("closing_crossed_account");
  if (!accounted && (application.stage() != lv1::POOL_STAGE_PAID || message.has_spent_dkk())) {
    return OutOfTurn();
  }
  if (message.spent_dkk() > application.paid_dkk()) return WrongAmount();
  jv1::CaseEvent event;
  plv1::Finished& finished = *event.mutable_pool_finished();
  finished.set_application_id(application.application_id());
  *finished.mutable_instant() = ToProto(letter.context.now);
  if (message.has_spent_dkk()) finished.set_spent_dkk(message.spent_dkk());
  return Decision().AddEvent(event);
}

// The applicant may still do something: withdraw it, or return the account.
bool IsOpen(lv1::PoolStage stage) {
  return !pool::HasEnded(stage) && stage != lv1::POOL_STAGE_ACCOUNT_RECEIVED;
}

std::vector<std::string> Names(const jv1::CaseFile& file, const exchange::Lookup&) {
  std::vector<std::string> names;
  for (const plv1::Application& one : file.pool_applications()) {
    const std::string& id = one.seen().application_id();
    names.push_back(pool::PoolKey(id));
    if (IsOpen(one.seen().stage())) names.push_back(OpenPoolKey(one.seen().case_id(), id));
  }
  return names;
}

}  // namespace

std::string OpenPoolKey(const std::string& case_id, const std::string& application_id) {
  const exchange::KindName of_case{case_id, application_id};
  return exchange::KindName{"pool-open", of_case.Encode()}.Encode();
}

CasePart PoolLetters() {
  CasePart part;
  part.On(Of(&OnDecided)).On(Of(&OnPaid)).On(Of(&OnClosed));
  return part;
}

CasePart PoolEvents() {
  CasePart part;
  part.After(&pool::Change<jv1::CaseFile, plv1::Submitted>)
      .After(&pool::Change<jv1::CaseFile, plv1::Withdrawn>)
      .After(&pool::Change<jv1::CaseFile, plv1::Decided>)
      .After(&pool::Change<jv1::CaseFile, plv1::Paid>)
      .After(&pool::Change<jv1::CaseFile, plv1::Accounted>)
      .After(&pool::Change<jv1::CaseFile, plv1::Finished>)
      .Named(&Names)
      .Obligations("pool.contact_point_overdue", &pool::OwedByDesk<jv1::CaseFile>)
      .Obligations("pool.account_overdue", &pool::OwedByApplicants<jv1::CaseFile>);
  return part;
}

}  // namespace exitbus::casework
