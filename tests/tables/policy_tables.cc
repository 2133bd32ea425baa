#include "tests/tables/policy_tables.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "services/policy/readers.h"

namespace exitbus::tables {
namespace {

using Row = std::vector<std::string>;

[[noreturn]] void Bad(const std::string& what) {
  std::fprintf(stderr, "tests/tables: %s\n", what.c_str());
  std::abort();
}

// Columns between bars, without the blanks around them; no comments, no empty lines.
std::vector<Row> ReadRows(const std::string& name) {
  std::ifstream file("tests/tables/" + name);
  if (!file) Bad(absl::StrCat("cannot read ", name, "; run from the project's root"));
  std::vector<Row> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    Row row = absl::StrSplit(line, '|');
    for (std::string& column : row) absl::StripAsciiWhitespace(&column);
    rows.push_back(std::move(row));
  }
  for (const Row& row : rows) {
    if (row.size() != rows[0].size()) Bad(absl::StrCat(name, ": another width: ", row[0]));
  }
  return rows;
}

template <class Value>
Value Look(const std::map<std::string, Value>& names, const std::string& name) {
  const auto found = names.find(name);
  if (found == names.end()) Bad(absl::StrCat("unknown name: ", name));
  return found->second;
}

// A column is named by the domain's letters, or as the contracts do.
v1::Reader ReaderNamed(const std::string& column) {
  v1::Reader reader = v1::READER_UNSPECIFIED;
  if (v1::Reader_Parse(absl::StrCat("READER_", column), &reader)) return reader;
  return Look<v1::Reader>({{"MKO", v1::READER_MUNICIPALITY},
                           {"JOB", v1::READER_JOBCENTRE},
                           {"BSS", v1::READER_CITIZEN_SERVICE},
                           {"FAM", v1::READER_FAMILY_CENTRE},
                           {"KRF", v1::READER_KRIMINALFORSORGEN},
                           {"PEX", v1::READER_POLICE},
                           {"KPT", v1::READER_CONTACT_POINT},
                           {"NEO", v1::READER_NEC_OVERVIEW},
                           {"NGL", v1::READER_NEC_GANG_LIST},
                           {"REG", v1::READER_POPULATION_REGISTER},
                           {"RKO", v1::READER_RECEIVER},
                           {"MEN", v1::READER_MENTOR},
                           {"OPR", v1::READER_OPERATOR},
                           {"FMR", v1::READER_FORMER},
                           {"PX2", v1::READER_RECEIVING_POLICE}},
                          column);
}

v1::Condition ConditionNamed(const std::string& letter) {
  return Look<v1::Condition>({{"O", v1::CONDITION_OWN_PART},
                              {"K", v1::CONDITION_SUPERVISION_OR_CUSTODY},
                              {"C", v1::CONDITION_LEGAL_BASIS},
                              {"U", v1::CONDITION_UNTIL_TAKE_OVER},
                              {"a", v1::CONDITION_AFTER_ACCEPTANCE},
                              {"c", v1::CONDITION_LEGAL_BASIS},
                              {"k", v1::CONDITION_SUPERVISION_OR_CUSTODY},
                              {"t", v1::CONDITION_SECURITY_TRANSFERRED}},
                             letter);
}

v1::Detail DetailNamed(const std::string& letter) {
  return Look<v1::Detail>({{"-", v1::DETAIL_UNSPECIFIED},
                           {"P", v1::DETAIL_CODE},
                           {"S", v1::DETAIL_SUMMARY},
                           {"F", v1::DETAIL_FULL},
                           {"O", v1::DETAIL_FULL}},
                          letter);
}

v1::Category CategoryNamed(const std::string& name) {
  v1::Category category = v1::CATEGORY_UNSPECIFIED;
  if (!v1::Category_Parse(absl::StrCat("CATEGORY_", name), &category)) {
    Bad(absl::StrCat("unknown category: ", name));
  }
  return category;
}

v1::Channel ChannelNamed(const std::string& name) {
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  if (!v1::Channel_Parse(absl::StrCat("CHANNEL_", absl::AsciiStrToUpper(name)), &channel)) {
    Bad(absl::StrCat("unknown channel: ", name));
  }
  return channel;
}

std::vector<v1::AuthorityKind> EveryKind() {
  std::vector<v1::AuthorityKind> kinds;
  for (int kind = 1; kind <= v1::AuthorityKind_MAX; ++kind) {
    kinds.push_back(static_cast<v1::AuthorityKind>(kind));
  }
  return kinds;
}

// Who a column of flows.table stands for, by the domain's letters or as the contracts name it.
std::vector<FlowTable::Party> PartiesNamed(const std::string& column) {
  using enum v1::AuthorityKind;
  const auto each = [](v1::Relation relation, std::vector<v1::AuthorityKind> kinds) {
    std::vector<FlowTable::Party> parties;
    for (v1::AuthorityKind kind : kinds) parties.emplace_back(relation, kind);
    return parties;
  };
  const std::vector<v1::AuthorityKind> case_handlers = {AUTHORITY_KIND_MUNICIPALITY,
                                                        AUTHORITY_KIND_KRIMINALFORSORGEN};
  if (column == "HOLD") return each(v1::RELATION_HOLDER, case_handlers);
  if (column == "HOLD m") return each(v1::RELATION_HOLDER, {AUTHORITY_KIND_MUNICIPALITY});
  if (column == "KRF") {
    return each(v1::RELATION_KRIMINALFORSORGEN, {AUTHORITY_KIND_KRIMINALFORSORGEN});
  }
  if (column == "PEX") return each(v1::RELATION_POLICE, {AUTHORITY_KIND_POLICE});
  if (column == "KPT") return each(v1::RELATION_CONTACT_POINT, {AUTHORITY_KIND_CONTACT_POINT});
  if (column == "NEO") return each(v1::RELATION_NEC_OVERVIEW, {AUTHORITY_KIND_NEC});
  if (column == "RKO") return each(v1::RELATION_RECEIVER, case_handlers);
  if (column == "RKO m") return each(v1::RELATION_RECEIVER, {AUTHORITY_KIND_MUNICIPALITY});
  if (column == "PX2") return each(v1::RELATION_RECEIVING_POLICE, {AUTHORITY_KIND_POLICE});
  if (column == "FMR") return each(v1::RELATION_FORMER, case_handlers);
  if (column == "FMP") return each(v1::RELATION_FORMER, {AUTHORITY_KIND_POLICE});
  if (column == "REG") {
    return each(v1::RELATION_POPULATION_REGISTER, {AUTHORITY_KIND_MUNICIPALITY});
  }
  if (column == "ANY") return each(v1::RELATION_ANY, EveryKind());
  // One kind of authority has that place in a case, and is called the same.
  v1::Relation relation = v1::RELATION_UNSPECIFIED;
  v1::AuthorityKind kind = AUTHORITY_KIND_UNSPECIFIED;
  if (v1::Relation_Parse(absl::StrCat("RELATION_", column), &relation) &&
      v1::AuthorityKind_Parse(absl::StrCat("AUTHORITY_KIND_", column), &kind)) {
    return each(relation, {kind});
  }
  Bad(absl::StrCat("unknown party: ", column));
}

FlowTable::Cell ParseFlow(const std::string& text, v1::Channel channel) {
  const std::vector<std::string> words = absl::StrSplit(text, ' ');
  FlowTable::Cell cell{
      channel,
      Look<v1::Level>({{"F", v1::LEVEL_FULL}, {"M", v1::LEVEL_MINIMUM}, {"core", v1::LEVEL_CORE}},
                      words[0]),
      {}};
  for (std::size_t i = 1; i < words.size(); ++i) cell.conditions.Add(ConditionNamed(words[i]));
  return cell;
}

}  // namespace

const CategoryTable& CategoryTable::Get() {
  static const auto* table = new CategoryTable;
  return *table;
}

// "S; F U": either will do. "P / F": before and after acceptance. "O" alone is F under O.
std::vector<CategoryTable::Entry> CategoryTable::ParseCell(const std::string& text) {
  std::vector<Entry> entries;
  const auto add = [&entries](const std::string& entry, ConditionSet conditions) {
    if (entry == "-") return;
    const std::vector<std::string> words = absl::StrSplit(entry, ' ');
    for (std::size_t i = words[0] == "O" ? 0 : 1; i < words.size(); ++i) {
      conditions.Add(ConditionNamed(words[i]));
    }
    entries.push_back({DetailNamed(words[0]), conditions});
  };
  const std::vector<std::string> halves = absl::StrSplit(text, " / ");
  for (const std::string& entry : std::vector<std::string>(absl::StrSplit(halves[0], "; "))) {
    add(entry, {});
  }
  if (halves.size() == 2) add(halves[1], {v1::CONDITION_AFTER_ACCEPTANCE});
  return entries;
}

CategoryTable::CategoryTable() {
  const std::vector<Row> rows = ReadRows("categories.table");
  for (std::size_t row = 1; row < rows.size(); ++row) {
    for (std::size_t i = 1; i < rows[0].size(); ++i) {
      const std::pair key(ReaderNamed(rows[0][i]), CategoryNamed(rows[row][0]));
      if (!cells_.emplace(key, ParseCell(rows[row][i])).second) Bad("twice: " + rows[row][0]);
    }
  }
  for (int category = 1; category <= v1::Category_MAX; ++category) {
    if (!v1::Category_IsValid(category)) continue;
    levels_[{v1::LEVEL_FULL, static_cast<v1::Category>(category)}] = v1::DETAIL_FULL;
    for (int reader = 1; reader <= v1::Reader_MAX; ++reader) {
      if (!cells_.contains(
              {static_cast<v1::Reader>(reader), static_cast<v1::Category>(category)})) {
        Bad(absl::StrCat("categories.table lacks ", v1::Category_Name(category), " for ",
                         v1::Reader_Name(reader)));
      }
    }
  }
  for (const Row& row : ReadRows("levels.table")) {
    if (row[0] == "category") continue;
    levels_[{v1::LEVEL_MINIMUM, CategoryNamed(row[0])}] = DetailNamed(row[1]);
    levels_[{v1::LEVEL_CORE, CategoryNamed(row[0])}] = DetailNamed(row[2]);
  }
}

bool CategoryTable::Allows(v1::Reader reader, v1::Category category, v1::Detail detail,
                           ConditionSet satisfied) const {
  for (const Entry& entry : cells_.at({reader, category})) {
    if (entry.detail >= detail && satisfied.HasAll(entry.conditions)) return true;
  }
  return false;
}

v1::Detail CategoryTable::UpTo(v1::Level level, v1::Category category) const {
  const auto found = levels_.find({level, category});
  return found == levels_.end() ? v1::DETAIL_UNSPECIFIED : found->second;
}

const FlowTable& FlowTable::Get() {
  static const auto* table = new FlowTable;
  return *table;
}

FlowTable::FlowTable() {
  const std::vector<Row> rows = ReadRows("flows.table");
  for (std::size_t row = 1; row < rows.size(); ++row) {
    for (std::size_t i = 3; i < rows[0].size(); ++i) {
      if (rows[row][i] == "-") continue;
      std::string cell = rows[row][i], column = rows[0][i];
      if (cell.ends_with(" m")) column += " m";
      if (column.ends_with(" m")) cell.resize(cell.size() - 2);
      for (const std::string& from : std::vector<std::string>(absl::StrSplit(rows[row][2], '+'))) {
        for (const Party& sender : PartiesNamed(from)) {
          for (const Party& recipient : PartiesNamed(column)) {
            Add(rows[row][0], rows[row][1], cell, sender, recipient);
          }
        }
      }
    }
  }
}

// "F a", or "@work F a" for what is to come.
void FlowTable::Add(const std::string& message, const std::string& channel, const std::string& cell,
                    const Party& from, const Party& to) {
  if (cell.starts_with('@')) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(cell, absl::MaxSplits(' ', 1));
    ParseFlow(parts.second, v1::CHANNEL_UNSPECIFIED);  // it must be a cell all the same
    to_come_.push_back({parts.first, message, from, to});
    return;
  }
  messages_.insert(message);
  if (!cells_.emplace(std::tuple(message, from, to), ParseFlow(cell, ChannelNamed(channel)))
           .second) {
    Bad(absl::StrCat("flows.table says twice who sends ", message));
  }
}

std::optional<FlowTable::Cell> FlowTable::Find(const std::string& message, Party from,
                                               Party to) const {
  const auto found = cells_.find({message, from, to});
  return found == cells_.end() ? std::nullopt : std::optional(found->second);
}

bool FlowTable::Sends(v1::AuthorityKind from, v1::Channel channel, v1::AuthorityKind to) const {
  return std::any_of(cells_.begin(), cells_.end(), [&](const auto& row) {
    const auto& [message, sender, recipient] = row.first;
    return row.second.channel == channel && sender.second == from && recipient.second == to;
  });
}

bool FlowTable::Sends(const std::string& message, v1::AuthorityKind from, v1::Channel channel,
                      v1::AuthorityKind to) const {
  return std::any_of(cells_.begin(), cells_.end(), [&](const auto& row) {
    const auto& [sent, sender, recipient] = row.first;
    return sent == message && row.second.channel == channel && sender.second == from &&
           recipient.second == to;
  });
}

const std::map<std::string, FieldEntry>& FieldTable() {
  static const auto* table = [] {
    auto* entries = new std::map<std::string, FieldEntry>;
    std::ifstream page("docs/fields.md");
    for (std::string line; std::getline(page, line);) {
      if (!line.starts_with("| `")) continue;
      const std::vector<std::string> cells =
          absl::StrSplit(absl::StrReplaceAll(line, {{"`", ""}, {" ", ""}}), absl::ByAnyChar("|,"));
      (*entries)[cells.at(1)] = {CategoryNamed(cells[2]), DetailNamed(cells[3]),
                                 cells[4] == "innoaccount", cells[4].starts_with("names")};
    }
    return entries;
  }();
  return *table;
}

const std::map<std::string, MethodEntry>& MethodTable() {
  static const auto* table = [] {
    auto* entries = new std::map<std::string, MethodEntry>;
    for (const Row& row : ReadRows("methods.table")) {
      MethodEntry& entry = (*entries)[row[0]];
      for (const std::string& name : std::vector<std::string>(absl::StrSplit(row[1], ", "))) {
        if (!policy::FunctionNamed(name)) Bad(absl::StrCat("unknown function: ", name));
        entry.callers.insert(policy::FunctionNamed(name));
      }
      entry.access =
          Look<v1::Access>({{"read", v1::ACCESS_READ}, {"write", v1::ACCESS_WRITE}}, row[2]);
      entry.purpose_required = row[3] == "purpose";
    }
    return entries;
  }();
  return *table;
}

std::vector<ConditionSet> AllConditionSets() {
  std::vector<ConditionSet> sets;
  for (int bits = 0; bits < 1 << v1::Condition_MAX; ++bits) {
    ConditionSet satisfied;
    for (int i = 1; i <= v1::Condition_MAX; ++i) {
      if (bits & (1 << (i - 1))) satisfied.Add(static_cast<v1::Condition>(i));
    }
    sets.push_back(satisfied);
  }
  return sets;
}

}  // namespace exitbus::tables
