// The message kinds on the bus: every message with a flow.
#pragma once

#include <string>
#include <vector>

#include "services/policy/contracts.h"

namespace google::protobuf {
class Descriptor;
}

namespace exitbus::policygen {

// In order of file and place.
std::vector<const google::protobuf::Descriptor*> KindsIn(const policy::ContractFiles& files);

// The channels a kind goes over, by short name, each once.
std::vector<std::string> ChannelsOf(const google::protobuf::Descriptor& kind);

}  // namespace exitbus::policygen
