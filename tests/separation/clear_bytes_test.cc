// What stands in the clear beside two recipients' records joins nothing: every byte of it, of all
// records of the story, is compared with every other recipient's. Left out is what
// services/exchange/sealing.md names as in the clear: topic, source, type, second, versions,
// content type, size class.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "services/exchange/hex.h"
#include "services/exchange/sealing.h"
#include "tests/e2e/environment.h"
#include "tests/separation/joins.h"
#include "tests/separation/opened.h"
#include "tests/separation/planted_story.h"
#include "tests/separation/tally.h"

namespace exitbus::story {
namespace {

constexpr std::size_t kGramBytes = 6;
// Ciphertext is much longer: so many bytes are never alike by chance.
constexpr std::size_t kCipherGramBytes = 8;
// Nonce, ephemeral key and tag around a padded packet.
constexpr std::size_t kSealingBytes = 32 + 24 + 16;

const std::set<std::string>& Named() {
  static const auto* names = new std::set<std::string>{"ce_specversion", "ce_source", "ce_type",
                                                       "ce_time", "content-type"};
  return *names;
}

// Ids are written in hexadecimal; what they say is half as long.
std::string Binary(const std::string& value) {
  const std::string digits = absl::StrReplaceAll(value, {{"-", ""}});
  return exchange::FromHex(digits).value_or(value);
}

// Remembers which recipient's record each short run of bytes was in.
class Index {
 public:
  explicit Index(std::size_t gram_bytes) : gram_bytes_(gram_bytes) {}

  // The other topic that has a run of these bytes too; empty: none.
  std::string Join(const std::string& topic, const std::string& bytes) {
    std::string joined;
    for (std::size_t at = 0; at + gram_bytes_ <= bytes.size(); ++at) {
      std::uint64_t gram = 0;
      std::memcpy(&gram, bytes.data() + at, gram_bytes_);
      const auto [seen, fresh] = grams_.emplace(gram, topic);
      if (!fresh && Recipient(seen->second) != Recipient(topic)) joined = seen->second;
    }
    return joined;
  }
  std::size_t size() const { return grams_.size(); }

  // "municipality.0183" of exitbus.v1.handover.municipality.0183.
  static std::string Recipient(const std::string& topic) {
    std::size_t at = 0;
    for (int dots = 0; dots < 3; ++dots) at = topic.find('.', at) + 1;
    return topic.substr(at);
  }

 private:
  const std::size_t gram_bytes_;
  std::unordered_map<std::uint64_t, std::string> grams_;
};

bool IsSizeClass(std::size_t sealed_bytes) {
  return sealed_bytes > kSealingBytes &&
         exchange::SizeClass(sealed_bytes - kSealingBytes) == sealed_bytes - kSealingBytes;
}

TEST(ClearBytesTest, TwoRecipientsRecordsHaveNothingInCommonButWhatIsNamed) {
  const PlantedStory& story = PlantedStory::Get();
  ASSERT_TRUE(story.gathered().ok()) << story.gathered();
  Index clear(kGramBytes);
  Index cipher(kCipherGramBytes);
  std::set<std::string> recipients;
  int announced = 0;
  for (const StoredRecord& stored : story.records()) {
    const exchange::BusRecord& record = stored.record;
    recipients.insert(Index::Recipient(record.topic));
    EXPECT_FALSE(stored.has_key) << record.topic;
    EXPECT_EQ(absl::ToUnixMillis(record.timestamp) % 1000, 0) << record.topic;
    for (const auto& [name, value] : record.headers) {
      if (Named().count(name) > 0) continue;
      EXPECT_EQ(clear.Join(record.topic, Binary(value)), "") << name << " of " << record.topic;
    }
    exchange::v1::Record parts;
    ASSERT_TRUE(parts.ParseFromString(record.payload)) << record.topic;
    EXPECT_EQ(parts.GetReflection()->GetUnknownFields(parts).field_count(), 0) << record.topic;
    EXPECT_EQ(clear.Join(record.topic, parts.signature()), "") << record.topic;
    EXPECT_EQ(clear.Join(record.topic, parts.sealing_key_id()), "") << record.topic;
    if (!parts.announcement().empty()) {  // the one thing said in the clear, to all the same
      ++announced;
      continue;
    }
    EXPECT_TRUE(IsSizeClass(parts.sealed().size())) << parts.sealed().size();
    EXPECT_EQ(cipher.Join(record.topic, parts.sealed()), "") << record.topic;
  }
  EXPECT_GT(story.records().size(), 300U);
  EXPECT_GE(recipients.size(), 7U);
  Tally::Count("runs of clear bytes × other recipients' records", static_cast<int>(clear.size()),
               static_cast<int>(clear.size()));
  Tally::Note(absl::StrCat("joined: ", story.records().size(), " records to ", recipients.size(),
                           " recipients (", announced, " announcements of keys), ",
                           clear.size() + cipher.size(), " runs of bytes"));
}

// The ids that `of` takes from what this member is told.
std::set<std::string> IdsIn(const std::vector<exchange::BusRecord>& records, const char* member,
                            std::string (*of)(const exchange::v1::Link&,
                                              const exchange::v1::Body&)) {
  std::set<std::string> ids;
  const auto opened = OpenRecords(TheDeployment(), MemberNamed(member), records);
  EXPECT_TRUE(opened.ok()) << opened.status();
  if (!opened.ok()) return ids;
  for (const exchange::v1::Letter& letter : LettersIn(*opened)) {
    exchange::v1::Body body;
    body.ParseFromString(letter.content().body());
    exchange::v1::Link link;
    link.ParseFromString(letter.link());
    if (std::string id = of(link, body); !id.empty()) ids.insert(std::move(id));
  }
  EXPECT_THAT(ids, testing::Not(testing::IsEmpty()));
  return ids;
}

// Under which a police unit that nominates, or applies to the pool, and the contact point write to
// each other, and nobody else who may not join; and the inquiry to the municipality that is decided
// for, which the unit passes on. What else they are told is compared as all is.
std::set<std::string> KnownToBoth(const std::vector<exchange::BusRecord>& records) {
  auto ids = IdsIn(records, kContactPoint, [](const auto&, const exchange::v1::Body& body) {
    return body.relocation_nominated().relocation_id();
  });
  ids.merge(IdsIn(records, kVestegnen, [](const auto&, const exchange::v1::Body& body) {
    return body.relocation_decided().inquiry_id();
  }));
  ids.merge(IdsIn(records, kVestegnen,
                  [](const exchange::v1::Link& link, const exchange::v1::Body& body) {
                    return body.has_pool_application_decided() ? link.subject() : std::string();
                  }));
  return ids;
}

// Opened too: what is told those who may not join what they know of a case.
TEST(ClearBytesTest, TwoReadersOpenedLettersHaveNothingInCommon) {
  const PlantedStory& story = PlantedStory::Get();
  ASSERT_TRUE(story.gathered().ok()) << story.gathered();
  std::vector<exchange::BusRecord> records;
  for (const StoredRecord& stored : story.records()) records.push_back(stored.record);
  std::set<std::string> known;
  for (const Member& member : Cast()) {
    known.insert(member.id);
    known.insert(member.name);
  }
  known.merge(KnownToBoth(records));
  Joins joins(known);
  std::size_t letters = 0;
  for (const Member& member : Cast()) {
    const bool nec = member.kind == policy::v1::AUTHORITY_KIND_NEC;
    const bool police = member.kind == policy::v1::AUTHORITY_KIND_POLICE;
    if (!nec && !police && member.kind != policy::v1::AUTHORITY_KIND_CONTACT_POINT) continue;
    const auto opened = OpenRecords(TheDeployment(), member, records);
    ASSERT_TRUE(opened.ok()) << opened.status();
    for (const exchange::v1::Letter& letter : LettersIn(*opened)) {
      // A checkpoint is about no case, and both witnesses are to hold the same.
      exchange::v1::Link link;
      if (link.ParseFromString(letter.link()) && link.subject() == "checkpoints") continue;
      // The two units know one handover by one id: they are one reader here.
      joins.Add(police ? "police" : member.id, letter);
      ++letters;
    }
  }
  EXPECT_THAT(joins.found(), testing::IsEmpty());
  EXPECT_GT(letters, 20U);
  Tally::Count("values in opened letters × other readers' letters",
               static_cast<int>(joins.values()), static_cast<int>(joins.values()));
}

// The same, on a trace that two records share.
TEST(ClearBytesTest, AJoinIsFound) {
  Index index(kGramBytes);
  const std::string trace = Binary("4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(index.Join("exitbus.v1.nec.nec.national", trace), "");
  EXPECT_EQ(index.Join("exitbus.v1.receipt.nec.national", trace), "");
  EXPECT_EQ(index.Join("exitbus.v1.case.police.1465", "…" + trace), "exitbus.v1.nec.nec.national");
}

}  // namespace
}  // namespace exitbus::story
