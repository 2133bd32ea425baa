#include "adapters/directory/file_directory.h"

#include <functional>
#include <map>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "adapters/directory/files.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::adapters {

using directory::v1::Authority;
using exchange::DirectoryEntry;

namespace {

directory::v1::AuthorityStatus StatusAt(const Authority& authority, absl::Time now) {
  if (authority.status() == directory::v1::AUTHORITY_STATUS_REMOVED) return authority.status();
  if (authority.has_until() && absl::FromUnixSeconds(authority.until().seconds()) <= now) {
    return directory::v1::AUTHORITY_STATUS_REMOVED;
  }
  if (authority.has_from() && now < absl::FromUnixSeconds(authority.from().seconds())) {
    return directory::v1::AUTHORITY_STATUS_SUSPENDED;
  }
  return authority.status();
}

}  // namespace

struct FileDirectory::Edition {
  std::uint64_t version = 0;
  absl::Time expires;
  DirectoryTrust next_trust;
  std::string signed_directory;  // as in the file
  std::string directory;         // what was signed
  std::uint64_t content = 0;
  std::map<std::string, std::shared_ptr<const DirectoryEntry>, std::less<>> entries;

  // An edition that rules nothing yet.
  static std::shared_ptr<const Edition> None(const FileDirectoryOptions& options) {
    auto none = std::make_shared<Edition>();
    none->version = options.minimum_version;
    none->next_trust = options.trust;
    return none;
  }

  static std::shared_ptr<const Edition> From(const std::string& signed_directory,
                                             const directory::v1::Directory& directory,
                                             std::uint64_t content, absl::Time now) {
    auto edition = std::make_shared<Edition>();
    edition->version = directory.version();
    edition->expires = absl::FromUnixSeconds(directory.expires().seconds());
    edition->next_trust = NextTrust(directory);
    edition->signed_directory = signed_directory;
    edition->directory = SignedPart(signed_directory);
    edition->content = content;
    for (const Authority& authority : directory.authorities()) {
      auto entry = std::make_shared<DirectoryEntry>();
      entry->id = authority.id();
      entry->kind = authority.kind();
      entry->name = authority.name();
      entry->code = authority.code();
      entry->identity_key = authority.identity_key();
      entry->sealing_key = authority.sealing_key();
      entry->district = authority.district();
      entry->status = StatusAt(authority, now);
      entry->witnesses.assign(authority.witnesses().begin(), authority.witnesses().end());
      entry->replaced_by = authority.replaced_by();
      edition->entries[authority.id()] = std::move(entry);
    }
    return edition;
  }

  // Null: nobody's days have begun or ended since.
  std::shared_ptr<const Edition> At(absl::Time now) const {
    directory::v1::Directory read;
    if (!read.ParseFromString(directory)) return nullptr;
    const bool is_as_before = absl::c_all_of(read.authorities(), [&](const Authority& authority) {
      return entries.at(authority.id())->status == StatusAt(authority, now);
    });
    return is_as_before ? nullptr : From(signed_directory, read, content + 1, now);
  }

  static std::string SignedPart(const std::string& signed_directory) {
    directory::v1::SignedDirectory read;
    return read.ParseFromString(signed_directory) ? read.directory() : "";
  }
};

namespace {

// A typing mistake must not leave its successors without a number. Enough for years of daily ones.
constexpr std::uint64_t kVersionStepMax = 10'000;

absl::Status In(const std::string& file, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat(file, ": ", status.message()));
}

absl::Status Expired(absl::Time expires) {
  return absl::FailedPreconditionError(absl::StrCat("the directory expired at ",
                                                    absl::FormatTime(expires, absl::UTCTimeZone()),
                                                    "; distribute a new one"));
}

}  // namespace

FileDirectory::FileDirectory(FileDirectoryOptions options, const exchange::Crypto* crypto,
                             const exchange::Clock* clock)
    : options_(std::move(options)),
      crypto_(crypto),
      clock_(clock),
      edition_(Edition::None(options_)) {}

absl::StatusOr<std::unique_ptr<FileDirectory>> FileDirectory::Open(FileDirectoryOptions options,
                                                                   const exchange::Crypto* crypto,
                                                                   const exchange::Clock* clock) {
  const std::string last_accepted = options.last_accepted;
  std::unique_ptr<FileDirectory> directory(new FileDirectory(std::move(options), crypto, clock));
  if (!last_accepted.empty()) {
    directory::v1::Directory stored;
    const std::string part = Edition::SignedPart(last_accepted);
    if (part.empty() || !stored.ParseFromString(part)) {
      return absl::DataLossError("the last accepted directory in the store cannot be read");
    }
    const std::lock_guard lock(directory->mutex_);
    directory->edition_ = Edition::From(last_accepted, stored, 1, clock->Now());
  }
  const auto refreshed = directory->Refresh();
  if (!refreshed.ok() && last_accepted.empty()) return refreshed.status();
  return directory;
}

absl::StatusOr<bool> FileDirectory::Refresh() {
  const std::lock_guard lock(refreshing_);
  // Also while the file is none.
  const bool days_passed = Replace(edition()->At(clock_->Now()));
  ASSIGN_OR_RETURN(const auto bytes, ReadFile(options_.file));
  const auto changed = Consider(bytes);
  if (!changed.ok()) return In(options_.file, changed.status());
  return days_passed || *changed;
}

absl::StatusOr<bool> FileDirectory::Consider(const std::string& bytes) {
  const std::shared_ptr<const Edition> current = edition();
  const bool is_current =
      !current->directory.empty() && Edition::SignedPart(bytes) == current->directory;
  if (is_current) {
    if (current->expires <= clock_->Now()) return Expired(current->expires);
    return false;
  }
  ASSIGN_OR_RETURN(const auto verified,
                   VerifyDirectory(*crypto_, bytes, current->next_trust, clock_->Now()));
  const std::shared_ptr<const Edition> next =
      Edition::From(bytes, verified, current->content + 1, clock_->Now());
  RETURN_IF_ERROR(CheckSuccessor(*current, *next));
  return Replace(next);
}

bool FileDirectory::Replace(std::shared_ptr<const Edition> next) {
  if (next == nullptr) return false;
  const std::lock_guard lock(mutex_);
  edition_ = std::move(next);
  return true;
}

absl::Status FileDirectory::CheckSuccessor(const Edition& current, const Edition& next) const {
  const bool first = current.directory.empty();
  if (next.version < current.version) {
    return absl::FailedPreconditionError(absl::StrCat("has version ", next.version, ", older than ",
                                                      current.version,
                                                      ", which was accepted before"));
  }
  if (next.version == current.version && !first) {
    return absl::FailedPreconditionError(
        absl::StrCat("is another version ", next.version,
                     " than the one accepted before; give the new one a higher number"));
  }
  if (next.version - current.version > kVersionStepMax && !first) {
    return absl::FailedPreconditionError(
        absl::StrCat("has version ", next.version, ", far above ", current.version,
                     ", which is in force; give it the next number"));
  }
  if (next.expires <= clock_->Now()) return Expired(next.expires);
  for (const auto& [id, entry] : next.entries) {
    const auto before = current.entries.find(id);
    if (before == current.entries.end()) continue;
    if (entry->identity_key == before->second->sealing_key ||
        entry->sealing_key == before->second->identity_key) {
      return absl::FailedPreconditionError(
          absl::StrCat("has the two keys of \"", id,
                       "\" swapped; have it signed with the "
                       "identity key and the sealing key each in its place"));
    }
  }
  if (!options_.fits) return absl::OkStatus();
  const auto self = next.entries.find(options_.self);
  return options_.fits(self == next.entries.end() ? nullptr : self->second.get());
}

std::shared_ptr<const FileDirectory::Edition> FileDirectory::edition() const {
  const std::lock_guard lock(mutex_);
  return edition_;
}

std::uint64_t FileDirectory::version() const { return edition()->version; }
std::uint64_t FileDirectory::content() const { return edition()->content; }
absl::Time FileDirectory::expires() const { return edition()->expires; }
std::string FileDirectory::accepted() const { return edition()->signed_directory; }

std::shared_ptr<const DirectoryEntry> FileDirectory::Find(std::string_view authority) const {
  const std::shared_ptr<const Edition> current = edition();
  const auto found = current->entries.find(authority);
  return found == current->entries.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<const DirectoryEntry>> FileDirectory::All() const {
  const std::shared_ptr<const Edition> current = edition();
  std::vector<std::shared_ptr<const DirectoryEntry>> all;
  all.reserve(current->entries.size());
  for (const auto& [id, entry] : current->entries) all.push_back(entry);
  return all;
}

}  // namespace exitbus::adapters
