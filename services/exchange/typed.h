// From exact types to what the engine keeps and finds: the member of a oneof that has a type, the
// method that takes it, and functions of exact types as functions of any message. What these are
// given is of their type, since each is kept where only such messages come.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "services/exchange/aggregate.h"

namespace google::protobuf {
class Descriptor;
}

namespace exitbus::exchange {

// Which member of exchange.v1.Body, or of an event's oneof, has this type.
int KindOfType(const google::protobuf::Descriptor* message);
int MemberOfType(const google::protobuf::Descriptor* event,
                 const google::protobuf::Descriptor* what);
// Full name of the method that takes this request.
std::string MethodOf(const google::protobuf::Descriptor* request);
// Into the member of the event that has its type.
void PutInto(Message& event, const Message& what);
// An event that holds this and nothing else.
template <class Event>
Event EventWith(const Message& what) {
  Event event;
  PutInto(event, what);
  return event;
}
// Which member is set, and what it holds; 0 and null: none.
using Member = std::pair<int, const Message*>;
Member KindOf(const v1::Body& body);
Member MemberOf(const Message& event);

// Ends the process, which was put together wrongly.
[[noreturn]] void RegisteredTwice(std::string_view name);
[[noreturn]] void RegisteredTwice(std::string_view aggregate, int member);

// A letter as its handler sees it, beside the message itself.
template <class State>
struct Letter {
  const State& state;
  const LetterPlace& place;
  const v1::Body& body;
  const DecisionContext& context;
};

// For a message about something that may not have begun here yet: then it waits for that.
template <class State, class Contents>
std::function<Decision(const Letter<State>&, const Contents&)> OnceKnown(
    bool (*is_known)(const State&), Decision (*decide)(const Letter<State>&, const Contents&)) {
  return [is_known, decide](const Letter<State>& letter, const Contents& message) {
    return is_known(letter.state) ? decide(letter, message) : Decision::Park();
  };
}

// Of a request, as a method has it. Null if there is none.
template <class Answer, class Request, class... More>
std::function<Answer(const Message&, const More&...)> OfRequest(Answer (*of)(const Request&,
                                                                             const More&...)) {
  if (of == nullptr) return nullptr;
  return [of](const Message& request, const More&... more) {
    return of(static_cast<const Request&>(request), more...);
  };
}

// Of a state, as an aggregate has it.
template <class Answer, class State, class... More>
auto OfState(Answer (*of)(const State&, More...)) {
  return [of](const Message& state, More... more) {
    return of(static_cast<const State&>(state), more...);
  };
}

// Of a state and a request. Null if there is none.
template <class Answer, class State, class Request>
std::function<Answer(const Message&, const Message&, const DecisionContext&)> OfBoth(
    std::function<Answer(const State&, const Request&, const DecisionContext&)> of) {
  if (!of) return nullptr;
  return [of = std::move(of)](const Message& state, const Message& request,
                              const DecisionContext& context) {
    return of(static_cast<const State&>(state), static_cast<const Request&>(request), context);
  };
}

// What a list searches for, as Method has it. Null: nothing, it has all.
template <class Request>
struct SearchOf {
  std::optional<Refusal> (*check)(const Request&) = nullptr;
  std::vector<std::string> (*below)(const Request&, const Lookup&) = nullptr;

  void Into(Method& method) const {
    method.check = OfRequest(check);
    method.list_below = OfRequest(below);
  }
};

// What is shown: of the state alone, of what the request names in it, or as it is to who asks now.
template <class State, class Request>
class ViewOf {
 public:
  using Shown = std::unique_ptr<Message>;
  ViewOf() = default;
  ViewOf(Shown (*view)(const State&))  // NOLINT: any of these three
      : view_([view](const State& state, const Request&, const DecisionContext&) {
          return view(state);
        }) {}
  ViewOf(Shown (*view)(const State&, const Request&))  // NOLINT
      : view_([view](const State& state, const Request& request, const DecisionContext&) {
          return view(state, request);
        }) {}
  ViewOf(Shown (*view)(const State&, const Request&, const DecisionContext&))  // NOLINT
      : view_(view) {}

  operator decltype(Method::view)() const { return OfBoth(view_); }  // NOLINT

 private:
  std::function<Shown(const State&, const Request&, const DecisionContext&)> view_;
};

}  // namespace exitbus::exchange
