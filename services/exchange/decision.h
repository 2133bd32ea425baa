// What a decider answers: what happened and who is told, or which rule refuses, or that this came
// before something it needs. Plain values; deciding changes nothing.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "services/exchange/ports/api.h"
#include "services/exchange/ports/telemetry.h"
#include "services/policy/condition_set.h"

namespace google::protobuf {
class Message;
}

namespace exitbus::policy::v1 {
enum AuthorityKind : int;
enum Channel : int;
enum LegalBasis : int;
enum Purpose : int;
enum Relation : int;
}  // namespace exitbus::policy::v1

namespace exitbus::exchange {

// A party that is told something: its place in the case, its own id for the case, and on what
// ground. What it gets to see of the message follows from the policy.
struct Party {
  std::string authority;
  policy::v1::Relation relation;
  std::string subject;
  policy::ConditionSet satisfied;
  policy::v1::LegalBasis legal_basis;
  policy::v1::Purpose purpose;
};

// When something is recorded, and since when it is true (registrering, virkning).
struct Times {
  absl::Time now;
  absl::Time valid_from;
};

// A party, and as what the authority speaks to it.
struct Address {
  policy::v1::Relation from;
  Party to;

  // On another ground, or for another purpose, than its usual one.
  Address On(policy::v1::LegalBasis basis) const;
  Address For(policy::v1::Purpose purpose) const;
};

struct Notification {
  policy::v1::Relation from;
  Party to;
  std::shared_ptr<const google::protobuf::Message> message;  // a kind of exchange.v1.Body
};

// A deadline of another aggregate, which is called so by one of its `keys`.
struct FallsDue {
  std::string aggregate;
  std::string key;
  std::string deadline;
};

class Decision {
 public:
  using Message = google::protobuf::Message;

  Decision() = default;

  // Refused; nothing happened.
  static Decision Refuse(Refusal refusal);
  static Decision Refuse(std::string_view rule, std::string_view remedy,
                         absl::StatusCode code = absl::StatusCode::kFailedPrecondition);
  // A letter that needs something not here yet: it waits, and its correspondence with it.
  static Decision Park();
  // A late crossing that changes nothing; `name` says which.
  static Decision NoEffect(std::string_view name);

  // In order. Returns *this, so that a decision reads as one sentence.
  Decision& AddEvent(const Message& event);
  Decision& Notify(policy::v1::Relation from, Party to, const Message& message);
  // nullopt: there is nobody to tell.
  Decision& Notify(const std::optional<Address>& to, const Message& message);
  // Operators are told, by a stable dotted name, and it is counted: an alarm where it is an error.
  Decision& Report(Severity severity, std::string_view event);
  // What happened is true from then on; not called: from now on.
  Decision& ValidFrom(absl::Time instant);
  // Bytes that are too many for a state are kept beside it, by a name of the aggregate's own, under
  // its erasure scope and as long; or are dropped before that. They are read by Lookup::Attachment.
  Decision& Keep(std::string_view name, std::string_view bytes);
  Decision& Drop(std::string_view name);
  // Everything received under this aggregate's erasure scope is destroyed with this decision.
  Decision& EraseReceived();
  // Another aggregate goes on from what happened: with this decision that deadline of it is due,
  // and looked at within a second. Nothing if it does not exist.
  Decision& LetFallDue(FallsDue what);

  // `before`, the state that was decided on, once all of this has happened. Evolved once, and kept
  // until more happens: for whom it has to be addressed to, for the engine and for the store.
  std::shared_ptr<const Message> After(
      const Message& before,
      const std::function<void(Message& state, const Message& event)>& evolve) const;

  bool accepted() const { return !refusal_ && !parked_; }
  bool parked() const { return parked_; }
  bool erases() const { return erases_; }
  const std::optional<Refusal>& refusal() const { return refusal_; }
  const std::vector<std::shared_ptr<const Message>>& events() const { return events_; }
  const std::vector<Notification>& notifications() const { return notifications_; }
  const std::vector<std::pair<Severity, std::string>>& reports() const { return reports_; }
  // By name, in order; nullopt: dropped.
  using Attachments = std::vector<std::pair<std::string, std::optional<std::string>>>;
  const Attachments& attachments() const { return attachments_; }
  const std::optional<absl::Time>& valid_from() const { return valid_from_; }
  const std::string& no_effect() const { return no_effect_; }
  const std::vector<FallsDue>& falls_due() const { return falls_due_; }

 private:
  std::optional<Refusal> refusal_;
  bool parked_ = false;
  bool erases_ = false;
  std::optional<absl::Time> valid_from_;
  std::string no_effect_;
  std::vector<std::shared_ptr<const Message>> events_;
  mutable std::shared_ptr<const Message> after_;
  mutable const Message* before_ = nullptr;  // what `after_` was evolved from
  std::vector<Notification> notifications_;
  Attachments attachments_;
  std::vector<std::pair<Severity, std::string>> reports_;
  std::vector<FallsDue> falls_due_;
};

// What is not there, and what is not the caller's to know of: one and the same answer.
Refusal NotThere();

// A refusal by a named rule. Wrong state is FAILED_PRECONDITION, hidden NOT_FOUND, bad input
// INVALID_ARGUMENT. `remedy` says what to do.
Refusal RefusedBy(std::string_view rule, std::string_view remedy,
                  absl::StatusCode code = absl::StatusCode::kFailedPrecondition);
Refusal BadInput(std::string_view rule, std::string_view remedy);

}  // namespace exitbus::exchange
