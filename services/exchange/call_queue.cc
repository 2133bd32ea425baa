#include "services/exchange/call_queue.h"

#include <algorithm>
#include <utility>

namespace exitbus::exchange {

std::deque<Call>& CallQueue::LineOf(const Call& call) {
  const auto [line, is_new] = lines_.try_emplace(call.caller.system);
  if (is_new) line->second.had = least_;
  ++size_;
  return line->second.calls;
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

std::optional<Call> CallQueue::Pop(std::size_t rows_left) {
  const auto next = std::min_element(
      lines_.begin(), lines_.end(),
      [](const auto& one, const auto& other) { return one.second.had < other.second.had; });
  if (next == lines_.end() || next->second.last > rows_left) return std::nullopt;
  Line& line = next->second;
  charged_ = next->first;
  least_ = line.had;
  Call call = std::move(line.calls.front());
  line.calls.pop_front();
  --size_;
  return call;
}

void CallQueue::Charge(std::size_t rows) {
  const auto line = lines_.find(charged_);
  line->second.had += std::max<std::size_t>(rows, 1);
  line->second.last = rows;
  if (line->second.calls.empty()) lines_.erase(line);
}

}  // namespace exitbus::exchange
