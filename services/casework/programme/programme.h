// What other subjects use of the programme. Internal to casework.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "services/casework/parts.h"
#include "services/casework/rules.h"
#include "services/exchange/decision.h"

namespace exitbus::nec::v1 {
class ProgrammeStageReached;
}

namespace exitbus::casework {

// It ends here: the event, and NEC told. Also where a withdrawal was learnt while the case was on
// its way.
void Withdraw(const jv1::CaseFile& file, std::uint64_t number,
              const exchange::DecisionContext& context, exchange::Decision& decision);

// What NEC hears of a case that it is to know of.
void TellVisitation(const jv1::CaseFile& file, const google::protobuf::Timestamp& since,
                    const exchange::DecisionContext& context, exchange::Decision& decision);
void TellAgreement(const jv1::CaseFile& file, const exchange::DecisionContext& context,
                   exchange::Decision& decision);
// Where the course stands, since then; and those told whom the case's programme lets know: NEC, if
// it knows of the case, and the police unit, if there is one.
nec::v1::ProgrammeStageReached StageOf(const jv1::CaseFile& file,
                                       const google::protobuf::Timestamp& since);
void TellStage(const jv1::CaseFile& file, const google::protobuf::Timestamp& since,
               const exchange::DecisionContext& context, exchange::Decision& decision);
// The case's police unit, if it has one, hears that the case is at this stage, and no more: what is
// agreed needs a basis of its own.
void TellPoliceStage(const jv1::CaseFile& file, cv1::CaseStage stage,
                     const exchange::DecisionContext& context, exchange::Decision& decision);
// A course that is started, or paused; and where it stands, to a unit that has not followed it.
bool IsUnderWay(const jv1::CaseFile& file);
void TellPoliceCourse(const jv1::CaseFile& file, const google::protobuf::Timestamp& since,
                      const exchange::DecisionContext& context, exchange::Decision& decision);
// A first measure begins after the visitation, and not in the future; the course begins with it:
// the event, and those told whom TellStage tells.
bool CanHaveBegun(const jv1::CaseFile& file, absl::Time time,
                  const exchange::DecisionContext& context);
void BeginCourse(const jv1::CaseFile& file, absl::Time started,
                 const exchange::DecisionContext& context, exchange::Decision& decision);
std::optional<google::protobuf::Timestamp> ReviewDue(cv1::Programme programme, absl::Time from,
                                                     const exchange::DecisionContext& context);

// By when a course that begins, or is agreed anew, then is looked at next (FUP-16): `review` of the
// event, unless this authority looks at none of this programme.
template <class Event>
void AddReview(cv1::Programme programme, absl::Time from, const exchange::DecisionContext& context,
               Event& event) {
  if (const auto due = ReviewDue(programme, from, context)) *event.mutable_review() = *due;
}

// In the index: what stands under its case id belongs to a case that this authority answers for.
inline constexpr char kResponsibleName[] = "responsible";
// Who has not been enrolled yet, since when, and how urgently (CAP-02, ELI-18).
bool IsWaiting(const jv1::CaseFile& file);
void ShowWaiting(const jv1::CaseFile& file, cv1::Case& view);

// Of who was enrolled: when the end is followed up, if the course ends now.
google::protobuf::RepeatedPtrField<jv1::FollowUp> FollowUpsFrom(
    const jv1::CaseFile& file, const exchange::DecisionContext& context);
void ShowFollowUps(const jv1::CaseFile& file, cv1::Case& view);
// From the agreement that is in force now: which of its own measures this authority is to begin by
// a day, and has not (TIM-04). For `evolve`.
void ExpectToBegin(jv1::CaseFile& file);
// This authority owns it, by the agreement in force.
bool IsOwnMeasure(const jv1::CaseFile& file, const std::string& measure_id);
// How far the measures are: its own, and what others have said of theirs.
void ShowMeasures(const jv1::CaseFile& file, cv1::Case& view);

// Why nobody could be held to this agreement of the case; nullopt: somebody could (AGR-01 to
// AGR-08).
std::optional<exchange::Decision> RefuseAgreement(const jv1::CaseFile& file,
                                                  const cv1::Agreement& agreement,
                                                  const exchange::DecisionContext& context);
// Nothing is planned before the police have assessed the person (VIS-06).
extern const Rule kAssessed;
// A case is found by the person it is about, while this authority holds it and after.
void ServeSearch(CasePart& part);

// Whether this authority answers for an open case of the person, or for this case.
bool PersonHasCase(const exchange::Lookup& lookup, const std::string& cpr_number);
bool AnswersForCase(const exchange::Lookup& lookup, const std::string& case_id);
// The newest case of the person that has ended here; empty: there is none.
std::string PreviousCase(const std::string& cpr_number, const exchange::Lookup& lookup);

}  // namespace exitbus::casework
