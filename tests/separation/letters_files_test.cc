// Letters × files: every kind of message, rightly signed and sealed, from everybody who has a part
// in a case, had one, was asked for one or has none, under every id of it, to every kind of file at
// every stage. What it brings about stands in tests/tables/letters.table, or it brings about
// nothing: no letter takes a case, ends it, moves its police unit or reads it that does not stand
// there.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <compare>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/outgoing.h"
#include "services/policy/flows.h"
#include "tests/separation/guarded.h"
#include "tests/separation/letters_story.h"
#include "tests/separation/tally.h"

namespace exitbus::simulation {
namespace {

namespace ev1 = exchange::v1;
namespace pv1 = policy::v1;
using exchange::Table;
using exchange::Write;

constexpr char kTable[] = "tests/tables/letters.table";
constexpr std::array<const char*, 2> kPerson = {"6101900001", "Canary Name"};

// What became of a letter.
struct Outcome {
  std::set<std::string> effects;  // empty: none
  bool accounted = false;         // decided on and noted, or set aside
};

class Attempts {
 public:
  Attempts(LetterStory& story, Node& reader) : story_(story), reader_(reader) {}

  Outcome Try(const Forgery& forgery) {
    const auto writes = reader_.Rehearse(Record({forgery}));
    Outcome outcome;
    outcome.effects = EffectsOf(writes);
    outcome.accounted = IsAccounted(writes, forgery);
    return outcome;
  }

  // Whether all of them together, in one record, change nothing but the books of the bus.
  bool ChangeNothing(const std::vector<Forgery>& forgeries) {
    const auto writes = reader_.Rehearse(Record(forgeries));
    return EffectsOf(writes).empty() &&
           std::all_of(forgeries.begin(), forgeries.end(),
                       [&](const Forgery& each) { return IsAccounted(writes, each); });
  }

 private:
  static bool IsAccounted(const std::vector<Write>& writes, const Forgery& forgery) {
    const exchange::CorrespondenceId id{forgery.channel, forgery.author.id(), forgery.subject};
    return std::any_of(writes.begin(), writes.end(), [&](const Write& write) {
      return (write.table == Table::kInbox &&
              exchange::LetterKey::Decode(write.key)->correspondence == id) ||
             (write.table == Table::kParked &&
              exchange::ParkedKey::Decode(write.key)->correspondence.subject == forgery.subject);
    });
  }

  std::set<std::string> EffectsOf(const std::vector<Write>& writes) {
    std::set<std::string> effects;
    for (const Write& write : writes) {
      if (write.table == Table::kStates) effects.insert(OfState(write));
      if (write.table == Table::kOutbox && write.value && NamesThePerson(write.key, *write.value)) {
        effects.insert("names");
      }
      if (write.table == Table::kIndex && TakesAName(write)) effects.insert("takes-a-name");
    }
    return effects;
  }

  std::string OfState(const Write& write) {
    const std::string aggregate = exchange::StateKey::Decode(write.key)->aggregate;
    const auto& rows = reader_.store().rows(Table::kStates);
    const auto row = rows.find(write.key);
    const std::string after =
        Guarded(aggregate, StateIn(reader_, write.key, *write.value).value_or(""));
    if (row == rows.end()) return after == "erased" ? "tombstone" : "opens";
    const std::string before =
        Guarded(aggregate, StateIn(reader_, row->first, row->second).value_or(""));
    if (before == after) return "changes";
    return after == "erased"                          ? "erases"
           : after.find("ENDED") != std::string::npos ? "ends"
                                                      : "moves";
  }

  bool TakesAName(const Write& write) {
    const auto& rows = reader_.store().rows(Table::kIndex);
    const auto row = rows.find(write.key);
    return row != rows.end() && write.value && row->second != *write.value;
  }

  bool NamesThePerson(const std::string& key, const std::string& bytes) {
    store::v1::OutboxRow row;
    row.ParseFromString(bytes);
    const std::string plain =
        reader_.environment()
            .vault->Decrypt(row.scope(), {Table::kOutbox, key}, row.sealed_content())
            .value_or("");
    return std::any_of(kPerson.begin(), kPerson.end(),
                       [&](const char* value) { return plain.find(value) != std::string::npos; });
  }

  LetterStory& story_;
  Node& reader_;
};

// What one letter brought about somewhere, at one stage or more.
struct Cell {
  std::string reader, message, effect, author, id;
  auto operator<=>(const Cell&) const = default;
};
using Effects = std::map<Cell, std::set<std::string>>;

// "always", or stages in their order: "ENROLLED", "REQUESTED-OFFERED", separated by commas.
std::string Shown(const std::set<std::string>& at) {
  const std::vector<std::string>& all = LetterStages();
  if (at.size() == all.size()) return "always";
  std::vector<std::string> runs;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!at.contains(all[i])) continue;
    const std::size_t first = i;
    while (i + 1 < all.size() && at.contains(all[i + 1])) ++i;
    runs.push_back(first == i ? all[i] : absl::StrCat(all[first], "-", all[i]));
  }
  return absl::StrJoin(runs, ",");
}

// One row for all authors and ids of which the same is true.
std::set<std::string> RowsOf(const Effects& effects) {
  std::map<std::vector<std::string>, std::set<std::string>> authors, ids;
  for (const auto& [cell, stages] : effects) {
    authors[{cell.reader, cell.message, cell.effect, cell.id, Shown(stages)}].insert(cell.author);
  }
  for (const auto& [at, by] : authors) {
    ids[{at[0], at[1], at[2], absl::StrJoin(by, ","), at[4]}].insert(at[3]);
  }
  std::set<std::string> rows;
  for (const auto& [row, under] : ids) {
    rows.insert(
        absl::StrJoin({row[0], row[1], row[2], row[3], absl::StrJoin(under, ","), row[4]}, " "));
  }
  return rows;
}

std::set<std::string> ReadTable() {
  std::set<std::string> rows;
  std::ifstream file(kTable);
  EXPECT_TRUE(file.is_open()) << kTable;
  std::string line;
  while (std::getline(file, line)) {
    if (line.empty() || line[0] == '#') continue;
    const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    rows.insert(absl::StrJoin(words, " "));
  }
  return rows;
}

class LettersAndFiles {
 public:
  void Play(const std::string& stage) {
    LetterStory story(stage);
    for (const auto& [reader_role, reader] : story.roles()) {
      for (const auto& [author_role, author] : story.roles()) {
        if (author != reader) Send(story, stage, author_role, *author, reader_role, *reader);
      }
      reader->Crash();  // it believes that it has done all that
    }
  }

  const Effects& effects() const { return effects_; }
  const std::map<std::string, std::pair<int, int>>& counts() const { return counts_; }

 private:
  struct Attempt {
    std::string id;
    Forgery forgery;
  };

  void Send(LetterStory& story, const std::string& stage, const std::string& author_role,
            Node& author, const std::string& reader_role, Node& reader) {
    const auto kind_of = [&](Node& node) {
      return static_cast<pv1::AuthorityKind>(story.world.directory.Find(node.id())->kind);
    };
    Attempts attempts(story, reader);
    std::map<std::string, std::vector<Attempt>> by_message;
    for (const auto& [id, subject] : story.ids()) {
      for (auto& [message, body] : story.LettersBy(author, reader, subject)) {
        for (int i = 1; i <= pv1::Channel_MAX; ++i) {
          const auto channel = static_cast<pv1::Channel>(i);
          if (!policy::MayCome(*exchange::KindIn(body)->GetDescriptor(), kind_of(author),
                               kind_of(reader), channel)) {
            continue;  // not believed from this kind of authority, whatever it says
          }
          by_message[absl::StrCat(message, " ", i)].push_back(
              {id, {author, reader, channel, subject, body}});
        }
      }
    }
    for (const auto& [key, group] : by_message) {
      const std::string message = key.substr(0, key.find(' '));
      auto& [tried, without_effect] = counts_[reader_role];
      tried += static_cast<int>(group.size());
      std::vector<Forgery> together;
      for (const Attempt& attempt : group) together.push_back(attempt.forgery);
      if (attempts.ChangeNothing(together)) {
        without_effect += static_cast<int>(group.size());
        continue;
      }
      for (const Attempt& attempt : group) {
        const Outcome outcome = attempts.Try(attempt.forgery);
        EXPECT_TRUE(outcome.accounted) << stage << ": " << message << " under " << attempt.id
                                       << " by " << author_role << " to " << reader_role;
        without_effect += outcome.effects.empty();
        for (const std::string& effect : outcome.effects) {
          effects_[{reader_role, message, effect, author_role, attempt.id}].insert(stage);
        }
      }
    }
  }

  Effects effects_;
  std::map<std::string, std::pair<int, int>> counts_;
};

TEST(LettersAndFilesTest, WhatALetterBringsAboutStandsInTheTableOrItBringsAboutNothing) {
  LettersAndFiles all;
  for (const std::string& stage : LetterStages()) {
    SCOPED_TRACE(stage);
    all.Play(stage);
  }
  const std::set<std::string> expected = ReadTable();
  const std::set<std::string> rows = RowsOf(all.effects());
  for (const std::string& row : rows) {
    EXPECT_TRUE(expected.contains(row)) << "not in the table: " << row;
  }
  for (const std::string& row : expected) {
    EXPECT_TRUE(rows.contains(row)) << "not so any more: " << row;
  }
  for (const auto& [reader, count] : all.counts()) {
    EXPECT_GT(count.first, 100) << reader;
    story::Tally::Count("letters × files: to the " + reader + ", forged", count.first,
                        count.second);
  }
}

TEST(LettersAndFilesTest, EveryKindOfMessageIsTriedButTheEnginesOwn) {
  LetterStory story("ENROLLED");
  std::set<std::string> tried = {"KeyAnnounced", "EvidenceCheckpoint"};
  for (const auto& [name, body] : story.LettersBy(story.ishoej, story.odense, "any")) {
    tried.insert(exchange::KindIn(body)->GetDescriptor()->name());
  }
  const auto* kinds = ev1::Body::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    EXPECT_TRUE(tried.contains(kinds->field(i)->message_type()->name()))
        << kinds->field(i)->message_type()->name();
  }
}

}  // namespace
}  // namespace exitbus::simulation
