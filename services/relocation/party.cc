#include "services/relocation/party.h"

namespace exitbus::relocation {

std::optional<exchange::Refusal> WithdrawalFault(const v1::Relocation& seen,
                                                 v1::RelocationWithdrawalReason reason,
                                                 bool is_police) {
  if (HasEnded(seen.stage())) {
    return Ended();
  }
  switch (reason) {
    case v1::RELOCATION_WITHDRAWAL_REASON_CITIZEN_DECLINES:
    case v1::RELOCATION_WITHDRAWAL_REASON_NO_LONGER_NEEDED:
    case v1::RELOCATION_WITHDRAWAL_REASON_ERROR:
      return std::nullopt;
    case v1::RELOCATION_WITHDRAWAL_REASON_UNSPECIFIED:
      return exchange::BadInput("relocation.reason_required", "Say by a code why it is withdrawn.");
    default:
      break;
  }
  const bool declines = reason == v1::RELOCATION_WITHDRAWAL_REASON_NOT_COUNTERSIGNED;
  if (declines && is_police && seen.stage() == v1::RELOCATION_STAGE_PROPOSED) return std::nullopt;
  return exchange::BadInput(
      "relocation.reason_not_yours",
      "Give CITIZEN_DECLINES, NO_LONGER_NEEDED or ERROR; of a proposal, the police unit also "
      "NOT_COUNTERSIGNED. The others are set by the system.");
}

exchange::Refusal Ended() {
  return exchange::RefusedBy("relocation.ended",
                             "It is withdrawn or completed, or was found not necessary.");
}

exchange::Refusal HandoverOpen() {
  return exchange::RefusedBy(
      "relocation.handover_open",
      "The case is being handed over there. The authority in charge recalls that first: "
      "RecallHandover, after the offer RequestRecall.");
}

v1::RelocationWithdrawn MessageOf(const jv1::Withdrawn& withdrawn) {
  v1::RelocationWithdrawn message;
  message.set_relocation_id(withdrawn.relocation_id());
  message.set_reason(withdrawn.reason());
  return message;
}

v1::RelocationNominated MessageOf(const jv1::Nominated& nominated) {
  const v1::Relocation& relocation = nominated.relocation();
  v1::RelocationNominated message;
  message.set_relocation_id(relocation.relocation_id());
  message.set_holder(relocation.holder());
  *message.mutable_nomination() = relocation.nomination();
  message.set_version(relocation.version());
  return message;
}

}  // namespace exitbus::relocation
