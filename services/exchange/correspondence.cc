#include "services/exchange/correspondence.h"

#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/attempt.h"
#include "services/exchange/environment.h"
#include "services/exchange/event_store.h"
#include "services/exchange/transaction.h"

namespace exitbus::exchange {
namespace {

namespace sv1 = store::v1;

template <class Proto>
std::optional<std::string> DigestAt(Transaction& transaction, Table table,
                                    const CorrespondenceId& id, std::uint64_t number) {
  const auto row = LoadOrNone<Proto>(transaction, table, LetterKey{id, number}.Encode());
  return row ? std::optional<std::string>(row->link_digest()) : std::nullopt;
}

}  // namespace

sv1::CorrespondenceOut OutOf(Transaction& transaction, const CorrespondenceId& id) {
  return Load<sv1::CorrespondenceOut>(transaction, Table::kCorrespondencesOut, id.Encode())
      .value_or(sv1::CorrespondenceOut());
}

sv1::CorrespondenceIn InOf(Transaction& transaction, const CorrespondenceId& id) {
  return Load<sv1::CorrespondenceIn>(transaction, Table::kCorrespondencesIn, id.Encode())
      .value_or(sv1::CorrespondenceIn());
}

void Keep(Transaction& transaction, const CorrespondenceId& id, const sv1::CorrespondenceOut& out) {
  transaction.Put(Table::kCorrespondencesOut, id.Encode(), out.SerializeAsString());
}

void Keep(Transaction& transaction, const CorrespondenceId& id, const sv1::CorrespondenceIn& in) {
  transaction.Put(Table::kCorrespondencesIn, id.Encode(), in.SerializeAsString());
}

std::string NextLink(const Environment& environment, Transaction& transaction,
                     const CorrespondenceId& id, sv1::CorrespondenceOut& out, v1::Link link) {
  link.set_number(out.last_number() + 1);
  link.set_previous_digest(out.head_digest());
  std::string bytes = link.SerializeAsString();
  out.set_last_number(link.number());
  out.set_head_digest(environment.crypto->Digest(bytes));
  sv1::SentRow sent;
  sent.set_link_digest(out.head_digest());
  sent.set_journal_sequence(JournalHeadOf(transaction).sequence);
  transaction.Put(Table::kSent, LetterKey{id, link.number()}.Encode(), sent.SerializeAsString());
  return bytes;
}

std::optional<std::string> HeadAt(Transaction& transaction, const CorrespondenceId& id,
                                  const sv1::CorrespondenceOut& out, std::uint64_t number) {
  if (number == out.last_number()) return out.head_digest();
  return DigestAt<sv1::SentRow>(transaction, Table::kSent, id, number);
}

std::optional<std::string> HeadAt(Transaction& transaction, const CorrespondenceId& id,
                                  const sv1::CorrespondenceIn& in, std::uint64_t number) {
  if (number == in.through()) return in.head_digest();
  return DigestAt<sv1::InboxRow>(transaction, Table::kInbox, id, number);
}

}  // namespace exitbus::exchange
