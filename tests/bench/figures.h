// Numbers out of samples.
#pragma once

#include <vector>

#include "absl/time/time.h"

namespace exitbus::bench {

// The sample below which `share` (0 to 1) of all lie; zero if there are none.
absl::Duration Quantile(std::vector<absl::Duration> samples, double share);

// Of an odd number of runs the middle one.
double Median(std::vector<double> values);

inline double Milliseconds(absl::Duration duration) { return absl::ToDoubleMilliseconds(duration); }

}  // namespace exitbus::bench
