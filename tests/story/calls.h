// How an actor's calls are made, for the files that say what actors do.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/story/actors.h"

namespace exitbus::story {

inline constexpr std::string_view kCaseService = "exitbus.casework.v1.CaseService.";
inline constexpr std::string_view kHandoverService = "exitbus.handover.v1.HandoverService.";

inline std::string In(std::string_view service, std::string_view method) {
  return std::string(service) + std::string(method);
}

// Looks with `get` until `holds`, for up to 60 s.
template <class View>
absl::StatusOr<Arrival<View>> Await(const std::function<absl::StatusOr<View>()>& get,
                                    absl::Time since, const std::string& what,
                                    const std::function<bool(const View&)>& holds) {
  constexpr absl::Duration kArrival = absl::Seconds(60);
  constexpr absl::Duration kLook = absl::Milliseconds(10);
  const absl::Time deadline = absl::Now() + kArrival;
  while (true) {
    absl::StatusOr<View> view = get();
    const absl::Time now = absl::Now();
    if (view.ok() && holds(*view)) return Arrival<View>{*std::move(view), now - since};
    if (!view.ok() && !absl::IsNotFound(view.status())) return view.status();
    if (now > deadline) {
      return absl::DeadlineExceededError(absl::StrCat(
          what, " has not happened within ", absl::FormatDuration(kArrival), "; there is ",
          view.ok() ? view->ShortDebugString() : std::string(view.status().message())));
    }
    absl::SleepFor(kLook);
  }
}

template <class Resource, class Request>
absl::StatusOr<Resource> Actor::Ask(const std::string& method, const Request& request) {
  const auto reply = Call(method, request);
  if (!reply.ok()) return reply.status();
  Resource resource;
  resource.CopyFrom(
      (*reply)->GetReflection()->GetMessage(**reply, (*reply)->GetDescriptor()->field(0)));
  return resource;
}

template <class Resource, class Request>
absl::StatusOr<Resource> Actor::Change(const std::string& method, Request request) {
  request.set_request_id(FreshId());
  sent_ = absl::Now();
  auto resource = Ask<Resource>(method, request);
  // What a service that has just been started cannot decide yet is asked again, with the same id.
  constexpr absl::Duration kConfirmedWithin = absl::Seconds(30);
  constexpr absl::Duration kAskAgain = absl::Milliseconds(200);
  while (RuleOf(resource.status()) == "store.not_confirmed" &&
         absl::Now() - sent_ < kConfirmedWithin) {
    absl::SleepFor(kAskAgain);
    resource = Ask<Resource>(method, request);
  }
  took_ = absl::Now() - sent_;
  return resource;
}

template <class Request>
absl::StatusOr<hv1::Handover> Actor::OnHandover(const std::string& method, Request request,
                                                const std::string& handover_id) {
  request.set_handover_id(handover_id);
  return Change<hv1::Handover>(In(kHandoverService, method), std::move(request));
}

// What is done to a case by a method of any service.
template <class Request>
absl::StatusOr<cv1::Case> ChangeCase(Actor& at, const std::string& method, Request request,
                                     const std::string& case_id) {
  request.set_case_id(case_id);
  return at.Change<cv1::Case>(method, std::move(request));
}

template <class Request>
absl::StatusOr<cv1::Case> Actor::OnCase(const std::string& method, Request request,
                                        const std::string& case_id) {
  return ChangeCase(*this, In(kCaseService, method), std::move(request), case_id);
}

template <class Resource, class Request>
absl::StatusOr<std::vector<Resource>> Actor::List(const std::string& method, Request request) {
  constexpr std::uint32_t kPage = 200;
  request.set_page_size(kPage);
  std::vector<Resource> all;
  while (true) {
    const auto reply = Call(method, request);
    if (!reply.ok()) return reply.status();
    const google::protobuf::Message& page = **reply;
    const auto* reflection = page.GetReflection();
    const auto* items = page.GetDescriptor()->field(0);
    for (int i = 0; i < reflection->FieldSize(page, items); ++i) {
      all.emplace_back().CopyFrom(reflection->GetRepeatedMessage(page, items, i));
    }
    const std::string next =
        reflection->GetString(page, page.GetDescriptor()->FindFieldByName("next_page_token"));
    if (next.empty()) return all;
    request.set_page_token(next);
  }
}

}  // namespace exitbus::story
