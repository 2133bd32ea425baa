// What a node's store shows by itself, without a key: that its journal and its correspondences are
// whole.
#pragma once

#include <gtest/gtest.h>

#include "services/evidence/collect.h"
#include "services/evidence/verify.h"
#include "tests/simulation/world.h"

namespace exitbus::simulation {

inline void ExpectWholeJournal(Node& node) {
  const exchange::Environment& environment = node.environment();
  const auto file = evidence::Collect(node.store(), *environment.crypto,
                                      {node.id(), environment.clock->Now(), ""});
  ASSERT_TRUE(file.ok()) << file.status();
  for (const evidence::Finding& finding : evidence::Verify({*file}, *environment.crypto)) {
    EXPECT_FALSE(finding.fault) << finding.text;
  }
}

}  // namespace exitbus::simulation
