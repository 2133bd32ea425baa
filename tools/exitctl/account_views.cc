// The account of who saw what as it can be given to the citizen: kinds of information in plain
// words with the Danish term, and no ids of anybody.
#include <google/protobuf/repeated_field.h>

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "exitbus/account/v1/account.pb.h"
#include "tools/exitctl/view_parts.h"
#include "tools/exitctl/views.h"

namespace exitbus::exitctl {
namespace {

namespace pv1 = policy::v1;
using account::v1::AccountEntry;

using Words = std::map<int, std::string>;

// A value newer than this program is called by its number.
std::string Look(const Words& words, int value) {
  const auto found = words.find(value);
  return found == words.end() ? absl::StrCat("no. ", value) : found->second;
}

std::string WordsOf(pv1::Category category) {
  static const auto* words = new Words{
      {pv1::CATEGORY_CPR_NUMBER, "CPR number (CPR-nummer)"},
      {pv1::CATEGORY_NAME, "name (navn)"},
      {pv1::CATEGORY_CASE_ID, "the case's number (sagsnummer)"},
      {pv1::CATEGORY_ADDRESS, "address (adresse)"},
      {pv1::CATEGORY_RELOCATION_DESTINATION, "where you move to (flytning)"},
      {pv1::CATEGORY_CASE_STATE, "how far the case is (sagens status)"},
      {pv1::CATEGORY_NEC_LIST_STATUS, "whether you are listed as a gang member (bandelisten)"},
      {pv1::CATEGORY_AFFILIATION, "affiliation and position (tilhørsforhold)"},
      {pv1::CATEGORY_CRIME_PICTURE, "the police's picture of crime (kriminalitetsbillede)"},
      {pv1::CATEGORY_SECURITY_ASSESSMENT, "security assessment (sikkerhedsvurdering)"},
      {pv1::CATEGORY_PRECAUTIONS, "precautions (forholdsregler)"},
      {pv1::CATEGORY_WEEKLY_INCIDENT, "weekly incidents (ugentlige hændelser)"},
      {pv1::CATEGORY_MUNICIPAL_BACKGROUND, "work, income and housing (kommunale oplysninger)"},
      {pv1::CATEGORY_CLARIFICATION_FORM, "clarification form (afklaringsskema)"},
      {pv1::CATEGORY_HEALTH, "health (helbredsoplysninger)"},
      {pv1::CATEGORY_LS_RNR, "risk and needs screening (LS/RNR)"},
      {pv1::CATEGORY_AGREEMENT, "cooperation agreement (samarbejdsaftale)"},
      {pv1::CATEGORY_MEASURES, "measures (tiltag)"},
      {pv1::CATEGORY_BREACH, "breach or lapse (brud, bortfald)"},
      {pv1::CATEGORY_SENTENCE, "sentence and release (dom, løsladelse)"},
      {pv1::CATEGORY_FAMILY, "family (familieforhold)"},
      {pv1::CATEGORY_MENTOR, "mentor (mentorforløb)"},
      {pv1::CATEGORY_POOL_APPLICATION, "application for funding (puljeansøgning)"},
      {pv1::CATEGORY_LEGAL_BASIS, "consent and legal basis (samtykke, hjemmel)"},
      {pv1::CATEGORY_AGGREGATE, "figures about many (statistik)"},
      {pv1::CATEGORY_ENVELOPE, "technical data (tekniske oplysninger)"},
      {pv1::CATEGORY_AUDIT_LOG, "this account itself (logoplysninger)"},
  };
  return Look(*words, category);
}

std::string WordsOf(pv1::Function function) {
  static const auto* words = new Words{
      {pv1::FUNCTION_EXIT_COORDINATOR, "the exit coordinator (exit-koordinator)"},
      {pv1::FUNCTION_JOBCENTRE, "the job centre (Jobcenter)"},
      {pv1::FUNCTION_CITIZEN_SERVICE, "citizen and social services (Borger- og Socialservice)"},
      {pv1::FUNCTION_FAMILY_CENTRE, "the family centre (Familiecenter)"},
      {pv1::FUNCTION_MENTOR, "the mentor (mentor)"},
      {pv1::FUNCTION_CASE_OFFICER, "a case officer (sagsbehandler)"},
      {pv1::FUNCTION_AUDITOR, "an auditor (tilsyn)"},
      {pv1::FUNCTION_OPERATOR, "an operator (driftspersonale)"},
  };
  return Look(*words, function);
}

std::string WordsOf(pv1::LegalBasis basis) {
  static const auto* words = new Words{
      {pv1::LEGAL_BASIS_UNSPECIFIED, "not recorded"},
      {pv1::LEGAL_BASIS_CONSENT, "your consent (samtykke)"},
      {pv1::LEGAL_BASIS_RPL115_1_SSP, "retsplejeloven § 115(1) nr. 1"},
      {pv1::LEGAL_BASIS_RPL115_1_PSP, "retsplejeloven § 115(1) nr. 2"},
      {pv1::LEGAL_BASIS_RPL115_1_KSP, "retsplejeloven § 115(1) nr. 3"},
      {pv1::LEGAL_BASIS_RPL115_2, "retsplejeloven § 115(2)"},
      {pv1::LEGAL_BASIS_FVL28, "forvaltningsloven § 28"},
      {pv1::LEGAL_BASIS_DBL8, "databeskyttelsesloven § 8"},
      {pv1::LEGAL_BASIS_RHL, "retshåndhævelsesloven"},
      {pv1::LEGAL_BASIS_OTHER_LAW, "another law (anden lov)"},
  };
  return Look(*words, basis);
}

// A message's purpose is a code; a call's is in its caller's words.
std::string WordsOfPurpose(const std::string& purpose) {
  static const auto* words = new std::map<std::string, std::string>{
      {"PURPOSE_EXIT_SUPPORT", "helping you out (exit-indsats)"},
      {"PURPOSE_HANDOVER", "moving the case (overdragelse)"},
      {"PURPOSE_NATIONAL_OVERVIEW", "the national overview (exit-oversigt)"},
      {"PURPOSE_SECURITY", "your or others' safety (sikkerhed)"},
      {"PURPOSE_SUPERVISORY_CONTROL", "control of lawful use (tilsyn)"},
  };
  const auto found = words->find(purpose);
  return found == words->end() ? purpose : found->second;
}

std::string When(const AccountEntry& entry) {
  std::string when = Moment(entry.has_time(), entry.time());
  if (entry.times() > 1) {
    absl::StrAppend(&when, " to ", Moment(entry.has_last(), entry.last()), ", ", entry.times(),
                    " times");
  }
  return when;
}

std::string Who(const AccountEntry& entry) {
  if (!entry.authority_name().empty()) return "sent to " + entry.authority_name();
  if (!entry.authority().empty()) return "sent to an authority that is no longer listed";
  return (entry.refused_by().empty() ? "seen here by " : "asked for a change here: ") +
         WordsOf(entry.function());
}

std::string ViewOf(const AccountEntry& entry) {
  std::vector<std::string> kinds;
  for (const int category : entry.categories()) {
    kinds.push_back(WordsOf(static_cast<pv1::Category>(category)));
  }
  std::string text = absl::StrCat(When(entry), "\n");
  AddLine(text, "who", Who(entry));
  AddLine(text, "what",
          entry.refused_by().empty() ? absl::StrJoin(kinds, ", ")
                                     : "nothing: the change was refused (afvist)");
  AddLine(text, "why", WordsOfPurpose(entry.purpose()));
  AddLine(text, "legal basis", WordsOf(entry.legal_basis()));
  if (!entry.break_glass_id().empty()) {
    AddLine(text, "exception", "for a stated reason, approved by a second person (nødadgang)");
  }
  return text;
}

}  // namespace

std::string ViewOf(const google::protobuf::RepeatedPtrField<AccountEntry>& account,
                   const std::string& next_page_token) {
  std::string text = "who was shown or sent what (indsigt i videregivelse og opslag)\n";
  for (const AccountEntry& entry : account) absl::StrAppend(&text, "\n", ViewOf(entry));
  return text + (next_page_token.empty() ? "" : "\n… and more\n");
}

}  // namespace exitbus::exitctl
