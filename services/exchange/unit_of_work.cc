#include "services/exchange/unit_of_work.h"

#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/attachments.h"
#include "services/exchange/attempt.h"
#include "services/exchange/change_index.h"
#include "services/exchange/checkpoints.h"
#include "services/exchange/correspondence.h"
#include "services/exchange/deadlines.h"
#include "services/exchange/environment.h"
#include "services/exchange/meta_keys.h"
#include "services/exchange/outgoing.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/ports/unicode.h"
#include "services/exchange/search.h"
#include "services/exchange/unaddressed.h"
#include "services/exchange/use_keys.h"
#include "services/exchange/vault.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kAll = 100000;
constexpr std::size_t kNamedAtMost = 50;

// What is looked at for whom each is for, at once.
void FetchFor(Transaction& transaction, const std::vector<Notification>& notifications) {
  std::vector<RowName> rows;
  for (const Notification& notification : notifications)
    rows.push_back(AwaitedRow(notification.to.authority));
  transaction.Fetch(rows);
}

}  // namespace

class UnitOfWork::StoreLookup : public Lookup {
 public:
  StoreLookup(const Environment* environment, Transaction* transaction, EventStore* event_store)
      : environment_(environment), transaction_(transaction), event_store_(event_store) {}

  bool Exists(std::string_view index_key) const override {
    return transaction_->Get(Table::kIndex, index_key).has_value();
  }
  bool ExistsBelow(std::string_view index_prefix) const override {
    return !transaction_->Scan(Table::kIndex, index_prefix, "", 1).empty();
  }
  std::string PersonKey(std::string_view cpr_number) const override {
    return environment_->crypto->Digest(cpr_number, KeyFor(*environment_, KeyUse::kPersons));
  }
  std::vector<std::string> NameKeys(std::string_view name) const override {
    const SecretBytes key = KeyFor(*environment_, KeyUse::kNames);
    std::vector<std::string> keys = WordsOf(environment_->unicode->Folded(name));
    for (std::string& word : keys) word = environment_->crypto->Digest(word, key);
    return keys;
  }
  Progress ProgressWith(std::string_view peer, policy::v1::Channel channel,
                        std::string_view subject) const override {
    const CorrespondenceId id{channel, std::string(peer), std::string(subject)};
    const store::v1::CorrespondenceOut out = OutOf(*transaction_, id);
    return {out.last_number(), out.receipted_through(), InOf(*transaction_, id).through()};
  }
  BooksMark MarkBooks() const override { return Mark(*transaction_, *environment_->crypto); }
  std::string FreshId() const override { return FreshUuid(*environment_->random); }
  bool IsSameName(std::string_view a, std::string_view b) const override {
    return environment_->unicode->Folded(a) == environment_->unicode->Folded(b);
  }
  std::vector<std::string> NamesBelow(std::string_view index_prefix) const override {
    return NamesAfter(index_prefix, "", kNamedAtMost);
  }
  std::vector<std::string> NamesAfter(std::string_view index_prefix, std::string_view after,
                                      std::size_t limit) const override {
    const std::string from = after.empty() ? "" : std::string(index_prefix).append(after);
    std::vector<std::string> names;
    for (const Row& row : transaction_->Scan(Table::kIndex, index_prefix, from, limit)) {
      names.push_back(row.key.substr(index_prefix.size()));
    }
    return names;
  }
  std::shared_ptr<const Message> StateOf(std::string_view aggregate,
                                         std::string_view key) const override {
    const Aggregate* const of = environment_->service->Find(aggregate);
    if (of == nullptr) return nullptr;
    const auto loaded = event_store_->Find(*of, key);
    return loaded && transaction_->status().ok() ? loaded->state : nullptr;
  }
  std::optional<std::string> Attachment(std::string_view aggregate, std::string_view key,
                                        std::string_view name) const override {
    const Aggregate* const of = environment_->service->Find(aggregate);
    const auto id = of == nullptr ? std::nullopt : event_store_->IdOf(*of, key);
    if (!id || !IsKeyPart(*id)) return std::nullopt;
    return AttachmentOf(*transaction_, *environment_->vault, *of, *id, name);
  }
  std::string Sha256(std::string_view data) const override {
    return environment_->crypto->Sha256(data);
  }
  std::shared_ptr<const Message> ReadableState(std::string_view aggregate,
                                               std::string_view key) const override {
    const Attempt look(*transaction_);
    return StateOf(aggregate, key);
  }

 private:
  const Environment* environment_;
  Transaction* transaction_;
  EventStore* event_store_;
};

UnitOfWork::UnitOfWork(const Environment* environment, const ChangeIndex* changes)
    : environment_(environment),
      changes_(changes),
      self_(environment->directory->Find(environment->self)),
      transaction_(*environment),
      event_store_(&transaction_, environment->vault, environment->crypto),
      lookup_(std::make_unique<StoreLookup>(environment, &transaction_, &event_store_)),
      statements_(environment) {
  if (self_ == nullptr) self_ = environment->self_at_start;
}

UnitOfWork::~UnitOfWork() { environment_->vault->ForgetUnflushed(); }

DecisionContext UnitOfWork::DecisionContextFor(const Caller& caller) const {
  DecisionContext context;
  context.now = environment_->clock->Now();
  context.self = self_.get();
  context.caller = caller;
  context.directory = environment_->directory;
  context.lookup = lookup_.get();
  context.statements = &statements_;
  context.deadline_days = environment_->settings.deadline_days;
  context.laws = &environment_->settings.laws;
  context.municipal_exit_opens = &environment_->settings.municipal_exit_opens;
  context.visitation = &environment_->settings.visitation;
  context.course = &environment_->settings.course;
  context.complaint_guidance = environment_->settings.complaint_guidance;
  context.central_decisions = environment_->settings.central_decisions;
  context.missing_after = environment_->settings.missing_after;
  context.acceptance_life = environment_->settings.acceptance_life;
  context.caught_up = environment_->caught_up;
  return context;
}

std::optional<std::set<std::string>> UnitOfWork::Execute(const Aggregate& aggregate, Loaded& loaded,
                                                         Decision decision) {
  const DecisionContext context = DecisionContextFor();
  if (aggregate.conclude) aggregate.conclude(*loaded.state, context, decision);
  const std::string own_scope = loaded.scope;
  const Times times{context.now, decision.valid_from().value_or(context.now)};
  std::set<std::string> keys;
  if (!decision.events().empty()) {
    auto appended = event_store_.Append(aggregate, loaded, decision, *lookup_, times);
    if (!appended) return std::nullopt;
    keys = *std::move(appended);
    KeepAttachments(transaction_, *environment_->vault, aggregate, loaded.id, decision);
    changes_->Note(*this, context, aggregate, loaded, keys);
    actions_.changed.insert(keys.begin(), keys.end());
  }
  for (const auto& [severity, event] : decision.reports()) {
    environment_->telemetry->Log(severity, event, {});
    environment_->telemetry->Count("reports", {{"event", event}});
  }
  FetchFor(transaction_, decision.notifications());
  // What an erasing decision tells must outlive the erasure, so it goes under the scope that stays.
  for (const Notification& notification : decision.notifications()) {
    SendNotification(*this, aggregate, loaded, notification, times);
  }
  for (const FallsDue& what : decision.falls_due()) Await(what, context.now);
  if (decision.erases() && own_scope != kAuthorityScope) {
    DropAttachments(transaction_, aggregate, loaded.id);
    transaction_.Put(Table::kMeta, MetaKey{Meta::kErasing, own_scope}.Encode(), "");
    actions_.erases = true;
  }
  return keys;
}

void UnitOfWork::Await(const FallsDue& what, absl::Time now) {
  const Aggregate* const of = environment_->service->Find(what.aggregate);
  const auto id = of == nullptr ? std::nullopt : event_store_.IdOf(*of, what.key);
  if (!id) return;
  transaction_.Put(Table::kTimers, TimerOf(*of, *id, {what.deadline, now}).Encode(), "");
}

Refusal IdInUse() {
  return RefusedBy("id.in_use",
                   "One of its ids is that of another case here. Take no part in it: decline or "
                   "reject the handover, and tell whoever sent it.",
                   absl::StatusCode::kAlreadyExists);
}

absl::Status UnitOfWork::Commit(Durability durability) {
  absl::Status committed = transaction_.status();
  if (!transaction_.empty()) committed.Update(environment_->vault->Flush());
  if (!transaction_.empty() && committed.ok()) committed = transaction_.Commit(durability);
  if (!committed.ok()) {
    environment_->telemetry->Log(Severity::kError, "store.commit_failed",
                                 {{"why", std::string(committed.message())}});
  }
  return committed;
}

absl::Status FinishErasures(const Environment& environment) {
  Transaction transaction(environment);
  for (const Row& row :
       transaction.Scan(Table::kMeta, MetaKey{Meta::kErasing, ""}.Encode(), "", kAll)) {
    const std::string scope = MetaKey::Decode(Meta::kErasing, row.key)->of;
    if (absl::Status gone = environment.vault->Destroy(scope); !gone.ok()) return gone;
    transaction.Erase(Table::kMeta, row.key);
  }
  return transaction.empty() ? transaction.status() : transaction.Commit(Durability::kDurable);
}

}  // namespace exitbus::exchange
