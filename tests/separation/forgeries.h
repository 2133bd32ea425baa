// Records for Odense that its service must not take: a real one altered, and some made up.
#pragma once

#include <string>
#include <vector>

#include "tests/separation/kafka_bytes.h"
#include "tests/story/cast.h"

namespace exitbus::story {

inline constexpr char kToOdense[] = "exitbus.v1.handover.municipality.0461";
inline constexpr char kToIshoj[] = "exitbus.v1.handover.municipality.0183";

// One forgery: where it is put, and by whom it is counted under which reason.
struct Forgery {
  std::string what;
  std::string topic;
  WireRecord record;
  const Member* victim;
  std::string reason;
};

// `real` stands in Odense's topic.
std::vector<Forgery> Altered(const WireRecord& real);
// Of a handover that Odense is asked to take.
std::vector<Forgery> MadeUp(const std::string& handover_id);

}  // namespace exitbus::story
