// What a letter to the citizen says. Internal to casework.
#pragma once

#include <string>

#include "services/casework/rules.h"

namespace exitbus::casework {

// What an employee fills in.
inline constexpr char kToGiveReason[] = "[begrundelse]";
inline constexpr char kToGiveDay[] = "[dato]";
inline constexpr char kToGiveGuidance[] = "[klagevejledning]";

// The meeting that an invitation is about, called or held since; null: there is none.
const cv1::Meeting* MeetingIn(const jv1::CaseFile& file, const std::string& meeting_id);

// Whether the case gives an occasion for it now.
bool HasOccasion(const jv1::CaseFile& file, cv1::CitizenLetterKind kind, const std::string& about);
// Whether it tells how to complain.
bool TellsHowToComplain(cv1::CitizenLetterKind kind);

// Whatever was decided: whether the way by which he may safely be reached is so still.
void FollowSafeContact(const jv1::CaseFile& before, exchange::Decision& decision);

// In Danish. Of one that has an occasion.
std::string TextOf(const jv1::CaseFile& file, cv1::CitizenLetterKind kind, const std::string& about,
                   const exchange::DecisionContext& context);

}  // namespace exitbus::casework
