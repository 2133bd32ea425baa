// By which way the citizen may safely be reached, and which letters he was sent.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/citizen_letter_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/letters/texts.h"
#include "services/casework/methods.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;
using exchange::ToProto;

constexpr int kLettersMax = 50;
// Others may see these two.
constexpr char kTitle[] = "Brev om din sag";
constexpr char kNeutralSender[] = "Offentlig myndighed";

Decision StateSafeContact(const jv1::CaseFile&, const v1::StateSafeContactRequest& request,
                          const DecisionContext& context) {
  cv1::SafeContact contact = request.contact();
  if (contact.way() == cv1::CONTACT_WAY_UNSPECIFIED) {
    return Invalid("letter.way_required", "Say by which way he may safely be reached.");
  }
  const bool goes_somewhere =
      contact.way() == cv1::CONTACT_WAY_LETTER || contact.way() == cv1::CONTACT_WAY_PHONE;
  if (goes_somewhere == contact.details().empty()) {
    return Invalid("letter.where_to",
                   "Of a letter by post and of a telephone, and of these alone, say where to.");
  }
  *contact.mutable_stated() = ToProto(context.now);
  contact.clear_outdated();
  jv1::CaseEvent event;
  *event.mutable_safe_contact_stated()->mutable_safe_contact() = contact;
  return Decision().AddEvent(event);
}

// A prison's name says where he is.
std::string SenderLine(const DecisionContext& context) {
  const bool is_neutral = context.self->kind == policy::v1::AUTHORITY_KIND_MUNICIPALITY;
  return is_neutral && !context.self->name.empty() ? context.self->name : kNeutralSender;
}

cv1::CitizenLetter LetterOf(const jv1::CaseFile& file, cv1::CitizenLetterKind kind,
                            const std::string& about, const DecisionContext& context) {
  cv1::CitizenLetter letter;
  letter.set_kind(kind);
  letter.set_about(about);
  letter.set_sender_line(SenderLine(context));
  letter.set_title(kTitle);
  if (file.has_safe_contact()) *letter.mutable_way() = file.safe_contact();
  return letter;
}

std::unique_ptr<google::protobuf::Message> Draft(const jv1::CaseFile& file,
                                                 const v1::DraftLetterRequest& request,
                                                 const DecisionContext& context) {
  const bool has_occasion =
      file.standing() == cv1::STANDING_RESPONSIBLE &&
      HasOccasion(file, request.kind(), request.about()) &&
      (request.kind() != cv1::CITIZEN_LETTER_KIND_INVITATION ||
       MeetingIn(file, request.about())->stage() == cv1::MEETING_STAGE_CALLED);
  if (!has_occasion) return nullptr;
  auto letter = std::make_unique<cv1::CitizenLetter>(
      LetterOf(file, request.kind(), request.about(), context));
  letter->set_text(TextOf(file, request.kind(), request.about(), context));
  return letter;
}

bool IsUnfinished(const std::string& text) {
  for (const char* const gap : {kToGiveReason, kToGiveDay, kToGiveGuidance}) {
    if (text.find(gap) != std::string::npos) return true;
  }
  return false;
}

Decision RecordSent(const jv1::CaseFile& file, const v1::RecordLetterSentRequest& request,
                    const DecisionContext& context) {
  if (!HasOccasion(file, request.kind(), request.about())) {
    return Decision::Refuse("letter.no_occasion",
                            "The case gives no occasion for this letter: no such meeting is "
                            "called, or no such decision is made.");
  }
  if (TellsHowToComplain(request.kind()) && context.complaint_guidance.empty()) {
    return Decision::Refuse("letter.no_guidance",
                            "Nobody has configured where a citizen complains "
                            "(complaint_guidance). Have an operator do it.");
  }
  if (request.text().empty() || IsUnfinished(request.text())) {
    return Invalid("letter.text_required",
                   "Give the whole text as it was sent, with the reason and the day filled in.");
  }
  if (TellsHowToComplain(request.kind()) &&
      request.text().find(context.complaint_guidance) == std::string::npos) {
    return Invalid("letter.guidance_required",
                   "This letter has to say how to complain: with the guidance that DraftLetter "
                   "puts in, word by word.");
  }
  jv1::CaseEvent event;
  cv1::CitizenLetter& letter = *event.mutable_letter_sent()->mutable_letter();
  letter = LetterOf(file, request.kind(), request.about(), context);
  letter.set_text(request.text());
  *letter.mutable_sent() = ToProto(context.now);
  letter.set_sent_by(context.caller.employee);
  return Decision().AddEvent(event);
}

void State(jv1::CaseFile& file, const jv1::SafeContactStated& stated) {
  *file.mutable_safe_contact() = stated.safe_contact();
}

void Send(jv1::CaseFile& file, const jv1::LetterSent& sent) {
  *file.add_letters() = sent.letter();
  exchange::KeepNewest(*file.mutable_letters(), kLettersMax);
}

const Rule kSafelyReached{"letter.no_safe_contact",
                          "Nobody has said by which way he may safely be reached: "
                          "StateSafeContact.",
                          [](const Situation& s) {
                            return s.file.has_safe_contact() && !s.file.safe_contact().outdated();
                          }};

// What says where he is, for comparing: his address, where he was brought, and how far he is on his
// way to another municipality.
std::string WhereHeIs(const jv1::CaseFile& file) {
  std::string where = file.current_address();
  for (const jv1::TemporaryRelocation& stay : file.stays()) {
    absl::StrAppend(&where, "\n", stay.seen().stay_id(), " ",
                    static_cast<int>(stay.seen().stage()));
  }
  for (const jv1::Handover& handover : file.handovers()) {
    const auto& journey = handover.journey().seen();
    absl::StrAppend(&where, "\n", journey.number(), " ", static_cast<int>(journey.stage()));
  }
  return where;
}

}  // namespace

// Where he is and how threatened he is: after any of it he is asked anew.
void FollowSafeContact(const jv1::CaseFile& before, Decision& decision) {
  if (!decision.accepted() || decision.events().empty() || !before.has_safe_contact() ||
      before.safe_contact().outdated()) {
    return;
  }
  const auto after = After(before, decision);
  const bool is_threatened_anew = after->security().version() != before.security().version() &&
                                  after->security().threat_level() == cv1::THREAT_LEVEL_HIGH;
  const bool is_elsewhere = WhereHeIs(*after) != WhereHeIs(before);
  if (after->has_erasure() || !after->has_safe_contact() || !(is_threatened_anew || is_elsewhere)) {
    return;
  }
  jv1::CaseEvent event;
  cv1::SafeContact& contact = *event.mutable_safe_contact_stated()->mutable_safe_contact();
  contact = after->safe_contact();
  contact.set_outdated(true);
  decision.AddEvent(event);
}

CasePart CitizenLetterPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible}, &StateSafeContact))
      .Serve<v1::DraftLetterRequest>({.target = &ByCase, .view = &Draft})
      .Serve(OnCase({&kResponsible, &kSafelyReached}, &RecordSent))
      .After(&State)
      .After(&Send);
  return part;
}

}  // namespace exitbus::casework
