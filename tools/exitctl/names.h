// Names as people type them: short, in lower case, and sometimes misspelt.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace google::protobuf {
class EnumDescriptor;
class EnumValueDescriptor;
}  // namespace google::protobuf

namespace exitbus::exitctl {

// "HANDOVER_REASON_RELOCATION" as "relocation".
std::string ShortName(const google::protobuf::EnumValueDescriptor& value);

// Every value but the unspecified one, short.
std::vector<std::string> ShortNames(const google::protobuf::EnumDescriptor& type);

// The value that "relocation", "no-housing" or "HANDOVER_REASON_RELOCATION" names, never the
// unspecified one. INVALID_ARGUMENT: names those there are.
absl::StatusOr<const google::protobuf::EnumValueDescriptor*> FindValue(
    const google::protobuf::EnumDescriptor& type, const std::string& text);

// The one of `full_names` that `text` names: whole, or by its last parts ("CaseService.OpenCase",
// "OpenCase"); a slash counts as a dot. NOT_FOUND: calls it `what` and suggests near names.
// INVALID_ARGUMENT: several are meant, and which.
absl::StatusOr<std::string> Resolve(const std::string& what, const std::string& text,
                                    const std::vector<std::string>& full_names);

// At most three of `names`, nearest first, that someone who typed `text` may have meant.
std::vector<std::string> Near(const std::string& text, const std::vector<std::string>& names);

// " Did you mean …?", or nothing.
std::string DidYouMean(const std::vector<std::string>& near);

}  // namespace exitbus::exitctl
