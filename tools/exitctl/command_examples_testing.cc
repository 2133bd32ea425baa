#include "tools/exitctl/command_examples_testing.h"

namespace exitbus::exitctl {

const std::vector<Example>& Examples() {
  static const auto* const all = [] {
    auto* examples = new std::vector<Example>(OtherExamples());
    examples->insert(examples->end(), IntakeExamples().begin(), IntakeExamples().end());
    examples->insert(examples->end(), ReferralExamples().begin(), ReferralExamples().end());
    return examples;
  }();
  return *all;
}

const std::vector<Example>& OtherExamples() {
  static const auto* examples = new std::vector<Example>{
      {{"case", "list", "--standing", "former"},
       R"({"page_size":200,"standing":"STANDING_FORMER"})"},
      {{"case", "show", "c"}, R"({"case_id":"c"})"},
      {{"case", "find", "--cpr-number", "0101701234"},
       R"({"page_size":200,"cpr_number":"0101701234"})"},
      {{"case", "find", "--name", "Hansen"}, R"({"page_size":200,"name":"Hansen"})"},
      {{"case", "consent", "c", "--covers", "municipality,police", "--covers", "nec"},
       R"({"case_id":"c","covers":["AUTHORITY_KIND_MUNICIPALITY","AUTHORITY_KIND_POLICE",)"
       R"("AUTHORITY_KIND_NEC"]})"},
      {{"case", "law", "c", "fvl28", "--covers", "police", "--paragraph", "§ 28", "--from",
        "2026-02-01"},
       R"({"case_id":"c","legal_basis":"LEGAL_BASIS_FVL28","paragraph":"§ 28",)"
       R"("covers":["AUTHORITY_KIND_POLICE"],"holds_from":"2026-02-01T00:00:00Z"})"},
      {{"case", "end-law", "c", "fvl28"}, R"({"case_id":"c","legal_basis":"LEGAL_BASIS_FVL28"})"},
      {{"case", "revoke", "c", "--etag", "e", "--request-id", "r"},
       R"({"request_id":"r","case_id":"c","etag":"e"})"},
      {{"case", "visit", "c", "--affiliation", "a", "--position", "p", "--motivation", "m",
        "--risk", "r", "--health", "h"},
       R"({"case_id":"c","visitation":{"affiliation":"a","position":"p","motivation":"m",)"
       R"("risk_on_leaving":"r","health_needs":"h"}})"},
      {{"case", "sign", "c", "--template", "t", "--measure",
        "type=housing,module=housing,owner=nec,months=6,funding=police,legal_basis=consent",
        "--consequences", "q", "--citizen-signed", "now", "--coordinator-signed", "2026-03-02",
        "--police-signed", "2026-03-02"},
       R"({"case_id":"c","agreement":{"template":"t","measures":[{"type":"MEASURE_TYPE_HOUSING",)"
       R"("module":"MODULE_HOUSING","owner":"nec","months":6,"funding":"FUNDING_CLASS_POLICE",)"
       R"("legal_basis":"LEGAL_BASIS_CONSENT"}],"consequences_of_relapse":"q",)"
       R"("citizen_signed":"2026-03-01T00:00:00Z","coordinator_signed":"2026-03-02T00:00:00Z",)"
       R"("police_signed":"2026-03-02T00:00:00Z"}})"},
      {{"case", "start-measure", "c", "m", "--at", "2026-03-02"},
       R"({"case_id":"c","measure_id":"m","started":"2026-03-02T00:00:00Z"})"},
      {{"case", "complete-measure", "c", "m"}, R"({"case_id":"c","measure_id":"m"})"},
      {{"case", "stop-measure", "c", "m", "--law", "other-law", "--reasons", "r"},
       R"({"case_id":"c","measure_id":"m","stopped_on":"LEGAL_BASIS_OTHER_LAW","reasons":"r"})"},
      {{"case", "follow-up", "c", "occupied-after-3-months", "yes"},
       R"({"case_id":"c","window":"FOLLOW_UP_WINDOW_OCCUPIED_AFTER_3_MONTHS",)"
       R"("answer":"FOLLOW_UP_ANSWER_YES"})"},
      {{"case", "ask-police", "c"}, R"({"case_id":"c"})"},
      {{"case", "read-precautions", "c", "2"}, R"({"case_id":"c","version":2})"},
      {{"case", "withdraw", "c"}, R"({"case_id":"c"})"},
      {{"case", "correct", "c", "--reason", "two digits swapped", "--cpr", "6101900009",
        "--lives-at", "Street 2", "--risk", "high", "--measure", "measure_id=m,description=a flat"},
       R"({"case_id":"c","person":{"cpr_number":"6101900009"},"current_address":"Street 2",)"
       R"("visitation":{"risk_on_leaving":"high"},)"
       R"("measures":[{"measure_id":"m","description":"a flat"}],"reason":"two digits swapped"})"},
      {{"case", "change-details", "c", "--from", "2026-02-01", "--cpr", "6101900009", "--name",
        "N N", "--lives-at", "Street 2"},
       R"({"case_id":"c","person":{"cpr_number":"6101900009","name":"N N"},)"
       R"("current_address":"Street 2","valid_from":"2026-02-01T00:00:00Z"})"},
      {{"case", "handlekommune", "c", "municipality-0461"},
       R"({"case_id":"c","handlekommune":"municipality-0461"})"},
      {{"case", "plan-release", "c", "--at", "2026-04-01"},
       R"({"case_id":"c","planned_release":"2026-04-01T00:00:00Z"})"},
      {{"case", "cancel-release", "c", "--why", "parole-refused"},
       R"({"case_id":"c","change":"RELEASE_CHANGE_PAROLE_REFUSED"})"},
      {{"case", "parole", "c", "--not"}, R"({"case_id":"c"})"},
      {{"supervised", "list", "--all"}, R"({"page_size":200})"},
      {{"supervised", "account", "s"}, R"({"supervision_id":"s","page_size":200})"},
      {{"supervised", "parole", "s", "--paragraph", "strfl § 38", "--release", "2026-04-01"},
       R"({"supervision_id":"s","is_condition":true,"paragraph":"strfl § 38",)"
       R"("planned_release":"2026-04-01T00:00:00Z"})"},
      {{"case", "responsible", "c", "--at", "2026-02-01"},
       R"({"case_id":"c","instant":"2026-02-01T00:00:00Z"})"},
      {{"case", "involve", "c", "jobcentre"}, R"({"case_id":"c","function":"FUNCTION_JOBCENTRE"})"},
      {{"case", "release", "c", "mentor", "--etag", "e"},
       R"({"case_id":"c","etag":"e","function":"FUNCTION_MENTOR"})"},
      {{"case", "staff-safety", "c", "jobcentre", "--text", "two at each talk"},
       R"({"case_id":"c","function":"FUNCTION_JOBCENTRE","staff_safety":"two at each talk"})"},
      {{"case", "staff-safety", "c", "mentor"}, R"({"case_id":"c","function":"FUNCTION_MENTOR"})"},
      {{"case", "break-glass", "c", "--reason", "r", "--minutes", "30"},
       R"({"case_id":"c","reason":"r","minutes":30})"},
      {{"case", "approve-break-glass", "c", "b"}, R"({"case_id":"c","break_glass_id":"b"})"},
      {{"case", "end-break-glass", "c", "b"}, R"({"case_id":"c","break_glass_id":"b"})"},
      {{"case", "account", "c"}, R"({"case_id":"c","page_size":200})"},
      {{"security", "find", "--cpr-number", "0101701234"},
       R"({"page_size":200,"cpr_number":"0101701234"})"},
      {{"security", "account", "s"}, R"({"security_id":"s","page_size":200})"},
      {{"nec", "account", "o"}, R"({"overview_id":"o","page_size":200})"},
      {{"erasure", "list", "--case", "c"},
       R"({"page_size":200,"of_case":"c","outstanding_only":true})"},
      {{"erasure", "list", "--all"}, R"({"page_size":200})"},
      {{"erasure", "show", "e"}, R"({"erasure_id":"e"})"},
      {{"erasure", "order", "c", "--why", "citizens-right"},
       R"({"case_id":"c","reason":"ERASURE_REASON_CITIZENS_RIGHT"})"},
      {{"handover", "list"}, R"({"page_size":200,"open_only":true})"},
      {{"handover", "list", "--all"}, R"({"page_size":200})"},
      {{"handover", "show", "h"}, R"({"handover_id":"h"})"},
      {{"handover", "read-precautions", "h", "2"}, R"({"handover_id":"h","version":2})"},
      {{"handover", "close", "h"}, R"({"handover_id":"h"})"},
      {{"handover", "request", "c", "--to", "municipality-0461", "--reason", "relocation",
        "--expected", "2026-05-01"},
       R"({"case_id":"c","receiver":"municipality-0461","reason":"HANDOVER_REASON_RELOCATION",)"
       R"("expected":"2026-05-01T00:00:00Z"})"},
      {{"handover", "propose", "h"}, R"({"handover_id":"h"})"},
      {{"handover", "recall", "h"}, R"({"handover_id":"h"})"},
      {{"handover", "offer", "h", "--earliest", "+1h"},
       R"({"handover_id":"h","earliest":"2026-03-01T01:00:00Z"})"},
      {{"handover", "ask-recall", "h"}, R"({"handover_id":"h"})"},
      {{"handover", "depart", "h", "--expected", "+3h"},
       R"({"handover_id":"h","expected":"2026-03-01T03:00:00Z"})"},
      {{"handover", "arrive", "h"}, R"({"handover_id":"h"})"},
      {{"handover", "propose-dwelling", "h", "d", "--kind", "boform", "--from", "+24h"},
       R"({"handover_id":"h","dwelling_id":"d","kind":"STAY_PLACE_KIND_BOFORM",)"
       R"("available_from":"2026-03-02T00:00:00Z"})"},
      {{"handover", "verify-dwelling", "h", "d", "--unfit", "taken"},
       R"({"handover_id":"h","dwelling_id":"d","unfit":"UNFIT_REASON_TAKEN"})"},
      {{"handover", "choose-dwelling", "h", "d"}, R"({"handover_id":"h","dwelling_id":"d"})"},
      {{"handover", "dispute", "h", "--about", "refund", "--acting", "former-handlekommune",
        "--day", "2026-02-27", "--reference", "24-1"},
       R"({"handover_id":"h","subject":"DISPUTE_SUBJECT_REFUND",)"
       R"("acting":"DISPUTE_PARTY_FORMER_HANDLEKOMMUNE","reference":"24-1",)"
       R"("raised":"2026-02-27T00:00:00Z"})"},
      {{"handover", "settle-dispute", "h", "--about", "refund", "--for", "receiving-municipality",
        "--day", "2026-02-28"},
       R"({"handover_id":"h","outcome":"DISPUTE_PARTY_RECEIVING_MUNICIPALITY",)"
       R"("settled":"2026-02-28T00:00:00Z","subject":"DISPUTE_SUBJECT_REFUND"})"},
      {{"handover", "acknowledge", "h"}, R"({"handover_id":"h"})"},
      {{"handover", "fact", "h", "--kind", "precautions", "--note", "n"},
       R"({"handover_id":"h","kind":"LATE_FACT_KIND_PRECAUTIONS","note":"n"})"},
      {{"handover", "object", "h", "t", "--why", "too-long"},
       R"({"handover_id":"h","term_id":"t","objection":"OBJECTION_CODE_TOO_LONG"})"},
      {{"handover", "agree", "h", "t", "u"}, R"({"handover_id":"h","term_ids":["t","u"]})"},
      {{"handover", "accept", "h"}, R"({"handover_id":"h"})"},
      {{"handover", "reject", "h", "--why", "no_housing"},
       R"({"handover_id":"h","rejection":"REJECTION_CODE_NO_HOUSING"})"},
      {{"handover", "grant-recall", "h"}, R"({"handover_id":"h","granted":true})"},
      {{"handover", "refuse-recall", "h"}, R"({"handover_id":"h"})"},
      {{"handover", "decline", "h", "--why", "unsafe"},
       R"({"handover_id":"h","rejection":"REJECTION_CODE_UNSAFE"})"},
      {{"handover", "take-over", "h"}, R"({"handover_id":"h"})"},
      {{"security", "list"}, R"({"page_size":200})"},
      {{"security", "show", "s"}, R"({"security_id":"s"})"},
      {{"security", "answer-nec", "s", "unknown", "--hindrance", "none"},
       R"({"security_id":"s","status":"NEC_LIST_STATUS_UNKNOWN","hindrance":"HINDRANCE_NONE"})"},
      {{"security", "incident", "s", "--day", "2026-03-02", "--kind", "drugs"},
       R"({"security_id":"s","day":"2026-03-02T00:00:00Z","kind":"INCIDENT_KIND_DRUGS"})"},
      {{"security", "withdraw-incident", "s", "i"}, R"({"security_id":"s","incident_id":"i"})"},
      {{"security", "report", "s", "2026", "10", "no"},
       R"({"security_id":"s","week":{"year":2026,"number":10},"answer":"INCIDENT_ANSWER_NO"})"},
      {{"security", "assess", "s", "--threat", "high", "--conclusions", "c", "--precaution", "p",
        "--precaution", "q", "--intention", "protection", "--may-be-shown", "--unsafe", "u"},
       R"({"security_id":"s","assessment":{"threat_level":"THREAT_LEVEL_HIGH","conclusions":"c",)"
       R"("precautions":["p","q"],"intentions":["ENROLMENT_INTENTION_PROTECTION"],)"
       R"("may_be_shown":true,"unsafe_places":["u"]}})"},
      {{"security", "transfer", "s"}, R"({"security_id":"s"})"},
      {{"security", "whereabouts", "s", "turned-back"},
       R"({"security_id":"s","whereabouts":"WHEREABOUTS_TURNED_BACK"})"},
      {{"desk", "list"}, R"({"page_size":200,"escalated_only":true})"},
      {{"desk", "list", "--all"}, R"({"page_size":200})"},
      {{"desk", "show", "k"}, R"({"contact_id":"k"})"},
      {{"desk", "nudge", "k"}, R"({"contact_id":"k"})"},
      {{"desk", "note", "k", "t"}, R"({"contact_id":"k","text":"t"})"},
      {{"pool", "list", "--case", "c"}, R"({"page_size":200,"of_case":"c"})"},
      {{"pool", "apply", "c", "--for", "acute-relocation", "--ground", "threat,other", "--year",
        "2026", "--dkk", "9"},
       R"({"case_id":"c","measure":"POOL_MEASURE_ACUTE_RELOCATION","grounds":["POOL_GROUND_THREAT",)"
       R"("POOL_GROUND_OTHER"],"budget_year":2026,"applied_dkk":"9"})"},
      {{"pool", "withdraw", "a", "--why", "error"},
       R"({"application_id":"a","reason":"POOL_WITHDRAWAL_REASON_ERROR"})"},
      {{"pool", "account", "a", "--spent", "9"}, R"({"application_id":"a","spent_dkk":"9"})"},
      {{"pool-desk", "list", "--year", "2026"}, R"({"page_size":200,"budget_year":2026})"},
      {{"pool-desk", "grant", "a", "--dkk", "9", "--why", "cost-too-high"},
       R"({"application_id":"a","granted_dkk":"9","code":"POOL_REFUSAL_CODE_COST_TOO_HIGH"})"},
      {{"pool-desk", "refuse", "a", "--why", "duplicate"},
       R"({"application_id":"a","code":"POOL_REFUSAL_CODE_DUPLICATE"})"},
      {{"pool-desk", "pay", "a", "--dkk", "9"}, R"({"application_id":"a","paid_dkk":"9"})"},
      {{"budget", "open", "2026", "--dkk", "9"}, R"({"year":2026,"budget_dkk":"9"})"},
      {{"budget", "set", "2026", "--dkk", "5000000000"},
       R"({"year":2026,"budget_dkk":"5000000000"})"},
      {{"nec", "list"}, R"({"page_size":200})"},
      {{"nec", "show", "o"}, R"({"overview_id":"o"})"},
      {{"nec", "inventories"}, R"({"page_size":200})"},
      {{"relocation", "list"}, R"({"page_size":200,"open_only":true})"},
      {{"relocation", "propose", "c", "--security", "threat", "--leaving", "none", "--elsewhere",
        "family,work", "--age", "18-to-24", "--household", "alone", "--effort", "mentor,education",
        "--from", "202703"},
       R"({"case_id":"c","nomination":{"security":["SECURITY_GROUND_THREAT"],)"
       R"("leaving":["LEAVING_GROUND_NONE"],"elsewhere":["ELSEWHERE_GROUND_FAMILY",)"
       R"("ELSEWHERE_GROUND_WORK"],"age_band":"AGE_BAND_18_TO_24",)"
       R"("profile":{"household":"HOUSEHOLD_ALONE","efforts":["EFFORT_MENTOR","EFFORT_EDUCATION"],)"
       R"("from_month":202703}}})"},
      {{"relocation", "nominate", "s", "--security", "none", "--leaving", "daily-contact",
        "--elsewhere", "none", "--age", "50-and-over", "--household", "large", "--effort", "none",
        "--from", "202703"},
       R"({"security_id":"s","nomination":{"security":["SECURITY_GROUND_NONE"],)"
       R"("leaving":["LEAVING_GROUND_DAILY_CONTACT"],"elsewhere":["ELSEWHERE_GROUND_NONE"],)"
       R"("age_band":"AGE_BAND_50_AND_OVER","profile":{"household":"HOUSEHOLD_LARGE",)"
       R"("efforts":["EFFORT_NONE"],"from_month":202703}}})"},
      {{"relocation", "state-places", "r", "--group", "7", "--out", "area=0461,reason=unsafe",
        "--admit", "0253"},
       R"({"relocation_id":"r","statement":{"excluded":[{"area":"0461",)"
       R"("reason":"EXCLUSION_REASON_UNSAFE"}],"admitted":["0253"],"groups":[7]}})"},
      {{"relocation", "ask-places", "r", "--in", "0461", "--in", "0165"},
       R"({"relocation_id":"r","municipalities":["0461","0165"]})"},
      {{"relocation", "ending", "r"}, R"({"relocation_id":"r"})"},
      {{"relocation", "withdraw", "r", "--why", "no-longer-needed"},
       R"({"relocation_id":"r","reason":"RELOCATION_WITHDRAWAL_REASON_NO_LONGER_NEEDED"})"},
      {{"relocation", "assess", "r", "--outcome", "more-information", "--ask", "leaving,age-band"},
       R"({"relocation_id":"r","outcome":"ASSESSMENT_OUTCOME_MORE_INFORMATION",)"
       R"("asked":["NOMINATION_PART_LEAVING","NOMINATION_PART_AGE_BAND"]})"},
      {{"relocation", "hear-places", "r", "--in", "0461"},
       R"({"relocation_id":"r","municipalities":["0461"]})"},
      {{"relocation", "record-hearing", "r", "0461", "--citizen", "yes", "--view", "for", "--score",
        "criterion=family-and-network,score=4,reason=family-there", "--score",
        "criterion=social-effort,reason=not-known"},
       R"({"relocation_id":"r","municipality":"0461","hearing":{"citizen":"CITIZEN_ANSWER_YES",)"
       R"("holder_view":"HOLDER_VIEW_FOR","scores":[)"
       R"({"criterion":"PLACE_CRITERION_FAMILY_AND_NETWORK","score":4,)"
       R"("reason":"SCORE_REASON_FAMILY_THERE"},)"
       R"({"criterion":"PLACE_CRITERION_SOCIAL_EFFORT","reason":"SCORE_REASON_NOT_KNOWN"}]}})"},
      {{"relocation", "decide", "r", "0461", "--why", "ranked-first,soonest"},
       R"({"relocation_id":"r","municipality":"0461",)"
       R"("reasons":["PLACEMENT_REASON_RANKED_FIRST","PLACEMENT_REASON_SOONEST"]})"},
      {{"relocation", "balance", "--at", "2026-03-01", "--year", "2025"},
       R"({"as_of":"2026-03-01T00:00:00Z","year":2025})"},
      {{"inquiry", "list"}, R"({"page_size":200,"open_only":true})"},
      {{"inquiry", "answer", "i", "--households", "2", "--from", "2026-05-01", "--until",
        "2026-08-01"},
       R"({"inquiry_id":"i","capacity":{"from":"2026-05-01T00:00:00Z","households":2,)"
       R"("until":"2026-08-01T00:00:00Z"}})"},
      {{"inquiry", "answer", "i", "--decline", "no-capacity"},
       R"({"inquiry_id":"i","declined":"DECLINE_CODE_NO_CAPACITY"})"},
      {{"conflict", "list", "--all"}, R"({"page_size":200})"},
      {{"conflict", "answer", "c", "--safety", "not-possible"},
       R"({"conflict_id":"c","safety":"PLACE_SAFETY_NOT_POSSIBLE"})"},
      {{"security", "no-notice", "s"}, R"({"security_id":"s"})"},
      {{"stay", "request", "c"}, R"({"case_id":"c"})"},
      {{"stay", "list", "--all", "--file", "s"}, R"({"page_size":200,"of_file":"s"})"},
      {{"stay", "place", "s", "0461", "--at", "Vej 1", "--kind", "safe-house", "--until",
        "2026-03-20", "--pays", "police", "--dkk", "9000"},
       R"({"security_id":"s","municipality":"0461","address":"Vej 1",)"
       R"("kind":"STAY_PLACE_KIND_SAFE_HOUSE","until":"2026-03-20T00:00:00Z",)"
       R"("payer":"STAY_PAYER_POLICE","applied_dkk":"9000"})"},
      {{"stay", "extend", "t", "--until", "2026-03-30", "--dkk", "9"},
       R"({"stay_id":"t","until":"2026-03-30T00:00:00Z","applied_dkk":"9"})"},
      {{"stay", "end", "t", "another-place"}, R"({"stay_id":"t","end":"STAY_END_ANOTHER_PLACE"})"},
      {{"stay", "withdraw", "t", "a", "--why", "error"},
       R"({"stay_id":"t","application_id":"a","reason":"POOL_WITHDRAWAL_REASON_ERROR"})"},
      {{"stay", "account", "t", "a", "--spent", "9"},
       R"({"stay_id":"t","application_id":"a","spent_dkk":"9"})"},
      {{"hosted", "list"}, R"({"page_size":200,"open_only":true})"},
      {{"hosted", "answer", "t", "--safety", "not-possible"},
       R"({"stay_id":"t","answer":"PLACE_SAFETY_NOT_POSSIBLE"})"},
      {{"hosted", "account", "t"}, R"({"stay_id":"t","page_size":200})"},
      {{"address", "list", "--all"}, R"({"page_size":200})"},
      {{"address", "list", "--of", "0101701234", "--move", "h"},
       R"({"page_size":200,"open_only":true,"cpr_number":"0101701234","handover_id":"h"})"},
      {{"address", "give", "--to", "municipality-0461", "--cpr", "0101701234", "--name", "N N",
        "--child", "cpr_number=0101151234,name=M N", "--moves-on", "2026-03-09", "--move", "h",
        "--again", "n"},
       R"({"notice_id":"n","municipality":"municipality-0461","adult":{"cpr_number":"0101701234",)"
       R"("name":"N N"},"children":[{"cpr_number":"0101151234","name":"M N"}],)"
       R"("moves_on":"2026-03-09T00:00:00Z","handover_id":"h"})"},
      {{"address", "end", "n", "--elsewhere"}, R"({"notice_id":"n","lives_elsewhere":true})"},
      {{"address", "account", "n"}, R"({"notice_id":"n","page_size":200})"},
      {{"register", "list", "--all", "--of", "0101701234"},
       R"({"page_size":200,"cpr_number":"0101701234"})"},
      {{"register", "record", "n", "moved-away", "--day", "2026-03-02", "--to", "0751"},
       R"({"notice_id":"n","act":"ADDRESS_ACT_MOVED_AWAY","day":"2026-03-02T00:00:00Z",)"
       R"("moved_to":"0751"})"},
      {{"register", "account", "n"}, R"({"notice_id":"n","page_size":200})"},
      {{"nec", "count", "--at", "2026-03-02"}, R"({"as_of":"2026-03-02T00:00:00Z"})"},
      {{"security", "answer", "s", "d", "--as", "same-person"},
       R"({"security_id":"s","duplicate_id":"d","answer":"DUPLICATE_ANSWER_SAME_PERSON"})"},
      {{"watch", "cases"}, "{}"},
      {{"watch", "relocations"}, "{}"},
      {{"watch", "handovers", "--token-file", "t"}, R"({"begin":{"token":"t"}})"},
      {{"watch", "security"}, "{}"},
      {{"watch", "desk"}, "{}"},
      {{"watch", "pool"}, "{}"},
      {{"watch", "pool-desk"}, "{}"},
      {{"watch", "inquiries"}, "{}"},
      {{"watch", "conflicts"}, "{}"},
      {{"watch", "addresses"}, "{}"},
      {{"watch", "register"}, "{}"},
      {{"watch", "stays"}, "{}"},
      {{"watch", "hosted"}, "{}"},
      {{"watch", "supervised"}, "{}"},
      {{"watch", "entries"}, "{}"},
      {{"watch", "inventories"}, "{}"},
  };
  return *examples;
}

}  // namespace exitbus::exitctl
