// Calls that wait to be carried out. The next one is of the client system that has had least of the
// store's rows since it waits, so that who asks for little never waits behind who asks for much.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "services/exchange/ports/api.h"

namespace exitbus::exchange {

class CallQueue {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  // Behind the others of its system.
  void Push(Call call);
  // Before the others of their systems: those that were carried out before, and have to be again.
  void PutBack(std::vector<Call> calls);

  // The next one, if one that costs as much as the last of its system fits into so many rows. Those
  // that nobody waits for any more are dropped.
  std::optional<Call> Pop(std::size_t rows_left);
  // The one that was popped last touched so many rows.
  void Charge(std::size_t rows);

 private:
  struct Line {
    std::deque<Call> calls;
    std::uint64_t had =
        0;  // rows; who has not asked for a while begins with the least of the others
    std::size_t last = 0;  // rows of its last call
  };

  std::deque<Call>& LineOf(const Call& call);
  std::optional<Call> PopAny(std::size_t rows_left);

  std::map<std::string, Line> lines_;  // by system: who waits, or has had more than the least
  std::string charged_;                // the system whose call was popped last
  std::uint64_t least_ = 0;            // what it had had before
  std::size_t size_ = 0;
};

}  // namespace exitbus::exchange
