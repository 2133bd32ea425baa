#include "services/policy/text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace exitbus::policy {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool IsIn(const std::array<Range, N>& ranges, char32_t point) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    return range.first <= point && point <= range.last;
  });
}

// Control characters, separators of lines, what turns the direction of what follows (so that a name
// shows as another), tags, and what is no character.
constexpr std::array<Range, 7> kControls = {{{0x00, 0x1f},
                                             {0x7f, 0x9f},
                                             {0x2028, 0x202e},
                                             {0x2066, 0x206f},
                                             {0xfdd0, 0xfdef},
                                             {0xfff0, 0xfffb},
                                             {0xe0000, 0xe0fff}}};

// What shows as nothing: blanks, and characters of no width.
constexpr std::array<Range, 20> kInvisible = {
    {{0x09, 0x0d},     {0x20, 0x20},     {0xa0, 0xa0},     {0xad, 0xad},     {0x34f, 0x34f},
     {0x61c, 0x61c},   {0x115f, 0x1160}, {0x1680, 0x1680}, {0x17b4, 0x17b5}, {0x180b, 0x180f},
     {0x2000, 0x200f}, {0x202f, 0x202f}, {0x205f, 0x2065}, {0x2800, 0x2800}, {0x3000, 0x3000},
     {0x3164, 0x3164}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0x1d173, 0x1d17a}}};

bool IsNoCharacter(char32_t point) { return (point & 0xfffe) == 0xfffe; }

// Takes one character off the front of well-formed UTF-8 (RFC 3629); nullopt where it is not.
std::optional<char32_t> Next(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || text.size() < size) return std::nullopt;
  char32_t point = size == 1 ? lead : lead & (0x7f >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
    point = point << 6 | (byte(i) & 0x3f);
  }
  constexpr std::array<char32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xd800 && point <= 0xdfff;
  if (point < kSmallest.at(size) || point > 0x10ffff || surrogate) return std::nullopt;
  text.remove_prefix(size);
  return point;
}

}  // namespace

std::string_view FaultInText(std::string_view text, TextLimits limits) {
  if (text.size() > limits.bytes_max) return "is too long";
  bool shows = text.empty();
  while (!text.empty()) {
    const auto point = Next(text);
    if (!point) return "is not UTF-8 (Latin-1, perhaps)";
    const bool line = *point == '\n' || *point == '\r' || *point == '\t';
    if (line && !limits.lines) return "has a line break or tab";
    if (!line && (IsIn(kControls, *point) || IsNoCharacter(*point))) {
      return "has control characters";
    }
    shows |= !IsIn(kInvisible, *point);
  }
  return shows ? "" : "shows nothing but blanks";
}

std::string_view FaultInId(std::string_view id, std::size_t bytes_max) {
  if (id.size() > bytes_max) return "is too long";
  const bool plain =
      std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c <= '~' && c != '/'; });
  return plain ? "" : "has other characters than an id may have";
}

}  // namespace exitbus::policy
