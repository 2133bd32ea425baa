#include "adapters/directory/signed_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "adapters/directory/directory_testing.h"
#include "services/exchange/framed.h"

namespace exitbus::adapters {
namespace {

using directory::v1::Directory;
using exchange::KeyPair;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const absl::Time kNow = absl::FromUnixSeconds(2'000'000'000);

class SignedDirectoryTest : public testing::Test {
 protected:
  std::string Sign(const std::vector<KeyPair>& signers) {
    return SignDirectory(*crypto_, directory_, signers, kNow).value();
  }
  absl::Status Verify(const std::string& bytes) {
    return VerifyDirectory(*crypto_, bytes, trust_, kNow).status();
  }
  // As somebody with other tools than ours might.
  std::string SignedAnyway(const std::vector<KeyPair>& signers) {
    directory::v1::SignedDirectory file;
    file.set_directory(directory_.SerializeAsString());
    for (const KeyPair& signer : signers) {
      auto* signature = file.add_signatures();
      signature->set_signer(signer.public_key);
      signature->set_signature(crypto_->Sign(
          signer.secret_key, exchange::Framed("exitbus.directory.v1", {file.directory()})));
    }
    return file.SerializeAsString();
  }
  std::string Mistakes() {
    return std::string(CheckDirectory(*crypto_, directory_, kNow).message());
  }

  const std::unique_ptr<exchange::Crypto> crypto_ = MakeSodiumCrypto();
  const KeyPair one_ = crypto_->NewSigningKey();
  const KeyPair two_ = crypto_->NewSigningKey();
  const KeyPair three_ = crypto_->NewSigningKey();
  const KeyPair stranger_ = crypto_->NewSigningKey();
  const DirectoryTrust trust_{{one_.public_key, two_.public_key, three_.public_key}, 2};
  Directory directory_ = MakeDirectory(1, kNow + absl::Hours(24), {one_, three_}, 2);
};

TEST_F(SignedDirectoryTest, EnoughTrustedSignersSuffice) {
  EXPECT_TRUE(Verify(Sign({one_, three_})).ok());
  EXPECT_TRUE(Verify(Sign({one_, two_, three_, stranger_})).ok());
  const auto verified = VerifyDirectory(*crypto_, Sign({three_, one_}), trust_, kNow);
  ASSERT_TRUE(verified.ok());
  EXPECT_EQ(verified->SerializeAsString(), directory_.SerializeAsString());
}

TEST_F(SignedDirectoryTest, TooFewTrustedSignersDoNot) {
  for (const std::vector<KeyPair>& signers : std::vector<std::vector<KeyPair>>{
           {}, {one_}, {one_, stranger_}, {one_, one_}, {stranger_}}) {
    EXPECT_EQ(Verify(Sign(signers)).code(), absl::StatusCode::kFailedPrecondition);
  }
}

TEST_F(SignedDirectoryTest, OneSignerWrittenDownTwiceCountsOnce) {
  directory::v1::SignedDirectory file;
  file.ParseFromString(Sign({one_}));
  *file.add_signatures() = file.signatures(0);
  EXPECT_FALSE(Verify(file.SerializeAsString()).ok());
}

TEST_F(SignedDirectoryTest, SignersWhoSitApartAddTheirSignature) {
  const auto file = AddSignature(*crypto_, Sign({one_}), three_);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(Verify(*file).ok());
  EXPECT_EQ(AddSignature(*crypto_, *file, three_).value(), *file);
  EXPECT_EQ(AddSignature(*crypto_, "", two_).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(SignedDirectoryTest, NoAlteredByteIsAccepted) {
  const std::string file = Sign({one_, three_});
  for (std::size_t at = 0; at < file.size(); ++at) {
    std::string altered = file;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    EXPECT_FALSE(Verify(altered).ok()) << "byte " << at;
  }
}

TEST_F(SignedDirectoryTest, NobodyTrustedMeansNothingIsAccepted) {
  EXPECT_FALSE(VerifyDirectory(*crypto_, Sign({one_}), {{one_.public_key}, 0}, kNow).ok());
  EXPECT_FALSE(VerifyDirectory(*crypto_, Sign({one_}), {}, kNow).ok());
}

TEST_F(SignedDirectoryTest, EveryMistakeIsNamed) {
  directory_.clear_version();
  directory_.clear_expires();
  directory_.mutable_authorities(0)->set_id("Nec.1");
  directory_.mutable_authorities(0)->clear_kind();
  directory_.mutable_authorities(0)->clear_name();
  directory_.mutable_authorities(0)->clear_code();
  directory_.mutable_authorities(1)->set_identity_key("short");
  directory_.mutable_authorities(1)->clear_sealing_key();
  EXPECT_THAT(Mistakes(),
              AllOf(HasSubstr("8 mistakes"), HasSubstr("version: "), HasSubstr("expires: "),
                    HasSubstr("authorities[0].id: "), HasSubstr("authorities[0].kind: "),
                    HasSubstr("authorities[0].name: "), HasSubstr("authorities[0].code: "),
                    HasSubstr("authorities[1].identity_key: has 5 bytes, not 32"),
                    HasSubstr("authorities[1].sealing_key: ")));
  EXPECT_EQ(SignDirectory(*crypto_, directory_, {one_}, kNow).status().code(),
            absl::StatusCode::kInvalidArgument);
}

// Held to what any value from outside is held to: values_test.cc.
TEST_F(SignedDirectoryTest, WhatCanMeanNothingIsNamed) {
  const directory::v1::Directory good = directory_;
  directory_.mutable_authorities(1)->set_name("a\x1b[2J");
  EXPECT_THAT(Mistakes(), HasSubstr("authorities[1].name: has control characters"));
  directory_ = good;
  directory_.mutable_authorities(0)->set_status(static_cast<directory::v1::AuthorityStatus>(999));
  EXPECT_THAT(Mistakes(), HasSubstr("authorities[0].status: is none of the values"));
  directory_ = good;
  directory_.mutable_expires()->set_seconds(std::int64_t{1} << 62);
  EXPECT_THAT(Mistakes(), HasSubstr("expires: is not in the years 1900 to 2199"));
}

TEST_F(SignedDirectoryTest, AnAuthorityOrAKeyListedTwiceIsNamed) {
  *directory_.add_authorities() = directory_.authorities(0);
  EXPECT_THAT(Mistakes(), AllOf(HasSubstr("4 mistakes"), HasSubstr("authorities[3].id: "),
                                HasSubstr("authorities[3].code: is that of another"),
                                HasSubstr("authorities[3].identity_key: is listed twice"),
                                HasSubstr("authorities[3].sealing_key: is listed twice")));
}

const std::string kNobodysKey(32, '\0');
using Spoil = std::function<void(Directory&)>;

// Each alone spoils a directory that was good.
const std::vector<std::pair<Spoil, std::string>>& Spoils() {
  static const auto* spoils = new std::vector<std::pair<Spoil, std::string>>{
      {[](Directory& d) { d.mutable_authorities(2)->set_code("0183"); }, "district: is not the"},
      {[](Directory& d) {
         d.mutable_authorities(2)->set_kind(policy::v1::AUTHORITY_KIND_MUNICIPALITY);
         d.mutable_authorities(2)->set_code("0183");
       },
       "authorities[2].code: is that of another authority of its kind"},
      {[](Directory& d) {
         d.mutable_authorities(2)->set_sealing_key(d.authorities(0).sealing_key());
       },
       "authorities[2].sealing_key: is listed twice"},
      {[](Directory& d) {
         d.mutable_authorities(2)->set_sealing_key(d.authorities(0).identity_key());
       },
       "authorities[2].sealing_key: is listed twice"},
      {[](Directory& d) { d.mutable_authorities(0)->set_identity_key(kNobodysKey); },
       "authorities[0].identity_key: is a key that nobody can have"},
      {[](Directory& d) { d.mutable_authorities(0)->set_sealing_key(kNobodysKey); },
       "authorities[0].sealing_key: is a key that nobody can have"},
      {[](Directory& d) { d.mutable_authorities(0)->set_id("provisioner"); },
       "authorities[0].id: is a name of those who run the broker"},
      {[](Directory& d) { d.mutable_authorities(0)->set_id("broker"); },
       "authorities[0].id: is a name of those who run the broker"},
      {[](Directory& d) { d.mutable_authorities(0)->set_district("1470"); },
       "authorities[0].district: has no police unit"},
      {[](Directory& d) {
         d.mutable_authorities(2)->set_status(directory::v1::AUTHORITY_STATUS_REMOVED);
       },
       "authorities[0].district: has no police unit"},
      {[](Directory& d) {
         *d.add_authorities() = d.authorities(1);
         d.mutable_authorities(3)->set_id("nec-2");
         d.mutable_authorities(3)->set_identity_key(IdentityKeyOf("nec-2"));
         d.mutable_authorities(3)->set_sealing_key(SealingKeyOf("nec-2"));
       },
       "authorities[3].code: is that of another authority of its kind"},
      {[](Directory& d) { d.mutable_authorities(1)->set_code("second"); },
       "authorities[1].code: is not \"national\""},
      {[](Directory& d) { d.set_next_signers(0, kNobodysKey); },
       "next_signers[0]: is a key that nobody can have"},
      {[](Directory& d) { d.set_next_signers(0, d.authorities(0).identity_key()); },
       "next_signers[0]: is an authority's key"},
      {[](Directory& d) { d.mutable_expires()->set_seconds(1'803'737'894'400); },
       "expires: is more than 400 days"},
      {[](Directory& d) { d.mutable_expires()->set_seconds(-1); }, "expires: is no point in time"},
      {[](Directory& d) { d.mutable_expires()->set_nanos(1'000'000'000); },
       "expires: is no point in time"},
      {[](Directory& d) { d.set_version(std::numeric_limits<std::uint64_t>::max()); },
       "version: is above"},
  };
  return *spoils;
}

TEST_F(SignedDirectoryTest, WhatSpoilsADirectoryIsNamedWhoeverSignedIt) {
  const Directory good = directory_;
  ASSERT_EQ(Mistakes(), "");
  for (const auto& [spoil, text] : Spoils()) {
    directory_ = good;
    spoil(directory_);
    EXPECT_THAT(Mistakes(), HasSubstr(text));
    EXPECT_EQ(SignDirectory(*crypto_, directory_, {one_}, kNow).status().code(),
              absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(Verify(SignedAnyway({one_, three_})).code(), absl::StatusCode::kInvalidArgument);
  }
}

// A key pair the wrong way round shows at one of its halves at least, seen over many.
TEST_F(SignedDirectoryTest, ASwappedPairIsNamed) {
  int seen = 0;
  for (int i = 0; i < 64; ++i) {
    directory_.mutable_authorities(0)->set_identity_key(crypto_->NewSealingKey().public_key);
    directory_.mutable_authorities(0)->set_sealing_key(crypto_->NewSigningKey().public_key);
    seen += Mistakes().empty() ? 0 : 1;
  }
  EXPECT_GT(seen, 48);
}

TEST_F(SignedDirectoryTest, AChangeOfSignersIsSignedByTheOldAndTheNewOnes) {
  directory_.set_next_signers(1, two_.public_key);  // one and two, trusted were one to three
  EXPECT_TRUE(Verify(Sign({one_, two_})).ok());
  directory_.set_next_signers(1, stranger_.public_key);
  EXPECT_EQ(Verify(Sign({one_, two_})).code(), absl::StatusCode::kFailedPrecondition)
      << "the new one may not be there at all";
  EXPECT_EQ(Verify(Sign({one_, stranger_})).code(), absl::StatusCode::kFailedPrecondition)
      << "the old ones did not say so";
  EXPECT_TRUE(Verify(Sign({one_, two_, stranger_})).ok());
}

TEST_F(SignedDirectoryTest, EveryAuthorityButTheNationalOnesHasItsDistrict) {
  directory_.mutable_authorities(0)->clear_district();
  directory_.mutable_authorities(1)->set_district("1469");
  EXPECT_THAT(Mistakes(),
              AllOf(HasSubstr("2 mistakes"), HasSubstr("authorities[0].district: is missing"),
                    HasSubstr("authorities[1].district: is set")));
  directory_.mutable_authorities(0)->set_kind(policy::v1::AUTHORITY_KIND_POLICE);
  directory_.mutable_authorities(0)->set_district("1469");
  EXPECT_THAT(Mistakes(), HasSubstr("authorities[0].district: is not the police unit's own code"));
}

TEST_F(SignedDirectoryTest, WitnessesAreTwoOthersThatAreListed) {
  directory_.mutable_authorities(0)->add_witnesses("nec");
  EXPECT_THAT(Mistakes(), HasSubstr("authorities[0].witnesses: names 1 different"));
  directory_.mutable_authorities(0)->add_witnesses("nec");
  EXPECT_THAT(Mistakes(), HasSubstr("authorities[0].witnesses: names 1 different"));
  directory_.mutable_authorities(0)->set_witnesses(1, "municipality-0183");
  EXPECT_THAT(Mistakes(), HasSubstr("authorities[0].witnesses: names the authority itself"));
  directory_.mutable_authorities(0)->set_witnesses(1, "nobody");
  EXPECT_THAT(Mistakes(), HasSubstr("authorities[0].witnesses: names one that is not listed"));
  directory_.mutable_authorities(0)->set_witnesses(1, "police-1469");
  EXPECT_EQ(Mistakes(), "");
}

TEST_F(SignedDirectoryTest, WhoReplacesOneThatIsRemovedIsThereAndOfItsKind) {
  directory_.mutable_authorities(0)->set_replaced_by("nobody");
  EXPECT_THAT(Mistakes(),
              AllOf(HasSubstr("authorities[0].replaced_by: is of an authority that is there"),
                    HasSubstr("authorities[0].replaced_by: names none that is there")));
  directory_.mutable_authorities(0)->set_status(directory::v1::AUTHORITY_STATUS_REMOVED);
  EXPECT_THAT(Mistakes(), HasSubstr("authorities[0].replaced_by: names none that is there"));
  directory_.mutable_authorities(0)->set_replaced_by(directory_.authorities(1).id());
  EXPECT_THAT(Mistakes(), HasSubstr("names none that is there")) << "of another kind";
  directory::v1::Authority next = directory_.authorities(0);
  next.set_id("municipality-0169");
  next.set_code("0169");
  next.clear_status();
  next.clear_replaced_by();
  next.set_identity_key(directory_.authorities(0).identity_key());
  directory_.mutable_authorities(0)->set_replaced_by(next.id());
  *directory_.add_authorities() = next;
  EXPECT_THAT(Mistakes(), Not(HasSubstr("replaced_by")));
}

TEST_F(SignedDirectoryTest, DaysEndAfterTheyBeginAndWhoEndsMayBeReplaced) {
  directory::v1::Authority& ends = *directory_.mutable_authorities(0);
  ends.mutable_from()->set_seconds(2000);
  ends.mutable_until()->set_seconds(2000);
  EXPECT_THAT(Mistakes(), HasSubstr("authorities[0].until: is not after `from`"));
  ends.mutable_until()->set_seconds(2001);
  EXPECT_EQ(Mistakes(), "");
  ends.set_replaced_by("nobody");
  EXPECT_THAT(Mistakes(), AllOf(HasSubstr("names none that is there"),
                                Not(HasSubstr("is of an authority that is there"))));
}

TEST_F(SignedDirectoryTest, AStatusThatIsNotKnownHereIsNamed) {
  directory_.mutable_authorities(0)->set_status(directory::v1::AUTHORITY_STATUS_REMOVED);
  EXPECT_EQ(Mistakes(), "");
  directory_.mutable_authorities(0)->set_status(static_cast<directory::v1::AuthorityStatus>(9));
  EXPECT_THAT(Mistakes(), HasSubstr("authorities[0].status: is unknown"));
}

TEST_F(SignedDirectoryTest, SomebodyMustSignTheNextVersion) {
  directory_.set_next_threshold(3);
  EXPECT_THAT(Mistakes(), HasSubstr("next_threshold: is 3 of 2 different signers"));
  directory_.set_next_threshold(0);
  EXPECT_THAT(Mistakes(), HasSubstr("next_threshold: "));
  directory_.set_next_threshold(2);
  directory_.set_next_signers(1, directory_.next_signers(0));
  EXPECT_THAT(Mistakes(), HasSubstr("is 2 of 1 different signers"));
}

TEST_F(SignedDirectoryTest, EvenSignedADirectoryWithMistakesIsRefused) {
  directory_.clear_expires();
  EXPECT_EQ(Verify(SignedAnyway({one_, three_})).code(), absl::StatusCode::kInvalidArgument);
}

TEST(TrustSaidTest, TakesKeysInHexadecimalAndAsManyAsThereAre) {
  const std::vector<std::string> keys = {std::string(64, 'a'), std::string(64, 'B')};
  const auto all = TrustSaid(keys, "");
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_THAT(all->signers, testing::ElementsAre(std::string(32, '\xaa'), std::string(32, '\xbb')));
  EXPECT_EQ(all->threshold, 2U);
  EXPECT_EQ(TrustSaid(keys, "1")->threshold, 1U);
  for (const char* threshold : {"0", "3", "many", "-1"}) {
    EXPECT_FALSE(TrustSaid(keys, threshold).ok()) << threshold;
  }
  EXPECT_FALSE(TrustSaid({}, "").ok());
  EXPECT_FALSE(TrustSaid({"abc"}, "").ok());
  EXPECT_FALSE(TrustSaid({std::string(64, 'x')}, "").ok());
}

}  // namespace
}  // namespace exitbus::adapters
