#include "tests/story/certificates.h"

#include <google/protobuf/text_format.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "adapters/directory/authority_keys.h"
#include "adapters/directory/development_clock.h"
#include "adapters/directory/files.h"
#include "adapters/directory/signed_directory.h"
#include "adapters/sodium/sodium_crypto.h"
#include "services/exchange/hex.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::story {
namespace {

namespace fs = std::filesystem;

constexpr int kSigners = 3;
constexpr int kThreshold = 2;
constexpr absl::Duration kDirectoryValid = absl::Hours(24 * 90);
constexpr absl::Duration kDirectoryRenewed = absl::Hours(24 * 14);  // before its end
constexpr int kUnlinkingDelayMs = 300;
constexpr int kCatchUpWaitMaxS = 5;  // some are started without a broker
constexpr int kDiskReserveMib = 8;
constexpr int kRefusedCallsASecond = 1'000'000;  // the proofs try out thousands

absl::Status MakeFolder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  return error ? absl::UnavailableError(folder + ": " + error.message()) : absl::OkStatus();
}

bool IsThere(const std::string& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

// An operator's signing key, kept as hexadecimal text of mode 0600.
absl::StatusOr<exchange::KeyPair> SignerAt(const std::string& file,
                                           const exchange::Crypto& crypto) {
  if (!IsThere(file)) {
    RETURN_IF_ERROR(adapters::WriteNewSecretFile(
        file, absl::BytesToHexString(crypto.NewSigningKey().secret_key)));
  }
  ASSIGN_OR_RETURN(const std::string hex, adapters::ReadSecretFile(file));
  exchange::KeyPair signer;
  signer.secret_key = exchange::FromHex(hex).value_or("");
  if (signer.secret_key.size() != adapters::kSigningSecretKeyBytes) {
    return absl::InvalidArgumentError(file + ": is no signing key; remove it to have one made");
  }
  signer.public_key = signer.secret_key.substr(exchange::kKeyBytes);
  return signer;
}

absl::StatusOr<config::v1::AuthorityKeys> KeysAt(const std::string& file,
                                                 const exchange::Crypto& crypto) {
  if (!IsThere(file)) {
    adapters::SodiumRandom random;
    RETURN_IF_ERROR(adapters::WriteKeys(file, adapters::NewAuthorityKeys(crypto, random)));
  }
  return adapters::LoadKeys(file);
}

// The next two in the cast, round and round.
google::protobuf::RepeatedPtrField<std::string> WitnessesOf(const Member& member) {
  google::protobuf::RepeatedPtrField<std::string> witnesses;
  const auto& cast = Cast();
  std::size_t at = 0;
  while (cast[at].id != member.id) ++at;
  for (std::size_t i = 1; i <= 2; ++i) *witnesses.Add() = cast[(at + i) % cast.size()].id;
  return witnesses;
}

absl::StatusOr<directory::v1::Directory> Wanted(const Places& places,
                                                const std::set<std::string>& suspended,
                                                const exchange::Crypto& crypto) {
  directory::v1::Directory directory;
  for (const Member& member : Cast()) {
    RETURN_IF_ERROR(MakeFolder(places.Of(member) + "/data"));
    if (!IsThere(places.revoked_clients(member))) {
      RETURN_IF_ERROR(adapters::ReplaceFile(places.revoked_clients(member), ""));
    }
    ASSIGN_OR_RETURN(const auto keys, KeysAt(places.Of(member) + "/keys.textproto", crypto));
    directory::v1::Authority& authority = *directory.add_authorities();
    authority.set_id(member.id);
    authority.set_kind(member.kind);
    authority.set_name(member.name);
    authority.set_code(member.code);
    authority.set_district(member.district);
    *authority.mutable_witnesses() = WitnessesOf(member);
    authority.set_identity_key(keys.identity_public_key());
    authority.set_sealing_key(keys.sealing_keys(0).public_key());
    if (suspended.count(member.id) > 0) {
      authority.set_status(directory::v1::AUTHORITY_STATUS_SUSPENDED);
    }
  }
  return directory;
}

// Whether the file in force says all that is wanted, for long enough. Sets the version to follow.
bool IsGood(const std::string& file, const adapters::DirectoryTrust& trust,
            const exchange::Crypto& crypto, directory::v1::Directory wanted,
            std::uint64_t& version) {
  const auto bytes = adapters::ReadFile(file);
  if (!bytes.ok()) return false;
  const auto present = adapters::VerifyDirectory(crypto, *bytes, trust, absl::Now());
  if (!present.ok()) return false;
  version = present->version() + 1;
  wanted.set_version(present->version());
  *wanted.mutable_expires() = present->expires();
  return wanted.SerializeAsString() == present->SerializeAsString() &&
         absl::FromUnixSeconds(present->expires().seconds()) > absl::Now() + kDirectoryRenewed;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> MakeDirectory(const Places& places,
                                                       const std::set<std::string>& suspended) {
  const auto crypto = adapters::MakeSodiumCrypto();
  RETURN_IF_ERROR(MakeFolder(places.state + "/signers"));
  std::vector<exchange::KeyPair> signers;
  adapters::DirectoryTrust trust{{}, kThreshold};
  std::vector<std::string> public_keys;
  for (int i = 1; i <= kSigners; ++i) {
    ASSIGN_OR_RETURN(
        signers.emplace_back(),
        SignerAt(absl::StrFormat("%s/signers/signer-%d.key", places.state, i), *crypto));
    trust.signers.push_back(signers.back().public_key);
    public_keys.push_back(absl::BytesToHexString(signers.back().public_key));
  }
  ASSIGN_OR_RETURN(directory::v1::Directory wanted, Wanted(places, suspended, *crypto));
  for (const std::string& signer : trust.signers) wanted.add_next_signers(signer);
  wanted.set_next_threshold(kThreshold);
  std::uint64_t version = 1;
  if (IsGood(places.directory(), trust, *crypto, wanted, version)) return public_keys;
  wanted.set_version(version);
  wanted.mutable_expires()->set_seconds(absl::ToUnixSeconds(absl::Now() + kDirectoryValid));
  signers.resize(kThreshold);
  ASSIGN_OR_RETURN(const std::string bytes,
                   adapters::SignDirectory(*crypto, wanted, signers, absl::Now()));
  RETURN_IF_ERROR(adapters::ReplaceFile(places.directory(), bytes));
  return public_keys;
}

absl::Status MakeClock(const Places& places) {
  if (IsThere(places.clock())) return absl::OkStatus();
  config::v1::DevelopmentClock clock;
  clock.mutable_anchor()->set_seconds(absl::ToUnixSeconds(absl::Now()));
  clock.set_rate(1);
  return adapters::WriteDevelopmentClock(places.clock(), clock);
}

config::v1::ServiceConfig ConfigOf(const Places& places, const Member& member,
                                   const std::vector<std::string>& signers,
                                   const std::string& broker, int api_port, int metrics_port) {
  config::v1::ServiceConfig config;
  config.set_authority(member.id);
  config.set_kind(member.kind);
  config.set_api_address(absl::StrCat("127.0.0.1:", api_port));
  config.set_metrics_address(absl::StrCat("127.0.0.1:", metrics_port));
  config.set_data_folder(places.Of(member) + "/data");
  config.set_directory_file(places.directory());
  for (const std::string& signer : signers) config.add_directory_signers(signer);
  config.set_directory_threshold(kThreshold);
  config.set_keys_file(places.Of(member) + "/keys.textproto");
  config::v1::Tls own;
  own.set_certificate_file(places.certificate(member.id));
  own.set_key_file(places.key(member.id));
  *config.mutable_api_tls() = own;
  config.mutable_api_tls()->set_ca_file(places.clients_ca());
  config.mutable_kafka()->set_bootstrap_servers(broker);
  *config.mutable_kafka()->mutable_tls() = own;
  config.mutable_kafka()->mutable_tls()->set_ca_file(places.authorities_ca());
  // Only who answers for cases has a programme of its own; to the others it says nothing.
  for (const auto what :
       {casework::v1::PROGRAMME_OPENING_NEC, casework::v1::PROGRAMME_OPENING_POLICE,
        casework::v1::PROGRAMME_OPENING_POOL, casework::v1::PROGRAMME_OPENING_RELOCATION}) {
    config.add_municipal_exit_opens(what);
  }
  config.mutable_unlinking_delay_max()->set_nanos(kUnlinkingDelayMs * 1'000'000);
  config.set_revoked_clients_file(places.revoked_clients(member));
  config.mutable_catch_up_wait_max()->set_seconds(kCatchUpWaitMaxS);
  config.mutable_limits()->set_refused_calls_a_second_max(kRefusedCallsASecond);
  config.mutable_limits()->set_disk_reserve_mib(kDiskReserveMib);
  config.mutable_confirm_wait_max()->set_seconds(kCatchUpWaitMaxS);
  config.set_development_reflection(true);
  config.set_development_blind_letters_at_once(true);
  config.set_development(true);
  config.set_development_clock_file(places.clock());
  return config;
}

absl::Status WriteConfig(const std::string& file, const google::protobuf::Message& config) {
  std::string text;
  if (!google::protobuf::TextFormat::PrintToString(config, &text)) {
    return absl::InternalError(file + ": cannot be printed");
  }
  return adapters::ReplaceFile(file, text);
}

absl::Status WriteProfile(const Places& places, const Member& member, int api_port) {
  RETURN_IF_ERROR(MakeFolder(places.state + "/clients"));
  return adapters::ReplaceFile(
      places.profile(member),
      absl::StrCat("EXITBUS_ADDRESS=127.0.0.1:", api_port, "\nEXITBUS_CA=", places.authorities_ca(),
                   "\nEXITBUS_CERT=", places.certificate(member.client), "\nEXITBUS_KEY=",
                   places.key(member.client), "\nEXITBUS_EMPLOYEE=", member.employee,
                   "\nEXITBUS_PURPOSE=", member.purpose, "\n"));
}

}  // namespace exitbus::story
