#include "services/exchange/pass.h"

#include "services/exchange/change_index.h"
#include "services/exchange/checkpoints.h"
#include "services/exchange/context.h"
#include "services/exchange/incoming.h"
#include "services/exchange/meta_keys.h"
#include "services/exchange/outgoing.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/ports/unicode.h"
#include "services/exchange/unaddressed.h"
#include "services/exchange/use_keys.h"
#include "services/exchange/vault.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kAll = 100000;

// What is looked at for whom each is for, at once.
void FetchFor(Transaction& transaction, const std::vector<Notice>& notices) {
  std::vector<RowName> rows;
  for (const Notice& notice : notices) rows.push_back(AwaitedRow(notice.to.authority));
  transaction.Fetch(rows);
}

}  // namespace

class Pass::StoreLookup : public Lookup {
 public:
  StoreLookup(const Context* context, Transaction* transaction)
      : context_(context), transaction_(transaction) {}

  bool Exists(std::string_view index_key) const override {
    return transaction_->Get(Table::kIndex, index_key).has_value();
  }
  bool ExistsBelow(std::string_view index_prefix) const override {
    return !transaction_->Scan(Table::kIndex, index_prefix, "", 1).empty();
  }
  std::string PersonKey(std::string_view cpr_number) const override {
    return context_->crypto->Digest(cpr_number, KeyFor(*context_, KeyUse::kPersons));
  }
  std::uint64_t SentThrough(std::string_view recipient, policy::v1::Exchange exchange,
                            std::string_view subject) const override {
    return exchange::SentThrough(*transaction_,
                                 {exchange, std::string(recipient), std::string(subject)});
  }
  std::uint64_t ReceiptedThrough(std::string_view recipient, policy::v1::Exchange exchange,
                                 std::string_view subject) const override {
    return exchange::ReceiptedThrough(*transaction_,
                                      {exchange, std::string(recipient), std::string(subject)});
  }
  std::uint64_t AppliedThrough(std::string_view sender, policy::v1::Exchange exchange,
                               std::string_view subject) const override {
    return exchange::AppliedThrough(*transaction_,
                                    {exchange, std::string(sender), std::string(subject)});
  }
  BooksMark MarkBooks() const override { return Mark(*transaction_, *context_->crypto); }
  std::string FreshId() const override { return FreshUuid(*context_->random); }
  bool IsSameName(std::string_view a, std::string_view b) const override {
    return context_->unicode->Folded(a) == context_->unicode->Folded(b);
  }

 private:
  const Context* context_;
  Transaction* transaction_;
};

Pass::Pass(const Context* context, const ChangeIndex* changes)
    : context_(context),
      changes_(changes),
      self_(context->directory->Find(context->self)),
      transaction_(*context),
      ledger_(&transaction_, context->vault, context->crypto),
      lookup_(std::make_unique<StoreLookup>(context, &transaction_)),
      statements_(context) {
  if (self_ == nullptr) self_ = context->self_at_start;
}

Pass::~Pass() { context_->vault->ForgetUnflushed(); }

Facts Pass::FactsFor(const Caller& caller) const {
  Facts facts;
  facts.now = context_->clock->Now();
  facts.self = self_.get();
  facts.caller = caller;
  facts.directory = context_->directory;
  facts.lookup = lookup_.get();
  facts.statements = &statements_;
  facts.deadline_days = context_->settings.deadline_days;
  return facts;
}

std::optional<std::vector<std::string>> Pass::Carry(const Aggregate& aggregate, Loaded& loaded,
                                                    Decision decision) {
  if (aggregate.conclude) aggregate.conclude(*loaded.state, FactsFor(), decision);
  const std::string own_unit = loaded.unit;
  const absl::Time now = context_->clock->Now();
  const Times times{now, decision.valid_from().value_or(now)};
  std::vector<std::string> keys;
  if (!decision.events().empty()) {
    auto appended =
        ledger_.Append(aggregate, loaded, decision.events(), decision.erases(), *lookup_, times);
    if (!appended) return std::nullopt;
    keys = *std::move(appended);
    changes_->Note(transaction_, FactsFor(), aggregate, loaded, keys, effects_.changed_streams);
  }
  for (const auto& [severity, event] : decision.reports()) {
    context_->telemetry->Log(severity, event, {});
    context_->telemetry->Count("reports", {{"event", event}});
  }
  FetchFor(transaction_, decision.notices());
  // What an erasing decision tells must outlive the erasure, so it goes under the unit that stays.
  for (const Notice& notice : decision.notices()) {
    SendNotice(*context_, transaction_, aggregate, loaded, loaded.unit, notice, times, effects_);
  }
  if (decision.erases() && own_unit != kAuthorityUnit) {
    transaction_.Put(Table::kMeta, MetaKey{Meta::kErasing, own_unit}.Encode(), "");
    effects_.erases = true;
  }
  return keys;
}

Refusal IdInUse() {
  return RefusedBy("id.in_use",
                   "One of its ids is that of another case here. Take no part in it: decline or "
                   "reject the handover, and tell whoever sent it.",
                   absl::StatusCode::kAlreadyExists);
}

absl::Status Pass::Commit(Durability durability) {
  if (transaction_.empty()) return transaction_.status();
  if (absl::Status keys = context_->vault->Flush(); !keys.ok()) return keys;
  return transaction_.Commit(durability);
}

absl::Status FinishErasures(const Context& context) {
  Transaction transaction(context);
  for (const Row& row :
       transaction.Scan(Table::kMeta, MetaKey{Meta::kErasing, ""}.Encode(), "", kAll)) {
    const std::string unit = MetaKey::Decode(Meta::kErasing, row.key)->of;
    if (absl::Status gone = context.vault->Destroy(unit); !gone.ok()) return gone;
    transaction.Erase(Table::kMeta, row.key);
  }
  return transaction.empty() ? transaction.status() : transaction.Commit(Durability::kDurable);
}

}  // namespace exitbus::exchange
