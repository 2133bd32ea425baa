// What makes a configuration fit to start with; for config.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/directory/mistakes.h"
#include "exitbus/config/v1/config.pb.h"

namespace exitbus::adapters {

void FillDefaults(config::v1::ServiceConfig& config);
void CheckConfig(const config::v1::ServiceConfig& config, Mistakes& mistakes);
// What an authority and the console have in common.
void CheckCommon(const config::v1::ServiceConfig& config, Mistakes& mistakes);
// The part of it that is about purposes and laws.
void CheckLaws(const config::v1::ServiceConfig& config, Mistakes& mistakes);
void CheckCasework(const config::v1::ServiceConfig& config, Mistakes& mistakes);
void CheckWeb(const config::v1::Web& web, Mistakes& mistakes);

// Of single fields.
enum class Secrecy { kPublic, kSecret };
void CheckAddress(std::string_view field, const std::string& address, Mistakes& mistakes);
void CheckFile(std::string_view field, const std::string& path, Secrecy secrecy,
               Mistakes& mistakes);
void CheckNumber(std::string_view field, std::uint32_t number, std::uint32_t least,
                 std::uint32_t most, Mistakes& mistakes);

}  // namespace exitbus::adapters
