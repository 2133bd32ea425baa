#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "adapters/directory/config_testing.h"
#include "adapters/directory/files.h"

namespace exitbus::adapters {
namespace {

using config::v1::ServiceConfig;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ConfigTest : public ConfigFiles {};

TEST_F(ConfigTest, AGoodOneIsLoadedWithDefaults) {
  const auto config = Load(kGood);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->authority(), "municipality-0183");
  EXPECT_EQ(config->limits().request_bytes_max(), 262144u);
  EXPECT_EQ(config->limits().queue_length_max(), 1000u);
  EXPECT_EQ(config->limits().descriptors_max(), 4096u);
  EXPECT_EQ(config->limits().disk_reserve_mib(), 64u);
  EXPECT_EQ(config->deadlines().request_days(), 5u);
  EXPECT_EQ(config->deadlines().terms_days(), 5u);
  EXPECT_EQ(config->deadlines().offer_days(), 5u);
  EXPECT_EQ(config->deadlines().acknowledgement_days(), 1u);
  EXPECT_EQ(config->deadlines().recall_answer_days(), 2u);
  EXPECT_EQ(config->deadlines().correction_days(), 5u);
  EXPECT_EQ(config->deadlines().erasure_days(), 5u);
  EXPECT_EQ(config->deadlines().arrival_hours(), 4u);
  EXPECT_EQ(config->deadlines().acceptance_days(), 60u);
  EXPECT_EQ(config->deadlines().unit_answer_days(), 5u);
  EXPECT_EQ(config->unlinking_delay_max().seconds(), 600);
  EXPECT_EQ(config->catch_up_wait_max().seconds(), 20);
  EXPECT_EQ(config->confirm_wait_max().seconds(), 20);
  EXPECT_FALSE(config->development_reflection());
  const DirectoryTrust trust = TrustOf(*config);
  EXPECT_EQ(trust.threshold, 2u);
  ASSERT_EQ(trust.signers.size(), 2u);
  EXPECT_EQ(trust.signers[0].size(), 32u);
  EXPECT_EQ(trust.signers[1].substr(0, 2), "\xff\x01");
}

TEST_F(ConfigTest, WhatIsSetOverrulesTheDefault) {
  const auto config = Load(std::string(kGood) +
                           "limits { queue_length_max: 7 } deadlines { offer_days: 9 } "
                           "unlinking_delay_max {} metrics_address: \"127.0.0.1:9090\"");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->limits().queue_length_max(), 7u);
  EXPECT_EQ(config->limits().request_bytes_max(), 262144u);
  EXPECT_EQ(config->deadlines().offer_days(), 9u);
  EXPECT_EQ(config->unlinking_delay_max().seconds(), 0);
}

TEST_F(ConfigTest, AGangListIsOfAPoliceUnitAndWholeOrNotThere) {
  const std::string list =
      R"(gang_list { address: "list.example:443"
           tls { certificate_file: "FOLDER/cert" key_file: "FOLDER/key" ca_file: "FOLDER/ca" } })";
  const std::string police = absl::StrReplaceAll(kGood, {{"KIND_MUNICIPALITY", "KIND_POLICE"}});
  EXPECT_TRUE(Load(police + list).ok());
  for (const auto& [text, said] : std::vector<std::pair<std::string, std::string>>{
           {std::string(kGood) + list, "gang_list: is of a police unit"},
           {police + absl::StrReplaceAll(list, {{"list.example:443", "list"}}),
            "gang_list.address: is no address"},
           {police + absl::StrReplaceAll(list, {{"FOLDER/key", "FOLDER/nothing"}}),
            "gang_list.tls.key_file"}}) {
    const auto config = Load(text);
    EXPECT_THAT(std::string(config.status().message()), HasSubstr(said));
  }
}

TEST_F(ConfigTest, PurposesAndLawsAreWhatAnAuthorityCanDecide) {
  const std::string law = "legal_basis: LEGAL_BASIS_DBL8";
  EXPECT_TRUE(Load(std::string(kGood) + "purposes { name: \"follow-up\" " + law + " } " +
                   "channel_laws { channel: CHANNEL_HANDOVER " + law + " }")
                  .ok());
  for (const auto& [bad, said] : std::vector<std::pair<std::string, std::string>>{
           {"purposes { " + law + " }", "purposes[0].name: is no purpose"},
           {"purposes { name: \"flat 12\" " + law + " }", "purposes[0].name: is no purpose"},
           {"purposes { name: \"Efterforskning\" " + law + " }", "purposes[0].name: is no purpose"},
           {"purposes { name: \"a\" " + law + " } purposes { name: \"a\" " + law + " }",
            "purposes[1].name: is listed twice"},
           {"purposes { name: \"a\" }", "purposes[0].legal_basis: is no law"},
           {"purposes { name: \"a\" legal_basis: LEGAL_BASIS_CONSENT }",
            "purposes[0].legal_basis: is no law"},
           {"channel_laws { " + law + " }", "channel_laws[0].channel: is missing"},
           {"channel_laws { channel: CHANNEL_NEC " + law +
                " } channel_laws { channel: CHANNEL_NEC " + law + " }",
            "channel_laws[1].channel: is listed twice"},
           {"channel_laws { channel: CHANNEL_NEC }", "channel_laws[0].legal_basis: is no law"}}) {
    const std::string mistakes(Load(std::string(kGood) + bad).status().message());
    EXPECT_THAT(mistakes, AllOf(HasSubstr("1 mistake"), HasSubstr(said))) << bad;
  }
}

TEST_F(ConfigTest, AnEmptyOneNamesEverythingItLacks) {
  const std::string message(Load("").status().message());
  for (const char* field :
       {"authority", "kind", "api_address", "data_folder", "directory_file", "directory_signers",
        "directory_threshold", "keys_file", "api_tls.certificate_file", "api_tls.key_file",
        "api_tls.ca_file", "kafka.bootstrap_servers", "kafka.tls.certificate_file",
        "kafka.tls.key_file", "kafka.tls.ca_file"}) {
    EXPECT_THAT(message, HasSubstr(std::string("\n  ") + field + ": "));
  }
  EXPECT_THAT(message, HasSubstr("15 mistakes"));
  EXPECT_THAT(message, Not(HasSubstr("metrics_address")));
}

TEST_F(ConfigTest, UnknownFieldsAreNamedBesideOtherMistakes) {
  EXPECT_THAT(With("api_address: \"127.0.0.1:0\"", "api_adress: \"127.0.0.1:0\" colour: 3"),
              AllOf(HasSubstr("3 mistakes"), HasSubstr("api_adress"), HasSubstr("colour"),
                    HasSubstr("near line 4: "), HasSubstr("api_address: is missing")));
}

TEST_F(ConfigTest, ABrokenTextNamesThePlaceOnly) {
  EXPECT_THAT(With("kind: AUTHORITY_KIND_MUNICIPALITY", "kind: AUTHORITY_KIND_CIRCUS"),
              AllOf(HasSubstr("1 mistake\n"), HasSubstr("near line 4: "), HasSubstr("CIRCUS")));
}

TEST_F(ConfigTest, WhatCanMeanNothingIsNamedBesideOtherMistakes) {
  EXPECT_THAT(With("api_address: \"127.0.0.1:0\"", "metrics_address: \"a\\033[2J\""),
              AllOf(HasSubstr("metrics_address: has control characters"),
                    HasSubstr("api_address: is missing")));
}

TEST_F(ConfigTest, BadAddressesAreNamed) {
  for (const char* bad : {"localhost", ":1", "localhost:", "localhost:65536", "localhost:+1",
                          "a b:1", "1:2:3", "http://x:1"}) {
    EXPECT_THAT(With("127.0.0.1:0", bad), HasSubstr("api_address: \"" + std::string(bad) + "\""));
  }
  EXPECT_THAT(With("localhost:9093,", "localhost:9093,localhost:0,"),
              HasSubstr("kafka.bootstrap_servers: \"localhost:0\""));
  EXPECT_THAT(With("api_address", "metrics_address: \"x\" api_address"),
              HasSubstr("metrics_address: \"x\""));
}

TEST_F(ConfigTest, MissingFilesAreNamed) {
  EXPECT_THAT(With("FOLDER/directory.bin", "FOLDER/absent"),
              AllOf(HasSubstr("directory_file: "), HasSubstr("/absent\": No such file")));
  EXPECT_THAT(
      With("FOLDER/ca", "FOLDER/absent"),
      AllOf(HasSubstr("2 mistakes"), HasSubstr("api_tls.ca_file"), HasSubstr("kafka.tls.ca_file")));
  EXPECT_THAT(With("FOLDER/keys", "FOLDER"), HasSubstr("keys_file: "));
  EXPECT_THAT(With("FOLDER/data", "FOLDER/cert"), HasSubstr("data_folder: "));
}

TEST_F(ConfigTest, SecretFilesOpenToOthersAreNamedWithTheRemedy) {
  Touch("keys", 0640);
  Touch("key", 0644);
  const std::string message(Load(kGood).status().message());
  EXPECT_THAT(message,
              AllOf(HasSubstr("3 mistakes"), HasSubstr("keys_file: "), HasSubstr("mode 0640"),
                    HasSubstr("api_tls.key_file: "), HasSubstr("kafka.tls.key_file: "),
                    HasSubstr("chmod 600 " + folder_.path() + "/key")));
}

TEST_F(ConfigTest, SignersAndTheirThresholdAreChecked) {
  EXPECT_THAT(With("directory_threshold: 2", "directory_threshold: 3"),
              HasSubstr("directory_threshold: is 3 of 2 signers"));
  EXPECT_THAT(With("directory_threshold: 2", ""), HasSubstr("directory_threshold: is 0"));
  EXPECT_THAT(With("FF01", "0001"), HasSubstr("directory_signers[1]: is listed twice"));
  EXPECT_THAT(With("FF01", "zz01"), HasSubstr("directory_signers[1]: is no key"));
  EXPECT_THAT(With("FF01", ""), HasSubstr("directory_signers[1]: is no key"));
}

TEST_F(ConfigTest, NumbersOutOfRangeAreNamed) {
  EXPECT_THAT(
      With("kafka {",
           "limits { request_bytes_max: 1 queue_length_max: 1000000 "
           "descriptors_max: 20 disk_reserve_mib: 1000000 } "
           "deadlines { terms_days: 1000 } "
           "unlinking_delay_max { seconds: -1 } catch_up_wait_max { seconds: 90000 } kafka {"),
      AllOf(HasSubstr("7 mistakes"), HasSubstr("catch_up_wait_max: "),
            HasSubstr("limits.request_bytes_max: is 1"),
            HasSubstr("limits.queue_length_max: is 1000000"),
            HasSubstr("limits.descriptors_max: is 20"),
            HasSubstr("limits.disk_reserve_mib: is 1000000"),
            HasSubstr("deadlines.terms_days: is 1000"), HasSubstr("unlinking_delay_max: ")));
}

TEST_F(ConfigTest, CentralDecisionsAreAContactPointsAndHaveABeginning) {
  const std::string kind = "kind: AUTHORITY_KIND_";
  const std::string from = "central_decisions_from { seconds: 20 } ";
  const auto as_contact_point = [&](const std::string& what) {
    return kind + "CONTACT_POINT " + what;
  };
  const std::string until = "central_decisions_until { seconds: 21 }";
  for (const std::string& good : {from, from + until}) {
    EXPECT_TRUE(
        Load(absl::StrReplaceAll(kGood, {{kind + "MUNICIPALITY", as_contact_point(good)}})).ok())
        << good;
  }
  EXPECT_THAT(With(kind + "MUNICIPALITY", kind + "MUNICIPALITY " + from),
              HasSubstr("central_decisions_from: is of a contact point"));
  EXPECT_THAT(With(kind + "MUNICIPALITY", as_contact_point(until)),
              HasSubstr("central_decisions_from: is missing"));
  EXPECT_THAT(With(kind + "MUNICIPALITY",
                   as_contact_point(from + "central_decisions_until { seconds: 20 }")),
              HasSubstr("central_decisions_until: is not after"));
}

TEST_F(ConfigTest, AListOfRevokedClientsMayBeLeftOutButMustBeThereIfItIsNamed) {
  EXPECT_TRUE(Load(kGood).ok());
  const std::string named = std::string(kGood) + "revoked_clients_file: \"FOLDER/revoked\"\n";
  EXPECT_THAT(std::string(Load(named).status().message()),
              AllOf(HasSubstr("revoked_clients_file: "), HasSubstr("create the file")));
  Touch("revoked", 0644);
  EXPECT_TRUE(Load(named).ok());
}

TEST_F(ConfigTest, MetricsAreServedToThisMachineOnly) {
  for (const char* open : {"0.0.0.0:9090", "[::]:9090", "192.0.2.7:9090", "metrics.example:9090"}) {
    EXPECT_THAT(
        With("api_address", std::string("metrics_address: \"") + open + "\" api_address"),
        AllOf(HasSubstr("1 mistake\n"), HasSubstr("metrics_address: \"" + std::string(open)),
              HasSubstr("reverse proxy with mutual TLS")));
  }
  for (const char* own : {"127.0.0.1:9090", "127.0.0.2:9090", "[::1]:9090", "localhost:9090"}) {
    EXPECT_TRUE(Load(std::string(kGood) + "metrics_address: \"" + own + "\"").ok()) << own;
  }
}

TEST_F(ConfigTest, ReflectionIsForDevelopment) {
  EXPECT_THAT(With("api_address", "development_reflection: true api_address"),
              AllOf(HasSubstr("1 mistake\n"), HasSubstr("development_reflection: is for develop")));
  EXPECT_THAT(With("api_address", "development_blind_letters_at_once: true api_address"),
              HasSubstr("development_blind_letters_at_once: is for develop"));
  EXPECT_TRUE(Load(std::string(kGood) + "development_reflection: true development: true").ok());
}

// What was accepted last is in force then, and whoever reads the file alarms.
TEST_F(ConfigTest, OfAServiceThatRanBeforeNoFileThatIsReadAgainKeepsItFromStarting) {
  const std::string spoilt =
      absl::StrReplaceAll(std::string(kGood) + "revoked_clients_file: \"FOLDER/revoked\"\n",
                          {{"FOLDER/directory.bin", "FOLDER/absent"},
                           {"FOLDER/keys", "FOLDER/absent"},
                           {"FOLDER/cert", "FOLDER/absent"}});
  EXPECT_THAT(std::string(Load(spoilt).status().message()), HasSubstr("5 mistakes"));
  std::filesystem::create_directory(folder_.path() + "/data");
  Touch("data/journal.sqlite", 0600);
  const auto config = Load(spoilt);
  EXPECT_TRUE(config.ok()) << config.status();
}

// All that is wrong with it here is that its files lie on another machine.
TEST_F(ConfigTest, TheWorkedExampleForProductionIsGoodAndHasNothingOfTheDemos) {
  const std::string text = ReadFile("deploy/config/municipality.textproto").value_or("");
  const std::vector<std::string> said =
      absl::StrSplit(std::string(Load(text).status().message()), "\n  ");
  ASSERT_EQ(said.size(), 10U);
  for (std::size_t i = 1; i < said.size(); ++i) EXPECT_THAT(said[i], HasSubstr("No such file"));
  ServiceConfig config;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &config));
  EXPECT_FALSE(config.has_unlinking_delay_max());
  EXPECT_FALSE(config.has_catch_up_wait_max());
  EXPECT_FALSE(config.development() || config.development_reflection());
  EXPECT_EQ(config.development_clock_file(), "");
}

TEST_F(ConfigTest, AMissingConfigurationIsNamed) {
  const absl::Status refused = LoadConfig(path_).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(refused.message()), HasSubstr(path_));
}

}  // namespace
}  // namespace exitbus::adapters
