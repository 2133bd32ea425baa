#include "services/casework/correction/notifications.h"

#include <algorithm>
#include <optional>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/consent/basis.h"
#include "services/casework/handover/rules.h"
#include "services/casework/programme/programmes.h"
#include "services/exchange/obligation.h"
#include "services/exchange/working_days.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using google::protobuf::RepeatedField;

void AddCategory(bool corrected, pv1::Category category, RepeatedField<int>& categories) {
  if (corrected) categories.Add(category);
}

RepeatedField<int> CategoriesOf(const jv1::Corrections& of) {
  const cv1::Visitation& visitation = of.visitation();
  RepeatedField<int> all;
  AddCategory(!of.person().cpr_number().empty(), pv1::CATEGORY_CPR_NUMBER, all);
  AddCategory(!of.person().name().empty(), pv1::CATEGORY_NAME, all);
  AddCategory(!of.current_address().empty(), pv1::CATEGORY_ADDRESS, all);
  AddCategory(!visitation.affiliation().empty() || !visitation.position().empty(),
              pv1::CATEGORY_AFFILIATION, all);
  AddCategory(!visitation.motivation().empty(), pv1::CATEGORY_CLARIFICATION_FORM, all);
  AddCategory(!visitation.risk_on_leaving().empty(), pv1::CATEGORY_SECURITY_ASSESSMENT, all);
  AddCategory(!visitation.health_needs().empty(), pv1::CATEGORY_HEALTH, all);
  AddCategory(!of.measure_descriptions().empty(), pv1::CATEGORY_MEASURES, all);
  return all;
}

// With the values: for who is corrected by it.
cv1::CorrectionIssued PersonIn(const jv1::Corrections& corrections) {
  jv1::Corrections part;
  cv1::CorrectionIssued message;
  if (corrections.has_person()) {
    *part.mutable_person() = corrections.person();
    *message.mutable_person() = corrections.person();
  }
  *message.mutable_categories() = CategoriesOf(part);
  return message;
}

cv1::CorrectionIssued WhoAndWhere(const jv1::Corrections& corrections) {
  cv1::CorrectionIssued message = PersonIn(corrections);
  message.set_current_address(corrections.current_address());
  AddCategory(!corrections.current_address().empty(), pv1::CATEGORY_ADDRESS,
              *message.mutable_categories());
  return message;
}

bool WasAgreedIn(const jv1::Handover& handover, const std::set<std::string>& measures) {
  return std::any_of(handover.measures().begin(), handover.measures().end(),
                     [&](const std::string& measure) { return measures.contains(measure); });
}

// The one before knew all but what was agreed after he let the case go. Of an address he does not
// hear even that it is another one now: who has moved away from him may have moved for that.
cv1::CorrectionIssued WhatFormerKnew(const Wrong& wrong, const jv1::Handover& handover) {
  cv1::CorrectionIssued message;
  for (const int category : wrong.categories) {
    if (category == pv1::CATEGORY_ADDRESS) continue;
    if (category != pv1::CATEGORY_MEASURES || WasAgreedIn(handover, wrong.measures)) {
      message.add_categories(static_cast<pv1::Category>(category));
    }
  }
  return message;
}

// His police unit knew the person.
cv1::CorrectionIssued WhatItsPoliceKnew(const Wrong& wrong) {
  cv1::CorrectionIssued message;
  for (const int category : wrong.categories) {
    if (category == pv1::CATEGORY_CPR_NUMBER || category == pv1::CATEGORY_NAME) {
      message.add_categories(static_cast<pv1::Category>(category));
    }
  }
  return message;
}

// The police hear of it where they hear of the handover, so that it comes in order with an offer.
std::optional<exchange::Address> CasePolice(const jv1::CaseFile& file,
                                            const exchange::DecisionContext& context) {
  auto address = AddressOf(Whom::kPolice, file, nullptr, context);
  for (const jv1::Handover& handover : file.handovers()) {
    if (!handover.police().empty() && !HasEnded(handover)) {
      address->to.subject = handover.handover_id();
    }
  }
  return address;
}

}  // namespace

Wrong NamesOf(const jv1::Corrections& corrections) {
  Wrong wrong{CategoriesOf(corrections), {}};
  for (const auto& [measure_id, description] : corrections.measure_descriptions()) {
    wrong.measures.insert(measure_id);
  }
  return wrong;
}

Wrong NamesIn(const cv1::CorrectionIssued& message, const jv1::Handover& handed_on) {
  Wrong wrong{message.categories(), {}};
  wrong.measures.insert(handed_on.measures().begin(), handed_on.measures().end());
  return wrong;
}

void CorrectionNotifications::To(const std::optional<exchange::Address>& address,
                                 cv1::CorrectionIssued message, const std::string& receiver_of) {
  if (!address || message.categories().empty()) return;
  exchange::Party party = address->to;
  const absl::Time due = exchange::AddWorkingDays(context_.now, context_.deadline_days.correction);
  exchange::Owe(party, due, *correction_.mutable_obligation()).set_handover_id(receiver_of);
  message.set_correction_id(correction_.correction_id());
  message.set_passed_on(exchange::IsOwedToAnother(correction_.obligation()));
  if (!message.passed_on()) message.set_number(file_.number());
  if (IsChange()) {
    *message.mutable_changed_from() = correction_.changed_from();
  } else {
    party.legal_basis = pv1::LEGAL_BASIS_OTHER_LAW;  // GDPR article 19, whatever it was sent on
  }
  notifications_.emplace_back(std::move(party), std::move(message));
}

void CorrectionNotifications::ToPolice(const jv1::Corrections& corrections) {
  if (file_.police().empty() || file_.police_on_consent().has_blocked()) return;
  // What they have is kept right also where nothing more may be told. What is new goes on a basis.
  if (IsChange() && (!Opens(file_, cv1::PROGRAMME_OPENING_POLICE) ||
                     !BasisFor(file_, pv1::AUTHORITY_KIND_POLICE))) {
    return;
  }
  To(CasePolice(file_, context_), WhoAndWhere(corrections), "");
}

void CorrectionNotifications::ToAll(const jv1::Corrections& corrections) {
  // Once the person is in a programme of which NEC hears no more, what it has is kept right, and
  // what is new is not told.
  const auto nec = AddressOf(Whom::kNec, file_, nullptr, context_);
  if (nec && (IsInOverview(file_) || (!IsChange() && WasSent(*nec, pv1::CHANNEL_NEC, context_)))) {
    To(nec, PersonIn(corrections), "");
  }
  ToPolice(corrections);
  for (const jv1::Handover& handover : file_.handovers()) {
    const bool is_told = handover.side() == hv1::SIDE_HOLDER &&
                         handover.stage() == hv1::HANDOVER_STAGE_ACCEPTED &&
                         handover.identity_released();
    if (is_told && (!IsChange() || BasisForCounterpart(file_, handover, context_))) {
      To(CounterpartOf(file_, handover), WhoAndWhere(corrections), handover.handover_id());
    }
  }
  // Where somebody has moved since, or what he is called, is nothing to who had the case before.
  if (!IsChange()) ToThoseBefore(NamesOf(corrections));
}

void CorrectionNotifications::ToThoseBefore(const Wrong& wrong) {
  for (const jv1::Handover& handover : file_.handovers()) {
    if (handover.side() != hv1::SIDE_RECEIVER || !HasMoved(handover)) continue;
    To(CounterpartOf(file_, handover), WhatFormerKnew(wrong, handover), "");
    if (handover.police() != handover.receiving_police()) {
      To(AddressOf(Whom::kPolice, file_, &handover, context_), WhatItsPoliceKnew(wrong), "");
    }
  }
}

void CorrectionNotifications::NotifyAll(exchange::Decision& decision) const {
  const pv1::Relation as = exchange::IsOwedToAnother(correction_.obligation())
                               ? pv1::RELATION_FORMER
                               : pv1::RELATION_HOLDER;
  for (const auto& [party, message] : notifications_) decision.Notify(as, party, message);
}

}  // namespace exitbus::casework
