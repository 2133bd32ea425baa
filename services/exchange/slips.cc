#include "services/exchange/slips.h"

#include <string>

#include "exitbus/exchange/v1/statement.pb.h"

namespace exitbus::exchange {

Decision NumberOutOfRange() {
  return Decision::Refuse("letter.number_out_of_range", "No responsibility number is that high.");
}

std::variant<v1::Slip, Decision> CheckSlip(std::string_view slip, std::uint64_t number,
                                           const InCharge& in_charge, const LetterPlace& place,
                                           const DecisionContext& context) {
  v1::SignedStatement outer;
  if (number > kNumberMax) return NumberOutOfRange();
  if (slip.empty() || !outer.ParseFromString(std::string(slip))) {
    return Decision::Refuse("slip.missing", "A take-over comes with the former holder's slip.");
  }
  const auto statement = context.statements->Verified(slip, outer.signer());
  if (!statement || !statement->has_slip() || statement->slip().holder() != outer.signer()) {
    return Decision::Refuse("slip.not_signed", "The slip's signature does not verify.");
  }
  const v1::Slip& said = statement->slip();
  if (said.reader() != context.self->id || said.reader_subject() != place.subject ||
      said.receiver() != place.sender || said.number() != number) {
    return Decision::Refuse("slip.for_another", "The slip names another reader, case or receiver.");
  }
  if (in_charge.number && said.from_number() > *in_charge.number) return Decision::Park();
  if (said.holder() != in_charge.authority ||
      (in_charge.number && said.from_number() < *in_charge.number)) {
    return Decision::Refuse("slip.not_by_holder", "The slip is not by the authority in charge.");
  }
  if (context.lookup->ProgressWith(said.holder(), place.channel, place.subject).applied <
      said.sent_through()) {
    return Decision::Park();
  }
  return said;
}

}  // namespace exitbus::exchange
