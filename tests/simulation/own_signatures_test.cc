#include "tests/simulation/own_signatures.h"

#include <gtest/gtest.h>

#include "adapters/sodium/sodium_crypto.h"

namespace exitbus::simulation {
namespace {

TEST(OwnSignaturesTest, WhatWasNotSignedSoIsNotRecognised) {
  const auto other = adapters::MakeSodiumCrypto();
  const auto world = RecognisingOwnSignatures(adapters::MakeSodiumCrypto());
  const exchange::KeyPair key = world->NewSigningKey();
  const exchange::KeyPair nobodys = world->NewSigningKey();
  const std::string signature = world->Sign(key.secret_key, "text");
  for (const auto& verifies : {other.get(), world.get()}) {
    EXPECT_TRUE(verifies->Verify(key.public_key, "text", signature));
    EXPECT_FALSE(verifies->Verify(key.public_key, "texts", signature));
    EXPECT_FALSE(verifies->Verify(nobodys.public_key, "text", signature));
    EXPECT_FALSE(verifies->Verify(key.public_key, "text", signature + "s"));
  }
  // One that came from elsewhere.
  EXPECT_TRUE(world->Verify(key.public_key, "else", other->Sign(key.secret_key, "else")));
}

TEST(OwnSignaturesTest, TheBytesCannotBeCutInAnotherWay) {
  const auto world = RecognisingOwnSignatures(adapters::MakeSodiumCrypto());
  const exchange::KeyPair key = world->NewSigningKey();
  const std::string signature = world->Sign(key.secret_key, "text");
  EXPECT_FALSE(world->Verify(key.public_key, "ext", signature + "t"));
  EXPECT_FALSE(world->Verify(key.public_key + signature.substr(0, 1), "text", signature.substr(1)));
}

}  // namespace
}  // namespace exitbus::simulation
