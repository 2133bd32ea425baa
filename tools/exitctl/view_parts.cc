#include "tools/exitctl/view_parts.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/proto_time.h"
#include "tools/exitctl/text_table.h"

namespace exitbus::exitctl {
namespace {

constexpr std::size_t kHeadWidth = 14;

std::string Formatted(const char* format, bool set, const google::protobuf::Timestamp& time) {
  return set ? absl::FormatTime(format, exchange::FromProto(time), absl::UTCTimeZone()) : "";
}

}  // namespace

std::string Moment(bool set, const google::protobuf::Timestamp& time) {
  return Formatted("%Y-%m-%d %H:%M UTC", set, time);
}

std::string Month(bool set, const google::protobuf::Timestamp& time) {
  return Formatted("%Y-%m", set, time);
}

void AddLine(std::string& view, const std::string& head, const std::string& text) {
  if (text.empty()) return;
  const std::size_t gap = head.size() < kHeadWidth ? kHeadWidth - head.size() : 1;
  absl::StrAppend(&view, "  ", head, std::string(gap, ' '), text, "\n");
}

void AddWithheld(std::string& view, const google::protobuf::RepeatedField<int>& withheld) {
  AddLine(view, "withheld", SaidAll<policy::v1::Category>(withheld));
}

std::string ListOf(const TableRows& rows, const std::string& next_page_token) {
  if (rows.size() <= 1) return "none\n";
  return absl::StrCat(TextTable(rows), next_page_token.empty() ? "" : "  … and more\n");
}

}  // namespace exitbus::exitctl
