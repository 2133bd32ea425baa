#include "tests/separation/planted_story.h"

#include <filesystem>
#include <iostream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "adapters/directory/files.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/e2e/environment.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

namespace fs = std::filesystem;

constexpr char kTopics[] = "exitbus.";
constexpr std::size_t kFileBytesMax = 256 * 1024 * 1024;

std::string BrokerData() { return TheDeployment().places().state + "/broker/data"; }
std::string LostBrokerData() { return TheDeployment().places().state + "/broker-before-wipe"; }

// Plants, and keeps what the broker had before its disk is lost.
class Planter : public Listener {
 public:
  explicit Planter(Canaries* canaries) : canaries_(canaries) {}

  void Word(google::protobuf::Message& said) override { canaries_->Word(said); }
  void Answered(const Member& member, const std::string& method,
                const google::protobuf::Message& request,
                const adapters::GrpcClient::Reply& reply) override {
    canaries_->Answered(member, method, request, reply);
  }
  void BrokerKilled() override {
    fs::copy(BrokerData(), LostBrokerData(), fs::copy_options::recursive, lost_);
  }
  const std::error_code& lost() const { return lost_; }

 private:
  Canaries* const canaries_;
  std::error_code lost_;
};

}  // namespace

void SearchPlace(const Canaries& canaries, const Search& search, const std::string& place,
                 std::string_view bytes, Searched& searched) {
  ++searched.places;
  searched.bytes += bytes.size();
  for (const Finding& finding : search.In(bytes)) {
    searched.leaks.push_back(
        absl::StrCat(place, ": ", canaries.all()[finding.value].field, ", ", finding.form));
  }
}

Searched SearchEverything(const Canaries& canaries, bool figures) {
  const Places& places = TheDeployment().places();
  const Search search(canaries.values());
  Searched searched;
  if (figures) {
    for (const Member& member : Cast()) {
      const std::string url =
          absl::StrCat("http://127.0.0.1:", TheDeployment().metrics_port(member), "/metrics");
      const absl::Status asked =
          RunTool({"curl", "--silent", "--fail", url}, absl::StrCat(places.Of(member), "/figures"));
      if (!asked.ok()) searched.leaks.push_back(member.id + ": no figures: " + asked.ToString());
    }
  }
  std::error_code error;
  for (fs::recursive_directory_iterator it(places.state, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code ignored;
    if (!it->is_regular_file(ignored) || it->is_symlink(ignored)) continue;
    const auto bytes = adapters::ReadFile(it->path().string(), kFileBytesMax);
    if (absl::IsNotFound(bytes.status())) continue;  // gone meanwhile, as temporary files are
    const std::string name = fs::relative(it->path(), places.state, ignored).string();
    if (!bytes.ok()) searched.leaks.push_back(name + ": not read: " + bytes.status().ToString());
    if (bytes.ok() && name.ends_with("-wal")) searched.log_bytes += bytes->size();
    if (bytes.ok()) SearchPlace(canaries, search, name, *bytes, searched);
    SearchPlace(canaries, search, "the name of " + name, name, searched);
  }
  if (error) searched.leaks.push_back("not all files were seen: " + error.message());
  return searched;
}

// Told by the first one.
std::shared_future<PlantedStory*>& PlantedStory::Begun() {
  static auto* begun = new std::shared_future<PlantedStory*>(std::async(std::launch::async, [] {
    auto* made = new PlantedStory;
    made->played_ = made->Play();
    made->gathered_ = made->Gather();
    return made;
  }));
  return *begun;
}

void PlantedStory::Begin() {
  for (const char* suite : {"Canaries", "ClearBytes", "EveryWriter"}) {
    if (WillRun(suite)) return (void)Begun();
  }
}

PlantedStory& PlantedStory::Get() { return *Begun().get(); }

absl::Status PlantedStory::Play() {
  std::ostringstream told;
  Narrator narrator(&told);
  Planter planter(&canaries_);
  ASSIGN_OR_RETURN(const auto story, Story::Make(&TheDeployment(), &narrator, &planter));
  absl::Status played = story->Play();
  if (!played.ok()) std::cout << told.str();
  if (planter.lost()) return absl::InternalError("not copied: " + planter.lost().message());
  return played;
}

absl::Status PlantedStory::Gather() {
  for (const std::string& folder : {LostBrokerData(), BrokerData()}) {
    ASSIGN_OR_RETURN(const auto records, ReadSegments(folder, kTopics));
    records_.insert(records_.end(), records.begin(), records.end());
  }
  Deployment& deployment = TheDeployment();
  for (const Member& member : Cast()) RETURN_IF_ERROR(deployment.KillService(member));
  killed_ = SearchEverything(canaries_, false);
  std::vector<exchange::BusRecord> records;
  for (const StoredRecord& stored : records_) records.push_back(stored.record);
  for (const Member& member : Cast()) {
    ASSIGN_OR_RETURN(opened_[member.id], OpenEverything(deployment, member, records));
  }
  for (const Member& member : Cast()) RETURN_IF_ERROR(deployment.StartService(member));
  for (const Member& member : Cast()) RETURN_IF_ERROR(deployment.AwaitServing(member));
  running_ = SearchEverything(canaries_, true);
  return absl::OkStatus();
}

}  // namespace exitbus::story
