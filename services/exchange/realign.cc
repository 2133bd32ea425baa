#include "services/exchange/realign.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/correspondence.h"
#include "services/exchange/environment.h"
#include "services/exchange/incoming.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/unit_of_work.h"
#include "services/exchange/vault.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kRowsMax = 100000;  // of one correspondence; far above what one case makes

template <class Correspondence>
void AddStopped(Transaction& transaction, Table table, std::vector<StoppedCorrespondence>& all) {
  transaction.ForEach(table, "", [&](const Row& row) {
    Correspondence stored;
    auto id = CorrespondenceId::Decode(row.key);
    if (id && stored.ParseFromString(row.value) && stored.stopped()) {
      all.push_back({*std::move(id), table == Table::kCorrespondencesOut});
    }
  });
}

// All that is not receipted, out of the outbox.
std::vector<Row> TakeOut(UnitOfWork& work, const CorrespondenceId& id) {
  auto rows = work.transaction().Scan(Table::kOutbox, OutboxKey::Prefix(id), "", kRowsMax);
  for (const Row& row : rows) {
    work.transaction().Erase(Table::kOutbox, row.key);
    if (auto key = OutboxKey::Decode(row.key)) {
      work.actions().receipted_rows.push_back(*std::move(key));
    }
  }
  return rows;
}

// What is sealed in a row opens at its place only. Of an erased scope nothing is there to be moved.
void MoveContent(const Environment& environment, Transaction& transaction, const std::string& from,
                 const std::string& to, store::v1::OutboxRow& row) {
  const auto content =
      environment.vault->Decrypt(row.scope(), {Table::kOutbox, from}, row.sealed_content());
  if (content.ok()) {
    row.set_sealed_content(environment.vault->Encrypt(row.scope(), {Table::kOutbox, to}, *content));
  } else if (!absl::IsNotFound(content.status())) {
    transaction.Unreadable(Table::kOutbox, from);
  }
}

}  // namespace

void ContinueSendingFrom(UnitOfWork& work, const CorrespondenceId& id, std::uint64_t through,
                         const std::string& head) {
  Transaction& transaction = work.transaction();
  store::v1::CorrespondenceOut out = OutOf(transaction, id);
  out.set_stopped(false);
  out.set_last_number(through);
  out.set_receipted_through(through);
  out.set_head_digest(head);
  for (const Row& row : TakeOut(work, id)) {
    store::v1::OutboxRow outbox;
    v1::Link link;
    outbox.ParseFromString(row.value);
    link.ParseFromString(outbox.link());
    outbox.set_link(NextLink(work.environment(), transaction, id, out, std::move(link)));
    OutboxKey place{id, out.last_number()};
    const std::string key = place.Encode();
    MoveContent(work.environment(), transaction, row.key, key, outbox);
    transaction.Put(Table::kOutbox, key, outbox.SerializeAsString());
    work.actions().new_rows.push_back(std::move(place));
  }
  Keep(transaction, id, out);
}

void Withdraw(UnitOfWork& work, const CorrespondenceId& id) { TakeOut(work, id); }

void ContinueReceivingFrom(Transaction& transaction, const CorrespondenceId& id,
                           std::uint64_t through, const std::string& head) {
  store::v1::CorrespondenceIn in = InOf(transaction, id);
  in.set_stopped(false);
  in.set_through(through);
  in.set_head_digest(head);
  Keep(transaction, id, in);
  ForgetParked(transaction, id);
}

std::vector<StoppedCorrespondence> AllStopped(Transaction& transaction) {
  std::vector<StoppedCorrespondence> all;
  AddStopped<store::v1::CorrespondenceOut>(transaction, Table::kCorrespondencesOut, all);
  AddStopped<store::v1::CorrespondenceIn>(transaction, Table::kCorrespondencesIn, all);
  return all;
}

void MeasureStopped(const Environment& environment) {
  Transaction committed(environment.store);
  const auto stopped = AllStopped(committed);
  environment.telemetry->Set("correspondences.stopped_now", {},
                             static_cast<double>(stopped.size()));
  if (stopped.empty()) return;
  environment.telemetry->Log(
      Severity::kError, "correspondences.stopped_now",
      {{"count", absl::StrCat(stopped.size())}, {"remedy", "exitctl correspondence list"}});
}

}  // namespace exitbus::exchange
