// Who is told of a correction, and what of it. Internal to casework.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/casework/v1/correction.pb.h"
#include "services/casework/rules.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"

namespace exitbus::casework {

// What was wrong, by name: all that goes to those who had the case before. Never which measure: of
// an agreement they may read nothing newer, not even its ids.
struct Wrong {
  google::protobuf::RepeatedField<int> categories;
  // Where CATEGORY_MEASURES is among them: measures that may be what it is about.
  std::set<std::string> measures;
};
Wrong NamesOf(const jv1::Corrections& corrections);
// As one that handed the case on knows it: he was told by name, of what he handed on.
Wrong NamesIn(const cv1::CorrectionIssued& message, const jv1::Handover& handed_on);

// Gathers the recipients of a correction or a change, and tells them. Nobody is told of what he was
// not sent.
class CorrectionNotifications {
 public:
  // `correction`, with its id and how it was learnt, gets a recipient for each that is told and the
  // time until which they are to confirm.
  CorrectionNotifications(const jv1::CaseFile& file, const exchange::DecisionContext& context,
                          jv1::Correction& correction)
      : file_(file), context_(context), correction_(correction) {}

  // At the authority that corrects: everybody it sent what was wrong. Of a change, whom it concerns
  // still.
  void ToAll(const jv1::Corrections& corrections);
  // Who had the case before this authority, and the police unit that the case left when it came.
  void ToThoseBefore(const Wrong& wrong);

  void NotifyAll(exchange::Decision& decision) const;

 private:
  bool IsChange() const { return correction_.has_changed_from(); }
  void ToPolice(const jv1::Corrections& corrections);
  void To(const std::optional<exchange::Address>& address, cv1::CorrectionIssued message,
          const std::string& receiver_of);

  const jv1::CaseFile& file_;
  const exchange::DecisionContext& context_;
  jv1::Correction& correction_;
  std::vector<std::pair<exchange::Party, cv1::CorrectionIssued>> notifications_;
};

}  // namespace exitbus::casework
