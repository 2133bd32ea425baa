#include "adapters/grpc/grpc_watch.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "google/protobuf/message.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/byte_buffer.h"

namespace exitbus::adapters {
namespace {

using google::protobuf::Message;

// One operation of each kind at a time; its kind is its tag in the stream's own queue, which is
// looked at only when something is waited for.
enum Operation : std::intptr_t { kStart = 1, kRead, kWrite, kFinish };

class Watch final : public GrpcWatch {
 public:
  Watch(grpc::GenericStub& stub, const std::string& path, const Message* reply,
        const CallOptions& options)
      : reply_(reply), timeout_(options.timeout) {
    for (const auto& [key, value] : options.metadata) context_.AddMetadata(key, value);
    stream_ = stub.PrepareCall(&context_, path, &queue_);
    stream_->StartCall(Begin(kStart));
  }

  ~Watch() override {
    context_.TryCancel();
    (void)Over();
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  absl::Status Send(const Message& request) override {
    grpc::ByteBuffer bytes;
    bool own_buffer = false;
    const grpc::Status serialised =
        grpc::GenericSerialize<grpc::ProtoBufferWriter, Message>(request, &bytes, &own_buffer);
    if (!serialised.ok()) return FromGrpcStatus(serialised);
    if (ended_) return *ended_;
    const absl::Time until = absl::Now() + timeout_;
    if (!Await(kStart, until)) return Over();
    stream_->Write(bytes, Begin(kWrite));
    if (!Await(kWrite, until)) return Over();
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<Message>> Next(absl::Duration wait) override {
    if (ended_) return *ended_;
    if (!Await(kStart, absl::Now() + timeout_)) return Over();
    if (!under_way_.contains(kRead) && !read_.has_value()) {
      stream_->Read(&incoming_, Begin(kRead));
    }
    const absl::Time until = absl::Now() + wait;
    while (under_way_.contains(kRead) && Take(until)) {
    }
    if (under_way_.contains(kRead)) return absl::DeadlineExceededError("no change yet");
    if (!std::exchange(read_, std::nullopt).value_or(false)) return Over();
    std::unique_ptr<Message> message(reply_->New());
    if (!grpc::GenericDeserialize<grpc::ProtoBufferReader, Message>(&incoming_, message.get())
             .ok()) {
      return absl::InternalError(
          absl::StrCat("what came is not a ", message->GetDescriptor()->full_name()));
    }
    return message;
  }

 private:
  void* Begin(Operation operation) {
    under_way_.insert(operation);
    return reinterpret_cast<void*>(operation);
  }

  // Waits for the next operation to end; false: none did until then.
  bool Take(absl::Time until) {
    void* tag = nullptr;
    bool ok = false;
    if (queue_.AsyncNext(&tag, &ok, absl::ToChronoTime(until)) !=
        grpc::CompletionQueue::GOT_EVENT) {
      return false;
    }
    const auto operation = static_cast<Operation>(reinterpret_cast<std::intptr_t>(tag));
    under_way_.erase(operation);
    if (operation == kRead) {
      read_ = ok;
    } else if (!ok) {
      failed_ = true;
    }
    return true;
  }

  bool Await(Operation operation, absl::Time until) {
    while (under_way_.contains(operation) && Take(until)) {
    }
    if (under_way_.contains(operation)) {
      late_ = true;
      context_.TryCancel();
    }
    return !under_way_.contains(operation) && !failed_;
  }

  // Why it ended. It has, or was cancelled: what came before its end is read and dropped, or gRPC
  // would not tell.
  absl::Status Over() {
    if (ended_) return *ended_;
    while (true) {
      while (!under_way_.empty() && Take(absl::InfiniteFuture())) {
      }
      if (!read_.value_or(true)) break;
      stream_->Read(&incoming_, Begin(kRead));
    }
    grpc::Status status;
    stream_->Finish(&status, Begin(kFinish));
    while (!under_way_.empty() && Take(absl::InfiniteFuture())) {
    }
    if (late_) {
      ended_ = absl::UnavailableError("no answer in time");
    } else if (status.ok()) {
      ended_ = absl::OutOfRangeError("the watch was ended");
    } else {
      ended_ = FromGrpcStatus(status);
    }
    return *ended_;
  }

  const Message* const reply_;
  const absl::Duration timeout_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  grpc::ByteBuffer incoming_;
  std::set<Operation> under_way_;
  std::optional<bool> read_;  // how the last read ended, until it is asked for
  bool failed_ = false;
  bool late_ = false;  // given up while something took too long
  std::optional<absl::Status> ended_;
};

}  // namespace

std::unique_ptr<GrpcWatch> OpenGrpcWatch(grpc::GenericStub& stub, const std::string& path,
                                         const google::protobuf::Descriptor& reply,
                                         const CallOptions& options) {
  return std::make_unique<Watch>(
      stub, path, google::protobuf::MessageFactory::generated_factory()->GetPrototype(&reply),
      options);
}

}  // namespace exitbus::adapters
