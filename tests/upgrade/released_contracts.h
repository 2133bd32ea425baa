// What a release knows: its contracts, as proto/released keeps them.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace google::protobuf {
class Message;
}

namespace exitbus::upgrade {

class ReleasedContracts {
 public:
  // `file`: proto/released/vX.Y.binpb. INVALID_ARGUMENT: it is none.
  static absl::StatusOr<ReleasedContracts> Load(const std::string& file);

  // Takes out of the message what the release does not know of its type, as if the release had
  // written it. NOT_FOUND: it does not know the type.
  absl::Status LeaveKnown(google::protobuf::Message& message) const;

 private:
  struct Types;

  explicit ReleasedContracts(std::shared_ptr<Types> types) : types_(std::move(types)) {}

  const std::shared_ptr<Types> types_;
};

}  // namespace exitbus::upgrade
