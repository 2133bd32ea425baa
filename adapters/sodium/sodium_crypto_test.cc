#include "adapters/sodium/sodium_crypto.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"

namespace exitbus::adapters {
namespace {

using exchange::Crypto;
using exchange::KeyPair;

std::string Hex(std::string_view hex) {
  std::string bytes(hex.size() / 2, '\0');
  EXPECT_EQ(sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), hex.data(),
                           hex.size(), nullptr, nullptr, nullptr),
            0);
  return bytes;
}

class SodiumCryptoTest : public testing::Test {
 protected:
  const std::unique_ptr<Crypto> crypto_ = MakeSodiumCrypto();
};

TEST_F(SodiumCryptoTest, DigestIsBlake2b256) {
  EXPECT_EQ(absl::BytesToHexString(crypto_->Digest("abc")),
            "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST_F(SodiumCryptoTest, Sha256IsAsOthersComputeIt) {
  EXPECT_EQ(absl::BytesToHexString(crypto_->Sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(SodiumCryptoTest, KeyedDigestDependsOnTheKey) {
  const std::string one(32, '\1');
  const std::string two(32, '\2');
  EXPECT_EQ(crypto_->Digest("abc", one), crypto_->Digest("abc", one));
  EXPECT_NE(crypto_->Digest("abc", one), crypto_->Digest("abc", two));
  EXPECT_NE(crypto_->Digest("abc", one), crypto_->Digest("abc"));
}

// RFC 8032, section 7.1, tests 1 and 2.
TEST_F(SodiumCryptoTest, SignsAsRfc8032) {
  const std::string public_one =
      Hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const std::string secret_one =
      Hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60") + public_one;
  EXPECT_EQ(absl::BytesToHexString(crypto_->Sign(secret_one, "")),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39"
            "701cf9b46bd25bf5f0595bbe24655141438e7a100b");
  const std::string public_two =
      Hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  EXPECT_TRUE(crypto_->Verify(
      public_two, "\x72",
      Hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613"
          "d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")));
}

TEST_F(SodiumCryptoTest, SignatureHoldsForThisTextAndKeyOnly) {
  const KeyPair key = crypto_->NewSigningKey();
  const KeyPair other = crypto_->NewSigningKey();
  const std::string text = "the case is taken over";
  const std::string signature = crypto_->Sign(key.secret_key, text);
  EXPECT_TRUE(crypto_->Verify(key.public_key, text, signature));
  EXPECT_FALSE(crypto_->Verify(other.public_key, text, signature));
  EXPECT_FALSE(crypto_->Verify(key.public_key, text + ".", signature));
  EXPECT_FALSE(crypto_->Verify(key.public_key, text, ""));
  EXPECT_FALSE(crypto_->Verify("short", text, signature));
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    std::string flipped = signature;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(crypto_->Verify(key.public_key, text, flipped)) << "bit " << bit;
  }
}

// draft-irtf-cfrg-xchacha-03, appendix A.3.1, with the nonce in front.
TEST_F(SodiumCryptoTest, DecryptsTheXChaChaVector) {
  const std::string cipher =
      Hex("404142434445464748494a4b4c4d4e4f5051525354555657"
          "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f"
          "4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f"
          "76b2383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49");
  const auto plain =
      crypto_->Decrypt(Hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
                       Hex("50515253c0c1c2c3c4c5c6c7"), cipher);
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_EQ(*plain,
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
            "future, sunscreen would be it.");
}

TEST_F(SodiumCryptoTest, EncryptedTextOpensOnlyWholeWithItsKeyAndHeader) {
  const std::string key(32, 'k');
  const std::string cipher = crypto_->Encrypt(key, "header", "plain");
  EXPECT_EQ(crypto_->Decrypt(key, "header", cipher).value(), "plain");
  EXPECT_NE(crypto_->Encrypt(key, "header", "plain"), cipher);
  const absl::StatusCode refused = absl::StatusCode::kInvalidArgument;
  EXPECT_EQ(crypto_->Decrypt(key, "Header", cipher).status().code(), refused);
  EXPECT_EQ(crypto_->Decrypt(std::string(32, 'l'), "header", cipher).status().code(), refused);
  for (std::size_t length = 0; length < cipher.size(); ++length) {
    EXPECT_EQ(crypto_->Decrypt(key, "header", cipher.substr(0, length)).status().code(), refused);
  }
}

TEST_F(SodiumCryptoTest, AKeyThatNobodyCanHaveIsNone) {
  const std::string zeros(32, '\0');
  const std::string one = "\1" + std::string(31, '\0');  // of low order in both curves
  for (const std::string& none :
       {zeros, one, std::string(32, '\xff'), std::string(), zeros + "x"}) {
    EXPECT_FALSE(crypto_->IsSigningKey(none));
    EXPECT_FALSE(crypto_->IsSealingKey(none));
  }
  int taken_for_signing = 0;
  for (int i = 0; i < 64; ++i) {
    EXPECT_TRUE(crypto_->IsSigningKey(crypto_->NewSigningKey().public_key));
    const std::string sealing = crypto_->NewSealingKey().public_key;
    EXPECT_TRUE(crypto_->IsSealingKey(sealing));
    taken_for_signing += crypto_->IsSigningKey(sealing) ? 1 : 0;
  }
  EXPECT_LT(taken_for_signing, 32) << "of another kind; one in sixteen passes";
}

class SealTest : public SodiumCryptoTest {
 protected:
  const KeyPair recipient_ = crypto_->NewSealingKey();
};

TEST_F(SealTest, OpensForTheRecipientWhateverTheSize) {
  for (const std::size_t size : {0, 1, 31, 32, 33, 4096, 262144}) {
    const std::string plain(size, 'p');
    const auto opened =
        crypto_->OpenSealed(recipient_, "h", crypto_->Seal(recipient_.public_key, "h", plain));
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_EQ(*opened, plain);
  }
}

TEST_F(SealTest, NoFlippedBitAndNoCutGoesUnseen) {
  const std::string sealed = crypto_->Seal(recipient_.public_key, "header", "plain text");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string flipped = sealed;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(crypto_->OpenSealed(recipient_, "header", flipped).status().code(),
              absl::StatusCode::kInvalidArgument)
        << "bit " << bit;
  }
  for (std::size_t length = 0; length < sealed.size(); ++length) {
    EXPECT_EQ(crypto_->OpenSealed(recipient_, "header", sealed.substr(0, length)).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST_F(SealTest, AnotherHeaderOrKeyDoesNotOpen) {
  const std::string sealed = crypto_->Seal(recipient_.public_key, "header", "plain");
  EXPECT_EQ(crypto_->OpenSealed(recipient_, "headers", sealed).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(crypto_->OpenSealed(crypto_->NewSealingKey(), "header", sealed).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(SealTest, TwoSealsOfOneTextShareNoPart) {
  const std::string one = crypto_->Seal(recipient_.public_key, "h", "plain");
  const std::string two = crypto_->Seal(recipient_.public_key, "h", "plain");
  ASSERT_EQ(one.size(), two.size());
  std::set<std::string> parts;
  std::size_t cut = 0;
  for (std::size_t at = 0; at + 8 <= one.size(); at += 8) {
    parts.insert(one.substr(at, 8));
    parts.insert(two.substr(at, 8));
    cut += 2;
  }
  EXPECT_EQ(parts.size(), cut);
}

TEST_F(SealTest, SealingToAPublicSecretOpensForNobody) {
  // The all-zero point: every agreement with it is zero, so anyone could open a naive seal.
  const KeyPair weak{std::string(32, '\0'), recipient_.secret_key};
  const std::string sealed = crypto_->Seal(weak.public_key, "h", "plain");
  EXPECT_FALSE(crypto_->OpenSealed(weak, "h", sealed).ok());
  const std::string ephemeral = sealed.substr(0, 32);
  const std::string naive_key =
      crypto_->Digest(std::string(32, '\0') + ephemeral + weak.public_key);
  EXPECT_FALSE(crypto_->Decrypt(naive_key, "h", sealed.substr(32)).ok());
}

TEST(SodiumRandomTest, GivesTheCountAskedAndNeverTheSame) {
  SodiumRandom random;
  std::set<std::string> drawn;
  for (int i = 0; i < 1000; ++i) drawn.insert(random.Bytes(16));
  EXPECT_EQ(drawn.size(), 1000u);
  EXPECT_EQ(drawn.begin()->size(), 16u);
  EXPECT_EQ(random.Bytes(0), "");
}

TEST(SodiumCryptoDeathTest, AKeyOfTheWrongSizeIsAProgrammersError) {
  const std::unique_ptr<Crypto> crypto = MakeSodiumCrypto();
  EXPECT_DEATH(crypto->Seal("short", "h", "p"), "recipient's key is not 32 bytes");
  EXPECT_DEATH(crypto->Sign("short", "p"), "secret key is not 64 bytes");
}

}  // namespace
}  // namespace exitbus::adapters
