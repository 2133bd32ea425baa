#include "tests/story/narrator.h"

#include <gtest/gtest.h>

#include <sstream>

namespace exitbus::story {
namespace {

constexpr char kHostile[] = "a\x1b[2J\xc2\x9b\xe2\x80\xae\nb";

TEST(Narrator, ShowsWhatWouldSteerTheTerminal) {
  std::ostringstream told;
  Narrator say(&told);
  say.Chapter(kHostile);
  say.Progress(kHostile);
  say.Did(kHostile, kHostile, absl::Milliseconds(1));
  say.Hop(kHostile, kHostile, kHostile, absl::Milliseconds(1));
  say.Sees(kHostile, {kHostile});
  say.SeesNot(kHostile, {kHostile});
  say.Holds(kHostile);
  say.Text(kHostile);
  say.Table({{kHostile}, {kHostile}});
  for (const char* raw : {"\x1b", "\xc2\x9b", "\xe2\x80\xae"}) {
    EXPECT_EQ(told.str().find(raw), std::string::npos) << told.str();
  }
  EXPECT_NE(told.str().find("a\\u001b[2J\\u009b\\u202e"), std::string::npos) << told.str();
}

TEST(Narrator, LetsNoTextOfAPartyPoseAsALine) {
  std::ostringstream told;
  Narrator say(&told);
  say.Did("who", "what\n  ✓ all is well", absl::Milliseconds(1));
  say.Sees("who", {"what\n  ✓ all is well"});
  say.Table({{"head"}, {"cell\n  ✓ all is well"}});
  EXPECT_EQ(told.str().find("\n  ✓"), std::string::npos) << told.str();
}

}  // namespace
}  // namespace exitbus::story
