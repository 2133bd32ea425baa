#include "adapters/directory/revoked_clients.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
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

absl::StatusOr<std::set<std::string>> Parse(const std::string& path, const std::string& text) {
  std::set<std::string> listed;
  int number = 0;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(text, '\n'))) {
    ++number;
    std::string entry(absl::StripAsciiWhitespace(line.substr(0, line.find('#'))));
    if (entry.empty()) continue;
    const std::string digits = absl::AsciiStrToLower(absl::StrReplaceAll(entry, {{":", ""}}));
    if (IsFingerprint(digits)) {
      entry = digits;
    } else if (!IsName(entry)) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, ": line ", number,
          " is no client certificate. Write its name, <authority>.<system>.<function>, or its "
          "SHA-256 fingerprint as 64 hexadecimal digits, one a line."));
    }
    listed.insert(std::move(entry));
  }
  return listed;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RevokedClientsFile>> RevokedClientsFile::Open(
    const std::string& path) {
  std::unique_ptr<RevokedClientsFile> file(new RevokedClientsFile(path));
  if (const auto read = file->Refresh(); !read.ok()) return read.status();
  return file;
}

absl::StatusOr<bool> RevokedClientsFile::Refresh() {
  const auto text = ReadFile(path_);
  if (!text.ok()) return text.status();
  auto listed = Parse(path_, *text);
  if (!listed.ok()) return listed.status();
  if (*listed == listed_) return false;
  listed_ = *std::move(listed);
  return true;
}

}  // namespace exitbus::adapters
