// Every bad value there is a class of, for every field of a message, however deep: what somebody
// outside may send. Walks the descriptors, so that a new field is tried without being named.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <string>
#include <vector>

namespace exitbus::simulation {

struct Hostile {
  std::string what;  // "agreement.measures.owner: no UTF-8"
  std::shared_ptr<const google::protobuf::Message> message;
};

// `base` with one bad value each. In a oneof the member set in `base` is tried, or each if none is.
std::vector<Hostile> HostileTo(const google::protobuf::Message& base);

}  // namespace exitbus::simulation
