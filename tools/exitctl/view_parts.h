// What the views have in common; for views_*.cc.
#pragma once

#include <google/protobuf/generated_enum_reflection.h>
#include <google/protobuf/repeated_field.h>
#include <google/protobuf/repeated_ptr_field.h>
#include <google/protobuf/timestamp.pb.h>

#include <string>
#include <vector>

#include "tools/exitctl/names.h"

namespace exitbus::casework::v1 {
class Blocked;
class Correction;
class SecurityPicture;
}  // namespace exitbus::casework::v1

namespace exitbus::exitctl {

using TableRows = std::vector<std::vector<std::string>>;

// Short; empty: unspecified. A value newer than this program is its number.
template <class Enum>
std::string Said(Enum value) {
  if (static_cast<int>(value) == 0) return "";
  const auto* found =
      google::protobuf::GetEnumDescriptor<Enum>()->FindValueByNumber(static_cast<int>(value));
  return found == nullptr ? std::to_string(static_cast<int>(value)) : ShortName(*found);
}

template <class Enum>
std::string SaidAll(const google::protobuf::RepeatedField<int>& values) {
  std::string text;
  for (const int value : values) {
    text += (text.empty() ? "" : ", ") + Said(static_cast<Enum>(value));
  }
  return text;
}

// "2026-03-01 09:00 UTC"; empty: not set.
std::string Moment(bool set, const google::protobuf::Timestamp& time);
// "2026-03".
std::string Month(bool set, const google::protobuf::Timestamp& time);

// "  person        Anna"; nothing where there is no text.
void AddLine(std::string& view, const std::string& head, const std::string& text);

// What the authority holds and this caller may not see.
void AddWithheld(std::string& view, const google::protobuf::RepeatedField<int>& withheld);

// The precautions in force, and whether they have been acknowledged.
void AddSecurity(std::string& view, const casework::v1::SecurityPicture& picture);

// What a revoked consent blocks, and corrections with who has confirmed them.
void AddBlocked(std::string& view,
                const google::protobuf::RepeatedPtrField<casework::v1::Blocked>& blocked);
void AddCorrections(
    std::string& view,
    const google::protobuf::RepeatedPtrField<casework::v1::Correction>& corrections);

// A list's rows under their heads, or "none"; and a hint if there are more than were fetched.
std::string ListOf(const TableRows& rows, const std::string& next_page_token);

}  // namespace exitbus::exitctl
