// Whether NEC has registered the person, as the police unit has looked it up, and whether the
// police see anything against a visitation (VIS-07). Both inform who decides, and nothing here asks
// for them: a refusal by a rule would be named in logs, figures and the account.
#include "services/casework/security/nec_status.h"

#include "exitbus/casework/v1/intake_service.pb.h"
#include "exitbus/police/v1/nec_status_messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programmes.h"
#include "services/casework/relocation/relocation.h"
#include "services/exchange/obligation.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;
using exchange::ToProto;

constexpr int kDaysToAnswer = 2;

bool IsOpen(const jv1::CaseFile& file) {
  return IsOursToPursue(file) && Opens(file, cv1::PROGRAMME_OPENING_POLICE) &&
         Opens(file, cv1::PROGRAMME_OPENING_GANG_LIST);
}

const Rule kMayKnow{"nec_status.not_for_this_authority",
                    "Only a municipality may know what NEC's list says of somebody.",
                    [](const Situation& s) {
                      return s.context.self->kind == policy::v1::AUTHORITY_KIND_MUNICIPALITY;
                    }};

const Rule kOpensGangList{
    "programme.no_gang_list",
    "The case's programme asks nothing of NEC's list. ChangeProgramme, if the person belongs in "
    "another one.",
    [](const Situation& s) { return Opens(s.file, cv1::PROGRAMME_OPENING_GANG_LIST); }};

const Rule kUnitKnows{"nec_status.police_not_asked",
                      "No police unit knows the person by this case: RequestPoliceClarification.",
                      [](const Situation& s) { return !s.file.police().empty(); }};

const Rule kNotAsked{"nec_status.asked", "The unit is asked, and still has time to answer.",
                     [](const Situation& s) {
                       const auto& answer = s.file.nec_status().answer();
                       return exchange::IsMet(answer) || exchange::IsOverdue(answer);
                     }};

Decision Note(const jv1::NecStatus& status) {
  jv1::CaseEvent event;
  *event.mutable_nec_status_noted()->mutable_nec_status() = status;
  return Decision().AddEvent(event);
}

// Nobody decides by what was answered before.
Decision Request(const jv1::CaseFile& file, const v1::RequestNecStatusRequest&,
                 const DecisionContext& context) {
  const absl::Time due = exchange::AddWorkingDays(context.now, kDaysToAnswer);
  jv1::NecStatus status;
  *status.mutable_seen()->mutable_asked() = ToProto(context.now);
  *status.mutable_answer() = exchange::OwedBy(file.police(), file.security_id(), due);
  police::v1::NecStatusRequested message;
  *message.mutable_due() = ToProto(due);
  return Note(status).Notify(AddressOf(Whom::kPolice, file, nullptr, context), message);
}

Decision OnAnswered(const CaseLetter& letter, const police::v1::NecStatusAnswered& message) {
  if (auto instead = NotOfUnit(letter)) return *std::move(instead);
  const jv1::CaseFile& file = letter.state;
  if (!file.has_nec_status()) {
    return Decision::Refuse("nec_status.not_asked_for", "Nobody has asked for it in this case.");
  }
  if (message.status() == cv1::NEC_LIST_STATUS_UNSPECIFIED ||
      message.hindrance() == cv1::HINDRANCE_UNSPECIFIED) {
    return Decision::Refuse("nec_status.without_answer",
                            "Say yes, no or unknown, and whether anything stands against it.");
  }
  if (!IsOpen(file)) return Decision::NoEffect("nec_status_crossed_end");
  jv1::NecStatus status = file.nec_status();
  status.mutable_seen()->set_status(message.status());
  *status.mutable_seen()->mutable_answered() = ToProto(letter.context.now);
  status.set_hindrance(message.hindrance());
  status.clear_answer();
  return Note(status);
}

void Replace(jv1::CaseFile& file, const jv1::NecStatusNoted& noted) {
  *file.mutable_nec_status() = noted.nec_status();
}

std::vector<exchange::NamedObligation> AnswerOwed(const jv1::CaseFile& file) {
  if (!IsOpen(file)) return {};
  return {{"", &file.nec_status().answer()}};
}

// While there is something to decide by it.
std::unique_ptr<google::protobuf::Message> Answer(const jv1::CaseFile& file) {
  const cv1::NecStatus& seen = file.nec_status().seen();
  if (!IsOpen(file) || IsEnrolled(file.stage()) || !seen.has_answered()) return nullptr;
  auto answer = std::make_unique<cv1::NecAnswer>();
  answer->set_case_id(file.case_id());
  answer->set_status(seen.status());
  *answer->mutable_answered() = seen.answered();
  answer->set_hindrance(file.nec_status().hindrance());
  return answer;
}

}  // namespace

void ShowNecStatus(const jv1::CaseFile& file, cv1::Case& view) {
  if (!file.has_nec_status()) return;
  *view.mutable_nec_status() = file.nec_status().seen();
  if (IsOpen(file)) {
    exchange::ShowDue(file.nec_status().answer(), *view.mutable_nec_status());
  }
}

CasePart NecStatusPart() {
  CasePart part;
  part.Serve(OnCase({&kMayKnow, &kResponsible, &kInProgramme, &kHasBasis, &kOpensPolice,
                     &kOpensGangList, &kUnitKnows, &kNotAsked},
                    &Request))
      .Serve<v1::GetNecAnswerRequest>({.target = &ByCase, .view = &Answer})
      .On(&OnAnswered)
      .After(&Replace)
      .Obligations("nec_status.overdue", &AnswerOwed);
  return part;
}

}  // namespace exitbus::casework
