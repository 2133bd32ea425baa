// By what a case file is found, and when it has to be looked at.
#include "services/casework/break_glass.h"
#include "services/casework/case_file.h"
#include "services/casework/correction.h"
#include "services/casework/rules.h"
#include "services/exchange/erasure.h"
#include "services/exchange/facts.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {

std::vector<std::string> KeysOf(const jv1::CaseFile& file, const exchange::Lookup& lookup) {
  std::vector<std::string> keys;
  if (file.has_erasure()) {
    keys = exchange::KeysOf(file.erasure(), "subject/");
    keys.push_back("erasure/" + file.erasure().erasure_id());
    return keys;
  }
  if (!file.case_id().empty() && file.standing() != cv1::STANDING_RECEIVING) {
    keys.push_back("case/" + file.case_id());
  }
  for (const jv1::Handover& handover : file.handovers()) {
    keys.push_back("handover/" + handover.handover_id());
    keys.push_back("subject/" + handover.handover_id());
    if (!handover.contact_id().empty()) keys.push_back("subject/" + handover.contact_id());
  }
  if (!file.security_id().empty()) keys.push_back("subject/" + file.security_id());
  if (!file.overview_id().empty()) keys.push_back("subject/" + file.overview_id());
  if (file.standing() == cv1::STANDING_RESPONSIBLE && file.stage() != cv1::CASE_STAGE_WITHDRAWN) {
    keys.push_back("person/" + lookup.PersonKey(file.person().cpr_number()));
  }
  return keys;
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
