// Which other authorities are called to a meeting: the case's police unit, and the unit of
// Kriminalforsorgen that supervises the person. Internal to casework.
#pragma once

#include <optional>
#include <string>

#include "services/casework/parts.h"
#include "services/casework/rules.h"
#include "services/exchange/decision.h"

namespace exitbus::casework::v1 {
class CallMeetingRequest;
}

namespace exitbus::casework {

// Null: the file keeps none with this id.
const cv1::Meeting* FindMeeting(const jv1::CaseFile& file, const std::string& meeting_id);

// Why they cannot be called so; nullopt: they can.
std::optional<exchange::Decision> RefuseCalled(const jv1::CaseFile& file,
                                               const cv1::Meeting& meeting,
                                               const v1::CallMeetingRequest& request);
// Who is called anew, and who is not any more: to be told once that is decided (FollowMeetings).
void CallAuthorities(const jv1::CaseFile& file, const cv1::Meeting& meeting,
                     const v1::CallMeetingRequest& request,
                     const exchange::DecisionContext& context, exchange::Decision& decision);

// Whatever was decided: each authority that is called hears when and where, that it is moved, and
// that it does not take place.
void FollowMeetings(const jv1::CaseFile& before, const exchange::DecisionContext& context,
                    exchange::Decision& decision);

// Of a meeting that the file does not keep any more. For `evolve`.
void ForgetCalls(jv1::CaseFile& file);
void ShowCalled(const jv1::CaseFile& file, cv1::Case& view);

// Of the case's police unit, or the unit that supervises the person, as what it may be written to
// now; nullopt: `authority` is neither, or may not.
std::optional<exchange::Address> AddressOfWhoTakesPart(const jv1::CaseFile& file,
                                                       const std::string& authority,
                                                       const exchange::DecisionContext& context);

// A letter that only the case's police unit or the unit that supervises the person may write, while
// this authority answers for the case; nullopt: it may.
std::optional<exchange::Decision> NotOfWhoTakesPart(const CaseLetter& letter);

}  // namespace exitbus::casework
