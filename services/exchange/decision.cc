#include "services/exchange/decision.h"

#include <google/protobuf/message.h>

namespace exitbus::exchange {
namespace {

std::shared_ptr<google::protobuf::Message> Copy(const google::protobuf::Message& message) {
  std::shared_ptr<google::protobuf::Message> copy(message.New());
  copy->CopyFrom(message);
  return copy;
}

}  // namespace

Address Address::On(policy::v1::LegalBasis basis) const {
  Address other = *this;
  other.to.legal_basis = basis;
  return other;
}

Address Address::For(policy::v1::Purpose purpose) const {
  Address other = *this;
  other.to.purpose = purpose;
  return other;
}

Decision Decision::Refuse(Refusal refusal) {
  Decision decision;
  decision.refusal_ = std::move(refusal);
  return decision;
}

Decision Decision::Refuse(std::string_view rule, std::string_view remedy, absl::StatusCode code) {
  return Refuse(RefusedBy(rule, remedy, code));
}

Decision Decision::Park() {
  Decision decision;
  decision.parked_ = true;
  return decision;
}

Decision Decision::NoEffect(std::string_view name) {
  Decision decision;
  decision.no_effect_ = name;
  return decision;
}

Decision& Decision::AddEvent(const Message& event) {
  events_.push_back(Copy(event));
  after_.reset();
  return *this;
}

Decision& Decision::Notify(const std::optional<Address>& to, const Message& message) {
  return to ? Notify(to->from, to->to, message) : *this;
}

Decision& Decision::Report(Severity severity, std::string_view event) {
  reports_.emplace_back(severity, event);
  return *this;
}

Decision& Decision::Notify(policy::v1::Relation from, Party to, const Message& message) {
  notifications_.push_back({from, std::move(to), Copy(message)});
  return *this;
}

Decision& Decision::ValidFrom(absl::Time instant) {
  valid_from_ = instant;
  return *this;
}

Decision& Decision::Keep(std::string_view name, std::string_view bytes) {
  attachments_.emplace_back(name, bytes);
  return *this;
}

Decision& Decision::Drop(std::string_view name) {
  attachments_.emplace_back(name, std::nullopt);
  return *this;
}

Decision& Decision::EraseReceived() {
  erases_ = true;
  return *this;
}

Decision& Decision::LetFallDue(FallsDue what) {
  falls_due_.push_back(std::move(what));
  return *this;
}

std::shared_ptr<const google::protobuf::Message> Decision::After(
    const Message& before,
    const std::function<void(Message& state, const Message& event)>& evolve) const {
  if (after_ == nullptr || before_ != &before) {
    const auto after = Copy(before);
    for (const auto& event : events_) evolve(*after, *event);
    after_ = after;
    before_ = &before;
  }
  return after_;
}

Refusal NotThere() {
  return RefusedBy("resource.not_found",
                   "Nothing with this id is yours to see. Check the id; lists show what there is.",
                   absl::StatusCode::kNotFound);
}

Refusal RefusedBy(std::string_view rule, std::string_view remedy, absl::StatusCode code) {
  return {code, std::string(rule), std::string(remedy), {}};
}

Refusal BadInput(std::string_view rule, std::string_view remedy) {
  return RefusedBy(rule, remedy, absl::StatusCode::kInvalidArgument);
}

}  // namespace exitbus::exchange
