// Meetings with the citizen: called, held or cancelled, and what was found there. Nothing lapses by
// what is found: people decide (FUP-09).
#include <optional>

#include "absl/algorithm/container.h"
#include "exitbus/casework/v1/meeting_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/access/units.h"
#include "services/casework/methods.h"
#include "services/casework/programme/called.h"
#include "services/casework/rules.h"
#include "services/casework/security/place_check.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/policy/readers.h"
#include "services/relocation/municipalities.h"

namespace exitbus::casework {
namespace {

using exchange::FromProto;
using exchange::ToProto;

constexpr int kMeetingsMax = 100;
constexpr absl::Duration kCalledAhead = absl::Hours(24 * 366);

// How it goes as agreed is met about.
bool IsOfTheCourse(cv1::MeetingKind kind) {
  return kind == cv1::MEETING_KIND_FOLLOW_UP || kind == cv1::MEETING_KIND_EVALUATION;
}

bool IsCalled(const cv1::Meeting* meeting) {
  return meeting != nullptr && meeting->stage() == cv1::MEETING_STAGE_CALLED;
}

Decision NotCalled() {
  return Decision::Refuse("meeting.not_called",
                          "No such meeting is called: it was held or cancelled, or there is none. "
                          "The case shows its meetings.");
}

std::optional<Decision> RefuseKind(const jv1::CaseFile& file, cv1::MeetingKind kind) {
  if (kind == cv1::MEETING_KIND_UNSPECIFIED) {
    return Invalid("meeting.kind_required", "Say what kind of meeting it is.");
  }
  if (IsOfTheCourse(kind) && !IsEnrolled(file.stage())) {
    return Decision::Refuse(
        "meeting.not_enrolled",
        "There is no agreement to follow up yet. Call another kind of meeting.");
  }
  return std::nullopt;
}

// In this authority's own municipality he is met unless the police say otherwise.
std::optional<Decision> RefuseMeetingPlace(const jv1::CaseFile& file, const Where& where,
                                           const DecisionContext& context) {
  if (where.municipality.empty()) return std::nullopt;
  if (auto refused = RefuseNoPlace(where)) return refused;
  return where.municipality == relocation::CodeOf(context.self->id, *context.directory)
             ? RefuseImpossiblePlace(file, where)
             : RefusePlace(file, where, context);
}

Decision Note(const cv1::Meeting& meeting) {
  jv1::CaseEvent event;
  *event.mutable_meeting_noted()->mutable_meeting() = meeting;
  return Decision().AddEvent(event);
}

Decision CallMeeting(const jv1::CaseFile& file, const v1::CallMeetingRequest& request,
                     const DecisionContext& context) {
  if (auto refused = RefuseKind(file, request.kind())) return *std::move(refused);
  const cv1::Meeting* const called = FindMeeting(file, request.meeting_id());
  if (!request.meeting_id().empty() && !IsCalled(called)) return NotCalled();
  const absl::Time at = FromProto(request.at());
  if (!request.has_at() || at < context.now || at > context.now + kCalledAhead) {
    return Invalid("meeting.called_when", "A meeting is called for a time in the coming year.");
  }
  for (const int function : request.invited()) {
    const auto reader =
        policy::ReaderFor(context.self->kind, static_cast<policy::v1::Function>(function));
    if (IsInvolved(file, reader, context)) continue;
    return Decision::Refuse("meeting.unit_not_involved",
                            "A unit that is invited is involved first: InvolveUnit.");
  }
  cv1::Meeting meeting;
  meeting.set_meeting_id(called != nullptr ? called->meeting_id() : context.lookup->FreshId());
  meeting.set_kind(request.kind());
  meeting.set_stage(cv1::MEETING_STAGE_CALLED);
  *meeting.mutable_at() = request.at();
  meeting.set_place(request.place());
  meeting.set_municipality(request.municipality());
  if (auto refused = RefuseMeetingPlace(file, WhereOf(meeting), context)) {
    return *std::move(refused);
  }
  *meeting.mutable_invited() = request.invited();
  if (auto refused = RefuseCalled(file, meeting, request)) return *std::move(refused);
  Decision decision = Note(meeting);
  CallAuthorities(file, meeting, request, context, decision);
  return decision;
}

Decision RecordMeeting(const jv1::CaseFile& file, const v1::RecordMeetingRequest& request,
                       const DecisionContext& context) {
  cv1::Meeting meeting;
  if (request.meeting_id().empty()) {
    meeting.set_meeting_id(context.lookup->FreshId());
    if (auto refused = RefuseKind(file, request.kind())) return *std::move(refused);
    meeting.set_kind(request.kind());
    *meeting.mutable_at() = ToProto(context.now);
  } else {
    const cv1::Meeting* const called = FindMeeting(file, request.meeting_id());
    if (!IsCalled(called)) return NotCalled();
    meeting = *called;
  }
  if (request.has_at()) *meeting.mutable_at() = request.at();
  if (FromProto(meeting.at()) > context.now) {
    return Invalid("meeting.held_when", "A meeting was held, not in the future. Say when.");
  }
  if (IsOfTheCourse(meeting.kind()) &&
      request.finding().terms_kept() == cv1::TERMS_KEPT_UNSPECIFIED) {
    return Invalid("meeting.finding_required",
                   "Say whether the terms of the agreement are kept (FUP-07).");
  }
  meeting.set_stage(cv1::MEETING_STAGE_HELD);
  *meeting.mutable_finding() = request.finding();
  return Note(meeting);
}

Decision CancelMeeting(const jv1::CaseFile& file, const v1::CancelMeetingRequest& request,
                       const DecisionContext&) {
  const cv1::Meeting* const called = FindMeeting(file, request.meeting_id());
  if (!IsCalled(called)) return NotCalled();
  cv1::Meeting meeting = *called;
  meeting.set_stage(cv1::MEETING_STAGE_CANCELLED);
  return Note(meeting);
}

// The journal keeps those that are left out here.
void Replace(jv1::CaseFile& file, const jv1::MeetingNoted& noted) {
  const auto* const known = FindMeeting(file, noted.meeting().meeting_id());
  if (known == nullptr && file.meetings_size() == kMeetingsMax) {
    auto& all = *file.mutable_meetings();
    const auto over =
        absl::c_find_if_not(all, [](const cv1::Meeting& meeting) { return IsCalled(&meeting); });
    all.erase(over == all.end() ? all.begin() : over);
    ForgetCalls(file);
  }
  *(known != nullptr ? const_cast<cv1::Meeting*>(known) : file.add_meetings()) = noted.meeting();
}

}  // namespace

CasePart MeetingPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme}, &CallMeeting))
      .Serve(OnCase({&kHasOrHadCase}, &RecordMeeting))
      .Serve(OnCase({&kHasOrHadCase}, &CancelMeeting))
      .After(&Replace);
  return part;
}

}  // namespace exitbus::casework
