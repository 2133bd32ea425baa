#include "services/casework/model_inputs_testing.h"

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/next_act.pb.h"
#include "exitbus/casework/v1/programme.pb.h"

namespace exitbus::casework {
namespace {

const exchange::Caller kSecond{"municipality-0183", "system", "exit-coordinator", "employee-2", ""};
const exchange::Caller kJobcentre{"municipality-0183", "system", "jobcentre", "employee-3", ""};

}  // namespace

void AddOpening(tables::Inputs& inputs) {
  inputs.Command("OpenCase", R"(person { cpr_number: "6101900001" name: "Canary Name" })")
      .Command("RecordConsent", "covers: AUTHORITY_KIND_POLICE covers: AUTHORITY_KIND_MUNICIPALITY")
      .Command("RevokeConsent", "")
      .Command("RecordLegalBasis", "legal_basis: LEGAL_BASIS_FVL28 covers: AUTHORITY_KIND_POLICE");
}

void AddPolice(tables::Inputs& inputs) {
  inputs.Command("RequestPoliceClarification", "")
      .Message("<PoliceClarificationDelivered", R"(clarification { version: 1 conclusions: "c" })")
      .Message("<SecurityPictureChanged", "picture { version: 1 threat_level: THREAT_LEVEL_HIGH }")
      .Command("AcknowledgePrecautions", "version: 1", kFirst);
}

void AddVisitation(tables::Inputs& inputs) {
  inputs
      .Command("DecideVisitation",
               R"(visitation { affiliation: "a" position: "p" motivation: "m"
                               risk_on_leaving: "r" })",
               kFirst)
      .Command("ConfirmVisitation", R"(etag: "e")", kSecond)
      .Command("ConfirmVisitation, by the first", R"(etag: "e")", kFirst);
}

void AddIntake(tables::Inputs& inputs) {
  inputs.Command("RecordScreening, a gang", "crime: CRIME_KIND_GANG")
      .Command("RecordScreening, situational", "crime: CRIME_KIND_SITUATIONAL")
      .Command("AskUnit", "function: FUNCTION_JOBCENTRE")
      .Command("AnswerUnitQuestion", "answer { may_be_shown: true }", kJobcentre)
      .Command("ReleaseUnit", "function: FUNCTION_JOBCENTRE")
      .Command("RecordInterview, he means it",
               R"(interview { most_pressing: "p" motivation_is_real: true })")
      .Command("RecordInterview, he does not", R"(interview { most_pressing: "p" })")
      .Command("StateRelocationNeed", "answer: RELOCATION_ANSWER_NOT_NEEDED")
      .Command("RecordShownToCitizen", "", kFirst);
}

void AddEnds(tables::Inputs& inputs) {
  inputs
      .Command("EndProgramme, rejected",
               R"(code: END_CODE_REJECTED ground: REJECTION_GROUND_NOT_MOTIVATED reasons: "r")")
      .Command("EndProgramme, redirected",
               R"(code: END_CODE_REDIRECTED ground: REJECTION_GROUND_NOT_IN_TARGET_GROUP
                  redirected_to: REDIRECT_TARGET_KSP reasons: "r")")
      .Command("EndProgramme, lapsed",
               R"(code: END_CODE_LAPSED reasons: "r" citizen_heard { seconds: 1 })")
      .Command("EndProgramme, completed", "code: END_CODE_COMPLETED evaluated { seconds: 1 }")
      .Command("EndProgramme, never started", "code: END_CODE_NEVER_STARTED")
      .Command("EndProgramme, died", "code: END_CODE_DIED");
}

void AddAgreement(tables::Inputs& inputs) {
  inputs
      .Command("SignAgreement",
               R"(agreement { template: "t" consequences_of_relapse: "c"
                    citizen_signed { seconds: 1770000000 } police_signed { seconds: 1770000000 }
                    coordinator_signed { seconds: 1770000000 }
                    measures { type: MEASURE_TYPE_HOUSING module: MODULE_HOUSING months: 6
                      owner: "municipality-0183" funding: FUNDING_CLASS_REGION
                      legal_basis: LEGAL_BASIS_OTHER_LAW } })")
      .Command("StartProgramme", "");
}

void AddCourse(tables::Inputs& inputs) {
  inputs.Command("PauseProgramme", "reason: PAUSE_REASON_SECURITY")
      .Command("ResumeProgramme", "")
      .Command("StartMeasure", R"(measure_id: "fresh")")
      .Command("CompleteMeasure", R"(measure_id: "fresh")")
      .Command("StopMeasure",
               R"(measure_id: "fresh" stopped_on: LEGAL_BASIS_OTHER_LAW reasons: "r")")
      .Command("NameContactPerson",
               R"(contact_person { authority: "municipality-0183" function: FUNCTION_MENTOR
                                   reached_by: "r" })")
      .Command("CallMeeting", "kind: MEETING_KIND_AGREEMENT at { seconds: 1772528400 }")
      .Command("RecordMeeting", R"(meeting_id: "fresh")")
      .Command("CancelMeeting", R"(meeting_id: "fresh")")
      .Command("ChangeProgramme, to one without police", "programme: PROGRAMME_GOD_LOESLADELSE")
      .Command("ChangeProgramme, to the framework", "programme: PROGRAMME_NATIONAL_FRAMEWORK");
}

void AddFollowUps(tables::Inputs& inputs) {
  for (int window = 1; window <= v1::FollowUpWindow_MAX; ++window) {
    inputs.Command(absl::StrCat("RecordFollowUp, ", window),
                   absl::StrCat("window: ", window, " answer: FOLLOW_UP_ANSWER_NO"));
  }
}

void AddWithdrawal(tables::Inputs& inputs) { inputs.Command("RecordWithdrawal", ""); }

void AddNeed(tables::Inputs& inputs) {
  inputs.Command("StateRelocationNeed", "answer: RELOCATION_ANSWER_NOT_NEEDED");
}

std::string CommandOf(v1::NextActKind kind) {
  switch (kind) {
    case v1::NEXT_ACT_KIND_RECORD_BASIS:
      return "RecordLegalBasis";
    case v1::NEXT_ACT_KIND_ASK_POLICE:
      return "RequestPoliceClarification";
    case v1::NEXT_ACT_KIND_STATE_RELOCATION_NEED:
      return "StateRelocationNeed";
    case v1::NEXT_ACT_KIND_SIGN_AGREEMENT:
      return "SignAgreement";
    case v1::NEXT_ACT_KIND_START_PROGRAMME:
      return "StartProgramme";
    case v1::NEXT_ACT_KIND_RESUME_PROGRAMME:
      return "ResumeProgramme";
    case v1::NEXT_ACT_KIND_READ_PRECAUTIONS:
      return "AcknowledgePrecautions";
    case v1::NEXT_ACT_KIND_ANSWER_QUESTION:
      return "AnswerUnitQuestion";
    case v1::NEXT_ACT_KIND_HOLD_MEETING:
      return "CancelMeeting";
    case v1::NEXT_ACT_KIND_START_MEASURE:
      return "StartMeasure";
    case v1::NEXT_ACT_KIND_END_MEASURE:
      return "CompleteMeasure";
    case v1::NEXT_ACT_KIND_NAME_CONTACT_PERSON:
      return "NameContactPerson";
    case v1::NEXT_ACT_KIND_RECORD_FOLLOW_UP:
      return "RecordFollowUp";
    default:
      return "";
  }
}

}  // namespace exitbus::casework
