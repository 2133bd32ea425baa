// Who sent the person, and where he belongs by what he does and how old he is.
#include "absl/time/civil_time.h"
#include "exitbus/casework/v1/intake_service.pb.h"
#include "services/casework/intake/intake.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programmes.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/policy/cpr_number.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;

constexpr int kAdult = 18;

bool IsFrom(int age, const jv1::CaseFile& file, absl::Time now) {
  const auto born = policy::BirthDayOf(file.person().cpr_number());
  return born &&
         absl::CivilDay(born->year() + age, born->month(), born->day()) <= exchange::DayOf(now);
}

// From which age on the programme takes people (CF-5); 0: of any age (ELI-10).
int LeastAge(const Situation& s) {
  if (IsFramework(s.file.programme())) return kAdult;
  const bool is_own = s.file.programme() == cv1::PROGRAMME_MUNICIPAL_EXIT;
  return is_own && s.context.visitation != nullptr ? s.context.visitation->municipal_exit_min_age
                                                   : 0;
}

// He comes himself, or whoever sends him is of this authority.
bool NeedsBasis(cv1::ReferralSource source) {
  return source != cv1::REFERRAL_SOURCE_CITIZEN && source != cv1::REFERRAL_SOURCE_OWN_STAFF;
}

Decision RecordScreening(const jv1::CaseFile& file, const v1::RecordScreeningRequest& request,
                         const DecisionContext& context) {
  if (request.crime() == cv1::CRIME_KIND_UNSPECIFIED) {
    return Invalid("screening.crime_required",
                   "Say whether it is crime of a gang or group, or situational crime.");
  }
  jv1::CaseEvent event;
  cv1::Screening& screening = *event.mutable_screened()->mutable_screening();
  screening.set_crime(request.crime());
  if (request.crime() == cv1::CRIME_KIND_SITUATIONAL) {
    screening.set_belongs_to(IsAdult(file, context.now) ? cv1::REDIRECT_TARGET_KSP
                                                        : cv1::REDIRECT_TARGET_SSP);
  }
  *screening.mutable_screened() = exchange::ToProto(context.now);
  return Decision().AddEvent(event);
}

void Screen(jv1::CaseFile& file, const jv1::Screened& screened) {
  *file.mutable_intake()->mutable_screening() = screened.screening();
}

}  // namespace

std::optional<Decision> RefuseReferral(const cv1::Referral& referral,
                                       const DecisionContext& context) {
  if (referral.source() == cv1::REFERRAL_SOURCE_UNSPECIFIED) {
    return Invalid("referral.source_required", "Say who referred the person.");
  }
  if (referral.has_received() && exchange::FromProto(referral.received()) > context.now) {
    return Invalid("referral.received_when", "A referral has been received, not in the future.");
  }
  if (!NeedsBasis(referral.source())) return std::nullopt;
  if (referral.referred_by().empty()) {
    return Invalid("referral.by_whom", "Say which authority or partner referred the person.");
  }
  if (referral.citizen_agrees()) return std::nullopt;
  const bool says_why =
      !referral.reason().empty() || referral.unasked() != cv1::UNASKED_REASON_UNSPECIFIED;
  if (referral.paragraph().empty() || !says_why) {
    return Invalid("referral.basis_required",
                   "The citizen agrees to be referred, or the referral cites a law and says why he "
                   "was not asked. Without either, have him given your number to call himself.");
  }
  return std::nullopt;
}

bool IsAdult(const jv1::CaseFile& file, absl::Time now) { return IsFrom(kAdult, file, now); }

const Rule kOfAge{"visitation.under_age",
                  "The person is younger than the programme takes: the national framework is for "
                  "people from 18 on, a municipality's own as it has configured. EndProgramme "
                  "redirects to SSP, ChangeProgramme to another programme.",
                  [](const Situation& s) {
                    const int age = LeastAge(s);
                    return age == 0 || IsFrom(age, s.file, s.context.now);
                  }};

// The other programmes are for everybody, with or without ties to a gang.
const Rule kBelongsHere{
    "visitation.belongs_elsewhere",
    "By the screening the person belongs to SSP or KSP. EndProgramme redirects him; if the "
    "screening was wrong, record it anew.",
    [](const Situation& s) {
      const cv1::Programme programme = s.file.programme();
      return s.file.intake().screening().belongs_to() == cv1::REDIRECT_TARGET_UNSPECIFIED ||
             !(IsFramework(programme) || programme == cv1::PROGRAMME_MUNICIPAL_EXIT);
    }};

CasePart ReferralPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme, &kNotYetVisited, &kHasBasis}, &RecordScreening))
      .After(&Screen);
  return part;
}

}  // namespace exitbus::casework
