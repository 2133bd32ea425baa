// What lies in a case file, opened with its authority's own keys.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/vault.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/world.h"

namespace exitbus::simulation {

// What the node's file says of this handover.
inline casework_journal::v1::Handover InFile(Node& node, const std::string& handover_id) {
  for (const auto& [key, value] : node.store().rows(exchange::Table::kStates)) {
    store::v1::StateRow row;
    casework_journal::v1::CaseFile file;
    if (!IsCaseFile(key) || !row.ParseFromString(value)) continue;
    const auto plain = node.environment().vault->Decrypt(
        row.scope(), {exchange::Table::kStates, key, row.version()}, row.sealed_state());
    EXPECT_TRUE(plain.ok() && file.ParseFromString(*plain));
    for (const auto& handover : file.handovers()) {
      if (handover.handover_id() == handover_id) return handover;
    }
  }
  ADD_FAILURE() << "no such handover";
  return {};
}

}  // namespace exitbus::simulation
