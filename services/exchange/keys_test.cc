#include "services/exchange/keys.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/meta_keys.h"

namespace exitbus::exchange {
namespace {

constexpr int kRuns = 20'000;
constexpr int kUrgent = policy::v1::CHANNEL_SECURITY;

// Parts as they come and as they should not: boundary bytes, the neighbours of the separator, one
// the beginning of another.
class Parts {
 public:
  std::string Part() {
    std::string part = Rest();
    std::erase(part, '/');
    return part;
  }
  // May hold separators.
  std::string Rest() {
    static const std::string kBytes("\0\x01.-/0:az\x7f\x80\xfe\xff", 13);
    std::string bytes;
    for (std::size_t size = Below(6); size > 0; --size) bytes += kBytes[Below(kBytes.size())];
    return bytes;
  }
  std::string Anything() {
    std::string bytes;
    for (std::size_t size = Below(40); size > 0; --size) {
      bytes += Below(3) == 0 ? '/' : static_cast<char>(Below(256));
    }
    return bytes;
  }
  std::uint64_t Number() {
    switch (Below(4)) {
      case 0:
        return Below(3);
      case 1:
        return ~std::uint64_t{0} - Below(3);
      case 2:
        return 0x2f2f2f2f2f2f2f2f;  // separators all through
      default:
        return engine_();
    }
  }
  int Int() { return Below(4) == 0 ? static_cast<int>(engine_()) : static_cast<int>(Below(13)); }
  CorrespondenceId Correspondence() { return {Int(), Part(), Part()}; }
  StreamName Stream() { return {Part(), Int()}; }
  std::size_t Below(std::size_t end) { return engine_() % end; }

 private:
  std::mt19937_64 engine_{1};
};

template <class Key>
std::optional<Key> Decoded(std::string_view bytes) {
  return Key::Decode(bytes);
}
template <Meta kind>
std::optional<MetaKey> DecodedMeta(std::string_view bytes) {
  return MetaKey::Decode(kind, bytes);
}

// Some key of each table, of these parts.
template <class Visit>
void EachKey(Parts& p, const Visit& visit) {
  visit(NumberKey{p.Number()}, &Decoded<NumberKey>);
  visit(KindName{p.Part(), p.Rest()}, &Decoded<KindName>);
  visit(PersonName{p.Rest(), p.Part()}, &Decoded<PersonName>);
  visit(StateKey{p.Part(), p.Part()}, &Decoded<StateKey>);
  visit(AttachmentKey{p.Part(), p.Part(), p.Rest()}, &Decoded<AttachmentKey>);
  visit(IndexKey{p.Part(), p.Rest()}, &Decoded<IndexKey>);
  visit(TimerKey{p.Number(), p.Part(), p.Part(), p.Rest()}, &Decoded<TimerKey>);
  visit(p.Correspondence(), &Decoded<CorrespondenceId>);
  visit(LetterKey{p.Correspondence(), p.Number()}, &Decoded<LetterKey>);
  visit(OutboxKey{p.Correspondence(), p.Number()}, &Decoded<OutboxKey>);
  visit(ParkedKey{p.Correspondence(), p.Number()}, &Decoded<ParkedKey>);
  visit(DisclosureKey{p.Rest(), p.Number()}, &Decoded<DisclosureKey>);
  visit(MetaKey{Meta::kErasing, p.Rest()}, &DecodedMeta<Meta::kErasing>);
  visit(MetaKey{Meta::kAwaited, p.Rest()}, &DecodedMeta<Meta::kAwaited>);
  visit(MetaKey{Meta::kChangesExtent, p.Rest()}, &DecodedMeta<Meta::kChangesExtent>);
  visit(WaitingKey{p.Rest(), p.Correspondence()}, &Decoded<WaitingKey>);
  visit(UnaddressedKey{p.Part(), p.Number()}, &Decoded<UnaddressedKey>);
  visit(AccountScopeKey{p.Part(), p.Rest()}, &Decoded<AccountScopeKey>);
  visit(p.Stream(), &Decoded<StreamName>);
  visit(ChangeKey{p.Stream(), p.Rest()}, &Decoded<ChangeKey>);
  visit(ChangeOrderKey{p.Stream(), p.Number()}, &Decoded<ChangeOrderKey>);
  visit(GoneKey{p.Number(), {p.Stream(), p.Rest()}}, &Decoded<GoneKey>);
}

TEST(KeysTest, WhatIsEncodedDecodesToItself) {
  Parts parts;
  for (int i = 0; i < kRuns; ++i) {
    EachKey(parts, [](const auto& key, auto decode) {
      const auto decoded = decode(key.Encode());
      ASSERT_TRUE(decoded) << testing::PrintToString(key.Encode());
      ASSERT_TRUE(*decoded == key) << testing::PrintToString(key.Encode());
    });
  }
}

// Of anything, and of what is nearly a key: what decodes is the key of those bytes and no others.
TEST(KeysTest, NoOtherBytesPassForAKey) {
  Parts parts;
  int decoded = 0;
  for (int i = 0; i < kRuns; ++i) {
    EachKey(parts, [&](const auto& key, auto decode) {
      std::string near = key.Encode();
      if (parts.Below(2) == 0) near.resize(parts.Below(near.size() + 1));
      if (!near.empty()) near[parts.Below(near.size())] = parts.Below(2) == 0 ? '/' : '\xff';
      near += parts.Below(3) == 0 ? parts.Rest() : "";
      for (const std::string& bytes : {near, parts.Anything()}) {
        const auto found = decode(bytes);
        if (!found) continue;
        ++decoded;
        ASSERT_EQ(found->Encode(), bytes) << testing::PrintToString(bytes);
      }
    });
  }
  EXPECT_GT(decoded, kRuns);
}

TEST(KeysTest, WhatIsNoKeyIsNone) {
  for (const char* bytes : {"", "x", "/", "1/", "1/a", "01/a/b", "+1/a/b", " 1/a/b", "x/a/b",
                            "99999999999/a/b", "1/a/b/c"}) {
    EXPECT_FALSE(CorrespondenceId::Decode(bytes)) << bytes;
  }
  const std::string number = SortableNumber(1);
  EXPECT_TRUE(OutboxKey::Decode("1/1/a/b/" + number));
  EXPECT_FALSE(OutboxKey::Decode("0/1/a/b/" + number)) << "the wrong priority";
  EXPECT_FALSE(OutboxKey::Decode("2/1/a/b/" + number)) << "no priority";
  EXPECT_FALSE(OutboxKey::Decode("1/1/a/b" + number));
  EXPECT_FALSE(TimerKey::Decode(number + "file/id"));
  EXPECT_FALSE(StateKey::Decode("file/a/b"));
  EXPECT_FALSE(NumberKey::Decode(number + "x"));
  EXPECT_FALSE(GoneKey::Decode("gone/"));
  EXPECT_FALSE(MetaKey::Decode(Meta::kErasing, "behind/a"));
}

// As they lie on the disk since the first version.
TEST(KeysTest, TheBytesStayWhatTheyWere) {
  const std::string two("\0\0\0\0\0\0\0\x02", 8);
  const CorrespondenceId id{1, "nec", "s"};
  EXPECT_EQ(id.Encode(), "1/nec/s");
  EXPECT_EQ((LetterKey{id, 2}.Encode()), "1/nec/s/" + two);
  EXPECT_EQ((OutboxKey{id, 2}.Encode()), "1/1/nec/s/" + two);
  EXPECT_EQ((OutboxKey{{kUrgent, "nec", "s"}, 2}.Encode()), "0/3/nec/s/" + two);
  EXPECT_EQ((ParkedKey{id, 2}.Encode()), "s/1/nec/" + two);
  EXPECT_EQ((StateKey{"file", "i"}.Encode()), "file/i");
  EXPECT_EQ((IndexKey{"file", KindName{"case", "c"}.Encode()}.Encode()), "file/case/c");
  EXPECT_EQ((PersonName{"hash", "i"}.Encode()), "person/hash/i");
  EXPECT_EQ((TimerKey{2, "file", "i", "n"}.Encode()), two + "file/i/n");
  EXPECT_EQ((DisclosureKey{"file/i", 2}.Encode()), "file/i/" + two);
  EXPECT_EQ((MetaKey{Meta::kErasing, "file/i"}.Encode()), "erase/file/i");
  EXPECT_EQ((MetaKey{Meta::kParkedExtent, "nec"}.Encode()), "parked/nec");
  EXPECT_EQ((MetaKey{Meta::kNewSubjects, "nec"}.Encode()), "new_subjects/nec");
  EXPECT_EQ((MetaKey{Meta::kAnnouncedKey, "nec"}.Encode()), "announced_key/nec");
  EXPECT_EQ((MetaKey{Meta::kBehind, "nec"}.Encode()), "behind/nec");
  EXPECT_EQ((MetaKey{Meta::kAwaited, "nec"}.Encode()), "unaddressed/nec");
  EXPECT_EQ((MetaKey{Meta::kRecentReads, "file/i"}.Encode()), "account/recent/file/i");
  EXPECT_EQ((MetaKey{Meta::kChangesExtent, "W/1"}.Encode()), "changes/W/1");
  EXPECT_EQ((WaitingKey{"case/c", id}.Encode()), "waiting/case/c/1/nec/s");
  EXPECT_EQ((UnaddressedKey{"nec", 2}.Encode()), "unaddressed_notifications/nec/" + two);
  EXPECT_EQ((AccountScopeKey{"ff", "file/i"}.Encode()), "account/scopes/ff/file/i");
  const StreamName stream{"W", 1};
  EXPECT_EQ((ChangeKey{stream, "case/c"}.Encode()), "at/W/1/case/c");
  EXPECT_EQ((ChangeOrderKey{stream, 2}.Encode()), "in/W/1/" + two);
  EXPECT_EQ((GoneKey{2, {stream, "case/c"}}.Encode()), "gone/" + two + "at/W/1/case/c");
}

// The outbox is looked at in memory as it is read from the store; everything else by its numbers.
TEST(KeysTest, KeysStandInTheOrderTheirReadersRelyOn) {
  Parts parts;
  for (int i = 0; i < kRuns; ++i) {
    OutboxKey a{parts.Correspondence(), parts.Number()};
    OutboxKey b{parts.Correspondence(), parts.Number()};
    if (parts.Below(2) == 0) b.correspondence.channel = a.correspondence.channel;
    if (parts.Below(2) == 0) b.correspondence.peer = a.correspondence.peer;
    if (parts.Below(2) == 0) b.correspondence.subject = a.correspondence.subject;
    ASSERT_EQ(a <=> b, a.Encode() <=> b.Encode())
        << testing::PrintToString(a.Encode()) << " " << testing::PrintToString(b.Encode());
    if (a.address() != b.address()) {
      ASSERT_EQ(a.address() <=> b.address(), a.address().Prefix() <=> b.address().Prefix());
    }
    ASSERT_TRUE(a.Encode().starts_with(a.address().Prefix()));
    ASSERT_TRUE(a.Encode().starts_with(OutboxKey::Prefix(a.correspondence)));
    const std::uint64_t x = parts.Number();
    const std::uint64_t y = parts.Number();
    const CorrespondenceId& id = a.correspondence;
    const StreamName stream = parts.Stream();
    const auto in_order = [&](const std::string& first, const std::string& second) {
      ASSERT_EQ(x <=> y, first <=> second);
    };
    in_order(NumberKey{x}.Encode(), NumberKey{y}.Encode());
    in_order(LetterKey{id, x}.Encode(), LetterKey{id, y}.Encode());
    in_order(ParkedKey{id, x}.Encode(), ParkedKey{id, y}.Encode());
    in_order(DisclosureKey{"u", x}.Encode(), DisclosureKey{"u", y}.Encode());
    in_order(UnaddressedKey{"a", x}.Encode(), UnaddressedKey{"a", y}.Encode());
    in_order(ChangeOrderKey{stream, x}.Encode(), ChangeOrderKey{stream, y}.Encode());
    if (x == y) continue;
    in_order(TimerKey{x, parts.Part(), "i", ""}.Encode(), TimerKey{y, "a", "i", ""}.Encode());
    in_order(GoneKey{x, {stream, parts.Rest()}}.Encode(), GoneKey{y, {stream, ""}}.Encode());
  }
}

// What a list scans, and no other's rows.
TEST(KeysTest, AKeyWithoutItsLastPartIsWhatThoseOfThePartsBeforeBeginWith) {
  Parts parts;
  for (int i = 0; i < kRuns; ++i) {
    const CorrespondenceId id = parts.Correspondence();
    const CorrespondenceId other = parts.Correspondence();
    const CorrespondenceId of_peer{other.channel, other.peer, ""};
    ASSERT_EQ(id.Encode().starts_with(of_peer.Encode()),
              id.channel == other.channel && id.peer == other.peer);
    const std::string parked = ParkedKey{id, parts.Number()}.Encode();
    ASSERT_EQ(parked.starts_with(ParkedKey::Prefix(other.subject)), id.subject == other.subject);
    ASSERT_EQ(parked.starts_with(ParkedKey::Prefix(other)), id == other);
    const std::string outbox = OutboxKey{id, parts.Number()}.Encode();
    ASSERT_EQ(outbox.starts_with(OutboxKey::Prefix(other)), id == other);
    const StateKey state{parts.Part(), parts.Part()};
    const std::string aggregate = parts.Part();
    ASSERT_EQ(state.Encode().starts_with(StateKey{aggregate, ""}.Encode()),
              state.aggregate == aggregate);
  }
}

TEST(KeysDeathTest, APartWithTheSeparatorEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH((CorrespondenceId{1, "a/b", "s"}.Encode()), "holds the separator");
  EXPECT_DEATH((CorrespondenceId{1, "a", "s/t"}.Encode()), "holds the separator");
  EXPECT_DEATH((StateKey{"file", "a/b"}.Encode()), "holds the separator");
  EXPECT_DEATH((ParkedKey{{1, "a", "s/t"}, 1}.Encode()), "holds the separator");
}

}  // namespace
}  // namespace exitbus::exchange
