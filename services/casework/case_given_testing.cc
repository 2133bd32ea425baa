#include "services/casework/case_given_testing.h"

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/documents/given_testing.h"
#include "services/casework/handover/given_testing.h"
#include "services/exchange/deciding_testing.h"

namespace exitbus::casework {
namespace {

namespace jv1 = casework_journal::v1;
using exchange::Of;

// What every case that has come so far has; and that the police unit knows it.
constexpr char kAgreed[] =
    R"(visitation { decided {} } agreement { version: 1 citizen_signed { seconds: 1700000000 }
         measures { measure_id: "ours" owner: "municipality-0183" months: 6 }
         measures { measure_id: "theirs" owner: "municipality-0461" months: 6 } }
       clarification { version: 1 } bases { legal_basis: LEGAL_BASIS_FVL28 }
       intake { relocation_need { answer: RELOCATION_ANSWER_NOT_NEEDED } } )";
constexpr char kKnown[] = R"(police: "police-1469" security_id: "the-security" )";

// Before the visitation: the criteria are assessed and met; and the citizen was shown all of it.
const std::string kMet =
    "CONSENTED_CASE clarification { version: 1 } questions { ANSWERED_Q } "
    "intake { SCREENED_GANG WITH_RISK INTERVIEW ALL_MET ";
const std::string kShown = "shown { shown { seconds: 3 } } ";

// A case of Ishøj's, and what it is like besides.
const std::map<std::string, std::string> kGiven = {
    {"REFERRED", "stage: CASE_STAGE_REFERRED"},
    {"CONSENTED", "stage: CASE_STAGE_REFERRED consent { given {} covers: AUTHORITY_KIND_POLICE }"},
    {"VISITED",
     "stage: CASE_STAGE_VISITED visitation { decided {} } clarification { version: 1 } STAYS "
     "bases { legal_basis: LEGAL_BASIS_FVL28 }"},
    // Before the visitation: one step after the other.
    {"SCREENED", "CONSENTED_CASE intake { SCREENED_GANG }"},
    {"RISK_SCREENED", "CONSENTED_CASE intake { SCREENED_GANG WITH_RISK }"},
    {"CLARIFIED", "CONSENTED_CASE intake { SCREENED_GANG WITH_RISK } clarification { version: 1 }"},
    {"ASKED_UNIT",
     "CONSENTED_CASE intake { SCREENED_GANG WITH_RISK } clarification { version: 1 } questions { "
     "THE_QUESTION "
     "owed { parties { authority: \"municipality-0183\" } } } units { function: FUNCTION_JOBCENTRE "
     "}"},
    {"ANSWERED",
     "CONSENTED_CASE intake { SCREENED_GANG WITH_RISK } clarification { version: 1 } questions { "
     "ANSWERED_Q "
     "}"},
    {"INTERVIEWED",
     "CONSENTED_CASE intake { SCREENED_GANG WITH_RISK INTERVIEW } clarification { version: 1 } "
     "questions { ANSWERED_Q }"},
    {"UNMET",
     "CONSENTED_CASE intake { SCREENED_GANG WITH_RISK INTERVIEW "
     "criteria { version: \"EVU-2018\" findings { criterion: CRITERION_AFFILIATION } } } "
     "clarification { version: 1 } questions { ANSWERED_Q }"},
    {"MET", kMet + "}"},
    {"SHOWN_BEFORE", kMet + "shown { shown { seconds: 1 } } }"},
    {"SHOWN", kMet + kShown + "}"},
    {"ONE_AGREES", kMet + kShown + "POLICE_AGREE }"},
    {"DISAGREED",
     kMet + kShown + "POLICE_AGREE joint_answers { authority: \"kriminalforsorgen-01\" } }"},
    {"AGREED",
     kMet + kShown +
         "POLICE_AGREE joint_answers { authority: \"kriminalforsorgen-01\" agrees: true } }"},
    // What keeps somebody out whatever is required.
    {"SITUATIONAL",
     "CONSENTED_CASE intake { screening { crime: CRIME_KIND_SITUATIONAL "
     "belongs_to: REDIRECT_TARGET_KSP } }"},
    {"UNMOTIVATED", "CONSENTED_CASE intake { interview { held { seconds: 2 } } }"},
    {"BROUGHT_IN", "CONSENTED_CASE intake { brought_in {} }"},
    {"BROUGHT_IN_REGISTERED", "CONSENTED_CASE intake { brought_in { nec_registered: true } }"},
    {"ASKED_ACCESS",
     "CONSENTED_CASE access_requested { seconds: 1 } "
     "access_owed { due { seconds: 2 } parties { authority: \"municipality-0183\" } }"},
    {"PROPOSED",
     "CONSENTED_CASE intake { proposed_visitation { proposed_by: \"employee-1\" "
     "visitation { affiliation: \"a\" } } }"},
    // Meetings.
    {"CALLED",
     "stage: CASE_STAGE_ENROLLED AGREED units { function: FUNCTION_MENTOR } "
     "meetings { THE_MEETING stage: MEETING_STAGE_CALLED }"},
    {"CALLED_AHEAD",
     "stage: CASE_STAGE_ENROLLED AGREED "
     "meetings { meeting_id: \"the-meeting\" kind: MEETING_KIND_FOLLOW_UP at { seconds: LATER } "
     "stage: MEETING_STAGE_CALLED }"},
    {"HELD",
     "stage: CASE_STAGE_ENROLLED AGREED meetings { THE_MEETING stage: MEETING_STAGE_HELD }"},
    {"ENROLLED", "stage: CASE_STAGE_ENROLLED AGREED"},
    // The course from there on.
    {"ACTIVE", "stage: CASE_STAGE_ACTIVE started { seconds: 1 } AGREED KNOWN"},
    {"PAUSED",
     "stage: CASE_STAGE_ACTIVE started { seconds: 1 } paused { since { seconds: 1 } } AGREED "
     "KNOWN"},
    {"ENDED",
     "stage: CASE_STAGE_ENDED end { code: END_CODE_LAPSED ended { seconds: 1 } } AGREED KNOWN "
     "follow_ups { window: FOLLOW_UP_WINDOW_OCCUPIED_AFTER_3_MONTHS from { seconds: 1 } } "
     "follow_ups { window: FOLLOW_UP_WINDOW_CHARGED_AFTER_1_YEAR from { seconds: LATER } }"},
    {"NEARLY_CLOSED",
     "stage: CASE_STAGE_ENDED end { code: END_CODE_LAPSED ended { seconds: 1 } } AGREED KNOWN "
     "follow_ups { window: FOLLOW_UP_WINDOW_OCCUPIED_AFTER_3_MONTHS from { seconds: 1 } } "
     "follow_ups { window: FOLLOW_UP_WINDOW_CHARGED_AFTER_1_YEAR from { seconds: LATER } "
     "answer: FOLLOW_UP_ANSWER_OUT_OF_SCOPE }"},
    {"CLOSED",
     "stage: CASE_STAGE_CLOSED end { code: END_CODE_LAPSED ended { seconds: 1 } } AGREED KNOWN "
     "follow_ups { window: FOLLOW_UP_WINDOW_OCCUPIED_AFTER_3_MONTHS from { seconds: 1 } "
     "answer: FOLLOW_UP_ANSWER_YES }"},
    // Somebody whom the police have brought elsewhere.
    {"PLACED",
     R"(stage: CASE_STAGE_ENROLLED AGREED KNOWN
        stays { seen { stay_id: "the-stay" stage: STAY_STAGE_PLACED } })"},
    // How far a measure is.
    {"BEGUN",
     R"(stage: CASE_STAGE_ACTIVE AGREED
        measures_moved { seen { measure_id: "ours" stage: MEASURE_STAGE_STARTED } })"},
    {"STOPPED",
     R"(stage: CASE_STAGE_ACTIVE AGREED
        measures_moved { seen { measure_id: "ours" stage: MEASURE_STAGE_STOPPED } })"},
    // Before an agreement: what the police have said, and whether they had to be asked.
    {"UNASSESSED",
     "stage: CASE_STAGE_VISITED visitation { decided {} } STAYS "
     "programme: PROGRAMME_NATIONAL_FRAMEWORK"},
    {"NOT_ASKED", "stage: CASE_STAGE_VISITED visitation { decided {} } OWN"},
    {"UNCLARIFIED",
     "stage: CASE_STAGE_VISITED visitation { decided {} } clarification { version: 1 }"},
    {"ASKED",
     R"(stage: CASE_STAGE_VISITED visitation { decided {} } OWN police: "police-1469"
        security_id: "the-security")"},
    {"THREATENED",
     "stage: CASE_STAGE_VISITED visitation { decided {} } clarification { version: 1 } STAYS "
     "security { version: 1 threat_level: THREAT_LEVEL_HIGH }"},
    // How he may safely be reached is said.
    {"REACHED", "stage: CASE_STAGE_VISITED visitation { decided {} } IN_PERSON"},
    {"REACHED_CALLED",
     "stage: CASE_STAGE_ENROLLED AGREED IN_PERSON "
     "meetings { THE_MEETING stage: MEETING_STAGE_CALLED }"},
    {"REACHED_LAPSED",
     "stage: CASE_STAGE_ENDED IN_PERSON end { code: END_CODE_LAPSED ended { seconds: 1 } }"},
    {"REACHED_REJECTED",
     "stage: CASE_STAGE_ENDED IN_PERSON end { code: END_CODE_REJECTED ended { seconds: 1 } }"},
    {"ON_LAW", "stage: CASE_STAGE_REFERRED bases { legal_basis: LEGAL_BASIS_FVL28 }"},
    {"NAMED",
     "stage: CASE_STAGE_ENROLLED AGREED KNOWN contact_person { authority: \"municipality-0183\" "
     "function: FUNCTION_MENTOR reached_by: \"r\" }"},
    // In custody since long ago: stated; a municipality has heard; the plan is made.
    {"IN_CUSTODY", "stage: CASE_STAGE_REFERRED custody_stated { IMPRISONED }"},
    {"TO_BE_PAROLED", "stage: CASE_STAGE_REFERRED custody_stated { IMPRISONED PAROLED }"},
    {"CONTACTED",
     "stage: CASE_STAGE_REFERRED custody_stated { IMPRISONED PAROLED "
     "contacted { municipality: \"municipality-0461\" purpose: CONTACT_PURPOSE_RELEASE } }"},
    {"PLANNED",
     "stage: CASE_STAGE_REFERRED custody_stated { IMPRISONED PAROLED } "
     "planned_release { seconds: LATER }"},
    // To be begun by a day; to be looked at by one.
    {"TO_BEGIN",
     "stage: CASE_STAGE_ACTIVE AGREED measures_to_begin { measure_id: \"ours\" "
     "owed { due { seconds: 5 } parties { authority: \"municipality-0183\" } } }"},
    {"TO_REVIEW",
     "stage: CASE_STAGE_ACTIVE AGREED course_review { due { seconds: 5 } "
     "parties { authority: \"municipality-0183\" } }"},
    {"BASELESS", "stage: CASE_STAGE_ENROLLED"},
    {"WITH_POLICE",
     R"(stage: CASE_STAGE_ENROLLED bases { legal_basis: LEGAL_BASIS_FVL28 } police: "police-1469"
        security_id: "the-security" police_asked {} security { version: 1 })"},
    {"READ",
     R"(stage: CASE_STAGE_ENROLLED bases { legal_basis: LEGAL_BASIS_FVL28 } police: "police-1469"
                security_id: "the-security" police_asked {} clarification { version: 1 }
                security { version: 1 acknowledged_by: "employee-1" })"},
    // Weekly reports are asked for, reported, read; asked for, until the course ended or the case
    // was handed on.
    {"FOLLOWED", "stage: CASE_STAGE_ENROLLED KNOWN weekly_reports { SINCE }"},
    {"REPORTED", "stage: CASE_STAGE_ENROLLED KNOWN weekly_reports { SINCE reports { WEEK } }"},
    {"READ_REPORT",
     "stage: CASE_STAGE_ENROLLED KNOWN weekly_reports { SINCE reports { WEEK read {} } }"},
    {"FOLLOWED_ENDED", "stage: CASE_STAGE_ENDED KNOWN weekly_reports { reports { WEEK } }"},
    // Of NEC's list: the unit knows the case, is asked, is late, has answered; or the course ended.
    {"KNOWN_TO_POLICE", "CONSENTED_CASE KNOWN"},
    {"NEC_ASKED", "CONSENTED_CASE KNOWN nec_status { NEC_OWED }"},
    {"NEC_OVERDUE",
     "CONSENTED_CASE KNOWN nec_status { seen { asked {} } answer { due { seconds: 1 } "
     "overdue: true parties { authority: \"police-1469\" subject: \"the-security\" } } }"},
    {"NEC_ANSWERED", "CONSENTED_CASE KNOWN nec_status { NEC_SAID }"},
    {"PLACE_ASKED", "CONSENTED_CASE KNOWN place_checks { PLACE_OWED }"},
    {"PLACE_OVERDUE",
     "CONSENTED_CASE KNOWN place_checks { ASKED_0259 answer { due { seconds: 1 } "
     "overdue: true parties { authority: \"police-1469\" subject: \"the-security\" } } }"},
    {"PLACE_CLEAR",
     "CONSENTED_CASE KNOWN place_checks { seen { municipality: \"0259\" asked {} "
     "safety: PLACE_SAFETY_CLEAR answered {} } }"},
    {"PLACE_IMPOSSIBLE",
     "CONSENTED_CASE KNOWN place_checks { seen { municipality: \"0259\" asked {} "
     "safety: PLACE_SAFETY_NOT_POSSIBLE answered {} } }"},
    {"PLACE_ENDED", "stage: CASE_STAGE_ENDED KNOWN place_checks { PLACE_OWED }"},
    {"NEC_ENDED", "stage: CASE_STAGE_ENDED KNOWN nec_status { NEC_OWED }"},
    {"WITHDRAWN", "stage: CASE_STAGE_WITHDRAWN bases { legal_basis: LEGAL_BASIS_FVL28 }"},
    {"DIFFERING",
     "stage: CASE_STAGE_ENROLLED overview_difference: OVERVIEW_DIFFERENCE_KIND_NOT_LISTED"},
    // Access: which unit works on it, and who has asked for an exception.
    {"INVOLVED", "stage: CASE_STAGE_ENROLLED units { function: FUNCTION_JOBCENTRE }"},
    {"ASKED_FOR", "stage: CASE_STAGE_ENROLLED break_glass { EXCEPTION until { seconds: LATER } }"},
    {"TOO_LATE", "stage: CASE_STAGE_ENROLLED break_glass { EXCEPTION until { seconds: 1 } }"},
    {"APPROVED",
     "stage: CASE_STAGE_ENROLLED break_glass { EXCEPTION until { seconds: LATER } "
     "approved { seconds: 1 } }"},
    {"OVER",
     "stage: CASE_STAGE_ENROLLED break_glass { EXCEPTION until { seconds: 1 } "
     "approved { seconds: 1 } ended { seconds: 1 } }"}};

// Whose course each programme's is; a municipality's own opens NEC, or nothing.
const std::map<std::string, std::string> kProgrammes = {
    {"NATIONAL_FRAMEWORK", "programme: PROGRAMME_NATIONAL_FRAMEWORK"},
    {"EXIT_WITH_NEC", "programme: PROGRAMME_MUNICIPAL_EXIT opens: PROGRAMME_OPENING_NEC"},
    {"EXIT_ALONE", "programme: PROGRAMME_MUNICIPAL_EXIT"},
    {"GOD_LOESLADELSE", "programme: PROGRAMME_GOD_LOESLADELSE"},
    {"PLAN_FOR_FRIHED", "programme: PROGRAMME_PLAN_FOR_FRIHED"},
    {"RESOCIALISING_EFFORT", "programme: PROGRAMME_RESOCIALISING_EFFORT"}};
constexpr char kReferredTo[] = "REFERRED_";

// What is said more than once.
const std::vector<std::pair<const char*, const char*>> kWords = {
    {"ALL_MET",
     "criteria { version: \"EVU-2018\" assessed { seconds: 2 } "
     "findings { criterion: CRITERION_AFFILIATION is_met: true } }"},
    {"POLICE_AGREE", "joint_answers { authority: \"police-1469\" agrees: true }"},
    {"CONSENTED_CASE",
     "stage: CASE_STAGE_REFERRED consent { given {} "
     "covers: AUTHORITY_KIND_POLICE }"},
    {"SCREENED_GANG", "screening { crime: CRIME_KIND_GANG }"},
    {"IN_PERSON", "safe_contact { way: CONTACT_WAY_IN_PERSON }"},
    {"WITH_RISK", "risk_screening { level: RISK_LEVEL_HIGH }"},
    {"IMPRISONED",
     "imprisoned { seconds: 1 } plan_owed { due { seconds: 5 } "
     "parties { authority: \"municipality-0183\" } }"},
    {"PAROLED",
     "possible_parole { seconds: 9 } contact_owed { due { seconds: 6 } "
     "parties { authority: \"municipality-0183\" } }"},
    {"THE_QUESTION", "seen { function: FUNCTION_JOBCENTRE asked { seconds: 1 } }"},
    {"ANSWERED_Q",
     "seen { function: FUNCTION_JOBCENTRE asked { seconds: 1 } "
     "answered { seconds: 2 } answer { may_be_shown: true } }"},
    {"INTERVIEW", "interview { held { seconds: 2 } motivation_is_real: true }"},
    {"STAYS", "intake { relocation_need { answer: RELOCATION_ANSWER_NOT_NEEDED } }"},
    {"THE_MEETING",
     R"(meeting_id: "the-meeting" kind: MEETING_KIND_FOLLOW_UP
                               at { seconds: 1 })"},
    {"AGREED", kAgreed},
    {"KNOWN", kKnown},
    {"SINCE", "since { year: 2026 number: 8 }"},
    {"WEEK", "week { year: 2026 number: 8 }"},
    {"NEC_OWED",
     R"(seen { asked {} } answer { due { seconds: LATER }
               parties { authority: "police-1469" subject: "the-security" } })"},
    {"PLACE_OWED",
     R"(seen { municipality: "0259" asked {} safety: PLACE_SAFETY_ASKED }
        answer { due { seconds: LATER }
                 parties { authority: "police-1469" subject: "the-security" } })"},
    {"ASKED_0259", R"(seen { municipality: "0259" asked {} safety: PLACE_SAFETY_ASKED })"},
    {"NEC_SAID",
     "seen { asked {} status: NEC_LIST_STATUS_NO answered {} } hindrance: HINDRANCE_STANDS"},
    {"OWN",
     "programme: PROGRAMME_MUNICIPAL_EXIT opens: PROGRAMME_OPENING_NEC "
     "opens: PROGRAMME_OPENING_POLICE"},
    {"EXCEPTION",
     R"(break_glass_id: "exception" employee: "employee-2" minutes: 30
                               function: FUNCTION_JOBCENTRE)"}};

}  // namespace

jv1::CaseFile GivenCase(const std::string& given) {
  if (kProgrammes.contains(given)) {
    jv1::CaseFile file = GivenCase("ENROLLED");
    file.MergeFrom(Of<jv1::CaseFile>(kProgrammes.at(given) + " " + kKnown));
    file.mutable_bases(0)->add_covers(policy::v1::AUTHORITY_KIND_MUNICIPALITY);
    return file;
  }
  if (given.starts_with(kReferredTo)) {
    jv1::CaseFile file = GivenCase("CONSENTED");
    file.mutable_consent()->set_covers(0, policy::v1::AUTHORITY_KIND_MUNICIPALITY);
    file.MergeFrom(Of<jv1::CaseFile>(kProgrammes.at(given.substr(sizeof(kReferredTo) - 1))));
    return file;
  }
  if (given == "NEW") return {};
  if (given == "RECEIVING") return Given("receiver", "REQUESTED");
  if (given == "FORMER") return Given("holder", "CLOSED");
  if (given == "REQUESTED" || given == "OFFERED") return Given("holder", given);
  if (auto with_documents = GivenDocuments(given)) return *std::move(with_documents);
  if (given == "LEFT_OFFERED") {  // forgotten, in a store that was put back, and followed again
    jv1::CaseFile file = Given("holder", "OFFERED");
    file.set_stage(v1::CASE_STAGE_WITHDRAWN);
    return file;
  }
  if (given == "YOUNG" || given == "YOUNG_IN_OWN") {
    jv1::CaseFile file = GivenCase("CONSENTED");
    file.mutable_person()->set_cpr_number("0101154001");  // born in 2015
    if (given == "YOUNG_IN_OWN") file.set_programme(v1::PROGRAMME_MUNICIPAL_EXIT);
    return file;
  }
  static const std::map<std::string, std::string> kHandedOn = {{"LET_GO", "WITH_POLICE"},
                                                               {"FOLLOWED_FORMER", "REPORTED"},
                                                               {"NEC_FORMER", "NEC_ASKED"},
                                                               {"PLACE_FORMER", "PLACE_ASKED"}};
  if (const auto before = kHandedOn.find(given); before != kHandedOn.end()) {
    jv1::CaseFile file = GivenCase(before->second);
    file.set_standing(v1::STANDING_FORMER);
    return file;
  }
  const std::string later = absl::StrCat(absl::ToUnixSeconds(exchange::Deciding::Now()) + 60);
  return Of<jv1::CaseFile>(absl::StrCat(
      R"(case_id: "the-case" standing: STANDING_RESPONSIBLE number: 1 overview_id: "the-overview"
         person { cpr_number: "6101900001" name: "Canary Name" } )",
      absl::StrReplaceAll(absl::StrReplaceAll(kGiven.at(given), kWords), {{"LATER", later}})));
}

}  // namespace exitbus::casework
