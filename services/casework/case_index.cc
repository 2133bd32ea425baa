// By what a case file is found, and when it has to be looked at.
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/access/break_glass.h"
#include "services/casework/case_file.h"
#include "services/casework/correction/correction.h"
#include "services/casework/rules.h"
#include "services/exchange/erasure.h"
#include "services/exchange/facts.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {

namespace {

constexpr char kParty[] = "party/";
constexpr char kPolice[] = "police/";
constexpr char kContact[] = "contact/";
constexpr char kOverview[] = "overview/";

const std::string& CaseIdOf(const jv1::CaseFile& file) {
  return file.has_erasure() ? file.erasure().case_id() : file.case_id();
}

}  // namespace

std::vector<std::string> KeysOf(const jv1::CaseFile& file, const exchange::Lookup& lookup) {
  if (file.has_erasure()) {
    std::vector<std::string> keys = exchange::KeysOf(file.erasure());
    keys.push_back("erasure/" + file.erasure().erasure_id());
    return keys;
  }
  std::vector<std::string> keys = LetterKeysOf(file);
  if (!file.case_id().empty() && file.standing() != cv1::STANDING_RECEIVING) {
    keys.push_back("case/" + file.case_id());
  }
  for (const jv1::Handover& handover : file.handovers()) {
    keys.push_back("handover/" + handover.handover_id());
  }
  if (file.standing() == cv1::STANDING_RESPONSIBLE) {
    keys.push_back("responsible/" + file.case_id());
  }
  if (file.standing() == cv1::STANDING_RESPONSIBLE && file.stage() != cv1::CASE_STAGE_WITHDRAWN) {
    keys.push_back("person/" + lookup.PersonKey(file.person().cpr_number()));
  }
  return keys;
}

std::vector<std::string> LetterKeysOf(const jv1::CaseFile& file) {
  std::vector<std::string> keys;
  for (const jv1::Handover& handover : file.handovers()) {
    keys.push_back(kParty + handover.handover_id());
    keys.push_back(kPolice + handover.handover_id());
    if (!handover.contact_id().empty()) keys.push_back(kContact + handover.contact_id());
  }
  // Another district's unit knows it by the handover's id, which stands there already.
  if (!file.security_id().empty() && FindHandover(file, file.security_id()) == nullptr) {
    keys.push_back(kPolice + file.security_id());
  }
  if (!file.overview_id().empty()) keys.push_back(kOverview + file.overview_id());
  return keys;
}

std::string LetterKey(const exchange::LetterPlace& place) {
  switch (place.sender_kind) {
    case policy::v1::AUTHORITY_KIND_MUNICIPALITY:
    case policy::v1::AUTHORITY_KIND_KRIMINALFORSORGEN:
      return kParty + place.subject;
    case policy::v1::AUTHORITY_KIND_POLICE:
      return kPolice + place.subject;
    case policy::v1::AUTHORITY_KIND_CONTACT_POINT:
      return kContact + place.subject;
    case policy::v1::AUTHORITY_KIND_NEC:
      return kOverview + place.subject;
    default:
      return "";
  }
}

bool Yields(const jv1::CaseFile& older, const jv1::CaseFile& newer) {
  const bool is_over = older.has_erasure() || older.standing() == cv1::STANDING_FORMER;
  return is_over && !CaseIdOf(older).empty() && CaseIdOf(older) == CaseIdOf(newer);
}

std::vector<exchange::Deadline> DeadlinesOf(const jv1::CaseFile& file) {
  std::vector<exchange::Deadline> deadlines = BreakGlassDeadlines(file);
  if (auto deadline = exchange::DeadlineOf(file.erasure())) {
    deadlines.push_back(*std::move(deadline));
  }
  for (const jv1::Handover& handover : file.handovers()) {
    if (handover.waiting_for() != hv1::SIDE_UNSPECIFIED && !handover.escalated()) {
      deadlines.push_back({handover.handover_id(), exchange::FromProto(handover.due())});
    }
  }
  for (exchange::Deadline& deadline : CorrectionDeadlines(file)) {
    deadlines.push_back(std::move(deadline));
  }
  return deadlines;
}

}  // namespace exitbus::casework
