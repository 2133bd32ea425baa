#include "tests/separation/search.h"

#include <cstdlib>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"

namespace exitbus::story {
namespace {

constexpr std::size_t kHeadBytes = sizeof(std::uint64_t);

std::uint64_t Head(const char* bytes) {
  std::uint64_t head = 0;
  std::memcpy(&head, bytes, kHeadBytes);
  return head;
}

std::size_t Beginning(const char* bytes) {
  return static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) << 8U |
         static_cast<unsigned char>(bytes[1]);
}

}  // namespace

Search::Search(const std::vector<std::string>& values) : beginnings_(1U << 16U) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string& value = values[i];
    Add(i, "plain", value);
    const std::string hex = absl::BytesToHexString(value);
    Add(i, "hex", hex);
    if (const std::string upper = absl::AsciiStrToUpper(hex); upper != hex) Add(i, "hex", upper);
    // Whatever stands before it, one of three alignments shows the middle of the value.
    for (std::size_t skip = 0; skip < 3; ++skip) {
      const std::string part = value.substr(skip, (value.size() - skip) / 3 * 3);
      const std::string usual = absl::Base64Escape(part);
      const std::string web = absl::WebSafeBase64Escape(part);
      Add(i, "base64", usual);
      if (web != usual) Add(i, "base64", web);
    }
  }
}

void Search::Add(std::size_t value, const char* form, const std::string& bytes) {
  if (bytes.size() < kHeadBytes) std::abort();  // too short to be told from chance
  beginnings_[Beginning(bytes.data())] = true;
  patterns_[Head(bytes.data())].push_back({value, form, bytes});
}

std::vector<Finding> Search::In(std::string_view bytes) const {
  std::vector<Finding> findings;
  for (std::size_t at = 0; at + kHeadBytes <= bytes.size(); ++at) {
    if (!beginnings_[Beginning(bytes.data() + at)]) continue;
    const auto group = patterns_.find(Head(bytes.data() + at));
    if (group == patterns_.end()) continue;
    for (const Pattern& pattern : group->second) {
      if (bytes.substr(at, pattern.bytes.size()) == pattern.bytes) {
        findings.push_back({pattern.value, pattern.form, at});
      }
    }
  }
  return findings;
}

}  // namespace exitbus::story
