// A police unit's service and NEC's gang list, a process of its own with a store of its own: what
// reaches the list, and what comes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/intake_service.pb.h"
#include "exitbus/gang_list/v1/gang_list.pb.h"
#include "exitbus/police/v1/nec_status_service.pb.h"
#include "tests/e2e/environment.h"
#include "tests/story/calls.h"

namespace exitbus::story {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kIntake = "exitbus.casework.v1.IntakeService.";
constexpr std::string_view kNecStatus = "exitbus.police.v1.NecStatusService.";
constexpr char kDistrict[] = "koebenhavns-vestegns-politi";  // as any of its systems
constexpr char kListed[] = "6101920051";
constexpr char kUnlisted[] = "6101920052";
constexpr char kAnother[] = "6101920053";

// The list's own store, read and written from outside.
class ListStore {
 public:
  explicit ListStore(const std::string& file) { sqlite3_open(file.c_str(), &database_); }
  ~ListStore() { sqlite3_close(database_); }
  ListStore(const ListStore&) = delete;
  ListStore& operator=(const ListStore&) = delete;

  std::vector<std::vector<std::string>> Rows(const std::string& sql) {
    std::vector<std::vector<std::string>> rows;
    sqlite3_stmt* found = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database_, sql.c_str(), -1, &found, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database_);
    while (sqlite3_step(found) == SQLITE_ROW) {
      auto& row = rows.emplace_back();
      for (int i = 0; i < sqlite3_column_count(found); ++i) {
        row.emplace_back(static_cast<const char*>(sqlite3_column_blob(found, i)),
                         sqlite3_column_bytes(found, i));
      }
    }
    sqlite3_finalize(found);
    return rows;
  }

 private:
  sqlite3* database_ = nullptr;
};

class GangListTest : public testing::Test {
 protected:
  GangListTest() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    for (const std::vector<std::string>& what : {std::vector<std::string>{"init"},
                                                 {"issue-authority", "gang-list"},
                                                 {"issue-client", kDistrict}}) {
      std::vector<std::string> command = {Deployment::Tool("certificates"), "--dir", folder_};
      command.insert(command.end(), what.begin(), what.end());
      EXPECT_TRUE(RunTool(command, folder_ + "/certificates.log").ok());
    }
    ListStore store(store_file_);
    store.Rows("CREATE TABLE listed (cpr_number TEXT PRIMARY KEY)");
    store.Rows(absl::StrCat("INSERT INTO listed VALUES ('", kListed, "')"));
    const auto ports = ChoosePorts(folder_ + "/ports", {"list"});
    EXPECT_TRUE(ports.ok());
    address_ = absl::StrCat("127.0.0.1:", ports->at("list"));
    list_ = {{Deployment::Program("gang-list-stand-in"), address_, folder_, store_file_},
             folder_ + "/pid",
             folder_ + "/log"};
    EXPECT_TRUE(Spawn(list_).ok());
    while (!IsListening(ports->at("list"))) absl::SleepFor(absl::Milliseconds(20));
    Restart(true);
  }
  ~GangListTest() override {
    EndList();
    Restart(false);
  }

  void EndList() { EXPECT_TRUE(End(list_, SIGTERM, absl::Seconds(10)).ok()); }

  // Vestegnen's service, connected to the list or not.
  void Restart(bool connected) {
    Deployment& deployment = TheDeployment();
    config::v1::ServiceConfig config =
        ConfigOf(deployment.places(), unit_, deployment.signers(), deployment.broker_address(),
                 deployment.api_port(unit_), deployment.metrics_port(unit_));
    if (connected) {
      config::v1::GangList& list = *config.mutable_gang_list();
      list.set_address(address_);
      list.mutable_tls()->set_ca_file(folder_ + "/authorities-ca.crt");
      list.mutable_tls()->set_certificate_file(absl::StrCat(folder_, "/", kDistrict, ".crt"));
      list.mutable_tls()->set_key_file(absl::StrCat(folder_, "/", kDistrict, ".key"));
    }
    EXPECT_TRUE(deployment.KillService(unit_).ok());
    EXPECT_TRUE(WriteConfig(deployment.places().config(unit_), config).ok());
    EXPECT_TRUE(deployment.StartService(unit_).ok());
    const absl::Status serving = deployment.AwaitServing(unit_);
    EXPECT_TRUE(serving.ok()) << serving;
  }

  // A case of this person's, of whom the unit is asked.
  void AskOf(const std::string& cpr_number) {
    cv1::Person person;
    person.set_cpr_number(cpr_number);
    person.set_name("Opdigtet Person");
    const auto opened =
        ishoj_->OpenCase(person, "Opdigtet Vej 1", cv1::PROGRAMME_NATIONAL_FRAMEWORK);
    ASSERT_TRUE(opened.ok()) << opened.status();
    case_id_ = opened->case_id();
    ASSERT_TRUE(ishoj_->RecordConsent(case_id_).ok());
    ASSERT_TRUE(ishoj_->AskPolice(case_id_).ok());
    const auto asked = ChangeCase(*ishoj_, In(kIntake, "RequestNecStatus"),
                                  cv1::RequestNecStatusRequest(), case_id_);
    ASSERT_TRUE(asked.ok()) << asked.status();
    const auto file = vestegnen_->AwaitFileInCharge(cpr_number, absl::Now());
    ASSERT_TRUE(file.ok()) << file.status();
    security_id_ = file->view.security_id();
    ASSERT_TRUE(vestegnen_
                    ->AwaitSecurityFile(security_id_, absl::Now(), "the inquiry",
                                        [](const auto& seen) { return seen.has_nec_inquiry(); })
                    .ok());
  }

  cv1::NecListStatus LookUp() {
    plv1::LookUpGangListRequest request;
    request.set_security_id(security_id_);
    const auto seen =
        vestegnen_->Ask<plv1::GangListLookUp>(In(kNecStatus, "LookUpGangList"), request);
    EXPECT_TRUE(seen.ok()) << seen.status();
    return seen.ok() ? seen->status() : cv1::NEC_LIST_STATUS_UNSPECIFIED;
  }

  const Member& unit_ = MemberNamed(kVestegnen);
  const std::string folder_ = TheDeployment().places().state + "/gang-list";
  const std::string store_file_ = folder_ + "/list.sqlite";
  std::string address_, case_id_, security_id_;
  Daemon list_;
  const std::unique_ptr<Actor> ishoj_ =
      *Actor::Make(MemberNamed(kIshoj), TheDeployment().ClientOf(MemberNamed(kIshoj)));
  const std::unique_ptr<Actor> vestegnen_ = *Actor::Make(unit_, TheDeployment().ClientOf(unit_));
};

TEST_F(GangListTest, NothingOfACaseReachesTheListButTheCprNumber) {
  ListStore store(store_file_);
  ASSERT_NO_FATAL_FAILURE(AskOf(kListed));
  EXPECT_EQ(LookUp(), cv1::NEC_LIST_STATUS_YES);
  const std::vector<std::string> ids = {case_id_, security_id_};
  ASSERT_NO_FATAL_FAILURE(AskOf(kUnlisted));
  EXPECT_EQ(LookUp(), cv1::NEC_LIST_STATUS_NO);

  plv1::AnswerNecStatusRequest answer;
  answer.set_security_id(security_id_);
  answer.set_status(cv1::NEC_LIST_STATUS_NO);
  answer.set_hindrance(cv1::HINDRANCE_NONE);
  ASSERT_TRUE(
      vestegnen_->Change<plv1::SecurityFile>(In(kNecStatus, "AnswerNecStatus"), answer).ok());
  ASSERT_TRUE(
      ishoj_
          ->AwaitCase(case_id_, absl::Now(), "the answer",
                      [](const cv1::Case& seen) { return seen.nec_status().has_answered(); })
          .ok());

  const auto received = store.Rows("SELECT client, path, metadata, message FROM received");
  ASSERT_EQ(received.size(), 2U) << "one for each look-up, and no answer";
  for (std::size_t i = 0; i < received.size(); ++i) {
    gang_list::v1::LookUpRequest only;
    only.set_cpr_number(i == 0 ? kListed : kUnlisted);
    EXPECT_EQ(received[i][0], kDistrict);
    EXPECT_EQ(received[i][1], "/exitbus.gang_list.v1.GangListService/LookUp");
    EXPECT_EQ(received[i][3], only.SerializeAsString());
    EXPECT_THAT(received[i][2], Not(HasSubstr("exitbus-")));
    EXPECT_THAT(received[i][2], Not(HasSubstr("officer")));
    for (const std::string& id : {ids[0], ids[1], case_id_, security_id_}) {
      EXPECT_THAT(received[i][2], Not(HasSubstr(id)));
    }
  }
  // NEC-05: being in exit, and being looked up, has changed nobody's entry.
  const auto listed = store.Rows("SELECT cpr_number FROM listed");
  EXPECT_THAT(listed, ElementsAre(ElementsAre(kListed)));
}

TEST_F(GangListTest, AListThatDoesNotAnswerIsUnknownAndHoldsNothingUp) {
  ASSERT_NO_FATAL_FAILURE(AskOf(kAnother));
  EndList();
  const absl::Time before = absl::Now();
  EXPECT_EQ(LookUp(), cv1::NEC_LIST_STATUS_UNKNOWN);
  EXPECT_LT(absl::Now() - before, absl::Seconds(5));
  plv1::AnswerNecStatusRequest answer;
  answer.set_security_id(security_id_);
  answer.set_status(cv1::NEC_LIST_STATUS_YES);
  answer.set_hindrance(cv1::HINDRANCE_STANDS);
  ASSERT_TRUE(
      vestegnen_->Change<plv1::SecurityFile>(In(kNecStatus, "AnswerNecStatus"), answer).ok())
      << "the officer answers by what he has seen himself";
  EXPECT_TRUE(ishoj_
                  ->AwaitCase(case_id_, absl::Now(), "the answer",
                              [](const cv1::Case& seen) {
                                return seen.nec_status().status() == cv1::NEC_LIST_STATUS_YES;
                              })
                  .ok());
  EXPECT_TRUE(Spawn(list_).ok());
}

}  // namespace
}  // namespace exitbus::story
