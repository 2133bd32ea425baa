#include "services/exchange/key_bytes.h"

#include "absl/strings/numbers.h"
#include "services/exchange/ports/fault.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

void Check(std::string_view part) {
  // The row would pass for another one's.
  if (!IsKeyPart(part)) ProgramFault("a part of a row's key holds the separator");
}

}  // namespace

bool IsKeyPart(std::string_view part) { return part.find(kKeySeparator) == kNone; }

std::string SortableNumber(std::uint64_t number) {
  std::string bytes(kSortableNumberBytes, '\0');
  for (int i = 7; i >= 0; --i, number >>= 8) bytes[i] = static_cast<char>(number & 0xff);
  return bytes;
}

std::uint64_t SortedNumber(std::string_view bytes) {
  if (bytes.size() < kSortableNumberBytes) return 0;
  std::uint64_t number = 0;
  for (const char byte : bytes.substr(bytes.size() - kSortableNumberBytes)) {
    number = number << 8 | static_cast<unsigned char>(byte);
  }
  return number;
}

KeyWriter& KeyWriter::Part(std::string_view part) {
  Check(part);
  bytes_.append(part) += kKeySeparator;
  return *this;
}

KeyWriter& KeyWriter::Part(int number) { return Part(std::to_string(number)); }

KeyWriter& KeyWriter::Number(std::uint64_t number) {
  bytes_ += SortableNumber(number);
  return *this;
}

std::string KeyWriter::EndPart(std::string_view part) {
  Check(part);
  return End(part);
}

bool KeyReader::Require(bool is_so) {
  if (!is_so) rest_ = {};
  return ok_ &= is_so;
}

void KeyReader::Begin(std::string_view begin) {
  if (Require(rest_.starts_with(begin))) rest_.remove_prefix(begin.size());
}

std::string KeyReader::Part() {
  const std::size_t end = rest_.find(kKeySeparator);
  if (!Require(end != kNone)) return "";
  std::string part(rest_.substr(0, end));
  rest_.remove_prefix(end + 1);
  return part;
}

std::uint64_t KeyReader::Number() {
  if (!Require(rest_.size() >= kSortableNumberBytes)) return 0;
  const std::uint64_t number = SortedNumber(rest_.substr(0, kSortableNumberBytes));
  rest_.remove_prefix(kSortableNumberBytes);
  return number;
}

std::string KeyReader::PartAtEnd() {
  const std::size_t before = rest_.rfind(kKeySeparator);
  if (!Require(before != kNone)) return "";
  std::string part(rest_.substr(before + 1));
  rest_ = rest_.substr(0, before);
  return part;
}

std::uint64_t KeyReader::NumberAtEnd() {
  constexpr std::size_t kBytes = kSortableNumberBytes + 1;
  if (!Require(rest_.size() >= kBytes && rest_[rest_.size() - kBytes] == kKeySeparator)) return 0;
  const std::uint64_t number = SortedNumber(rest_);
  rest_.remove_suffix(kBytes);
  return number;
}

std::string KeyReader::EndPart() {
  Require(IsKeyPart(rest_));
  return Rest();
}

int KeyReader::IntIn(const std::string& part) {
  int number = 0;
  Require(absl::SimpleAtoi(part, &number) && std::to_string(number) == part);
  return number;
}

}  // namespace exitbus::exchange
