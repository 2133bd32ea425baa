// Which messages a part takes, for the tables that have a row for each.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "services/casework/parts.h"
#include "services/exchange/compose.h"

namespace exitbus::casework {

// As members of exchange.v1.Body.
inline std::set<int> LettersOf(CasePart part) {
  return exchange::Compose<casework_journal::v1::CaseFile, casework_journal::v1::CaseEvent>(
             kFiles, {std::move(part)}, [](const exchange::LetterPlace&) { return ""; })
      .letters;
}

}  // namespace exitbus::casework
