#include "adapters/grpc/bound_watch.h"

#include <deque>
#include <optional>
#include <utility>
#include <variant>

#include "adapters/api/admission.h"
#include "adapters/grpc/bound_call.h"
#include "adapters/grpc/errors.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/server_context.h"

namespace exitbus::adapters {

using exchange::Refusal;
using google::protobuf::Message;

// Between the engine, which delivers and ends, and gRPC, which reads and writes, each on threads of
// its own. What is to be done is noted under the lock and done outside of it by one thread at a
// time: gRPC may call back from within, and a finished reactor may be gone at once.
class WatchStream final : public exchange::WatchSink,
                          public std::enable_shared_from_this<WatchStream> {
 public:
  WatchStream(const google::protobuf::MethodDescriptor* method, ClientCertificate certificate,
              WatchReactor* reactor)
      : method_(method), certificate_(std::move(certificate)), reactor_(reactor) {}

  const ClientCertificate& certificate() const { return certificate_; }

  // Within gRPC's call of the method: it finishes nothing before that returns.
  void Open(exchange::ApiHandler* handler, exchange::Caller caller) {
    session_ = handler->Watch({method_->full_name(), std::move(caller), shared_from_this()});
    Note([this] { wants_read_ = true; });
  }

  void Deliver(std::unique_ptr<Message> message) override {
    grpc::ByteBuffer bytes;
    if (const grpc::Status status = Serialise(*message, &bytes); !status.ok()) {
      return Finish(status);
    }
    Note([&] {
      outgoing_.push_back(std::move(bytes));
      drained_is_new_ = half_closed_;
    });
  }

  void End(Refusal why) override { Finish(ToGrpcStatus(why)); }
  // What was delivered before still goes out.
  void Complete() override {
    Note([this] { completes_ = true; });
  }

  // The first one to say so.
  void Finish(const grpc::Status& status) {
    Note([&] {
      if (!ending_) ending_ = status;
    });
  }

  void OnRead(bool ok) {
    // The client sends no more, and may still read; or it is gone, and OnCancel was first.
    if (!ok) return Note([this] { drained_is_new_ = half_closed_ = true; });
    std::unique_ptr<Message> message = ParseRequest(*method_, incoming_);
    if (message == nullptr) return End(Malformed(*method_));
    if (session_ == nullptr) return;  // refused
    session_->Receive(std::move(message), [stream = shared_from_this()] {
      stream->Note([&] { stream->wants_read_ = true; });
    });
  }

  void OnWritten(bool ok) {
    Note([&] {
      writing_ = false;
      if (!ok && !ending_) ending_ = grpc::Status(grpc::StatusCode::CANCELLED, "Nobody reads.");
    });
  }

  void OnDone() { session_ = nullptr; }

 private:
  template <class Change>
  void Note(Change change) {
    const auto self = shared_from_this();
    std::unique_lock<std::mutex> lock(mutex_);
    change();
    if (std::exchange(acting_, true)) return;  // who is at it sees to this too
    while (Act(lock)) {
    }
    acting_ = false;
  }

  // One step, outside the lock; false: there is none.
  bool Act(std::unique_lock<std::mutex>& lock) {
    if (finished_) return false;
    if (completes_ && !ending_ && !writing_ && outgoing_.empty()) ending_ = grpc::Status::OK;
    if (ending_ && !writing_) {
      finished_ = true;
      lock.unlock();
      reactor_->Finish(*ending_);
    } else if (!ending_ && std::exchange(wants_read_, false)) {
      lock.unlock();
      reactor_->StartRead(&incoming_);
    } else if (!ending_ && !writing_ && !outgoing_.empty()) {
      writing_ = true;
      written_ = std::move(outgoing_.front());
      outgoing_.pop_front();
      lock.unlock();
      reactor_->StartWrite(&written_);
    } else if (!ending_ && !writing_ && std::exchange(drained_is_new_, false)) {
      lock.unlock();
      session_->Drained();
    } else {
      return false;
    }
    lock.lock();
    return true;
  }

  const google::protobuf::MethodDescriptor* const method_;
  const ClientCertificate certificate_;
  WatchReactor* const reactor_;  // not to be touched once finished_
  std::unique_ptr<exchange::WatchSession> session_;
  grpc::ByteBuffer incoming_;  // gRPC's while it reads
  grpc::ByteBuffer written_;   // gRPC's while it writes

  std::mutex mutex_;  // guards all below
  // As many as the engine has under way unacknowledged, at most.
  std::deque<grpc::ByteBuffer> outgoing_;
  std::optional<grpc::Status> ending_;  // never changed once set
  bool completes_ = false;              // to end well when nothing is left to write
  bool wants_read_ = false;
  bool half_closed_ = false;     // the client sends no more
  bool drained_is_new_ = false;  // to be told when nothing is left to write
  bool writing_ = false;
  bool acting_ = false;
  bool finished_ = false;
};

namespace {

class Reactor final : public WatchReactor {
 public:
  Reactor(const google::protobuf::MethodDescriptor* method, ClientCertificate certificate,
          OpenWatches* open)
      : stream_(std::make_shared<WatchStream>(method, std::move(certificate), this)), open_(open) {}

  const std::shared_ptr<WatchStream>& stream() const { return stream_; }

  void OnReadDone(bool ok) override { Keep()->OnRead(ok); }
  void OnWriteDone(bool ok) override { Keep()->OnWritten(ok); }
  void OnCancel() override {
    Keep()->Finish(grpc::Status(grpc::StatusCode::CANCELLED, "The watch was cancelled."));
  }
  void OnDone() override {
    stream_->OnDone();
    open_->Remove(stream_);
    delete this;
  }

 private:
  // Finishing may destroy this reactor.
  std::shared_ptr<WatchStream> Keep() const { return stream_; }

  const std::shared_ptr<WatchStream> stream_;
  OpenWatches* const open_;
};

}  // namespace

bool OpenWatches::Add(std::shared_ptr<WatchStream> stream) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!stopping_) streams_.insert(std::move(stream));
  return !stopping_;
}

void OpenWatches::Remove(const std::shared_ptr<WatchStream>& stream) {
  const std::lock_guard<std::mutex> lock(mutex_);
  streams_.erase(stream);
}

void OpenWatches::EndAll() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  for (const auto& stream : All()) stream->End(StoppingWatch());
}

void OpenWatches::EndRevoked(const Admission& admission) {
  for (const auto& stream : All()) {
    if (admission.IsRevoked(stream->certificate())) stream->End(CertificateRevoked());
  }
}

std::set<std::shared_ptr<WatchStream>> OpenWatches::All() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return streams_;
}

WatchReactor* StartWatch(const google::protobuf::MethodDescriptor& method, Admission& admission,
                         exchange::ApiHandler* handler, grpc::CallbackServerContext* context,
                         OpenWatches* open) {
  auto* reactor = new Reactor(&method, CertificateOf(*context, admission),
                              open);  // deletes itself in OnDone
  // Among the open ones first: a certificate that is revoked meanwhile is then seen by one of us.
  const bool added = open->Add(reactor->stream());
  auto caller = ReadCaller(*context, admission);
  if (auto* refusal = std::get_if<Refusal>(&caller)) {
    reactor->stream()->End(*std::move(refusal));
  } else if (!added) {
    reactor->stream()->End(StoppingWatch());
  } else {
    admission.CountHandled();
    reactor->stream()->Open(handler, std::get<exchange::Caller>(std::move(caller)));
  }
  return reactor;
}

}  // namespace exitbus::adapters
