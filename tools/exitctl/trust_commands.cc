#include "tools/exitctl/trust_commands.h"

#include <cstdio>
#include <ostream>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "adapters/directory/authority_keys.h"
#include "adapters/directory/files.h"
#include "adapters/directory/mistakes.h"
#include "adapters/directory/signed_directory.h"
#include "adapters/directory/text_format.h"
#include "adapters/sodium/sodium_crypto.h"
#include "tools/exitctl/length_of_time.h"
#include "tools/exitctl/text_table.h"
#include "tools/exitctl/view_parts.h"

namespace exitbus::exitctl {

const char kKeysHelp[] =
    "exitctl keys new --out FILE\n"
    "  makes fresh keys, of an authority or of one who signs directories, into a new file that "
    "only\n"
    "  its owner may read, and prints the public ones: in hexadecimal, and as a directory's entry\n"
    "  has them\n"
    "exitctl keys renew FILE\n"
    "  puts a fresh sealing key in front; the running service takes it up within seconds and "
    "announces\n"
    "  it, and what was sealed to the earlier ones still opens\n"
    "exitctl keys retire FILE [--older-than 8d]\n"
    "  destroys the sealing keys that were superseded longer ago than that: what was sealed to "
    "them "
    "can\n"
    "  be opened by nobody any more. Less than 8 days, the topics' retention and a day, makes "
    "peers "
    "send\n"
    "  again what still lies there. The newest is never destroyed. What a service keeps of the "
    "file\n"
    "  (FILE.accepted) is renewed and retired with it; other copies are yours to destroy\n";

const char kDirectoryHelp[] =
    "exitctl directory sign --entries FILE --signer-keys FILE … --out FILE\n"
    "  signs a directory; --entries is an exitbus.directory.v1.Directory in text format\n"
    "  (exitctl describe exitbus.directory.v1.Directory)\n"
    "exitctl directory countersign FILE --signer-keys FILE … --out FILE\n"
    "  adds signatures, for signers who sit apart. A directory that names other signers for the "
    "next\n"
    "  version is signed by both: those the last one named, and those it names itself\n"
    "exitctl directory show FILE\n"
    "  shows what it says and who signed it; whether these are to be trusted says the\n"
    "  configuration of each service\n"
    "exitctl directory entries FILE\n"
    "  prints what it says as --entries wants it: the next version begins as a copy of this, with "
    "a\n"
    "  higher version, a later end, and what has changed, e.g. status: "
    "AUTHORITY_STATUS_SUSPENDED\n";

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
    const auto keys = adapters::LoadKeys(file);
    if (!keys.ok()) return keys.status();
    signers.push_back(
        {keys->identity_public_key(), exchange::SecretBytes(keys->identity_secret_key())});
  }
  return signers;
}

absl::StatusOr<std::string> Signed(const std::string& entries,
                                   const std::vector<exchange::KeyPair>& signers) {
  const auto text = adapters::ReadFile(entries);
  if (!text.ok()) return text.status();
  Directory directory;
  adapters::Mistakes mistakes;
  const bool read = adapters::ParseText(*text, adapters::Quoting::kAllowed, directory, mistakes);
  if (!read || !mistakes.empty()) return mistakes.ToStatus(entries);
  return adapters::SignDirectory(*adapters::MakeSodiumCrypto(), directory, signers, absl::Now());
}

// What the file says and who signed it, trusted or not.
absl::Status Read(const std::string& file, SignedDirectory& read, Directory& directory) {
  const auto bytes = adapters::ReadFile(file);
  if (!bytes.ok()) return bytes.status();
  if (!read.ParseFromString(*bytes) || !directory.ParseFromString(read.directory())) {
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
  if (absl::Status done = Read(file, read, directory); !done.ok()) return done;
  const absl::Status checked = adapters::CheckDirectory(*crypto, directory, absl::Now());
  if (!checked.ok()) return checked;
  absl::StatusOr<std::string> bytes = read.SerializeAsString();
  for (const exchange::KeyPair& signer : signers) {
    if (bytes.ok()) bytes = adapters::AddSignature(*crypto, *bytes, signer);
  }
  return bytes;
}

// Signs what `make` makes with the keys in --signer-keys and in the words from `keys_from` on.
template <class Make>
int Sign(const CommandLine& line, std::size_t keys_from, Terminal terminal, const Make& make) {
  std::vector<std::string> key_files = line.Values("--signer-keys");
  for (std::size_t i = keys_from; i < line.words.size(); ++i) key_files.push_back(line.words[i]);
  const auto out = line.Value("--out");
  if (!out || key_files.empty()) {
    return Misused("--out and --signer-keys are needed", kDirectoryHelp, terminal);
  }
  const auto signers = SignersOf(key_files);
  if (!signers.ok()) return Fail(signers.status(), terminal);
  const absl::StatusOr<std::string> made = make(*signers);
  if (!made.ok()) return Fail(made.status(), terminal);
  if (absl::Status written = adapters::ReplaceFile(*out, *made); !written.ok()) {
    return Fail(written, terminal);
  }
  terminal.out << *out << " is signed by\n";
  for (const exchange::KeyPair& signer : *signers) {
    terminal.out << "  " << Hex(signer.public_key) << "\n";
  }
  return kDone;
}

void PrintDirectory(const Directory& directory, Terminal terminal) {
  terminal.out << "directory, version " << directory.version() << "\n";
  std::string text;
  AddLine(text, "expires", Moment(directory.has_expires(), directory.expires()));
  AddLine(text, "next", absl::StrCat(directory.next_threshold(), " of these sign the next"));
  for (const std::string& signer : directory.next_signers()) AddLine(text, "", Hex(signer));
  TableRows rows = {{"AUTHORITY", "KIND", "CODE", "NAME", "CVR", "DISTRICT", "STATUS", "WITNESSES",
                     "IDENTITY KEY", "SEALING KEY"}};
  for (const auto& authority : directory.authorities()) {
    rows.push_back({authority.id(), Said(authority.kind()), authority.code(), authority.name(),
                    authority.cvr(), authority.district(),
                    authority.status() == 0 ? "in service" : Said(authority.status()),
                    absl::StrJoin(authority.witnesses(), " "), Hex(authority.identity_key()),
                    Hex(authority.sealing_key())});
  }
  terminal.out << text << TextTable(rows);
}

int ShowEntries(const std::string& file, Terminal terminal) {
  SignedDirectory read;
  Directory directory;
  if (absl::Status done = Read(file, read, directory); !done.ok()) return Fail(done, terminal);
  terminal.out << directory.Utf8DebugString();
  return kDone;
}

int Show(const std::string& file, Terminal terminal) {
  SignedDirectory read;
  Directory directory;
  if (absl::Status done = Read(file, read, directory); !done.ok()) return Fail(done, terminal);
  PrintDirectory(directory, terminal);
  const auto crypto = adapters::MakeSodiumCrypto();
  bool all_good = read.signatures_size() > 0;
  for (const auto& signature : read.signatures()) {
    const bool good = adapters::IsSignedBy(*crypto, read, signature);
    all_good = all_good && good;
    terminal.out << (good ? "  signed by " : "  WRONG SIGNATURE of ") << Hex(signature.signer())
                 << "\n";
  }
  if (read.signatures_size() == 0) terminal.out << "  NOT SIGNED\n";
  const absl::Status checked = adapters::CheckDirectory(*crypto, directory, absl::Now());
  if (!checked.ok()) return Fail(checked, terminal);
  return all_good ? kDone : kRefused;
}

int NewKeys(const std::string& out, Terminal terminal) {
  adapters::SodiumRandom random;
  const auto keys = adapters::NewAuthorityKeys(*adapters::MakeSodiumCrypto(), random);
  if (absl::Status written = adapters::WriteKeys(out, keys); !written.ok()) {
    return Fail(written, terminal);
  }
  const std::string identity = keys.identity_public_key();
  const std::string sealing = keys.sealing_keys(0).public_key();
  terminal.out << "identity_key  " << Hex(identity) << "\nsealing_key   " << Hex(sealing)
               << "\n\nin a directory's entry:\n  identity_key: " << TextBytes(identity)
               << "\n  sealing_key: " << TextBytes(sealing) << "\n";
  return kDone;
}

int RenewKeys(const std::string& file, Terminal terminal) {
  auto keys = adapters::LoadKeys(file);
  if (!keys.ok()) return Fail(keys.status(), terminal);
  adapters::RenewSealingKey(*adapters::MakeSodiumCrypto(), absl::Now(), *keys);
  if (absl::Status written = adapters::ReplaceKeys(file, *keys); !written.ok()) {
    return Fail(written, terminal);
  }
  terminal.out << "sealing_key   " << Hex(keys->sealing_keys(0).public_key()) << "\n"
               << keys->sealing_keys_size() - 1 << " earlier still open what was sealed to them\n";
  return kDone;
}

int RetireKeys(const std::string& file, absl::Duration older_than, Terminal terminal) {
  auto keys = adapters::LoadKeys(file);
  if (!keys.ok()) return Fail(keys.status(), terminal);
  const int retired = adapters::RetireSealingKeys(absl::Now() - older_than, *keys);
  if (retired > 0) {
    if (absl::Status written = adapters::ReplaceKeys(file, *keys); !written.ok()) {
      return Fail(written, terminal);
    }
  }
  terminal.out << retired << " destroyed, " << keys->sealing_keys_size() << " left\n";
  return kDone;
}

}  // namespace

int RunKeys(const CommandLine& line, Terminal terminal) {
  absl::Status options = line.CheckOptions({"--out", "--older-than"});
  if (!options.ok()) return Misused(std::string(options.message()), kKeysHelp, terminal);
  const std::string word = line.words.size() > 1 ? line.words[1] : "";
  const auto out = line.Value("--out");
  if (word == "new" && line.words.size() == 2 && out) return NewKeys(*out, terminal);
  if (word == "renew" && line.words.size() == 3) return RenewKeys(line.words[2], terminal);
  if (word == "retire" && line.words.size() == 3) {
    const auto older_than = LengthOfTime(line.Value("--older-than").value_or(kRetiredAfter));
    if (!older_than)
      return Misused("--older-than is no length of time, e.g. 8d", kKeysHelp, terminal);
    return RetireKeys(line.words[2], *older_than, terminal);
  }
  return Misused("this is not new, renew or retire with what it needs", kKeysHelp, terminal);
}

int RunDirectory(const CommandLine& line, Terminal terminal) {
  absl::Status options = line.CheckOptions({"--entries", "--signer-keys", "--out"});
  if (!options.ok()) return Misused(std::string(options.message()), kDirectoryHelp, terminal);
  const std::string word = line.words.size() > 1 ? line.words[1] : "";
  const auto entries = line.Value("--entries");
  if (word == "sign" && entries) {
    return Sign(line, 2, terminal, [&](const auto& signers) { return Signed(*entries, signers); });
  }
  if (word == "countersign" && line.words.size() > 2) {
    return Sign(line, 3, terminal,
                [&](const auto& signers) { return Countersigned(line.words[2], signers); });
  }
  if (word == "show" && line.words.size() == 3) return Show(line.words[2], terminal);
  if (word == "entries" && line.words.size() == 3) return ShowEntries(line.words[2], terminal);
  return Misused("this is not sign, countersign, show or entries with what it needs",
                 kDirectoryHelp, terminal);
}

}  // namespace exitbus::exitctl
