#include "services/police/erasure.h"

#include <algorithm>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/erasure.h"
#include "services/police/security_file.h"

namespace exitbus::police {
namespace {

namespace jv1 = police_journal::v1;
using exchange::Decision;
using exchange::Facts;
using exchange::LetterPlace;

constexpr exchange::AsEvent kAsEvent = &exchange::ErasureAs<jv1::SecurityEvent>;

// Who has had to do with the case, as far as this unit was told.
bool IsParty(const jv1::SecurityFile& file, const std::string& authority) {
  const auto takes_part = [&](const jv1::Transfer& transfer) {
    return authority == transfer.seen().holder() || authority == transfer.seen().receiver() ||
           (transfer.incoming() && authority == transfer.seen().counterpart());
  };
  return authority == file.holder() ||
         std::any_of(file.transfers().begin(), file.transfers().end(), takes_part);
}

exchange::Holding HoldingOf(const jv1::SecurityFile& file,
                            const casework::v1::ErasureOrdered& order) {
  exchange::Holding holding;
  holding.number = order.number();
  holding.subjects.push_back(file.security_id());
  for (const jv1::Transfer& transfer : file.transfers()) {
    const v1::Transfer& seen = transfer.seen();
    holding.subjects.push_back(seen.handover_id());
    // One that moved has its own holder to order it.
    if (!transfer.incoming() && !seen.counterpart().empty() && !seen.erasure_confirmed() &&
        seen.stage() == v1::TRANSFER_STAGE_ENDED) {
      holding.told.push_back(
          {seen.counterpart(), policy::v1::RELATION_RECEIVING_POLICE, seen.handover_id()});
    }
  }
  return holding;
}

}  // namespace

Decision OnErasureOrdered(const jv1::SecurityFile& file, const LetterPlace& place,
                          const casework::v1::ErasureOrdered& order, const Facts& facts) {
  if (file.security_id().empty())
    return exchange::EraseAsOrdered({}, place, order, facts, kAsEvent);
  const bool in_charge = file.standing() == v1::POLICE_STANDING_IN_CHARGE;
  if (in_charge ? place.sender == file.holder() : IsParty(file, place.sender)) {
    return exchange::EraseAsOrdered(HoldingOf(file, order), place, order, facts, kAsEvent);
  }
  if (in_charge || file.standing() == v1::POLICE_STANDING_RECEIVING) {
    return Decision::Park();  // what makes it the holder is on its way
  }
  return Decision::Refuse("erasure.not_the_holder",
                          "Only who answers for the case orders that it be erased.");
}

Decision OnLetterToErased(const jv1::SecurityFile& file, const LetterPlace& place,
                          const exchange::v1::Body& body, const Facts& facts) {
  return exchange::DecideErased(file.erasure(), place, body, facts, kAsEvent);
}

}  // namespace exitbus::police
