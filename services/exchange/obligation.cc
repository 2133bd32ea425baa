#include "services/exchange/obligation.h"

#include <algorithm>

#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"

namespace exitbus::exchange {
namespace {

using Owing = ov1::Obligation::Party;

bool IsOf(const Owing& party, std::string_view authority, std::string_view subject) {
  return party.authority() == authority && party.subject() == subject;
}

}  // namespace

Owing& Owe(const Party& to, int working_days, const Facts& facts, ov1::Obligation& obligation) {
  *obligation.mutable_due() = ToProto(AddWorkingDays(facts.now, working_days));
  Owing& party = *obligation.add_parties();
  party.set_authority(to.authority);
  party.set_subject(to.subject);
  return party;
}

void OweTo(const LetterPlace& place, bool was_passed_on, ov1::Obligation& obligation) {
  obligation.set_owed_to(place.sender);
  obligation.set_owed_under(place.subject);
  obligation.set_was_passed_on(was_passed_on);
}

bool IsOwedToAnother(const ov1::Obligation& obligation) { return !obligation.owed_to().empty(); }

const Owing* FindParty(const ov1::Obligation& obligation, const LetterPlace& place) {
  const auto& parties = obligation.parties();
  const auto found = std::find_if(parties.begin(), parties.end(), [&](const Owing& party) {
    return IsOf(party, place.sender, place.subject);
  });
  return found == parties.end() ? nullptr : &*found;
}

void Confirm(const Owing& confirmed, ov1::Obligation& obligation) {
  for (Owing& party : *obligation.mutable_parties()) {
    if (IsOf(party, confirmed.authority(), confirmed.subject())) {
      *party.mutable_confirmed() = confirmed.confirmed();
    }
  }
  if (IsMet(obligation)) obligation.clear_overdue();
}

bool IsOutstanding(const Owing& party, const Settled& settled) {
  return !party.has_confirmed() && !(settled && settled(party));
}

bool IsMet(const ov1::Obligation& obligation, const Settled& settled) {
  return std::none_of(obligation.parties().begin(), obligation.parties().end(),
                      [&](const Owing& party) { return IsOutstanding(party, settled); });
}

std::optional<absl::Time> DueOf(const ov1::Obligation& obligation, const Settled& settled) {
  if (obligation.overdue() || IsMet(obligation, settled)) return std::nullopt;
  return FromProto(obligation.due());
}

}  // namespace exitbus::exchange
