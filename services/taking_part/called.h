// What an authority keeps of meetings that it is called to, and how it answers.
#pragma once

#include <functional>
#include <string>

#include "exitbus/casework/v1/meeting.pb.h"
#include "exitbus/casework/v1/meeting_messages.pb.h"
#include "services/exchange/decision.h"

namespace exitbus::taking_part {

namespace cv1 = casework::v1;
using Meetings = google::protobuf::RepeatedPtrField<cv1::CalledMeeting>;

// For `evolve`: it replaces what was known of the same invitation. The newest 50 are kept.
void Replace(const cv1::CalledMeeting& meeting, Meetings& all);

// As the authority in charge tells it. An answer stands while the meeting is called for the same
// time.
cv1::CalledMeeting Told(const cv1::CalledMeeting& told, const Meetings& all);

// Whether a call of this time and place is what it was.
bool IsSameCall(const cv1::CalledMeeting& one, const cv1::CalledMeeting& other);

// Refused by name, or what is made of the meeting with that answer in it.
exchange::Decision Answer(
    const Meetings& all, const std::string& invitation_id, cv1::Coming coming,
    const std::function<exchange::Decision(const cv1::CalledMeeting&)>& answered);
// What the authority in charge is told by it.
cv1::MeetingAnswered AnswerOf(const cv1::CalledMeeting& meeting);

}  // namespace exitbus::taking_part
