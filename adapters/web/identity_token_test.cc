#include "adapters/web/identity_token.h"

#include "absl/strings/str_cat.h"
#include "adapters/web/sessions.h"
#include "adapters/web/token_testing.h"
#include "gtest/gtest.h"

namespace exitbus::adapters {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(2'000'000'000);

std::string Claims(const std::string& changed = "") {
  return absl::StrCat(R"({"iss":"https://login.example","aud":"exitbus","exp":2000000600,)",
                      R"("employee":"az1234","system":"console","function":"auditor")", changed,
                      "}");
}

std::string Header(const std::string& algorithm) {
  return absl::StrCat(R"({"alg":")", algorithm, R"(","typ":"JWT"})");
}

class IdentityTokenTest : public ::testing::Test {
 protected:
  static IdentityProvider Provider(const std::vector<const SigningKey*>& keys) {
    std::vector<std::string> pems;
    for (const SigningKey* key : keys) pems.push_back(key->public_pem());
    return *IdentityProvider::Make("https://login.example", "exitbus", pems);
  }
  // The rule that refuses it; empty: it is believed.
  std::string Refused(const std::string& token, absl::Time now = kNow) {
    const auto verified = Provider({&key_}).Verify(token, now);
    const auto* refusal = std::get_if<exchange::Refusal>(&verified);
    if (refusal == nullptr) return "";
    EXPECT_EQ(refusal->code, absl::StatusCode::kUnauthenticated);
    return refusal->reason;
  }
  std::string RefusedClaims(const std::string& claims) {
    return Refused(key_.Sign(Header("ES256"), claims));
  }

  const SigningKey key_{"P-256"};
};

TEST_F(IdentityTokenTest, EachKindOfKeyVouchesByItsOwnAlgorithm) {
  const SigningKey rsa("RSA");
  const SigningKey edwards("ED25519");
  const IdentityProvider provider = Provider({&rsa, &key_, &edwards});
  for (const auto& [key, algorithm] :
       {std::pair(&rsa, "RS256"), std::pair(&key_, "ES256"), std::pair(&edwards, "EdDSA")}) {
    const auto verified = provider.Verify(key->Sign(Header(algorithm), Claims()), kNow);
    const auto* claims = std::get_if<IdentityClaims>(&verified);
    ASSERT_NE(claims, nullptr) << algorithm;
    EXPECT_EQ(claims->employee, "az1234");
    EXPECT_EQ(claims->system, "console");
    EXPECT_EQ(claims->function, "auditor");
    EXPECT_EQ(claims->expires, absl::FromUnixSeconds(2'000'000'600));
  }
}

TEST_F(IdentityTokenTest, NoOtherAlgorithmIsBelieved) {
  const std::string none = absl::StrCat(Base64Url(Header("none")), ".", Base64Url(Claims()), ".");
  EXPECT_EQ(Refused(none), "login.wrong_algorithm");
  EXPECT_EQ(Refused(SignedSymmetrically(key_.public_pem(), Header("HS256"), Claims())),
            "login.wrong_algorithm");
  EXPECT_EQ(Refused(SignedSymmetrically(key_.public_pem(), Header("ES256"), Claims())),
            "login.wrong_signature");
  EXPECT_EQ(Refused(key_.Sign(Header("RS256"), Claims())), "login.wrong_algorithm");
  EXPECT_EQ(Refused(key_.Sign(Header("es256"), Claims())), "login.wrong_algorithm");
  EXPECT_EQ(Refused(key_.Sign("{}", Claims())), "login.wrong_algorithm");
  EXPECT_EQ(Refused(key_.Sign(R"({"alg":"ES256","crit":["x"]})", Claims())),
            "login.malformed_token");
  EXPECT_EQ(Refused(key_.Sign(R"({"alg":"none","alg":"ES256"})", Claims())),
            "login.malformed_token");
}

TEST_F(IdentityTokenTest, AnotherKeyOrAChangedTextIsNotBelieved) {
  EXPECT_EQ(Refused(SigningKey("P-256").Sign(Header("ES256"), Claims())), "login.wrong_signature");
  const std::string token = key_.Sign(Header("ES256"), Claims());
  const std::string other = key_.Sign(Header("ES256"), Claims(R"(,"x":1)"));
  EXPECT_EQ(Refused(token), "");
  EXPECT_EQ(Refused(other.substr(0, other.rfind('.')) + token.substr(token.rfind('.'))),
            "login.wrong_signature");
  EXPECT_EQ(Refused(token.substr(0, token.size() - 4)), "login.wrong_signature");
  EXPECT_EQ(Refused(token.substr(0, token.rfind('.') + 1)), "login.wrong_signature");
}

TEST_F(IdentityTokenTest, ClaimsMustBeOursAndInForce) {
  EXPECT_EQ(RefusedClaims(Claims()), "");
  const auto with = [](const std::string& from, const std::string& to) {
    std::string claims = Claims();
    return claims.replace(claims.find(from), from.size(), to);
  };
  EXPECT_EQ(RefusedClaims(with("https://login.example", "https://login.example/")),
            "login.wrong_issuer");
  EXPECT_EQ(RefusedClaims(with(R"("iss":"https://login.example",)", "")), "login.wrong_issuer");
  EXPECT_EQ(RefusedClaims(with(R"("exitbus")", R"("another")")), "login.wrong_audience");
  EXPECT_EQ(RefusedClaims(with(R"("exitbus")", R"(["another","exitbus"])")), "");
  EXPECT_EQ(RefusedClaims(with(R"("aud":"exitbus",)", "")), "login.wrong_audience");
  EXPECT_EQ(RefusedClaims(with("2000000600", "2000000000")), "login.expired");
  EXPECT_EQ(RefusedClaims(with("2000000600", R"("2000000600")")), "login.expired");
  EXPECT_EQ(RefusedClaims(with("2000000600", "1e300")), "login.expired");
  EXPECT_EQ(RefusedClaims(with(R"("exp":2000000600,)", "")), "login.expired");
  EXPECT_EQ(RefusedClaims(Claims(R"(,"nbf":2000000001)")), "login.expired");
  EXPECT_EQ(RefusedClaims(Claims(R"(,"nbf":2000000000)")), "");
  EXPECT_EQ(RefusedClaims(with(R"("az1234")", R"("")")), "login.wrong_claims");
  EXPECT_EQ(RefusedClaims(with(R"("console")", "7")), "login.wrong_claims");
  EXPECT_EQ(RefusedClaims(with(R"(,"function":"auditor")", "")), "login.wrong_claims");
  EXPECT_EQ(RefusedClaims(Claims(R"(,"function":"police-officer")")), "login.malformed_token")
      << "twice";
}

TEST_F(IdentityTokenTest, WhatIsNoTokenIsRefused) {
  for (const std::string& token :
       {std::string(), std::string("a.b"), std::string("a.b.c.d"), std::string("..."),
        std::string("!.!.!"), std::string(10'000, 'a')}) {
    EXPECT_EQ(Refused(token), "login.malformed_token") << token.substr(0, 10);
  }
  EXPECT_EQ(Refused(key_.Sign("[]", Claims())), "login.malformed_token");
  EXPECT_EQ(Refused(key_.Sign(Header("ES256"), "[]")), "login.malformed_token");
}

TEST_F(IdentityTokenTest, OnlyStrongPublicKeysAreTaken) {
  const auto code = [](const std::string& pem) {
    return IdentityProvider::Make("i", "a", {pem}).status().code();
  };
  EXPECT_EQ(code(key_.public_pem()), absl::StatusCode::kOk);
  EXPECT_EQ(code(SigningKey("RSA-1024").public_pem()), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(SigningKey("P-384").public_pem()), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("nonsense"), absl::StatusCode::kInvalidArgument);
}

TEST(SessionsTest, ATokenOpensOneSessionThatEnds) {
  Sessions sessions(absl::Hours(8), 2);
  const IdentityClaims claims{"az1234", "console", "auditor", kNow + absl::Minutes(10), "one"};
  const auto opened = std::get<Sessions::Opened>(sessions.Open(claims, kNow));
  EXPECT_EQ(opened.session.ends, claims.expires);
  EXPECT_EQ(sessions.Find(opened.secret, kNow)->employee, "az1234");
  EXPECT_FALSE(sessions.Find(opened.secret, claims.expires));
  EXPECT_FALSE(sessions.Find("", kNow));
  EXPECT_TRUE(sessions.Close(opened.secret));
  EXPECT_FALSE(sessions.Find(opened.secret, kNow));
  EXPECT_EQ(std::get<exchange::Refusal>(sessions.Open(claims, kNow)).reason, "login.used_already");
}

TEST(SessionsTest, TheyAreBoundedInNumberAndLife) {
  Sessions sessions(absl::Hours(8), 2);
  const auto open = [&](const std::string& digest, absl::Time now) {
    return sessions.Open({"az1234", "console", "auditor", kNow + absl::Hours(24), digest}, now);
  };
  EXPECT_EQ(std::get<Sessions::Opened>(open("one", kNow)).session.ends, kNow + absl::Hours(8));
  EXPECT_NE(std::get<Sessions::Opened>(open("two", kNow)).secret, "");
  EXPECT_EQ(std::get<exchange::Refusal>(open("three", kNow)).reason, "login.too_many_sessions");
  EXPECT_TRUE(std::holds_alternative<Sessions::Opened>(open("three", kNow + absl::Hours(8))));
}

}  // namespace
}  // namespace exitbus::adapters
