#include "tests/story/deployment.h"

#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "adapters/directory/development_clock.h"
#include "adapters/directory/files.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/story/console.h"
#include "tests/story/health.h"

namespace exitbus::story {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kServingLimit = absl::Seconds(30);
constexpr absl::Duration kStopLimit = absl::Seconds(15);
constexpr absl::Duration kKillLimit = absl::Seconds(5);
constexpr absl::Duration kLook = absl::Milliseconds(20);

Daemon DaemonOf(const Places& places, const Member& member, std::string program) {
  std::vector<std::string> command = {std::move(program)};
  if (!fs::exists(places.journal(member))) command.push_back("--new-store");
  command.insert(command.end(), {"--config", places.config(member)});
  return {std::move(command), places.Of(member) + "/pid", places.log(member)};
}

// For who ends it, whatever build it is of.
Daemon DaemonOf(const Places& places, const Member& member) {
  return DaemonOf(places, member, Deployment::Program(member.binary));
}

// exitbus-provision, as it goes on.
Daemon FollowerOf(const Places& places, std::vector<std::string> command) {
  return {std::move(command), places.state + "/provision.pid", places.state + "/provision.log"};
}

// Whoever may run.
std::vector<Member> All() {
  std::vector<Member> all = Cast();
  all.push_back(ConsoleMember());
  return all;
}

absl::Status StopServices(const Places& places) {
  for (const Member& member : All()) Signal(DaemonOf(places, member), SIGTERM);
  absl::Status first = End(FollowerOf(places, {places.directory()}), SIGTERM, kStopLimit);
  for (const Member& member : All()) {
    const Daemon daemon = DaemonOf(places, member);
    if (AwaitEnd(daemon, kStopLimit).ok()) continue;
    first.Update(End(daemon, SIGKILL, kKillLimit));
  }
  return first;
}

absl::StatusOr<Places> PlacesAt(const std::string& state) {
  std::error_code error;
  fs::create_directories(state, error);
  if (error) return absl::UnavailableError(state + ": " + error.message());
  return Places{fs::canonical(state, error).string()};
}

// Where this program lies: <checkout>/build/<preset>/bin.
fs::path Bin() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path();
}

}  // namespace

std::string Deployment::Program(const std::string& name) { return (Bin() / name).string(); }

std::string Deployment::Source() {
  return Bin().parent_path().parent_path().parent_path().string();
}

std::string Deployment::Tool(const std::string& name) {
  return absl::StrCat(Source(), "/tools/", name);
}

Deployment::Deployment(Places places, Progress progress, Console console)
    : places_(std::move(places)), progress_(std::move(progress)), console_(console) {}

absl::StatusOr<std::unique_ptr<Deployment>> Deployment::Prepare(const std::string& state,
                                                                Progress progress,
                                                                Console console) {
  ASSIGN_OR_RETURN(Places places, PlacesAt(state));
  std::unique_ptr<Deployment> deployment(
      new Deployment(std::move(places), std::move(progress), console));
  RETURN_IF_ERROR(StopServices(deployment->places_));
  RETURN_IF_ERROR(deployment->MakeCertificates());
  deployment->progress_("keys, and the directory signed by two of its three signers");
  ASSIGN_OR_RETURN(deployment->signers_, MakeDirectory(deployment->places_));
  RETURN_IF_ERROR(MakeClock(deployment->places_));
  std::vector<std::string> names = {"console.web"};
  for (const Member& member : All()) {
    names.push_back(member.id + ".api");
    names.push_back(member.id + ".metrics");
  }
  if (deployment->has_console()) {
    ASSIGN_OR_RETURN(deployment->console_key_, MakeConsoleKeys(deployment->places_));
  }
  ASSIGN_OR_RETURN(deployment->ports_, ChoosePorts(deployment->places_.state + "/ports", names));
  return deployment;
}

absl::Status Deployment::MakeCertificates() {
  progress_("certificates");
  std::vector<std::string> tool = {Tool("certificates"), "--dir", places_.pki()};
  std::vector<std::string> init = tool;
  init.push_back("init");
  std::vector<std::string> authorities = tool;
  authorities.insert(authorities.end(), {"issue-authority", "broker", "provisioner"});
  std::vector<std::string> clients = tool;
  clients.push_back("issue-client");
  for (const Member& member : Cast()) {
    authorities.push_back(member.id);
    clients.push_back(member.client);
    if (!IsMunicipality(member)) continue;
    clients.push_back(RegisterOf(member).client);
    clients.push_back(JobcentreOf(member).client);
  }
  if (has_console()) {
    authorities.push_back(ConsoleMember().id);
    for (std::string& client : ConsoleClients()) clients.push_back(std::move(client));
  }
  for (const auto& command : {init, authorities, clients}) {
    RETURN_IF_ERROR(RunTool(command, ToolLog("certificates")));
  }
  return absl::OkStatus();
}

absl::Status Deployment::MakeConfigs() {
  for (const Member& member : Cast()) {
    config::v1::ServiceConfig config = ConfigOf(places_, member, signers_, broker_address(),
                                                api_port(member), metrics_port(member));
    if (has_console()) config.mutable_trace()->set_console_key(console_key_);
    const auto build = builds_.find(member.id);
    if (build != builds_.end()) RETURN_IF_ERROR(build->second.known(config));
    RETURN_IF_ERROR(WriteConfig(places_.config(member), config));
    RETURN_IF_ERROR(WriteProfile(places_, member, api_port(member)));
    if (IsMunicipality(member)) {
      RETURN_IF_ERROR(WriteProfile(places_, RegisterOf(member), api_port(member)));
      RETURN_IF_ERROR(WriteProfile(places_, JobcentreOf(member), api_port(member)));
    }
  }
  return has_console() ? MakeConsoleConfig() : absl::OkStatus();
}

absl::Status Deployment::MakeConsoleConfig() {
  const Member& console = ConsoleMember();
  RETURN_IF_ERROR(
      WriteConfig(places_.config(console),
                  ConsoleConfigOf(places_, signers_, broker_address(), api_port(console),
                                  console_web_port(), metrics_port(console))));
  return WriteProfile(places_, console, api_port(console));
}

absl::Status Deployment::Start() {
  progress_("broker");
  RETURN_IF_ERROR(StartBroker());
  progress_("topics and access list at the broker, from the directory and the protos");
  RETURN_IF_ERROR(Provision());
  RETURN_IF_ERROR(MakeConfigs());
  progress_("the authorities' processes");
  for (const Member& member : Cast()) RETURN_IF_ERROR(StartService(member));
  if (has_console()) RETURN_IF_ERROR(StartService(ConsoleMember()));
  for (const Member& member : Cast()) RETURN_IF_ERROR(AwaitServing(member));
  return has_console() ? AwaitServing(ConsoleMember()) : absl::OkStatus();
}

absl::Status Deployment::Stop() {
  const std::lock_guard<std::mutex> lock(starting_);
  stopped_ = true;
  return StopAll(places_.state);
}

absl::Status Deployment::StopAll(const std::string& state) {
  ASSIGN_OR_RETURN(const Places places, PlacesAt(state));
  absl::Status status = StopServices(places);
  status.Update(
      RunTool({Tool("broker"), "--state", places.state, "stop"}, places.state + "/broker.log"));
  return status;
}

absl::Status Deployment::Broker(const std::string& command) {
  const std::lock_guard<std::mutex> lock(starting_);
  if (stopped_) return absl::CancelledError("the deployment was stopped");
  return RunTool({Tool("broker"), "--state", places_.state, command}, ToolLog("broker"));
}

absl::Status Deployment::StartBroker() { return Broker("start"); }
absl::Status Deployment::KillBroker() { return Broker("kill"); }
absl::Status Deployment::WipeBroker() { return Broker("wipe"); }

std::string Deployment::broker_address() const {
  const std::string text =
      adapters::ReadFile(places_.state + "/broker/address").value_or("127.0.0.1:1");
  return std::string(absl::StripSuffix(text, "\n"));
}

std::vector<std::string> Deployment::ProvisionCommand() const {
  std::vector<std::string> command = {Program("exitbus-provision"),
                                      "--threshold",
                                      "2",
                                      "--broker",
                                      broker_address(),
                                      "--ca",
                                      places_.authorities_ca(),
                                      "--certificate",
                                      places_.certificate("provisioner"),
                                      "--key",
                                      places_.key("provisioner")};
  for (const std::string& signer : signers_) {
    command.push_back("--signer");
    command.push_back(signer);
  }
  if (has_console()) command.push_back("--console");
  command.insert(command.end(), {"--directory", places_.directory()});
  return command;
}

absl::Status Deployment::FollowDirectory() {
  const std::lock_guard<std::mutex> lock(starting_);
  if (stopped_) return absl::CancelledError("the deployment was stopped");
  std::vector<std::string> command = ProvisionCommand();
  command.insert(command.begin() + 1, "--follow");
  const Daemon follower = FollowerOf(places_, std::move(command));
  return RunningPid(follower) ? absl::OkStatus() : Spawn(follower);
}

absl::Status Deployment::Provision() {
  return RunTool(ProvisionCommand(), ToolLog("provision-once"));
}

absl::Status Deployment::CheckProvisioned() {
  std::vector<std::string> command = ProvisionCommand();
  command.insert(command.begin() + 1, "--dry-run");
  return RunTool(command, ToolLog("provision-check"));
}

Daemon Deployment::DaemonOf(const Member& member) const {
  const auto build = builds_.find(member.id);
  if (build == builds_.end()) return story::DaemonOf(places_, member);
  return story::DaemonOf(places_, member, build->second.bin + "/" + member.binary);
}

absl::Status Deployment::StartService(const Member& member) {
  const std::lock_guard<std::mutex> lock(starting_);
  if (stopped_) return absl::CancelledError("the deployment was stopped");
  return Spawn(DaemonOf(member));
}

absl::Status Deployment::AwaitServing(const Member& member) {
  const absl::Time deadline = absl::Now() + kServingLimit;
  while (true) {
    if (!PidOf(member)) {
      return absl::InternalError(
          absl::StrCat(member.id, " ended at its start:\n", TailOf(places_.log(member))));
    }
    // Its own port first, so that no failed call is made.
    if (IsListening(api_port(member)) && AskHealth(ClientOf(member), "") == Health::kServing) {
      return absl::OkStatus();
    }
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError(
          absl::StrCat(member.id, " does not serve:\n", TailOf(places_.log(member))));
    }
    absl::SleepFor(kLook);
  }
}

absl::Status Deployment::StopService(const Member& member) {
  return End(DaemonOf(member), SIGTERM, kStopLimit);
}

absl::Status Deployment::KillService(const Member& member) {
  return End(DaemonOf(member), SIGKILL, kKillLimit);
}

std::optional<pid_t> Deployment::PidOf(const Member& member) const {
  return RunningPid(DaemonOf(member));
}

absl::StatusOr<absl::Time> Deployment::Today() const {
  ASSIGN_OR_RETURN(const auto clock, adapters::LoadDevelopmentClock(places_.clock()));
  return adapters::TimeOf(clock, absl::Now());
}

adapters::GrpcClientOptions Deployment::ClientOf(const Member& member) const {
  return {absl::StrCat("127.0.0.1:", api_port(member)), places_.authorities_ca(),
          places_.certificate(member.client), places_.key(member.client), member.id};
}

}  // namespace exitbus::story
