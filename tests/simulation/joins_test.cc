// Whoever may not join what they know of a case: their letters, opened, have no id, instant or text
// in common.
#include "tests/separation/joins.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "services/exchange/instants.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/sealing.h"
#include "services/exchange/working_days.h"
#include "tests/simulation/erasure_world.h"

namespace exitbus::simulation {
namespace {

namespace ev1 = exchange::v1;
namespace pv1 = policy::v1;
using testing::IsEmpty;

class JoinsTest : public testing::Test, protected ErasureWorld {
 protected:
  // Of all that came to it.
  static std::vector<ev1::Letter> LettersTo(Node& node) {
    std::vector<ev1::Letter> letters;
    for (int channel = pv1::Channel_MIN + 1; channel <= pv1::Channel_MAX; ++channel) {
      for (const auto& record : node.Received(static_cast<pv1::Channel>(channel))) {
        if (exchange::IsAnnouncement(record)) continue;
        const auto packet = exchange::OpenRecord(node.environment(), record);
        EXPECT_TRUE(packet.ok()) << packet.status();
        if (!packet.ok()) continue;
        if (packet->has_letter()) letters.push_back(packet->letter());
        for (const auto& letter : packet->letters().letters()) letters.push_back(letter);
      }
    }
    return letters;
  }

  std::set<std::string> Names() {
    std::set<std::string> names = {"employee-1"};
    for (const Node* node : All()) names.insert(node->id());
    return names;
  }
};

TEST_F(JoinsTest, OpenedLettersOfTwoReadersHaveNothingInCommon) {
  const std::string case_id = EnrolledCase(world, ishoej);
  MovedTo(odense, case_id);
  ASSERT_TRUE(world.Settle());
  story::Joins joins(Names());
  std::size_t letters = 0;
  const auto add = [&](const std::string& reader, Node& node) {
    const auto all = LettersTo(node);
    EXPECT_FALSE(all.empty()) << node.id();
    for (const ev1::Letter& letter : all) joins.Add(reader, letter);
    letters += all.size();
  };
  add("contact point", desk);
  add("NEC", nec);
  // The two units know one handover by one id: they are one reader here.
  add("police", vestegnen);
  add("police", fyn);
  EXPECT_THAT(joins.found(), IsEmpty());
  EXPECT_GT(letters, 10U);
  EXPECT_GT(joins.values(), 40U);
}

TEST_F(JoinsTest, AnIdAndAnInstantThatTwoAreToldAreFound) {
  ev1::Body body;
  *body.mutable_registered() = exchange::ToProto(world.clock.Now() + absl::Nanoseconds(1));
  body.set_message_id("one id for all");
  ev1::Link link;
  link.set_subject("the subject");
  ev1::Letter letter;
  letter.set_link(link.SerializeAsString());
  letter.mutable_content()->set_body(body.SerializeAsString());
  story::Joins joins({});
  joins.Add("one", letter);
  EXPECT_THAT(joins.found(), IsEmpty());
  joins.Add("other", letter);
  EXPECT_EQ(joins.found().size(), 3U);
}

TEST_F(JoinsTest, InstantsAreToldAsExactlyAsTheReaderMayHaveThem) {
  const absl::Time at =
      absl::FromCivil(absl::CivilSecond(2026, 3, 1, 23, 30, 12), absl::UTCTimeZone()) +
      absl::Nanoseconds(5);
  EXPECT_EQ(exchange::RoundedFor(pv1::READER_RECEIVER, at), at);
  EXPECT_EQ(exchange::RoundedFor(pv1::READER_POLICE, at),
            absl::FromCivil(absl::CivilMinute(2026, 3, 1, 23, 30), absl::UTCTimeZone()));
  // Half past midnight on the second, in Denmark.
  EXPECT_EQ(exchange::RoundedFor(pv1::READER_NEC_OVERVIEW, at), exchange::StartOfDay(at));
  EXPECT_EQ(exchange::RoundedFor(pv1::READER_CONTACT_POINT, at),
            absl::FromCivil(absl::CivilHour(2026, 3, 1, 23), absl::UTCTimeZone()));
}

}  // namespace
}  // namespace exitbus::simulation
