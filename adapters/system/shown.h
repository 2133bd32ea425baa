// Text of others on a terminal: what would steer the terminal, or turn the order of what is read
// around, is shown as an escape instead.
#pragma once

#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>

namespace exitbus::adapters {

// `text` with control characters (C0, DEL, C1), separators of lines and marks of direction written
// as \n, \t or \u202e, and bytes that are no UTF-8 as \x9b. In a JSON text these are its own
// escapes.
std::string Shown(std::string_view text);

// Writes to another stream what Shown makes of it, but for line ends and tabs, which are ours. A
// line is out at its end or when flushed. Not thread-safe.
class ShownStream : public std::ostream {
 public:
  explicit ShownStream(std::ostream& to);  // must outlive this
  ~ShownStream() override;

 private:
  class Buffer : public std::streambuf {
   public:
    explicit Buffer(std::ostream& to) : to_(to) {}

   protected:
    int_type overflow(int_type byte) override;
    std::streamsize xsputn(const char* bytes, std::streamsize count) override;
    int sync() override;

   private:
    bool Write(std::size_t count);  // the first so many of pending_

    std::ostream& to_;
    std::string pending_;
  };

  Buffer buffer_;
};

}  // namespace exitbus::adapters
