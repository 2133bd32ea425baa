#include "services/exchange/watch_messages.h"

#include <google/protobuf/message.h>

#include <utility>

#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "exitbus/watch/v1/watch.pb.h"
#include "services/exchange/account.h"
#include "services/exchange/answers.h"
#include "services/exchange/attempt.h"
#include "services/exchange/keys.h"
#include "services/exchange/unit_of_work.h"

namespace exitbus::exchange {
namespace {

namespace wv1 = watch::v1;

// Null: nothing that this watch is to hear of, or it cannot be read.
std::unique_ptr<Message> Composed(UnitOfWork& work, const WatchCall& call, const WatchedAs& as,
                                  const WatchPosition& position, const std::string& key) {
  const Aggregate& aggregate = *as.list->aggregate;
  const auto where = ChangeIndex::Where(work.transaction(), as.stream, key);
  if (where.gone && position.sequence <= position.snapshot_at) return nullptr;
  const DecisionContext context = work.DecisionContextFor(call.caller);
  const Loaded loaded = work.event_store().Load(aggregate, where.id);
  if (!work.transaction().status().ok()) return nullptr;  // the others are told all the same
  // As the index was made: for all who are this reader.
  Visibility visibility = aggregate.visibility(*loaded.state, as.reader, work.DecisionContextFor());
  Shown shown;
  if (where.gone) {
    visibility.reader = as.reader;  // which saw it before
    shown = GoneOf(call.method, KindName::Decode(key)->name, visibility);
    if (shown.resource == nullptr) return nullptr;
  } else {
    const auto view = as.list->list->list_view(*loaded.state, key, *as.list->everything, context);
    if (view == nullptr || !visibility.visible()) {  // though the index was written with the state
      work.transaction().Unreadable(Table::kStates, ErasureScopeOf(aggregate.name, loaded.id));
      return nullptr;
    }
    shown = Show(*view, visibility, work.environment());
    if (IsTooLarge(*shown.resource)) OnlyName(shown);
  }
  RecordDisclosure(work, aggregate, loaded, ReadRow(context, call.method, shown));
  if (where.gone) return std::move(shown.resource);
  return ResponseOf(call.method, std::move(shown.resource));
}

// Null: nothing that this watch is to hear of.
std::unique_ptr<Message> MessageOf(UnitOfWork& work, const WatchCall& call, const WatchedAs& as,
                                   const WatchPosition& position, const std::string& key) {
  Attempt attempt(work);
  auto message = Composed(work, call, as, position, key);
  if (attempt.Keep()) return message;
  // Passed over, and after a snapshot its client takes it for gone.
  ChangeIndex::TellAnew(work.transaction(), as.stream, key);
  return nullptr;
}

}  // namespace

WatchMessages NextMessages(UnitOfWork& work, const WatchCall& call, const WatchedAs& as,
                           const WatchProgress& progress, std::size_t limit) {
  WatchMessages next{progress};
  WatchPosition& position = next.progress.position;
  const auto tell = [&](std::unique_ptr<Message> message) {
    position.journal = JournalHeadOf(work.transaction());
    next.tokens.push_back(
        SealPosition(work.environment(), {as.stream.Encode(), call.caller.function}, position));
    SetString(*message, "token", next.tokens.back());
    next.messages.push_back(std::move(message));
  };
  if (std::exchange(next.progress.begins_snapshot, false)) {
    tell(MarkerOf(call.method, wv1::MARKER_SNAPSHOT_BEGINS));
  }
  const std::size_t room = limit - next.messages.size();
  const auto changes = ChangeIndex::Changes(work.transaction(), as.stream, position.sequence, room);
  for (const ChangedResource& change : changes) {
    position.sequence = change.sequence;
    if (auto message = MessageOf(work, call, as, position, change.key)) tell(std::move(message));
  }
  if (changes.size() == room) return next;
  next.progress.behind = false;
  if (!std::exchange(next.progress.caught_up, true)) {
    tell(MarkerOf(call.method, wv1::MARKER_CAUGHT_UP));
  }
  return next;
}

}  // namespace exitbus::exchange
