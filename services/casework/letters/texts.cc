#include "services/casework/letters/texts.h"

#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"

namespace exitbus::casework {
namespace {

using exchange::DecisionContext;
using google::protobuf::Timestamp;

constexpr std::array<const char*, 12> kMonths = {"januar",    "februar", "marts",    "april",
                                                 "maj",       "juni",    "juli",     "august",
                                                 "september", "oktober", "november", "december"};

std::string DayIn(const Timestamp& time) {
  const absl::CivilDay day = exchange::DayOf(exchange::FromProto(time));
  return absl::StrCat(day.day(), ". ", kMonths[static_cast<std::size_t>(day.month()) - 1], " ",
                      day.year());
}

std::string ClockIn(const Timestamp& time) {
  const absl::CivilMinute minute = exchange::MinuteOf(exchange::FromProto(time));
  return absl::StrCat(absl::Dec(minute.hour(), absl::kZeroPad2), ".",
                      absl::Dec(minute.minute(), absl::kZeroPad2));
}

const char* NameOf(cv1::RedirectTarget target) {
  switch (target) {
    case cv1::REDIRECT_TARGET_SSP:
      return "kommunens tilbud til unge (SSP)";
    case cv1::REDIRECT_TARGET_KSP:
      return "samarbejdet mellem Kriminalforsorgen, socialforvaltningen og politiet (KSP)";
    case cv1::REDIRECT_TARGET_SUBSTANCE_TREATMENT:
      return "rusmiddelbehandlingen";
    case cv1::REDIRECT_TARGET_PSYCHIATRY:
      return "psykiatrien";
    default:
      return "et andet tilbud, som vi fortæller dig om";
  }
}

std::string Invitation(const cv1::Meeting& meeting) {
  return absl::StrCat("Du inviteres til et møde den ", DayIn(meeting.at()), " kl. ",
                      ClockIn(meeting.at()), ".\n\nSig til, hvis du ikke kan komme.");
}

std::string Admission(const jv1::CaseFile& file) {
  return absl::StrCat("Den ", DayIn(file.visitation().decided()),
                      " besluttede vi, at du kan få hjælp hos os.\n\n"
                      "Vi kontakter dig for at aftale, hvad vi gør sammen.");
}

std::string Guidance(const DecisionContext& context) {
  return absl::StrCat("Sådan kan du klage:\n", context.complaint_guidance.empty()
                                                   ? kToGiveGuidance
                                                   : std::string(context.complaint_guidance));
}

std::string Refusal(const jv1::CaseFile& file, const DecisionContext& context) {
  const cv1::ProgrammeEnd& end = file.end();
  std::string text = absl::StrCat("Den ", DayIn(end.ended()),
                                  " besluttede vi, at vi ikke kan tilbyde dig et forløb hos os.\n\n"
                                  "Vores begrundelse er:\n",
                                  end.reasons(), "\n\n");
  if (end.code() == cv1::END_CODE_REDIRECTED) {
    absl::StrAppend(&text, "I stedet henviser vi dig til ", NameOf(end.redirected_to()), ".\n\n");
  }
  return text + Guidance(context);
}

std::string Hearing() {
  return absl::StrCat(
      "Vi overvejer at afslutte vores samarbejde med dig, fordi ", kToGiveReason,
      ".\n\nInden vi beslutter noget, har du ret til at udtale dig. Skriv eller ring "
      "til os senest den ",
      kToGiveDay, ".\n\nDet, som andre hjælper dig med, er ikke en del af denne beslutning.");
}

std::string Lapse(const jv1::CaseFile& file, const DecisionContext& context) {
  return absl::StrCat(
      "Den ", DayIn(file.end().ended()),
      " besluttede vi at afslutte vores samarbejde med dig.\n\n"
      "Vores begrundelse er:\n",
      file.end().reasons(),
      "\n\nDet, som andre hjælper dig med, fortsætter, medmindre de siger andet til "
      "dig.\n\n",
      Guidance(context));
}

std::string Body(const jv1::CaseFile& file, cv1::CitizenLetterKind kind, const std::string& about,
                 const DecisionContext& context) {
  switch (kind) {
    case cv1::CITIZEN_LETTER_KIND_INVITATION:
      return Invitation(*MeetingIn(file, about));
    case cv1::CITIZEN_LETTER_KIND_ADMISSION:
      return Admission(file);
    case cv1::CITIZEN_LETTER_KIND_REFUSAL:
      return Refusal(file, context);
    case cv1::CITIZEN_LETTER_KIND_HEARING:
      return Hearing();
    case cv1::CITIZEN_LETTER_KIND_LAPSE:
      return Lapse(file, context);
    default:
      return "";
  }
}

// Whom he can call: his contact person, as that one says he is reached. Whether another authority
// still takes part nobody follows once the course is over.
std::string Farewell(const jv1::CaseFile& file, const DecisionContext& context) {
  const bool is_over = IsOver(file.stage());
  if (!file.has_contact_person() ||
      (is_over && file.contact_person().authority() != context.self->id)) {
    return "\n\nMed venlig hilsen";
  }
  return absl::StrCat("\n\nDu kan ringe til din kontaktperson: ",
                      file.contact_person().reached_by(), ".\n\nMed venlig hilsen");
}

}  // namespace

const cv1::Meeting* MeetingIn(const jv1::CaseFile& file, const std::string& meeting_id) {
  return exchange::FindIn(file.meetings(), [&](const cv1::Meeting& meeting) {
    return meeting.meeting_id() == meeting_id && meeting.stage() != cv1::MEETING_STAGE_CANCELLED;
  });
}

bool HasOccasion(const jv1::CaseFile& file, cv1::CitizenLetterKind kind, const std::string& about) {
  const cv1::EndCode end = file.end().code();
  switch (kind) {
    case cv1::CITIZEN_LETTER_KIND_INVITATION:
      return MeetingIn(file, about) != nullptr;
    case cv1::CITIZEN_LETTER_KIND_ADMISSION:
      return file.visitation().has_decided() && !IsOver(file.stage());
    case cv1::CITIZEN_LETTER_KIND_REFUSAL:
      return end == cv1::END_CODE_REJECTED || end == cv1::END_CODE_REDIRECTED;
    case cv1::CITIZEN_LETTER_KIND_HEARING:
      return IsEnrolled(file.stage());
    case cv1::CITIZEN_LETTER_KIND_LAPSE:
      return end == cv1::END_CODE_LAPSED;
    default:
      return false;
  }
}

bool TellsHowToComplain(cv1::CitizenLetterKind kind) {
  return kind == cv1::CITIZEN_LETTER_KIND_REFUSAL || kind == cv1::CITIZEN_LETTER_KIND_LAPSE;
}

std::string TextOf(const jv1::CaseFile& file, cv1::CitizenLetterKind kind, const std::string& about,
                   const DecisionContext& context) {
  return absl::StrCat("Kære ", file.person().name(), "\n\n", Body(file, kind, about, context),
                      Farewell(file, context));
}

}  // namespace exitbus::casework
