// Who may do what at the broker, by trying it.
#include <gtest/gtest.h>

#include "tests/e2e/environment.h"
#include "tests/separation/tally.h"

namespace exitbus::story {
namespace {

TEST(BrokerMatrixTest, TheAccessListIsWhatThePolicySays) {
  const absl::Status checked = TheDeployment().CheckProvisioned();
  EXPECT_TRUE(checked.ok()) << checked;
}

}  // namespace
}  // namespace exitbus::story
