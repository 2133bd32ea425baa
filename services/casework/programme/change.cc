// A person goes on in another programme, in the same case (CF-2): what that opens or closes.
#include <algorithm>

#include "exitbus/casework/v1/programme_service.pb.h"
#include "exitbus/nec/v1/messages.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/handover/rules.h"
#include "services/casework/methods.h"
#include "services/casework/pool/pool.h"
#include "services/casework/programme/programme.h"
#include "services/casework/programme/programmes.h"
#include "services/casework/relocation/relocation.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::ToProto;

// What would go on in a programme that does not open it.
const Rule kNoApplicationToEnd{
    "programme.pool_application_open",
    "The new programme has no part in the central pool, and an application is open. Withdraw it, "
    "or return its account, first.",
    [](const Situation& s) { return kNoOpenPoolApplication.holds(s); }};
const Rule kNobodyPlaced{
    "programme.temporary_relocation_open",
    "The new programme does not ask the police, and they have brought the person somewhere. Have "
    "them end that first.",
    [](const Situation& s) { return kNoStayToEnd.holds(s); }};

std::optional<exchange::Refusal> RefuseClosing(const jv1::CaseFile& file,
                                               const jv1::CaseFile& after,
                                               const DecisionContext& context) {
  std::vector<const Rule*> rules;
  const auto needs = [&](cv1::ProgrammeOpening what, const Rule* rule) {
    if (!Opens(after, what)) rules.push_back(rule);
  };
  needs(cv1::PROGRAMME_OPENING_RELOCATION, &kNobodyUnderWay);
  needs(cv1::PROGRAMME_OPENING_RELOCATION, &kNoOpenRelocation);
  needs(cv1::PROGRAMME_OPENING_POOL, &kNoApplicationToEnd);
  needs(cv1::PROGRAMME_OPENING_POLICE, &kNobodyPlaced);
  return FirstBroken(rules, {file, nullptr, context});
}

// Its reader hears that it has ended there, and nothing after it.
void Leave(const jv1::CaseFile& file, Whom whom, const DecisionContext& context,
           Decision& decision) {
  nec::v1::ProgrammeStageReached message;
  message.set_number(file.number());
  message.set_stage(cv1::CASE_STAGE_ENDED);
  message.set_end(cv1::END_CODE_OTHER_PROGRAMME);
  *message.mutable_since() = ToProto(context.now);
  decision.Notify(AddressOf(whom, file, nullptr, context), message);
}

// NEC hears of a case that it is to know of from now on, as far as it is, and since when it is to.
void Enter(const jv1::CaseFile& file, const DecisionContext& context, Decision& decision) {
  const auto nec = AddressOf(Whom::kNec, file, nullptr, context);
  const auto now = ToProto(context.now);
  const bool comes_back = nec && WasSent(*nec, pv1::CHANNEL_NEC, context);
  if (!comes_back) TellVisitation(file, now, context, decision);
  if (comes_back || IsUnderWay(file)) {
    decision.Notify(nec, StageOf(file, now));
  }
  if (file.has_agreement()) TellAgreement(file, context, decision);
}

Decision ChangeProgramme(const jv1::CaseFile& file, const v1::ChangeProgrammeRequest& request,
                         const DecisionContext& context) {
  if (request.programme() == cv1::PROGRAMME_UNSPECIFIED) {
    return Invalid("programme.required", "Say in which programme the person goes on.");
  }
  jv1::CaseEvent event;
  jv1::ProgrammeChanged& changed = *event.mutable_programme_changed();
  changed.set_programme(request.programme());
  for (const auto what : OpeningsToRecord(request.programme(), context)) changed.add_opens(what);
  if (file.stage() == cv1::CASE_STAGE_ACTIVE) {
    AddReview(request.programme(), context.now, context, changed);
  }
  // What a municipality's own opens may be another thing by now.
  if (IsSameProgramme(file.programme(), request.programme()) &&
      std::equal(file.opens().begin(), file.opens().end(), changed.opens().begin(),
                 changed.opens().end())) {
    return Decision::Refuse("programme.same", "The case is in this programme.");
  }
  if (file.overview_id().empty()) changed.set_overview_id(context.lookup->FreshId());
  Decision decision;
  decision.AddEvent(event);
  const auto after = After(file, decision);
  if (auto refused = RefuseClosing(file, *after, context)) {
    return Decision::Refuse(*std::move(refused));
  }
  if (IsInOverview(file) && !IsInOverview(*after)) Leave(file, Whom::kNec, context, decision);
  if (!IsInOverview(file) && IsInOverview(*after)) Enter(*after, context, decision);
  const bool had_police = Opens(file, cv1::PROGRAMME_OPENING_POLICE);
  const bool has_police = Opens(*after, cv1::PROGRAMME_OPENING_POLICE);
  if (had_police && !has_police) Leave(file, Whom::kPolice, context, decision);
  if (!had_police && has_police) TellPoliceCourse(*after, ToProto(context.now), context, decision);
  return decision;
}

}  // namespace

CasePart ProgrammeChangePart() {
  CasePart part;
  part.Serve(
      OnCase({&kResponsible, &kInProgramme, &kNotFrozen, &kNoOpenHandover}, &ChangeProgramme));
  return part;
}

}  // namespace exitbus::casework
