#include "tests/separation/segments.h"

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "absl/strings/match.h"
#include "adapters/directory/files.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::story {
namespace {

namespace fs = std::filesystem;

// Before a batch's records: where they begin, and where in it stands what is read here.
constexpr std::size_t kBatchHeadBytes = 61;
constexpr std::size_t kLengthAt = 8;
constexpr std::size_t kLengthCountsFrom = 12;
constexpr std::size_t kMagicAt = 16;
constexpr std::size_t kAttributesAt = 21;
constexpr std::size_t kFirstTimestampAt = 27;
constexpr std::size_t kCountAt = 57;
constexpr int kCompression = 0x07;
constexpr int kControl = 0x20;

std::int64_t BigEndian(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint64_t number = 0;
  for (const char byte : bytes.substr(at, width)) {
    number = number << 8 | static_cast<unsigned char>(byte);
  }
  return static_cast<std::int64_t>(number);
}

// Takes a batch's records apart.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}

  bool good() const { return good_; }
  std::int64_t Varint() {
    std::uint64_t number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const unsigned char byte = static_cast<unsigned char>(Bytes(1)[0]);
      if (!good_) return 0;
      number |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if ((byte & 0x80U) == 0) break;
    }
    return static_cast<std::int64_t>(number >> 1) ^ -static_cast<std::int64_t>(number & 1);
  }
  std::string Bytes(std::int64_t count) {
    if (count < 0 || static_cast<std::size_t>(count) > rest_.size()) good_ = false;
    if (!good_) return std::string(1, '\0');
    std::string taken(rest_.substr(0, static_cast<std::size_t>(count)));
    rest_.remove_prefix(static_cast<std::size_t>(count));
    return taken;
  }

 private:
  std::string_view rest_;
  bool good_ = true;
};

StoredRecord Next(Cursor& cursor, const std::string& topic, std::int64_t first, std::int64_t time) {
  StoredRecord stored;
  stored.record.topic = topic;
  cursor.Varint();  // the record's length
  cursor.Bytes(1);  // attributes
  stored.record.timestamp = absl::FromUnixMillis(time + cursor.Varint());
  stored.record.offset = first + cursor.Varint();
  const std::int64_t key = cursor.Varint();
  stored.has_key = key >= 0;
  if (stored.has_key) stored.key = cursor.Bytes(key);
  stored.record.payload = cursor.Bytes(cursor.Varint());
  for (std::int64_t left = cursor.Varint(); left > 0 && cursor.good(); --left) {
    std::string name = cursor.Bytes(cursor.Varint());
    stored.record.headers.emplace_back(std::move(name), cursor.Bytes(cursor.Varint()));
  }
  return stored;
}

absl::Status ReadSegment(const std::string& topic, std::string_view bytes,
                         std::vector<StoredRecord>& records) {
  while (bytes.size() >= kBatchHeadBytes) {
    const auto size = static_cast<std::size_t>(BigEndian(bytes, kLengthAt, 4)) + kLengthCountsFrom;
    if (size == kLengthCountsFrom) break;  // set aside and not written yet
    const auto attributes = static_cast<int>(BigEndian(bytes, kAttributesAt, 2));
    if (size > bytes.size() || bytes[kMagicAt] != 2 || (attributes & kCompression) != 0) {
      return absl::InternalError(topic + ": holds a batch of another kind");
    }
    Cursor cursor(bytes.substr(kBatchHeadBytes, size - kBatchHeadBytes));
    const std::int64_t count = (attributes & kControl) != 0 ? 0 : BigEndian(bytes, kCountAt, 4);
    for (std::int64_t i = 0; i < count; ++i) {
      records.push_back(
          Next(cursor, topic, BigEndian(bytes, 0, 8), BigEndian(bytes, kFirstTimestampAt, 8)));
    }
    if (!cursor.good()) return absl::InternalError(topic + ": a batch ends before its records do");
    bytes.remove_prefix(size);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<StoredRecord>> ReadSegments(const std::string& data_folder,
                                                       const std::string& prefix) {
  std::vector<StoredRecord> records;
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(data_folder, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() == ".log") files.push_back(it->path());
  }
  if (error) return absl::InternalError(data_folder + ": " + error.message());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    const std::string folder = file.parent_path().filename().string();
    if (!absl::StartsWith(folder, prefix)) continue;
    ASSIGN_OR_RETURN(const std::string bytes, adapters::ReadFile(file.string()));
    RETURN_IF_ERROR(ReadSegment(folder.substr(0, folder.rfind('-')), bytes, records));
  }
  return records;
}

}  // namespace exitbus::story
