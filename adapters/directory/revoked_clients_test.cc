#include "adapters/directory/revoked_clients.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "adapters/directory/files.h"
#include "adapters/memory/test_folder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace exitbus::adapters {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kMentor[] = "municipality-0183.casesystem.mentor";

class RevokedClientsTest : public ::testing::Test {
 protected:
  void Write(const std::string& text) { ASSERT_TRUE(ReplaceFile(file_, text).ok()); }

  TestFolder folder_;
  const std::string file_ = folder_.path() + "/revoked";
};

TEST_F(RevokedClientsTest, TakesNamesFingerprintsAndRemarks) {
  Write(absl::StrCat("# gone\n\n  municipality-0183.casesystem.mentor # lost laptop\nAB:",
                     std::string(62, 'C'), "\n"));
  const auto revoked = RevokedClientsFile::Open(file_);
  ASSERT_TRUE(revoked.ok()) << revoked.status();
  EXPECT_THAT((*revoked)->listed(), ElementsAre(absl::StrCat("ab", std::string(62, 'c')), kMentor));
}

TEST_F(RevokedClientsTest, AnEmptyListRevokesNobody) {
  Write("");
  const auto revoked = RevokedClientsFile::Open(file_);
  ASSERT_TRUE(revoked.ok()) << revoked.status();
  EXPECT_THAT((*revoked)->listed(), IsEmpty());
}

TEST_F(RevokedClientsTest, NamesTheLineThatIsNoEntryAndKeepsTheLastGoodList) {
  Write(kMentor);
  const auto revoked = RevokedClientsFile::Open(file_);
  ASSERT_TRUE(revoked.ok()) << revoked.status();
  constexpr char kOneDigitShort[] =
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  for (const char* bad :
       {"municipality-0183", "Ishoj.system.mentor", "a.b.c.d", "a..c", kOneDigitShort}) {
    Write(absl::StrCat("# first\n", bad, "\n"));
    const auto refreshed = (*revoked)->Refresh();
    EXPECT_EQ(refreshed.status().code(), absl::StatusCode::kInvalidArgument) << bad;
    EXPECT_THAT(std::string(refreshed.status().message()), HasSubstr(file_ + ": line 2"));
    EXPECT_THAT((*revoked)->listed(), ElementsAre(kMentor));
    EXPECT_FALSE(RevokedClientsFile::Open(file_).ok());
  }
}

TEST_F(RevokedClientsTest, TellsWhenItListsOthers) {
  Write("");
  const auto revoked = RevokedClientsFile::Open(file_);
  ASSERT_TRUE(revoked.ok()) << revoked.status();
  EXPECT_EQ((*revoked)->Refresh().value_or(true), false);
  Write(kMentor);
  EXPECT_EQ((*revoked)->Refresh().value_or(false), true);
  Write("");
  EXPECT_EQ((*revoked)->Refresh().value_or(false), true);
  EXPECT_THAT((*revoked)->listed(), IsEmpty());
}

TEST_F(RevokedClientsTest, AFileThatIsGoneIsAnError) {
  EXPECT_EQ(RevokedClientsFile::Open(file_).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace exitbus::adapters
