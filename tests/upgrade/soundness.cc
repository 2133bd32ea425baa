#include "tests/upgrade/soundness.h"

#include <gtest/gtest.h>

#include "services/evidence/collect.h"
#include "services/evidence/verify.h"
#include "tests/upgrade/golden.h"

namespace exitbus::upgrade {

void ExpectNone(simulation::Node& node, const std::vector<const char*>& alarms) {
  for (const char* alarm : alarms) {
    for (const auto& line : node.telemetry().LinesOf(alarm)) {
      ADD_FAILURE() << node.id() << ": " << alarm << " " << ::testing::PrintToString(line.fields);
    }
  }
}

void ExpectAllTaken(Golden& golden) {
  for (const auto& [id, node] : golden.nodes()) {
    EXPECT_EQ(node->unreceipted(), 0U) << id;
    EXPECT_EQ(node->store().rows(exchange::Table::kParked).size(), 0U) << id;
    ExpectNone(*node, {"inbox.dead_letter", "letter.refused", "letter.refused_by_peer",
                       "correspondence.stopped", "store.unreadable"});
  }
}

void ExpectSoundEvidence(Golden& golden) {
  std::vector<evidence::v1::EvidenceFile> files;
  for (const auto& [id, node] : golden.nodes()) {
    auto file = evidence::Collect(node->store(), *golden.world.crypto,
                                  {id, golden.world.domain_clock.Now(), ""});
    ASSERT_TRUE(file.ok()) << file.status();
    files.push_back(*std::move(file));
  }
  for (const auto& finding : evidence::Verify(files, *golden.world.crypto)) {
    EXPECT_FALSE(finding.fault) << finding.text;
  }
}

}  // namespace exitbus::upgrade
