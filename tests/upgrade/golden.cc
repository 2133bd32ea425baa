#include "tests/upgrade/golden.h"

#include <google/protobuf/text_format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "adapters/directory/config.h"
#include "adapters/directory/file_directory.h"
#include "adapters/directory/files.h"
#include "adapters/directory/key_file.h"
#include "adapters/process/own_store.h"
#include "adapters/process/settings.h"
#include "adapters/sodium/file_master_key.h"
#include "adapters/sqlite/sqlite_store.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/schema.h"
#include "tests/story/cast.h"
#include "tests/story/child.h"

namespace exitbus::upgrade {
namespace {

namespace fs = std::filesystem;

constexpr char kHere[] = "tests/upgrade";  // tests run in the root of the tree
constexpr char kArchive[] = ".tar.xz";
constexpr std::size_t kScanRows = 1000;

// For what was kept: that it does not hold together is not what a test is about.
template <class Value>
Value Must(absl::StatusOr<Value> value) {
  if (!value.ok()) {
    std::cerr << "what was kept: " << value.status() << std::endl;
    std::abort();
  }
  return *std::move(value);
}
void Must(const absl::Status& status) {
  Must(status.ok() ? absl::StatusOr<bool>(true) : absl::StatusOr<bool>(status));
}

// The files that a configuration names and a process without a network does not read.
void Touch(const std::string& path) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::app) << "";
  chmod(path.c_str(), 0600);
}

config::v1::ServiceConfig ConfigIn(const std::string& folder) {
  const std::string path = folder + "/config.textproto";
  const std::string text = Must(adapters::ReadFile(path));
  const std::string state = fs::path(folder).parent_path().string();
  Must(adapters::ReplaceFile(path, absl::StrReplaceAll(text, {{"STATE", state}})));
  config::v1::ServiceConfig named;
  if (!google::protobuf::TextFormat::ParseFromString(Must(adapters::ReadFile(path)), &named)) {
    std::abort();
  }
  for (const config::v1::Tls& tls : {named.api_tls(), named.kafka().tls()}) {
    for (const std::string& file : {tls.certificate_file(), tls.key_file(), tls.ca_file()}) {
      Touch(file);
    }
  }
  Touch(named.revoked_clients_file());
  Touch(named.development_clock_file());
  fs::create_directories(named.data_folder());
  return Must(adapters::LoadConfig(path));
}

// As its process opens it: of this program's schema, this authority's, and no other's.
std::unique_ptr<exchange::Store> OpenStore(const std::string& path, bool keys) {
  auto store = Must(adapters::OpenSqliteStore(path, {.leave_no_trace = keys}));
  Must(keys ? exchange::MigrateKeys(*store, path) : exchange::MigrateJournal(*store, path));
  return store;
}

std::unique_ptr<adapters::MemoryStore> RowsOf(exchange::Store& store) {
  auto rows = std::make_unique<adapters::MemoryStore>();
  for (int i = 0; i < exchange::kTableCount; ++i) {
    const auto table = static_cast<exchange::Table>(i);
    std::string after;
    while (true) {
      const auto page = Must(store.Scan(table, "", after, kScanRows));
      std::vector<exchange::Write> writes;
      for (const exchange::Row& row : page) writes.push_back({table, row.key, row.value});
      if (page.empty()) break;
      after = page.back().key;
      Must(rows->Commit(exchange::Durability::kDurable, writes));
    }
  }
  return rows;
}

}  // namespace

std::vector<std::string> KeptReleases() {
  std::vector<std::string> releases;
  for (const auto& entry : fs::directory_iterator(kHere)) {
    const std::string name = entry.path().filename().string();
    if (absl::EndsWith(name, kArchive)) releases.emplace_back(absl::StripSuffix(name, kArchive));
  }
  std::sort(releases.begin(), releases.end());
  return releases;
}

std::string NameOf(std::string release) {
  std::replace(release.begin(), release.end(), '.', '_');
  return release;
}

Golden::Golden(const std::string& release)
    : contracts(Must(ReleasedContracts::Load("proto/released/" + release + ".binpb"))) {
  Must(story::RunTool(
      {"tar", "-xf", absl::StrCat(kHere, "/", release, kArchive), "-C", files_.path()},
      files_.path() + "/tar.log"));
  testing::v1::Recorded recorded;
  if (!recorded.ParseFromString(Must(adapters::ReadFile(files_.path() + "/recorded.binpb")))) {
    std::abort();
  }
  const absl::Time wall = exchange::FromProto(recorded.wall());
  world.clock.AdvanceTo(wall);
  world.domain_clock.Skip(exchange::FromProto(recorded.domain()) - wall);
  for (const testing::v1::RecordedRecord& kept : recorded.records()) {
    exchange::BusRecord record;
    record.topic = kept.topic();
    record.payload = kept.payload();
    record.timestamp = exchange::FromProto(kept.timestamp());
    for (const auto& header : kept.headers()) {
      record.headers.emplace_back(header.name(), header.value());
    }
    world.broker.Append(std::move(record));
  }
}

testing::v1::Shown Golden::ShownBy(const std::string& authority) const {
  const std::string file = absl::StrCat(files_.path(), "/", authority, "/shown.textproto");
  testing::v1::Shown shown;
  if (!google::protobuf::TextFormat::ParseFromString(Must(adapters::ReadFile(file)), &shown)) {
    std::cerr << file << ": cannot be read with today's contracts" << std::endl;
    std::abort();
  }
  return shown;
}

void Golden::OpenAll() {
  for (const story::Member& member : story::Cast()) Open(member.id);
}

simulation::Node& Golden::Add(const std::string& authority, bool with_stores) {
  const std::string folder = files_.path() + "/" + authority;
  const config::v1::ServiceConfig config = ConfigIn(folder);
  simulation::Kept kept;
  kept.settings = adapters::SettingsOf(config);
  const auto keys = Must(adapters::KeyFile::Open(config.keys_file(), false));
  kept.secrets = keys->Secrets();
  kept.master_key = adapters::MakeFileMasterKey(world.crypto.get(),
                                                exchange::SecretBytes(keys->keys().master_key()));
  const auto directory = Must(adapters::FileDirectory::Open(
      {config.directory_file(), adapters::TrustOf(config), "", 0, authority, nullptr},
      world.crypto.get(), &world.clock));
  for (const auto& entry : directory->All()) world.directory.Put(*entry);
  kept.entry = *directory->Find(authority);
  if (with_stores) {
    const auto journal = OpenStore(folder + "/journal.sqlite", false);
    const auto key_store = OpenStore(folder + "/keys.sqlite", true);
    Must(adapters::CheckStoreIsOwn(folder, authority, *journal, *key_store, false));
    kept.store = RowsOf(*journal);
    kept.keys = RowsOf(*key_store);
  }
  simulation::Node& node = world.Add(std::move(kept));
  nodes_[authority] = &node;
  return node;
}

}  // namespace exitbus::upgrade
