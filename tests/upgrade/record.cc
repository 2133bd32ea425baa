// exitbus-record: plays on a release's programs, and keeps what they wrote and said (record.sh).
#include <google/protobuf/text_format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/proto_time.h"
#include "tests/separation/segments.h"
#include "tests/story/books.h"
#include "tests/upgrade/recorded_story.h"
#include "tests/upgrade/released_contracts.h"
#include "tests/upgrade/shown.h"

namespace {

namespace fs = std::filesystem;
namespace upgrade = exitbus::upgrade;
using exitbus::adapters::ReplaceFile;
using exitbus::story::Actor;
using exitbus::story::Deployment;
using exitbus::story::Member;

constexpr absl::Duration kSettled = absl::Seconds(60);

struct Options {
  std::string state;
  std::string bin;
  std::string contracts;
  std::string release;
  std::string out;
};

absl::Status KeepShown(const Options& options, const Deployment& deployment, Actor& actor) {
  ASSIGN_OR_RETURN(const absl::Time now, deployment.Today());
  ASSIGN_OR_RETURN(
      const auto shown,
      upgrade::AllShown(actor.member().kind, now,
                        [&](const std::string& method, const google::protobuf::Message& request) {
                          return actor.Call(method, request);
                        }));
  google::protobuf::TextFormat::Printer printer;
  printer.SetExpandAny(true);
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(shown, &text);
  return ReplaceFile(absl::StrCat(options.out, "/", actor.id(), "/shown.textproto"), text);
}

absl::Status KeepRecords(const Options& options, const Deployment& deployment) {
  exitbus::testing::v1::Recorded recorded;
  recorded.set_release(options.release);
  *recorded.mutable_wall() = exitbus::exchange::ToProto(absl::Now());
  ASSIGN_OR_RETURN(const absl::Time domain, deployment.Today());
  *recorded.mutable_domain() = exitbus::exchange::ToProto(domain);
  ASSIGN_OR_RETURN(const auto stored, exitbus::story::ReadSegments(
                                          deployment.places().state + "/broker", "exitbus.v1."));
  for (const auto& [record, key, has_key] : stored) {
    auto& kept = *recorded.add_records();
    kept.set_topic(record.topic);
    *kept.mutable_timestamp() = exitbus::exchange::ToProto(record.timestamp);
    for (const auto& [name, value] : record.headers) {
      auto& header = *kept.add_headers();
      header.set_name(name);
      header.set_value(value);
    }
    kept.set_payload(record.payload);
  }
  return ReplaceFile(options.out + "/recorded.binpb", recorded.SerializeAsString());
}

// What the process needs to begin again; in its configuration, where it lay is called STATE.
absl::Status KeepFiles(const Options& options, const Deployment& deployment, const Member& member) {
  const std::string from = deployment.places().Of(member);
  const std::string to = options.out + "/" + member.id;
  for (const char* name : {"journal.sqlite", "keys.sqlite"}) {
    for (const char* part : {"", "-wal"}) {
      const std::string file = absl::StrCat(name, part);
      if (fs::exists(from + "/data/" + file)) {
        fs::copy_file(from + "/data/" + file, to + "/" + file,
                      fs::copy_options::overwrite_existing);
      }
    }
  }
  fs::copy_file(from + "/keys.textproto", to + "/keys.textproto",
                fs::copy_options::overwrite_existing);
  ASSIGN_OR_RETURN(const std::string config,
                   exitbus::adapters::ReadFile(deployment.places().config(member)));
  return ReplaceFile(to + "/config.textproto",
                     absl::StrReplaceAll(config, {{deployment.places().state, "STATE"}}));
}

absl::Status Record(const Options& options, Deployment& deployment) {
  ASSIGN_OR_RETURN(const auto contracts, upgrade::ReleasedContracts::Load(options.contracts));
  for (const Member& member : exitbus::story::Cast()) {
    deployment.SetBuild(
        member, {options.bin, [contracts](auto& config) { return contracts.LeaveKnown(config); }});
  }
  RETURN_IF_ERROR(deployment.Start());
  for (const Member& member : exitbus::story::Cast()) {
    fs::create_directories(options.out + "/" + member.id);
  }
  ASSIGN_OR_RETURN(const auto story, upgrade::RecordedStory::Make(&deployment));
  RETURN_IF_ERROR(story->Play());
  RETURN_IF_ERROR(exitbus::story::CompareBooks(deployment, kSettled).status());
  RETURN_IF_ERROR(
      story->LeaveOnTheWay([&](Actor& actor) { return KeepShown(options, deployment, actor); }));
  RETURN_IF_ERROR(KeepRecords(options, deployment));
  for (const Member& member : exitbus::story::Cast()) {
    RETURN_IF_ERROR(KeepFiles(options, deployment, member));
  }
  fs::copy_file(deployment.places().directory(), options.out + "/directory.bin",
                fs::copy_options::overwrite_existing);
  return absl::OkStatus();
}

absl::Status Run(const Options& options) {
  ASSIGN_OR_RETURN(const auto deployment,
                   Deployment::Prepare(options.state, [](std::string_view what) {
                     std::cout << "  " << what << std::endl;
                   }));
  absl::Status recorded = Record(options, *deployment);
  recorded.Update(Deployment::StopAll(options.state));
  return recorded;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Plays on a release's programs, and keeps what they wrote and said.");
  app.add_option("--state", options.state, "folder of the deployment; a fresh one")->required();
  app.add_option("--bin", options.bin, "folder of the release's programs")->required();
  app.add_option("--contracts", options.contracts, "its proto/released/vX.Y.binpb")->required();
  app.add_option("--release", options.release, "its name, vX.Y")->required();
  app.add_option("--out", options.out, "folder to keep it in")->required();
  CLI11_PARSE(app, argc, argv);
  const absl::Status done = Run(options);
  if (!done.ok()) std::cerr << std::string(done.message()) << std::endl;
  return done.ok() ? 0 : 1;
}
