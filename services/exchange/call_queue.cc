#include "services/exchange/call_queue.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <utility>

namespace exitbus::exchange {

std::deque<Call>& CallQueue::LineOf(const Call& call) {
  Line& line = lines_[call.caller.system];
  if (line.calls.empty()) line.had = std::max(line.had, least_);
  ++size_;
  return line.calls;
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
  while (auto call = PopAny(rows_left)) {
    if (!call->abandoned || !call->abandoned()) return call;
    Charge(0);
  }
  return std::nullopt;
}

std::optional<Call> CallQueue::PopAny(std::size_t rows_left) {
  if (empty()) return std::nullopt;
  const auto rank = [](const Line& line) { return std::pair(line.calls.empty(), line.had); };
  const auto next = std::min_element(
      lines_.begin(), lines_.end(),
      [&](const auto& one, const auto& other) { return rank(one.second) < rank(other.second); });
  Line& line = next->second;
  if (line.last > rows_left) return std::nullopt;
  charged_ = next->first;
  least_ = line.had;
  Call call = std::move(line.calls.front());
  line.calls.pop_front();
  --size_;
  return call;
}

void CallQueue::Charge(std::size_t rows) {
  Line& line = lines_.at(charged_);
  line.had += std::max<std::size_t>(rows, 1);
  line.last = rows;
  std::erase_if(lines_, [this](const auto& each) {
    return each.second.calls.empty() && each.second.had <= least_;
  });
}

}  // namespace exitbus::exchange
