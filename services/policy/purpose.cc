#include "services/policy/purpose.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"

namespace exitbus::policy {
namespace {

// Nationalt Efterforskningscenter: to keep its overview is not to investigate.
constexpr char kNecsName[] = "efterforskningscent";

// Beginnings, so that every form of a word is met: efterforske, efterforskning, straffesager.
constexpr std::array<std::string_view, 10> kWords = {
    "efterforsk",      "straffesag", "kriminalsag",  "retsforfølg",        "strafforfølg",
    "tiltalerejsning", "investigat", "criminalcase", "criminalproceeding", "prosecut",
};

// Letters only, in lower case: spaces, hyphens (soft ones too), digits and signs are gone.
std::string LettersOf(std::string_view text) {
  std::string letters;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (absl::ascii_isalpha(byte)) {
      letters += absl::ascii_tolower(byte);
    } else if (byte == 0xC3 && i + 1 < text.size()) {  // Æ Ø Å and their like
      const auto next = static_cast<unsigned char>(text[++i]);
      letters += static_cast<char>(byte);
      letters +=
          static_cast<char>(next >= 0x80 && next <= 0x9E && next != 0x97 ? next + 0x20 : next);
    }
  }
  return letters;
}

}  // namespace

bool IsInWords(std::string_view purpose) {
  return purpose.size() <= kPurposeBytesMax &&
         purpose.find_first_of("0123456789") == std::string_view::npos;
}

bool IsInvestigation(std::string_view purpose) {
  const std::string letters = absl::StrReplaceAll(LettersOf(purpose), {{kNecsName, ""}});
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
    return letters.find(word) != std::string::npos;
  });
}

}  // namespace exitbus::policy
