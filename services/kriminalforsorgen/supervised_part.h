// What the parts share of whom a unit of Kriminalforsorgen supervises. Internal to it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "exitbus/kriminalforsorgen/v1/supervision.pb.h"
#include "exitbus/kriminalforsorgen_journal/v1/supervision.pb.h"
#include "services/exchange/part.h"

namespace exitbus::kriminalforsorgen {

namespace jv1 = kriminalforsorgen_journal::v1;
using SupervisedPart = exchange::Part<jv1::Supervised, jv1::SupervisedEvent>;
using SupervisedLetter = exchange::Letter<jv1::Supervised>;

// What this unit's people say of him: his parole, and breaches of its terms.
SupervisedPart UnitSays();
// What becomes of the case beside its course, and what is done about it here.
SupervisedPart Matters();

std::string Key(const std::string& supervision_id);
template <class Request>
std::string ById(const Request& request) {
  return Key(request.supervision_id());
}
bool IsKnown(const jv1::Supervised& supervised);
bool IsOver(const jv1::Supervised& supervised);
// Of a supervision that has ended; nullopt: it has not.
std::optional<exchange::Decision> RefuseOver(const jv1::Supervised& known);
// What only the holder of `number` may say; nullopt: it is.
std::optional<exchange::Decision> RefuseStranger(const SupervisedLetter& letter,
                                                 std::uint64_t number);
std::unique_ptr<google::protobuf::Message> View(const jv1::Supervised& supervised);
// So it is from now on.
exchange::Decision So(const jv1::Supervised& supervised);
exchange::Party Holder(const v1::SupervisedCase& seen);

// Who answers for the case hears it; who comes after another hears it anew.
void TellParole(const v1::SupervisedCase& seen, exchange::Decision& decision);
void TellBreach(const v1::SupervisedCase& seen, const google::protobuf::Timestamp& breached,
                exchange::Decision& decision);

}  // namespace exitbus::kriminalforsorgen
