#include "adapters/process/own_store.h"

#include <filesystem>
#include <optional>

#include "services/exchange/ports/status_macros.h"
#include "services/exchange/ports/store.h"

namespace exitbus::adapters {
namespace {

constexpr char kOwnerKey[] = "owner";
constexpr char kJournal[] = "/journal.sqlite";
constexpr char kKeys[] = "/keys.sqlite";

absl::Status NotThere(const std::string& file) {
  return absl::FailedPreconditionError(
      file +
      ": holds no store. Mount the volume it lies on, or put its backup back. Only where this "
      "authority never ran before: begin its store once, with --new-store.");
}

// A store serves the authority that it was first opened for and no other. Against a mistake:
// whoever alters a store on purpose is not stopped by it, and holds another authority's keys no
// more than before.
absl::Status CheckOwner(const std::string& file, const std::string& authority,
                        const std::optional<std::string>& owner) {
  if (!owner || *owner == authority) return absl::OkStatus();
  return absl::FailedPreconditionError(file + ": is the store of \"" + *owner + "\", not of \"" +
                                       authority +
                                       "\". Correct `data_folder`, or put this authority's own "
                                       "files back.");
}

}  // namespace

absl::Status CheckStoreIsThere(const std::string& data_folder, bool begin) {
  if (begin) return absl::OkStatus();
  for (const char* file : {kJournal, kKeys}) {
    std::error_code error;
    if (!std::filesystem::exists(data_folder + file, error)) return NotThere(data_folder + file);
  }
  return absl::OkStatus();
}

absl::Status CheckStoreIsOwn(const std::string& data_folder, const std::string& authority,
                             exchange::Store& journal, exchange::Store& keys, bool begin) {
  ASSIGN_OR_RETURN(const auto of_journal, journal.Get(exchange::Table::kMeta, kOwnerKey));
  ASSIGN_OR_RETURN(const auto of_keys, keys.Get(exchange::Table::kMeta, kOwnerKey));
  RETURN_IF_ERROR(CheckOwner(data_folder + kJournal, authority, of_journal));
  RETURN_IF_ERROR(CheckOwner(data_folder + kKeys, authority, of_keys));
  // The keys' owner is written first, so a journal never stands without it.
  if (of_journal && !of_keys) return NotThere(data_folder + kKeys);
  if (of_journal && begin) {
    return absl::FailedPreconditionError(data_folder +
                                         ": holds this authority's store already. Start without "
                                         "--new-store, which is for its first start only.");
  }
  if (of_journal) return absl::OkStatus();
  if (!begin) return NotThere(data_folder + kJournal);
  RETURN_IF_ERROR(keys.Commit(exchange::Durability::kDurable,
                              {{exchange::Table::kMeta, kOwnerKey, authority}}));
  return journal.Commit(exchange::Durability::kDurable,
                        {{exchange::Table::kMeta, kOwnerKey, authority}});
}

}  // namespace exitbus::adapters
