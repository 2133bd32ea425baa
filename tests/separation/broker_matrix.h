// Tries everything a principal could do at the broker, cell by cell.
#pragma once

#include <string>
#include <vector>

#include "tests/separation/access_table.h"
#include "tests/separation/kafka_wire.h"

namespace exitbus::story {

struct Attempt {
  Act act;
  policy::ResourceType type;
  std::string name;  // of the topic or group
  int error;         // the broker's
};

// Tries every topic and group in every way. What the broker lets through of creating and altering
// is not done; a deletion is. Fails the test where the broker does not answer for one of them.
std::vector<Attempt> TryAll(KafkaWire& wire, const std::vector<std::string>& topics,
                            const std::vector<std::string>& groups);
// The same with topics that are not there, and only what somebody might be let do with them: to
// describe, read and write.
std::vector<Attempt> TryAbsent(KafkaWire& wire, const std::vector<std::string>& topics,
                               const std::vector<std::string>& groups);

// Those that came out otherwise than the table says, "nec: read topic …: refused" by line.
std::vector<std::string> Surprises(const AccessTable& table, const std::string& certificate,
                                   const std::vector<Attempt>& attempts);

// Counts them under `surface`.
void CountAttempts(const std::string& surface, const std::vector<Attempt>& attempts);

}  // namespace exitbus::story
