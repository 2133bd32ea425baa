// Finding what is about a person, by CPR number or by name. Neither stands in the index, which lies
// in the clear: a CPR number and each word of a name stand there as keyed hashes, as long as what
// is about the person does. Who has the disk and not the key sees how many share a word, and no
// word.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/exchange/typed.h"

namespace exitbus::exchange {

// An empty text is none.
struct Sought {
  std::string_view cpr_number;
  std::string_view name;
};

// The words of a name that is folded (ports/unicode.h), sorted, each once; å as aa, as it is spelt
// too. A word is of letters and digits.
std::vector<std::string> WordsOf(std::string_view folded);

// `search.by_one`, `search.no_word`.
std::optional<Refusal> RefuseSearch(const Sought& sought);

// With what the index keys begin of all that is found so: below each of them stand ids. None: it
// has no word to find anything by.
std::vector<std::string> SearchedBelow(const Sought& sought, const Lookup& lookup);
// The index keys of what is found so by its own `id`.
std::vector<std::string> FoundBy(const Sought& person, const std::string& id, const Lookup& lookup);

// Of a request with `cpr_number` and `name`, as a list has it.
template <class Request>
SearchOf<Request> ByPerson() {
  return {[](const Request& request) {
            return RefuseSearch({request.cpr_number(), request.name()});
          },
          [](const Request& request, const Lookup& lookup) {
            return SearchedBelow({request.cpr_number(), request.name()}, lookup);
          }};
}

}  // namespace exitbus::exchange
