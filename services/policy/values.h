// Whether values from outside can mean what their fields are for. What a field takes is declared
// beside it (exitbus.policy.v1.value), or follows from its type; this is the one place that holds a
// message to it, whether it came as a request, a letter, a file or the directory.
#pragma once

#include <optional>
#include <string>

namespace google::protobuf {
class Message;
}

namespace exitbus::policy {

struct Fault {
  std::string path;  // "visitation.decided", "measures[2].months"
  std::string what;  // goes on: "it …"; never repeats the value
};

// The first fault in `message` and all that is in it; nullopt: none.
std::optional<Fault> FaultIn(const google::protobuf::Message& message);

// As a sentence or two for who sent it.
std::string WordsOf(const Fault& fault);

}  // namespace exitbus::policy
