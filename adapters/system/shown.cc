#include "adapters/system/shown.h"

#include <cstdint>

#include "absl/strings/str_format.h"

namespace exitbus::adapters {
namespace {

// The character at the beginning of `text` and its bytes; 0 bytes: this is no UTF-8.
struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 0;
};

Character FirstOf(std::string_view text) {
  const auto at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {};
  std::uint32_t code = lead & (0xFFU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((at(i) & 0xC0U) != 0x80U) return {};
    code = code << 6U | (at(i) & 0x3FU);
  }
  const bool overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return overlong || surrogate || code > 0x10FFFF ? Character{} : Character{code, bytes};
}

bool Steers(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) ||       // C0, DEL, C1
         code == 0x061C || code == 0x200E || code == 0x200F ||  // marks of direction
         (code >= 0x2028 && code <= 0x202E) ||  // line separators, embeddings, overrides
         (code >= 0x2066 && code <= 0x2069);    // isolates
}

std::string Show(std::string_view text, bool ours) {
  std::string shown;
  while (!text.empty()) {
    const Character first = FirstOf(text);
    const std::size_t bytes = first.bytes == 0 ? 1 : first.bytes;
    if (first.bytes == 0) {
      absl::StrAppendFormat(&shown, "\\x%02x", static_cast<unsigned char>(text[0]));
    } else if (!Steers(first.code) || (ours && (first.code == '\n' || first.code == '\t'))) {
      shown.append(text.substr(0, bytes));
    } else if (first.code == '\n') {
      shown += "\\n";
    } else if (first.code == '\t') {
      shown += "\\t";
    } else {
      absl::StrAppendFormat(&shown, "\\u%04x", first.code);
    }
    text.remove_prefix(bytes);
  }
  return shown;
}

}  // namespace

std::string Shown(std::string_view text) { return Show(text, false); }

ShownStream::ShownStream(std::ostream& to) : std::ostream(nullptr), buffer_(to) { rdbuf(&buffer_); }

ShownStream::~ShownStream() { flush(); }

ShownStream::Buffer::int_type ShownStream::Buffer::overflow(int_type byte) {
  if (traits_type::eq_int_type(byte, traits_type::eof())) return traits_type::not_eof(byte);
  const char written = traits_type::to_char_type(byte);
  return xsputn(&written, 1) == 1 ? byte : traits_type::eof();
}

// Whole lines, so that no character is cut in two.
std::streamsize ShownStream::Buffer::xsputn(const char* bytes, std::streamsize count) {
  pending_.append(bytes, static_cast<std::size_t>(count));
  const std::size_t end = pending_.rfind('\n');
  return end == std::string::npos || Write(end + 1) ? count : 0;
}

int ShownStream::Buffer::sync() { return Write(pending_.size()) && to_.flush().good() ? 0 : -1; }

bool ShownStream::Buffer::Write(std::size_t count) {
  to_ << Show(std::string_view(pending_).substr(0, count), true);
  pending_.erase(0, count);
  return to_.good();
}

}  // namespace exitbus::adapters
