// Weeks from Monday to Sunday, Danish time, numbered as the calendar does (ISO 8601): of 52 or 53
// in a year, the first being the one that has the year's first Thursday.
#pragma once

#include "absl/time/time.h"
#include "exitbus/casework/v1/weekly_report.pb.h"

namespace exitbus::weekly_report {

namespace cv1 = casework::v1;

cv1::Week WeekOf(absl::Time time);
// Not in every year is there a week 53. The other functions want one that there is.
bool Exists(const cv1::Week& week);
cv1::Week Following(const cv1::Week& week);
bool IsBefore(const cv1::Week& one, const cv1::Week& other);
bool IsSame(const cv1::Week& one, const cv1::Week& other);

// Monday's midnight before it, and the one after it.
absl::Time BeginOf(const cv1::Week& week);
absl::Time EndOf(const cv1::Week& week);

// TIM-01: by when the unit reports it, noon of the first working day after it; and by when its
// reader has it, the end of that day.
absl::Time ToBeGivenBy(const cv1::Week& week);
absl::Time ToBeThereBy(const cv1::Week& week);

}  // namespace exitbus::weekly_report
