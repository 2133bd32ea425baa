#include "tests/separation/kafka_bytes.h"

namespace exitbus::story {
namespace {

constexpr int kMagic = 2;

std::uint32_t Crc32c(std::string_view bytes) {
  std::uint32_t crc = ~0U;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0x82f63b78U & (0U - (crc & 1U)));
  }
  return ~crc;
}

void Sized(ByteWriter& writer, std::string_view bytes) {
  writer.Varint(static_cast<std::int64_t>(bytes.size())).Raw(bytes);
}

}  // namespace

ByteWriter& ByteWriter::Number(std::int64_t value, int size) {
  for (int i = size - 1; i >= 0; --i) {
    bytes_.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i)));
  }
  return *this;
}

ByteWriter& ByteWriter::String(std::string_view text) {
  return Int16(static_cast<int>(text.size())).Raw(text);
}

ByteWriter& ByteWriter::Bytes(std::string_view bytes) {
  return Int32(static_cast<std::int64_t>(bytes.size())).Raw(bytes);
}

ByteWriter& ByteWriter::Raw(std::string_view bytes) {
  bytes_.append(bytes);
  return *this;
}

ByteWriter& ByteWriter::Varint(std::int64_t value) {
  std::uint64_t rest =
      (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  while (rest >= 0x80) {
    bytes_.push_back(static_cast<char>(rest | 0x80));
    rest >>= 7;
  }
  bytes_.push_back(static_cast<char>(rest));
  return *this;
}

std::string ByteReader::Raw(std::int64_t size) {
  if (size < 0 || static_cast<std::uint64_t>(size) > left_.size()) {
    ok_ = false;
    left_ = {};
    return "";
  }
  const std::string bytes(left_.substr(0, static_cast<std::size_t>(size)));
  left_.remove_prefix(static_cast<std::size_t>(size));
  return bytes;
}

std::int64_t ByteReader::Number(int size) {
  const std::string bytes = Raw(size);
  if (bytes.empty()) return 0;
  std::int64_t value = static_cast<signed char>(bytes[0]);
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

std::string ByteReader::String() {
  const int size = Int16();
  return size < 0 ? "" : Raw(size);
}

std::string ByteReader::Bytes() {
  const int size = Int32();
  return size < 0 ? "" : Raw(size);
}

std::int64_t ByteReader::Varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const int part = Int8() & 0xff;
    value |= static_cast<std::uint64_t>(part & 0x7f) << shift;
    if (part < 0x80) break;
  }
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

std::string ToBatch(const WireRecord& record) {
  ByteWriter content;
  content.Int8(0).Varint(0).Varint(0).Varint(-1);  // attributes, both deltas, no key
  Sized(content, record.value);
  content.Varint(static_cast<std::int64_t>(record.headers.size()));
  for (const auto& [name, value] : record.headers) {
    Sized(content, name);
    Sized(content, value);
  }
  ByteWriter checked;  // not compressed, one record, its time twice, no producer's id
  checked.Int16(0).Int32(0).Int64(record.timestamp_ms).Int64(record.timestamp_ms);
  checked.Int64(-1).Int16(-1).Int32(-1).Int32(1);
  Sized(checked, content.bytes());
  ByteWriter rest;
  rest.Int32(-1).Int8(kMagic).Int32(Crc32c(checked.bytes())).Raw(checked.bytes());
  return ByteWriter().Int64(0).Bytes(rest.bytes()).bytes();
}

std::vector<WireRecord> FromBatches(std::string_view bytes) {
  std::vector<WireRecord> records;
  ByteReader all(bytes);
  while (!all.empty()) {
    const std::int64_t base_offset = all.Int64();
    const std::string content = all.Bytes();
    if (!all.ok()) break;  // the last one may be cut
    ByteReader batch(content);
    batch.Raw(4 + 1 + 4 + 2 + 4);  // epoch, magic, checksum, attributes, last offset
    const std::int64_t base_ms = batch.Int64();
    batch.Raw(8 + 8 + 2 + 4);  // latest time, producer
    for (int left = batch.Int32(); left > 0 && batch.ok(); --left) {
      WireRecord record;
      batch.Varint();
      batch.Int8();
      record.timestamp_ms = base_ms + batch.Varint();
      record.offset = base_offset + batch.Varint();
      const std::int64_t key = batch.Varint();
      if (key > 0) batch.Raw(key);
      record.value = batch.Raw(batch.Varint());
      for (std::int64_t headers = batch.Varint(); headers > 0; --headers) {
        std::string name = batch.Raw(batch.Varint());
        std::string value = batch.Raw(batch.Varint());
        record.headers.emplace_back(std::move(name), std::move(value));
      }
      if (batch.ok()) records.push_back(std::move(record));
    }
  }
  return records;
}

}  // namespace exitbus::story
