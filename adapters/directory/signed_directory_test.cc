#include "adapters/directory/signed_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/directory/directory_testing.h"

namespace exitbus::adapters {
namespace {

using directory::v1::Directory;
using exchange::KeyPair;
using testing::AllOf;
using testing::HasSubstr;

class SignedDirectoryTest : public testing::Test {
 protected:
  std::string Sign(const std::vector<KeyPair>& signers) {
    return SignDirectory(*crypto_, directory_, signers).value();
  }
  absl::Status Verify(const std::string& bytes) {
    return VerifyDirectory(*crypto_, bytes, trust_).status();
  }
  std::string Mistakes() { return std::string(CheckDirectory(directory_).message()); }

  const std::unique_ptr<exchange::Crypto> crypto_ = MakeSodiumCrypto();
  const KeyPair one_ = crypto_->NewSigningKey();
  const KeyPair two_ = crypto_->NewSigningKey();
  const KeyPair three_ = crypto_->NewSigningKey();
  const KeyPair stranger_ = crypto_->NewSigningKey();
  const DirectoryTrust trust_{{one_.public_key, two_.public_key, three_.public_key}, 2};
  Directory directory_ = MakeDirectory(1, absl::FromUnixSeconds(2'000'000'000), {one_, two_}, 2);
};

TEST_F(SignedDirectoryTest, EnoughTrustedSignersSuffice) {
  EXPECT_TRUE(Verify(Sign({one_, three_})).ok());
  EXPECT_TRUE(Verify(Sign({one_, two_, three_, stranger_})).ok());
  const auto verified = VerifyDirectory(*crypto_, Sign({two_, one_}), trust_);
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
  const auto file = AddSignature(*crypto_, Sign({one_}), two_);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(Verify(*file).ok());
  EXPECT_EQ(AddSignature(*crypto_, *file, two_).value(), *file);
  EXPECT_EQ(AddSignature(*crypto_, "", two_).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(SignedDirectoryTest, NoAlteredByteIsAccepted) {
  const std::string file = Sign({one_, two_});
  for (std::size_t at = 0; at < file.size(); ++at) {
    std::string altered = file;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    EXPECT_FALSE(Verify(altered).ok()) << "byte " << at;
  }
}

TEST_F(SignedDirectoryTest, NobodyTrustedMeansNothingIsAccepted) {
  EXPECT_FALSE(VerifyDirectory(*crypto_, Sign({one_}), {{one_.public_key}, 0}).ok());
  EXPECT_FALSE(VerifyDirectory(*crypto_, Sign({one_}), {}).ok());
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
  EXPECT_EQ(SignDirectory(*crypto_, directory_, {one_}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(SignedDirectoryTest, AnAuthorityOrAKeyListedTwiceIsNamed) {
  *directory_.add_authorities() = directory_.authorities(0);
  EXPECT_THAT(Mistakes(), AllOf(HasSubstr("2 mistakes"), HasSubstr("authorities[2].id: "),
                                HasSubstr("authorities[2].identity_key: ")));
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
  *directory_.add_authorities() = directory_.authorities(0);
  directory_.mutable_authorities(2)->set_id("municipality-0461");
  directory_.mutable_authorities(2)->set_identity_key(std::string(32, 'o'));
  directory_.mutable_authorities(0)->add_witnesses("nec");
  EXPECT_THAT(Mistakes(), HasSubstr("authorities[0].witnesses: names 1 different"));
  directory_.mutable_authorities(0)->add_witnesses("nec");
  EXPECT_THAT(Mistakes(), HasSubstr("authorities[0].witnesses: names 1 different"));
  directory_.mutable_authorities(0)->set_witnesses(1, "municipality-0183");
  EXPECT_THAT(Mistakes(), HasSubstr("authorities[0].witnesses: names the authority itself"));
  directory_.mutable_authorities(0)->set_witnesses(1, "nobody");
  EXPECT_THAT(Mistakes(), HasSubstr("authorities[0].witnesses: names one that is not listed"));
  directory_.mutable_authorities(0)->set_witnesses(1, "municipality-0461");
  EXPECT_EQ(Mistakes(), "");
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
  directory::v1::SignedDirectory file;
  file.set_directory(directory_.SerializeAsString());
  for (const KeyPair& signer : {one_, two_}) {
    auto* signature = file.add_signatures();
    signature->set_signer(signer.public_key);
    signature->set_signature(crypto_->Sign(signer.secret_key, file.directory()));
  }
  EXPECT_EQ(Verify(file.SerializeAsString()).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace exitbus::adapters
