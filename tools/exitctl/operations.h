// The console in a terminal: its overview, and letters' hops as they happen.
#pragma once

#include <cstdint>
#include <functional>

#include "tools/exitctl/call.h"

namespace exitbus::exitctl {

// Once. Returns the exit status, as the two below.
int PrintOverview(adapters::GrpcClient& client, const Profile& profile, Form form, bool coloured,
                  Terminal terminal);

// On the whole screen, anew each second, while `goes_on`.
int ShowOverview(adapters::GrpcClient& client, const Profile& profile, bool coloured,
                 const std::function<bool()>& goes_on, Terminal terminal);

// A line for each hop, up to `count_max` of them (0: without end), while `goes_on`.
int PrintHops(adapters::GrpcClient& client, const Profile& profile, Form form, bool coloured,
              std::uint64_t count_max, const std::function<bool()>& goes_on, Terminal terminal);

}  // namespace exitbus::exitctl
