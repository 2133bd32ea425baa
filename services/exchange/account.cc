#include "services/exchange/account.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "exitbus/account/v1/account.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/answers.h"
#include "services/exchange/attempt.h"
#include "services/exchange/environment.h"
#include "services/exchange/meta_keys.h"
#include "services/exchange/paging.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/transaction.h"
#include "services/exchange/unit_of_work.h"
#include "services/exchange/use_keys.h"
#include "services/policy/plan.h"
#include "services/policy/readers.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;
namespace sv1 = store::v1;
using account::v1::AccountEntry;

constexpr char kCounter[] = "disclosures";
constexpr std::size_t kUnitsMax = 1000;
// So many different readings in turn are told apart; of more, the oldest begins a row anew.
constexpr int kRecentMax = 16;
constexpr std::size_t kRecentDigestBytes = 16;

struct Recorded {
  std::uint64_t sequence = 0;
  sv1::DisclosureRow row;
};

std::string RecentKey(const std::string& scope) {
  return MetaKey{Meta::kRecentReads, scope}.Encode();
}

// What the scopes of one account stand under.
std::string AccountOf(const Environment& environment, const Aggregate& aggregate,
                      const std::string& key) {
  return absl::BytesToHexString(environment.crypto->Digest(IndexKey{aggregate.name, key}.Encode(),
                                                           KeyFor(environment, KeyUse::kAccounts)));
}

std::uint64_t NumberAt(Transaction& transaction, std::string_view key) {
  const auto number = transaction.Get(Table::kMeta, key);
  return number ? std::strtoull(number->c_str(), nullptr, 10) : 0;
}

// The row without what repeated reads differ in.
std::string SaidBy(sv1::DisclosureRow row) {
  row.clear_time();
  row.clear_last();
  row.clear_times();
  return row.SerializeAsString();
}

sv1::RecentDisclosures RecentOf(Transaction& transaction, const std::string& scope) {
  return LoadOrNone<sv1::RecentDisclosures>(transaction, Table::kMeta, RecentKey(scope))
      .value_or(sv1::RecentDisclosures());
}

// Whether a row was changed to stand for this one too.
bool Merged(Transaction& transaction, const sv1::RecentDisclosures& recent,
            const std::string& digest, const sv1::DisclosureRow& row) {
  const auto like = std::find_if(recent.recent().begin(), recent.recent().end(),
                                 [&](const auto& one) { return one.digest() == digest; });
  if (like == recent.recent().end()) return false;
  const std::string key = DisclosureKey{row.subject(), like->sequence()}.Encode();
  auto before = LoadOrNone<sv1::DisclosureRow>(transaction, Table::kDisclosures, key);
  if (!before || SaidBy(*before) != SaidBy(row)) return false;
  const absl::Duration since = FromProto(row.time()) - FromProto(before->time());
  if (since < absl::ZeroDuration() || since >= kReadsMerged) return false;
  before->set_times(std::max(before->times(), 1U) + 1);
  *before->mutable_last() = row.time();
  transaction.Put(Table::kDisclosures, key, before->SerializeAsString());
  return true;
}

void Remember(Transaction& transaction, sv1::RecentDisclosures recent, const std::string& digest,
              std::uint64_t sequence, const std::string& scope) {
  auto& all = *recent.mutable_recent();
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const auto& one) { return one.digest() == digest; }),
            all.end());
  if (all.size() == kRecentMax) all.erase(all.begin());
  auto* newest = recent.add_recent();
  newest->set_digest(digest);
  newest->set_sequence(sequence);
  transaction.Put(Table::kMeta, RecentKey(scope), recent.SerializeAsString());
}

void Append(const Environment& environment, Transaction& transaction,
            const sv1::DisclosureRow& row) {
  // A letter, and a read by exception, has a row of its own.
  const bool may_merge = row.recipient() == kCaller && row.break_glass().empty();
  sv1::RecentDisclosures recent;
  std::string digest;
  if (may_merge) {
    recent = RecentOf(transaction, row.subject());
    digest = environment.crypto->Digest(SaidBy(row)).substr(0, kRecentDigestBytes);
    if (Merged(transaction, recent, digest, row)) return;
  }
  const std::uint64_t sequence = NumberAt(transaction, kCounter) + 1;
  transaction.Put(Table::kMeta, kCounter, std::to_string(sequence));
  transaction.Put(Table::kDisclosures, DisclosureKey{row.subject(), sequence}.Encode(),
                  row.SerializeAsString());
  if (may_merge) Remember(transaction, std::move(recent), digest, sequence, row.subject());
}

// How far a reader of an account is, and where it ends for this reader: what is added while it is
// read, by the reading itself for one, is not in it.
struct Extent {
  std::uint64_t after = 0;
  std::uint64_t end = 0;
};

// nullopt: a token of something else.
std::optional<Extent> ExtentOf(Transaction& transaction, const Page& page) {
  if (page.after.empty()) return Extent{0, NumberAt(transaction, kCounter)};
  if (page.after.size() != 2 * kSortableNumberBytes) return std::nullopt;
  return Extent{SortedNumber(page.after.substr(0, kSortableNumberBytes)), SortedNumber(page.after)};
}

// Up to `limit` rows in this extent, of all these scopes, as they were written.
std::vector<Recorded> RowsIn(Transaction& transaction, const std::vector<std::string>& scopes,
                             const Extent& extent, std::size_t limit) {
  std::vector<Recorded> rows;
  for (const std::string& scope : scopes) {
    for (const Row& row : transaction.Scan(Table::kDisclosures, DisclosureKey::Prefix(scope),
                                           DisclosureKey{scope, extent.after}.Encode(), limit)) {
      const auto key = DisclosureKey::Decode(row.key);
      Recorded recorded{key ? key->sequence : 0, {}};
      if (recorded.sequence > extent.end) break;
      // An account that leaves something out unsaid would be a wrong one.
      if (!key || !recorded.row.ParseFromString(row.value)) {
        transaction.Unreadable(Table::kDisclosures, row.key);
      }
      rows.push_back(std::move(recorded));
    }
  }
  std::sort(rows.begin(), rows.end(),
            [](const Recorded& a, const Recorded& b) { return a.sequence < b.sequence; });
  if (rows.size() > limit) rows.resize(limit);
  return rows;
}

AccountEntry EntryOf(const sv1::DisclosureRow& row, const Directory& directory) {
  AccountEntry entry;
  *entry.mutable_time() = row.time();
  *entry.mutable_last() = row.has_last() ? row.last() : row.time();
  entry.set_times(std::max(row.times(), 1U));
  if (row.recipient() == kCaller) {
    // system.function/employee
    const std::size_t slash = row.caller().find('/');
    const std::string program = row.caller().substr(0, slash);
    const std::size_t dot = program.rfind('.');
    entry.set_system(program.substr(0, dot));
    entry.set_function(policy::FunctionNamed(program.substr(dot + 1)));
    entry.set_employee(row.caller().substr(slash + 1));
  } else {
    entry.set_authority(row.recipient());
    if (const auto listed = directory.Find(row.recipient())) {
      entry.set_authority_name(listed->name);
    }
  }
  entry.set_reader(row.reader());
  entry.set_break_glass_id(row.break_glass());
  entry.set_kind(row.kind());
  entry.set_purpose(row.purpose());
  entry.set_legal_basis(row.legal_basis());
  *entry.mutable_categories() = row.categories();
  *entry.mutable_fields() = row.fields();
  entry.set_refused_by(row.refused_by());
  entry.set_remark(row.remark());
  entry.set_document_id(row.document_id());
  return entry;
}

}  // namespace

std::vector<RowName> AccountRows(const std::string& scope) {
  return {{Table::kMeta, kCounter}, {Table::kMeta, RecentKey(scope)}};
}

void RecordDisclosure(UnitOfWork& work, const Aggregate& aggregate, const Loaded& loaded,
                      sv1::DisclosureRow row) {
  const Environment& environment = work.environment();
  Transaction& transaction = work.transaction();
  row.set_subject(ErasureScopeOf(aggregate.name, loaded.id));
  const std::string key = aggregate.account_key ? aggregate.account_key(*loaded.state) : "";
  if (!key.empty()) {
    const std::string scope =
        AccountScopeKey{AccountOf(environment, aggregate, key), row.subject()}.Encode();
    if (!transaction.Get(Table::kMeta, scope)) transaction.Put(Table::kMeta, scope, "");
  }
  Append(environment, transaction, row);
}

Answer ListAccount(UnitOfWork& work, const BoundMethod& bound, const Call& call,
                   const DecisionContext& context) {
  const Environment& environment = work.environment();
  const Aggregate& aggregate = *bound.aggregate;
  const auto page = PageOf(environment, call);
  const auto extent = page ? ExtentOf(work.transaction(), *page) : std::nullopt;
  if (!extent) return {nullptr, BadPageToken()};
  const std::string key = bound.method->target(*call.request);
  const auto loaded = work.event_store().Find(aggregate, key);
  const auto erased = loaded ? nullptr : aggregate.new_state();
  const Visibility visibility =
      aggregate.visibility(loaded ? *loaded->state : *erased, ReaderOf(context), context);
  const std::string prefix = AccountScopeKey{AccountOf(environment, aggregate, key), ""}.Encode();
  std::vector<std::string> scopes;
  for (const Row& row : work.transaction().Scan(Table::kMeta, prefix, "", kUnitsMax)) {
    scopes.push_back(AccountScopeKey::Decode(row.key)->scope);
  }
  const std::string own = loaded ? ErasureScopeOf(aggregate.name, loaded->id) : "";
  if (loaded && std::find(scopes.begin(), scopes.end(), own) == scopes.end()) scopes.push_back(own);
  if (!visibility.visible() || scopes.empty()) return {nullptr, NotThere()};

  const auto rows = RowsIn(work.transaction(), scopes, *extent, page->size + 1);
  std::vector<std::unique_ptr<Message>> entries;
  Shown shown;
  shown.reader = visibility.reader;
  shown.categories = {pv1::CATEGORY_AUDIT_LOG};
  shown.fields = {"entries"};
  for (const Recorded& recorded : rows) {
    if (entries.size() == page->size) break;
    auto projection = policy::Project(EntryOf(recorded.row, *environment.directory),
                                      {visibility.reader, pv1::LEVEL_FULL, visibility.satisfied});
    entries.push_back(std::move(projection.message));
  }
  const bool more = rows.size() > page->size;
  const std::string token =
      more ? TokenAfter(environment, call,
                        SortableNumber(rows[page->size - 1].sequence) + SortableNumber(extent->end))
           : "";
  sv1::DisclosureRow row = ReadRow(context, call.method, shown);
  row.set_subject(loaded ? own : scopes.back());
  Append(environment, work.transaction(), row);
  return {ListResponseOf(call.method, std::move(entries), token), {}};
}

}  // namespace exitbus::exchange
