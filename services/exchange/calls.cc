#include "services/exchange/calls.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/account.h"
#include "services/exchange/answers.h"
#include "services/exchange/attempt.h"
#include "services/exchange/confirmation.h"
#include "services/exchange/damaged_rows.h"
#include "services/exchange/environment.h"
#include "services/exchange/keys.h"
#include "services/exchange/list_walk.h"
#include "services/exchange/not_now.h"
#include "services/exchange/outcomes.h"
#include "services/exchange/outgoing.h"
#include "services/exchange/paging.h"
#include "services/exchange/ports/fault.h"
#include "services/exchange/tally.h"
#include "services/exchange/unit_of_work.h"
#include "services/exchange/vault.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kLoadedAtOnce = 16;  // a state may hold megabytes

Answer Refused(Refusal refusal) { return {nullptr, std::move(refusal)}; }

// One call, within a unit of work.
class OneCall {
 public:
  OneCall(UnitOfWork& work, const BoundMethod& bound, const Call& call)
      : work_(work),
        transaction_(work.transaction()),
        environment_(work.environment()),
        aggregate_(*bound.aggregate),
        method_(*bound.method),
        call_(call),
        request_(*call.request),
        context_(work.DecisionContextFor(call.caller)) {}

  const DecisionContext& context() const { return context_; }
  Answer Change();
  Answer List();
  Answer Read();

 private:
  // The states of `rows` of the index, and their accounts, at once.
  void FetchStates(std::span<const Row> rows);
  // What the request is about; nullopt: it is not there.
  std::optional<Loaded> Target();
  Visibility VisibilityOf(const Loaded& loaded) const;

  Answer AnswerWith(const Loaded& loaded, const Message& resource);
  // About nothing that is there: nobody's account has it.
  Answer AnswerOfNothing(const Message& resource) const;
  // A page of a list is being filled.
  struct Page;
  bool AddTo(Page& page, const Row& row);

  // What a repeat gets.
  Answer Repeat(const Outcome& outcome);
  Answer Decide(const std::string& row);
  // That somebody who sees it may change it, who read it as it is now.
  std::optional<Refusal> RefuseAsSeen(const Loaded& loaded) const;
  // Not kept as the request's outcome: it is the service that is not ready, and will be.
  std::optional<Refusal> NotYet(const Loaded& loaded) const;
  // Kept as the request's outcome, and in the account of what it was to change.
  Answer Refuse(const std::string& row, const std::optional<Loaded>& loaded, Refusal refusal);

  UnitOfWork& work_;
  Transaction& transaction_;
  const Environment& environment_;
  const Aggregate& aggregate_;
  const Method& method_;
  const Call& call_;
  const Message& request_;
  const DecisionContext context_;
};

Visibility OneCall::VisibilityOf(const Loaded& loaded) const {
  const policy::v1::Reader reader = ReaderOf(context_);
  if (method_.unseen) return {reader};
  return aggregate_.visibility(*loaded.state, reader, context_);
}

void OneCall::FetchStates(std::span<const Row> rows) {
  std::vector<RowName> wanted;
  for (const Row& row : rows) {
    if (!IsKeyPart(row.value)) continue;  // an altered row
    wanted.push_back({Table::kStates, StateKey{aggregate_.name, row.value}.Encode()});
    for (RowName& each : AccountRows(ErasureScopeOf(aggregate_.name, row.value))) {
      wanted.push_back(std::move(each));
    }
  }
  transaction_.Fetch(wanted);
}

std::optional<Loaded> OneCall::Target() {
  const std::string key = method_.target(request_);
  if (key.empty()) return work_.event_store().Load(aggregate_, context_.lookup->FreshId());
  const auto id = work_.event_store().IdOf(aggregate_, key);
  if (!id) return std::nullopt;
  const Row found{key, *id};
  FetchStates(std::span(&found, 1));
  std::optional<Loaded> loaded = work_.event_store().Load(aggregate_, *id);
  if (loaded->version > 0) {
    // The index lies in the clear: what it leads to must itself say that it is called that.
    const auto keys = aggregate_.keys(*loaded->state, *context_.lookup);
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
      transaction_.Unreadable(Table::kIndex, IndexKey{aggregate_.name, key}.Encode());
    }
  }
  return loaded;
}

Answer OneCall::AnswerWith(const Loaded& loaded, const Message& resource) {
  const Visibility visibility = VisibilityOf(loaded);
  if (!visibility.visible() || KeepsBack(visibility, resource)) return Refused(NotThere());
  Shown shown = Show(resource, visibility, environment_);
  if (IsTooLarge(*shown.resource)) {
    // What was done is done, and must not be answered as refused.
    if (!method_.decide) return Refused(TooLarge());
    OnlyName(shown);
  }
  store::v1::DisclosureRow row = ReadRow(context_, call_.method, shown);
  row.set_document_id(StringField(request_, kDocumentId));
  RecordDisclosure(work_, aggregate_, loaded, std::move(row));
  return {ResponseOf(call_.method, std::move(shown.resource)), {}};
}

Answer OneCall::AnswerOfNothing(const Message& resource) const {
  Shown shown = Show(resource, {ReaderOf(context_)}, environment_);
  return {ResponseOf(call_.method, std::move(shown.resource)), {}};
}

Answer OneCall::Read() {
  const auto loaded = Target();
  if (!transaction_.status().ok()) return Refused(Unreadable());
  if (!loaded) return Refused(NotThere());
  const auto resource = method_.view(*loaded->state, request_, context_);
  if (resource == nullptr) return Refused(NotThere());
  return AnswerWith(*loaded, *resource);
}

struct OneCall::Page {
  std::size_t size;
  std::vector<std::unique_ptr<Message>> shown = {};
  std::size_t bytes = 0;
  std::string last_shown = {};
};

// False: it belongs on the page, which is full.
bool OneCall::AddTo(Page& page, const Row& row) {
  Attempt attempt(work_);
  const Loaded loaded = work_.event_store().Load(aggregate_, row.value);
  if (!transaction_.status().ok()) return true;  // the others are listed all the same
  const Visibility visibility = VisibilityOf(loaded);
  if (!visibility.visible()) return true;
  const auto resource =
      method_.list_view(*loaded.state, IndexKey::Decode(row.key)->name, request_, context_);
  if (resource == nullptr) return true;
  Shown one = Show(*resource, visibility, environment_);
  if (IsTooLarge(*one.resource)) OnlyName(one);
  const std::size_t bytes = one.resource->ByteSizeLong();
  if (page.shown.size() == page.size ||
      (!page.shown.empty() && page.bytes + bytes > kPageBytesMax)) {
    return false;
  }
  page.last_shown = row.key;
  page.bytes += bytes;
  RecordDisclosure(work_, aggregate_, loaded, ReadRow(context_, call_.method, one));
  if (attempt.Keep()) page.shown.push_back(std::move(one.resource));
  return true;
}

Answer OneCall::List() {
  if (method_.check) {
    if (auto refusal = method_.check(request_)) return Refused(*std::move(refusal));
  }
  const auto asked = PageOf(environment_, call_);
  if (!asked) return Refused(BadPageToken());
  Page page{asked->size};
  ListWalk walk(transaction_, aggregate_, method_, request_, *context_.lookup, asked->after);
  for (auto rows = walk.Next(); !rows.empty(); rows = walk.Next()) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i % kLoadedAtOnce == 0) {
        transaction_.ForgetFetched();
        FetchStates(std::span(rows).subspan(i, std::min(kLoadedAtOnce, rows.size() - i)));
      }
      if (AddTo(page, rows[i])) continue;
      // Of the last one shown: what was passed over since leaves no trace in the token.
      const std::string token = TokenAfter(environment_, call_, page.last_shown);
      return {ListResponseOf(call_.method, std::move(page.shown), token), {}};
    }
  }
  if (method_.list_below && page.shown.empty()) NoteFoundNothing(environment_, call_);
  return {ListResponseOf(call_.method, std::move(page.shown), ""), {}};
}

std::optional<Refusal> OneCall::RefuseAsSeen(const Loaded& loaded) const {
  const Visibility visibility = VisibilityOf(loaded);
  if (!visibility.visible()) return NotThere();
  if (method_.unseen || method_.target(request_).empty()) return std::nullopt;
  const auto& guarded = method_.guarded ? method_.guarded : method_.view;
  const auto now = guarded(*loaded.state, request_, context_);
  // What is not there to be read is not there to be changed: a rule would say that it is.
  if (now == nullptr || KeepsBack(visibility, *now)) return NotThere();
  const std::string etag = StringField(request_, "etag");
  if (etag.empty() || Show(*now, visibility, environment_).etag == etag) return std::nullopt;
  return RefusedBy("request.etag_stale",
                   "It has changed since you read it. Read it again and decide anew.",
                   absl::StatusCode::kAborted);
}

std::optional<Refusal> OneCall::NotYet(const Loaded& loaded) const {
  if (auto refused = NotNow(environment_, method_.needs)) return refused;
  if (environment_.confirmation == nullptr) return std::nullopt;
  const auto& counterparts = aggregate_.open_counterparts;
  return environment_.confirmation->Refuses(
      method_.needs, counterparts ? counterparts(*loaded.state) : std::vector<std::string>());
}

Answer OneCall::Refuse(const std::string& row, const std::optional<Loaded>& loaded,
                       Refusal refusal) {
  // What does not exist yet has no scope of its own, and a key made for a refusal is never
  // destroyed.
  const bool exists = loaded && loaded->version > 0;
  KeepOutcome(work_, call_, row, exists ? loaded->scope : kAuthorityScope,
              {loaded ? loaded->id : "", refusal, "", false});
  if (exists) {
    Shown nothing;
    nothing.reader = ReaderOf(context_);
    store::v1::DisclosureRow tried = ReadRow(context_, call_.method, nothing);
    tried.set_refused_by(refusal.reason);
    tried.set_document_id(StringField(request_, kDocumentId));
    RecordDisclosure(work_, aggregate_, *loaded, std::move(tried));
  }
  return Refused(std::move(refusal));
}

Answer OneCall::Decide(const std::string& row) {
  if (method_.check) {
    if (auto refusal = method_.check(request_)) return Refused(*std::move(refusal));
  }
  auto loaded = Target();
  if (!transaction_.status().ok()) return Refused(Unreadable());
  if (!loaded && method_.unseen) {
    const auto resource = method_.unseen(request_, context_);
    KeepOutcome(work_, call_, row, kAuthorityScope, {"", {}, resource->SerializeAsString(), false});
    return AnswerOfNothing(*resource);
  }
  if (!loaded) return Refuse(row, loaded, NotThere());
  if (auto refusal = RefuseAsSeen(*loaded)) return Refuse(row, loaded, *std::move(refusal));
  if (auto refusal = NotYet(*loaded)) return Refused(*std::move(refusal));
  Decision decision = method_.decide(*loaded->state, request_, context_);
  if (!decision.accepted()) return Refuse(row, loaded, *decision.refusal());
  const auto& notifications = decision.notifications();
  if (!std::all_of(
          notifications.begin(), notifications.end(),
          [&](const Notification& notification) { return Fits(environment_, notification); })) {
    return Refuse(row, loaded, LetterTooLarge());
  }
  const auto carried = work_.Execute(aggregate_, *loaded, std::move(decision));
  if (!transaction_.status().ok()) return Refused(Unreadable());
  if (!carried) return Refuse(row, loaded, IdInUse());
  const auto resource = method_.view(*loaded->state, request_, context_);
  if (resource == nullptr) {
    ProgramFault("what was just decided on cannot be seen", method_.name);
  }
  KeepOutcome(work_, call_, row, loaded->scope,
              {loaded->id, {}, resource->SerializeAsString(), false});
  return AnswerWith(*loaded, *resource);
}

// A repeat gets what the first one got, projected for today's rights; of what was erased since,
// only whether it was accepted.
Answer OneCall::Repeat(const Outcome& outcome) {
  const Loaded loaded = work_.event_store().Load(aggregate_, outcome.aggregate_id);
  if (!transaction_.status().ok()) return Refused(Unreadable());
  if (outcome.erased) {
    return outcome.refusal ? Refused(*outcome.refusal) : Answer{NewResponse(call_.method), {}};
  }
  if (!VisibilityOf(loaded).visible()) return Refused(NotThere());
  if (outcome.refusal) return Refused(*outcome.refusal);
  const bool of_nothing = outcome.aggregate_id.empty();
  const auto resource = of_nothing ? method_.unseen(request_, context_)
                                   : method_.view(*loaded.state, request_, context_);
  if (resource == nullptr || !resource->ParseFromString(outcome.resource)) {
    return Refused(NotThere());
  }
  return of_nothing ? AnswerOfNothing(*resource) : AnswerWith(loaded, *resource);
}

Answer OneCall::Change() {
  const std::string row = OutcomeRow(environment_, call_);
  std::vector<RowName> rows = {{Table::kOutcomes, row}, {Table::kMeta, kJournalHeadKey}};
  if (const std::string key = method_.target(request_); !key.empty()) {
    rows.push_back({Table::kIndex, IndexKey{aggregate_.name, key}.Encode()});
  }
  transaction_.Fetch(rows);
  Before before = OutcomeOf(work_, call_, row);
  if (!transaction_.status().ok()) return Refused(Unreadable());
  if (before.refusal) return Refused(*std::move(before.refusal));
  if (before.outcome) return Repeat(*before.outcome);
  return Decide(row);
}

}  // namespace

Answer Execute(UnitOfWork& work, const BoundMethod& bound, const Call& call) {
  Attempt attempt(work);
  OneCall one(work, bound, call);
  Answer answer = bound.method->decide      ? one.Change()
                  : bound.method->account   ? ListAccount(work, bound, call, one.context())
                  : bound.method->list_view ? one.List()
                  : bound.method->tally     ? TallyAll(work, bound, call, one.context())
                                            : one.Read();
  return attempt.Keep() ? std::move(answer) : Refused(Unreadable());
}

}  // namespace exitbus::exchange
