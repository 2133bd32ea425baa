// What other subjects use of the programme. Internal to casework.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/time/time.h"
#include "services/casework/parts.h"
#include "services/casework/rules.h"
#include "services/exchange/decision.h"

namespace google::protobuf {
class Timestamp;
}

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

// Of who was enrolled: when the end is followed up, if the course ends now.
google::protobuf::RepeatedPtrField<jv1::FollowUp> FollowUpsFrom(
    const jv1::CaseFile& file, const exchange::DecisionContext& context);
void ShowFollowUps(const jv1::CaseFile& file, cv1::Case& view);
// How far the measures are that this authority owns.
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
