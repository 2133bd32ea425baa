// Figures of rows, each known or unknown.
#pragma once

#include <cstdint>
#include <optional>

#include "exitbus/operations/v1/figures.pb.h"
#include "exitbus/operations/v1/trace.pb.h"

namespace exitbus::console {

// What is said where a figure is not known; nullopt: it is, if it is there at all.
using WhyNot = std::optional<operations::v1::Unknown>;

operations::v1::Waiting WaitingOf(const operations::v1::Tally& tally, const WhyNot& why_not);
operations::v1::Count CountOf(std::optional<std::uint64_t> count, const WhyNot& why_not);
// One to four cases are "under five".
operations::v1::CaseCount CasesOf(std::optional<std::uint64_t> count, const WhyNot& why_not);

// All of one channel. `told`: how the authority stands there, null where it has nothing to tell.
operations::v1::ChannelFigures FiguresOf(policy::v1::Channel channel,
                                         const operations::v1::ChannelStanding* told,
                                         const WhyNot& why_not);

}  // namespace exitbus::console
