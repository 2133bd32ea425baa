#include "adapters/web/static_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "adapters/web/gzip.h"

namespace exitbus::adapters {
namespace {

constexpr off_t kFileBytesMax = 4 * 1024 * 1024;
constexpr std::size_t kDepthMax = 8;
constexpr std::size_t kGzippedFrom = 1024;

struct Type {
  const char* media_type;
  bool is_text;
};

// Null: not served.
const Type* TypeOf(const std::string& name) {
  static const auto* const types =
      new std::map<std::string, Type>{{"html", {"text/html; charset=utf-8", true}},
                                      {"js", {"text/javascript; charset=utf-8", true}},
                                      {"css", {"text/css; charset=utf-8", true}},
                                      {"json", {"application/json", true}},
                                      {"webmanifest", {"application/manifest+json", true}},
                                      {"svg", {"image/svg+xml", true}},
                                      {"txt", {"text/plain; charset=utf-8", true}},
                                      {"png", {"image/png", false}},
                                      {"ico", {"image/x-icon", false}},
                                      {"woff2", {"font/woff2", false}}};
  const auto found = types->find(name.substr(name.rfind('.') + 1));
  return name.rfind('.') == std::string::npos || found == types->end() ? nullptr : &found->second;
}

// Letters, digits and "._-", not beginning with a dot: so no way up, and nothing hidden.
bool IsName(const std::string& name) {
  return !name.empty() && name[0] != '.' && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

class Descriptor {
 public:
  explicit Descriptor(int file) : file_(file) {}
  Descriptor(Descriptor&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~Descriptor() {
    if (file_ >= 0) close(file_);
  }
  int get() const { return file_; }

 private:
  int file_;
};

// Step by step, over no link, which could lead out of the folder.
std::optional<std::string> Read(const std::string& folder, const std::vector<std::string>& names) {
  Descriptor at(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (std::size_t i = 0; i < names.size() && at.get() >= 0; ++i) {
    const int kind = i + 1 < names.size() ? O_DIRECTORY : O_NONBLOCK;
    at = Descriptor(openat(at.get(), names[i].c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | kind));
  }
  struct stat found {};
  if (at.get() < 0 || fstat(at.get(), &found) != 0 || !S_ISREG(found.st_mode) ||
      found.st_size > kFileBytesMax) {
    return std::nullopt;
  }
  std::string bytes(static_cast<std::size_t>(found.st_size), '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = read(at.get(), bytes.data() + size, bytes.size() - size);
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace

HttpReply StaticFile(const std::string& folder, const std::string& path, bool takes_gzip) {
  const HttpReply none = PlainReply(404, "There is nothing here.");
  if (path.empty() || path[0] != '/') return none;
  std::vector<std::string> names = absl::StrSplit(path.substr(1), '/');
  if (names.back().empty()) names.back() = "index.html";
  if (names.size() > kDepthMax || !std::all_of(names.begin(), names.end(), IsName)) return none;
  const Type* type = TypeOf(names.back());
  if (type == nullptr) return none;
  auto bytes = Read(folder, names);
  if (!bytes) return none;
  HttpReply reply{.status = 200, .headers = {{"Content-Type", type->media_type}}, .body = {}};
  reply.body = *std::move(bytes);
  if (takes_gzip && type->is_text && reply.body.size() >= kGzippedFrom) {
    reply.body = Gzipped(reply.body);
    reply.headers.emplace_back("Content-Encoding", "gzip");
  }
  return reply;
}

}  // namespace exitbus::adapters
