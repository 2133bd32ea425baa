#include <ostream>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/directory/authority_keys.h"
#include "adapters/directory/files.h"
#include "adapters/directory/mistakes.h"
#include "adapters/directory/signed_directory.h"
#include "adapters/directory/text_format.h"
#include "adapters/sodium/sodium_crypto.h"
#include "services/exchange/ports/status_macros.h"
#include "tools/exitctl/handlers.h"
#include "tools/exitctl/length_of_time.h"
#include "tools/exitctl/rendering.h"

namespace exitbus::exitctl {
namespace {

// The topics' retention and a day.
constexpr char kRetiredAfter[] = "8d";

using directory::v1::Directory;
using directory::v1::SignedDirectory;

std::string Hex(const std::string& bytes) { return absl::BytesToHexString(bytes); }

// As protobuf's text format reads it, every byte escaped.
std::string TextBytes(const std::string& bytes) {
  std::string text = "\"";
  for (const char byte : bytes) {
    absl::StrAppend(&text, "\\x", absl::Hex(static_cast<unsigned char>(byte), absl::kZeroPad2));
  }
  return text + "\"";
}

absl::StatusOr<std::vector<exchange::KeyPair>> SignersOf(const std::vector<std::string>& files) {
  std::vector<exchange::KeyPair> signers;
  for (const std::string& file : files) {
    ASSIGN_OR_RETURN(const auto keys, adapters::LoadKeys(file));
    signers.push_back(
        {keys.identity_public_key(), exchange::SecretBytes(keys.identity_secret_key())});
  }
  return signers;
}

absl::StatusOr<std::string> Signed(const std::string& entries,
                                   const std::vector<exchange::KeyPair>& signers) {
  ASSIGN_OR_RETURN(const auto text, adapters::ReadFile(entries));
  Directory directory;
  adapters::Mistakes mistakes;
  const bool read = adapters::ParseText(text, adapters::Quoting::kAllowed, directory, mistakes);
  if (!read || !mistakes.empty()) return mistakes.ToStatus(entries);
  return adapters::SignDirectory(*adapters::MakeSodiumCrypto(), directory, signers, absl::Now());
}

// What the file says and who signed it, trusted or not.
absl::Status Read(const std::string& file, SignedDirectory& read, Directory& directory) {
  ASSIGN_OR_RETURN(const auto bytes, adapters::ReadFile(file));
  if (!read.ParseFromString(bytes) || !directory.ParseFromString(read.directory())) {
    return absl::InvalidArgumentError(file + " is not a signed directory");
  }
  return absl::OkStatus();
}

// Nobody signs what no service would take.
absl::StatusOr<std::string> Countersigned(const std::string& file,
                                          const std::vector<exchange::KeyPair>& signers) {
  const auto crypto = adapters::MakeSodiumCrypto();
  SignedDirectory read;
  Directory directory;
  RETURN_IF_ERROR(Read(file, read, directory));
  const absl::Status checked = adapters::CheckDirectory(*crypto, directory, absl::Now());
  if (!checked.ok()) return checked;
  absl::StatusOr<std::string> bytes = read.SerializeAsString();
  for (const exchange::KeyPair& signer : signers) {
    if (bytes.ok()) bytes = adapters::AddSignature(*crypto, *bytes, signer);
  }
  return bytes;
}

// Signs what `make` makes with the keys that are said.
template <class Make>
absl::StatusOr<int> Sign(const Invocation& on, const Make& make) {
  std::vector<std::string> key_files = on.said.Values("--signer-keys");
  for (const std::string& more : on.said.Values("MORE-KEYS")) key_files.push_back(more);
  ASSIGN_OR_RETURN(const auto signers, SignersOf(key_files));
  const absl::StatusOr<std::string> made = make(signers);
  if (!made.ok()) return made.status();
  const std::string& out = on.said["--out"];
  RETURN_IF_ERROR(adapters::ReplaceFile(out, *made));
  on.terminal.out << out << " is signed by\n";
  for (const exchange::KeyPair& signer : signers) {
    on.terminal.out << "  " << Hex(signer.public_key) << "\n";
  }
  return kDone;
}

}  // namespace

absl::StatusOr<int> SignDirectory(const Invocation& on) {
  return Sign(on, [&](const auto& signers) { return Signed(on.said["--entries"], signers); });
}

absl::StatusOr<int> CountersignDirectory(const Invocation& on) {
  return Sign(on, [&](const auto& signers) { return Countersigned(on.said["FILE"], signers); });
}

absl::StatusOr<int> ShowEntries(const Invocation& on) {
  SignedDirectory read;
  Directory directory;
  RETURN_IF_ERROR(Read(on.said["FILE"], read, directory));
  on.terminal.out << directory.Utf8DebugString();
  return kDone;
}

absl::StatusOr<int> ShowDirectory(const Invocation& on) {
  SignedDirectory read;
  Directory directory;
  RETURN_IF_ERROR(Read(on.said["FILE"], read, directory));
  on.terminal.out << "directory, version " << directory.version() << "\n" << AsText(directory);
  const auto crypto = adapters::MakeSodiumCrypto();
  bool all_good = read.signatures_size() > 0;
  for (const auto& signature : read.signatures()) {
    const bool good = adapters::IsSignedBy(*crypto, read, signature);
    all_good = all_good && good;
    on.terminal.out << (good ? "  signed by " : "  WRONG SIGNATURE of ") << Hex(signature.signer())
                    << "\n";
  }
  if (read.signatures_size() == 0) on.terminal.out << "  NOT SIGNED\n";
  const absl::Status checked = adapters::CheckDirectory(*crypto, directory, absl::Now());
  if (!checked.ok()) return checked;
  return all_good ? kDone : kRefused;
}

absl::StatusOr<int> NewKeys(const Invocation& on) {
  adapters::SodiumRandom random;
  const auto keys = adapters::NewAuthorityKeys(*adapters::MakeSodiumCrypto(), random);
  RETURN_IF_ERROR(adapters::WriteKeys(on.said["--out"], keys));
  const std::string identity = keys.identity_public_key();
  const std::string sealing = keys.sealing_keys(0).public_key();
  on.terminal.out << "identity_key  " << Hex(identity) << "\nsealing_key   " << Hex(sealing)
                  << "\n\nin a directory's entry:\n  identity_key: " << TextBytes(identity)
                  << "\n  sealing_key: " << TextBytes(sealing) << "\n";
  return kDone;
}

absl::StatusOr<int> RenewKeys(const Invocation& on) {
  const std::string& file = on.said["FILE"];
  ASSIGN_OR_RETURN(auto keys, adapters::LoadKeys(file));
  adapters::RenewSealingKey(*adapters::MakeSodiumCrypto(), absl::Now(), keys);
  RETURN_IF_ERROR(adapters::ReplaceKeys(file, keys));
  on.terminal.out << "sealing_key   " << Hex(keys.sealing_keys(0).public_key()) << "\n"
                  << keys.sealing_keys_size() - 1
                  << " earlier still open what was sealed to them\n";
  return kDone;
}

absl::StatusOr<int> RetireKeys(const Invocation& on) {
  const auto older_than = LengthOfTime(on.said.Value("--older-than").value_or(kRetiredAfter));
  if (!older_than) return Misused("--older-than is no length of time, e.g. 8d", on);
  const std::string& file = on.said["FILE"];
  ASSIGN_OR_RETURN(auto keys, adapters::LoadKeys(file));
  const int retired = adapters::RetireSealingKeys(absl::Now() - *older_than, keys);
  if (retired > 0) {
    RETURN_IF_ERROR(adapters::ReplaceKeys(file, keys));
  }
  on.terminal.out << retired << " destroyed, " << keys.sealing_keys_size() << " left\n";
  return kDone;
}

}  // namespace exitbus::exitctl
