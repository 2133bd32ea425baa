#include <google/protobuf/util/json_util.h>

#include <ostream>
#include <utility>

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
#include "services/exchange/environment.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/schema.h"
#include "services/exchange/statements.h"
#include "tools/exitctl/handlers.h"
#include "tools/exitctl/values.h"

namespace exitbus::exitctl {
namespace {

constexpr std::size_t kEvidenceBytesMax = std::size_t{1} << 30;

absl::StatusOr<evidence::v1::EvidenceFile> Collected(const Said& said) {
  const std::string path = adapters::JournalIn(said["--data-folder"]);
  ASSIGN_OR_RETURN(auto store, adapters::OpenSqliteSnapshot(path));
  absl::Status known = exchange::CheckJournalSchema(*store, path);
  if (!known.ok()) return known;
  return evidence::Collect(
      *store, *adapters::MakeSodiumCrypto(),
      {said["--authority"], adapters::SystemClock().Now(), said.Value("--with").value_or("")});
}

absl::StatusOr<evidence::v1::EvidenceFile> EvidenceIn(const std::string& path) {
  ASSIGN_OR_RETURN(const auto bytes, adapters::ReadFile(path, kEvidenceBytesMax));
  evidence::v1::EvidenceFile file;
  if (!file.ParseFromString(bytes) || file.authority().empty() || !file.has_exported()) {
    return absl::InvalidArgumentError(path + ": is no file of `exitctl evidence export`");
  }
  return file;
}

// The identity keys that statements are checked with.
absl::Status FillDirectory(const std::string& path, const adapters::DirectoryTrust& trust,
                           const exchange::Crypto& crypto, adapters::MemoryDirectory& directory) {
  ASSIGN_OR_RETURN(const auto bytes, adapters::ReadFile(path));
  const auto verified = adapters::TrustedDirectory(crypto, bytes, trust);
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
  ASSIGN_OR_RETURN(const auto json, adapters::ReadFile(path));
  casework::v1::GetResponsibilityResponse response;
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, &response);
  const auto& statements = response.responsibility().statements();
  if (!parsed.ok() || statements.empty()) {
    return absl::InvalidArgumentError(
        path + ": holds no statements; save what `exitctl case responsible ID --json` prints");
  }
  return std::vector<std::string>(statements.begin(), statements.end());
}

}  // namespace

absl::StatusOr<int> ExportEvidence(const Invocation& on) {
  const Terminal terminal = on.terminal;
  ASSIGN_OR_RETURN(const auto file, Collected(on.said));
  const std::string& out = on.said["--out"];
  const absl::Status written = adapters::WriteNewSecretFile(out, file.SerializeAsString());
  if (!written.ok()) return written;
  terminal.out << out << ": " << file.authority() << ", " << file.journal_size()
               << " journal entries, " << file.correspondences_size() << " correspondences, "
               << file.own_size() << " checkpoints of its own, " << file.received_size()
               << " of others\n";
  return kDone;
}

absl::StatusOr<int> VerifyEvidence(const Invocation& on) {
  const Terminal terminal = on.terminal;
  std::vector<evidence::v1::EvidenceFile> files;
  for (const std::string& path : on.said.Values("FILE")) {
    ASSIGN_OR_RETURN(auto file, EvidenceIn(path));
    files.push_back(std::move(file));
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

absl::StatusOr<int> TellResponsible(const Invocation& on) {
  const Terminal terminal = on.terminal;
  const auto trust =
      adapters::TrustSaid(on.said.Values("--signer"), on.said.Value("--threshold").value_or(""));
  if (!trust.ok()) return Misused(std::string(trust.status().message()), on);
  const auto at = TimeOf(on.said.Value("--at").value_or("now"), adapters::SystemClock().Now());
  if (!at.ok()) return Misused("--at: " + std::string(at.status().message()), on);
  const auto crypto = adapters::MakeSodiumCrypto();
  adapters::MemoryDirectory directory;
  const absl::Status filled = FillDirectory(on.said["--directory"], *trust, *crypto, directory);
  if (!filled.ok()) return filled;
  ASSIGN_OR_RETURN(const auto statements, StatementsIn(on.said["--response"]));
  exchange::Environment environment;
  environment.crypto = crypto.get();
  environment.directory = &directory;
  ASSIGN_OR_RETURN(const auto found, casework::ResponsibleAt(
                                         *at, statements, exchange::KeyedStatements(&environment)));
  terminal.out << found.authority << " answered for the case, under number " << found.number
               << " since " << absl::FormatTime(absl::RFC3339_sec, found.since, absl::UTCTimeZone())
               << "\n";
  return kDone;
}

}  // namespace exitbus::exitctl
