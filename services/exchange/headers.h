// A record's headers as they come from outside, where anybody with the right to write may have put
// anything.
#pragma once

#include <string>
#include <string_view>

namespace exitbus::exchange {

struct BusRecord;

// Few, short, printable ASCII, each name once: what every record of ours has.
bool AreSound(const BusRecord& record);

// The header's value; "" if there is none. What is not sound is shortened and escaped: it may be
// stored and logged, and is the same each time it is read.
std::string HeaderOf(const BusRecord& record, std::string_view name);

}  // namespace exitbus::exchange
