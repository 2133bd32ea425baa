// The conditions that hold for a reader right now, e.g. "the handover was accepted".
#pragma once

#include <cstdint>
#include <initializer_list>

namespace exitbus::policy {

namespace v1 {
enum Condition : int;
}

// A small set of v1::Condition; a value type.
class ConditionSet {
 public:
  constexpr ConditionSet() = default;
  constexpr ConditionSet(std::initializer_list<v1::Condition> conditions) {
    for (v1::Condition condition : conditions) Add(condition);
  }

  // As a message lists them, and the other route.
  template <class Listed>
  static ConditionSet In(const Listed& listed) {
    ConditionSet conditions;
    for (const int condition : listed) conditions.Add(static_cast<v1::Condition>(condition));
    return conditions;
  }
  template <class Listed>
  void AddTo(Listed& listed) const {
    for (int i = 0; bits_ >> i != 0; ++i) {
      if ((bits_ >> i & 1) != 0) listed.Add(i);
    }
  }

  constexpr void Add(v1::Condition condition) { bits_ |= Bit(condition); }
  constexpr void Remove(v1::Condition condition) { bits_ &= ~Bit(condition); }
  constexpr bool Has(v1::Condition condition) const { return (bits_ & Bit(condition)) != 0; }
  // Whether every condition of `other` is in this set.
  constexpr bool HasAll(ConditionSet other) const { return (bits_ & other.bits_) == other.bits_; }
  constexpr std::uint32_t bits() const { return bits_; }

  friend constexpr bool operator==(ConditionSet, ConditionSet) = default;

 private:
  static constexpr std::uint32_t Bit(v1::Condition condition) {
    return std::uint32_t{1} << static_cast<int>(condition);
  }

  std::uint32_t bits_ = 0;
};

}  // namespace exitbus::policy
