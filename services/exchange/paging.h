// A list's pages: how many resources were asked for, after which. Page tokens are opaque and show
// nothing, what lies between two of a caller's resources included.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace exitbus::exchange {

struct Call;
struct Environment;
struct Refusal;

struct Page {
  std::size_t size = 0;
  std::string after;  // the last key of the page before; empty: from the start
};

// From the request's page_size and page_token; nullopt: that token is not this method's.
std::optional<Page> PageOf(const Environment& environment, const Call& call);
Refusal BadPageToken();

// The token of a page that ends with `last`.
std::string TokenAfter(const Environment& environment, const Call& call, const std::string& last);

}  // namespace exitbus::exchange
