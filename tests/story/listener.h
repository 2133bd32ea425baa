// Who hears what the story's actors say, and may put other words into their mouths: for tests that
// play the story and look at what became of its words.
#pragma once

#include <string>

#include "adapters/grpc/grpc_client.h"
#include "tests/story/cast.h"

namespace google::protobuf {
class Message;
}

namespace exitbus::story {

class Listener {
 public:
  virtual ~Listener() = default;

  // Before a request leaves, and on what the story expects to see again. Free text may be added to;
  // on what was added to already this does nothing.
  virtual void Word(google::protobuf::Message& said) {}
  // Each answer an actor got.
  virtual void Answered(const Member& member, const std::string& method,
                        const google::protobuf::Message& request,
                        const adapters::GrpcClient::Reply& reply) {}
  // The broker was killed; what it stored goes next.
  virtual void BrokerKilled() {}
};

}  // namespace exitbus::story
