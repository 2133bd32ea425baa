// The contract of the MasterKey port as a suite: wherever a master key is kept, it passes. Include
// it in one test file and name how two different keys are made there:
//
//   INSTANTIATE_TEST_SUITE_P(File, MasterKeyContract, testing::Values(&MakeTwoFileMasterKeys));
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "services/exchange/ports/crypto.h"
#include "services/exchange/ports/master_key.h"

namespace exitbus::adapters {

using TwoMasterKeys =
    std::pair<std::unique_ptr<exchange::MasterKey>, std::unique_ptr<exchange::MasterKey>>;

class MasterKeyContract : public testing::TestWithParam<TwoMasterKeys (*)()> {
 protected:
  std::string Wrap(std::string_view scope) {
    auto wrapped = keys_.first->Wrap(scope, scope_key_);
    EXPECT_TRUE(wrapped.ok()) << wrapped.status();
    return wrapped.value_or("");
  }

  const TwoMasterKeys keys_ = GetParam()();
  const std::string scope_key_ = std::string(exchange::kKeyBytes, 'k');
};

TEST_P(MasterKeyContract, UnwrapsWhatItWrapped) {
  const std::string wrapped = Wrap("file/1");
  EXPECT_EQ(wrapped.find(scope_key_), std::string::npos);
  EXPECT_EQ(std::string_view(keys_.first->Unwrap("file/1", wrapped).value()), scope_key_);
  EXPECT_NE(Wrap("file/1"), wrapped);
}

TEST_P(MasterKeyContract, UnwrapsNothingElse) {
  const std::string wrapped = Wrap("file/1");
  std::string altered = wrapped;
  altered.back() = static_cast<char>(altered.back() ^ 1);
  EXPECT_TRUE(absl::IsInvalidArgument(keys_.first->Unwrap("file/2", wrapped).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(keys_.first->Unwrap("file/1", altered).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(keys_.first->Unwrap("file/1", "").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(keys_.second->Unwrap("file/1", wrapped).status()));
}

}  // namespace exitbus::adapters
