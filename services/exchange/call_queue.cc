#include "services/exchange/call_queue.h"

#include <algorithm>
#include <utility>

namespace exitbus::exchange {

std::deque<Call>& CallQueue::LineOf(const Call& call) {
  const auto [line, is_new] = lines_.try_emplace(call.caller.system);
  if (is_new) turns_.push_back(line->first);
  ++size_;
  return line->second;
}

void CallQueue::Push(Call call) {
  std::deque<Call>& line = LineOf(call);
  line.push_back(std::move(call));
}

void CallQueue::PutBack(std::vector<Call> calls) {
  std::for_each(calls.rbegin(), calls.rend(), [this](Call& call) {
    std::deque<Call>& line = LineOf(call);
    line.push_front(std::move(call));
  });
}

Call CallQueue::Pop() {
  const auto line = lines_.find(turns_.front());
  Call call = std::move(line->second.front());
  line->second.pop_front();
  --size_;
  if (line->second.empty()) {
    lines_.erase(line);
  } else {
    turns_.push_back(std::move(turns_.front()));
  }
  turns_.pop_front();
  return call;
}

}  // namespace exitbus::exchange
