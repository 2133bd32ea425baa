#include "tests/separation/opened.h"

#include <google/protobuf/unknown_field_set.h>

#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "absl/strings/str_cat.h"
#include "adapters/directory/config.h"
#include "adapters/directory/file_directory.h"
#include "adapters/directory/key_file.h"
#include "adapters/sodium/sodium_crypto.h"
#include "adapters/sqlite/sqlite_store.h"
#include "adapters/system/system_clock.h"
#include "exitbus/config/v1/config.pb.h"
#include "services/exchange/environment.h"
#include "services/exchange/framed.h"
#include "services/exchange/keys.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/sealing.h"

namespace exitbus::story {
namespace {

namespace fs = std::filesystem;
using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;

constexpr std::size_t kPage = 500;
constexpr std::size_t kCipherBytesMin = 40;  // nonce and tag alone

absl::Status ForEachRow(exchange::Store& store,
                        const std::function<void(exchange::Table, const exchange::Row&)>& each) {
  for (int table = 0; table < exchange::kTableCount; ++table) {
    std::string after;
    while (true) {
      ASSIGN_OR_RETURN(const auto rows,
                       store.Scan(static_cast<exchange::Table>(table), "", after, kPage));
      for (const exchange::Row& row : rows) each(static_cast<exchange::Table>(table), row);
      if (rows.size() < kPage) break;
      after = rows.back().key;
    }
  }
  return absl::OkStatus();
}

// A folder's files, copied aside for as long as this lives.
class Copy {
 public:
  explicit Copy(const std::string& folder) : folder_(folder + ".copy") {
    fs::copy(folder, folder_, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  }
  ~Copy() { fs::remove_all(folder_); }
  const std::string& folder() const { return folder_; }

 private:
  const std::string folder_;
};

class Opener {
 public:
  Opener(const exchange::Crypto& crypto, Opened& opened) : crypto_(crypto), opened_(opened) {}

  // The keys of its erasure scopes, by unit. From a copy: a key store is opened by its owner only.
  absl::Status TakeKeys(const std::string& data_folder, const std::string& master_key) {
    const Copy copy(data_folder);
    ASSIGN_OR_RETURN(const auto store, adapters::OpenSqliteStore(copy.folder() + "/keys.sqlite",
                                                                 {.leave_no_trace = true}));
    return ForEachRow(*store, [&](exchange::Table, const exchange::Row& row) {
      auto key = crypto_.Decrypt(master_key, row.key, row.value);
      if (key.ok()) units_[row.key] = *std::move(key);
      Keep(row);
    });
  }

  absl::Status TakeRows(const std::string& file) {
    ASSIGN_OR_RETURN(const auto store, adapters::OpenSqliteSnapshot(file));
    return ForEachRow(*store, [&](exchange::Table table, const exchange::Row& row) {
      Keep(row);
      place_ = {table, row.key};
      numbers_ = {0, 1, 2};
      Dig(row.value);
    });
  }

  // Tries every key, then looks into what parses as a message for more.
  void Dig(const std::string& bytes) {
    if (bytes.size() < kCipherBytesMin || Open(bytes)) return;
    UnknownFieldSet fields;
    if (!fields.ParseFromString(bytes)) return;
    for (int i = 0; i < fields.field_count(); ++i) {
      if (fields.field(i).type() == UnknownField::TYPE_VARINT)
        numbers_.insert(fields.field(i).varint());
    }
    for (int i = 0; i < fields.field_count(); ++i) {
      if (fields.field(i).type() == UnknownField::TYPE_LENGTH_DELIMITED) {
        Dig(fields.field(i).length_delimited());
      }
    }
  }

 private:
  // With the key of any unit, in the place where the row lies: what version of it, or which part,
  // one of the numbers in it says.
  bool Open(const std::string& bytes) {
    for (const auto& [unit, key] : units_) {
      for (const std::uint64_t version : numbers_) {
        const auto plain =
            crypto_.Decrypt(key,
                            exchange::Framed("exitbus.at-rest.v1",
                                             {exchange::TableName(place_.first), place_.second,
                                              exchange::SortableNumber(version), unit}),
                            bytes);
        if (!plain.ok()) continue;
        ++opened_.decrypted;
        absl::StrAppend(&opened_.plain, *plain, "\n");
        Dig(*plain);
        return true;
      }
    }
    return false;
  }

  void Keep(const exchange::Row& row) {
    absl::StrAppend(&opened_.stored, row.key, "\n", row.value, "\n");
    ++opened_.rows;
  }

  const exchange::Crypto& crypto_;
  Opened& opened_;
  std::map<std::string, std::string> units_;
  std::pair<exchange::Table, std::string> place_;
  std::set<std::uint64_t> numbers_ = {0, 1, 2};
};

}  // namespace

absl::StatusOr<std::vector<OpenedRecord>> OpenRecords(
    const Deployment& deployment, const Member& member,
    const std::vector<exchange::BusRecord>& records) {
  ASSIGN_OR_RETURN(const auto config, adapters::LoadConfig(deployment.places().config(member)));
  ASSIGN_OR_RETURN(const auto keys, adapters::KeyFile::Open(config.keys_file(), false));
  const auto crypto = adapters::MakeSodiumCrypto();
  adapters::SystemClock clock;
  ASSIGN_OR_RETURN(
      const auto directory,
      adapters::FileDirectory::Open({config.directory_file(), adapters::TrustOf(config), "", 0},
                                    crypto.get(), &clock));
  exchange::Environment environment;
  environment.self = config.authority();
  environment.secrets = keys->Secrets();
  environment.crypto = crypto.get();
  environment.directory = directory.get();
  std::vector<OpenedRecord> opened;
  for (const exchange::BusRecord& record : records) {
    auto packet = exchange::OpenRecord(environment, record);
    if (packet.ok()) opened.push_back({record.topic, *std::move(packet)});
  }
  return opened;
}

std::vector<exchange::v1::Letter> LettersIn(const std::vector<OpenedRecord>& opened) {
  std::vector<exchange::v1::Letter> letters;
  for (const auto& [topic, packet] : opened) {
    if (packet.has_letter()) letters.push_back(packet.letter());
    const auto& batch = packet.letters().letters();
    letters.insert(letters.end(), batch.begin(), batch.end());
  }
  return letters;
}

absl::StatusOr<Opened> OpenEverything(const Deployment& deployment, const Member& member,
                                      const std::vector<exchange::BusRecord>& records) {
  ASSIGN_OR_RETURN(const auto config, adapters::LoadConfig(deployment.places().config(member)));
  ASSIGN_OR_RETURN(const auto keys, adapters::KeyFile::Open(config.keys_file(), false));
  const auto crypto = adapters::MakeSodiumCrypto();
  Opened opened;
  Opener opener(*crypto, opened);
  RETURN_IF_ERROR(opener.TakeKeys(config.data_folder(), keys->keys().master_key()));
  RETURN_IF_ERROR(opener.TakeRows(config.data_folder() + "/journal.sqlite"));
  ASSIGN_OR_RETURN(const auto packets, OpenRecords(deployment, member, records));
  for (const auto& [topic, packet] : packets) {
    opened.topics.push_back(topic);
    const std::string bytes = packet.SerializeAsString();
    absl::StrAppend(&opened.plain, bytes, "\n");
    opener.Dig(bytes);
  }
  return opened;
}

}  // namespace exitbus::story
