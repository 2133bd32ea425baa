// The console's rows, as one who operates the authority they are of sees them, and as everybody
// else does.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "exitbus/policy/v1/policy.pb.h"

namespace exitbus::exchange {
struct DirectoryEntry;
}
namespace exitbus::operations::v1 {
class AuthorityRow;
class CommonView;
class ExchangeRow;
class StreamRow;
}  // namespace exitbus::operations::v1

namespace exitbus::console {

struct World;

enum class For { kEverybody, kOwnOperator };

// `secret`: what is shown of its secret channels to everybody.
operations::v1::AuthorityRow AuthorityRowOf(const World& world,
                                            const exchange::DirectoryEntry& entry,
                                            const operations::v1::CommonView& secret, For whom,
                                            absl::Time now);

// A topic with letters.
struct Stream {
  std::string topic;
  policy::v1::Channel channel = {};
  std::string reader;
};
// Those of the listed authorities.
std::vector<Stream> StreamsOf(const World& world);
operations::v1::StreamRow StreamRowOf(const World& world, const Stream& stream, For whom,
                                      absl::Time now);

operations::v1::ExchangeRow ExchangeRowOf(const World& world);

}  // namespace exitbus::console
