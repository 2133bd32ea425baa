// Short names of the policy's values for tables, and Markdown's building blocks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/policy/condition_set.h"

namespace exitbus::policygen {

// "CHANNEL_HANDOVER", "CHANNEL_" → "handover"; '_' becomes a space.
std::string Plain(std::string_view enum_name, std::string_view prefix);

// The codes of the domain's matrices.
char DetailCode(policy::v1::Detail detail);                  // F, S, P
std::string ConditionCode(policy::v1::Condition condition);  // own, K, C, …
std::string LevelCode(policy::v1::Level level);              // F, M, core

// As if all that can be asked for holds.
policy::ConditionSet EveryCondition();

// "| a | b |\n"
std::string TableRow(const std::vector<std::string>& cells);
// The head of a table and the line below it.
std::string TableHead(const std::vector<std::string>& cells);

}  // namespace exitbus::policygen
