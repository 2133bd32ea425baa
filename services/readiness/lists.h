// What the parts of the readiness list share. Internal to this folder.
#pragma once

#include <string>

#include "exitbus/readiness_journal/v1/readiness.pb.h"
#include "services/exchange/part.h"

namespace exitbus::readiness {

namespace jv1 = readiness_journal::v1;
using ReadinessPart = exchange::Part<jv1::Readiness, jv1::ReadinessEvent>;

inline constexpr char kLists[] = "readiness";  // the aggregate's name

// The index key of this authority's own list, and of another's.
std::string OwnKey();
std::string KeyOf(const std::string& authority);

// Each method is about this authority's own list.
template <class Request>
std::string Own(const Request&) {
  return OwnKey();
}

// Whom to turn to, one or all.
ReadinessPart Recipients();

}  // namespace exitbus::readiness
