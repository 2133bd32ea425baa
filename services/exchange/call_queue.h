// Calls that wait to be carried out: one of each client system in turn, so that nobody waits behind
// all that another has asked for.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "services/exchange/ports/api.h"

namespace exitbus::exchange {

class CallQueue {
 public:
  bool empty() const { return turns_.empty(); }
  std::size_t size() const { return size_; }

  // Behind the others of its system.
  void Push(Call call);
  // Before the others of their systems: those that were carried out before, and have to be again.
  void PutBack(std::vector<Call> calls);
  // The next one. There is one.
  Call Pop();

 private:
  // The calls of its system; one that had none gets its turn after the others.
  std::deque<Call>& LineOf(const Call& call);

  std::map<std::string, std::deque<Call>> lines_;  // by system; none of them empty
  std::deque<std::string> turns_;                  // of the systems in lines_, the next one first
  std::size_t size_ = 0;
};

}  // namespace exitbus::exchange
