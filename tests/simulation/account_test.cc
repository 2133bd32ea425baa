// The account of who saw what of a person: complete, in order, outliving an erasure, and about
// nobody by name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "exitbus/nec/v1/overview_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/checkpoints.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/colleagues.h"
#include "tests/simulation/follower.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;
using account::v1::AccountEntry;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr char kGetCase[] = "exitbus.casework.v1.CaseService.GetCase";

class AccountTest : public testing::Test {
 protected:
  AccountTest() { case_id = EnrolledCase(world, node); }

  std::vector<AccountEntry> Entries(Node& at) {
    auto entries = AccountOf(at, case_id);
    EXPECT_TRUE(entries.ok()) << entries.status();
    return entries.ok() ? *entries : std::vector<AccountEntry>();
  }
  // Only those of one kind of message or method.
  std::vector<AccountEntry> EntriesOf(Node& at, const std::string& kind) {
    std::vector<AccountEntry> all = Entries(at);
    all.erase(std::remove_if(all.begin(), all.end(),
                             [&](const AccountEntry& entry) { return entry.kind() != kind; }),
              all.end());
    return all;
  }
  void HandOver(Node& from, Node& to) {
    const std::string id = Offered(world, from, case_id, to);
    ASSERT_TRUE(Do(world, to, "TakeOverCase", id).ok());
    ASSERT_TRUE(world.Settle());
    ASSERT_TRUE(Do(world, from, "AcknowledgeHandover", id).ok());
    ASSERT_TRUE(world.Settle());
  }

  World world;
  Node& node = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  std::string case_id;
};

TEST_F(AccountTest, TellsWhoWhatWhenWhyAndOnWhichGround) {
  ASSERT_TRUE(GetCase(node, case_id).ok());
  ASSERT_TRUE(Involve(world, node, case_id, pv1::FUNCTION_JOBCENTRE).ok());
  {
    const Speaking unit(node, "jobcentre", "employee-2");
    ASSERT_TRUE(GetCase(node, case_id).ok());
  }
  Accepted(world, node, case_id, odense);
  const auto entries = Entries(node);
  ASSERT_GT(entries.size(), 6U);
  EXPECT_EQ(entries.front().kind(), "exitbus.casework.v1.CaseService.OpenCase");

  const auto reads = EntriesOf(node, kGetCase);
  ASSERT_EQ(reads.size(), 2U);
  EXPECT_EQ(reads[0].function(), pv1::FUNCTION_EXIT_COORDINATOR);
  EXPECT_EQ(reads[0].system(), "system");
  EXPECT_EQ(reads[0].employee(), "employee-1");
  EXPECT_EQ(reads[0].purpose(), "exit support");
  EXPECT_EQ(reads[0].legal_basis(), pv1::LEGAL_BASIS_DBL8);
  EXPECT_EQ(reads[0].reader(), pv1::READER_MUNICIPALITY);
  EXPECT_EQ(reads[0].authority(), "");
  EXPECT_THAT(reads[0].categories(), Contains(pv1::CATEGORY_HEALTH));
  EXPECT_THAT(reads[0].fields(), Contains("visitation.health_needs"));
  EXPECT_EQ(reads[1].function(), pv1::FUNCTION_JOBCENTRE);
  EXPECT_EQ(reads[1].reader(), pv1::READER_JOBCENTRE);
  EXPECT_THAT(reads[1].categories(), Not(Contains(pv1::CATEGORY_HEALTH)));

  const auto sent = EntriesOf(node, "exitbus.handover.v1.HandoverIdentityReleased");
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].authority(), odense.id());
  EXPECT_EQ(sent[0].authority_name(), "name of " + odense.id());
  EXPECT_EQ(sent[0].function(), pv1::FUNCTION_UNSPECIFIED);
  EXPECT_EQ(sent[0].reader(), pv1::READER_RECEIVER);
  EXPECT_EQ(sent[0].purpose(), "PURPOSE_HANDOVER");
  EXPECT_EQ(sent[0].legal_basis(), pv1::LEGAL_BASIS_FVL28);
  EXPECT_THAT(sent[0].categories(), Contains(pv1::CATEGORY_CPR_NUMBER));

  for (std::size_t i = 1; i < entries.size(); ++i) {
    EXPECT_LE(exchange::FromProto(entries[i - 1].time()), exchange::FromProto(entries[i].time()));
  }
}

// Why people look, and on which law what rests on nothing in the case is written, is decided by the
// authority; what was recorded in the case counts before that.
TEST_F(AccountTest, TellsWhatTheAuthorityHasDecided) {
  node.Crash();
  exchange::Laws& laws = node.environment().settings.laws;
  laws.purposes = {{"follow-up", pv1::LEGAL_BASIS_OTHER_LAW}, {"meeting", pv1::LEGAL_BASIS_DBL8}};
  laws.channels = {{pv1::CHANNEL_HANDOVER, pv1::LEGAL_BASIS_RPL115_2}};
  node.Start();
  cv1::GetCaseRequest get;
  get.set_case_id(case_id);
  const auto refusal = node.Ask(kGetCase, get).refusal;
  EXPECT_EQ(refusal.reason, "caller.purpose_not_listed");
  EXPECT_THAT(refusal.message, HasSubstr("(follow-up, meeting)"));
  node.caller().purpose = "follow-up";
  for (const auto& [remark, rule] : {std::pair("flat 12", "caller.purpose_in_words"),
                                     std::pair("efterforskning", "caller.purpose_investigation"),
                                     std::pair("two\nlines", "caller.bad_metadata")}) {
    node.caller().remark = remark;
    EXPECT_EQ(RuleOf(GetCase(node, case_id).status()), rule) << remark;
  }
  node.caller().remark = "a new mentor";
  ASSERT_TRUE(GetCase(node, case_id).ok());
  Accepted(world, node, case_id, odense);

  const auto reads = EntriesOf(node, kGetCase);
  ASSERT_FALSE(reads.empty());
  EXPECT_EQ(reads.back().purpose(), "follow-up");
  EXPECT_EQ(reads.back().remark(), "a new mentor");
  EXPECT_EQ(reads.back().legal_basis(), pv1::LEGAL_BASIS_OTHER_LAW);
  const auto basis_of = [&](const std::string& kind) {
    const auto sent = EntriesOf(node, "exitbus.handover.v1." + kind);
    return sent.empty() ? pv1::LEGAL_BASIS_UNSPECIFIED : sent.front().legal_basis();
  };
  EXPECT_EQ(basis_of("HandoverRequested"), pv1::LEGAL_BASIS_RPL115_2);
  EXPECT_EQ(basis_of("HandoverIdentityReleased"), pv1::LEGAL_BASIS_FVL28);  // as it was recorded
}

// Reads, changes, lists, repeats, watches, letters; everywhere.
TEST_F(AccountTest, EveryRowIsComplete) {
  Node& nec = world.Nec();
  Node& police = world.Police("1469");
  Node& fyn = world.Police("1465");
  case_id = EnrolledCase(world, node, "6202900002");
  cv1::RequestPoliceClarificationRequest ask;
  ask.set_request_id(world.RequestId());
  ask.set_case_id(case_id);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(node.Call<cv1::RequestPoliceClarificationResponse>(
                        absl::StrCat(kCaseService, "RequestPoliceClarification"), ask)
                    .ok());
  }
  Follower follower(node, kWatchCases);
  follower.Begin().CatchUp();
  HandOver(node, odense);
  ASSERT_TRUE(node.Call<cv1::ListCasesResponse>(absl::StrCat(kCaseService, "ListCases"),
                                                cv1::ListCasesRequest())
                  .ok());
  ASSERT_TRUE(Entries(node).size() > 1);
  int letters = 0, reads = 0;
  std::set<std::string> kinds;
  for (Node* at : {&node, &odense, &nec, &police, &fyn}) {
    for (const auto& [key, value] : at->store().rows(exchange::Table::kDisclosures)) {
      store::v1::DisclosureRow row;
      ASSERT_TRUE(row.ParseFromString(value));
      const auto about = exchange::StateKey::Decode(row.subject());
      if (about->aggregate == exchange::kCheckpointAggregate) continue;  // about nobody
      SCOPED_TRACE(row.DebugString());
      kinds.insert(row.kind());
      EXPECT_NE(row.purpose(), "");
      EXPECT_NE(row.purpose(), "PURPOSE_UNSPECIFIED");
      EXPECT_NE(row.legal_basis(), pv1::LEGAL_BASIS_UNSPECIFIED);
      EXPECT_NE(row.reader(), pv1::READER_UNSPECIFIED);
      EXPECT_NE(row.recipient(), "");
      EXPECT_TRUE(row.has_time());
      const bool read = row.recipient() == "caller";
      EXPECT_EQ(read, !row.caller().empty());
      EXPECT_EQ(read, row.number() == 0);
      ++(read ? reads : letters);
    }
  }
  EXPECT_GT(letters, 12);
  EXPECT_GT(reads, 12);
  EXPECT_THAT(kinds, Contains("exitbus.nec.v1.AgreementSigned"));
  EXPECT_THAT(kinds, Contains(kWatchCases));
  EXPECT_THAT(kinds, Contains(absl::StrCat(kCaseService, "ListCases")));
  EXPECT_THAT(kinds, Contains(absl::StrCat(kCaseService, "GetAccount")));
}

TEST_F(AccountTest, PagesHoldEveryEntryOnce) {
  Accepted(world, node, case_id, odense);
  const auto all = Entries(node);
  const auto paged = AccountOf(node, case_id, 2);
  ASSERT_TRUE(paged.ok()) << paged.status();
  // The first reading is one more entry, and the pages of the second are one.
  ASSERT_EQ(paged->size(), all.size() + 1);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ((*paged)[i].SerializeAsString(), all[i].SerializeAsString()) << i;
  }
  EXPECT_EQ(paged->back().kind(), absl::StrCat(kCaseService, "GetAccount"));
  EXPECT_THAT(paged->back().categories(), Contains(pv1::CATEGORY_AUDIT_LOG));
  cv1::GetAccountRequest request;
  request.set_case_id(case_id);
  request.set_page_token("made up");
  EXPECT_EQ(
      RuleOf(node.Call<cv1::GetAccountResponse>(absl::StrCat(kCaseService, "GetAccount"), request)
                 .status()),
      "request.bad_page_token");
}

TEST_F(AccountTest, ReadsInTurnAreOneRowEach) {
  const std::size_t before = Entries(node).size();
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(GetCase(node, case_id).ok());
    const Speaking other(node, "exit-coordinator", "employee-9");
    ASSERT_TRUE(GetCase(node, case_id).ok());
    world.Skip(absl::Minutes(1));
  }
  const auto reads = EntriesOf(node, kGetCase);
  ASSERT_EQ(reads.size(), 2U);
  EXPECT_EQ(reads[0].times(), 10U);
  EXPECT_EQ(reads[1].times(), 10U);
  EXPECT_EQ(reads[1].employee(), "employee-9");
  // Those two, and the reading of the account.
  EXPECT_EQ(Entries(node).size(), before + 3);
}

// Whatever else a unit's account is told, the rows that may still be counted in are few.
TEST_F(AccountTest, WhatMayStillBeCountedInIsBounded) {
  for (int i = 0; i < 100; ++i) {
    const Speaking other(node, "exit-coordinator", absl::StrCat("employee-", i));
    ASSERT_TRUE(GetCase(node, case_id).ok());
  }
  for (const auto& [key, value] : node.store().rows(exchange::Table::kMeta)) {
    EXPECT_LT(value.size(), 1000U) << key;
  }
  EXPECT_EQ(EntriesOf(node, kGetCase).size(), 100U);
}

TEST_F(AccountTest, ATokenIsGoodForThisCaseAndThisFunctionOnly) {
  const std::string method = absl::StrCat(kCaseService, "GetAccount");
  ASSERT_TRUE(GetCase(node, case_id).ok());
  cv1::GetAccountRequest request;
  request.set_case_id(case_id);
  request.set_page_size(1);
  const auto first = node.Call<cv1::GetAccountResponse>(method, request);
  ASSERT_TRUE(first.ok()) << first.status();
  request.set_page_token(first->next_page_token());
  request.set_page_size(2);  // how much at a time is not part of what is asked
  EXPECT_TRUE(node.Call<cv1::GetAccountResponse>(method, request).ok());
  {
    const Speaking other(node, "auditor", "employee-9");
    EXPECT_EQ(RuleOf(node.Call<cv1::GetAccountResponse>(method, request).status()),
              "request.bad_page_token");
  }
  request.set_case_id(EnrolledCase(world, node, "6101900002"));
  EXPECT_EQ(RuleOf(node.Call<cv1::GetAccountResponse>(method, request).status()),
            "request.bad_page_token");
}

TEST_F(AccountTest, ReadsThatDifferInNothingButTimeAreOneRowForAnHour) {
  const auto begun = node.environment().clock->Now();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(GetCase(node, case_id).ok());
    world.Skip(absl::Minutes(20));
    if (i == 1) {
      node.Crash();
      node.Start();
    }
  }
  auto reads = EntriesOf(node, kGetCase);
  ASSERT_EQ(reads.size(), 1U);
  EXPECT_EQ(reads[0].times(), 3U);
  EXPECT_EQ(exchange::FromProto(reads[0].time()), begun);
  EXPECT_GE(exchange::FromProto(reads[0].last()), begun + absl::Minutes(40));

  // After an hour the next read has a row of its own; and so has another employee's, another
  // purpose's, and the first one of that after an hour.
  ASSERT_TRUE(GetCase(node, case_id).ok());
  {
    const Speaking other(node, "exit-coordinator", "employee-9");
    ASSERT_TRUE(GetCase(node, case_id).ok());
    node.caller().purpose = "something else";
    ASSERT_TRUE(GetCase(node, case_id).ok());
    world.Skip(absl::Hours(1));
    ASSERT_TRUE(GetCase(node, case_id).ok());
  }
  EXPECT_EQ(EntriesOf(node, kGetCase).size(), 5U);
}

TEST_F(AccountTest, TwoLettersAreNeverOneRow) {
  const std::string id = Accepted(world, node, case_id, odense);
  ASSERT_TRUE(Do(world, node, "RecordLateFact", id).ok());
  ASSERT_TRUE(Do(world, node, "RecordLateFact", id).ok());
  EXPECT_EQ(EntriesOf(node, "exitbus.handover.v1.LateFact").size(), 2U);
}

TEST_F(AccountTest, OutlivesAnErasure) {
  const std::string id = Accepted(world, node, case_id, odense);
  ASSERT_TRUE(GetHandover(odense, id).ok());
  const auto before = Entries(odense).size();
  ASSERT_GT(before, 2U);
  ASSERT_TRUE(Do(world, node, "RecallHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(RuleOf(GetCase(odense, case_id).status()), "resource.not_found");
  const auto after = Entries(odense);
  EXPECT_GT(after.size(), before);
  EXPECT_THAT(
      EntriesOf(odense, "exitbus.handover.v1.HandoverService.GetHandover").front().categories(),
      Contains(pv1::CATEGORY_CPR_NUMBER));
  // Neither the person nor the case's id is what it is found by.
  for (const auto table : {exchange::Table::kMeta, exchange::Table::kDisclosures}) {
    for (const auto& [key, value] : odense.store().rows(table)) {
      for (const std::string& secret :
           {case_id, std::string("6101900001"), std::string("Canary"), std::string("canary")}) {
        EXPECT_THAT(key + value, Not(HasSubstr(secret)));
      }
    }
  }
}

TEST_F(AccountTest, ACaseThatCameBackHasOneAccount) {
  HandOver(node, odense);
  const auto first = Entries(node).size();
  HandOver(odense, node);
  ASSERT_TRUE(GetCase(node, case_id).ok());
  const auto entries = Entries(node);
  EXPECT_GT(entries.size(), first + 3);
  EXPECT_EQ(entries.front().kind(), "exitbus.casework.v1.CaseService.OpenCase");
  std::set<std::string> subjects;
  for (const auto& [key, value] : node.store().rows(exchange::Table::kDisclosures)) {
    store::v1::DisclosureRow row;
    ASSERT_TRUE(row.ParseFromString(value));
    if (IsCaseFile(row.subject())) subjects.insert(row.subject());
  }
  EXPECT_EQ(subjects.size(), 2U);
}

TEST_F(AccountTest, OfAnUnknownCaseIsAbsence) {
  cv1::GetAccountRequest request;
  request.set_case_id("no-such-case");
  cv1::GetCaseRequest get;
  get.set_case_id("no-such-case");
  EXPECT_EQ(BytesOf(node.Ask(absl::StrCat(kCaseService, "GetAccount"), request)),
            BytesOf(node.Ask(kGetCase, get)));
  request.set_case_id(case_id);
  EXPECT_EQ(BytesOf(odense.Ask(absl::StrCat(kCaseService, "GetAccount"), request)),
            BytesOf(odense.Ask(kGetCase, get)));
}

TEST_F(AccountTest, PoliceAndNecGiveTheirs) {
  Node& nec = world.Nec();
  Node& police = world.Police("1469");
  case_id = EnrolledCase(world, node, "6202900002");
  cv1::RequestPoliceClarificationRequest ask;
  ask.set_request_id(world.RequestId());
  ask.set_case_id(case_id);
  ASSERT_TRUE(node.Call<cv1::RequestPoliceClarificationResponse>(
                      absl::StrCat(kCaseService, "RequestPoliceClarification"), ask)
                  .ok());
  ASSERT_TRUE(world.Settle());

  const auto listed = police.Call<police::v1::ListSecurityFilesResponse>(
      "exitbus.police.v1.SecurityService.ListSecurityFiles",
      police::v1::ListSecurityFilesRequest());
  ASSERT_EQ(listed->files_size(), 1);
  police::v1::GetAccountRequest of_file;
  of_file.set_security_id(listed->files(0).security_id());
  const auto file = police.Call<police::v1::GetAccountResponse>(
      "exitbus.police.v1.SecurityService.GetAccount", of_file);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->entries_size(), 1);
  EXPECT_EQ(file->entries(0).legal_basis(), pv1::LEGAL_BASIS_RHL);
  EXPECT_EQ(file->entries(0).reader(), pv1::READER_POLICE);

  const auto entry = OnlyEntry(nec);
  ASSERT_TRUE(entry.ok()) << entry.status();
  nec::v1::GetAccountRequest of_entry;
  of_entry.set_overview_id(entry->overview_id());
  const auto account =
      nec.Call<nec::v1::GetAccountResponse>("exitbus.nec.v1.OverviewService.GetAccount", of_entry);
  ASSERT_TRUE(account.ok()) << account.status();
  ASSERT_EQ(account->entries_size(), 1);
  EXPECT_EQ(account->entries(0).kind(), "exitbus.nec.v1.OverviewService.ListEntries");
  EXPECT_EQ(account->entries(0).function(), pv1::FUNCTION_CASE_OFFICER);
}

}  // namespace
}  // namespace exitbus::simulation
