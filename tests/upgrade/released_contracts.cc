#include "tests/upgrade/released_contracts.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>

#include "adapters/directory/files.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::upgrade {

struct ReleasedContracts::Types {
  google::protobuf::DescriptorPool pool;
  google::protobuf::DynamicMessageFactory factory{&pool};
};

absl::StatusOr<ReleasedContracts> ReleasedContracts::Load(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string bytes, adapters::ReadFile(file));
  google::protobuf::FileDescriptorSet set;
  if (!set.ParseFromString(bytes)) {
    return absl::InvalidArgumentError(file + ": holds no contracts");
  }
  auto types = std::make_shared<Types>();
  // buf writes a file after those that it imports.
  for (const auto& each : set.file()) {
    if (types->pool.BuildFile(each) == nullptr) {
      return absl::InvalidArgumentError(file + ": " + each.name() + " does not hold together");
    }
  }
  return ReleasedContracts(std::move(types));
}

absl::Status ReleasedContracts::LeaveKnown(google::protobuf::Message& message) const {
  const std::string& type = message.GetDescriptor()->full_name();
  const auto* known = types_->pool.FindMessageTypeByName(type);
  if (known == nullptr) return absl::NotFoundError(type + ": the release does not know it");
  const std::unique_ptr<google::protobuf::Message> as_then(
      types_->factory.GetPrototype(known)->New());
  if (!as_then->ParseFromString(message.SerializeAsString())) {
    return absl::InvalidArgumentError(type + ": the release cannot read it");
  }
  as_then->DiscardUnknownFields();
  message.ParseFromString(as_then->SerializeAsString());
  return absl::OkStatus();
}

}  // namespace exitbus::upgrade
