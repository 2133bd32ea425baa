// Kafka's way of writing values into bytes, and a batch of records.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace exitbus::story {

// A record as it lies in a topic.
struct WireRecord {
  std::vector<std::pair<std::string, std::string>> headers;
  std::string value;
  std::int64_t timestamp_ms = 0;
  std::int64_t offset = -1;
};

// Big-endian numbers, strings and arrays with their length before them.
class ByteWriter {
 public:
  ByteWriter& Int8(int value) { return Number(value, 1); }
  ByteWriter& Int16(int value) { return Number(value, 2); }
  ByteWriter& Int32(std::int64_t value) { return Number(value, 4); }
  ByteWriter& Int64(std::int64_t value) { return Number(value, 8); }
  ByteWriter& String(std::string_view text);
  ByteWriter& NoString() { return Int16(-1); }
  ByteWriter& Bytes(std::string_view bytes);
  ByteWriter& Raw(std::string_view bytes);
  ByteWriter& Varint(std::int64_t value);  // zigzag

  const std::string& bytes() const { return bytes_; }

 private:
  ByteWriter& Number(std::int64_t value, int size);

  std::string bytes_;
};

// What is not there reads as 0 or empty, and ok() is false from then on.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : left_(bytes) {}

  int Int8() { return static_cast<int>(Number(1)); }
  int Int16() { return static_cast<int>(Number(2)); }
  int Int32() { return static_cast<int>(Number(4)); }
  std::int64_t Int64() { return Number(8); }
  std::string String();  // none reads as empty
  std::string Bytes();
  std::string Raw(std::int64_t size);
  std::int64_t Varint();

  bool ok() const { return ok_; }
  bool empty() const { return left_.empty(); }

 private:
  std::int64_t Number(int size);

  std::string_view left_;
  bool ok_ = true;
};

// A batch of one record, as a producer sends it.
std::string ToBatch(const WireRecord& record);
// The records of batches that are whole and not compressed.
std::vector<WireRecord> FromBatches(std::string_view bytes);

}  // namespace exitbus::story
