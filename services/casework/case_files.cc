#include "services/casework/case_files.h"

#include <string>
#include <utility>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/access/units.h"
#include "services/casework/consent/consent.h"
#include "services/casework/handover/ended.h"
#include "services/casework/handover/escalation.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/recovery.h"
#include "services/casework/handover/rules.h"
#include "services/casework/handover/stopped.h"
#include "services/casework/letter_keys.h"
#include "services/casework/letters/texts.h"
#include "services/casework/programme/called.h"
#include "services/casework/programme/contact_person.h"
#include "services/casework/release/release.h"
#include "services/casework/relocation/relocation.h"
#include "services/casework/supervision/supervision.h"
#include "services/exchange/compose.h"
#include "services/exchange/keys.h"

namespace exitbus::casework {
namespace {

using exchange::Aggregate;
using exchange::Message;
using exchange::OfState;

const std::string& CaseIdOf(const jv1::CaseFile& file) {
  return file.has_erasure() ? file.erasure().case_id() : file.case_id();
}

// A case that came back has a file for each time it was here. Its ids are the newest one's.
bool Yields(const Message& older_state, const Message& newer_state) {
  const auto& older = static_cast<const jv1::CaseFile&>(older_state);
  const auto& newer = static_cast<const jv1::CaseFile&>(newer_state);
  const bool is_over = older.has_erasure() || older.standing() == cv1::STANDING_FORMER;
  return is_over && !CaseIdOf(older).empty() && CaseIdOf(older) == CaseIdOf(newer);
}

// What is erased is found by its erasure too.
std::vector<std::string> WithErasure(std::vector<std::string> keys, const jv1::CaseFile& file) {
  if (file.has_erasure()) {
    keys.push_back(exchange::KindName{"erasure", file.erasure().erasure_id()}.Encode());
  }
  return keys;
}

std::vector<std::string> OpenCounterparts(const jv1::CaseFile& file) {
  const jv1::Handover* open = OpenHandover(file);
  if (open == nullptr) return {};
  return {open->counterpart()};
}

bool BasisStillHolds(const jv1::CaseFile& file, policy::v1::LegalBasis basis, absl::Time notified) {
  return basis != policy::v1::LEGAL_BASIS_CONSENT || ConsentCovers(file, notified);
}

void Conclude(const jv1::CaseFile& before, const DecisionContext& context, Decision& decision) {
  EndRelocation(before, context, decision);
  FollowPlacement(before, context, decision);
  FollowJourney(before, context, decision);
  FollowAcceptance(before, context, decision);
  FollowSupervision(before, context, decision);
  FollowReleased(before, context, decision);
  FollowAttestation(before, context, decision);
  FollowContactPerson(before, context, decision);
  FollowMatters(before, context, decision);
  FollowMeetings(before, context, decision);
  FollowSafeContact(before, decision);
  ReleaseIdentity(before, context, decision);
  TellEnded(before, context, decision);
  TellAnswered(before, context, decision);
}

std::string AccountKey(const jv1::CaseFile& file) {
  return file.case_id().empty() ? "" : exchange::KindName{"case", file.case_id()}.Encode();
}

CasePart LetterNames() {
  CasePart part;
  part.Named([](const jv1::CaseFile& file, const exchange::Lookup&) { return LetterKeysOf(file); });
  return part;
}

std::vector<CasePart (*)()> Subjects() {
  return {&LetterNames,
          &ProgrammeMethods,
          &ProgrammeEvents,
          &HandoverReads,
          &RequestMethods,
          &HolderMethods,
          &ReceiverMethods,
          &TakeOverMethods,
          &HolderLetters,
          &ReceiverLetters,
          &WaitPart,
          &HandoverEvents,
          &ResponsibilityEvents,
          &ConsentPart,
          &BasisPart,
          &ConsentEvents,
          &CorrectionMethods,
          &CorrectionLetters,
          &CorrectionEvents,
          &SecurityPart,
          &SecurityEvents,
          &WeeklyReportPart,
          &PoolMethods,
          &PoolLetters,
          &RelocationMethods,
          &RelocationLetters,
          &PlaceMethods,
          &PlaceLetters,
          &AcceptancePart,
          &JourneyPart,
          &DwellingPart,
          &DisputePart,
          &HandlekommunePart,
          &AddressPart,
          &StayPart,
          &UnitsPart,
          &BreakGlassPart,
          &ErasurePart,
          &ListedPart,
          &OverviewPart,
          &CoursePart,
          &ProgrammeChangePart,
          &ProgrammeListPart,
          &FollowUpPart,
          &MeasurePart,
          &ReferralPart,
          &UnitQuestionPart,
          &InterviewPart,
          &ShownPart,
          &VisitationPart,
          &MeetingPart,
          &CalledPart,
          &PauseAskedPart,
          &SupervisionPart,
          &AttestationPart,
          &SupervisedPrecautionsPart,
          &ReleaseDatePart,
          &NecStatusPart,
          &OnDutyPart,
          &CitizenLetterPart,
          &DocumentPart,
          &DocumentEvents,
          &DocumentsHandedOnPart,
          &CustodyPart,
          &PreparedPart,
          &ReleasedPart,
          &PlaceCheckPart,
          &RiskPart,
          &CriteriaPart,
          &JointUnitPart,
          &ContactPersonPart,
          &FigurePart};
}

}  // namespace

Aggregate CaseFiles(std::vector<CasePart> parts) {
  for (CasePart (*const part)() : Subjects()) {
    parts.push_back(part());
  }
  Aggregate files =
      exchange::Compose<jv1::CaseFile, jv1::CaseEvent>(kFiles, std::move(parts), &LetterKey);
  files.keys = [keys = files.keys](const Message& state, const exchange::Lookup& lookup) {
    return WithErasure(keys(state, lookup), static_cast<const jv1::CaseFile&>(state));
  };
  // What a contact point withdraws is an inquiry to a municipality, which is about no case of its
  // own.
  files.letter_target = [of = files.letter_target](const exchange::LetterPlace& place,
                                                   const exchange::v1::Body& body) {
    const bool anothers = body.has_relocation_withdrawn() &&
                          place.sender_kind == policy::v1::AUTHORITY_KIND_CONTACT_POINT;
    return anothers ? std::nullopt : of(place, body);
  };
  files.yields = &Yields;
  files.open_counterparts = OfState(&OpenCounterparts);
  files.conclude = OfState(&Conclude);
  files.note_stopped = OfState(&NoteStopped);
  files.end_by_agreement = OfState(&EndByAgreement);
  files.shared_statements = OfState(&SharedStatements);
  files.statements_target = [](const std::vector<std::string>& statements, const DecisionContext&) {
    return CaseOfStatements(statements);
  };
  files.follow_statements = OfState(&FollowStatements);
  files.basis_still_holds = OfState(&BasisStillHolds);
  files.visibility = OfState(&VisibilityOf);
  files.account_key = OfState(&AccountKey);
  return files;
}

std::shared_ptr<const jv1::CaseFile> After(const jv1::CaseFile& file, const Decision& decided) {
  static const auto* const files = new Aggregate(CaseFiles());
  return std::static_pointer_cast<const jv1::CaseFile>(decided.After(file, files->evolve));
}

}  // namespace exitbus::casework
