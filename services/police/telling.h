// Whom a police unit tells what, at which place in the case.
#pragma once

#include "exitbus/police_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"

namespace exitbus::police {

// All take the file as it is after what has happened so far, and add to the decision.

// The authority in charge of the case.
exchange::Party HolderOf(const police_journal::v1::SecurityFile& file,
                         const exchange::DecisionContext& context);
// The authority in charge, under this id.
exchange::Party InCharge(const std::string& authority, const std::string& subject,
                         const exchange::DecisionContext& context);
// The receiver of a handover that it has accepted; and the other district's unit, as what it is.
exchange::Party ReceiverOf(const police_journal::v1::Transfer& transfer);
exchange::Party OtherUnit(const police_journal::v1::Transfer& transfer, policy::v1::Relation as);
// It is told the conclusions.
void NotifyConclusions(const police_journal::v1::SecurityFile& file,
                       const exchange::DecisionContext& context, exchange::Decision& decision);
// The precautions, with urgent priority, to be acknowledged within the hour (SEC-03, TIM-12): to
// the authority in charge, or to the receiver of a handover that was accepted.
void NotifyPrecautions(const police_journal::v1::SecurityFile& file,
                       const exchange::DecisionContext& context, exchange::Decision& decision);
void NotifyReceiver(const police_journal::v1::SecurityFile& file,
                    const police_journal::v1::Transfer& transfer,
                    const exchange::DecisionContext& context, exchange::Decision& decision);
// The assessment in full, or that there is none, to the other district's unit.
void Transfer(const police_journal::v1::SecurityFile& file,
              const police_journal::v1::Transfer& transfer, exchange::Decision& decision);
// What was received from that unit is erased; it is told.
void EraseAndConfirm(const police_journal::v1::Transfer& transfer,
                     const exchange::DecisionContext& context, exchange::Decision& decision);
// The other unit owes that, of one that ends so.
void OweErasure(const police_journal::v1::Transfer& transfer,
                const exchange::DecisionContext& context, police_journal::v1::TransferEnded& ended);

}  // namespace exitbus::police
