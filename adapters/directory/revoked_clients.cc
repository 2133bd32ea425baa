#include "adapters/directory/revoked_clients.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "adapters/directory/files.h"

namespace exitbus::adapters {
namespace {

constexpr std::size_t kFingerprintDigits = 64;
constexpr int kNameParts = 3;

bool IsFingerprint(const std::string& text) {
  return text.size() == kFingerprintDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isxdigit(static_cast<unsigned char>(c));
         });
}

bool IsName(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '.');
  return parts.size() == kNameParts &&
         std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
           return !part.empty() &&
                  part.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") ==
                      std::string::npos;
         });
}

// Without what openssl writes in front: "sha256 Fingerprint=", older ones "SHA256 Fingerprint=".
std::string WithoutLabel(const std::string& entry) {
  constexpr std::string_view kLabel = "sha256 fingerprint=";
  const std::string lower = absl::AsciiStrToLower(entry);
  return lower.rfind(kLabel, 0) == 0 ? entry.substr(kLabel.size()) : entry;
}

struct List {
  std::set<std::string> entries;
  std::vector<int> bad_lines;
};

List Parse(const std::string& text) {
  List list;
  int number = 0;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(text, '\n'))) {
    ++number;
    std::string entry(absl::StripAsciiWhitespace(line.substr(0, line.find('#'))));
    if (entry.empty()) continue;
    const std::string digits =
        absl::AsciiStrToLower(absl::StrReplaceAll(WithoutLabel(entry), {{":", ""}}));
    if (IsFingerprint(digits)) {
      list.entries.insert(digits);
    } else if (IsName(entry)) {
      list.entries.insert(std::move(entry));
    } else {
      list.bad_lines.push_back(number);
    }
  }
  return list;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RevokedClientsFile>> RevokedClientsFile::Open(
    const std::string& path, const std::string& kept) {
  std::unique_ptr<RevokedClientsFile> file(new RevokedClientsFile(path, kept));
  const auto before = ReadFile(kept);
  if (before.ok()) file->last_good_ = file->listed_ = Parse(*before).entries;
  const absl::Status refused = file->Refresh().refused;
  const bool readable = refused.ok() || absl::IsInvalidArgument(refused);
  if (!readable && !before.ok()) return refused;
  return file;
}

RevokedClientsFile::Look RevokedClientsFile::Refresh() {
  const auto text = ReadFile(path_);
  if (!text.ok()) return {false, text.status()};
  List list = Parse(*text);
  Look look;
  if (!list.bad_lines.empty()) {
    list.entries.insert(last_good_.begin(), last_good_.end());
    look.refused = absl::InvalidArgumentError(absl::StrCat(
        path_, ": line ", absl::StrJoin(list.bad_lines, ", "),
        " is no client certificate; the other lines count, and what was listed before. Write its "
        "name, <authority>.<system>.<function>, or its SHA-256 fingerprint, one a line."));
  } else if (last_good_ != list.entries || absl::IsNotFound(ReadFile(kept_).status())) {
    look.refused = ReplaceFile(kept_, absl::StrJoin(list.entries, "\n"));
    last_good_ = list.entries;
  }
  look.changed = listed_ != list.entries;
  listed_ = std::move(list.entries);
  return look;
}

}  // namespace exitbus::adapters
