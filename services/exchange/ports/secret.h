// Bytes that are a secret, wiped where they lay when they are let go. A secret is longer than what
// a string keeps within itself, so that all of it passes through the allocator.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>

namespace exitbus::exchange {

template <class T>
struct WipingAllocator : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = WipingAllocator<U>;
  };
  WipingAllocator() = default;
  template <class U>
  WipingAllocator(const WipingAllocator<U>& /*other*/) {}  // NOLINT: as the standard wants it

  void deallocate(T* bytes, std::size_t count) {
    explicit_bzero(bytes, count * sizeof(T));
    std::allocator<T>::deallocate(bytes, count);
  }
};

using SecretBytes = std::basic_string<char, std::char_traits<char>, WipingAllocator<char>>;

// For strings that are not ours to choose, a parser's for instance.
inline void Wipe(std::string& secret) { explicit_bzero(secret.data(), secret.size()); }

}  // namespace exitbus::exchange
