// What operators see in a terminal: the console's overview and its hops, as they are told.
#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <ostream>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/grpc/grpc_client.h"
#include "adapters/system/shown.h"
#include "exitbus/operations/v1/operations_service.pb.h"
#include "services/exchange/proto_time.h"
#include "tools/exitctl/colours.h"
#include "tools/exitctl/follow.h"
#include "tools/exitctl/handlers.h"
#include "tools/exitctl/methods.h"
#include "tools/exitctl/names.h"
#include "tools/exitctl/operations.h"
#include "tools/exitctl/overview.h"
#include "tools/exitctl/rendering.h"
#include "tools/exitctl/until_stopped.h"

namespace exitbus::exitctl {
namespace {

namespace ov1 = operations::v1;
using google::protobuf::Message;

constexpr char kService[] = "exitbus.operations.v1.OperationsService.";
constexpr absl::Duration kDrawnEvery = absl::Seconds(1);
// The screen that was there comes back when it is left.
constexpr char kEnterScreen[] = "\x1b[?1049h";
constexpr char kLeaveScreen[] = "\x1b[?1049l";
constexpr char kFromTheTop[] = "\x1b[H\x1b[J";

std::string HopLine(const ov1::SeenHop& hop, bool coloured) {
  const std::string line =
      absl::StrCat(absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", exchange::FromProto(hop.time()),
                                    absl::UTCTimeZone()),
                   " ", adapters::Shown(hop.authority()), " ",
                   ShortName(*policy::v1::Channel_descriptor()->FindValueByNumber(hop.channel())),
                   " ", adapters::Shown(hop.hop_id()), " ",
                   ShortName(*ov1::HopKind_descriptor()->FindValueByNumber(hop.kind())),
                   hop.failure_class().empty() ? "" : " ", adapters::Shown(hop.failure_class()));
  if (!coloured) return line;
  const bool done = hop.kind() == ov1::HOP_KIND_RECEIPTED || hop.kind() == ov1::HOP_KIND_APPLIED;
  return In(!hop.failure_class().empty() ? Colour::kRed
            : done                       ? Colour::kGreen
                                         : Colour::kPlain,
            line);
}

Form FormOf(const Invocation& on) { return on.said.Has("--json") ? Form::kJson : Form::kText; }

}  // namespace

int PrintOverview(adapters::GrpcClient& client, const Profile& profile, Form form, bool coloured,
                  Terminal terminal) {
  const auto reply = client.Call(absl::StrCat(kService, "GetOverview"), ov1::GetOverviewRequest(),
                                 OptionsOf(profile));
  if (!reply.ok()) return PrintFailure(reply.status(), terminal);
  if (form == Form::kJson) {
    terminal.out << AsJson(**reply) << std::flush;
    return kDone;
  }
  Overview overview;
  overview.Take(static_cast<const ov1::GetOverviewResponse&>(**reply));
  terminal.raw_out << overview.AsText(overview.time(), coloured) << std::flush;
  return kDone;
}

int ShowOverview(adapters::GrpcClient& client, const Profile& profile, bool coloured,
                 const std::function<bool()>& goes_on, Terminal terminal) {
  Overview overview;
  bool is_whole = false;
  absl::Time heard;
  absl::Time drawn = absl::InfinitePast();
  const auto draw = [&] {
    const absl::Time now = absl::Now();
    if (!is_whole || now - drawn < kDrawnEvery) return;
    drawn = now;
    terminal.raw_out << kFromTheTop << overview.AsText(overview.time() + (now - heard), coloured)
                     << "\nq ends it\n"
                     << std::flush;
  };
  Following following;
  following.goes_on = [&] {
    draw();
    return goes_on();
  };
  const auto take = [&](const Message& message) {
    const auto& told = static_cast<const ov1::WatchOverviewResponse&>(message);
    overview.Take(told);
    heard = absl::Now();
    is_whole = is_whole || told.marker() == watch::v1::MARKER_CAUGHT_UP;
    return true;
  };
  terminal.raw_out << kEnterScreen;
  const absl::Status ended = Follow(client, MethodNamed(absl::StrCat(kService, "WatchOverview")),
                                    profile, following, take, terminal);
  terminal.raw_out << kLeaveScreen << std::flush;
  return ended.ok() ? kDone : PrintFailure(ended, terminal);
}

int PrintHops(adapters::GrpcClient& client, const Profile& profile, Form form, bool coloured,
              std::uint64_t count_max, const std::function<bool()>& goes_on, Terminal terminal) {
  std::uint64_t printed = 0;
  const auto take = [&](const Message& message) {
    const auto& told = static_cast<const ov1::WatchHopsResponse&>(message);
    if (told.left_out() > 0) {
      terminal.err << told.left_out() << " more were too many to be told\n";
    }
    for (const ov1::SeenHop& hop : told.hops()) {
      terminal.raw_out << (form == Form::kJson ? AsJsonLine(hop) : HopLine(hop, coloured) + "\n");
      if (++printed == count_max) break;
    }
    terminal.raw_out << std::flush;
    return printed != count_max && terminal.raw_out.good();
  };
  Following following;
  following.goes_on = goes_on;
  const absl::Status ended = Follow(client, MethodNamed(absl::StrCat(kService, "WatchHops")),
                                    profile, following, take, terminal);
  return ended.ok() ? kDone : PrintFailure(ended, terminal);
}

absl::StatusOr<int> Top(const Invocation& on) {
  const auto coloured = WantsColours(on);
  if (!coloured.ok()) return Misused(std::string(coloured.status().message()), on);
  return WithClient(on, [&](adapters::GrpcClient& client, const Profile& profile) {
    if (!on.terminal.is_screen || FormOf(on) == Form::kJson) {
      return PrintOverview(client, profile, FormOf(on), *coloured, on.terminal);
    }
    const StopNoted stop;
    const Keys keys;
    return ShowOverview(
        client, profile, *coloured, [&] { return !stop.came() && !keys.Pressed('q'); },
        on.terminal);
  });
}

absl::StatusOr<int> Tail(const Invocation& on) {
  const auto coloured = WantsColours(on);
  if (!coloured.ok()) return Misused(std::string(coloured.status().message()), on);
  std::uint64_t count_max = 0;  // none
  const auto count = on.said.Value("--count");
  if (count && (!absl::SimpleAtoi(*count, &count_max) || count_max == 0)) {
    return Misused("--count wants a number from 1 on", on);
  }
  return WithClient(on, [&](adapters::GrpcClient& client, const Profile& profile) {
    const StopNoted stop;
    return PrintHops(
        client, profile, FormOf(on), *coloured, count_max, [&] { return !stop.came(); },
        on.terminal);
  });
}

}  // namespace exitbus::exitctl
