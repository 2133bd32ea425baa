#include "services/casework/case_files.h"

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/erasure_service.pb.h"
#include "exitbus/casework/v1/unit_requests.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/kriminalforsorgen/v1/release_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/access/break_glass.h"
#include "services/casework/access/units.h"
#include "services/casework/case_file.h"
#include "services/casework/consent/consent.h"
#include "services/casework/correction/correction.h"
#include "services/casework/erasure/erasure.h"
#include "services/casework/handover/escalation.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/recovery.h"
#include "services/casework/handover/responsibility.h"
#include "services/casework/handover/stopped.h"
#include "services/casework/programme/programme.h"
#include "services/casework/security/security.h"
#include "services/casework/views.h"
#include "services/exchange/account.h"
#include "services/exchange/erasure.h"

namespace exitbus::casework {
namespace {

using exchange::Aggregate;
using exchange::Message;
using exchange::Method;
using exchange::Needs;

const jv1::CaseFile& File(const Message& state) { return static_cast<const jv1::CaseFile&>(state); }

template <class Request>
using Decider = Decision (*)(const jv1::CaseFile&, const Request&, const Facts&);

template <class Request>
std::string ByCase(const Message& request) {
  return "case/" + static_cast<const Request&>(request).case_id();
}

template <class Request>
std::string ByHandover(const Message& request) {
  return "handover/" + static_cast<const Request&>(request).handover_id();
}

template <class Request>
std::unique_ptr<Message> ShowHandover(const Message& state, const Message& request, const Facts&) {
  return HandoverView(File(state), static_cast<const Request&>(request).handover_id());
}

std::unique_ptr<Message> ShowCase(const Message& state, const Message&, const Facts&) {
  return CaseView(File(state));
}

std::unique_ptr<Message> ShowLastHandover(const Message& state, const Message&, const Facts&) {
  const jv1::CaseFile& file = File(state);
  return file.handovers().empty()
             ? nullptr
             : HandoverView(file, file.handovers(file.handovers_size() - 1).handover_id());
}

template <class Request>
std::function<Decision(const Message&, const Message&, const Facts&)> Decides(
    Decider<Request> decide) {
  return [decide](const Message& state, const Message& request, const Facts& facts) {
    return WithAnswers(File(state),
                       decide(File(state), static_cast<const Request&>(request), facts), facts);
  };
}

Method That(exchange::Needs needs, Method method) {
  method.needs = needs;
  return method;
}

template <class Request>
Method OnCase(const char* name, Decider<Request> decide) {
  Method method;
  method.name = name;
  method.target = ByCase<Request>;
  method.decide = Decides(decide);
  method.view = ShowCase;
  return method;
}

template <class Request>
Method OnHandover(const std::string& rpc, Decider<Request> decide) {
  Method method;
  method.name = "exitbus.handover.v1.HandoverService." + rpc;
  method.target = ByHandover<Request>;
  method.decide = Decides(decide);
  method.view = ShowHandover<Request>;
  return method;
}

std::vector<Method> CaseMethods() {
  Method open;
  open.name = "exitbus.casework.v1.CaseService.OpenCase";
  open.target = [](const Message&) { return std::string(); };
  open.decide = Decides(&OpenCase);
  open.view = ShowCase;
  open.needs = Needs::kInstant;

  Method get;
  get.name = "exitbus.casework.v1.CaseService.GetCase";
  get.target = ByCase<v1::GetCaseRequest>;
  get.view = ShowCase;

  Method list;
  list.name = "exitbus.casework.v1.CaseService.ListCases";
  list.list_prefix = "case/";
  list.list_view = [](const Message& state, std::string_view, const Message& request,
                      const Facts&) -> std::unique_ptr<Message> {
    const auto wanted = static_cast<const v1::ListCasesRequest&>(request).standing();
    if (wanted != cv1::STANDING_UNSPECIFIED && File(state).standing() != wanted) return nullptr;
    return CaseView(File(state));
  };
  list.watch = "exitbus.casework.v1.CaseService.WatchCases";

  Method responsibility;
  responsibility.name = "exitbus.casework.v1.CaseService.GetResponsibility";
  responsibility.target = ByCase<v1::GetResponsibilityRequest>;
  responsibility.view = [](const Message& state, const Message& request, const Facts& facts) {
    return ResponsibilityView(File(state),
                              static_cast<const v1::GetResponsibilityRequest&>(request), facts);
  };

  return {open,
          get,
          list,
          responsibility,
          OnCase("exitbus.casework.v1.CaseService.RecordConsent", &RecordConsent),
          OnCase("exitbus.casework.v1.CaseService.RevokeConsent", &RevokeConsent),
          OnCase("exitbus.casework.v1.CaseService.RequestPoliceClarification",
                 &RequestPoliceClarification),
          That(Needs::kNothing, OnCase("exitbus.casework.v1.CaseService.AcknowledgePrecautions",
                                       &AcknowledgePrecautions)),
          OnCase("exitbus.casework.v1.CaseService.DecideVisitation", &DecideVisitation),
          OnCase("exitbus.casework.v1.CaseService.SignAgreement", &SignAgreement),
          OnCase("exitbus.casework.v1.CaseService.RecordWithdrawal", &RecordWithdrawal),
          OnCase("exitbus.casework.v1.CaseService.CorrectCase", &CorrectCase)};
}

std::unique_ptr<Message> Ticket(const std::string& break_glass_id) {
  auto ticket = std::make_unique<v1::BreakGlassTicket>();
  ticket->set_break_glass_id(break_glass_id);
  return ticket;
}

// Who works on a case inside the authority, and who saw what of it.
std::vector<Method> UnitMethods() {
  Method ask = OnCase("exitbus.casework.v1.CaseService.RequestBreakGlass", &RequestBreakGlass);
  ask.blind = true;
  ask.check = [](const Message& request) {
    return CheckBreakGlass(static_cast<const v1::RequestBreakGlassRequest&>(request));
  };
  ask.view = [](const Message& state, const Message&, const Facts& facts) {
    const cv1::BreakGlass* last = LastOf(File(state), facts);
    return last == nullptr ? nullptr : Ticket(last->break_glass_id());
  };
  ask.absent = [](const Message&, const Facts& facts) { return Ticket(facts.lookup->FreshId()); };

  Method end = OnCase("exitbus.casework.v1.CaseService.EndBreakGlass", &EndBreakGlass);
  end.blind = true;
  end.view = [](const Message&, const Message& request, const Facts&) {
    return Ticket(static_cast<const v1::EndBreakGlassRequest&>(request).break_glass_id());
  };
  end.absent = [](const Message& request, const Facts&) {
    return Ticket(static_cast<const v1::EndBreakGlassRequest&>(request).break_glass_id());
  };

  return {OnCase("exitbus.casework.v1.CaseService.InvolveUnit", &InvolveUnit),
          OnCase("exitbus.casework.v1.CaseService.ReleaseUnit", &ReleaseUnit),
          ask,
          OnCase("exitbus.casework.v1.CaseService.ApproveBreakGlass", &ApproveBreakGlass),
          end,
          exchange::AccountMethod("exitbus.casework.v1.CaseService.GetAccount",
                                  ByCase<v1::GetAccountRequest>)};
}

std::unique_ptr<Message> ShowErasure(const Message& state, const Message&, const Facts&) {
  return ErasureView(File(state));
}

std::vector<Method> ErasureMethods() {
  Method erase = OnCase("exitbus.casework.v1.ErasureService.EraseCase", &EraseCase);
  erase.view = ShowErasure;
  erase.needs = Needs::kConfirmedHead;
  erase.guarded = ShowCase;

  Method get;
  get.name = "exitbus.casework.v1.ErasureService.GetErasure";
  get.target = [](const Message& request) {
    return "erasure/" + static_cast<const v1::GetErasureRequest&>(request).erasure_id();
  };
  get.view = ShowErasure;

  Method list;
  list.name = "exitbus.casework.v1.ErasureService.ListErasures";
  list.list_prefix = "erasure/";
  list.list_view = [](const Message& state, std::string_view, const Message& asked,
                      const Facts&) -> std::unique_ptr<Message> {
    const auto& wanted = static_cast<const v1::ListErasuresRequest&>(asked);
    const auto& tombstone = File(state).erasure();
    if (!wanted.of_case().empty() && wanted.of_case() != tombstone.case_id()) return nullptr;
    if (wanted.outstanding_only() && exchange::IsComplete(tombstone)) return nullptr;
    return ErasureView(File(state));
  };
  return {erase, get, list};
}

std::vector<Method> HandoverMethods() {
  Method request;
  request.name = "exitbus.handover.v1.HandoverService.RequestHandover";
  request.target = ByCase<hv1::RequestHandoverRequest>;
  request.decide = Decides(&RequestHandover);
  request.view = ShowLastHandover;
  request.guarded = ShowCase;

  Method get;
  get.name = "exitbus.handover.v1.HandoverService.GetHandover";
  get.target = ByHandover<hv1::GetHandoverRequest>;
  get.view = ShowHandover<hv1::GetHandoverRequest>;

  Method list;
  list.name = "exitbus.handover.v1.HandoverService.ListHandovers";
  list.list_prefix = "handover/";
  list.list_view = [](const Message& state, std::string_view key, const Message& asked,
                      const Facts&) -> std::unique_ptr<Message> {
    const std::string_view handover_id = key.substr(std::string_view("handover/").size());
    const jv1::Handover* handover = FindHandover(File(state), handover_id);
    const bool over = handover == nullptr ||
                      (!IsOpen(*handover) && handover->stage() != hv1::HANDOVER_STAGE_TAKEN_OVER &&
                       handover->stage() != hv1::HANDOVER_STAGE_ACKNOWLEDGED);
    if (static_cast<const hv1::ListHandoversRequest&>(asked).open_only() && over) return nullptr;
    return HandoverView(File(state), handover_id);
  };
  list.watch = "exitbus.handover.v1.HandoverService.WatchHandovers";

  return {
      request,
      get,
      list,
      OnHandover("ProposeTerms", &ProposeTerms),
      OnHandover("ObjectToTerm", &ObjectToTerm),
      OnHandover("AgreeTerms", &AgreeTerms),
      OnHandover("AcceptHandover", &AcceptHandover),
      OnHandover("RejectHandover", &RejectHandover),
      OnHandover("RecallHandover", &RecallHandover),
      That(Needs::kInstant, OnHandover("OfferHandover", &OfferHandover)),
      OnHandover("RequestRecall", &RequestRecall),
      That(Needs::kConfirmedHead, OnHandover("AnswerRecall", &AnswerRecall)),
      That(Needs::kConfirmedHead, OnHandover("DeclineOffer", &DeclineOffer)),
      That(Needs::kInstant, OnHandover("TakeOverCase", &TakeOverCase)),
      OnHandover("AcknowledgeHandover", &AcknowledgeHandover),
      That(Needs::kNothing, OnHandover("RecordLateFact", &RecordLateFact)),
      That(Needs::kNothing, OnHandover("AcknowledgePrecautions", &AcknowledgeReceivedPrecautions)),
      OnHandover("CloseHandover", &CloseHandover)};
}

}  // namespace

Aggregate CaseFiles() {
  Aggregate files;
  files.name = "file";
  files.new_state = [] { return std::make_unique<jv1::CaseFile>(); };
  files.evolve = [](Message& state, const Message& event) {
    Evolve(static_cast<jv1::CaseFile&>(state), static_cast<const jv1::CaseEvent&>(event));
  };
  files.keys = [](const Message& state, const exchange::Lookup& lookup) {
    return KeysOf(File(state), lookup);
  };
  files.deadlines = [](const Message& state) { return DeadlinesOf(File(state)); };
  files.letter_target = [](const exchange::LetterPlace& place,
                           const exchange::v1::Body& body) -> std::optional<std::string> {
    if (!exchange::IsAboutErasure(body) && place.exchange != policy::v1::EXCHANGE_HANDOVER &&
        place.exchange != policy::v1::EXCHANGE_CASE &&
        place.exchange != policy::v1::EXCHANGE_SECURITY &&
        place.exchange != policy::v1::EXCHANGE_NEC) {
      return std::nullopt;
    }
    const std::string key = LetterKey(place);
    return key.empty() ? std::nullopt : std::optional(key);
  };
  files.correspondence_target = LetterKey;
  files.yields = [](const Message& older, const Message& newer) {
    return Yields(File(older), File(newer));
  };
  files.decide_letter = [](const Message& state, const exchange::LetterPlace& place,
                           const exchange::v1::Body& body, const Facts& facts) {
    return WithAnswers(File(state), DecideLetter(File(state), place, body, facts), facts);
  };
  files.decide_deadline = [](const Message& state, std::string_view deadline, const Facts& facts) {
    if (IsOfCorrection(deadline)) return DecideOverdueCorrection(File(state), deadline, facts);
    const auto break_glass = DecideBreakGlassDeadline(File(state), deadline, facts);
    return break_glass ? *break_glass : DecideDeadline(File(state), deadline, facts);
  };
  files.open_counterparts = [](const Message& state) {
    const jv1::Handover* open = OpenHandover(File(state));
    return open == nullptr ? std::vector<std::string>()
                           : std::vector<std::string>{open->counterpart()};
  };
  files.note_stopped = [](const Message& state, std::string_view subject, std::string_view peer,
                          bool stopped) {
    return NoteStopped(File(state), subject, peer, stopped);
  };
  files.end_by_agreement = [](const Message& state, std::string_view subject, std::string_view peer,
                              bool proposes, const Facts& facts) {
    return WithAnswers(File(state), EndByAgreement(File(state), subject, peer, proposes, facts),
                       facts);
  };
  files.shared_statements = [](const Message& state, std::string_view subject,
                               std::string_view peer) {
    return SharedStatements(File(state), subject, peer);
  };
  files.statements_target = [](const std::vector<std::string>& statements, const Facts&) {
    return CaseOfStatements(statements);
  };
  files.follow_statements = [](const Message& state, std::string_view subject,
                               std::string_view peer, const std::vector<std::string>& statements,
                               const Facts& facts) {
    return FollowStatements(File(state), subject, peer, statements, facts);
  };
  files.may_still_go = [](const Message& state, policy::v1::LegalBasis basis, absl::Time told) {
    return basis != policy::v1::LEGAL_BASIS_CONSENT || ConsentCovers(File(state), told);
  };
  files.eyes = [](const Message& state, policy::v1::Reader reader, const Facts& facts) {
    return EyesOn(File(state), reader, facts);
  };
  files.account_key = [](const Message& state) {
    return File(state).case_id().empty() ? "" : "case/" + File(state).case_id();
  };
  files.methods = CaseMethods();
  for (Method& method : UnitMethods()) files.methods.push_back(std::move(method));
  for (Method& method : HandoverMethods()) files.methods.push_back(std::move(method));
  for (Method& method : ErasureMethods()) files.methods.push_back(std::move(method));
  return files;
}

std::vector<Method> ReleaseMethods() {
  return {OnCase("exitbus.kriminalforsorgen.v1.ReleaseService.PlanRelease", &PlanRelease)};
}

}  // namespace exitbus::casework
