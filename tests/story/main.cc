// exitbus-story: plays the story on a deployment of its own, and tells it as it happens.
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "adapters/system/version.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/story/console.h"
#include "tests/story/deployment.h"
#include "tests/story/narrator.h"
#include "tests/story/story.h"

namespace {

using namespace exitbus::story;  // main wires, and names things from everywhere

constexpr char kUsage[] =
    "exitbus-story --state DIR [--keep] [--story=relocation|ishoej|parole]\n"
    "exitbus-story --state DIR stop\n"
    "exitbus-story --version\n"
    "\n"
    "Sets up a deployment in DIR (or takes the one that is there), plays the story on it with a\n"
    "person made up anew, and ends what it started.\n"
    "\n"
    "  --keep              leaves everything running and prints how to talk to it\n"
    "  --story=relocation  only how somebody moves to another town, from the case's opening to "
    "the\n"
    "                      take-over there\n"
    "  --story=ishoej      only a whole course at one municipality, from the referral to what "
    "became of\n"
    "                      the person two years after its end, on a clock that is moved on\n"
    "  --story=parole      only from custody to a municipality, by a release that moves and then "
    "vanishes\n"
    "  stop                ends what --keep left running\n"
    "\n"
    "exit: 0 everything was as it must be; 1 something was not; 2 misuse; 130 interrupted\n";

enum Exit { kDone = 0, kFailed = 1, kMisuse = 2, kInterrupted = 130 };

struct Options {
  std::string state;
  bool keep = false;
  bool stop = false;
  std::string story;  // empty: all of it
};

bool Parse(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--state" && i + 1 < argc) {
      options.state = argv[++i];
    } else if (argument == "--keep") {
      options.keep = true;
    } else if (argument == "--story=relocation" || argument == "--story=ishoej" ||
               argument == "--story=parole") {
      options.story = argument.substr(argument.find('=') + 1);
    } else if (argument == "stop") {
      options.stop = true;
    } else {
      return false;
    }
  }
  return !options.state.empty() && !((options.keep || !options.story.empty()) && options.stop);
}

// Ctrl-C ends what runs. The signals are blocked everywhere else.
void WatchSignals(const std::string& state, Deployment* deployment) {
  sigset_t stops;
  sigemptyset(&stops);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&stops, number);
  std::thread([stops, state, deployment] {
    int number = 0;
    sigwait(&stops, &number);
    std::cout << "\ninterrupted; ending what runs" << std::endl;
    const absl::Status stopped = deployment->Stop();
    if (!stopped.ok()) std::cerr << stopped.message() << std::endl;
    _exit(kInterrupted);
  }).detach();
}

void BlockSignals() {
  sigset_t stops;
  sigemptyset(&stops);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&stops, number);
  pthread_sigmask(SIG_BLOCK, &stops, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

// What a caseworker there looks at first.
std::string ListOf(const Member& member) {
  switch (member.kind) {
    case exitbus::policy::v1::AUTHORITY_KIND_MUNICIPALITY:
    case exitbus::policy::v1::AUTHORITY_KIND_KRIMINALFORSORGEN:
      return " handover list";
    case exitbus::policy::v1::AUTHORITY_KIND_POLICE:
      return " security list";
    case exitbus::policy::v1::AUTHORITY_KIND_CONTACT_POINT:
      return " desk list";
    default:
      return " " + member.binary + " list";
  }
}

void PrintHowToTalk(const Deployment& deployment) {
  const Places& places = deployment.places();
  std::cout << "\nEverything runs on. How to talk to it:\n\n"
            << "  an authority's own system, with its client certificate:\n";
  for (const Member& member : Cast()) {
    std::cout << "    " << Deployment::Program("exitctl") << ListOf(member) << " --profile "
              << places.profile(member) << "\n";
  }
  const Member& nec = MemberNamed(kNec);
  std::cout
      << "\n  the same with a gRPC client that is not ours, by reflection:\n"
      << "    /usr/bin/python3 " << Deployment::Source()
      << "/tests/e2e/outside_client.py --profile " << places.profile(nec)
      << " exitbus.nec.v1.OverviewService/ListEntries\n"
      << "\n  the broker, as one authority (it sees its own topics, and sealed bytes in them):\n"
      << "    kcat -b " << deployment.broker_address() << " -X security.protocol=ssl -X "
      << "ssl.ca.location=" << places.authorities_ca() << " \\\n      -X "
      << "ssl.certificate.location=" << places.certificate(nec.id)
      << " -X ssl.key.location=" << places.key(nec.id) << " -L\n"
      << "\n  the console, as an operator of the exchange (its pages, where they are built, lie at "
         "the\n"
      << "  same address; " << OperatorOf(nec) << " sees NEC as its own):\n    curl --cacert "
      << places.authorities_ca() << " --cert " << places.certificate(ConsoleMember().client)
      << " \\\n      --key " << places.key(ConsoleMember().client)
      << " -H 'exitbus-employee: me' \\\n      -H 'Content-Type: application/json' -d '{}' "
      << "https://localhost:" << deployment.console_web_port()
      << "/exitbus.operations.v1.OperationsService/GetOverview\n    "
      << Deployment::Program("exitctl") << " top --profile " << places.profile(ConsoleMember())
      << "\n"
      << "\n  figures: curl http://127.0.0.1:" << deployment.metrics_port(nec) << "/metrics\n"
      << "  logs:    " << places.log(nec) << "\n"
      << "\n  end it: " << Deployment::Program("exitbus-story") << " --state " << places.state
      << " stop\n";
}

absl::Status PlayNamed(Story& story, const std::string& name) {
  if (name == "relocation") return story.PlayRelocation({});
  if (name == "ishoej") return story.PlayCourse();
  if (name == "parole") return story.PlayParole();
  return story.Play();
}

absl::Status Play(Deployment& deployment, Narrator& say, const std::string& name) {
  RETURN_IF_ERROR(deployment.Start());
  RETURN_IF_ERROR(deployment.FollowDirectory());
  const absl::Time began = absl::Now();
  ASSIGN_OR_RETURN(const auto story, Story::Make(&deployment, &say));
  RETURN_IF_ERROR(PlayNamed(*story, name));
  say.Text("  the story took " +
           absl::FormatDuration(absl::Trunc(absl::Now() - began, absl::Milliseconds(100))));
  return absl::OkStatus();
}

int Run(const Options& options) {
  BlockSignals();
  Narrator say(&std::cout);
  say.Chapter("0 · Setting up in " + options.state);
  auto deployment = Deployment::Prepare(
      options.state, [&say](std::string_view what) { say.Progress(what); }, Console::kBeside);
  absl::Status status = deployment.status();
  if (status.ok()) {
    WatchSignals(options.state, deployment->get());
    status = Play(**deployment, say, options.story);
  }
  if (!status.ok()) {
    std::cout.flush();
    std::cerr << "\nFAILED: " << std::string(status.message()) << "\n"
              << "(logs are in " << options.state << "; to begin anew, remove it)" << std::endl;
  }
  if (status.ok() && options.keep) {
    PrintHowToTalk(**deployment);
    return kDone;
  }
  const absl::Status stopped = Deployment::StopAll(options.state);
  if (!stopped.ok()) std::cerr << std::string(stopped.message()) << std::endl;
  if (!status.ok() || !stopped.ok()) return kFailed;
  say.Text("\nEverything was as it must be; everything is ended.");
  return kDone;
}

}  // namespace

int main(int argc, char** argv) {
  if (exitbus::adapters::PrintedVersion(argc, argv, "exitbus-story")) return kDone;
  Options options;
  if (!Parse(argc, argv, options)) {
    std::cerr << kUsage;
    return kMisuse;
  }
  if (!options.stop) return Run(options);
  const absl::Status stopped = Deployment::StopAll(options.state);
  std::cout << (stopped.ok() ? "ended" : std::string(stopped.message())) << std::endl;
  return stopped.ok() ? kDone : kFailed;
}
