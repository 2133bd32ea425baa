#include "tools/exitctl/names.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace exitbus::exitctl {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;

constexpr std::size_t kSuggestionsMax = 3;

// What every value of the type begins with; the zero is named for it.
std::string PrefixOf(const EnumDescriptor& type) {
  return std::string(absl::StripSuffix(type.value(0)->name(), "UNSPECIFIED"));
}

std::string LastPart(const std::string& full_name) {
  return full_name.substr(full_name.rfind('.') + 1);  // npos + 1 is 0
}

// Levenshtein's distance.
std::size_t Distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

bool Names(const std::string& text, const std::string& full_name) {
  return full_name == text || absl::EndsWith(full_name, "." + text);
}

}  // namespace

std::string ShortName(const EnumValueDescriptor& value) {
  return absl::AsciiStrToLower(absl::StripPrefix(value.name(), PrefixOf(*value.type())));
}

std::vector<std::string> ShortNames(const EnumDescriptor& type) {
  std::vector<std::string> names;
  for (int i = 1; i < type.value_count(); ++i) names.push_back(ShortName(*type.value(i)));
  return names;
}

absl::StatusOr<const EnumValueDescriptor*> FindValue(const EnumDescriptor& type,
                                                     const std::string& text) {
  const std::string name =
      absl::AsciiStrToUpper(absl::StrReplaceAll(text, {{"-", "_"}, {" ", "_"}}));
  for (const std::string& candidate : {PrefixOf(type) + name, name}) {
    const EnumValueDescriptor* value = type.FindValueByName(candidate);
    if (value != nullptr && value->number() != 0) return value;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is none of ", absl::StrJoin(ShortNames(type), ", ")));
}

absl::StatusOr<std::string> Resolve(const std::string& what, const std::string& text,
                                    const std::vector<std::string>& full_names) {
  const std::string name(absl::StripPrefix(absl::StrReplaceAll(text, {{"/", "."}}), "."));
  std::vector<std::string> meant;
  for (const std::string& candidate : full_names) {
    if (candidate == name) return candidate;
    if (Names(name, candidate)) meant.push_back(candidate);
  }
  if (meant.size() == 1) return meant[0];
  if (!meant.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" names more than one ", what,
                                                   ": ", absl::StrJoin(meant, ", ")));
  }
  return absl::NotFoundError(
      absl::StrCat("there is no ", what, " \"", text, "\".", DidYouMean(Near(name, full_names))));
}

std::vector<std::string> Near(const std::string& text, const std::vector<std::string>& names) {
  const std::string wanted = absl::AsciiStrToLower(LastPart(text));
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const std::string& name : names) {
    const std::string candidate = absl::AsciiStrToLower(LastPart(name));
    const std::size_t distance = Distance(wanted, candidate);
    const bool inside = wanted.size() >= 3 && absl::StrContains(candidate, wanted);
    if (inside || distance <= std::max<std::size_t>(1, wanted.size() / 3)) {
      found.emplace_back(distance, name);
    }
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> near;
  for (auto& [distance, name] : found) {
    if (near.size() < kSuggestionsMax) near.push_back(std::move(name));
  }
  return near;
}

std::string DidYouMean(const std::vector<std::string>& near) {
  return near.empty() ? "" : absl::StrCat(" Did you mean ", absl::StrJoin(near, " or "), "?");
}

}  // namespace exitbus::exitctl
