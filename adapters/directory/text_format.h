// Protobuf text format with every mistake collected instead of printed.
#pragma once

#include <string>

#include "adapters/directory/mistakes.h"

namespace google::protobuf {
class Message;
}

namespace exitbus::adapters {

// Whether messages may quote the text; a file of secrets may not be quoted.
enum class Quoting { kAllowed, kForbidden };

// Fills `message`; false if the text could not be read to its end. Unknown fields are mistakes too,
// but do not end the reading.
[[nodiscard]] bool ParseText(const std::string& text, Quoting quoting,
                             google::protobuf::Message& message, Mistakes& mistakes);

}  // namespace exitbus::adapters
