// Planted values: the whole story, told with a value of its own in every field that takes text, and
// then every byte of it is searched for what must not be there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "adapters/directory/files.h"
#include "adapters/sqlite/sqlite_store.h"
#include "services/policy/contracts.h"
#include "tests/e2e/environment.h"
#include "tests/separation/planted_story.h"
#include "tests/separation/rights.h"
#include "tests/separation/tally.h"
#include "tests/story/books.h"

namespace exitbus::story {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

class CanariesTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(story.gathered().ok()) << story.gathered(); }

  // Fields whose planted values the authority can read and may not have.
  static std::set<std::string> Forbidden(const Member& member, const Canaries& canaries,
                                         const std::string& plain) {
    std::set<std::string> found;
    for (const Finding& finding : Search(canaries.values()).In(plain)) {
      const Canary& canary = canaries.all()[finding.value];
      if (!MayHold(member, canary)) found.insert(canary.field);
    }
    return found;
  }

  // How many fields the answer shows; each must be one that its reader may see.
  static int CheckLeaves(const Heard& heard, policy::v1::Function function) {
    const auto response = NewMessage(*policy::FindMethod(heard.method)->output_type());
    EXPECT_TRUE(response->ParseFromString(heard.bytes)) << heard.method;
    int fields = 0;
    ForEachLeaf(*response, [&](const auto& field, const std::string& path, const std::string&) {
      ++fields;
      EXPECT_TRUE(MayBeShown(heard.member.kind, function, LabelOf(field), EveryCondition()))
          << heard.member.id << " is shown " << path << " by " << heard.method;
    });
    return fields;
  }

  PlantedStory& story = PlantedStory::Get();
};

TEST_F(CanariesTest, TheStoryPlantsThemInManyCategories) {
  EXPECT_TRUE(story.played().ok()) << story.played();
  std::set<std::string> categories;
  int planted = 0;
  for (const Canary& canary : story.canaries().all()) {
    if (canary.written_by.empty()) continue;
    ++planted;
    categories.insert(policy::v1::Category_Name(canary.label.category));
  }
  EXPECT_GE(planted, 18);
  EXPECT_GE(categories.size(), 10U) << absl::StrJoin(categories, " ");
  Tally::Note(absl::StrCat("planted values: ", planted, " fields of ", categories.size(),
                           " categories taken in during the story, of ",
                           story.canaries().all().size(), " that take text; ",
                           story.canaries().not_plantable().size(), " fields take none"));
}

// Else a search that finds nothing says nothing.
TEST_F(CanariesTest, EachIsAtItsAuthorsWhenOpenedWithTheirKeys) {
  int found = 0;
  for (const Canary& canary : story.canaries().all()) {
    for (const std::string& authority : canary.written_by) {
      EXPECT_THAT(Search({canary.value}).In(story.opened().at(authority).plain), Not(IsEmpty()))
          << canary.field << " at " << authority;
      ++found;
    }
  }
  EXPECT_GE(found, 18);
  Tally::Count("planted values at their authors', opened", found);
}

TEST_F(CanariesTest, NoneIsReadableInAnyFileOrFigure) {
  EXPECT_THAT(story.killed().leaks, IsEmpty());
  EXPECT_THAT(story.running().leaks, IsEmpty());
  EXPECT_GT(story.running().places, 300);
  EXPECT_GT(story.killed().log_bytes, 0U);  // a kill leaves write-ahead logs
  const int values = static_cast<int>(story.canaries().all().size());
  const int places = story.killed().places + story.running().places;
  Tally::Count("planted value × file, service killed or running", values * places, values * places);
  Tally::Note(absl::StrCat("searched in the clear: ", places, " files and names, ",
                           (story.killed().bytes + story.running().bytes) >> 20, " MiB"));
}

TEST_F(CanariesTest, NoneIsReadableInAnyRowThatIsPutTogether) {
  const Search search(story.canaries().values());
  for (const auto& [authority, opened] : story.opened()) {
    EXPECT_THAT(search.In(opened.stored), IsEmpty()) << authority;
    EXPECT_GT(opened.rows, 50) << authority;
  }
}

TEST_F(CanariesTest, NobodyOpensWhatItMayNotHave) {
  std::uint64_t bytes = 0;
  int rows = 0;
  int pieces = 0;
  int refused = 0;
  for (const Member& member : Cast()) {
    const Opened& opened = story.opened().at(member.id);
    EXPECT_THAT(Forbidden(member, story.canaries(), opened.plain), IsEmpty()) << member.id;
    EXPECT_GT(opened.decrypted, 5) << member.id;
    bytes += opened.plain.size();
    rows += opened.rows;
    pieces += opened.decrypted + static_cast<int>(opened.topics.size());
    for (const Canary& canary : story.canaries().all()) refused += MayHold(member, canary) ? 0 : 1;
  }
  const int cells = static_cast<int>(Cast().size() * story.canaries().all().size());
  Tally::Count("planted value × authority with its own keys", cells, refused);
  Tally::Note(absl::StrCat("opened with each authority's own keys: ", rows, " rows, ", pieces,
                           " pieces and records, ", bytes >> 10, " KiB"));
}

TEST_F(CanariesTest, NobodysKeyOpensAnothersTopic) {
  int opened = 0;
  int tried = 0;
  for (const Member& member : Cast()) {
    const std::string kind = policy::v1::AuthorityKind_Name(member.kind);
    for (const std::string& topic : story.opened().at(member.id).topics) {
      EXPECT_TRUE(topic.ends_with("." + member.code)) << member.id << " opens " << topic;
      ++opened;
    }
    tried += static_cast<int>(story.records().size());
  }
  EXPECT_GT(opened, 200);
  Tally::Count("record × authority's keys", tried, tried - opened);
}

TEST_F(CanariesTest, AnswersHoldWhatTheirReaderMaySeeAndErrorsNothing) {
  const Search search(story.canaries().values());
  int refused = 0;
  int fields = 0;
  for (const Heard& heard : story.canaries().heard()) {
    const policy::v1::Function function = FunctionOf(heard.member);
    for (const Finding& finding : search.In(heard.bytes)) {
      const Canary& canary = story.canaries().all()[finding.value];
      EXPECT_TRUE(heard.ok &&
                  MayBeShown(heard.member.kind, function, canary.label, EveryCondition()))
          << heard.member.id << " is shown " << canary.field << " by " << heard.method;
    }
    refused += heard.ok ? 0 : 1;
    if (heard.ok) fields += CheckLeaves(heard, function);
  }
  Tally::Count("answers to the story's calls", static_cast<int>(story.canaries().heard().size()),
               refused);
  Tally::Count("fields of these answers", fields);
}

// The search, tried on leaks made on purpose: a value in each form in a log, a database, a topic,
// and one with an authority that may not have it.
TEST_F(CanariesTest, ALeakIsFound) {
  const Canary& canary = *std::find_if(
      story.canaries().all().begin(), story.canaries().all().end(),
      [](const Canary& c) { return c.label.category == policy::v1::CATEGORY_HEALTH; });
  const std::string folder = TheDeployment().places().state + "/leaks";
  std::filesystem::create_directories(folder);
  int planted = 0;
  for (const std::string& form :
       {canary.value, absl::Base64Escape("x" + canary.value),
        absl::Base64Escape("xx" + canary.value), absl::WebSafeBase64Escape("xyz" + canary.value),
        absl::BytesToHexString(canary.value),
        absl::AsciiStrToUpper(absl::BytesToHexString(canary.value))}) {
    const std::string name = absl::StrCat(folder, "/", planted++);
    std::ofstream(name + ".log") << "{\"event\":\"" << form << "\"}\n";
    auto store = adapters::OpenSqliteStore(name + ".sqlite");
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE(
        (*store)
            ->Commit(exchange::Durability::kDurable, {{exchange::Table::kStates, "a", "b" + form}})
            .ok());
  }
  const std::string topic = folder + "/exitbus.v1.nec.nec.national-0";
  std::filesystem::create_directories(topic);
  std::ofstream(topic + "/00000000000000000000.log", std::ios::binary) << "batch" << canary.value;
  const Searched searched = SearchEverything(story.canaries(), false);
  std::filesystem::remove_all(folder);
  std::set<std::string> files;
  for (const std::string& leak : searched.leaks) files.insert(leak.substr(0, leak.find(':')));
  // In a log and a database or its write-ahead log each, and in the topic.
  EXPECT_GE(files.size(), 2U * static_cast<std::size_t>(planted) + 1U)
      << absl::StrJoin(searched.leaks, "\n");

  const Member& nec = MemberNamed(kNec);
  EXPECT_FALSE(MayHold(nec, canary));
  const std::string leaked = story.opened().at(kNec).plain + canary.value;
  EXPECT_THAT(Forbidden(nec, story.canaries(), leaked), Contains(canary.field));
}

}  // namespace
}  // namespace exitbus::story
