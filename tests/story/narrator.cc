#include "tests/story/narrator.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "exitbus/policy/v1/policy.pb.h"

namespace exitbus::story {
namespace {

constexpr std::size_t kWidth = 98;
constexpr std::size_t kHead = 20;
constexpr char kTimestamp[] = "google.protobuf.Timestamp";

// Characters, not bytes.
std::size_t WidthOf(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string Padded(std::string_view text, std::size_t width) {
  std::string shown = adapters::Shown(text);
  const std::size_t have = WidthOf(shown);
  return std::move(shown) + std::string(have < width ? width - have : 0, ' ');
}

std::string Words(std::string_view name) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(std::string(name)), {{"_", " "}});
}

std::string Milliseconds(absl::Duration took) {
  return absl::StrFormat("%.0f ms", absl::ToDoubleMilliseconds(took));
}

}  // namespace

void Narrator::Chapter(std::string_view title) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::string rule;
  for (std::size_t i = WidthOf(title) + 4; i < kWidth; ++i) rule += "─";
  out_ << "\n── " << title << " " << rule << std::endl;
}

void Narrator::Progress(std::string_view what) {
  const std::lock_guard<std::mutex> lock(mutex_);
  out_ << "  … " << what << std::endl;
}

void Narrator::Line(std::string_view head, std::string_view text, std::string_view tail) {
  const std::lock_guard<std::mutex> lock(mutex_);
  out_ << "  " << Padded(head, kHead) << Padded(text, kWidth - kHead - 12)
       << absl::StrFormat("%10s", std::string(tail)) << std::endl;
}

void Narrator::Did(std::string_view who, std::string_view what, absl::Duration took) {
  Line(who, what, Milliseconds(took));
}

void Narrator::Hop(std::string_view from, std::string_view to, std::string_view what,
                   absl::Duration took) {
  Line(std::string(from) + " → " + std::string(to), what, Milliseconds(took));
}

void Narrator::List(std::string_view head, const std::vector<std::string>& what,
                    std::string_view separator) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::string margin(kHead + 2, ' ');
  std::string line = margin + std::string(head);
  std::size_t width = WidthOf(line);
  for (std::size_t i = 0; i < what.size(); ++i) {
    const std::string item =
        adapters::Shown(what[i]) + (i + 1 < what.size() ? std::string(separator) : "");
    if (width + 1 + WidthOf(item) > kWidth) {
      out_ << line << "\n";
      line = margin + " ";
      width = WidthOf(line);
    }
    line += " " + item;
    width += 1 + WidthOf(item);
  }
  out_ << line << std::endl;
}

void Narrator::Sees(std::string_view who, const std::vector<std::string>& what) {
  List(std::string(who) + " sees:", what, ",");
}

void Narrator::SeesNot(std::string_view who, const std::vector<std::string>& what) {
  if (!what.empty()) List(std::string(who) + " does not see:", what, ",");
}

void Narrator::Holds(std::string_view what) {
  List("✓", absl::StrSplit(std::string(what), ' '), "");
}

void Narrator::Text(std::string_view text) {
  const std::lock_guard<std::mutex> lock(mutex_);
  out_ << text << std::endl;
}

void Narrator::Table(const std::vector<std::vector<std::string>>& rows) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], WidthOf(adapters::Shown(row[i])));
    }
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    out_ << " ";
    for (std::size_t i = 0; i < rows[r].size(); ++i)
      out_ << " " << Padded(rows[r][i], widths[i] + 1);
    out_ << "\n";
    if (r > 0) continue;
    for (const std::size_t width : widths) {
      out_ << (width == widths.front() ? "  " : " ");
      for (std::size_t i = 0; i < width; ++i) out_ << "─";
      out_ << " ";
    }
    out_ << "\n";
  }
  out_.flush();
}

std::vector<std::string> ShownIn(const google::protobuf::Message& view) {
  using google::protobuf::FieldDescriptor;
  std::vector<std::string> shown;
  const auto* reflection = view.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(view, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string name = Words(field->name());
    if (field->name() == "etag" || field->name() == "withheld") continue;
    if (field->is_repeated()) {
      shown.push_back(absl::StrCat(name, " (", reflection->FieldSize(view, field), ")"));
    } else if (field->message_type() != nullptr &&
               field->message_type()->full_name() != kTimestamp) {
      for (std::string& inner : ShownIn(reflection->GetMessage(view, field))) {
        shown.push_back(std::move(inner));
      }
    } else {
      shown.push_back(name);
    }
  }
  return shown;
}

std::vector<std::string> WithheldIn(const google::protobuf::Message& view) {
  std::vector<std::string> words;
  const auto* field = view.GetDescriptor()->FindFieldByName("withheld");
  const auto* reflection = view.GetReflection();
  for (int i = 0; i < reflection->FieldSize(view, field); ++i) {
    const std::string name = reflection->GetRepeatedEnum(view, field, i)->name();
    words.push_back(Words(std::string_view(name).substr(sizeof("CATEGORY_") - 1)));
  }
  return words;
}

bool HasFieldNamed(const google::protobuf::Descriptor& type, const std::string& name) {
  if (type.FindFieldByName(name) != nullptr) return true;
  for (int i = 0; i < type.field_count(); ++i) {
    const auto* inner = type.field(i)->message_type();
    if (inner != nullptr && inner != &type && HasFieldNamed(*inner, name)) return true;
  }
  return false;
}

}  // namespace exitbus::story
