// What other subjects use of what is learnt before a visitation. Internal to casework.
#pragma once

#include <optional>

#include "services/casework/rules.h"
#include "services/exchange/decision.h"

namespace exitbus::casework::v1 {
class OpenCaseRequest;
}

namespace exitbus::casework {

// From a referral that came as a letter and waits: `open` gets the request with what that says.
exchange::Decision OpenFromReferral(const v1::OpenCaseRequest& request,
                                    const exchange::DecisionContext& context,
                                    exchange::Decision (*open)(const v1::OpenCaseRequest&,
                                                               const exchange::DecisionContext&));

// Why such a referral is not recorded; nullopt: it may be.
std::optional<exchange::Decision> RefuseReferral(const cv1::Referral& referral,
                                                 const exchange::DecisionContext& context);

// Whether this authority wants this step before a visitation.
bool Requires(const exchange::DecisionContext& context, cv1::IntakeStep step);

// Whether the person is 18 or older on this day, by his CPR number.
bool IsAdult(const jv1::CaseFile& file, absl::Time now);

// What a visitation waits for, in the order of the steps (VIS-02): the person belongs here and
// wants it, and what this authority requires has happened.
extern const Rule kOfAge;
extern const Rule kBelongsHere;
extern const Rule kScreened;
extern const Rule kPoliceHaveClarified;
extern const Rule kUnitsHaveAnswered;
extern const Rule kInterviewed;
extern const Rule kMotivated;
extern const Rule kShown;
extern const Rule kConsented;
extern const Rule kRiskScreened;
extern const Rule kCriteriaAssessed;
extern const Rule kCriteriaMet;
extern const Rule kJointlyAgreed;

// Whether all that may be shown to the citizen has been shown to him.
bool IsAllShown(const jv1::CaseFile& file);

// Whether it is said if the person has to move, or need not be before this agreement (VIS-17).
bool IsRelocationClarified(const jv1::CaseFile& file, const cv1::Agreement& agreement);

// What the citizen has asked to see, and what units were asked, with what is due.
void ShowAccessRequest(const jv1::CaseFile& file, cv1::Case& view);
void ShowQuestions(const jv1::CaseFile& file, cv1::Case& view);

}  // namespace exitbus::casework
