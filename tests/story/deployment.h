// A whole deployment in one folder: certificates, keys, directory, configurations, the broker with
// its topics and access list, and one process per authority. What is there already is kept, what an
// interrupted run left behind is ended first.
//
// Thread safety: none, but for Stop().
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "adapters/grpc/grpc_client.h"
#include "tests/story/certificates.h"
#include "tests/story/child.h"

namespace exitbus::config::v1 {
class ServiceConfig;
}

namespace exitbus::story {

// The programs of an earlier release.
struct Build {
  std::string bin;  // their folder
  // Leaves of a configuration what they know.
  std::function<absl::Status(config::v1::ServiceConfig&)> known;
};

enum class Console { kNone, kBeside };

class Deployment {
 public:
  // Told what is being done, before it is.
  using Progress = std::function<void(std::string_view)>;

  // Makes all certificates and files; starts nothing. `state` is created. The services' programs
  // are looked for beside the running one, the tools in this checkout.
  static absl::StatusOr<std::unique_ptr<Deployment>> Prepare(const std::string& state,
                                                             Progress progress,
                                                             Console console = Console::kNone);

  // Broker, topics, services; returns when every service is serving.
  absl::Status Start();
  // Ends by their pid files what runs in this folder, whoever started it, and lets nothing be
  // started here any more. From any thread.
  absl::Status Stop();
  // The same without a Deployment.
  static absl::Status StopAll(const std::string& state);

  absl::Status StartBroker();
  absl::Status KillBroker();  // kill -9
  absl::Status WipeBroker();  // its log folder is gone, as after a lost disk
  // Topics and access list; safe to repeat. `difference`: what was missing or surplus, by line.
  absl::Status Provision();
  // Lets a process of its own hold the broker to the directory from now on, also over restarts of
  // the broker, until Stop().
  absl::Status FollowDirectory();
  // OK if the broker has exactly the topics and access list that the policy says.
  absl::Status CheckProvisioned();

  // From its next start on the member is run by that build. A configuration that Start() has
  // written stays.
  void SetBuild(const Member& member, Build build) { builds_[member.id] = std::move(build); }
  void SetThisBuild(const Member& member) { builds_.erase(member.id); }

  absl::Status StartService(const Member& member);  // does not wait
  absl::Status AwaitServing(const Member& member);
  absl::Status StopService(const Member& member);  // as its supervisor does
  absl::Status KillService(const Member& member);  // kill -9
  std::optional<pid_t> PidOf(const Member& member) const;

  const Places& places() const { return places_; }
  // What the authorities' clock shows (places().clock()).
  absl::StatusOr<absl::Time> Today() const;
  const std::vector<std::string>& signers() const { return signers_; }
  std::string broker_address() const;
  int api_port(const Member& member) const { return ports_.at(member.id + ".api"); }
  int metrics_port(const Member& member) const { return ports_.at(member.id + ".metrics"); }
  bool has_console() const { return console_ == Console::kBeside; }
  int console_web_port() const { return ports_.at("console.web"); }
  // To call `member` with its own client system's certificate.
  adapters::GrpcClientOptions ClientOf(const Member& member) const;
  // A program beside this one, a tool of the checkout.
  static std::string Program(const std::string& name);
  static std::string Tool(const std::string& name);
  // The checkout that it was built from.
  static std::string Source();

 private:
  Deployment(Places places, Progress progress, Console console);

  absl::Status MakeCertificates();
  absl::Status MakeConfigs();
  Daemon DaemonOf(const Member& member) const;
  absl::Status MakeConsoleConfig();
  std::vector<std::string> ProvisionCommand() const;
  absl::Status Broker(const std::string& command);
  std::string ToolLog(const std::string& name) const { return places_.state + "/" + name + ".log"; }

  const Places places_;
  const Progress progress_;
  const Console console_;
  std::string console_key_;  // empty: there is none
  std::map<std::string, int> ports_;
  std::vector<std::string> signers_;
  std::map<std::string, Build> builds_;  // by member, of those that are not of this one
  std::mutex starting_;                  // guards stopped_ and every start
  bool stopped_ = false;
};

}  // namespace exitbus::story
