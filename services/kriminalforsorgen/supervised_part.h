// What the parts share of whom a unit of Kriminalforsorgen supervises. Internal to it.
#pragma once

#include <memory>
#include <string>

#include "exitbus/kriminalforsorgen/v1/supervision.pb.h"
#include "exitbus/kriminalforsorgen_journal/v1/supervision.pb.h"
#include "services/exchange/part.h"

namespace exitbus::kriminalforsorgen {

namespace jv1 = kriminalforsorgen_journal::v1;
using SupervisedPart = exchange::Part<jv1::Supervised, jv1::SupervisedEvent>;

// What this unit's people say of him: his parole, and breaches of its terms.
SupervisedPart UnitSays();

std::string Key(const std::string& supervision_id);
template <class Request>
std::string ById(const Request& request) {
  return Key(request.supervision_id());
}
bool IsOver(const jv1::Supervised& supervised);
std::unique_ptr<google::protobuf::Message> View(const jv1::Supervised& supervised);
// So it is from now on.
exchange::Decision So(const jv1::Supervised& supervised);
exchange::Party Holder(const v1::SupervisedCase& seen);

// Who answers for the case hears it; who comes after another hears it anew.
void TellParole(const v1::SupervisedCase& seen, exchange::Decision& decision);
void TellBreach(const v1::SupervisedCase& seen, const google::protobuf::Timestamp& breached,
                exchange::Decision& decision);

}  // namespace exitbus::kriminalforsorgen
