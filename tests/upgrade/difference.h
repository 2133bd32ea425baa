// What today's API shows of a case, compared with what a release showed of it.
#pragma once

#include <string>

namespace google::protobuf {
class Message;
}

namespace exitbus::upgrade {

class ReleasedContracts;

// How today's answer differs in what the release's contracts know; empty: in nothing but what is
// decided to differ (difference.cc says why).
std::string Difference(const ReleasedContracts& contracts, const google::protobuf::Message& then,
                       const google::protobuf::Message& now);

}  // namespace exitbus::upgrade
