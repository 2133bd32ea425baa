#include "services/casework/programme/called.h"

#include <string>

#include "exitbus/casework/v1/meeting_messages.pb.h"
#include "exitbus/casework/v1/meeting_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/programme/programmes.h"
#include "services/casework/supervision/supervision.h"
#include "services/exchange/instants.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/taking_part/called.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;

// Empty: none does, or it does not know of the case.
std::string SupervisingUnit(const jv1::CaseFile& file) {
  const jv1::Supervision* const told = ToldSupervision(file);
  return told == nullptr ? "" : told->seen().unit();
}

const jv1::MeetingCall* FindCall(const jv1::CaseFile& file, const std::string& meeting_id,
                                 const std::string& authority) {
  return exchange::FindIn(file.meeting_calls(), [&](const jv1::MeetingCall& call) {
    return call.meeting_id() == meeting_id && call.seen().authority() == authority;
  });
}

void Note(const jv1::MeetingCall& call, Decision& decision) {
  jv1::CaseEvent event;
  *event.mutable_meeting_call_noted()->mutable_call() = call;
  decision.AddEvent(event);
}

void Call(const jv1::CaseFile& file, const cv1::Meeting& meeting, const std::string& authority,
          const DecisionContext& context, Decision& decision) {
  const jv1::MeetingCall* const known = FindCall(file, meeting.meeting_id(), authority);
  jv1::MeetingCall call = known != nullptr ? *known : jv1::MeetingCall();
  if (known == nullptr) {
    call.set_meeting_id(meeting.meeting_id());
    call.set_invitation_id(context.lookup->FreshId());
    call.mutable_seen()->set_authority(authority);
  }
  call.clear_called_off();
  Note(call, decision);
}

// As the authority is to know it: the time as exactly as letters tell it to all who are called, so
// that what they answer is about the same.
cv1::CalledMeeting ToldOf(const cv1::Meeting& meeting, const jv1::MeetingCall& call) {
  cv1::CalledMeeting told;
  told.set_invitation_id(call.invitation_id());
  told.set_kind(meeting.kind());
  told.set_stage(call.called_off() ? cv1::MEETING_STAGE_CANCELLED : meeting.stage());
  *told.mutable_at() = exchange::ToProto(
      exchange::RoundedFor(pv1::READER_POLICE, exchange::FromProto(meeting.at())));
  told.set_place(meeting.place());
  return told;
}

// That it was held, who was called knows.
bool IsNews(const cv1::CalledMeeting& now, const jv1::MeetingCall& call) {
  if (now.stage() == cv1::MEETING_STAGE_HELD) return false;
  const bool was_called = call.told().stage() == cv1::MEETING_STAGE_CALLED;
  if (now.stage() != cv1::MEETING_STAGE_CALLED) return was_called;
  return !was_called || now.SerializeAsString() != call.told().SerializeAsString();
}

Decision OnAnswered(const CaseLetter& letter, const cv1::MeetingAnswered& message) {
  if (auto other = NotOfWhoTakesPart(letter)) return *std::move(other);
  const auto* const call =
      exchange::FindIn(letter.state.meeting_calls(), [&](const jv1::MeetingCall& one) {
        return one.invitation_id() == message.invitation_id() &&
               one.seen().authority() == letter.place.sender;
      });
  if (call == nullptr || call->called_off()) return Decision::NoEffect("meeting_over");
  if (exchange::FromProto(call->told().at()) != exchange::FromProto(message.at())) {
    return Decision::NoEffect("meeting_moved_since");
  }
  jv1::MeetingCall answered = *call;
  answered.mutable_seen()->set_coming(message.coming());
  *answered.mutable_seen()->mutable_answered() = exchange::ToProto(letter.context.now);
  Decision decision;
  Note(answered, decision);
  return decision;
}

void Replace(jv1::CaseFile& file, const jv1::MeetingCallNoted& noted) {
  auto* const known =
      exchange::FindIn(*file.mutable_meeting_calls(), [&](const jv1::MeetingCall& call) {
        return call.invitation_id() == noted.call().invitation_id();
      });
  *(known != nullptr ? known : file.add_meeting_calls()) = noted.call();
}

}  // namespace

std::optional<exchange::Address> AddressOfWhoTakesPart(const jv1::CaseFile& file,
                                                       const std::string& authority,
                                                       const DecisionContext& context) {
  if (authority == PoliceIn(file)) return AddressOf(Whom::kPolice, file, nullptr, context);
  return authority == SupervisingUnit(file) ? AddressOfToldUnit(file, context) : std::nullopt;
}

const cv1::Meeting* FindMeeting(const jv1::CaseFile& file, const std::string& meeting_id) {
  return exchange::FindIn(file.meetings(), [&](const cv1::Meeting& meeting) {
    return meeting.meeting_id() == meeting_id;
  });
}

std::optional<Decision> RefuseCalled(const jv1::CaseFile& file, const cv1::Meeting& meeting,
                                     const v1::CallMeetingRequest& request) {
  if (request.police() && PoliceIn(file).empty()) {
    return Decision::Refuse("meeting.no_police",
                            "No police unit has the case yet: RequestPoliceClarification.");
  }
  if (request.supervising_unit() && SupervisingUnit(file).empty()) {
    return Decision::Refuse("meeting.no_supervision",
                            "No unit of Kriminalforsorgen that knows of the case supervises the "
                            "person: StateSupervision, and a basis on which it may be told.");
  }
  if (meeting.kind() == cv1::MEETING_KIND_AGREEMENT && !request.police() &&
      file.security().threat_level() == cv1::THREAT_LEVEL_HIGH) {
    return Decision::Refuse("meeting.police_required",
                            "The person is threatened: the agreement is made with the police. "
                            "Call them too.");
  }
  return std::nullopt;
}

void CallAuthorities(const jv1::CaseFile& file, const cv1::Meeting& meeting,
                     const v1::CallMeetingRequest& request, const DecisionContext& context,
                     Decision& decision) {
  const std::string police = request.police() ? PoliceIn(file) : "";
  const std::string unit = request.supervising_unit() ? SupervisingUnit(file) : "";
  for (const std::string& authority : {police, unit}) {
    if (!authority.empty()) Call(file, meeting, authority, context, decision);
  }
  for (const jv1::MeetingCall& call : file.meeting_calls()) {
    const std::string& authority = call.seen().authority();
    const bool is_ended = call.meeting_id() == meeting.meeting_id() && authority != police &&
                          authority != unit && !call.called_off();
    if (!is_ended) continue;
    jv1::MeetingCall ended = call;
    ended.set_called_off(true);
    Note(ended, decision);
  }
}

void FollowMeetings(const jv1::CaseFile& before, const DecisionContext& context,
                    Decision& decision) {
  if (!decision.accepted() || decision.events().empty()) return;
  const auto after = After(before, decision);
  if (after->has_erasure() || after->standing() != cv1::STANDING_RESPONSIBLE) return;
  for (const jv1::MeetingCall& call : after->meeting_calls()) {
    const cv1::Meeting* const meeting = FindMeeting(*after, call.meeting_id());
    const cv1::CalledMeeting now = ToldOf(*meeting, call);
    if (!IsNews(now, call)) continue;
    const auto to = AddressOfWhoTakesPart(*after, call.seen().authority(), context);
    if (!to) continue;
    jv1::MeetingCall told = call;
    if (!taking_part::IsSameCall(now, call.told())) {
      told.mutable_seen()->clear_coming();
      told.mutable_seen()->clear_answered();
    }
    *told.mutable_told() = now;
    cv1::MeetingInvitation message;
    message.set_number(after->number());
    *message.mutable_meeting() = now;
    Note(told, decision);
    decision.Notify(to, message);
  }
}

void ForgetCalls(jv1::CaseFile& file) {
  exchange::EraseFrom(*file.mutable_meeting_calls(), [&](const jv1::MeetingCall& call) {
    return FindMeeting(file, call.meeting_id()) == nullptr;
  });
}

void ShowCalled(const jv1::CaseFile& file, cv1::Case& view) {
  for (cv1::Meeting& meeting : *view.mutable_meetings()) {
    for (const jv1::MeetingCall& call : file.meeting_calls()) {
      if (call.meeting_id() != meeting.meeting_id() || call.called_off()) continue;
      *meeting.add_called() = call.seen();
    }
  }
}

std::optional<Decision> NotOfWhoTakesPart(const CaseLetter& letter) {
  const auto& [file, place, body, context] = letter;
  if (place.sender_kind == pv1::AUTHORITY_KIND_KRIMINALFORSORGEN) {
    return NotOfWhoSupervises(letter);
  }
  if (place.sender != file.police() || place.subject != file.security_id()) {
    return Decision::Refuse("letter.not_a_party",
                            "Only the case's police unit and the unit that supervises the person "
                            "say this.");
  }
  if (file.standing() == cv1::STANDING_RESPONSIBLE) return std::nullopt;
  return Decision::NoEffect("word_crossed_take_over");
}

CasePart CalledPart() {
  CasePart part;
  part.On(&OnAnswered).After(&Replace);
  return part;
}

}  // namespace exitbus::casework
