// Break-glass: an employee of a unit that is not involved reads a case all the same, for a reason
// and a time, once a second person has approved. Inside one authority only; the case itself tells
// its owner at once.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/casework/rules.h"
#include "services/exchange/aggregate.h"

namespace exitbus::casework::v1 {
class ApproveBreakGlassRequest;
class EndBreakGlassRequest;
class RequestBreakGlassRequest;
}  // namespace exitbus::casework::v1

namespace exitbus::casework {

using exchange::Decision;
using exchange::Facts;

inline constexpr absl::Duration kApprovedWithin = absl::Hours(1);
inline constexpr std::uint32_t kBreakGlassMinutesMax = 240;
inline constexpr std::size_t kReasonBytesMax = 1000;

// What is wrong with a request by itself, whatever it names: looked at before the case is, so that
// a bad request tells nobody whether the case is there.
std::optional<exchange::Refusal> CheckBreakGlass(const v1::RequestBreakGlassRequest& request);

Decision RequestBreakGlass(const jv1::CaseFile&, const v1::RequestBreakGlassRequest&, const Facts&);
Decision ApproveBreakGlass(const jv1::CaseFile&, const v1::ApproveBreakGlassRequest&, const Facts&);
Decision EndBreakGlass(const jv1::CaseFile&, const v1::EndBreakGlassRequest&, const Facts&);

// The exception by which the caller sees the case now; null: none. Time alone ends it.
const cv1::BreakGlass* RunningFor(const jv1::CaseFile& file, const Facts& facts);

// The last one that the caller asked for; null: none.
const cv1::BreakGlass* LastOf(const jv1::CaseFile& file, const Facts& facts);

// One deadline per exception that is not over, at its `until`: from then on the case says so too.
std::vector<exchange::Deadline> BreakGlassDeadlines(const jv1::CaseFile& file);
Decision DecideBreakGlassDeadline(const jv1::CaseFile& file, std::string_view break_glass_id,
                                  const Facts& facts);

// What the events do to the file.
void AskForBreakGlass(jv1::CaseFile& file, const jv1::BreakGlassRequested& requested);
void Approve(jv1::CaseFile& file, const jv1::BreakGlassApproved& approved);
void End(jv1::CaseFile& file, const jv1::BreakGlassEnded& ended);

}  // namespace exitbus::casework
