#include "tools/policygen/kinds.h"

#include <algorithm>

#include "google/protobuf/descriptor.h"
#include "services/policy/flows.h"
#include "services/policy/readers.h"

namespace exitbus::policygen {

using google::protobuf::Descriptor;

std::vector<const Descriptor*> KindsIn(const policy::ContractFiles& files) {
  std::vector<const Descriptor*> kinds;
  for (const auto* file : files) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      if (!policy::FlowsOf(*file->message_type(i)).empty()) kinds.push_back(file->message_type(i));
    }
  }
  return kinds;
}

std::vector<std::string> ChannelsOf(const Descriptor& kind) {
  std::vector<std::string> names;
  for (const policy::v1::Flow& flow : policy::FlowsOf(kind)) {
    std::string name(policy::ChannelName(flow.channel()));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

}  // namespace exitbus::policygen
