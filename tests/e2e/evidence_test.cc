// Evidence out of running authorities' stores, checked with exitctl as anyone may; and stores that
// were meddled with, each named for what was done to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "tests/e2e/environment.h"
#include "tests/story/checks.h"

namespace exitbus::story {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::Duration kSettleLimit = absl::Seconds(30);
constexpr absl::Duration kLook = absl::Milliseconds(200);

struct Said {
  bool ok = false;
  std::string text;
};

class EvidenceTest : public ::testing::Test {
 protected:
  // A case at Ishøj that is asked to be handed over to Odense.
  static void SetUpTestSuite() {
    auto ishoj = Actor::Make(MemberNamed(kIshoj), TheDeployment().ClientOf(MemberNamed(kIshoj)));
    ASSERT_TRUE(ishoj.ok()) << ishoj.status();
    cv1::Person person;
    person.set_cpr_number("6201801234");
    person.set_name("Opdigtet Evidens");
    const auto opened = (*ishoj)->OpenCase(person, "Opdigtet Vej 1");
    ASSERT_TRUE(opened.ok()) << opened.status();
    CaseId() = opened->case_id();
    ASSERT_TRUE((*ishoj)->RecordConsent(CaseId()).ok());
    cv1::Visitation visitation;
    visitation.set_affiliation("a");
    visitation.set_position("p");
    visitation.set_motivation("m");
    visitation.set_risk_on_leaving("r");
    ASSERT_TRUE((*ishoj)->DecideVisitation(CaseId(), visitation).ok());
    ASSERT_TRUE((*ishoj)->SignAgreement(CaseId(), FirstAgreement(kIshoj)).ok());
    const auto requested =
        (*ishoj)->RequestHandover(CaseId(), kOdense, hv1::HANDOVER_REASON_RELOCATION);
    ASSERT_TRUE(requested.ok()) << requested.status();
  }
  static std::string& CaseId() {
    static auto* id = new std::string;
    return *id;
  }

  EvidenceTest() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
    std::filesystem::create_directories(folder_, ignored);
  }

  Said Exitctl(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command = {Deployment::Program("exitctl")};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const std::string log = folder_ + "/exitctl.log";
    const bool ok = RunTool(command, log).ok();
    return {ok, adapters::ReadFile(log).value_or("")};
  }

  // The evidence in a data folder, into a file of its own.
  std::string Export(const Member& member, const std::string& data_folder) const {
    const std::string file = absl::StrCat(folder_, "/", FreshId(), ".evidence");
    const Said said = Exitctl({"evidence", "export", "--data-folder", data_folder, "--authority",
                               member.id, "--out", file});
    EXPECT_TRUE(said.ok) << said.text;
    return file;
  }
  std::string Export(const std::string& id) const {
    return Export(MemberNamed(id), places_.Of(MemberNamed(id)) + "/data");
  }
  Said Verify(const std::vector<std::string>& files) const {
    std::vector<std::string> command = {"evidence", "verify"};
    command.insert(command.end(), files.begin(), files.end());
    return Exitctl(command);
  }

  // When all that was sent between them has been received.
  std::vector<std::string> SettledFiles(const std::vector<std::string>& ids) const {
    const absl::Time limit = absl::Now() + kSettleLimit;
    while (true) {
      std::vector<std::string> files;
      for (const std::string& id : ids) files.push_back(Export(id));
      const Said said = Verify(files);
      const bool settled = said.text.find("note ") == std::string::npos &&
                           said.text.find(", 0 checkpoints") == std::string::npos;
      if (settled || !said.ok || absl::Now() > limit) {
        EXPECT_TRUE(settled && said.ok) << said.text;
        return files;
      }
      absl::SleepFor(kLook);
    }
  }

  // A copy of an authority's store with something done to it by SQL; its data folder.
  std::string Meddled(const std::string& id, const std::string& sql) const {
    const std::string folder = absl::StrCat(folder_, "/", FreshId());
    std::filesystem::create_directories(folder);
    const std::string copy = folder + "/journal.sqlite";
    Sql(places_.journal(MemberNamed(id)), "VACUUM INTO '" + copy + "'");
    Sql(copy, sql);
    return folder;
  }
  static void Sql(const std::string& file, const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK);
    sqlite3_busy_timeout(database, 5000);
    char* why = nullptr;
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &why), SQLITE_OK)
        << (why == nullptr ? "" : why);
    EXPECT_TRUE(sql.starts_with("VACUUM") || sqlite3_changes(database) > 0) << sql;
    sqlite3_free(why);
    sqlite3_close_v2(database);
  }
  // What is said of a store that was meddled with, next to the other end as it is.
  std::string SaidOf(const std::string& id, const std::string& sql,
                     const std::string& other) const {
    const Said said = Verify({Export(MemberNamed(id), Meddled(id, sql)), Export(other)});
    EXPECT_FALSE(said.ok) << said.text;
    return said.text;
  }

  const Places& places_ = TheDeployment().places();
  const std::string folder_ = places_.state + "/evidence";
};

TEST_F(EvidenceTest, RunningAuthoritiesAgreeAndKeepEachOthersCheckpoints) {
  const auto files = SettledFiles({kIshoj, kOdense, kNec});
  const Said said = Verify(files);
  EXPECT_TRUE(said.ok) << said.text;
  EXPECT_THAT(said.text, AllOf(HasSubstr("nothing is wrong"), HasSubstr(kIshoj), HasSubstr(kNec)));
  for (const std::string& file : files) {
    const std::string bytes = *adapters::ReadFile(file);
    EXPECT_THAT(bytes, Not(HasSubstr("Evidens")));
    EXPECT_THAT(bytes, Not(HasSubstr("6201801234")));
    EXPECT_THAT(bytes, Not(HasSubstr(CaseId())));
  }
}

TEST_F(EvidenceTest, AnAlteredEntryIsNamed) {
  SettledFiles({kIshoj, kOdense});
  EXPECT_THAT(SaidOf(kOdense,
                     "UPDATE journal SET value = substr(value, 1, length(value) - 1) || x'00' "
                     "WHERE key = x'0000000000000001'",
                     kIshoj),
              HasSubstr("FAULT  municipality-0461: the journal: number 1 is not the entry that "
                        "number 2 follows: it was altered"));
}

TEST_F(EvidenceTest, ADeletedRecordIsNamedWithWhereItIsMissing) {
  SettledFiles({kIshoj, kOdense});
  // The first letter of a handover (channel 2).
  EXPECT_THAT(SaidOf(kOdense,
                     "DELETE FROM inbox WHERE key = (SELECT min(key) FROM inbox WHERE "
                     "CAST(key AS TEXT) LIKE '2/municipality-0183/%')",
                     kIshoj),
              AllOf(HasSubstr("municipality-0183 -> municipality-0461, handover, subject "),
                    HasSubstr("number 1 missing at municipality-0461")));
}

TEST_F(EvidenceTest, ACutJournalIsNamed) {
  SettledFiles({kIshoj, kOdense});
  EXPECT_THAT(
      SaidOf(kIshoj, "DELETE FROM journal WHERE key = (SELECT max(key) FROM journal)", kOdense),
      AllOf(HasSubstr("FAULT  municipality-0183: the journal: "), HasSubstr("its end was cut")));
}

TEST_F(EvidenceTest, CheckpointsThatAWitnessHoldsCannotBeTakenBack) {
  SettledFiles({kIshoj, kOdense});
  EXPECT_THAT(
      SaidOf(kIshoj, "DELETE FROM states WHERE key = CAST('checkpoints/own' AS BLOB)", kOdense),
      HasSubstr("municipality-0183: checkpoint 1, kept by its witness municipality-0461, is "
                "missing in its own book"));
}

TEST_F(EvidenceTest, WhoAnsweredForACaseIsToldOffline) {
  const Said answer = Exitctl({"case", "responsible", CaseId(), "--json", "--profile",
                               places_.profile(MemberNamed(kIshoj))});
  ASSERT_TRUE(answer.ok) << answer.text;
  const std::string response = folder_ + "/response.json";
  ASSERT_TRUE(adapters::ReplaceFile(response, answer.text).ok());
  std::vector<std::string> command = {"evidence",    "responsible",       "--response",  response,
                                      "--directory", places_.directory(), "--threshold", "2"};
  for (const std::string& signer : TheDeployment().signers()) {
    command.insert(command.end(), {"--signer", signer});
  }
  const Said said = Exitctl(command);
  EXPECT_TRUE(said.ok) << said.text;
  EXPECT_THAT(said.text, HasSubstr("municipality-0183 answered for the case, under number 1"));
}

}  // namespace
}  // namespace exitbus::story
