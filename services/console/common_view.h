// What everybody sees of an authority's secret channels: fine, waiting or stuck, an age in steps, a
// class.
//
// It tells only what the authority itself has to mend. Nothing in it depends on what a counterpart
// has done with a letter: not receipts, not a recipient that is suspended, not a correspondence
// that stopped at both ends. So no two authorities' rows change by one letter.
#pragma once

#include <string>

#include "absl/time/time.h"

namespace exitbus::exchange {
struct DirectoryEntry;
}
namespace exitbus::operations::v1 {
class CommonView;
class Unknown;
enum AgeStep : int;
enum State : int;
}  // namespace exitbus::operations::v1

namespace exitbus::console {

struct World;

// All of them are made anew together, this often, so that the time of a change tells little.
inline constexpr absl::Duration kCommonEvery = absl::Seconds(30);
inline constexpr absl::Duration kStuckAfter = absl::Minutes(1);

operations::v1::CommonView CommonViewOf(const World& world, const exchange::DirectoryEntry& entry,
                                        absl::Time now);

operations::v1::AgeStep StepOf(absl::Duration age);

// Why nothing is known of this authority; false: it is.
bool IsUnknown(const World& world, const std::string& authority, absl::Time now,
               operations::v1::Unknown& unknown);

}  // namespace exitbus::console
