// Tells the story line by line, as it happens.
#pragma once

#include <google/protobuf/message.h>

#include <mutex>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "adapters/system/shown.h"

namespace exitbus::story {

// Thread-safe; every line is out when a function returns. What the parties wrote steers no terminal
// and makes no lines.
class Narrator {
 public:
  explicit Narrator(std::ostream* out) : out_(*out) {}

  void Chapter(std::string_view title);
  // Something that takes its time begins.
  void Progress(std::string_view what);
  // One party's own act, and how long its system took to answer.
  void Did(std::string_view who, std::string_view what, absl::Duration took);
  // What arrived, from the sender's call to the reader's view.
  void Hop(std::string_view from, std::string_view to, std::string_view what, absl::Duration took);
  void Sees(std::string_view who, const std::vector<std::string>& what);
  void SeesNot(std::string_view who, const std::vector<std::string>& what);
  // A thing that was checked and held.
  void Holds(std::string_view what);
  void Text(std::string_view text);
  // The first row is the heading.
  void Table(const std::vector<std::vector<std::string>>& rows);

 private:
  void Line(std::string_view head, std::string_view text, std::string_view tail);
  void List(std::string_view head, const std::vector<std::string>& what,
            std::string_view separator);

  std::mutex mutex_;
  adapters::ShownStream out_;
};

// The fields a view shows, in words: "name", "cpr number", "terms (3)".
std::vector<std::string> ShownIn(const google::protobuf::Message& view);
// Its `withheld` categories in words.
std::vector<std::string> WithheldIn(const google::protobuf::Message& view);
// Whether a message of this type, however deep, has a field of this name.
bool HasFieldNamed(const google::protobuf::Descriptor& type, const std::string& name);

}  // namespace exitbus::story
