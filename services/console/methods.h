// The console's methods, once the caller is known and his look is in the account.
#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "services/console/viewer.h"
#include "services/exchange/ports/api.h"

namespace exitbus::console {

class Account;
class Board;
struct World;

struct Asked {
  const Viewer& viewer;
  std::string environment;
  bool development = false;
  std::string version;
  absl::Time now;
};

// What a request is about, for the account: an authority or a hop id; empty: all.
std::string SubjectOf(const google::protobuf::Message& request);

exchange::Answer AnswerTo(std::string_view method, const Asked& asked,
                          const google::protobuf::Message& request, const World& world,
                          const Board& board, const Account& account);

}  // namespace exitbus::console
