#include "tools/exitctl/evidence_commands.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <ostream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "adapters/directory/files.h"
#include "adapters/directory/signed_directory.h"
#include "adapters/memory/memory_directory.h"
#include "adapters/sodium/sodium_crypto.h"
#include "adapters/sqlite/sqlite_store.h"
#include "adapters/system/system_clock.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "services/casework/handover/responsibility.h"
#include "services/evidence/collect.h"
#include "services/evidence/verify.h"
#include "services/exchange/context.h"
#include "services/exchange/schema.h"
#include "services/exchange/statements.h"
#include "tools/exitctl/values.h"

namespace exitbus::exitctl {

const char kEvidenceHelp[] =
    "exitctl evidence export --data-folder DIR --authority ID --out FILE [--with PEER]\n"
    "  writes an authority's evidence, from its own store, into a new file that only its owner "
    "may\n"
    "  read. The service may run meanwhile or not; no key is needed, and no payload, person or id\n"
    "  goes along. With --with: only what concerns that other authority, to be given to it\n"
    "exitctl evidence verify FILE [OTHER_FILE …]\n"
    "  checks files offline. One: the journal is whole and is the one its checkpoints committed "
    "to.\n"
    "  More, one per authority: also both ends of every correspondence between them, number by\n"
    "  number, and what each keeps as the other's witness. Each finding is a line; exit 1 if one "
    "is\n"
    "  a fault\n"
    "exitctl evidence responsible --response FILE --directory FILE --signer HEX … [--threshold N]\n"
    "                             [--at TIME]\n"
    "  tells offline who answered for a case, now or at TIME, from signed statements alone. FILE "
    "is\n"
    "  what `exitctl case responsible ID --json` printed; of its answer only the statements "
    "count.\n"
    "  The directory must be signed by --threshold of the signers (all of them if left out); an\n"
    "  expired one will do. Exit 1: the evidence is broken, or shows two holders\n";

namespace {

constexpr std::size_t kEvidenceBytesMax = std::size_t{1} << 30;
constexpr std::size_t kSignerHexDigits = 64;

absl::StatusOr<evidence::v1::EvidenceFile> Collected(const CommandLine& line) {
  const std::string path = adapters::JournalIn(*line.Value("--data-folder"));
  auto store = adapters::OpenSqliteSnapshot(path);
  if (!store.ok()) return store.status();
  absl::Status known = exchange::CheckJournalSchema(**store, path);
  if (!known.ok()) return known;
  return evidence::Collect(**store, *adapters::MakeSodiumCrypto(),
                           {*line.Value("--authority"), adapters::SystemClock().Now(),
                            line.Value("--with").value_or("")});
}

int Export(const CommandLine& line, Terminal terminal) {
  if (!line.Has("--data-folder") || !line.Has("--authority") || !line.Has("--out") ||
      line.words.size() != 2) {
    return Misused("export wants --data-folder, --authority and --out", kEvidenceHelp, terminal);
  }
  const auto file = Collected(line);
  if (!file.ok()) return Fail(file.status(), terminal);
  const std::string out = *line.Value("--out");
  const absl::Status written = adapters::WriteNewSecretFile(out, file->SerializeAsString());
  if (!written.ok()) return Fail(written, terminal);
  terminal.out << out << ": " << file->authority() << ", " << file->journal_size()
               << " journal entries, " << file->correspondences_size() << " correspondences, "
               << file->own_size() << " checkpoints of its own, " << file->received_size()
               << " of others\n";
  return kDone;
}

absl::StatusOr<evidence::v1::EvidenceFile> EvidenceIn(const std::string& path) {
  const auto bytes = adapters::ReadFile(path, kEvidenceBytesMax);
  if (!bytes.ok()) return bytes.status();
  evidence::v1::EvidenceFile file;
  if (!file.ParseFromString(*bytes) || file.authority().empty() || !file.has_exported()) {
    return absl::InvalidArgumentError(path + ": is no file of `exitctl evidence export`");
  }
  return file;
}

int Verify(const CommandLine& line, Terminal terminal) {
  if (line.words.size() < 3) return Misused("verify wants a file", kEvidenceHelp, terminal);
  std::vector<evidence::v1::EvidenceFile> files;
  for (std::size_t i = 2; i < line.words.size(); ++i) {
    auto file = EvidenceIn(line.words[i]);
    if (!file.ok()) return Fail(file.status(), terminal);
    files.push_back(*std::move(file));
  }
  int faults = 0;
  for (const auto& finding : evidence::Verify(files, *adapters::MakeSodiumCrypto())) {
    faults += finding.fault ? 1 : 0;
    terminal.out << (finding.fault ? "FAULT  " : "note   ") << finding.text << "\n";
  }
  for (const evidence::v1::EvidenceFile& file : files) {
    terminal.out << file.authority() << ": " << file.journal_size() << " journal entries, "
                 << file.own_size() << " checkpoints looked at\n";
  }
  terminal.out << (faults == 0 ? "nothing is wrong\n" : absl::StrCat(faults, " faults\n"));
  return faults == 0 ? kDone : kRefused;
}

absl::StatusOr<adapters::DirectoryTrust> TrustSaid(const CommandLine& line) {
  adapters::DirectoryTrust trust;
  for (const std::string& text : line.Values("--signer")) {
    if (text.size() != kSignerHexDigits ||
        !std::all_of(text.begin(), text.end(), absl::ascii_isxdigit)) {
      return absl::InvalidArgumentError(
          text + " is no signer: give an Ed25519 public key as 64 hexadecimal digits");
    }
    trust.signers.push_back(absl::HexStringToBytes(text));
  }
  trust.threshold = static_cast<std::uint32_t>(trust.signers.size());
  const auto threshold = line.Value("--threshold");
  if (threshold && !absl::SimpleAtoi(*threshold, &trust.threshold)) {
    return absl::InvalidArgumentError("--threshold is no number");
  }
  if (trust.threshold == 0 || trust.threshold > trust.signers.size()) {
    return absl::InvalidArgumentError("--threshold must be from 1 to the number of --signer");
  }
  return trust;
}

// The identity keys that statements are checked with.
absl::Status FillDirectory(const std::string& path, const adapters::DirectoryTrust& trust,
                           const exchange::Crypto& crypto, adapters::MemoryDirectory& directory) {
  const auto bytes = adapters::ReadFile(path);
  if (!bytes.ok()) return bytes.status();
  const auto verified = adapters::TrustedDirectory(crypto, *bytes, trust);
  if (!verified.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": ", std::string(verified.status().message())));
  }
  for (const directory::v1::Authority& authority : verified->authorities()) {
    exchange::DirectoryEntry entry;
    entry.id = authority.id();
    entry.identity_key = authority.identity_key();
    directory.Put(std::move(entry));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> StatementsIn(const std::string& path) {
  const auto json = adapters::ReadFile(path);
  if (!json.ok()) return json.status();
  casework::v1::GetResponsibilityResponse response;
  const auto parsed = google::protobuf::util::JsonStringToMessage(*json, &response);
  const auto& statements = response.responsibility().statements();
  if (!parsed.ok() || statements.empty()) {
    return absl::InvalidArgumentError(
        path + ": holds no statements; save what `exitctl case responsible ID --json` prints");
  }
  return std::vector<std::string>(statements.begin(), statements.end());
}

int Responsible(const CommandLine& line, Terminal terminal) {
  const auto response = line.Value("--response");
  const auto directory_file = line.Value("--directory");
  if (!response || !directory_file || !line.Has("--signer") || line.words.size() != 2) {
    return Misused("responsible wants --response, --directory and --signer", kEvidenceHelp,
                   terminal);
  }
  const auto trust = TrustSaid(line);
  if (!trust.ok()) return Misused(std::string(trust.status().message()), kEvidenceHelp, terminal);
  const auto at = TimeOf(line.Value("--at").value_or("now"), adapters::SystemClock().Now());
  if (!at.ok())
    return Misused("--at: " + std::string(at.status().message()), kEvidenceHelp, terminal);
  const auto crypto = adapters::MakeSodiumCrypto();
  adapters::MemoryDirectory directory;
  const absl::Status filled = FillDirectory(*directory_file, *trust, *crypto, directory);
  if (!filled.ok()) return Fail(filled, terminal);
  const auto statements = StatementsIn(*response);
  if (!statements.ok()) return Fail(statements.status(), terminal);
  exchange::Context context;
  context.crypto = crypto.get();
  context.directory = &directory;
  const auto found = casework::ResponsibleAt(*at, *statements, exchange::KeyedStatements(&context));
  if (!found.ok()) return Fail(found.status(), terminal);
  terminal.out << found->authority << " answered for the case, under number " << found->number
               << " since "
               << absl::FormatTime(absl::RFC3339_sec, found->since, absl::UTCTimeZone()) << "\n";
  return kDone;
}

}  // namespace

int RunEvidence(const CommandLine& line, Terminal terminal) {
  const std::string word = line.words.size() > 1 ? line.words[1] : "";
  const auto with = [&](const std::set<std::string>& known, const auto& run) {
    const absl::Status options = line.CheckOptions(known);
    return options.ok() ? run(line, terminal)
                        : Misused(std::string(options.message()), kEvidenceHelp, terminal);
  };
  if (word == "export") return with({"--data-folder", "--authority", "--out", "--with"}, Export);
  if (word == "verify") return with({}, Verify);
  if (word == "responsible") {
    return with({"--response", "--directory", "--signer", "--threshold", "--at"}, Responsible);
  }
  return Misused("evidence wants export, verify or responsible", kEvidenceHelp, terminal);
}

}  // namespace exitbus::exitctl
