// A console that authorities tell and that callers ask. For tests.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "services/console/told_testing.h"

namespace exitbus::console {

class ConsoleTest : public ToldConsole {
 protected:
  static exchange::Caller CallerAs(const std::string& system, const std::string& function) {
    return {"console", system, function, "somebody", "operation"};
  }
  static exchange::Caller Exchange() { return CallerAs("web", "exchange-operator"); }
  static exchange::Caller Observer() { return CallerAs("web", "observer"); }
  static exchange::Caller Operator(const std::string& of) {
    return CallerAs(of, "authority-operator");
  }

  exchange::Answer Ask(const exchange::Caller& caller, const std::string& method,
                       const google::protobuf::Message& request) {
    exchange::Answer answer;
    std::unique_ptr<google::protobuf::Message> copy(request.New());
    copy->CopyFrom(request);
    console_->Handle({"exitbus.operations.v1.OperationsService." + method, caller, std::move(copy),
                      [&answer](exchange::Answer got) { answer = std::move(got); }});
    executor_.RunUntilIdle();
    return answer;
  }
  ov1::GetOverviewResponse Overview(const exchange::Caller& caller) {
    const exchange::Answer answer = Ask(caller, "GetOverview", ov1::GetOverviewRequest());
    EXPECT_NE(answer.reply, nullptr) << answer.refusal.reason;
    return static_cast<const ov1::GetOverviewResponse&>(*answer.reply);
  }
  ov1::AuthorityRow RowOf(const exchange::Caller& caller, const std::string& authority) {
    const ov1::GetOverviewResponse all = Overview(caller);
    for (const auto& row : all.authorities()) {
      if (row.authority() == authority) return row;
    }
    ADD_FAILURE() << "no row of " << authority;
    return {};
  }
  static const ov1::ChannelFigures* FiguresIn(const ov1::AuthorityRow& row, pv1::Channel channel) {
    for (const auto& figures : row.channels()) {
      if (figures.channel() == channel) return &figures;
    }
    return nullptr;
  }

  // A watch under way.
  struct Open {
    std::shared_ptr<Sink> sink;
    std::unique_ptr<exchange::WatchSession> session;
  };
  template <class Request>
  Open Watch(const exchange::Caller& caller, const std::string& method, const std::string& token) {
    Open open{std::make_shared<Sink>(), nullptr};
    open.session =
        console_->Watch({"exitbus.operations.v1.OperationsService." + method, caller, open.sink});
    auto begin = std::make_unique<Request>();
    begin->mutable_begin()->set_token(token);
    open.session->Receive(std::move(begin), [] {});
    executor_.RunUntilIdle();
    return open;
  }
  // All it was told by now.
  template <class Request, class Response>
  void Acknowledge(const Open& open) {
    if (open.sink->messages.empty()) return;
    auto message = std::make_unique<Request>();
    message->mutable_acknowledge()->set_token(
        static_cast<const Response&>(*open.sink->messages.back()).token());
    open.session->Receive(std::move(message), [] {});
    executor_.RunUntilIdle();
  }
};

}  // namespace exitbus::console
