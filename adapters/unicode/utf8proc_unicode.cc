#include "adapters/unicode/utf8proc_unicode.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

#include "absl/strings/ascii.h"

namespace exitbus::adapters {

std::string Utf8procUnicode::Folded(std::string_view name) const {
  utf8proc_uint8_t* mapped = nullptr;
  const auto size = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
      static_cast<utf8proc_ssize_t>(name.size()), &mapped,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                                     UTF8PROC_CASEFOLD | UTF8PROC_IGNORE));
  const std::unique_ptr<utf8proc_uint8_t, void (*)(void*)> owned(mapped, std::free);
  if (size < 0) return std::string(name);
  std::string folded(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size));
  absl::RemoveExtraAsciiWhitespace(&folded);  // any blank is an ASCII one by now
  return folded;
}

}  // namespace exitbus::adapters
