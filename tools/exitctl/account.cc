#include "tools/exitctl/account.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "adapters/system/shown.h"
#include "exitbus/account/v1/account.pb.h"
#include "tools/exitctl/rendering.h"

namespace exitbus::exitctl {
namespace {

namespace pv1 = policy::v1;
using account::v1::AccountEntry;

// Of a value, by its name; `otherwise` where it is newer than this program.
std::string Look(const std::string& name, const std::string& otherwise) {
  static const auto* words = new std::map<std::string, std::string>{
      {"CATEGORY_CPR_NUMBER", "CPR number (CPR-nummer)"},
      {"CATEGORY_NAME", "name (navn)"},
      {"CATEGORY_CASE_ID", "the case's number (sagsnummer)"},
      {"CATEGORY_ADDRESS", "address (adresse)"},
      {"CATEGORY_RELOCATION_DESTINATION", "where you move to (flytning)"},
      {"CATEGORY_CASE_STATE", "how far the case is (sagens status)"},
      {"CATEGORY_NEC_LIST_STATUS", "whether you are listed as a gang member (bandelisten)"},
      {"CATEGORY_AFFILIATION", "affiliation and position (tilhørsforhold)"},
      {"CATEGORY_CRIME_PICTURE", "the police's picture of crime (kriminalitetsbillede)"},
      {"CATEGORY_SECURITY_ASSESSMENT", "security assessment (sikkerhedsvurdering)"},
      {"CATEGORY_PRECAUTIONS", "precautions (forholdsregler)"},
      {"CATEGORY_WEEKLY_INCIDENT", "weekly incidents (ugentlige hændelser)"},
      {"CATEGORY_MUNICIPAL_BACKGROUND", "work, income and housing (kommunale oplysninger)"},
      {"CATEGORY_CLARIFICATION_FORM", "clarification form (afklaringsskema)"},
      {"CATEGORY_HEALTH", "health (helbredsoplysninger)"},
      {"CATEGORY_LS_RNR", "risk and needs screening (LS/RNR)"},
      {"CATEGORY_AGREEMENT", "cooperation agreement (samarbejdsaftale)"},
      {"CATEGORY_MEASURES", "measures (tiltag)"},
      {"CATEGORY_BREACH", "breach or lapse (brud, bortfald)"},
      {"CATEGORY_SENTENCE", "sentence and release (dom, løsladelse)"},
      {"CATEGORY_FAMILY", "family (familieforhold)"},
      {"CATEGORY_MENTOR", "mentor (mentorforløb)"},
      {"CATEGORY_POOL_APPLICATION", "application for funding (puljeansøgning)"},
      {"CATEGORY_LEGAL_BASIS", "consent and legal basis (samtykke, hjemmel)"},
      {"CATEGORY_AGGREGATE", "figures about many (statistik)"},
      {"CATEGORY_ENVELOPE", "technical data (tekniske oplysninger)"},
      {"CATEGORY_AUDIT_LOG", "this account itself (logoplysninger)"},
      {"CATEGORY_ADDRESS_DUTY", "protection of your address (særlig adressebeskyttelse)"},
      {"CATEGORY_OWN_UNIT", "which of our units was given something (egen enhed)"},
      {"CATEGORY_DOCUMENT", "documents (dokumenter)"},
      {"FUNCTION_EXIT_COORDINATOR", "the exit coordinator (exit-koordinator)"},
      {"FUNCTION_JOBCENTRE", "the job centre (Jobcenter)"},
      {"FUNCTION_CITIZEN_SERVICE", "citizen and social services (Borger- og Socialservice)"},
      {"FUNCTION_FAMILY_CENTRE", "the family centre (Familiecenter)"},
      {"FUNCTION_EDUCATION_GUIDANCE", "education guidance (uddannelsesvejledning)"},
      {"FUNCTION_HEALTH_CENTRE", "the health centre (sundhedscenter)"},
      {"FUNCTION_MENTOR", "the mentor (mentor)"},
      {"FUNCTION_CASE_OFFICER", "a case officer (sagsbehandler)"},
      {"FUNCTION_AUDITOR", "an auditor (tilsyn)"},
      {"FUNCTION_POPULATION_REGISTER", "the population register (folkeregister)"},
      {"FUNCTION_OPERATOR", "an operator (driftspersonale)"},
      {"LEGAL_BASIS_UNSPECIFIED", "not recorded"},
      {"LEGAL_BASIS_CONSENT", "your consent (samtykke)"},
      {"LEGAL_BASIS_RPL115_1_SSP", "retsplejeloven § 115(1) nr. 1"},
      {"LEGAL_BASIS_RPL115_1_PSP", "retsplejeloven § 115(1) nr. 2"},
      {"LEGAL_BASIS_RPL115_1_KSP", "retsplejeloven § 115(1) nr. 3"},
      {"LEGAL_BASIS_RPL115_2", "retsplejeloven § 115(2)"},
      {"LEGAL_BASIS_FVL28", "forvaltningsloven § 28"},
      {"LEGAL_BASIS_DBL8", "databeskyttelsesloven § 8"},
      {"LEGAL_BASIS_RHL", "retshåndhævelsesloven"},
      {"LEGAL_BASIS_OTHER_LAW", "another law (anden lov)"},
      {"PURPOSE_EXIT_SUPPORT", "helping you out (exit-indsats)"},
      {"PURPOSE_HANDOVER", "moving the case (overdragelse)"},
      {"PURPOSE_NATIONAL_OVERVIEW", "the national overview (exit-oversigt)"},
      {"PURPOSE_SECURITY", "your or others' safety (sikkerhed)"},
      {"PURPOSE_SUPERVISORY_CONTROL", "control of lawful use (tilsyn)"},
  };
  const auto found = words->find(name);
  return found == words->end() ? otherwise : found->second;
}

std::string WordsOf(const std::string& name, int value) {
  return Look(name, absl::StrCat("no. ", value));
}

std::string When(const AccountEntry& entry) {
  const std::string when = entry.has_time() ? Moment(entry.time()) : "";
  if (entry.times() <= 1) return when;
  return absl::StrCat(when, " to ", Moment(entry.last()), ", ", entry.times(), " times");
}

std::string Who(const AccountEntry& entry) {
  if (!entry.authority_name().empty()) return "sent to " + adapters::Shown(entry.authority_name());
  if (!entry.authority().empty()) return "sent to an authority that is no longer listed";
  return (entry.refused_by().empty() ? "seen here by " : "asked for a change here: ") +
         WordsOf(pv1::Function_Name(entry.function()), entry.function());
}

std::string AsText(const AccountEntry& entry) {
  std::vector<std::string> kinds;
  for (const int category : entry.categories()) {
    kinds.push_back(WordsOf(pv1::Category_Name(category), category));
  }
  return absl::StrCat(
      "\n", When(entry), "\n",
      Labelled(
          {{"who", Who(entry)},
           {"what", entry.refused_by().empty() ? absl::StrJoin(kinds, ", ")
                                               : "nothing: the change was refused (afvist)"},
           // A message's purpose is a code; a call's is in its caller's words.
           {"why", Look(entry.purpose(), adapters::Shown(entry.purpose()))},
           {"remark", adapters::Shown(entry.remark())},
           {"document", adapters::Shown(entry.document_id())},
           {"legal basis", WordsOf(pv1::LegalBasis_Name(entry.legal_basis()), entry.legal_basis())},
           {"exception", entry.break_glass_id().empty()
                             ? ""
                             : "for a stated reason, approved by a second person (nødadgang)"}}));
}

}  // namespace

std::optional<std::string> AccountAsText(const google::protobuf::Message& reply) {
  const auto* entries = reply.GetDescriptor()->FindFieldByName("entries");
  if (entries == nullptr || entries->message_type() != AccountEntry::descriptor()) {
    return std::nullopt;
  }
  const auto* reflection = reply.GetReflection();
  std::string text = "who was shown or sent what (indsigt i videregivelse og opslag)\n";
  for (int i = 0; i < reflection->FieldSize(reply, entries); ++i) {
    const auto& entry = reflection->GetRepeatedMessage(reply, entries, i);
    absl::StrAppend(&text, AsText(*google::protobuf::DynamicCastToGenerated<AccountEntry>(&entry)));
  }
  const auto* token = reply.GetDescriptor()->FindFieldByName("next_page_token");
  return text + (reflection->GetString(reply, token).empty() ? "" : "\n… and more\n");
}

}  // namespace exitbus::exitctl
