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
#include "services/exchange/ports/telemetry.h"

namespace google::protobuf {
class Descriptor;
}

namespace exitbus::exchange {

// A letter as its handler sees it, beside the message itself.
template <class State>
struct Letter {
  const State& state;
  const LetterPlace& place;
  const v1::Body& body;
  const Facts& facts;
};

// For a message about something that may not have begun here yet: then it waits for that.
template <class State, class Told>
std::function<Decision(const Letter<State>&, const Told&)> OnceKnown(
    bool (*is_known)(const State&), Decision (*decide)(const Letter<State>&, const Told&)) {
  return [is_known, decide](const Letter<State>& letter, const Told& told) {
    return is_known(letter.state) ? decide(letter, told) : Decision::Park();
  };
}

// Which member of exchange.v1.Body, or of an event's oneof, has this type.
int KindOfType(const google::protobuf::Descriptor* message);
int MemberOfType(const google::protobuf::Descriptor* event,
                 const google::protobuf::Descriptor* what);
// Full name of the method that takes this request.
std::string MethodOf(const google::protobuf::Descriptor* request);
// Which member is set, and what it holds; 0 and null: none.
using Member = std::pair<int, const Message*>;
Member KindOf(const v1::Body& body);
Member MemberOf(const Message& event);

// Ends the process, which was put together wrongly.
[[noreturn]] void RegisteredTwice(std::string_view name);
[[noreturn]] void RegisteredTwice(std::string_view aggregate, int member);

// A function of a request of exact type, as a method has it.
template <class Answer, class Request, class... More>
auto OfRequest(Answer (*of)(const Request&, const More&...)) {
  return [of](const Message& request, const More&... more) {
    return of(static_cast<const Request&>(request), more...);
  };
}

// What is shown: of the state alone, of what the request names in it, or as it is to who asks now.
template <class State, class Request>
class ViewOf {
 public:
  using Shown = std::unique_ptr<Message>;
  ViewOf() = default;
  ViewOf(Shown (*view)(const State&))  // NOLINT: any of these three
      : view_([view](const State& state, const Request&, const Facts&) { return view(state); }) {}
  ViewOf(Shown (*view)(const State&, const Request&))  // NOLINT
      : view_([view](const State& state, const Request& request, const Facts&) {
          return view(state, request);
        }) {}
  ViewOf(Shown (*view)(const State&, const Request&, const Facts&)) : view_(view) {}  // NOLINT

  // Null if there is none.
  operator decltype(Method::view)() const {  // NOLINT
    if (!view_) return nullptr;
    return [view = view_](const Message& state, const Message& request, const Facts& facts) {
      return view(static_cast<const State&>(state), static_cast<const Request&>(request), facts);
    };
  }

 private:
  std::function<Shown(const State&, const Request&, const Facts&)> view_;
};

// A function of a state of exact type, as an aggregate has it.
template <class Answer, class State, class... More>
auto OfState(Answer (*of)(const State&, More...)) {
  return [of](const Message& state, More... more) {
    return of(static_cast<const State&>(state), more...);
  };
}

template <class State, class Event>
class Part {
 public:
  template <class Told>
  using Decider = std::function<Decision(const Letter<State>&, const Told&)>;

  // What becomes of a message of this kind. Whether its sender's kind of authority may send it, and
  // over which exchange, the policy has been asked before.
  template <class Told>
  Part& On(Decision (*decide)(const Letter<State>&, const Told&)) {
    return On(Decider<Told>(decide));
  }
  template <class Told>
  Part& On(Decider<Told> decide) {
    const bool added = letters_
                           .emplace(KindOfType(Told::descriptor()),
                                    [decide](const Letter<State>& letter, const Message& told) {
                                      return decide(letter, static_cast<const Told&>(told));
                                    })
                           .second;
    if (!added) RegisteredTwice(Told::descriptor()->full_name());
    return *this;
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
    const bool added =
        events_
            .emplace(MemberOfType(Event::descriptor(), What::descriptor()),
                     [evolve](State& state, const Event& event, const Message& what) {
                       evolve(state, event, static_cast<const What&>(what));
                     })
            .second;
    if (!added) RegisteredTwice(What::descriptor()->full_name());
    return *this;
  }

  // By what names it is found; each part adds its own. `target` of a method and the key of letters
  // are among them.
  Part& Named(std::vector<std::string> (*keys)(const State&, const Lookup&)) {
    keys_.push_back(keys);
    return *this;
  }

  // What falls due, under names of this part's own (no slash in `group`), and what comes of it.
  using DeadlinesIn = std::function<std::vector<Deadline>(const State&)>;
  using Falls = std::function<Decision(const State&, std::string_view name, const Facts&)>;
  Part& Due(const std::string& group, DeadlinesIn deadlines, Falls decide) {
    const Deadlines due{std::move(deadlines), std::move(decide)};
    if (!due_.emplace(group, due).second) RegisteredTwice(group);
    return *this;
  }

  // What others owe. Of one that is not confirmed in time operators are alarmed once, by this name,
  // and `Overdue` is the event.
  Part& Obligations(const std::string& alarm, std::vector<NamedObligation> (*of)(const State&)) {
    obligations_.emplace(alarm, of);
    return Due(
        alarm, [of](const State& state) { return DeadlinesOf(of(state)); },
        [alarm, of](const State& state, std::string_view name, const Facts& facts) {
          if (!FallsDue(of(state), name, facts.now)) {
            return Decision::NoEffect("deadline_over");
          }
          Event event;
          event.mutable_overdue()->set_alarm(alarm);
          event.mutable_overdue()->set_name(std::string(name));
          return Decision().Happened(event).Report(Severity::kError, alarm);
        });
  }

  // What an employee may do or read by this request; each as the member of Method of this name.
  template <class Request>
  struct Of {
    std::string (*target)(const Request&);
    std::optional<Refusal> (*check)(const Request&) = nullptr;
    std::function<Decision(const State&, const Request&, const Facts&)> decide = nullptr;
    ViewOf<State, Request> view;
    std::unique_ptr<Message> (*unseen)(const Request&, const Facts&) = nullptr;
    ViewOf<State, Request> guarded = {};
    Needs needs = Needs::kTopicsRead;
  };
  template <class Request>
  Part& Serve(Of<Request> of) {
    Method method;
    method.name = MethodOf(Request::descriptor());
    method.needs = of.needs;
    method.target = OfRequest(of.target);
    if (of.check != nullptr) method.check = OfRequest(of.check);
    if (of.decide) {
      method.decide = [decide = of.decide](const Message& state, const Message& request,
                                           const Facts& facts) {
        return decide(static_cast<const State&>(state), static_cast<const Request&>(request),
                      facts);
      };
    }
    if (of.unseen != nullptr) method.unseen = OfRequest(of.unseen);
    method.view = of.view;
    method.guarded = of.guarded;
    methods_.push_back(std::move(method));
    return *this;
  }

  // A list of all whose index keys begin with `prefix`; `view` is null for what does not belong.
  template <class Request>
  struct ListOf {
    std::string prefix;
    std::unique_ptr<Message> (*view)(const State&, std::string_view index_key, const Request&);
    std::string watch = {};
  };
  template <class Request>
  Part& List(ListOf<Request> of) {
    Method method;
    method.name = MethodOf(Request::descriptor());
    method.list_prefix = std::move(of.prefix);
    method.watch = std::move(of.watch);
    method.list_view = [view = of.view](const Message& state, std::string_view key,
                                        const Message& request, const Facts&) {
      return view(static_cast<const State&>(state), key, static_cast<const Request&>(request));
    };
    methods_.push_back(std::move(method));
    return *this;
  }

  // The account of who saw what.
  template <class Request>
  Part& Account(std::string (*target)(const Request&)) {
    Method method;
    method.name = MethodOf(Request::descriptor());
    method.account = true;
    method.target = OfRequest(target);
    methods_.push_back(std::move(method));
    return *this;
  }

 private:
  template <class S, class E>
  friend class Whole;  // compose.h

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
