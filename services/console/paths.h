// Letters' ways, by their hop ids: a bounded number of letters, of which the oldest are forgotten.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/time/time.h"

namespace exitbus::operations::v1 {
class Hop;
class MessagePath;
}  // namespace exitbus::operations::v1

namespace exitbus::console {

class Paths {
 public:
  static constexpr std::size_t kLettersMax = 100'000;
  static constexpr std::size_t kHopsMax = 16;  // of a letter; the first and the last ones

  explicit Paths(std::size_t letters_max = kLettersMax) : letters_max_(letters_max) {}

  // When it was made, if that is known, of one that is receipted now; nullopt else.
  std::optional<absl::Time> Add(const std::string& authority, const operations::v1::Hop& hop);

  // Nullopt: there is none by this id, which is 32 hexadecimal digits. Whether somebody may see it
  // is for the caller to ask.
  std::optional<operations::v1::MessagePath> Find(std::string_view hop_id) const;

  std::size_t size() const { return letters_.size(); }

 private:
  using Id = std::array<char, 16>;
  struct HashOf {
    std::size_t operator()(const Id& id) const;  // it is a keyed hash already
  };
  struct Step {
    std::int64_t time_us = 0;
    std::uint16_t failure = 0;
    std::uint8_t kind = 0;
  };
  struct Letter {
    std::vector<Step> steps;
    std::uint16_t authority = 0;
    std::uint8_t channel = 0;
    bool left_out = false;
  };

  // A short number for a name that comes again and again.
  static std::uint16_t NumberOf(std::vector<std::string>& names, const std::string& name);
  void ForgetOldest();

  const std::size_t letters_max_;
  std::vector<std::string> authorities_;
  std::vector<std::string> failures_ = {""};
  std::unordered_map<Id, Letter, HashOf> letters_;
  std::deque<Id> in_order_;
};

}  // namespace exitbus::console
