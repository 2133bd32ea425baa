// Of what is done before a visitation, of meetings, of the course and of custody; whom to turn to.
#include "tools/exitctl/command_examples_testing.h"

namespace exitbus::exitctl {

const std::vector<Example>& IntakeExamples() {
  static const auto* examples = new std::vector<Example>{
      {{"case", "store-document", "c", "plan.pdf", "--kind", "plan", "--category", "measures",
        "--title", "T", "--format", "pdf"},
       R"({"case_id":"c","kind":"DOCUMENT_KIND_PLAN","category":"CATEGORY_MEASURES",)"
       R"("heading":"T","media_type":"MEDIA_TYPE_PDF"})"},
      {{"case", "resume-document", "c", "d", "plan.pdf"}, R"({"case_id":"c","document_id":"d"})"},
      {{"case", "save-document", "c", "d", "plan.pdf"}, R"({"case_id":"c","document_id":"d"})"},
      {{"case", "remove-document", "c", "d"}, R"({"case_id":"c","document_id":"d"})"},
      {{"case", "documents", "c", "--for-citizen"}, R"({"case_id":"c","for_citizen":true})"},
      {{"case", "give-document", "c", "d", "--unit", "jobcentre,health-centre", "--shown"},
       R"({"case_id":"c","document_id":"d","units":["FUNCTION_JOBCENTRE",)"
       R"("FUNCTION_HEALTH_CENTRE"],"may_be_shown":true})"},
      {{"case", "open", "--cpr", "0101701234", "--name", "N N", "--lives-at", "A", "--basis",
        "fvl28", "--programme", "municipal-exit"},
       R"({"person":{"cpr_number":"0101701234","name":"N N"},"current_address":"A",)"
       R"("legal_basis":"LEGAL_BASIS_FVL28","programme":"PROGRAMME_MUNICIPAL_EXIT"})"},
      {{"case", "open", "--cpr", "0101701234", "--name", "N N", "--referred", "partner",
        "--referred-by", "P", "--referred-at", "2026-02-01", "--agrees", "--referred-on", "§ 1",
        "--why", "w"},
       R"({"person":{"cpr_number":"0101701234","name":"N N"},)"
       R"("referral":{"source":"REFERRAL_SOURCE_PARTNER","referred_by":"P",)"
       R"("received":"2026-02-01T00:00:00Z","citizen_agrees":true,"paragraph":"§ 1",)"
       R"("reason":"w"}})"},
      {{"case", "confirm-visit", "c"}, R"({"case_id":"c"})"},
      {{"case", "screen", "c", "gang"}, R"({"case_id":"c","crime":"CRIME_KIND_GANG"})"},
      {{"case", "risk", "c", "high", "--needs", "n", "--at", "2026-03-02"},
       R"({"case_id":"c","screening":{"level":"RISK_LEVEL_HIGH","needs":"n",)"
       R"("screened":"2026-03-02T00:00:00Z"}})"},
      {{"case", "criteria", "c", "--finding", "criterion=affiliation,is_met=true"},
       R"({"case_id":"c","findings":[{"criterion":"CRITERION_AFFILIATION","is_met":true}]})"},
      {{"case", "joint-answer", "c", "police-1469", "--as", "case-officer", "--agrees", "--said",
        "2026-03-02"},
       R"({"case_id":"c","answer":{"authority":"police-1469","agrees":true,)"
       R"("function":"FUNCTION_CASE_OFFICER","said":"2026-03-02T00:00:00Z"}})"},
      {{"case", "released", "c", "court", "--acts", "police-1469", "--at", "2026-03-02"},
       R"({"case_id":"c","released":{"released":"2026-03-02T00:00:00Z",)"
       R"("ground":"RELEASE_GROUND_COURT","acts":"police-1469"}})"},
      {{"security", "ask-place", "s", "0461", "--place", "p", "--group", "7", "--group", "8"},
       R"({"security_id":"s","groups":[7,8],"municipality":"0461","place":"p"})"},
      {{"security", "answer-place", "s", "0461", "clear", "--place", "p"},
       R"({"security_id":"s","safety":"PLACE_SAFETY_CLEAR","municipality":"0461","place":"p"})"},
      {{"case", "check-place", "c", "0461", "group", "--place", "p"},
       R"({"case_id":"c","municipality":"0461","place":"p","use":"PLACE_USE_GROUP"})"},
      {{"security", "phoned", "s", "municipality-0183", "--to", "p"},
       R"({"security_id":"s","authority":"municipality-0183","phoned_to":"p"})"},
      {{"case", "contact-person", "c", "police-1469", "--as", "case-officer", "--reached-by", "r"},
       R"({"case_id":"c","contact_person":{"authority":"police-1469",)"
       R"("function":"FUNCTION_CASE_OFFICER","reached_by":"r"}})"},
      {{"case", "safe-contact", "c", "letter", "--where", "w"},
       R"({"case_id":"c","contact":{"way":"CONTACT_WAY_LETTER","details":"w"}})"},
      {{"case", "draft-letter", "c", "invitation", "--about", "m"},
       R"({"case_id":"c","kind":"CITIZEN_LETTER_KIND_INVITATION","about":"m"})"},
      {{"case", "letter-sent", "c", "refusal", "--text", "t"},
       R"({"case_id":"c","kind":"CITIZEN_LETTER_KIND_REFUSAL","text":"t"})"},
      {{"supervised", "breach", "s", "--at", "2026-03-02"},
       R"({"supervision_id":"s","breached":"2026-03-02T00:00:00Z"})"},
      {{"case", "custody", "c", "--since", "2026-03-02", "--parole", "2028-03-02"},
       R"({"case_id":"c","imprisoned":"2026-03-02T00:00:00Z",)"
       R"("possible_parole":"2028-03-02T00:00:00Z"})"},
      {{"case", "contacted", "c", "municipality-0183", "--for", "benefits"},
       R"({"case_id":"c","municipality":"municipality-0183","purpose":"CONTACT_PURPOSE_BENEFITS"})"},
      {{"contacts", "publish", "--contact", "purpose=main,unit=U,phone=1"},
       R"({"contacts":[{"purpose":"CONTACT_PURPOSE_MAIN","unit":"U","phone":"1"}]})"},
      {{"contacts", "of", "municipality-0183", "--for", "housing"},
       R"({"authority":"municipality-0183","purpose":"CONTACT_PURPOSE_HOUSING"})"},
      {{"contacts", "list", "--for", "exit", "--kind", "municipality", "--district", "1469",
        "--listed"},
       R"({"purpose":"CONTACT_PURPOSE_EXIT","kind":"AUTHORITY_KIND_MUNICIPALITY",)"
       R"("district":"1469","listed_only":true})"},
      {{"case", "outcomes", "--programme", "municipal-exit"},
       R"({"programme":"PROGRAMME_MUNICIPAL_EXIT"})"},
      {{"case", "ask-unit", "c", "jobcentre", "--question", "q"},
       R"({"case_id":"c","function":"FUNCTION_JOBCENTRE","question":"q"})"},
      {{"case", "answer", "c", "--casework", "--employment", "e", "--income", "i", "--housing", "h",
        "--remarks", "r", "--may-be-shown"},
       R"({"case_id":"c","answer":{"has_casework":true,"employment":"e","income":"i",)"
       R"("housing":"h","remarks":"r","may_be_shown":true}})"},
      {{"case",       "interview",   "c",          "--pressing", "p", "--held",
        "2026-03-02", "--education", "1",          "--housing",  "2", "--economy",
        "3",          "--circle",    "4",          "--family",   "5", "--substances",
        "6",          "--leisure",   "7",          "--security", "8", "--health",
        "9",          "--terms",     "--motivated"},
       R"({"case_id":"c","interview":{"held":"2026-03-02T00:00:00Z","education_employment":"1",)"
       R"("housing":"2","economy":"3","social_circle":"4","family":"5","substances":"6",)"
       R"("leisure":"7","security":"8","health":"9","most_pressing":"p","terms_presented":true,)"
       R"("motivation_is_real":true}})"},
      {{"case", "must-move", "c", "unknown", "--known-by", "2026-03-02"},
       R"({"case_id":"c","answer":"RELOCATION_ANSWER_UNKNOWN","known_by":"2026-03-02T00:00:00Z"})"},
      {{"case", "access-request", "c", "--at", "2026-02-01"},
       R"({"case_id":"c","received":"2026-02-01T00:00:00Z"})"},
      {{"case", "open", "--cpr", "0101701234", "--name", "N N", "--history", "h",
        "--nec-registered"},
       R"({"person":{"cpr_number":"0101701234","name":"N N"},)"
       R"("brought_in":{"history":"h","nec_registered":true}})"},
      {{"case", "visit", "c", "--affiliation", "a", "--position", "p", "--motivation", "m",
        "--risk", "r", "--decided", "2026-02-01"},
       R"({"case_id":"c","visitation":{"decided":"2026-02-01T00:00:00Z","affiliation":"a",)"
       R"("position":"p","motivation":"m","risk_on_leaving":"r"}})"},
      {{"case", "for-citizen", "c"}, R"({"case_id":"c"})"},
      {{"case", "shown", "c", "--said", "r"}, R"({"case_id":"c","remark":"r"})"},
      {{"case", "call-meeting", "c", "agreement", "--at", "2026-03-02", "--invite", "mentor",
        "--place", "p", "--municipality", "0461", "--police", "--supervising-unit", "--meeting",
        "m"},
       R"({"case_id":"c","kind":"MEETING_KIND_AGREEMENT","at":"2026-03-02T00:00:00Z",)"
       R"("invited":["FUNCTION_MENTOR"],"place":"p","police":true,"supervising_unit":true,)"
       R"("meeting_id":"m","municipality":"0461"})"},
      {{"case", "programmes"}, "{}"},
      {{"case", "asked", "--by", "citizen", "--outcome", "number-given", "--age", "over-25", "--at",
        "2026-03-02"},
       R"({"source":"REFERRAL_SOURCE_CITIZEN","outcome":"FIRST_CONTACT_OUTCOME_NUMBER_GIVEN",)"
       R"("age":"FIRST_CONTACT_AGE_OVER_25","at":"2026-03-02T00:00:00Z"})"},
      {{"case", "first-contacts", "--year", "2026"}, R"({"year":2026})"},
      {{"case", "decline-pause", "c"}, R"({"case_id":"c"})"},
      {{"security", "answer-meeting", "s", "i", "yes"},
       R"({"security_id":"s","invitation_id":"i","coming":"COMING_YES"})"},
      {{"security", "request-pause", "s"}, R"({"security_id":"s"})"},
      {{"supervised", "answer-meeting", "s", "i", "no"},
       R"({"supervision_id":"s","invitation_id":"i","coming":"COMING_NO"})"},
      {{"supervised", "request-pause", "s"}, R"({"supervision_id":"s"})"},
      {{"supervised", "read", "s"}, R"({"supervision_id":"s"})"},
      {{"supervised", "measure", "s", "m", "stopped", "--on", "other-law", "--reasons", "r"},
       R"({"supervision_id":"s","measure_id":"m","stage":"MEASURE_STAGE_STOPPED",)"
       R"("stopped_on":"LEGAL_BASIS_OTHER_LAW","reasons":"r"})"},
      {{"case", "record-meeting", "c", "--meeting", "m", "--kind", "follow-up", "--at",
        "2026-03-02", "--terms-kept", "partly", "--words", "w", "--change"},
       R"({"case_id":"c","meeting_id":"m","kind":"MEETING_KIND_FOLLOW_UP",)"
       R"("at":"2026-03-02T00:00:00Z","finding":{"terms_kept":"TERMS_KEPT_PARTLY","words":"w",)"
       R"("plan_has_to_change":true}})"},
      {{"case", "cancel-meeting", "c", "m"}, R"({"case_id":"c","meeting_id":"m"})"},
      {{"case", "start", "c", "--at", "2026-03-02"},
       R"({"case_id":"c","started":"2026-03-02T00:00:00Z"})"},
      {{"case", "pause", "c", "--reason", "citizens-wish"},
       R"({"case_id":"c","reason":"PAUSE_REASON_CITIZENS_WISH"})"},
      {{"case", "resume", "c"}, R"({"case_id":"c"})"},
      {{"case", "end", "c", "--code", "redirected", "--ground", "under-age", "--redirected-to",
        "ssp", "--reasons", "r"},
       R"({"case_id":"c","code":"END_CODE_REDIRECTED","ground":"REJECTION_GROUND_UNDER_AGE",)"
       R"("redirected_to":"REDIRECT_TARGET_SSP","reasons":"r"})"},
      {{"case", "end", "c", "--code", "lapsed", "--reasons", "r", "--citizen-heard", "2026-03-02"},
       R"({"case_id":"c","code":"END_CODE_LAPSED","reasons":"r",)"
       R"("citizen_heard":"2026-03-02T00:00:00Z"})"},
      {{"case", "end", "c", "--code", "completed", "--evaluated", "2026-03-02"},
       R"({"case_id":"c","code":"END_CODE_COMPLETED","evaluated":"2026-03-02T00:00:00Z"})"},
      {{"case", "change-programme", "c", "plan-for-frihed"},
       R"({"case_id":"c","programme":"PROGRAMME_PLAN_FOR_FRIHED"})"},
      {{"case", "read-report", "c", "2026", "10"},
       R"({"case_id":"c","week":{"year":2026,"number":10}})"},
  };
  return *examples;
}

}  // namespace exitbus::exitctl
