// The story, played once on the test program's deployment with every word of it a planted value,
// its crashes included; and then everything that came of it, gathered with the services killed and
// again with them running.
#pragma once

#include <cstdint>
#include <future>
#include <map>
#include <string>
#include <vector>

#include "tests/separation/canaries.h"
#include "tests/separation/opened.h"
#include "tests/separation/search.h"
#include "tests/separation/segments.h"

namespace exitbus::story {

// What a search went through, and what it found where it must not be.
struct Searched {
  int places = 0;
  std::uint64_t bytes = 0;
  std::uint64_t log_bytes = 0;     // of these in write-ahead logs
  std::vector<std::string> leaks;  // "file: field, base64"
};

class PlantedStory {
 public:
  // Begins to play, if a test of this run wants it, beside what leaves the deployment alone.
  static void Begin();
  // Waits for its end; begins it if need be.
  static PlantedStory& Get();

  // That it came to its end as it must.
  const absl::Status& played() const { return played_; }
  // That all that came of it could be gathered, however it ended.
  const absl::Status& gathered() const { return gathered_; }
  const Canaries& canaries() const { return canaries_; }
  // On the bus, those of the broker that was wiped before the others.
  const std::vector<StoredRecord>& records() const { return records_; }
  const std::map<std::string, Opened>& opened() const { return opened_; }
  const Searched& killed() const { return killed_; }    // all files, services killed
  const Searched& running() const { return running_; }  // all files and figures, serving again

 private:
  static std::shared_future<PlantedStory*>& Begun();
  absl::Status Play();
  absl::Status Gather();

  Canaries canaries_{'A'};
  std::vector<StoredRecord> records_;
  std::map<std::string, Opened> opened_;
  Searched killed_;
  Searched running_;
  absl::Status played_;
  absl::Status gathered_;
};

// Every file of the deployment's folder and, of services that serve, their figures.
Searched SearchEverything(const Canaries& canaries, bool figures);
// The same of one place.
void SearchPlace(const Canaries& canaries, const Search& search, const std::string& place,
                 std::string_view bytes, Searched& searched);

}  // namespace exitbus::story
