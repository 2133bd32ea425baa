#include "adapters/web/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace exitbus::adapters {
namespace {

constexpr int kLevel = 1;             // one thread does it, between other calls
constexpr int kGzipWindow = 15 + 16;  // zlib's way to say gzip
constexpr int kMemoryLevel = 8;

// zlib reads through pointers that are not const.
void SetInput(const std::string& bytes, z_stream& stream) {
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
}

}  // namespace

bool TakesGzip(const std::string& accept_encoding) {
  const std::vector<std::string> codings = absl::StrSplit(accept_encoding, ',');
  for (const std::string& coding : codings) {
    const std::vector<std::string> parts = absl::StrSplit(coding, ';');
    if (absl::StripAsciiWhitespace(parts[0]) != "gzip") continue;
    return parts.size() == 1 || absl::StripAsciiWhitespace(parts[1]) != "q=0";
  }
  return false;
}

std::string Gzipped(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, kLevel, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  SetInput(bytes, stream);
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::optional<std::string> Gunzipped(const std::string& bytes, std::size_t bytes_max) {
  z_stream stream{};
  inflateInit2(&stream, kGzipWindow);
  SetInput(bytes, stream);
  std::string unpacked;
  std::array<char, 16 * 1024> part{};
  int said = Z_OK;
  while (said == Z_OK && unpacked.size() <= bytes_max) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = part.size();
    said = inflate(&stream, Z_NO_FLUSH);
    unpacked.append(part.data(), part.size() - stream.avail_out);
  }
  const bool whole = said == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  if (!whole || unpacked.size() > bytes_max) return std::nullopt;
  return unpacked;
}

}  // namespace exitbus::adapters
