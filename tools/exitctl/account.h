// The account of who saw what as it can be given to the citizen: kinds of information in plain
// words with the Danish term, and no ids of anybody.
#pragma once

#include <optional>
#include <string>

namespace google::protobuf {
class Message;
}

namespace exitbus::exitctl {

// Nullopt: the reply is no account.
std::optional<std::string> AccountAsText(const google::protobuf::Message& reply);

}  // namespace exitbus::exitctl
