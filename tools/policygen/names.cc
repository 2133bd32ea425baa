#include "tools/policygen/names.h"

#include <algorithm>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace exitbus::policygen {

namespace v1 = policy::v1;

std::string Plain(std::string_view enum_name, std::string_view prefix) {
  std::string name(enum_name.substr(prefix.size()));
  absl::AsciiStrToLower(&name);
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

char DetailCode(v1::Detail detail) {
  if (detail == v1::DETAIL_CODE) return 'P';
  return detail == v1::DETAIL_SUMMARY ? 'S' : 'F';
}

std::string ConditionCode(v1::Condition condition) {
  static const auto* codes = new std::map<v1::Condition, std::string>{
      {v1::CONDITION_OWN_PART, "own"},         {v1::CONDITION_SUPERVISION_OR_CUSTODY, "K"},
      {v1::CONDITION_AFTER_ACCEPTANCE, "acc"}, {v1::CONDITION_UNTIL_TAKE_OVER, "until"},
      {v1::CONDITION_LEGAL_BASIS, "C"},        {v1::CONDITION_SECURITY_TRANSFERRED, "sec"},
  };
  return codes->at(condition);
}

policy::ConditionSet EveryCondition() {
  policy::ConditionSet all;
  for (int i = 1; i <= v1::Condition_MAX; ++i) all.Add(static_cast<v1::Condition>(i));
  return all;
}

std::string LevelCode(v1::Level level) {
  if (level == v1::LEVEL_MINIMUM) return "M";
  return level == v1::LEVEL_CORE ? "core" : "F";
}

std::string TableRow(const std::vector<std::string>& cells) {
  return absl::StrCat("| ", absl::StrJoin(cells, " | "), " |\n");
}

std::string TableHead(const std::vector<std::string>& cells) {
  return absl::StrCat(TableRow(cells), TableRow(std::vector<std::string>(cells.size(), "---")));
}

}  // namespace exitbus::policygen
