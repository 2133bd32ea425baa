#include "adapters/directory/text_format.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <string_view>

#include "services/policy/values.h"

namespace exitbus::adapters {
namespace {

class Collector final : public google::protobuf::io::ErrorCollector {
 public:
  Collector(Quoting quoting, Mistakes& mistakes) : quoting_(quoting), mistakes_(mistakes) {}

  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    Add(line, message, "cannot be read", "correct the text (protobuf text format)");
  }

  // Only unknown fields are let pass as warnings.
  void AddWarning(int line, google::protobuf::io::ColumnNumber column,
                  const std::string& message) override {
    Add(line, message, "no such field", "remove the field or correct its name");
  }

 private:
  // The parser tells the place where it stopped, which may be the line after the mistake.
  void Add(int line, const std::string& message, std::string_view unquoted,
           std::string_view remedy) {
    std::string_view problem = quoting_ == Quoting::kAllowed ? message : unquoted;
    if (problem.ends_with('.')) problem.remove_suffix(1);
    mistakes_.Add("near line " + std::to_string(line + 1), problem, remedy);
  }

  const Quoting quoting_;
  Mistakes& mistakes_;
};

}  // namespace

bool ParseText(const std::string& text, Quoting quoting, google::protobuf::Message& message,
               Mistakes& mistakes) {
  Collector collector(quoting, mistakes);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.AllowUnknownField(true);
  if (!parser.ParseFromString(text, &message)) return false;
  if (const auto fault = policy::FaultIn(message)) {
    mistakes.Add(fault->path, fault->what, "correct the value");
  }
  return true;
}

}  // namespace exitbus::adapters
