#include "services/exchange/search.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"
#include "services/exchange/keys.h"

namespace exitbus::exchange {
namespace {

constexpr char kFound[] = "found";

// Bytes beyond ASCII are of letters.
bool IsOfWord(char byte) {
  return absl::ascii_isalnum(static_cast<unsigned char>(byte)) ||
         !absl::ascii_isascii(static_cast<unsigned char>(byte));
}

std::string BelowHash(const std::string& hash) {
  return KindName{kFound, KindName{absl::BytesToHexString(hash), ""}.Encode()}.Encode();
}

}  // namespace

std::vector<std::string> WordsOf(std::string_view folded) {
  std::string spelt(folded);
  absl::StrReplaceAll({{"å", "aa"}}, &spelt);
  std::replace_if(
      spelt.begin(), spelt.end(), [](char byte) { return !IsOfWord(byte); }, ' ');
  std::vector<std::string> words = absl::StrSplit(spelt, ' ', absl::SkipEmpty());
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

std::optional<Refusal> RefuseSearch(const Sought& sought) {
  if (sought.cpr_number.empty() == sought.name.empty()) {
    return BadInput("search.by_one", "Give either a CPR number or a name to find by.");
  }
  if (!sought.name.empty() && std::none_of(sought.name.begin(), sought.name.end(), &IsOfWord)) {
    return BadInput("search.no_word", "Give at least one whole word of the name.");
  }
  return std::nullopt;
}

std::vector<std::string> SearchedBelow(const Sought& sought, const Lookup& lookup) {
  std::vector<std::string> below;
  if (!sought.cpr_number.empty()) below.push_back(BelowHash(lookup.PersonKey(sought.cpr_number)));
  for (const std::string& word : lookup.NameKeys(sought.name)) below.push_back(BelowHash(word));
  return below;
}

std::vector<std::string> FoundBy(const Sought& person, const std::string& id,
                                 const Lookup& lookup) {
  std::vector<std::string> keys = SearchedBelow(person, lookup);
  for (std::string& key : keys) key += id;
  return keys;
}

}  // namespace exitbus::exchange
