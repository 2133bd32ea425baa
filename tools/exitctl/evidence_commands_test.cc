#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "adapters/directory/signed_directory.h"
#include "adapters/memory/memory_directory.h"
#include "adapters/memory/test_folder.h"
#include "adapters/sodium/sodium_crypto.h"
#include "adapters/sqlite/sqlite_store.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/environment.h"
#include "services/exchange/keys.h"
#include "services/exchange/statements.h"
#include "services/exchange/transaction.h"
#include "tools/exitctl/run.h"

namespace exitbus::exitctl {
namespace {

using exchange::Table;
using testing::HasSubstr;

constexpr char kHolder[] = "municipality-0183";
constexpr char kReceiver[] = "municipality-0461";

class EvidenceCommandsTest : public testing::Test {
 protected:
  int Run(const std::vector<std::string>& arguments) {
    out_.str("");
    err_.str("");
    return exitctl::Run(arguments, [](const std::string&) { return nullptr; }, {in_, out_, err_});
  }
  std::string At(const std::string& name) const { return folder_.path() + "/" + name; }

  const adapters::TestFolder folder_;
  const std::unique_ptr<exchange::Crypto> crypto_ = adapters::MakeSodiumCrypto();
  std::istringstream in_;
  std::ostringstream out_;
  std::ostringstream err_;
};

// A store with one letter to `peer`, or from it.
class FilesTest : public EvidenceCommandsTest {
 protected:
  void WriteStore(const std::string& folder, bool sends, const std::string& peer,
                  const std::string& link_digest) {
    ASSERT_TRUE(std::filesystem::create_directories(At(folder)));
    auto store = adapters::OpenSqliteStore(At(folder) + "/journal.sqlite");
    ASSERT_TRUE(store.ok()) << store.status();
    const exchange::CorrespondenceId id{policy::v1::CHANNEL_HANDOVER, peer, "a subject"};
    const std::string key = id.Encode();
    const std::string number = exchange::LetterKey{id, 1}.Encode();
    store::v1::CorrespondenceOut out;
    out.set_last_number(1);
    out.set_head_digest(link_digest);
    store::v1::CorrespondenceIn in;
    in.set_through(1);
    in.set_head_digest(link_digest);
    store::v1::SentRow sent;
    sent.set_link_digest(link_digest);
    ASSERT_TRUE(
        (*store)
            ->Commit(exchange::Durability::kDurable,
                     {{sends ? Table::kCorrespondencesOut : Table::kCorrespondencesIn, key,
                       sends ? out.SerializeAsString() : in.SerializeAsString()},
                      {sends ? Table::kSent : Table::kInbox, number, sent.SerializeAsString()}})
            .ok());
  }
  int Export(const std::string& folder, const std::string& authority) {
    return Run({"evidence", "export", "--data-folder", At(folder), "--authority", authority,
                "--out", At(folder + ".evidence")});
  }
};

TEST_F(FilesTest, TwoEndsThatAgree) {
  WriteStore("a", true, kReceiver, "digest");
  WriteStore("b", false, kHolder, "digest");
  ASSERT_EQ(Export("a", kHolder), kDone) << err_.str();
  EXPECT_EQ(Export("a", kHolder), kRefused);  // never overwrites
  ASSERT_EQ(Export("b", kReceiver), kDone) << err_.str();
  EXPECT_EQ(Run({"evidence", "verify", At("a.evidence"), At("b.evidence")}), kDone) << out_.str();
  EXPECT_THAT(out_.str(), HasSubstr("nothing is wrong"));
}

TEST_F(FilesTest, TwoEndsThatDiffer) {
  WriteStore("a", true, kReceiver, "digest");
  WriteStore("b", false, kHolder, "another");
  ASSERT_EQ(Export("a", kHolder), kDone);
  ASSERT_EQ(Export("b", kReceiver), kDone);
  EXPECT_EQ(Run({"evidence", "verify", At("a.evidence")}), kDone) << out_.str();
  EXPECT_EQ(Run({"evidence", "verify", At("a.evidence"), At("b.evidence")}), kRefused);
  EXPECT_THAT(out_.str(), HasSubstr("FAULT  municipality-0183 -> municipality-0461, handover, "
                                    "subject "));
  EXPECT_THAT(out_.str(), HasSubstr("number 1 differ at the two ends"));
}

TEST_F(FilesTest, MistakesAreNamed) {
  EXPECT_EQ(Run({"evidence"}), kMisuse);
  EXPECT_EQ(Run({"evidence", "verify"}), kMisuse);
  EXPECT_EQ(Run({"evidence", "export", "--data-folder", At("none")}), kMisuse);
  EXPECT_EQ(Run({"evidence", "export", "--folder", At("none")}), kMisuse);
  EXPECT_THAT(err_.str(), HasSubstr("--folder is no option here"));
  EXPECT_EQ(Export("none", kHolder), kRefused);
  EXPECT_THAT(err_.str(), HasSubstr("No such file"));
  ASSERT_TRUE(adapters::ReplaceFile(At("text"), "not evidence").ok());
  EXPECT_EQ(Run({"evidence", "verify", At("text")}), kRefused);
  EXPECT_THAT(err_.str(), HasSubstr("is no file of `exitctl evidence export`"));
}

// A case that went from one authority to the next, as its statements say.
class ResponsibleTest : public EvidenceCommandsTest {
 protected:
  ResponsibleTest() {
    directory::v1::Directory listed;
    listed.set_version(1);
    listed.mutable_expires()->set_seconds(1);  // long ago
    listed.add_next_signers(signer_.public_key);
    listed.set_next_threshold(1);
    for (const char* id : {kHolder, kReceiver, "municipality-0751", "police-1469"}) {
      keys_[id] = crypto_->NewSigningKey();
      directory::v1::Authority& authority = *listed.add_authorities();
      const std::string name = id;
      const bool police = name == "police-1469";
      authority.set_id(name);
      authority.set_kind(police ? policy::v1::AUTHORITY_KIND_POLICE
                                : policy::v1::AUTHORITY_KIND_MUNICIPALITY);
      authority.set_name(name);
      authority.set_code(name.substr(name.find('-') + 1));
      authority.set_district("1469");
      authority.set_identity_key(keys_[id].public_key);
      authority.set_sealing_key(crypto_->NewSealingKey().public_key);
    }
    const auto bytes = adapters::SignDirectory(*crypto_, listed, {signer_}, absl::Now());
    EXPECT_TRUE(bytes.ok()) << bytes.status();
    EXPECT_TRUE(adapters::ReplaceFile(At("directory"), *bytes).ok());
  }

  std::string Signed(const std::string& by, const exchange::v1::Statement& statement) {
    exchange::Environment environment;
    environment.self = by;
    environment.crypto = crypto_.get();
    environment.secrets.identity_key = keys_[by].secret_key;
    return exchange::KeyedStatements(&environment).Sign(statement);
  }
  std::string Opening() {
    exchange::v1::Statement statement;
    statement.mutable_opening()->set_case_id("the-case");
    statement.mutable_opening()->set_holder(kHolder);
    statement.mutable_opening()->mutable_instant()->set_seconds(1'700'000'000);
    return Signed(kHolder, statement);
  }
  std::string OfferTo(const std::string& receiver, const std::string& case_id = "the-case") {
    exchange::v1::Statement statement;
    exchange::v1::Offer& offer = *statement.mutable_offer();
    offer.set_case_id(case_id);
    offer.set_from_number(1);
    offer.set_number(2);
    offer.set_holder(kHolder);
    offer.set_receiver(receiver);
    return Signed(kHolder, statement);
  }
  std::string TakenOver(const std::string& receiver) {
    exchange::v1::SignedStatement offer;
    offer.ParseFromString(OfferTo(receiver));
    exchange::v1::Statement statement;
    exchange::v1::TakeOver& take_over = *statement.mutable_take_over();
    take_over.set_case_id("the-case");
    take_over.set_number(2);
    take_over.set_receiver(receiver);
    take_over.mutable_instant()->set_seconds(1'800'000'000);
    take_over.set_offer_digest(crypto_->Digest(offer.statement()));
    return Signed(receiver, statement);
  }

  int Responsible(const std::vector<std::string>& statements, const std::string& at) {
    casework::v1::GetResponsibilityResponse response;
    response.mutable_responsibility()->set_authority("what the answer says does not count");
    for (const std::string& statement : statements) {
      response.mutable_responsibility()->add_statements(statement);
    }
    std::string json;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(response, &json).ok());
    EXPECT_TRUE(adapters::ReplaceFile(At("response"), json).ok());
    return Run({"evidence", "responsible", "--response", At("response"), "--directory",
                At("directory"), "--signer", absl::BytesToHexString(signer_.public_key), "--at",
                at});
  }

  const exchange::KeyPair signer_ = crypto_->NewSigningKey();
  std::map<std::string, exchange::KeyPair> keys_;
};

TEST_F(ResponsibleTest, TellsWhoAnsweredWhen) {
  const std::vector statements = {TakenOver(kReceiver), OfferTo(kReceiver), Opening()};
  ASSERT_EQ(Responsible(statements, "2024-01-01"), kDone) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("municipality-0183 answered for the case, under number 1"));
  ASSERT_EQ(Responsible(statements, "2028-01-01"), kDone) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("municipality-0461 answered for the case, under number 2 since "
                                    "2027-01-15T08:00:00"));
  EXPECT_EQ(Responsible(statements, "2020-01-01"), kRefused);
  EXPECT_THAT(err_.str(), HasSubstr("nobody answered"));
}

TEST_F(ResponsibleTest, NamesTwoHoldersAndForgeries) {
  EXPECT_EQ(Responsible({Opening(), OfferTo(kReceiver), TakenOver(kReceiver),
                         OfferTo("municipality-0751"), TakenOver("municipality-0751")},
                        "now"),
            kRefused);
  EXPECT_THAT(err_.str(), HasSubstr("evidence.two_holders: number 2"));
  std::string forged = TakenOver(kReceiver);
  forged.back() = static_cast<char>(forged.back() ^ 1);
  EXPECT_EQ(Responsible({Opening(), OfferTo(kReceiver), forged}, "now"), kRefused);
  EXPECT_THAT(err_.str(), HasSubstr("evidence.broken: a signature does not verify"));
  EXPECT_EQ(Responsible({Opening(), OfferTo(kReceiver, "another-case")}, "now"), kRefused);
  EXPECT_THAT(err_.str(), HasSubstr("evidence.broken: statements of several cases"));
  EXPECT_EQ(Responsible({}, "now"), kRefused);
  EXPECT_THAT(err_.str(), HasSubstr("holds no statements"));
}

TEST_F(ResponsibleTest, TrustsTheSaidSignersOnly) {
  ASSERT_EQ(Responsible({Opening()}, "now"), kDone) << err_.str();
  const std::string stranger = absl::BytesToHexString(crypto_->NewSigningKey().public_key);
  EXPECT_EQ(Run({"evidence", "responsible", "--response", At("response"), "--directory",
                 At("directory"), "--signer", stranger}),
            kRefused);
  EXPECT_EQ(Run({"evidence", "responsible", "--response", At("response"), "--directory",
                 At("directory"), "--signer", "abc"}),
            kMisuse);
  EXPECT_THAT(err_.str(), HasSubstr("64 hexadecimal digits"));
}

}  // namespace
}  // namespace exitbus::exitctl
