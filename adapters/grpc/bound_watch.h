// Watches over gRPC: a bidirectional stream each, of which one message at a time is being written
// and one being read. Internal to this folder.
#pragma once

#include <memory>
#include <mutex>
#include <set>

#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "services/exchange/ports/api.h"

namespace google::protobuf {
class MethodDescriptor;
}

namespace exitbus::adapters {

class Admission;
class WatchStream;

// Those under way on a server, so that its shutdown need not wait for clients that mean to stay.
// Thread-safe.
class OpenWatches {
 public:
  // False: the server is stopping.
  bool Add(std::shared_ptr<WatchStream> stream);
  void Remove(const std::shared_ptr<WatchStream>& stream);
  // Ends all, and lets none begin any more.
  void EndAll();
  // Ends those of clients that were revoked since they began.
  void EndRevoked(const Admission& admission);

 private:
  std::set<std::shared_ptr<WatchStream>> All();

  std::mutex mutex_;
  std::set<std::shared_ptr<WatchStream>> streams_;  // guarded by mutex_
  bool stopping_ = false;                           // guarded by mutex_
};

using WatchReactor = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;

// The reactor of a new stream; gRPC keeps it until the stream is done. `method`, `admission`,
// `handler` and `open` outlive the server.
WatchReactor* StartWatch(const google::protobuf::MethodDescriptor& method, Admission& admission,
                         exchange::ApiHandler* handler, grpc::CallbackServerContext* context,
                         OpenWatches* open);

}  // namespace exitbus::adapters
