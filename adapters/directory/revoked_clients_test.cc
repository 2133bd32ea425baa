#include "adapters/directory/revoked_clients.h"

#include <cstdio>
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
  absl::StatusOr<std::unique_ptr<RevokedClientsFile>> Open() const {
    return RevokedClientsFile::Open(file_, file_ + ".accepted");
  }

  TestFolder folder_;
  const std::string file_ = folder_.path() + "/revoked";
};

TEST_F(RevokedClientsTest, TakesNamesFingerprintsAndRemarks) {
  Write(absl::StrCat("# gone\n\n  municipality-0183.casesystem.mentor # lost laptop\nAB:",
                     std::string(62, 'C'), "\n"));
  const auto revoked = Open();
  ASSERT_TRUE(revoked.ok()) << revoked.status();
  EXPECT_TRUE((*revoked)->Refresh().refused.ok());
  EXPECT_THAT((*revoked)->listed(), ElementsAre(absl::StrCat("ab", std::string(62, 'c')), kMentor));
}

TEST_F(RevokedClientsTest, TakesWhatOpensslPrints) {
  std::string fingerprint = "AB";
  for (int i = 1; i < 32; ++i) fingerprint += ":CD";
  std::string digits = "ab";
  for (int i = 1; i < 32; ++i) digits += "cd";
  for (const char* label : {"sha256 Fingerprint=", "SHA256 Fingerprint="}) {
    Write(absl::StrCat(label, fingerprint, "\n"));
    const auto revoked = Open();
    ASSERT_TRUE(revoked.ok()) << revoked.status();
    EXPECT_TRUE((*revoked)->Refresh().refused.ok());
    EXPECT_THAT((*revoked)->listed(), ElementsAre(digits));
  }
}

TEST_F(RevokedClientsTest, AnEmptyListRevokesNobody) {
  Write("");
  const auto revoked = Open();
  ASSERT_TRUE(revoked.ok()) << revoked.status();
  EXPECT_THAT((*revoked)->listed(), IsEmpty());
}

TEST_F(RevokedClientsTest, NamesTheLinesThatAreNoEntryAndLetsNobodyInForThem) {
  constexpr char kOneDigitShort[] =
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  for (const char* bad :
       {"municipality-0183", "Ishoj.system.mentor", "a.b.c.d", "a..c", kOneDigitShort}) {
    Write(kMentor);
    const auto revoked = Open();
    ASSERT_TRUE(revoked.ok()) << revoked.status();
    Write(absl::StrCat("a.b.c\n", bad, "\n# remark\n", bad, "\n"));
    const auto look = (*revoked)->Refresh();
    EXPECT_TRUE(look.changed);
    EXPECT_EQ(look.refused.code(), absl::StatusCode::kInvalidArgument) << bad;
    EXPECT_THAT(std::string(look.refused.message()), HasSubstr(file_ + ": line 2, 4 is no"));
    EXPECT_THAT((*revoked)->listed(), ElementsAre("a.b.c", kMentor));
    EXPECT_FALSE((*revoked)->Refresh().changed);

    const auto restarted = Open();
    ASSERT_TRUE(restarted.ok()) << restarted.status();
    EXPECT_THAT((*restarted)->listed(), ElementsAre("a.b.c", kMentor)) << "as it was before";
    Write("a.b.c");
    EXPECT_TRUE((*revoked)->Refresh().changed);
    EXPECT_THAT((*revoked)->listed(), ElementsAre("a.b.c"));
  }
}

TEST_F(RevokedClientsTest, AtTheVeryFirstStartTheGoodLinesCountToo) {
  Write(absl::StrCat(kMentor, "\nnonsense\n"));
  const auto revoked = Open();
  ASSERT_TRUE(revoked.ok()) << revoked.status();
  EXPECT_THAT((*revoked)->listed(), ElementsAre(kMentor));
}

TEST_F(RevokedClientsTest, TellsWhenItListsOthers) {
  Write("");
  const auto revoked = Open();
  ASSERT_TRUE(revoked.ok()) << revoked.status();
  EXPECT_FALSE((*revoked)->Refresh().changed);
  Write(kMentor);
  EXPECT_TRUE((*revoked)->Refresh().changed);
  Write("");
  EXPECT_TRUE((*revoked)->Refresh().changed);
  EXPECT_THAT((*revoked)->listed(), IsEmpty());
}

TEST_F(RevokedClientsTest, AFileThatIsGoneIsAnErrorUnlessAListWasKept) {
  EXPECT_EQ(Open().status().code(), absl::StatusCode::kNotFound);
  Write(kMentor);
  ASSERT_TRUE(Open().ok());
  std::remove(file_.c_str());
  const auto restarted = Open();
  ASSERT_TRUE(restarted.ok()) << restarted.status();
  EXPECT_THAT((*restarted)->listed(), ElementsAre(kMentor));
  EXPECT_EQ((*restarted)->Refresh().refused.code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace exitbus::adapters
