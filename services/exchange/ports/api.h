// A call from one of the authority's own systems, as the engine sees it, free of any transport.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace google::protobuf {
class Message;
}

namespace exitbus::exchange {

// Who calls. Authority, system and function come from the client certificate's common name
// ("<authority>.<system>.<function>"); employee, purpose and remark are request metadata
// ("exitbus-employee", "exitbus-purpose", "exitbus-remark") that the system vouches for.
struct Caller {
  std::string authority;
  std::string system;
  std::string function;
  std::string employee;
  std::string purpose;
  std::string remark = {};  // what there is to say beside the purpose
};

// Why a call was not carried out. Travels as google.rpc.ErrorInfo{reason, domain "exitbus",
// metadata}. `message` tells the reader what to do and holds no personal data.
struct Refusal {
  absl::StatusCode code = absl::StatusCode::kUnknown;
  std::string reason;  // the rule's name, e.g. "handover.offered_cannot_be_recalled"
  std::string message;
  std::vector<std::pair<std::string, std::string>> metadata;
};

struct Answer {
  std::unique_ptr<google::protobuf::Message> reply;  // null: refused
  Refusal refusal;
  // Told beside a reply, as gRPC's initial metadata: "exitbus-store", "behind".
  std::vector<std::pair<std::string, std::string>> notes = {};
};

struct Call {
  std::string method;  // full name, e.g. "exitbus.handover.v1.HandoverService.OfferHandover"
  Caller caller;
  std::unique_ptr<google::protobuf::Message> request;
  absl::AnyInvocable<void(Answer)> done;  // runs once, on any thread, or is dropped
  // Whether nobody waits for the answer any more. Null: somebody does.
  std::function<bool()> abandoned = nullptr;
};

// Where a watch's messages go. Called on the engine's thread; never blocks. A watch has a bounded
// number of messages under way that its client has not acknowledged, so what the sink holds for a
// slow client is bounded too.
class WatchSink {
 public:
  virtual ~WatchSink() = default;
  // The method's response type.
  virtual void Deliver(std::unique_ptr<google::protobuf::Message> message) = 0;
  // The watch is over; nothing comes after it.
  virtual void End(Refusal why) = 0;
  // The same, and well: its client sends no more and has been told all there is.
  virtual void Complete() = 0;
};

struct WatchCall {
  std::string method;  // full name, e.g. "exitbus.casework.v1.CaseService.WatchCases"
  Caller caller;
  std::shared_ptr<WatchSink> sink;
};

// A watch under way, as its client's side holds it. Thread-safe; never blocks. Destroying it ends
// the watch; the sink may still be called a moment longer.
class WatchSession {
 public:
  virtual ~WatchSession() = default;
  // A message of the method's request type. The next one is to come after `more` ran, on any
  // thread, so that a client cannot flood the engine; `more` may be dropped when the engine stops.
  virtual void Receive(std::unique_ptr<google::protobuf::Message> message,
                       absl::AnyInvocable<void()> more) = 0;
  // The client sends no more, so it cannot acknowledge; that all delivered so far has gone out to
  // it does so instead. Called whenever that is so, until the sink is told that it is complete.
  virtual void Drained() = 0;
};

class ApiHandler {
 public:
  virtual ~ApiHandler() = default;
  // Thread-safe; never blocks.
  virtual void Handle(Call call) = 0;
  // The same. Null: refused; the sink was told.
  virtual std::unique_ptr<WatchSession> Watch(WatchCall call) = 0;
};

}  // namespace exitbus::exchange
