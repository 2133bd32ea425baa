#include "adapters/directory/file_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "adapters/directory/directory_testing.h"
#include "adapters/directory/files.h"
#include "adapters/memory/simulated_time.h"
#include "adapters/memory/test_folder.h"

namespace exitbus::adapters {
namespace {

using directory::v1::Directory;
using exchange::KeyPair;
using testing::HasSubstr;

class FileDirectoryTest : public testing::Test {
 protected:
  Directory Version(std::uint64_t version) {
    return MakeDirectory(version, clock_.Now() + absl::Hours(24), {one_, two_}, 1);
  }
  void Write(const Directory& directory, const std::vector<KeyPair>& signers) {
    const auto bytes = SignDirectory(*crypto_, directory, signers, clock_.Now());
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    ASSERT_TRUE(ReplaceFile(options_.file, *bytes).ok());
  }
  absl::StatusOr<std::unique_ptr<FileDirectory>> Open() {
    return FileDirectory::Open(options_, crypto_.get(), &clock_);
  }
  // Opens what must be fine.
  std::unique_ptr<FileDirectory> MustOpen() {
    auto directory = Open();
    EXPECT_TRUE(directory.ok()) << directory.status();
    return directory.ok() ? *std::move(directory) : nullptr;
  }
  void ExpectRefused(const absl::Status& status, const std::string& why) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(options_.file + ": "));
    EXPECT_THAT(std::string(status.message()), HasSubstr(why));
  }

  const TestFolder folder_;
  SimulatedClock clock_;
  const std::unique_ptr<exchange::Crypto> crypto_ = MakeSodiumCrypto();
  const KeyPair one_ = crypto_->NewSigningKey();
  const KeyPair two_ = crypto_->NewSigningKey();
  const KeyPair stranger_ = crypto_->NewSigningKey();
  FileDirectoryOptions options_{
      folder_.path() + "/directory.bin", {{one_.public_key, two_.public_key}, 1}, "", 0, "", {}};
};

TEST_F(FileDirectoryTest, FindsWhoIsListed) {
  Directory version = Version(3);
  version.mutable_authorities(0)->set_status(directory::v1::AUTHORITY_STATUS_SUSPENDED);
  for (const char* witness : {"nec", "police-1469"}) {
    version.mutable_authorities(0)->add_witnesses(witness);
  }
  Write(version, {one_});
  const auto directory = MustOpen();
  EXPECT_EQ(directory->version(), 3u);
  EXPECT_EQ(directory->expires(), clock_.Now() + absl::Hours(24));
  const auto nec = directory->Find("nec");
  ASSERT_NE(nec, nullptr);
  EXPECT_EQ(nec->kind, policy::v1::AUTHORITY_KIND_NEC);
  EXPECT_EQ(nec->name, "name of nec");
  EXPECT_EQ(nec->code, "national");
  EXPECT_EQ(nec->identity_key, IdentityKeyOf("nec"));
  EXPECT_EQ(nec->sealing_key, SealingKeyOf("nec"));
  EXPECT_EQ(nec->status, directory::v1::AUTHORITY_STATUS_UNSPECIFIED);
  const auto ishoj = directory->Find("municipality-0183");
  EXPECT_EQ(ishoj->district, "1469");
  EXPECT_EQ(ishoj->status, directory::v1::AUTHORITY_STATUS_SUSPENDED);
  EXPECT_EQ(ishoj->witnesses, (std::vector<std::string>{"nec", "police-1469"}));
  EXPECT_EQ(directory->Find("police-1"), nullptr);
  EXPECT_EQ(directory->All().size(), 3u);
}

TEST_F(FileDirectoryTest, AMissingFileIsNamed) {
  const absl::Status refused = Open().status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(refused.message()), HasSubstr(options_.file));
}

TEST_F(FileDirectoryTest, WhatIsNoDirectoryIsRefused) {
  ASSERT_TRUE(ReplaceFile(options_.file, "\xff\xff\xff").ok());
  EXPECT_EQ(Open().status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(FileDirectoryTest, AnUnsignedOneIsRefused) {
  Write(Version(1), {});
  ExpectRefused(Open().status(), "signed by 0 of the 1 trusted signers");
  Write(Version(1), {stranger_});
  ExpectRefused(Open().status(), "signed by 0");
}

TEST_F(FileDirectoryTest, AnAlteredOneIsRefused) {
  Write(Version(1), {one_});
  std::string bytes = ReadFile(options_.file).value();
  bytes.replace(bytes.find("name of nec"), 4, "game");
  ASSERT_TRUE(ReplaceFile(options_.file, bytes).ok());
  ExpectRefused(Open().status(), "altered");
}

TEST_F(FileDirectoryTest, AnExpiredOneIsRefused) {
  Write(Version(1), {one_});
  clock_.Advance(absl::Hours(24));
  ExpectRefused(Open().status(), "expired");
}

TEST_F(FileDirectoryTest, OneThatExpiresInUseIsAlarmedAndKept) {
  Write(Version(1), {one_});
  const auto directory = MustOpen();
  clock_.Advance(absl::Hours(23));
  EXPECT_FALSE(directory->Refresh().value());
  clock_.Advance(absl::Hours(1));
  ExpectRefused(directory->Refresh().status(), "expired");
  EXPECT_NE(directory->Find("nec"), nullptr);
  Write(Version(2), {one_});
  EXPECT_TRUE(directory->Refresh().value());
}

TEST_F(FileDirectoryTest, ANewerOneTakesOver) {
  Write(Version(1), {one_});
  const auto directory = MustOpen();
  const auto before = directory->Find("nec");
  Directory next = Version(5);
  next.mutable_authorities(1)->set_name("renamed");
  next.mutable_authorities()->DeleteSubrange(0, 1);
  Write(next, {two_});
  EXPECT_TRUE(directory->Refresh().value());
  EXPECT_EQ(directory->version(), 5u);
  EXPECT_EQ(directory->Find("nec")->name, "renamed");
  EXPECT_EQ(directory->Find("municipality-0183"), nullptr);
  EXPECT_EQ(before->name, "name of nec");
  EXPECT_FALSE(directory->Refresh().value());
}

TEST_F(FileDirectoryTest, DaysBeginAndEndByThemselves) {
  Directory version = Version(1);
  const std::int64_t now = absl::ToUnixSeconds(clock_.Now());
  version.mutable_authorities(0)->mutable_from()->set_seconds(now + 3600);
  version.mutable_authorities(0)->mutable_until()->set_seconds(now + 2 * 3600);
  Write(version, {one_});
  const auto directory = MustOpen();
  const auto status = [&] { return directory->Find("municipality-0183")->status; };
  const auto turns = [&](absl::Duration later) {
    clock_.Advance(later);
    const std::uint64_t before = directory->content();
    const bool has_turned = directory->Refresh().value();
    EXPECT_EQ(directory->content() != before, has_turned);
    return has_turned;
  };
  EXPECT_EQ(status(), directory::v1::AUTHORITY_STATUS_SUSPENDED);
  EXPECT_FALSE(turns(absl::Minutes(59)));
  EXPECT_TRUE(turns(absl::Minutes(1)));
  EXPECT_EQ(status(), directory::v1::AUTHORITY_STATUS_UNSPECIFIED);
  EXPECT_FALSE(turns(absl::Minutes(59)));
  std::filesystem::remove(options_.file);
  clock_.Advance(absl::Minutes(1));
  EXPECT_EQ(directory->Refresh().status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status(), directory::v1::AUTHORITY_STATUS_REMOVED) << "also without the file";
  EXPECT_EQ(directory->version(), 1u);
}

TEST_F(FileDirectoryTest, ABadOneLeavesTheLastGoodOneInForce) {
  Write(Version(2), {one_});
  const auto directory = MustOpen();
  Write(Version(3), {stranger_});
  ExpectRefused(directory->Refresh().status(), "signed by 0");
  std::filesystem::remove(options_.file);
  EXPECT_EQ(directory->Refresh().status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(directory->version(), 2u);
  EXPECT_NE(directory->Find("nec"), nullptr);
}

TEST_F(FileDirectoryTest, AnOlderOneIsRefused) {
  Write(Version(7), {one_});
  const auto directory = MustOpen();
  Write(Version(6), {one_});
  ExpectRefused(directory->Refresh().status(), "has version 6, older than 7");
  EXPECT_EQ(directory->version(), 7u);
}

TEST_F(FileDirectoryTest, AnotherOneOfTheSameVersionIsRefused) {
  Write(Version(7), {one_});
  const auto directory = MustOpen();
  Directory twin = Version(7);
  twin.mutable_authorities(0)->set_name("twin");
  Write(twin, {one_});
  ExpectRefused(directory->Refresh().status(), "another version 7");
}

TEST_F(FileDirectoryTest, MoreSignaturesUnderTheSameOneChangeNothing) {
  Write(Version(7), {one_});
  const auto directory = MustOpen();
  Write(Version(7), {one_, two_});
  EXPECT_FALSE(directory->Refresh().value());
}

TEST_F(FileDirectoryTest, TheMinimumVersionOutlivesARestart) {
  options_.minimum_version = 7;
  Write(Version(6), {one_});
  ExpectRefused(Open().status(), "has version 6, older than 7");
  Write(Version(7), {one_});
  EXPECT_EQ(MustOpen()->version(), 7u);
}

TEST_F(FileDirectoryTest, WhatWasAcceptedOutlivesARestart) {
  Write(Version(7), {one_});
  options_.last_accepted = MustOpen()->accepted();
  EXPECT_EQ(MustOpen()->version(), 7u);
  Write(Version(6), {one_});
  ExpectRefused(MustOpen()->Refresh().status(), "has version 6, older than 7");
  Directory twin = Version(7);
  twin.mutable_authorities(0)->set_name("twin");
  Write(twin, {one_});
  ExpectRefused(MustOpen()->Refresh().status(), "another version 7");
  Write(Version(8), {one_});
  EXPECT_EQ(MustOpen()->version(), 8u);
}

// A restart goes on with what a service that was not restarted would have in force.
TEST_F(FileDirectoryTest, ARestartWithAFileThatIsRefusedGoesOnWithTheLastGoodOne) {
  Write(Version(7), {one_});
  options_.last_accepted = MustOpen()->accepted();
  const auto expect_in_force = [&](absl::StatusCode code) {
    const auto directory = MustOpen();
    ASSERT_NE(directory, nullptr);
    EXPECT_EQ(directory->version(), 7u);
    EXPECT_NE(directory->Find("nec"), nullptr);
    EXPECT_EQ(directory->Refresh().status().code(), code) << "and is alarmed";
  };
  ASSERT_TRUE(ReplaceFile(options_.file, "\xff\xff\xff").ok());
  expect_in_force(absl::StatusCode::kInvalidArgument);
  Write(Version(8), {stranger_});
  expect_in_force(absl::StatusCode::kFailedPrecondition);
  std::filesystem::remove(options_.file);
  expect_in_force(absl::StatusCode::kNotFound);
  Write(Version(7), {one_});
  clock_.Advance(absl::Hours(25));
  expect_in_force(absl::StatusCode::kFailedPrecondition);  // expired
}

TEST_F(FileDirectoryTest, AVersionFarAheadOfTheOneInForceIsRefused) {
  Write(Version(7), {one_});
  const auto directory = MustOpen();
  Write(Version(10'008), {one_});
  ExpectRefused(directory->Refresh().status(), "far above 7");
  Write(Version(10'007), {one_});
  EXPECT_TRUE(directory->Refresh().value());
}

TEST_F(FileDirectoryTest, KeysThatWereSwappedSinceTheOneInForceAreRefused) {
  Directory swapped = Version(7);
  // A pair that is good both ways round: one sealing key in sixteen is a signing key too.
  while (!crypto_->IsSigningKey(swapped.authorities(0).sealing_key()) ||
         !crypto_->IsSealingKey(swapped.authorities(0).identity_key())) {
    swapped.mutable_authorities(0)->set_identity_key(crypto_->NewSigningKey().public_key);
    swapped.mutable_authorities(0)->set_sealing_key(crypto_->NewSealingKey().public_key);
  }
  Write(swapped, {one_});
  const auto directory = MustOpen();
  swapped.set_version(8);
  swapped.mutable_authorities(0)->mutable_identity_key()->swap(
      *swapped.mutable_authorities(0)->mutable_sealing_key());
  Write(swapped, {one_});
  ExpectRefused(directory->Refresh().status(), "swapped");
}

TEST_F(FileDirectoryTest, OneThatDoesNotFitItsReaderIsRefusedAtTheStartAndLater) {
  options_.self = "nec";
  options_.fits = [](const exchange::DirectoryEntry* self) {
    return self != nullptr ? absl::OkStatus() : absl::FailedPreconditionError("is not listed");
  };
  Write(Version(1), {one_});
  const auto directory = MustOpen();
  Directory without = Version(2);
  without.mutable_authorities()->DeleteSubrange(1, 1);
  Write(without, {one_});
  ExpectRefused(directory->Refresh().status(), "is not listed");
  EXPECT_EQ(directory->version(), 1u);
  ExpectRefused(Open().status(), "is not listed");
}

TEST_F(FileDirectoryTest, SignersHandOverToTheNextOnes) {
  const KeyPair fresh = crypto_->NewSigningKey();
  const auto by_fresh = [&](std::uint64_t version) {
    return MakeDirectory(version, clock_.Now() + absl::Hours(24), {fresh}, 1);
  };
  Write(by_fresh(1), {one_});
  ExpectRefused(Open().status(), "signed by 0 of those it names to sign the next version");
  Write(by_fresh(1), {one_, fresh});
  const auto directory = MustOpen();
  Write(by_fresh(2), {one_, two_});  // signers of the past
  ExpectRefused(directory->Refresh().status(), "signed by 0");
  Write(Version(2), {fresh});  // back to them, and they do not know
  ExpectRefused(directory->Refresh().status(), "signed by 0 of those it names");
  Write(by_fresh(2), {fresh});
  EXPECT_TRUE(directory->Refresh().value());
}

TEST_F(FileDirectoryTest, SignersHandOverAcrossARestart) {
  const KeyPair fresh = crypto_->NewSigningKey();
  const auto by_fresh = [&](std::uint64_t version) {
    return MakeDirectory(version, clock_.Now() + absl::Hours(24), {fresh}, 1);
  };
  Write(by_fresh(1), {one_, fresh});
  options_.last_accepted = MustOpen()->accepted();
  Write(by_fresh(2), {one_});
  EXPECT_EQ(MustOpen()->version(), 1u);
  Write(by_fresh(2), {fresh});
  const auto directory = MustOpen();
  EXPECT_EQ(directory->version(), 2u);
  // The version in force is known by its bytes, whoever signs the next one.
  options_.last_accepted = directory->accepted();
  EXPECT_EQ(MustOpen()->version(), 2u);
}

TEST_F(FileDirectoryTest, ADamagedStoreIsNoReasonToStartAnew) {
  Write(Version(1), {one_});
  options_.last_accepted = "\xff\xff";
  EXPECT_EQ(Open().status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace exitbus::adapters
