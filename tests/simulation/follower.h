// A client of a watch in a simulated authority: hears what it is told, and keeps the token of what
// it has acknowledged, as one with a disk of its own does.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "services/exchange/ports/api.h"
#include "tests/simulation/world.h"

namespace exitbus::simulation {

inline constexpr char kWatchCases[] = "exitbus.casework.v1.CaseService.WatchCases";
inline constexpr char kWatchHandovers[] = "exitbus.handover.v1.HandoverService.WatchHandovers";
inline constexpr char kWatchEntries[] = "exitbus.nec.v1.OverviewService.WatchEntries";

// What one message said.
struct Told {
  std::string what;  // "case", "handover", "entry", "gone", "snapshot", "caught up"
  std::string id;
  std::string etag;
  std::string token;
};

class Follower {
 public:
  Follower(Node& node, std::string method) : node_(node), method_(std::move(method)) {}
  ~Follower() { HangUp(); }

  // Opens a stream with the token of what was acknowledged, and lets things happen.
  Follower& Begin();
  Follower& BeginWith(std::string token);
  // Ends the stream, or forgets one that died with its process.
  void HangUp();

  // Acknowledges what has come, and lets things happen.
  void Acknowledge();
  // Acknowledges as it comes, until nothing comes any more.
  void CatchUp();
  // Sends no more, and reads until the stream ends or nothing more comes.
  void HalfClose();
  // Opens a stream, and sends nothing.
  void OpenOnly();
  // Sends a message of the method's request type.
  void Acknowledge(const std::string& token);
  void Send(std::unique_ptr<google::protobuf::Message> request);

  // Since the stream began.
  const std::vector<Told>& told() const;
  std::size_t heard() const { return told().size(); }
  const Told& last() const { return told().back(); }
  // "what id" of each, for a test to compare.
  std::vector<std::string> Story() const;
  // The rule that ended it; "" while it goes on.
  const std::string& ended() const;  // "complete": well
  bool under_way() const;

  const std::string& token() const { return token_; }

 private:
  class Sink;

  Node& node_;
  const std::string method_;
  std::shared_ptr<Sink> sink_;
  std::string token_;
};

}  // namespace exitbus::simulation
