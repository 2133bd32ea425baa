// Who was shown what is in the account: of every letter that has left any authority by now, and of
// a read, as the citizen would be told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "adapters/sqlite/sqlite_store.h"
#include "exitbus/account/v1/account.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/transaction.h"
#include "tests/e2e/environment.h"
#include "tests/separation/tally.h"

namespace exitbus::story {
namespace {

using account::v1::AccountEntry;
using exchange::Table;
using ::testing::Contains;

constexpr char kPerson[] = "6401830001";
constexpr char kEmployee[] = "employee-who-looks";
constexpr char kGetCase[] = "exitbus.casework.v1.CaseService.GetCase";

// "nec, number 2" → how often.
using Letters = std::map<std::string, int>;

std::string Letter(const std::string& recipient, std::uint64_t number) {
  return absl::StrCat(recipient, ", number ", number);
}

void ForEachRow(exchange::Store& store, Table table,
                const std::function<void(const exchange::Row&)>& each) {
  const auto rows = store.Scan(table, "", "", 1'000'000);
  ASSERT_TRUE(rows.ok()) << rows.status();
  for (const exchange::Row& row : *rows) each(row);
}

TEST(AccountedTest, EveryLetterIsARowAtWhoeverSentIt) {
  int letters = 0;
  for (const Member& member : Cast()) {
    const auto store = adapters::OpenSqliteSnapshot(TheDeployment().places().journal(member));
    ASSERT_TRUE(store.ok()) << store.status();
    Letters sent;
    Letters accounted;
    ForEachRow(**store, Table::kSent, [&](const exchange::Row& row) {
      const auto key = exchange::LetterKey::Decode(row.key);
      ASSERT_TRUE(key);
      ++sent[Letter(key->correspondence.peer, key->number)];
      ++letters;
    });
    ForEachRow(**store, Table::kDisclosures, [&](const exchange::Row& row) {
      store::v1::DisclosureRow disclosure;
      ASSERT_TRUE(disclosure.ParseFromString(row.value));
      if (disclosure.number() == 0) return;  // a read
      ++accounted[Letter(disclosure.recipient(), disclosure.number())];
    });
    EXPECT_EQ(accounted, sent) << member.id;
    EXPECT_FALSE(sent.empty()) << member.id;
  }
  Tally::Count("account: letters, at their senders'", letters);
}

TEST(AccountedTest, TheCitizenIsToldWhoReadAndWhomItWasSentTo) {
  const Member& ishoj = MemberNamed(kIshoj);
  const auto coordinator = Actor::Make(ishoj, TheDeployment().ClientOf(ishoj));
  ASSERT_TRUE(coordinator.ok()) << coordinator.status();
  const std::string case_id = EnrolledCase(**coordinator, kPerson);
  adapters::CallOptions options;
  options.metadata = {{"exitbus-employee", kEmployee}, {"exitbus-purpose", "to look"}};
  cv1::GetCaseRequest request;
  request.set_case_id(case_id);
  const auto read = ClientWith(ishoj, ishoj.client)->Call(kGetCase, request, options);
  ASSERT_TRUE(read.ok()) << read.status();

  const auto entries = (*coordinator)->GetAccount(case_id);
  ASSERT_TRUE(entries.ok()) << entries.status();
  std::vector<AccountEntry> reads;
  std::vector<std::string> sent;
  for (const AccountEntry& entry : *entries) {
    if (entry.employee() == kEmployee) reads.push_back(entry);
    if (!entry.authority().empty()) sent.push_back(entry.authority() + " " + entry.kind());
  }
  ASSERT_EQ(reads.size(), 1U);
  EXPECT_EQ(reads[0].kind(), kGetCase);
  EXPECT_EQ(reads[0].purpose(), "to look");
  EXPECT_EQ(reads[0].function(), policy::v1::FUNCTION_EXIT_COORDINATOR);
  EXPECT_THAT(reads[0].fields(), Contains("person.cpr_number"));
  EXPECT_THAT(sent, ::testing::UnorderedElementsAre("nec exitbus.nec.v1.VisitationDecided",
                                                    "nec exitbus.nec.v1.AgreementSigned"));
  Tally::Count("account: a read and two letters, as told", 3);
}

}  // namespace
}  // namespace exitbus::story
