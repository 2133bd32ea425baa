// What others owe this authority that it told to do something, and whom it owes the same: that all
// have confirmed. For orders to erase, corrections, and whatever else goes down a line of
// authorities and is confirmed back up it.
#pragma once

#include <functional>
#include <optional>

#include "absl/time/time.h"
#include "exitbus/obligation_journal/v1/obligation.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/facts.h"

namespace exitbus::exchange {

namespace ov1 = obligation_journal::v1;

// It was told, and is to confirm within this many working days from now on.
ov1::Obligation::Party& Owe(const Party& to, int working_days, const Facts& facts,
                            ov1::Obligation& obligation);

// It was told by this letter itself.
void OweTo(const LetterPlace& place, bool was_passed_on, ov1::Obligation& obligation);
bool IsOwedToAnother(const ov1::Obligation& obligation);

// The one that writes; null: it owes nothing under this subject.
const ov1::Obligation::Party* FindParty(const ov1::Obligation& obligation,
                                        const LetterPlace& place);
// For `evolve`. Of who owes nothing, nothing comes.
void Confirm(const ov1::Obligation::Party& confirmed, ov1::Obligation& obligation);

// Whether one that has not confirmed need not any more. Null: each has to.
using Settled = std::function<bool(const ov1::Obligation::Party&)>;
bool IsOutstanding(const ov1::Obligation::Party& party, const Settled& settled = nullptr);
bool IsMet(const ov1::Obligation& obligation, const Settled& settled = nullptr);
// When an alarm is due; nullopt: it is met, or was alarmed of.
std::optional<absl::Time> DueOf(const ov1::Obligation& obligation,
                                const Settled& settled = nullptr);

}  // namespace exitbus::exchange
