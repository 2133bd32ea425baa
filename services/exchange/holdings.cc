#include "services/exchange/holdings.h"

#include <algorithm>
#include <optional>

#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/attempt.h"
#include "services/exchange/checkpoints.h"
#include "services/exchange/correspondence.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/transaction.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;

constexpr std::size_t kPage = 50;  // correspondences, each with a few statements

// When the letter at the end of what was received was taken: as the journal stood then.
void SetTaken(Transaction& transaction, const CorrespondenceId& id,
              const store::v1::CorrespondenceIn& in, v1::Held& held) {
  const auto row = LoadOrNone<store::v1::InboxRow>(transaction, Table::kInbox,
                                                   LetterKey{id, in.through()}.Encode());
  if (!row) return;
  const auto entry = LoadOrNone<store::v1::JournalEntry>(
      transaction, Table::kJournal, NumberKey{row->journal_sequence()}.Encode());
  if (entry) held.mutable_taken()->set_seconds(entry->registered().seconds());
}

v1::Held* Begun(const CorrespondenceId& id, v1::Held* held) {
  held->set_channel(static_cast<pv1::Channel>(id.channel));
  held->set_subject(id.subject);
  return held;
}

v1::Held* AddReceived(Transaction& transaction, const Row& row, v1::Holdings& page) {
  store::v1::CorrespondenceIn in;
  const auto id = CorrespondenceId::Decode(row.key);
  if (!id || !in.ParseFromString(row.value) || in.through() == 0) return nullptr;
  v1::Held* held = Begun(*id, page.add_received());
  held->set_through(in.through());
  held->set_head_digest(in.head_digest());
  held->set_stopped(in.stopped());
  SetTaken(transaction, *id, in, *held);
  return held;
}

v1::Held* AddReceipted(Transaction& transaction, const Row& row, v1::Holdings& page) {
  store::v1::CorrespondenceOut out;
  const auto id = CorrespondenceId::Decode(row.key);
  if (!id || !out.ParseFromString(row.value) || out.receipted_through() == 0) return nullptr;
  v1::Held* held = Begun(*id, page.add_receipted());
  held->set_through(out.receipted_through());
  held->set_head_digest(HeadAt(transaction, *id, out, out.receipted_through()).value_or(""));
  held->set_stopped(out.stopped());
  return held;
}

// Whether what the peer holds up to `held.through()` is not what is here.
bool Differs(std::uint64_t here, const std::optional<std::string>& head_here,
             const v1::Held& held) {
  if (held.through() > here) return true;
  return head_here && !held.head_digest().empty() && *head_here != held.head_digest();
}

Difference DifferenceAt(bool sent, CorrespondenceId id, std::uint64_t here, const v1::Held& held) {
  return {sent,
          std::move(id),
          here,
          held.through(),
          held.head_digest(),
          held.has_taken() ? FromProto(held.taken()) : absl::InfinitePast(),
          {held.statements().begin(), held.statements().end()}};
}

}  // namespace

v1::Holdings NextPage(Transaction& transaction, const std::string& peer,
                      const SharedStatements& statements, HoldingsCursor& cursor) {
  v1::Holdings page;
  std::size_t looked_at = 0;
  while (looked_at < kPage) {
    if (cursor.channel > pv1::Channel_MAX) {
      if (cursor.receipted) {
        page.set_last(true);
        const Attempt look(transaction);  // one that cannot be read is not told of
        if (const auto kept = NewestCheckpoint(transaction, peer)) {
          page.set_checkpoint_number(kept->number);
          page.set_checkpoint_digest(kept->digest);
        }
        return page;
      }
      cursor = {true, 0, ""};
    }
    const Table table = cursor.receipted ? Table::kCorrespondencesOut : Table::kCorrespondencesIn;
    const std::string prefix = CorrespondenceId{cursor.channel, peer, ""}.Encode();
    const auto rows = transaction.Scan(table, prefix, cursor.after, kPage - looked_at);
    for (const Row& row : rows) {
      cursor.after = row.key;
      v1::Held* held = cursor.receipted ? AddReceipted(transaction, row, page)
                                        : AddReceived(transaction, row, page);
      if (held == nullptr) continue;
      for (std::string& statement : statements(held->subject(), peer)) {
        held->add_statements(std::move(statement));
      }
    }
    looked_at += rows.size();
    if (rows.empty()) {
      ++cursor.channel;
      cursor.after.clear();
    }
  }
  return page;
}

std::vector<Difference> Compare(Transaction& transaction, const std::string& peer,
                                const v1::Holdings& page) {
  std::vector<Difference> differences;
  // What of it is here may not be readable, and then is not known to be less.
  for (const v1::Held& held : page.received()) {
    const CorrespondenceId id{held.channel(), peer, held.subject()};
    Attempt look(transaction);
    const auto out = OutOf(transaction, id);
    const auto head = HeadAt(transaction, id, out, held.through());
    if (look.Keep() && Differs(out.last_number(), head, held)) {
      differences.push_back(DifferenceAt(true, id, out.last_number(), held));
    }
  }
  for (const v1::Held& held : page.receipted()) {
    const CorrespondenceId id{held.channel(), peer, held.subject()};
    Attempt look(transaction);
    const auto in = InOf(transaction, id);
    const auto head = HeadAt(transaction, id, in, held.through());
    if (look.Keep() && Differs(in.through(), head, held)) {
      differences.push_back(DifferenceAt(false, id, in.through(), held));
    }
  }
  return differences;
}

bool HoldsLaterCheckpoint(Transaction& transaction, const v1::Holdings& page) {
  if (page.checkpoint_number() == 0) return false;
  Attempt look(transaction);
  const auto own = NewestCheckpoint(transaction, "");
  const auto digest = OwnCheckpointDigest(transaction, page.checkpoint_number());
  if (!look.Keep()) return false;
  if (!own || page.checkpoint_number() > own->number) return true;
  return digest && *digest != page.checkpoint_digest();
}

}  // namespace exitbus::exchange
