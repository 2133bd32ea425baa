#include "adapters/web/http.h"

#include <algorithm>

#include "absl/strings/str_split.h"

namespace exitbus::adapters {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> Decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i] == '+' ? ' ' : text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = HexDigit(text[i + 1]);
    const int low = HexDigit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return decoded;
}

// The values of this name, as they stand in the query.
std::vector<std::string> Values(const std::string& query, std::string_view name) {
  std::vector<std::string> values;
  const std::vector<std::string> pairs = absl::StrSplit(query, '&');
  for (const std::string& pair : pairs) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (std::string_view(pair).substr(0, equals) != name) continue;
    values.push_back(pair.substr(std::min(equals + 1, pair.size())));
  }
  return values;
}

}  // namespace

std::optional<std::string> HttpRequest::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::optional<std::string> HttpRequest::Parameter(std::string_view name) const {
  const std::vector<std::string> values = Values(query, name);
  if (values.empty()) return std::nullopt;
  return Decoded(values.front());
}

int HttpRequest::Headers(std::string_view name) const {
  const auto named = [&](const auto& header) { return header.first == name; };
  return static_cast<int>(std::count_if(headers.begin(), headers.end(), named));
}

int HttpRequest::Parameters(std::string_view name) const {
  return static_cast<int>(Values(query, name).size());
}

HttpReply PlainReply(int status, std::string_view text) {
  return {.status = status,
          .headers = {{"Content-Type", "text/plain; charset=utf-8"}},
          .body = std::string(text) + "\n"};
}

}  // namespace exitbus::adapters
