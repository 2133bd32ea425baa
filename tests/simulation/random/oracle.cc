#include "tests/simulation/random/oracle.h"

#include <google/protobuf/message.h>

#include "absl/strings/str_cat.h"
#include "exitbus/casework_journal/v1/journal.pb.h"
#include "services/evidence/collect.h"
#include "services/evidence/verify.h"
#include "services/exchange/keys.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/forgery.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
using casework_journal::v1::CaseFile;
using exchange::Table;

// By case, who answers for it as he sees it himself, and by which number.
using Answering = std::map<std::string, std::multimap<std::uint64_t, std::string>>;

// False: somebody is away, or cannot be read.
bool FindAnswering(Crowd& crowd, Answering& answering) {
  for (Node* const node : crowd.holders) {
    if (!node->running()) return false;
    for (const auto& [key, bytes] : node->store().rows(Table::kStates)) {
      if (!IsCaseFile(key)) continue;
      const auto plain = StateIn(*node, key, bytes);
      CaseFile file;
      if (absl::IsNotFound(plain.status())) continue;  // erased
      if (!plain.ok() || !file.ParseFromString(*plain)) return false;
      auto& of_case = answering[file.case_id()];
      if (file.has_erasure() || file.standing() != cv1::STANDING_RESPONSIBLE) continue;
      of_case.emplace(file.number(), node->id());
    }
  }
  return true;
}

void LookWhoAnswers(Crowd& crowd, std::size_t most) {
  Answering answering;
  if (!FindAnswering(crowd, answering)) return;
  for (const Person& person : crowd.people) {
    if (person.case_id.empty() || person.erased) continue;
    const auto& of_case = answering[person.case_id];
    if (of_case.empty()) crowd.Break("I4", "nobody answers for a case");
    if (of_case.size() > most) crowd.Break("I4", "too many answer for a case");
    if (!of_case.empty() && of_case.count(of_case.rbegin()->first) > 1) {
      crowd.Break("I4", "two answer for a case by the same right");
    }
  }
}

// Both ends of each correspondence: how far it goes, and the digest there.
void LookAtBothEnds(Crowd& crowd) {
  std::map<std::string, Node*> by_id;
  for (Node* const node : crowd.nodes) by_id[node->id()] = node;
  for (Node* const node : crowd.nodes) {
    for (const auto& [key, row] : node->store().rows(Table::kCorrespondencesOut)) {
      auto id = exchange::CorrespondenceId::Decode(key);
      store::v1::CorrespondenceOut out;
      if (!id || !out.ParseFromString(row) || !by_id.contains(id->peer)) continue;
      const auto& there = by_id[id->peer]->store().rows(Table::kCorrespondencesIn);
      id->peer = node->id();
      store::v1::CorrespondenceIn in;
      const auto found = there.find(id->Encode());
      if (found != there.end()) in.ParseFromString(found->second);
      if (out.stopped() || in.stopped()) crowd.Break("I3", "a correspondence has stopped");
      if (in.through() != out.last_number() || in.head_digest() != out.head_digest()) {
        crowd.Break("I3", absl::StrCat("sent ", out.last_number(), ", taken ", in.through()));
      }
    }
  }
}

void LookAtNumbers(Crowd& crowd, Node& node) {
  for (const auto& [key, row] : node.store().rows(Table::kCorrespondencesIn)) {
    store::v1::CorrespondenceIn in;
    in.ParseFromString(row);
    std::uint64_t known = 0;
    for (const auto& [number, inbox] : node.store().rows(Table::kInbox)) {
      known += number.size() == key.size() + 1 + exchange::kSortableNumberBytes &&
               number.starts_with(key);
    }
    if (known != in.through()) {
      crowd.Break("I3", absl::StrCat(node.id(), " took ", in.through(), " and knows of ", known));
    }
  }
}

}  // namespace

void LookNow(Crowd& crowd) { LookWhoAnswers(crowd, 2); }

void LookAtExchange(Crowd& crowd) {
  std::vector<evidence::v1::EvidenceFile> files;
  const exchange::Crypto& crypto = *crowd.at.world.crypto;
  for (Node* const node : crowd.nodes) {
    if (node->unreceipted() > 0) {
      crowd.Break("I2", absl::StrCat(node->id(), " has ", node->unreceipted(), " unreceipted"));
    }
    if (!node->store().rows(Table::kParked).empty()) {
      crowd.Break("I8", absl::StrCat(node->id(), " has parked letters"));
    }
    if (node->telemetry().Total("letters.refused_by_peer") > 0) {
      crowd.Break("I2", absl::StrCat(node->id(), " was refused letters"));
    }
    LookAtNumbers(crowd, *node);
    auto file =
        evidence::Collect(node->store(), crypto, {node->id(), crowd.at.world.clock.Now(), ""});
    if (!file.ok()) {
      crowd.Break("I6", absl::StrCat(node->id(), ": ", file.status().message()));
      continue;
    }
    files.push_back(*std::move(file));
  }
  for (const evidence::Finding& finding : evidence::Verify(files, crypto)) {
    if (finding.fault) crowd.Break("I6", finding.text);
  }
  LookAtBothEnds(crowd);
}

void LookAtPromises(Crowd& crowd) {
  crowd.at.world.hears = nullptr;
  for (const Acknowledged& one : crowd.acknowledged) {
    const exchange::Caller before = one.node->caller();
    one.node->caller() = one.caller;
    const exchange::Answer again = one.node->Ask(one.method, *one.request);
    one.node->caller() = before;
    const std::string name = one.method.substr(one.method.rfind('.') + 1);
    if (again.reply == nullptr) {
      crowd.Break("I1",
                  absl::StrCat(name, " was answered, and is refused now: ", again.refusal.reason));
      continue;
    }
    const std::string id = IdIn(*again.reply);
    if (!id.empty() && id != one.id) {
      crowd.Break("I1", absl::StrCat(name, " was answered by another id at first"));
    }
  }
  LookWhoAnswers(crowd, 1);
}

void LookAtTheEnd(Crowd& crowd) {
  LookAtExchange(crowd);
  LookAtStores(crowd);
  LookAtPromises(crowd);
}

}  // namespace exitbus::simulation
