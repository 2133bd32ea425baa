// An authority's service as the engine sees it: its aggregates, each with its methods, its letters
// and its deadlines. Everything else is the engine's.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"

namespace exitbus::exchange::v1 {
class Body;
}

namespace exitbus::policy::v1 {
enum Reader : int;
}

namespace exitbus::exchange {

class ApiHandler;
class GangList;
using google::protobuf::Message;

// Something that falls due by working days. Derived from the state: a state that has none cancels.
struct Deadline {
  std::string name;
  absl::Time due;
};

// What somebody inside the authority sees of one aggregate: as which reader, under which
// conditions. By default nothing: it is answered exactly as if it were not there.
struct Visibility {
  policy::v1::Reader reader{};
  policy::ConditionSet satisfied = {};
  // Takes out of a resource, before it is projected, what is another's. Null: nothing.
  std::function<void(Message& resource)> leave_out = nullptr;
  // The id of the exception by which it is seen, for the account; empty: it needed none.
  std::string break_glass = {};

  bool visible() const { return reader != policy::v1::Reader{}; }
};

// What must be known since this start before a change is decided: the store may have been put back
// to an earlier state, and others know what it has forgotten (confirmation.h).
enum class Needs {
  kTopicsRead,     // what others have sent meanwhile
  kConfirmedHead,  // it signs or ends responsibility, or decides against a budget: that the open
                   // counterparts and a witness hold nothing of ours that is not here
  kInstant,        // likewise, and what it signs says when: that the broker takes our clock's time
  kNothing,        // a safety act, which moves no responsibility: it is never turned away
};

// A figure over many aggregates, while it is being made.
class Tally {
 public:
  virtual ~Tally() = default;
  virtual void Add(const Message& state) = 0;
  // As a view: projected for the caller. It shows nothing of any one of them.
  virtual std::unique_ptr<Message> Result() const = 0;
};
using TallyBegun = std::variant<std::unique_ptr<Tally>, Refusal>;

// One RPC of an aggregate. A write has `decide`; a read has none; a list has `list_view` in the
// place of `target` and `view`, a figure has `tally`.
struct Method {
  std::string name;  // full name

  // Which aggregate the request names, as an index key; "" makes a new one.
  std::function<std::string(const Message& request)> target;
  // A change's, or a list's: what is refused by the request alone, before anything is looked up.
  // Null: nothing.
  std::function<std::optional<Refusal>(const Message& request)> check;
  std::function<Decision(const Message& state, const Message& request, const DecisionContext&)>
      decide;

  // The resource that answers; the engine projects it for the caller and puts it into field 1 of
  // the response. Null: no such thing in this aggregate.
  std::function<std::unique_ptr<Message>(const Message& state, const Message& request,
                                         const DecisionContext&)>
      view;

  // For callers who do not see the aggregate too: the answer holds nothing of it, and `decide`
  // refuses by NotThere() where its existence is nobody's to know. This is what answers where there
  // is no such aggregate, so that it is not told from one that is there. Null: only for who sees
  // it.
  std::function<std::unique_ptr<Message>(const Message& request, const DecisionContext&)> unseen;

  // The account of who saw what of the aggregate that `target` names; nothing else is set.
  bool account = false;

  // A change's.
  Needs needs = Needs::kTopicsRead;

  // What an etag in the request is of, where that is not `view`. Null: `view`.
  std::function<std::unique_ptr<Message>(const Message& state, const Message& request,
                                         const DecisionContext&)>
      guarded;

  // Lists: whether this view belongs in the answer. Index keys that start with `list_prefix` are
  // walked in order, each naming one resource, and `list_view` is given the key.
  // The rest of the key is the resource's id. What an unfiltered request gets follows from the
  // state alone, so that a change of the state is all there is to watch for.
  std::string list_prefix;
  // Lists of what is searched for: ids that stand below each of these in the index, and each after
  // `list_prefix` names the resource. None: nothing is found. Null: all are listed.
  std::function<std::vector<std::string>(const Message& request, const Lookup&)> list_below;
  std::function<std::unique_ptr<Message>(const Message& state, std::string_view index_key,
                                         const Message& request, const DecisionContext&)>
      list_view;
  // Lists: full name of the stream that follows the list; "": none does.
  std::string watch;
  // A figure of all whose index keys start with `list_prefix`, those that are erased too. Since it
  // shows nobody, it stands in nobody's account. One that cannot be read makes it fail: a figure
  // without it would be a wrong one.
  std::function<TallyBegun(const Message& request, const DecisionContext&)> tally;
};

// A kind of aggregate. All functions are pure; `evolve` is total.
struct Aggregate {
  std::string name;  // "file", "entry": part of stored keys
  // Which members of exchange.v1.Body it takes, and which of its event's it evolves by: filled in
  // where it is composed of parts (part.h).
  std::set<int> letters;
  std::set<int> events;
  // Whether its events and states lie in the clear: evidence about no person, to be checked without
  // keys.
  bool in_the_clear = false;
  // The one that is there by itself: from the first start on, `deadline` falls due for it once.
  struct Singleton {
    std::string id;
    std::string deadline;
  };
  std::optional<Singleton> singleton;
  std::function<std::unique_ptr<Message>()> new_state;
  std::function<void(Message& state, const Message& event)> evolve;

  // Other names it is found by, unique in this authority: "case/<id>", "handover/<id>". What would
  // give it a name that another one carries is refused (`id.in_use`), unless that one yields.
  std::function<std::vector<std::string>(const Message& state, const Lookup&)> keys;
  // Whether `older` gives up to `newer` what both are called: it is the same thing, that came back.
  // Null: never.
  std::function<bool(const Message& older, const Message& newer)> yields;
  std::function<std::vector<Deadline>(const Message& state)> deadlines;

  // The index key of what the correspondences with `place.sender` about a subject are about, in
  // either direction. Null: nothing is asked of this aggregate by correspondence.
  std::function<std::string(const LetterPlace& place)> correspondence_target;
  // The index key of what a letter is about; nullopt: this aggregate takes no such letters. Ids of
  // different kinds have name spaces of their own, so that none is taken for one of another kind.
  std::function<std::optional<std::string>(const LetterPlace&, const v1::Body& body)> letter_target;
  // The same of a letter that this aggregate takes and that comes under an id that is new here, by
  // whom it is about; nullopt: it says nobody, or nobody who is known. Null: of all letters.
  std::function<std::optional<std::string>(const v1::Body& body, const Lookup&)> letter_person;
  std::function<Decision(const Message& state, const LetterPlace&, const v1::Body& body,
                         const DecisionContext&)>
      decide_letter;
  std::function<Decision(const Message& state, std::string_view deadline, const DecisionContext&)>
      decide_deadline;  // null: nothing of it falls due
  // What else is told of whatever was decided, by whichever of these ways. Null: nothing.
  std::function<void(const Message& before, const DecisionContext&, Decision&)> conclude;

  // The authorities that could have acted on it meanwhile, whose word a change that needs a
  // confirmed head waits for. Null: none.
  std::function<std::vector<std::string>(const Message& state)> open_counterparts;

  // Where correspondences with `peer` about `subject` have stopped, or go on again. Null: it is not
  // shown.
  std::function<Decision(const Message& state, std::string_view subject, std::string_view peer,
                         bool stopped)>
      note_stopped;
  // The operators of both sides have agreed that what `subject` names ends; `proposes`: ours were
  // the first. Null: nothing here ends so.
  std::function<Decision(const Message& state, std::string_view subject, std::string_view peer,
                         bool proposes, const DecisionContext&)>
      end_by_agreement;

  // The signed statements about what `subject` names that `peer` has had as well. Null: none.
  std::function<std::vector<std::string>(const Message& state, std::string_view subject,
                                         std::string_view peer)>
      shared_statements;
  // What follows here, in a store that forgot it, from the statements that `peer` shows about
  // `subject`; `statements` may be empty, where it shows none. Also where there is nothing of
  // `subject` here; `state` is then what one of the statements' case has, or a fresh one.
  std::function<Decision(const Message& state, std::string_view subject, std::string_view peer,
                         const std::vector<std::string>& statements, const DecisionContext&)>
      follow_statements;
  // The index key of what these statements are about; empty: they do not say.
  std::function<std::string(const std::vector<std::string>& statements, const DecisionContext&)>
      statements_target;

  // Whether what was told at `notified` and rests on `legal_basis` may still leave. Null: always.
  std::function<bool(const Message& state, policy::v1::LegalBasis legal_basis, absl::Time notified)>
      basis_still_holds;
  // Whether what a letter asks under this subject is still asked, at the time that it leaves. Null:
  // always.
  std::function<bool(const Message& state, std::string_view subject, const v1::Body& body)>
      still_asked;
  // What one of this authority's own callers sees of it. `reader` is what the caller's function is
  // by itself. Where a view is made for all who are that reader (watched lists), `context` has no
  // caller.
  std::function<Visibility(const Message& state, policy::v1::Reader reader, const DecisionContext&)>
      visibility;
  // The index key by which the account of what was seen of it is asked for, also when the aggregate
  // is erased and has no keys any more. Null, or empty: it is about no person, or none known yet.
  std::function<std::string(const Message& state)> account_key;

  std::vector<Method> methods;
};

// The whole service of one kind of authority.
struct Service {
  std::vector<Aggregate> aggregates;
  std::vector<std::string> api_services;  // full names, for the server
  // What stands before the engine where this process is connected to NEC's gang list. Null:
  // nothing.
  std::unique_ptr<ApiHandler> (*with_gang_list)(ApiHandler* engine, GangList* list) = nullptr;

  // Null: none here has this name.
  const Aggregate* Find(std::string_view name) const {
    const auto found = std::find_if(aggregates.begin(), aggregates.end(),
                                    [&](const Aggregate& one) { return one.name == name; });
    return found == aggregates.end() ? nullptr : &*found;
  }
};

}  // namespace exitbus::exchange
