#include "services/exchange/realign.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/context.h"
#include "services/exchange/incoming.h"
#include "services/exchange/ledger.h"
#include "services/exchange/outgoing.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/transaction.h"
#include "services/exchange/vault.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kRowsMax = 100000;  // of one correspondence; far above what one case makes
constexpr std::size_t kPage = 500;

template <class Correspondence>
void AddStopped(Transaction& transaction, Table table, std::vector<StoppedCorrespondence>& all) {
  std::string after;
  while (true) {
    const auto rows = transaction.Scan(table, "", after, kPage);
    for (const Row& row : rows) {
      after = row.key;
      Correspondence stored;
      auto id = CorrespondenceId::Decode(row.key);
      if (id && stored.ParseFromString(row.value) && stored.stopped()) {
        all.push_back({*std::move(id), table == Table::kCorrespondencesOut});
      }
    }
    if (rows.size() < kPage) return;
  }
}

// All that is not receipted, out of the outbox.
std::vector<Row> TakeOut(Transaction& transaction, const CorrespondenceId& id, Effects& effects) {
  auto rows = transaction.Scan(Table::kOutbox, OutboxKey::Prefix(id), "", kRowsMax);
  for (const Row& row : rows) {
    transaction.Erase(Table::kOutbox, row.key);
    if (auto key = OutboxKey::Decode(row.key)) effects.receipted_rows.push_back(*std::move(key));
  }
  return rows;
}

// What is sealed in a row opens at its place only. Of an erased unit nothing is there to be moved.
void MoveContent(const Context& context, Transaction& transaction, const std::string& from,
                 const std::string& to, store::v1::OutboxRow& row) {
  const auto content =
      context.vault->Decrypt(row.unit(), {Table::kOutbox, from}, row.sealed_content());
  if (content.ok()) {
    row.set_sealed_content(context.vault->Encrypt(row.unit(), {Table::kOutbox, to}, *content));
  } else if (!absl::IsNotFound(content.status())) {
    transaction.Unreadable(Table::kOutbox, from);
  }
}

}  // namespace

void ContinueSendingFrom(const Context& context, Transaction& transaction,
                         const CorrespondenceId& id, std::uint64_t through, const std::string& head,
                         Effects& effects) {
  auto out =
      Load<store::v1::CorrespondenceOut>(transaction, Table::kCorrespondencesOut, id.Encode())
          .value_or(store::v1::CorrespondenceOut());
  out.set_stopped(false);
  out.set_last_number(through);
  out.set_receipted_through(through);
  out.set_head_digest(head);
  const auto rows = TakeOut(transaction, id, effects);
  for (const Row& row : rows) {
    store::v1::OutboxRow outbox;
    v1::Link link;
    outbox.ParseFromString(row.value);
    link.ParseFromString(outbox.link());
    link.set_number(out.last_number() + 1);
    link.set_previous_digest(out.head_digest());
    outbox.set_link(link.SerializeAsString());
    out.set_last_number(link.number());
    out.set_head_digest(context.crypto->Digest(outbox.link()));
    store::v1::SentRow sent;
    sent.set_link_digest(out.head_digest());
    sent.set_journal_sequence(JournalHeadOf(transaction).sequence);
    transaction.Put(Table::kSent, LetterKey{id, link.number()}.Encode(), sent.SerializeAsString());
    OutboxKey place{id, link.number()};
    const std::string key = place.Encode();
    MoveContent(context, transaction, row.key, key, outbox);
    transaction.Put(Table::kOutbox, key, outbox.SerializeAsString());
    effects.new_rows.push_back(std::move(place));
  }
  transaction.Put(Table::kCorrespondencesOut, id.Encode(), out.SerializeAsString());
}

void Withdraw(Transaction& transaction, const CorrespondenceId& id, Effects& effects) {
  TakeOut(transaction, id, effects);
}

void ContinueReceivingFrom(Transaction& transaction, const CorrespondenceId& id,
                           std::uint64_t through, const std::string& head) {
  auto in = Load<store::v1::CorrespondenceIn>(transaction, Table::kCorrespondencesIn, id.Encode())
                .value_or(store::v1::CorrespondenceIn());
  in.set_stopped(false);
  in.set_through(through);
  in.set_head_digest(head);
  transaction.Put(Table::kCorrespondencesIn, id.Encode(), in.SerializeAsString());
  ForgetParked(transaction, id);
}

std::vector<StoppedCorrespondence> AllStopped(Transaction& transaction) {
  std::vector<StoppedCorrespondence> all;
  AddStopped<store::v1::CorrespondenceOut>(transaction, Table::kCorrespondencesOut, all);
  AddStopped<store::v1::CorrespondenceIn>(transaction, Table::kCorrespondencesIn, all);
  return all;
}

void MeasureStopped(const Context& context) {
  Transaction committed(context.store);
  const auto stopped = AllStopped(committed);
  context.telemetry->Set("correspondences.stopped_now", {}, static_cast<double>(stopped.size()));
  if (stopped.empty()) return;
  context.telemetry->Log(
      Severity::kError, "correspondences.stopped_now",
      {{"count", absl::StrCat(stopped.size())}, {"remedy", "exitctl correspondence list"}});
}

}  // namespace exitbus::exchange
