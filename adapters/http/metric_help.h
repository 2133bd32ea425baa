// What each metric means, for whoever reads /metrics.
#pragma once

#include <string_view>
#include <vector>

namespace exitbus::adapters {

// By the name a counter or gauge has in the code, e.g. "bus_up"; empty: none such.
std::string_view HelpOf(std::string_view metric);

std::vector<std::string_view> MetricsWithHelp();

}  // namespace exitbus::adapters
