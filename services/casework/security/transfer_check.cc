// Whether another prison or ward is safe for who is moved there (N-12): Kriminalforsorgen asks the
// case's police unit, which says it, and never why.
#include "services/casework/security/transfer_check.h"

#include "exitbus/kriminalforsorgen/v1/release_service.pb.h"
#include "exitbus/police/v1/transfer_check.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programmes.h"
#include "services/casework/relocation/relocation.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/relocation/municipalities.h"
#include "services/relocation/places.h"

namespace exitbus::casework {
namespace {

namespace kv1 = kriminalforsorgen::v1;
namespace lv1 = relocation::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::ToProto;

// Who sits there changes.
constexpr absl::Duration kClearFor = absl::Hours(30 * 24);

bool IsOpen(const jv1::CaseFile& file) {
  return IsOursToPursue(file) && Opens(file, cv1::PROGRAMME_OPENING_POLICE);
}

const Rule kUnitKnows{"transfer_check.police_not_asked",
                      "No police unit knows the person by this case: RequestPoliceClarification.",
                      [](const Situation& s) { return !s.file.police().empty(); }};

const Rule kNotAsked{"transfer_check.asked", "The unit is asked, and still has time to answer.",
                     [](const Situation& s) {
                       const auto& answer = s.file.transfer_check().answer();
                       return exchange::IsMet(answer) || exchange::IsOverdue(answer);
                     }};

Decision Note(const jv1::TransferCheck& check) {
  jv1::CaseEvent event;
  *event.mutable_transfer_check_noted()->mutable_transfer_check() = check;
  return Decision().AddEvent(event);
}

Decision Request(const jv1::CaseFile& file, const kv1::RequestTransferCheckRequest& request,
                 const DecisionContext& context) {
  if (relocation::FindMunicipality(request.municipality()) == nullptr) {
    return Invalid("transfer_check.no_municipality",
                   "Give the code of the municipality in which the prison lies, e.g. \"0259\".");
  }
  const absl::Time due = relocation::PoliceDue(context.now);
  jv1::TransferCheck check;
  check.mutable_seen()->set_municipality(request.municipality());
  *check.mutable_seen()->mutable_asked() = ToProto(context.now);
  check.mutable_seen()->set_safety(lv1::PLACE_SAFETY_ASKED);
  *check.mutable_answer() = exchange::OwedBy(file.police(), file.security_id(), due);
  police::v1::TransferCheckRequested message;
  message.set_municipality(request.municipality());
  *message.mutable_due() = ToProto(due);
  return Note(check).Notify(AddressOf(Whom::kPolice, file, nullptr, context), message);
}

// An answer to the question before the last one is of another place.
Decision OnChecked(const CaseLetter& letter, const police::v1::TransferChecked& message) {
  if (auto instead = NotOfUnit(letter)) return *std::move(instead);
  const jv1::CaseFile& file = letter.state;
  if (!file.has_transfer_check()) {
    return Decision::Refuse("transfer_check.not_asked_for",
                            "Nobody has asked for it in this case.");
  }
  if (!relocation::IsAnAnswer(message.safety())) {
    return Decision::Refuse("transfer_check.without_answer",
                            "Say that it is clear, not possible or unknown.");
  }
  if (!IsOpen(file)) return Decision::NoEffect("transfer_check_crossed_end");
  jv1::TransferCheck check = file.transfer_check();
  if (message.municipality() != check.seen().municipality()) {
    return Decision::NoEffect("answer_of_another_place");
  }
  check.mutable_seen()->set_safety(message.safety());
  *check.mutable_seen()->mutable_answered() = ToProto(letter.context.now);
  check.clear_answer();
  return Note(check);
}

void Replace(jv1::CaseFile& file, const jv1::TransferCheckNoted& noted) {
  *file.mutable_transfer_check() = noted.transfer_check();
}

std::vector<exchange::NamedObligation> AnswerOwed(const jv1::CaseFile& file) {
  if (!IsOpen(file)) return {};
  return {{"", &file.transfer_check().answer()}};
}

}  // namespace

bool IsTransferClear(const jv1::CaseFile& file, const cv1::Measure& measure, absl::Time now) {
  if (measure.type() != cv1::MEASURE_TYPE_PRISON_TRANSFER ||
      !Opens(file, cv1::PROGRAMME_OPENING_POLICE)) {
    return true;
  }
  const cv1::TransferCheck& seen = file.transfer_check().seen();
  return seen.safety() == lv1::PLACE_SAFETY_CLEAR &&
         now - exchange::FromProto(seen.answered()) < kClearFor;
}

void ShowTransferCheck(const jv1::CaseFile& file, cv1::Case& view) {
  if (!file.has_transfer_check()) return;
  *view.mutable_transfer_check() = file.transfer_check().seen();
  if (IsOpen(file)) {
    exchange::ShowDue(file.transfer_check().answer(), *view.mutable_transfer_check());
  }
}

void ServeTransferCheck(CasePart& part) {
  part.Serve(
      OnCase({&kResponsible, &kInProgramme, &kHasBasis, &kOpensPolice, &kUnitKnows, &kNotAsked},
             &Request));
}

CasePart TransferCheckPart() {
  CasePart part;
  part.On(&OnChecked).After(&Replace).Obligations("transfer_check.overdue", &AnswerOwed);
  return part;
}

}  // namespace exitbus::casework
