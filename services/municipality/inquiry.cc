#include "services/municipality/inquiry.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/municipality_journal/v1/inquiry.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/relocation/v1/inquiry_service.pb.h"
#include "exitbus/relocation/v1/messages.pb.h"
#include "services/exchange/compose.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/relocation/asked.h"
#include "services/relocation/profile.h"

namespace exitbus::municipality {
namespace {

namespace jv1 = municipality_journal::v1;
namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::Message;
using exchange::ToProto;
using InquiryPart = exchange::Part<jv1::Inquiry, jv1::InquiryEvent>;
using InquiryLetter = exchange::Letter<jv1::Inquiry>;

constexpr int kAnswerDaysMax = 5;  // working days

using relocation::InquiryKey;

template <class Request>
std::string ById(const Request& request) {
  return InquiryKey(request.inquiry_id());
}

bool HasEnded(const jv1::Inquiry& inquiry) {
  return inquiry.seen().stage() == lv1::INQUIRY_STAGE_ENDED;
}
// It is answered for good, or nobody asks any more.
bool IsOver(const jv1::Inquiry& inquiry) {
  return HasEnded(inquiry) || inquiry.seen().stage() == lv1::INQUIRY_STAGE_DECLINED;
}

std::unique_ptr<Message> View(const jv1::Inquiry& inquiry) {
  if (!inquiry.has_seen()) return nullptr;
  auto view = std::make_unique<lv1::MunicipalityInquiry>(inquiry.seen());
  exchange::ShowDue(inquiry.answer(), *view);
  return view;
}

std::unique_ptr<Message> ListView(const jv1::Inquiry& inquiry, std::string_view,
                                  const lv1::ListMunicipalityInquiriesRequest& asked) {
  return asked.open_only() && IsOver(inquiry) ? nullptr : View(inquiry);
}

// As the contact point says, but neither in the past nor later than is usual.
absl::Time AnswerDue(const lv1::RelocationInquiry& message, absl::Time now) {
  const absl::Time latest = exchange::AddWorkingDays(now, kAnswerDaysMax);
  const absl::Time asked = FromProto(message.answer_due());
  return asked > now && asked < latest ? asked : latest;
}

Decision OnInquiry(const InquiryLetter& letter, const lv1::RelocationInquiry& message) {
  const auto& [inquiry, place, body, context] = letter;
  if (auto nothing = relocation::BeginsNothing(inquiry.asker(), place)) return *std::move(nothing);
  if (auto fault = relocation::FaultIn(message.profile())) {
    return Decision::Refuse(*std::move(fault));
  }
  jv1::InquiryEvent event;
  jv1::InquiryReceived& received = *event.mutable_received();
  lv1::MunicipalityInquiry& seen = *received.mutable_seen();
  seen.set_inquiry_id(place.subject);
  seen.set_stage(lv1::INQUIRY_STAGE_ASKED);
  *seen.mutable_profile() = message.profile();
  *seen.mutable_asked() = ToProto(context.now);
  received.set_asker(place.sender);
  *received.mutable_answer() =
      exchange::OwedBy(context.self->id, place.subject, AnswerDue(message, context.now));
  return Decision().AddEvent(event);
}

Decision OnWithdrawn(const InquiryLetter& letter, const lv1::RelocationWithdrawn&) {
  const jv1::Inquiry& inquiry = letter.state;
  if (auto nothing = relocation::EndsNothing(inquiry.asker(), HasEnded(inquiry), letter.place)) {
    return *std::move(nothing);
  }
  jv1::InquiryEvent event;
  event.mutable_over();
  return Decision().AddEvent(event).EraseReceived();
}

Decision Answer(const jv1::Inquiry& inquiry, const lv1::AnswerRelocationInquiryRequest& request,
                const DecisionContext& context) {
  if (IsOver(inquiry)) {
    return Decision::Refuse("inquiry.ended",
                            "It was declined, or nobody needs an answer any more.");
  }
  lv1::RelocationAnswered message;
  if (request.has_capacity()) {
    *message.mutable_capacity() = request.capacity();
    *message.mutable_capacity()->mutable_as_of() = ToProto(context.now);
  } else if (request.has_declined()) {
    message.set_declined(request.declined());
  }
  if (auto fault = relocation::FaultIn(message, context.now)) {
    return Decision::Refuse(*std::move(fault));
  }
  jv1::InquiryEvent event;
  jv1::AnswerGiven& answered = *event.mutable_answered();
  if (message.has_capacity()) *answered.mutable_capacity() = message.capacity();
  answered.set_declined(message.declined());
  return Decision().AddEvent(event).Notify(pv1::RELATION_RECEIVER,
                                           {inquiry.asker(),
                                            pv1::RELATION_CONTACT_POINT,
                                            inquiry.seen().inquiry_id(),
                                            {},
                                            pv1::LEGAL_BASIS_UNSPECIFIED,
                                            pv1::PURPOSE_EXIT_SUPPORT},
                                           message);
}

void Receive(jv1::Inquiry& inquiry, const jv1::InquiryReceived& received) {
  *inquiry.mutable_seen() = received.seen();
  inquiry.set_asker(received.asker());
  *inquiry.mutable_answer() = received.answer();
}

void TakeAnswer(jv1::Inquiry& inquiry, const jv1::AnswerGiven& answered) {
  lv1::MunicipalityInquiry& seen = *inquiry.mutable_seen();
  seen.set_stage(answered.has_capacity() ? lv1::INQUIRY_STAGE_CAPACITY
                                         : lv1::INQUIRY_STAGE_DECLINED);
  seen.clear_capacity();
  if (answered.has_capacity()) *seen.mutable_capacity() = answered.capacity();
  if (!answered.has_capacity()) seen.clear_profile();
  seen.set_declined(answered.declined());
  inquiry.clear_answer();
}

// What stays is this municipality's own: what it has answered, and when it was asked.
void End(jv1::Inquiry& inquiry, const jv1::InquiryOver&) {
  inquiry.mutable_seen()->set_stage(lv1::INQUIRY_STAGE_ENDED);
  inquiry.mutable_seen()->clear_profile();
  inquiry.clear_answer();
}

std::vector<std::string> KeysOf(const jv1::Inquiry& inquiry, const exchange::Lookup&) {
  if (!inquiry.has_seen()) return {};
  return {InquiryKey(inquiry.seen().inquiry_id())};
}

std::vector<exchange::NamedObligation> AnswerOwed(const jv1::Inquiry& inquiry) {
  return {{"", &inquiry.answer()}};
}

std::vector<std::string> WhoAsks(const jv1::Inquiry& inquiry) {
  if (!inquiry.has_seen() || IsOver(inquiry)) return {};
  return {inquiry.asker()};
}

InquiryPart Letters() {
  InquiryPart part;
  part.On(&OnInquiry).On(&OnWithdrawn);
  return part;
}

InquiryPart Events() {
  InquiryPart part;
  part.After(&Receive)
      .After(&TakeAnswer)
      .After(&End)
      .Named(&KeysOf)
      .Obligations("relocation.overdue", &AnswerOwed);
  return part;
}

InquiryPart Methods() {
  InquiryPart part;
  part.Serve<lv1::AnswerRelocationInquiryRequest>({.target = &ById,
                                                   .decide = &Answer,
                                                   .view = &View,
                                                   .needs = exchange::Needs::kConfirmedHead})
      .Serve<lv1::GetMunicipalityInquiryRequest>({.target = &ById, .view = &View})
      .List<lv1::ListMunicipalityInquiriesRequest>(
          {.prefix = InquiryKey(""),
           .view = &ListView,
           .watch = exchange::MethodOf(lv1::WatchMunicipalityInquiriesRequest::descriptor())});
  return part;
}

}  // namespace

exchange::Aggregate Inquiries() {
  exchange::Aggregate inquiries = exchange::Compose<jv1::Inquiry, jv1::InquiryEvent>(
      relocation::kInquiries, {Letters(), Events(), Methods()},
      [](const exchange::LetterPlace& place) {
        // What a police unit withdraws is a request of a case.
        return place.sender_kind == pv1::AUTHORITY_KIND_CONTACT_POINT ? InquiryKey(place.subject)
                                                                      : "";
      });
  // A store that was put back has forgotten what it answered.
  inquiries.open_counterparts = exchange::OfState(&WhoAsks);
  // Units and mentors work on cases, and this is none.
  inquiries.visibility = [](const Message&, pv1::Reader reader, const DecisionContext&) {
    if (reader != pv1::READER_MUNICIPALITY) return exchange::Visibility{};
    return exchange::Visibility{reader, {pv1::CONDITION_OWN_PART}};
  };
  return inquiries;
}

}  // namespace exitbus::municipality
