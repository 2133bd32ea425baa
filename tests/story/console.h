// The exchange's console beside the authorities of the story: it runs as they do, and is none of
// them.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "exitbus/config/v1/console.pb.h"
#include "tests/story/cast.h"
#include "tests/story/certificates.h"

namespace exitbus::story {

// As a member, so that it is started, asked and ended as others are: by its own operators. Not in
// the cast, nor in the directory.
const Member& ConsoleMember();

// All client certificates there are for it: the exchange's operators, an observer, and the
// operators of each authority.
std::vector<std::string> ConsoleClients();
std::string OperatorOf(const Member& member);
inline constexpr char kObserver[] = "console.web.observer";

// Makes its folder and keys where they are missing; the public key that authorities seal to, in
// hexadecimal.
absl::StatusOr<std::string> MakeConsoleKeys(const Places& places);

config::v1::ConsoleConfig ConsoleConfigOf(const Places& places,
                                          const std::vector<std::string>& signers,
                                          const std::string& broker, int api_port, int web_port,
                                          int metrics_port);

}  // namespace exitbus::story
