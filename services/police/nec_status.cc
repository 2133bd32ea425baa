// Whether NEC has registered the person (VIS-07): the municipality in charge asks, an officer looks
// it up in NEC's list, which is outside exitbus and hears of no case (NEC-04), and answers.
#include "exitbus/police/v1/nec_status_messages.pb.h"
#include "exitbus/police/v1/nec_status_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/proto_time.h"
#include "services/police/consent_and_corrections.h"
#include "services/police/parts.h"
#include "services/police/programme.h"
#include "services/police/security_decider.h"
#include "services/police/security_file.h"
#include "services/police/telling.h"

namespace exitbus::police {
namespace {

namespace cv1 = casework::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::ToProto;

Decision Note(const v1::NecInquiry& inquiry) {
  jv1::SecurityEvent event;
  *event.mutable_nec_inquiry_noted()->mutable_nec_inquiry() = inquiry;
  return Decision().AddEvent(event);
}

Decision OnRequested(const SecurityLetter& letter, const v1::NecStatusRequested& message) {
  if (auto instead = NotOfCaseInCharge(letter)) return *std::move(instead);
  if (letter.place.sender_kind != policy::v1::AUTHORITY_KIND_MUNICIPALITY) {
    return Decision::Refuse("nec_status.not_for_this_authority",
                            "Only a municipality may know what NEC's list says of somebody.");
  }
  if (IsOver(letter.state.stage())) return Decision::NoEffect("nec_status_crossed_end");
  v1::NecInquiry inquiry;
  *inquiry.mutable_asked() = ToProto(letter.context.now);
  if (message.has_due()) *inquiry.mutable_due() = message.due();
  return Note(inquiry);
}

Decision AnswerNecStatus(const jv1::SecurityFile& file, const v1::AnswerNecStatusRequest& request,
                         const DecisionContext& context) {
  if (file.standing() != v1::POLICE_STANDING_IN_CHARGE) return NotInCharge();
  if (IsOver(file.stage())) return ProgrammeOver();
  if (!file.has_nec_inquiry()) {
    return Decision::Refuse("nec_status.not_asked", "The authority in charge has not asked.");
  }
  if (request.status() == cv1::NEC_LIST_STATUS_UNSPECIFIED) {
    return Decision::Refuse(
        BadInput("nec_status.answer_required", "Say yes, no, or that it is unknown."));
  }
  if (request.hindrance() == cv1::HINDRANCE_UNSPECIFIED) {
    return Decision::Refuse(
        BadInput("nec_status.hindrance_required",
                 "Say whether anything stands against a visitation, and never what."));
  }
  if (NamingIn(file) != v1::NAMING_NAMED && request.status() != cv1::NEC_LIST_STATUS_UNKNOWN) {
    return Decision::Refuse(
        "security.nobody_named",
        "This unit is not told whom the file is about. Answer that it is unknown.");
  }
  v1::NecInquiry inquiry = file.nec_inquiry();
  inquiry.clear_due();
  inquiry.set_status(request.status());
  *inquiry.mutable_answered() = ToProto(context.now);
  v1::NecStatusAnswered message;
  message.set_status(request.status());
  message.set_hindrance(request.hindrance());
  return Note(inquiry).Notify(policy::v1::RELATION_POLICE, HolderOf(file, context), message);
}

// UNKNOWN, until who is connected to the list has asked it (gang_list.h).
std::unique_ptr<google::protobuf::Message> LookUp(const jv1::SecurityFile& file) {
  if (!file.has_nec_inquiry() || file.standing() != v1::POLICE_STANDING_IN_CHARGE) return nullptr;
  auto look_up = std::make_unique<v1::GangListLookUp>();
  look_up->set_security_id(file.security_id());
  if (NamingIn(file) == v1::NAMING_NAMED) look_up->set_cpr_number(file.person().cpr_number());
  look_up->set_status(cv1::NEC_LIST_STATUS_UNKNOWN);
  return look_up;
}

void Replace(jv1::SecurityFile& file, const jv1::NecInquiryNoted& noted) {
  *file.mutable_nec_inquiry() = noted.nec_inquiry();
}

}  // namespace

SecurityPart NecStatus() {
  SecurityPart part;
  part.Serve<v1::LookUpGangListRequest>({.target = &BySecurityId, .view = &LookUp})
      .Serve<v1::AnswerNecStatusRequest>(
          {.target = &BySecurityId, .decide = &AnswerNecStatus, .view = &View})
      .On(&OnRequested)
      .After(&Replace);
  return part;
}

}  // namespace exitbus::police
