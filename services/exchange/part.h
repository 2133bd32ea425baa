// How a kind of authority is put together: from parts, one for each subject (the overview, a
// security file, its hand-over). A part says what becomes of each kind of message and event, and
// what each method does, by functions of exact types. A kind of authority composes its parts to an
// aggregate in one place. What is registered twice, or is no kind of message, event or request at
// all, ends the process at its start, by name.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/exchange/aggregate.h"
#include "services/exchange/obligation.h"
#include "services/exchange/typed.h"

namespace exitbus::exchange {

template <class State, class Event>
class Part {
 public:
  template <class Contents>
  using Decider = std::function<Decision(const Letter<State>&, const Contents&)>;

  // What becomes of a message of this kind. Whether its sender's kind of authority may send it, and
  // over which channel, the policy has been asked before.
  template <class Contents>
  Part& On(Decision (*decide)(const Letter<State>&, const Contents&)) {
    return On(Decider<Contents>(decide));
  }
  template <class Contents>
  Part& On(Decider<Contents> decide) {
    return Add(letters_, KindOfType(Contents::descriptor()), Contents::descriptor()->full_name(),
               [decide](const Letter<State>& letter, const Message& message) {
                 return decide(letter, static_cast<const Contents&>(message));
               });
  }

  // What an event of this kind makes of the state. Total and pure. `event` is the whole event, with
  // what is said beside its kind.
  template <class What>
  using Evolver = std::function<void(State&, const Event& event, const What&)>;
  template <class What>
  Part& After(void (*evolve)(State&, const What&)) {
    return After(Evolver<What>(
        [evolve](State& state, const Event&, const What& what) { evolve(state, what); }));
  }
  template <class What>
  Part& After(void (*evolve)(State&, const Event&, const What&)) {
    return After(Evolver<What>(evolve));
  }
  template <class What>
  Part& After(Evolver<What> evolve) {
    return Add(events_, MemberOfType(Event::descriptor(), What::descriptor()),
               What::descriptor()->full_name(),
               [evolve](State& state, const Event& event, const Message& what) {
                 evolve(state, event, static_cast<const What&>(what));
               });
  }

  // By what names it is found; each part adds its own. `target` of a method and the key of letters
  // are among them.
  Part& Named(std::vector<std::string> (*keys)(const State&, const Lookup&)) {
    keys_.push_back(keys);
    return *this;
  }

  // What falls due, under names of this part's own (no slash in `group`), and what comes of it.
  using DeadlinesIn = std::function<std::vector<Deadline>(const State&)>;
  using Falls =
      std::function<Decision(const State&, std::string_view name, const DecisionContext&)>;
  Part& Due(std::string group, DeadlinesIn deadlines, Falls decide) {
    return Add(due_, group, group, Deadlines{std::move(deadlines), std::move(decide)});
  }

  // What others owe. Of one that is not confirmed in time operators are alarmed once, by this name,
  // and `Overdue` is the event.
  Part& Obligations(const std::string& alarm, std::vector<NamedObligation> (*of)(const State&)) {
    obligations_.emplace(alarm, of);
    return Due(
        alarm, [of](const State& state) { return DeadlinesOf(of(state)); },
        [alarm, of](const State& state, std::string_view name, const DecisionContext& context) {
          return AlarmOf<Event>(of(state), alarm, name, context);
        });
  }

  // What an employee may do or read by this request; each as the member of Method of this name.
  template <class Request>
  struct Of {
    std::string (*target)(const Request&);
    std::optional<Refusal> (*check)(const Request&) = nullptr;
    std::function<Decision(const State&, const Request&, const DecisionContext&)> decide = nullptr;
    ViewOf<State, Request> view;
    std::unique_ptr<Message> (*unseen)(const Request&, const DecisionContext&) = nullptr;
    ViewOf<State, Request> guarded = {};
    Needs needs = Needs::kTopicsRead;
  };
  template <class Request>
  Part& Serve(Of<Request> of) {
    Method& method = AddMethod<Request>();
    method.needs = of.needs;
    method.target = OfRequest(of.target);
    method.check = OfRequest(of.check);
    method.decide = OfBoth(of.decide);
    method.unseen = OfRequest(of.unseen);
    method.view = of.view;
    method.guarded = of.guarded;
    return *this;
  }

  // A list of all whose index keys begin with `prefix`, or of what is searched for among them;
  // `view` is null for what does not belong.
  template <class Request>
  struct ListOf {
    std::string prefix;
    std::unique_ptr<Message> (*view)(const State&, std::string_view index_key, const Request&);
    std::string watch = {};
    SearchOf<Request> search = {};
  };
  template <class Request>
  Part& List(ListOf<Request> of) {
    Method& method = AddMethod<Request>();
    method.list_prefix = std::move(of.prefix);
    method.watch = std::move(of.watch);
    of.search.Into(method);
    method.list_view = [view = of.view](const Message& state, std::string_view key,
                                        const Message& request, const DecisionContext&) {
      return view(static_cast<const State&>(state), key, static_cast<const Request&>(request));
    };
    return *this;
  }

  // A figure of all whose index keys begin with `prefix`.
  template <class Request>
  Part& Count(std::string prefix, TallyBegun (*begin)(const Request&, const DecisionContext&)) {
    Method& method = AddMethod<Request>();
    method.list_prefix = std::move(prefix);
    method.tally = OfRequest(begin);
    return *this;
  }

  // The account of who saw what.
  template <class Request>
  Part& Account(std::string (*target)(const Request&)) {
    Method& method = AddMethod<Request>();
    method.account = true;
    method.target = OfRequest(target);
    return *this;
  }

 private:
  template <class S, class E>
  friend class Whole;  // compose.h

  template <class Map, class Key, class Value>
  Part& Add(Map& map, const Key& key, std::string_view name, Value value) {
    if (!map.emplace(key, std::move(value)).second) RegisteredTwice(name);
    return *this;
  }

  template <class Request>
  Method& AddMethod() {
    Method& method = methods_.emplace_back();
    method.name = MethodOf(Request::descriptor());
    return method;
  }

  struct Deadlines {
    DeadlinesIn deadlines;
    Falls decide;
  };
  using OnLetter = std::function<Decision(const Letter<State>&, const Message&)>;
  using Evolve = std::function<void(State&, const Event&, const Message& what)>;
  std::map<int, OnLetter> letters_;  // by kind
  std::map<int, Evolve> events_;     // by member
  std::vector<std::vector<std::string> (*)(const State&, const Lookup&)> keys_;
  std::map<std::string, Deadlines, std::less<>> due_;                                  // by group
  std::map<std::string, std::vector<NamedObligation> (*)(const State&)> obligations_;  // by alarm
  std::vector<Method> methods_;
};

}  // namespace exitbus::exchange
