#include "services/exchange/obligation.h"

#include <algorithm>

#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"

namespace exitbus::exchange {
namespace {

using Owing = ov1::Obligation::Party;

bool IsOf(const Owing& party, std::string_view authority, std::string_view subject) {
  return party.authority() == authority && party.subject() == subject;
}

}  // namespace

Owing& Owe(const Party& to, absl::Time due, ov1::Obligation& obligation) {
  *obligation.mutable_due() = ToProto(due);
  Owing& party = *obligation.add_parties();
  party.set_authority(to.authority);
  party.set_subject(to.subject);
  return party;
}

ov1::Obligation OwedBy(std::string_view authority, std::string_view subject, absl::Time due) {
  ov1::Obligation obligation;
  *obligation.mutable_due() = ToProto(due);
  Owing& party = *obligation.add_parties();
  party.set_authority(std::string(authority));
  party.set_subject(std::string(subject));
  return obligation;
}

void OweTo(const LetterPlace& place, bool was_passed_on, ov1::Obligation& obligation) {
  obligation.set_owed_to(place.sender);
  obligation.set_owed_under(place.subject);
  obligation.set_was_passed_on(was_passed_on);
}

bool IsOwedToAnother(const ov1::Obligation& obligation) { return !obligation.owed_to().empty(); }

const Owing* FindParty(const ov1::Obligation& obligation, const LetterPlace& place) {
  return FindIn(obligation.parties(),
                [&](const Owing& party) { return IsOf(party, place.sender, place.subject); });
}

Owing Confirmed(Owing party, const DecisionContext& context) {
  *party.mutable_confirmed() = ToProto(context.now);
  return party;
}

void Confirm(const Owing& confirmed, ov1::Obligation& obligation) {
  for (Owing& party : *obligation.mutable_parties()) {
    if (IsOf(party, confirmed.authority(), confirmed.subject())) {
      *party.mutable_confirmed() = confirmed.confirmed();
    }
  }
}

bool IsOutstanding(const Owing& party, const Settled& settled) {
  return !party.has_confirmed() && !(settled && settled(party));
}

bool IsMet(const ov1::Obligation& obligation, const Settled& settled) {
  return std::none_of(obligation.parties().begin(), obligation.parties().end(),
                      [&](const Owing& party) { return IsOutstanding(party, settled); });
}

bool IsConfirmed(const ov1::Obligation& obligation) {
  return !obligation.parties().empty() && IsMet(obligation);
}

bool IsOverdue(const ov1::Obligation& obligation, const Settled& settled) {
  return obligation.overdue() && !IsMet(obligation, settled);
}

std::vector<Deadline> DeadlinesOf(const std::vector<NamedObligation>& all) {
  std::vector<Deadline> deadlines;
  for (const auto& [name, obligation, settled] : all) {
    if (obligation->overdue() || IsMet(*obligation, settled)) continue;
    deadlines.push_back({name, FromProto(obligation->due())});
  }
  return deadlines;
}

bool FallsDue(const std::vector<NamedObligation>& all, std::string_view name, absl::Time now) {
  const std::vector<Deadline> deadlines = DeadlinesOf(all);
  return std::any_of(deadlines.begin(), deadlines.end(), [&](const Deadline& deadline) {
    return deadline.name == name && deadline.due <= now;
  });
}

void MarkOverdue(const std::vector<NamedObligation>& all, std::string_view name) {
  for (const auto& [known_as, obligation, settled] : all) {
    const bool meant = known_as == name && !obligation->parties().empty();
    if (meant) const_cast<ov1::Obligation*>(obligation)->set_overdue(true);
  }
}

}  // namespace exitbus::exchange
