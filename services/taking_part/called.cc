#include "services/taking_part/called.h"

#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"

namespace exitbus::taking_part {
namespace {

using exchange::Decision;

constexpr int kMeetingsMax = 50;

template <class List>
auto Find(List& all, const std::string& invitation_id) {
  return exchange::FindIn(all, [&](const cv1::CalledMeeting& meeting) {
    return meeting.invitation_id() == invitation_id;
  });
}

}  // namespace

void Replace(const cv1::CalledMeeting& meeting, Meetings& all) {
  auto* const known = Find(all, meeting.invitation_id());
  *(known != nullptr ? known : all.Add()) = meeting;
  exchange::KeepNewest(all, kMeetingsMax);
}

bool IsSameCall(const cv1::CalledMeeting& one, const cv1::CalledMeeting& other) {
  return exchange::FromProto(one.at()) == exchange::FromProto(other.at()) &&
         one.place() == other.place();
}

cv1::CalledMeeting Told(const cv1::CalledMeeting& told, const Meetings& all) {
  cv1::CalledMeeting meeting = told;
  meeting.clear_coming();
  const auto* const known = Find(all, told.invitation_id());
  if (known != nullptr && IsSameCall(*known, told)) meeting.set_coming(known->coming());
  return meeting;
}

Decision Answer(const Meetings& all, const std::string& invitation_id, cv1::Coming coming,
                const std::function<Decision(const cv1::CalledMeeting&)>& answered) {
  if (coming == cv1::COMING_UNSPECIFIED) {
    return Decision::Refuse(
        exchange::BadInput("meeting.coming_required", "Say whether somebody comes."));
  }
  const auto* const known = Find(all, invitation_id);
  if (known == nullptr || known->stage() != cv1::MEETING_STAGE_CALLED) {
    return Decision::Refuse("meeting.not_called",
                            "This unit is not called to such a meeting, or it does not take "
                            "place. The file shows what it is called to.");
  }
  if (known->coming() == coming) {
    return Decision::Refuse("meeting.answered_so", "This was answered before.");
  }
  cv1::CalledMeeting meeting = *known;
  meeting.set_coming(coming);
  return answered(meeting);
}

cv1::MeetingAnswered AnswerOf(const cv1::CalledMeeting& meeting) {
  cv1::MeetingAnswered message;
  message.set_invitation_id(meeting.invitation_id());
  message.set_coming(meeting.coming());
  *message.mutable_at() = meeting.at();
  return message;
}

}  // namespace exitbus::taking_part
