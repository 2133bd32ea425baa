#include "services/policy/log_view.h"

#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/timestamp.pb.h"
#include "services/policy/plan.h"

namespace exitbus::policy {
namespace {

using google::protobuf::Message;
using google::protobuf::TextFormat;

constexpr char kLeftOut[] = "*";

class NoText : public TextFormat::FastFieldValuePrinter {
 public:
  void PrintString(const std::string&, TextFormat::BaseTextGenerator* out) const override {
    out->PrintString(kLeftOut);
  }
  void PrintBytes(const std::string&, TextFormat::BaseTextGenerator* out) const override {
    out->PrintString(kLeftOut);
  }
};

class NoTime : public TextFormat::MessagePrinter {
 public:
  void Print(const Message&, bool, TextFormat::BaseTextGenerator* out) const override {
    out->PrintString(kLeftOut);
  }
};

std::string Words(v1::Category category) {
  std::string name = v1::Category_Name(category).substr(std::string_view("CATEGORY_").size());
  absl::AsciiStrToLower(&name);
  return absl::StrReplaceAll(name, {{"_", " "}});
}

}  // namespace

std::string ForLog(const Message& message) {
  const Projection seen = Project(message, {v1::READER_OPERATOR});
  TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetDefaultFieldValuePrinter(new NoText);  // the printer owns it
  printer.RegisterMessagePrinter(google::protobuf::Timestamp::descriptor(), new NoTime);
  std::string text;
  if (!printer.PrintToString(*seen.message, &text)) text.clear();
  absl::StripAsciiWhitespace(&text);
  std::string withheld = absl::StrJoin(seen.withheld, ", ", [](std::string* out, v1::Category c) {
    absl::StrAppend(out, Words(c));
  });
  if (!withheld.empty()) withheld = absl::StrCat(" withheld: ", withheld);
  return absl::StrCat(message.GetDescriptor()->name(), " {", text, "}", withheld);
}

}  // namespace exitbus::policy
