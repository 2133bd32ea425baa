#include "tests/separation/overfull_row.h"

#include <gtest/gtest.h>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/store/v1/rows.pb.h"

namespace exitbus::story {

using exchange::Table;

bool LeaveAMeasureIn(exchange::Store& store, exchange::Vault& vault,
                     const std::string& description) {
  const auto waiting = store.Scan(Table::kOutbox, "", "", 1000);
  EXPECT_TRUE(waiting.ok()) << waiting.status();
  for (const auto& [key, value] : waiting.value_or(std::vector<exchange::Row>())) {
    store::v1::OutboxRow row;
    exchange::v1::Content content;
    exchange::v1::Body body;
    EXPECT_TRUE(row.ParseFromString(value));
    const auto plain = vault.Decrypt(row.scope(), {Table::kOutbox, key}, row.sealed_content());
    EXPECT_TRUE(plain.ok() && content.ParseFromString(*plain) &&
                body.ParseFromString(content.body()));
    // The police hear of it too, and none of the agreement.
    if (!body.has_agreement_signed() || row.channel() != policy::v1::CHANNEL_NEC) continue;
    body.mutable_agreement_signed()->mutable_agreement()->add_measures()->set_description(
        description);
    content.set_body(body.SerializeAsString());
    row.set_sealed_content(
        vault.Encrypt(row.scope(), {Table::kOutbox, key}, content.SerializeAsString()));
    EXPECT_TRUE(store
                    .Commit(exchange::Durability::kDurable,
                            {{Table::kOutbox, key, row.SerializeAsString()}})
                    .ok());
    return true;
  }
  return false;
}

}  // namespace exitbus::story
