#include "tests/simulation/erasure_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/evidence/collect.h"
#include "services/evidence/verify.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace sv1 = store::v1;
using exchange::Table;

constexpr char kCases[] = "exitbus.casework.v1.CaseService.";
constexpr char kErasures[] = "exitbus.casework.v1.ErasureService.";
constexpr char kSecurity[] = "exitbus.police.v1.SecurityService.";
constexpr char kDesk[] = "exitbus.contact_point.v1.HandoverDeskService.";

const std::vector<std::string> kPlanted = {
    "6101900001",     "Canary Name",       "Canary Street",   "canary-measure",
    "canary-health",  "canary-precaution", "canary-security", "canary-environment",
    "Canary Shelter", "canary-document"};

// Everything there is in the store, opened as far as there are keys for it.
std::string Readable(Node& node) {
  std::string all;
  const auto add = [&](const std::string& unit, const exchange::Place& place,
                       const std::string& sealed) {
    if (sealed.empty()) return;
    const auto plain = node.environment().vault->Decrypt(unit, place, sealed);
    EXPECT_TRUE(plain.ok() || absl::IsNotFound(plain.status())) << plain.status();
    all += plain.value_or("") + "\n";
  };
  const auto each = [&]<class Row>(Table table, Row, auto open) {
    for (const auto& [key, value] : node.store().rows(table)) {
      Row row;
      if (row.ParseFromString(value)) open(key, row);
    }
  };
  each(Table::kJournal, sv1::JournalEntry(), [&](const auto& key, const auto& row) {
    add(row.scope(), {Table::kJournal, key, row.version()}, row.sealed_event());
  });
  each(Table::kStates, sv1::StateRow(), [&](const auto& key, const auto& row) {
    add(row.scope(), {Table::kStates, key, row.version()}, row.sealed_state());
  });
  each(Table::kOutbox, sv1::OutboxRow(), [&](const auto& key, const auto& row) {
    add(row.scope(), {Table::kOutbox, key}, row.sealed_content());
  });
  each(Table::kOutcomes, sv1::Outcome(), [&](const auto& key, const auto& row) {
    add(row.scope(), {Table::kOutcomes, key, 1}, row.sealed_content());
    add(std::string(exchange::kAuthorityScope), {Table::kOutcomes, key, 2}, row.sealed_summary());
  });
  each(Table::kParked, sv1::ParkedLetter(), [&](const auto& key, const auto& row) {
    add(std::string(exchange::kAuthorityScope), {Table::kParked, key}, row.sealed_letter());
  });
  for (const auto& [key, value] : node.store().rows(Table::kAttachments)) {
    const auto of = exchange::AttachmentKey::Decode(key);
    add(exchange::ErasureScopeOf(of->aggregate, of->id), {Table::kAttachments, key}, value);
  }
  for (int table = 0; table < exchange::kTableCount; ++table) {
    for (const auto& [key, value] : node.store().rows(static_cast<Table>(table))) {
      all += key + "\n" + value + "\n";
    }
  }
  return all;
}

// Repeats while there is no answer; the node may have been restarted in between.
template <class Response, class Request>
absl::StatusOr<Response> Insist(Node& node, const std::string& method, const Request& request) {
  absl::StatusOr<Response> answer = absl::UnavailableError("");
  for (int i = 0; i < 3 && absl::IsUnavailable(answer.status()); ++i) {
    if (!node.running()) node.Start();
    answer = node.Call<Response>(method, request);
  }
  return answer;
}

}  // namespace

ErasureWorld::ErasureWorld(std::uint64_t seed)
    : world(seed),
      ishoej(world.Municipality("0183")),
      albertslund(world.Municipality("0165")),
      odense(world.Municipality("0461")),
      prison(world.Kriminalforsorgen("kif-1469")),
      vestegnen(world.Police("1469")),
      fyn(world.Police("1465")),
      desk(world.ContactPoint()),
      nec(world.Nec()) {}

void ErasureWorld::Assessed(const std::string& case_id) {
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(AssessAnew(vestegnen).ok());
  ASSERT_TRUE(world.Settle());
}

absl::Status ErasureWorld::AssessAnew(Node& police) {
  const auto files = FilesAt(police);
  if (files.empty()) return absl::NotFoundError(police.id());
  auto request = AssessmentOf(world, files.back().security_id(), {"canary-precaution"});
  request.mutable_assessment()->set_conclusions("canary-security");
  request.mutable_assessment()->set_environment("canary-environment");
  return police.Call<police::v1::DeliverAssessmentResponse>(kDeliverAssessment, request).status();
}

void ErasureWorld::MovedTo(Node& receiver, const std::string& case_id) {
  Assessed(case_id);
  const std::string id = Offered(world, ishoej, case_id, receiver);
  ASSERT_TRUE(world.Settle());
  const auto taken = Do(world, receiver, "TakeOverCase", id);
  ASSERT_TRUE(taken.ok()) << taken.status();
}

absl::Status ErasureWorld::Withdraw(Node& node, const std::string& case_id) {
  return simulation::Withdraw(world, node, case_id);
}

absl::StatusOr<cv1::Erasure> ErasureWorld::Erase(Node& node, const std::string& case_id,
                                                 cv1::ErasureReason reason) {
  cv1::EraseCaseRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id);
  request.set_reason(reason);
  const auto answer =
      Insist<cv1::EraseCaseResponse>(node, absl::StrCat(kErasures, "EraseCase"), request);
  if (!answer.ok()) return answer.status();
  return answer->erasure();
}

std::vector<cv1::Erasure> ErasureWorld::ErasuresAt(Node& node) {
  const auto answer = Insist<cv1::ListErasuresResponse>(
      node, absl::StrCat(kErasures, "ListErasures"), cv1::ListErasuresRequest());
  EXPECT_TRUE(answer.ok()) << answer.status();
  if (!answer.ok()) return {};
  return {answer->erasures().begin(), answer->erasures().end()};
}

cv1::Erasure ErasureWorld::ErasureAt(Node& node) {
  const auto erasures = ErasuresAt(node);
  EXPECT_EQ(erasures.size(), 1U) << node.id();
  return erasures.empty() ? cv1::Erasure() : erasures.front();
}

std::vector<police::v1::SecurityFile> ErasureWorld::FilesAt(Node& police) {
  const auto answer = Insist<police::v1::ListSecurityFilesResponse>(
      police, absl::StrCat(kSecurity, "ListSecurityFiles"), police::v1::ListSecurityFilesRequest());
  EXPECT_TRUE(answer.ok()) << answer.status();
  if (!answer.ok()) return {};
  return {answer->files().begin(), answer->files().end()};
}

std::size_t ErasureWorld::MonitoredAtTheDesk() {
  const auto answer = Insist<contact_point::v1::ListMonitoredHandoversResponse>(
      desk, absl::StrCat(kDesk, "ListMonitoredHandovers"),
      contact_point::v1::ListMonitoredHandoversRequest());
  EXPECT_TRUE(answer.ok()) << answer.status();
  return answer.ok() ? answer->handovers_size() : 0;
}

std::vector<std::string> ErasureWorld::PlantedAt(Node& node) {
  const std::string all = Readable(node);
  std::vector<std::string> found;
  std::copy_if(kPlanted.begin(), kPlanted.end(), std::back_inserter(found),
               [&](const std::string& value) { return all.find(value) != std::string::npos; });
  return found;
}

std::vector<std::string> ErasureWorld::UnitsOf(Node& node) {
  std::vector<std::string> units;
  for (const auto& [unit, key] : node.keys().rows(Table::kKeys)) {
    // What operators ordered, what is listed to NEC, and whom to turn to is about no person, and
    // stays.
    const bool stays = unit == exchange::kAuthorityScope || unit == "operators/own" ||
                       unit == "inventory/own" || unit == "inventories/own" ||
                       unit == "readiness/own";
    if (!stays) units.push_back(unit);
  }
  return units;
}

void ErasureWorld::ExpectNothingLeft() {
  ASSERT_TRUE(world.Settle());
  std::vector<evidence::v1::EvidenceFile> files;
  for (Node* node : All()) {
    SCOPED_TRACE(node->id());
    EXPECT_THAT(UnitsOf(*node), testing::IsEmpty());
    EXPECT_THAT(PlantedAt(*node), testing::IsEmpty());
    EXPECT_TRUE(node->store().rows(Table::kParked).empty());
    EXPECT_EQ(node->telemetry().Total("letters.refused_by_peer"), 0);
    EXPECT_EQ(node->telemetry().Total("correspondences.stopped"), 0);
    EXPECT_EQ(node->telemetry().Total("dead_letters"), 0);
    auto file =
        evidence::Collect(node->store(), *world.crypto, {node->id(), world.clock.Now(), ""});
    ASSERT_TRUE(file.ok()) << file.status();
    files.push_back(*std::move(file));
  }
  for (const auto& finding : evidence::Verify(files, *world.crypto)) {
    EXPECT_FALSE(finding.fault) << finding.text;
  }
  for (Node* node : {&ishoej, &albertslund, &odense, &prison}) {
    for (const cv1::Erasure& erasure : ErasuresAt(*node)) {
      EXPECT_TRUE(erasure.complete()) << node->id() << ": " << erasure.DebugString();
    }
  }
  for (Node* police : {&vestegnen, &fyn}) EXPECT_THAT(FilesAt(*police), testing::IsEmpty());
  EXPECT_EQ(MonitoredAtTheDesk(), 0U);
  EXPECT_FALSE(OnlyEntry(nec).ok());
}

}  // namespace exitbus::simulation
