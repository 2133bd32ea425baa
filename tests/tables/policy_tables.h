// The hand-written transcriptions of the policy: what the contracts' options must agree with, and
// what tests that try the real system expect. Read from tests/tables (working directory: the
// project's root); a table that does not parse ends the program.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/policy/condition_set.h"

namespace exitbus::tables {

namespace v1 = policy::v1;
using policy::ConditionSet;

// categories.table and levels.table: who may read how much of what.
class CategoryTable {
 public:
  static const CategoryTable& Get();

  // Whether the matrix lets this reader see this much of a category under these conditions.
  bool Allows(v1::Reader reader, v1::Category category, v1::Detail detail,
              ConditionSet satisfied) const;
  // The most of a category that a level lets through; UNSPECIFIED: nothing.
  v1::Detail UpTo(v1::Level level, v1::Category category) const;

 private:
  struct Entry {
    v1::Detail detail;
    ConditionSet conditions;
  };

  CategoryTable();
  static std::vector<Entry> ParseCell(const std::string& text);

  std::map<std::pair<v1::Reader, v1::Category>, std::vector<Entry>> cells_;
  std::map<std::pair<v1::Level, v1::Category>, v1::Detail> levels_;
};

// flows.table: which message goes from whom to whom.
class FlowTable {
 public:
  struct Cell {
    v1::Channel channel;
    v1::Level level;
    ConditionSet conditions;

    bool operator==(const Cell&) const = default;
  };
  // A party by its relation to the case and its kind.
  using Party = std::pair<v1::Relation, v1::AuthorityKind>;
  // A cell that no contract sends yet, because of a work to come.
  struct ToCome {
    std::string work;  // the table's word, with its @
    std::string message;
    Party from;
    Party to;
  };

  static const FlowTable& Get();

  std::optional<Cell> Find(const std::string& message, Party from, Party to) const;
  // Whether any message goes from one kind of authority to another over this channel; and whether
  // this one does.
  bool Sends(v1::AuthorityKind from, v1::Channel channel, v1::AuthorityKind to) const;
  bool Sends(const std::string& message, v1::AuthorityKind from, v1::Channel channel,
             v1::AuthorityKind to) const;
  // Those that are sent to anybody.
  const std::set<std::string>& messages() const { return messages_; }
  const std::vector<ToCome>& to_come() const { return to_come_; }

 private:
  FlowTable();
  void Add(const std::string& message, const std::string& channel, const std::string& cell,
           const Party& from, const Party& to);

  std::set<std::string> messages_;
  std::vector<ToCome> to_come_;
  std::map<std::tuple<std::string, Party, Party>, Cell> cells_;
};

// docs/fields.md, generated from the contracts and read by people: what each field gives away, by
// its full name without "exitbus.".
struct FieldEntry {
  v1::Category category;
  v1::Detail detail;
  bool unaccounted = false;
  bool names_category = false;

  bool operator==(const FieldEntry&) const = default;
};
const std::map<std::string, FieldEntry>& FieldTable();

// methods.table, likewise.
struct MethodEntry {
  std::set<v1::Function> callers;
  v1::Access access;
  bool purpose_required;
};
const std::map<std::string, MethodEntry>& MethodTable();

// Every set of conditions there can be.
std::vector<ConditionSet> AllConditionSets();

}  // namespace exitbus::tables
