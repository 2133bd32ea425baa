// How the parts of a row's key stand in its bytes. For keys.cc and meta_keys.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "services/exchange/keys.h"

namespace exitbus::exchange {

inline constexpr char kKeySeparator = '/';

class KeyWriter {
 public:
  explicit KeyWriter(std::string_view begin = "") : bytes_(begin) {}

  // One more part and the separator. Ends the process where it is no part.
  KeyWriter& Part(std::string_view part);
  KeyWriter& Part(int number);
  KeyWriter& Number(std::uint64_t number);
  // The last part. What Decode reads by Rest() may hold separators.
  std::string EndPart(std::string_view part);
  std::string End(std::string_view rest = "") { return std::move(bytes_.append(rest)); }

 private:
  std::string bytes_;
};

// Reads a key from both its ends. Once it proves to be none, nothing more is in it.
class KeyReader {
 public:
  explicit KeyReader(std::string_view bytes) : rest_(bytes) {}

  void Begin(std::string_view begin);
  std::string Part();
  std::uint64_t Number();
  // The last one, and the separator before it.
  std::string PartAtEnd();
  std::uint64_t NumberAtEnd();
  // All that is left; as a part.
  std::string EndPart();
  std::string Rest() { return std::string(std::exchange(rest_, {})); }
  // What is written like this and no other way.
  int IntIn(const std::string& part);

  // A key whose parts were read from here, in the order in which braces list them. nullopt: it was
  // none, or something is left.
  template <class Key>
  std::optional<Key> As(Key key) const {
    return ok_ && rest_.empty() ? std::optional<Key>(std::move(key)) : std::nullopt;
  }

 private:
  bool Require(bool is_so);

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace exitbus::exchange
