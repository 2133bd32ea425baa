#include "services/casework/case_inputs_testing.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "exitbus/casework_journal/v1/journal.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/part_testing.h"
#include "services/exchange/deciding_testing.h"

namespace exitbus::casework {

namespace pv1 = policy::v1;
using exchange::Caller;
using tables::Inputs;

Inputs NoInputs() {
  return Inputs(CaseFiles({ReleasePart()}), {"police-1469", pv1::CHANNEL_CASE, "the-security", 1});
}

namespace {

// Everything that must be said, and the same without each of it: "NAME, without WHAT".
void AddWithout(Inputs& inputs, const std::string& method,
                const std::vector<std::pair<std::string, std::string>>& parts,
                const std::string& begin = "", const std::string& end = "") {
  for (std::size_t left_out = 0; left_out <= parts.size(); ++left_out) {
    std::string text = begin;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i != left_out) absl::StrAppend(&text, " ", parts[i].second);
    }
    const std::string name = left_out == parts.size()
                                 ? method
                                 : absl::StrCat(method, ", without ", parts[left_out].first);
    inputs.Command(name, absl::StrCat(text, " ", end));
  }
}

}  // namespace

Inputs Opening() {
  Inputs inputs = NoInputs();
  AddWithout(
      inputs, "OpenCase",
      {{"a CPR number", R"(cpr_number: "6101900001")"}, {"a name", R"(name: "Canary Name")"}},
      "person {", "}");
  const std::string person = R"(person { cpr_number: "6101900001" name: "Canary Name" } )";
  inputs.Command("OpenCase, on a law", person + "legal_basis: LEGAL_BASIS_RPL115_1_KSP")
      .Command("OpenCase, on a law that is not cited",
               person + "legal_basis: LEGAL_BASIS_OTHER_LAW");
  const auto referred = [&](const std::string& rest) {
    return absl::StrCat(person, "referral { ", rest, " }");
  };
  const std::string by_police = R"(source: REFERRAL_SOURCE_POLICE referred_by: "police-1469" )";
  inputs.Command("OpenCase, referred by himself", referred("source: REFERRAL_SOURCE_CITIZEN"))
      .Command("OpenCase, referred by who is not said", referred(R"(reason: "r")"))
      .Command("OpenCase, referred by a police unit, and he agrees",
               referred(by_police + "citizen_agrees: true"))
      .Command("OpenCase, referred by a police unit on a law",
               referred(by_police + R"(paragraph: "p" reason: "r")"))
      .Command("OpenCase, referred by a police unit on a law, by a code",
               referred(by_police + R"(paragraph: "p" unasked: UNASKED_REASON_PREVENTION)"))
      .Command("OpenCase, from a referral that is not here", R"(referral_id: "the-referral")")
      .Command("OpenCase, referred by a police unit on nothing", referred(by_police))
      .Command("OpenCase, referred by a partner that is not named",
               referred("source: REFERRAL_SOURCE_PARTNER citizen_agrees: true"))
      .Command("OpenCase, brought in", person + R"(brought_in { history: "h" })")
      .Command("OpenCase, brought in without a word", person + "brought_in {}")
      .Command("OpenCase, referred tomorrow",
               referred("source: REFERRAL_SOURCE_CITIZEN received { seconds: 1900000000 }"));
  return inputs;
}

// A unit answers as itself; two decide as two.
Inputs Intake() {
  Inputs inputs = NoInputs();
  const auto employee = [](const char* function, const char* name) {
    return Caller{"municipality-0183", "system", function, name, ""};
  };
  const std::string answer = R"(answer { employment: "e" may_be_shown: true })";
  inputs.Command("AnswerUnitQuestion", answer, employee("jobcentre", "employee-2"))
      .Command("AnswerUnitQuestion, by another unit", answer,
               employee("family-centre", "employee-2"));
  return inputs;
}

Inputs Steps() {
  Inputs inputs = NoInputs();
  const auto coordinator = [](const char* name) {
    return Caller{"municipality-0183", "system", "exit-coordinator", name, ""};
  };
  inputs
      .Command("DecideVisitation",
               R"(visitation { affiliation: "a" position: "p" motivation: "m"
                               risk_on_leaving: "r" })",
               coordinator("employee-1"))
      .Command("DecideVisitation, in 2016",
               R"(visitation { decided { seconds: 1460000000 } affiliation: "a" position: "p"
                               motivation: "m" risk_on_leaving: "r" })",
               coordinator("employee-1"))
      .Command("DecideVisitation, tomorrow",
               R"(visitation { decided { seconds: 1900000000 } affiliation: "a" position: "p"
                               motivation: "m" risk_on_leaving: "r" })",
               coordinator("employee-1"))
      .Command("ConfirmVisitation", R"(etag: "e")", coordinator("employee-2"))
      .Command("ConfirmVisitation, by who proposed it", R"(etag: "e")", coordinator("employee-1"))
      .Command("ConfirmVisitation, without an etag", "", coordinator("employee-2"));
  return inputs;
}

Inputs Programme() {
  Inputs inputs = NoInputs();
  AddWithout(inputs, "DecideVisitation",
             {{"affiliation", R"(affiliation: "a")"},
              {"position", R"(position: "p")"},
              {"motivation", R"(motivation: "m")"},
              {"risk", R"(risk_on_leaving: "r")"}},
             "visitation {", "}");
  const std::string measure =
      R"(measures { type: MEASURE_TYPE_HOUSING module: MODULE_HOUSING owner: "municipality-0183"
                    months: 6 funding: FUNDING_CLASS_REGION legal_basis: LEGAL_BASIS_OTHER_LAW })";
  const std::string rest =
      R"(template: "t" consequences_of_relapse: "c" citizen_signed { seconds: 1770000000 }
                              coordinator_signed { seconds: 1770000000 } })";
  AddWithout(inputs, "SignAgreement",
             {{"a template", R"(template: "t")"},
              {"a measure", measure},
              {"consequences", R"(consequences_of_relapse: "c")"},
              {"the citizen", "citizen_signed { seconds: 1770000000 }"},
              {"the coordinator", "coordinator_signed { seconds: 1770000000 }"}},
             "agreement {", "}");
  const auto with = [&](const std::string& was, const std::string& is) {
    return absl::StrReplaceAll(absl::StrCat("agreement { ", measure, rest), {{was, is}});
  };
  inputs.Command("SignAgreement, measure without months", with("months: 6", ""))
      .Command("SignAgreement, measure without a law",
               with("legal_basis: LEGAL_BASIS_OTHER_LAW", ""))
      .Command("SignAgreement, another's unit", with("0183\"", "0461\" unit: FUNCTION_MENTOR"))
      .Command("SignAgreement, of an unlisted owner", with("municipality-0183", "nobody"))
      .Command("SignAgreement, measure for a lifetime", with("months: 6", "months: 900"))
      .Command("SignAgreement, transfer, by Ishøj", with("TYPE_HOUSING", "TYPE_PRISON_TRANSFER"))
      .Command("SignAgreement, in a place of nowhere",
               with("months: 6", "months: 6 municipality: \"9999\""))
      .Command("SignAgreement, housing under leisure", with("MODULE_HOUSING", "MODULE_LEISURE"))
      .Command("SignAgreement, signed in 1970", with("signed { seconds: 1770000000 }", "signed {}"))
      .Command("SignAgreement, signed tomorrow", with("1770000000", "1900000000"))
      .Command("StateHandlekommune", R"(handlekommune: "municipality-0461")")
      .Command("StateHandlekommune, a police unit", R"(handlekommune: "police-1469")")
      .Command("StateHandlekommune, nobody that is listed", R"(handlekommune: "nobody")");
  return inputs;
}

Inputs Course() {
  Inputs inputs = NoInputs();
  AddWithout(inputs, "PauseProgramme", {{"a reason", "reason: PAUSE_REASON_CITIZENS_WISH"}});
  AddWithout(inputs, "EndProgramme, lapsed",
             {{"reasons", R"(reasons: "r")"}, {"a hearing", "citizen_heard { seconds: 1 }"}},
             "code: END_CODE_LAPSED");
  AddWithout(inputs, "EndProgramme, completed", {{"an evaluation", "evaluated { seconds: 1 }"}},
             "code: END_CODE_COMPLETED");
  AddWithout(inputs, "EndProgramme, redirected",
             {{"a ground", "ground: REJECTION_GROUND_UNDER_AGE"},
              {"whereto", "redirected_to: REDIRECT_TARGET_KSP"},
              {"reasons", R"(reasons: "r")"}},
             "code: END_CODE_REDIRECTED");
  inputs.Command("EndProgramme, redirected, to SSP from 18 on",
                 R"(code: END_CODE_REDIRECTED ground: REJECTION_GROUND_UNDER_AGE
                    redirected_to: REDIRECT_TARGET_SSP reasons: "r")");
  return inputs;
}

Inputs Consent() {
  Inputs inputs = NoInputs();
  AddWithout(inputs, "RecordConsent", {{"whom it covers", "covers: AUTHORITY_KIND_POLICE"}});
  AddWithout(inputs, "RecordLegalBasis",
             {{"a law", "legal_basis: LEGAL_BASIS_FVL28"},
              {"whom it covers", "covers: AUTHORITY_KIND_POLICE"}});
  const std::string covers = "covers: AUTHORITY_KIND_POLICE legal_basis: LEGAL_BASIS_";
  inputs.Command("RecordLegalBasis, of a consent", covers + "CONSENT")
      .Command("RecordLegalBasis, of a law that is not cited", covers + "OTHER_LAW")
      .Command("RecordLegalBasis, from tomorrow",
               covers + "FVL28 holds_from { seconds: 1900000000 }")
      .Command("EndLegalBasis", "legal_basis: LEGAL_BASIS_FVL28")
      .Command("EndLegalBasis, of another law", "legal_basis: LEGAL_BASIS_DBL8");
  return inputs;
}

Inputs Correction() {
  Inputs inputs = NoInputs();
  AddWithout(inputs, "CorrectCase",
             {{"a reason", R"(reason: "a digit was wrong")"},
              {"anything", R"(person { cpr_number: "6101900002" })"}});
  inputs.Command("CorrectCase, reason too long",
                 absl::StrCat("reason: \"", std::string(4001, 'r'), "\""));
  const auto since = [](absl::Duration from_now) {
    const absl::Time time = exchange::Deciding::Now() + from_now;
    return absl::StrCat("valid_from { seconds: ", absl::ToUnixSeconds(time), " }");
  };
  const std::string moved = R"(current_address: "Right Street 2" )";
  AddWithout(inputs, "ChangeDetails",
             {{"since when", since(absl::ZeroDuration())}, {"anything", moved}});
  inputs.Command("ChangeDetails, of tomorrow", moved + since(absl::Hours(24)))
      .Command("ChangeDetails, of what was before", moved + since(-absl::Hours(24 * 365 * 50)));
  return inputs;
}

Inputs Security() {
  Inputs inputs = NoInputs();
  const exchange::LetterPlace other{"police-1465", pv1::CHANNEL_CASE, "the-security", 1};
  inputs.MessageFrom(other, "<PoliceClarificationDelivered, by another unit", "")
      .MessageFrom(other, "<SecurityPictureChanged, by another unit", "");
  return inputs;
}

Inputs Access() {
  Inputs inputs = NoInputs();
  const Caller asker{"municipality-0183", "system", "jobcentre", "employee-2", ""};
  const Caller colleague{"municipality-0183", "system", "jobcentre", "employee-3", ""};
  const Caller coordinator{"municipality-0183", "system", "exit-coordinator", "employee-1", ""};
  inputs.Command("InvolveUnit", "function: FUNCTION_JOBCENTRE")
      .Command("InvolveUnit, not of a municipality", "function: FUNCTION_CASE_OFFICER")
      .Command("ReleaseUnit", "function: FUNCTION_JOBCENTRE")
      .Command("StateStaffSafety", R"(function: FUNCTION_JOBCENTRE staff_safety: "two at a talk")")
      .Command("RequestBreakGlass", R"(reason: "r" minutes: 30)", asker)
      .Command("RequestBreakGlass, without a reason", "minutes: 30", asker)
      .Command("RequestBreakGlass, for a day", R"(reason: "r" minutes: 1440)", asker)
      .Command("ApproveBreakGlass", R"(break_glass_id: "exception")", coordinator)
      .Command("ApproveBreakGlass, by who asked", R"(break_glass_id: "exception")", asker)
      .Command("EndBreakGlass", R"(break_glass_id: "exception")", asker)
      .Command("EndBreakGlass, by the coordinator", R"(break_glass_id: "exception")", coordinator)
      .Command("EndBreakGlass, by a colleague", R"(break_glass_id: "exception")", colleague);
  return inputs;
}

Inputs Documents() {
  Inputs inputs = NoInputs();
  const Caller coordinator{"municipality-0183", "system", "exit-coordinator", "employee-1", ""};
  // Here the digest of a text is the text.
  const std::string report =
      R"(kind: DOCUMENT_KIND_REPORT category: CATEGORY_MEASURES media_type: MEDIA_TYPE_PDF )";
  const std::string bytes = R"(size: 32 sha256: "0123456789abcdef0123456789abcdef" )";
  const std::string whole = report + bytes + R"(heading: "Rapport")";
  const std::string named = report + bytes;
  const auto begin = [&](const std::string& what, const std::string& text) {
    inputs.Command(absl::StrCat("BeginDocument", what), text, coordinator);
  };
  begin("", whole);
  begin(", of no kind", "category: CATEGORY_MEASURES");
  begin(", a consent form of measures",
        "kind: DOCUMENT_KIND_CONSENT_FORM category: CATEGORY_MEASURES");
  begin(", of a sentence", "kind: DOCUMENT_KIND_REPORT category: CATEGORY_SENTENCE");
  begin(", without a heading", named);
  begin(", named after him", named + R"(heading: "Om Canary")");
  begin(", of no format",
        R"(kind: DOCUMENT_KIND_REPORT category: CATEGORY_MEASURES heading: "Rapport")");
  begin(", of nothing", report + R"(heading: "Rapport")");
  begin(", too large", report + R"(heading: "Rapport" size: 5242881)");
  begin(", without a digest", report + R"(heading: "Rapport" size: 32)");
  const auto store = [&](const std::string& what, const std::string& text) {
    inputs.Command(absl::StrCat("StoreDocumentSlice", what),
                   absl::StrCat(R"(document_id: "the-document" )", text), coordinator);
  };
  store("", R"(slice: 1 content: "0123456789abcdef0123456789abcdef")");
  store(", the one after it", R"(slice: 2 content: "0123456789abcdef0123456789abcdef")");
  store(", too short", R"(slice: 1 content: "0123456789abcdef")");
  store(", of another one", R"(slice: 1 content: "another one's text of 32 bytes..")");
  const auto give = [&](const std::string& what, const std::string& to) {
    inputs.Command(absl::StrCat("GiveDocument", what),
                   absl::StrCat(R"(document_id: "the-document" )", to), coordinator);
  };
  give("", "may_be_shown: true");
  give(", to who may not read it", "units: FUNCTION_MENTOR");
  give(", to who is not involved", "units: FUNCTION_HEALTH_CENTRE");
  inputs.Command("RemoveDocument", R"(document_id: "the-document")", coordinator);
  const auto comes = [&](const std::string& what, const std::string& text) {
    inputs.MessageFrom({"municipality-0183", pv1::CHANNEL_HANDOVER, "the-handover", 1},
                       absl::StrCat("<DocumentSlice", what),
                       absl::StrCat("category: CATEGORY_MEASURES slice: 1 ", text));
  };
  comes("", R"(document_id: "the-document" content: "0123456789abcdef0123456789abcdef")");
  comes(", of another one", R"(document_id: "the-document" content: "another")");
  comes(", not named", R"(document_id: "unheard-of" content: "0123456789abcdef")");
  return inputs;
}

}  // namespace exitbus::casework
