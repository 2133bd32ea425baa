// Looking through a list, protobuf's or any other.
#pragma once

#include <algorithm>

namespace exitbus::exchange {

// The first of which this holds, to be changed where `all` may be; null: none.
template <class List, class Pred>
auto FindIn(List& all, Pred holds) -> decltype(&*all.begin()) {
  const auto found = std::find_if(all.begin(), all.end(), holds);
  return found == all.end() ? nullptr : &*found;
}

// The last one.
template <class List, class Pred>
auto FindLastIn(List& all, Pred holds) -> decltype(&*all.begin()) {
  const auto found = std::find_if(all.rbegin(), all.rend(), holds);
  return found == all.rend() ? nullptr : &*found;
}

// The last ones, at most so many.
template <class List>
void KeepNewest(List& all, int most) {
  const int too_many = static_cast<int>(all.size()) - most;
  if (too_many > 0) all.erase(all.begin(), all.begin() + too_many);
}

template <class List, class Pred>
void EraseFrom(List& all, Pred holds) {
  all.erase(std::remove_if(all.begin(), all.end(), holds), all.end());
}

}  // namespace exitbus::exchange
