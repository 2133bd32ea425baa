// The whole country: 98 municipalities, 12 police units, the contact point and NEC, and people who
// move from one town to another. Each step is one act of whoever has the next, as it sees the case.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "exitbus/relocation/v1/relocation_service.pb.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/whole_country.h"

namespace exitbus::simulation {

// One person who has to move.
struct Mover {
  std::string cpr_number;
  std::string from, to;  // codes; `to`: which is decided for
  std::string case_id, security_id, relocation, handover, notice;
  int searches = 0;   // how often places were asked for
  std::string ended;  // the stage that says why; empty: it goes on
};

class Country {
 public:
  explicit Country(std::uint64_t seed);

  // A case of somebody's, known to the police of the district.
  Mover Begins();
  // The next act, if it is anybody's now. What people do is random: they refuse, are silent, change
  // their minds, do not arrive.
  void Step(Mover& mover);
  // Hours go by for all.
  void PassHours(int hours);

  // What holds once all have ended: one authority answers for each case, nobody is under way, the
  // contact point has counted what happened, and each register and unit agree.
  void ExpectSound(const std::vector<Mover>& movers);

  World world;

 private:
  using Relocation = relocation::v1::Relocation;
  using Place = relocation::v1::RelocationPlace;

  Node& Municipality(const std::string& code) { return all_.Municipality(code); }
  Node& UnitOf(const std::string& code) { return all_.UnitOf(code); }
  bool Chance(int of_hundred) { return static_cast<int>(random_() % 100) < of_hundred; }
  template <class Response, class Request>
  absl::StatusOr<Response> Ask(Node& node, const std::string& method, Request request) {
    if constexpr (requires { request.set_request_id(""); }) {
      request.set_request_id(world.RequestId());
    }
    return node.Call<Response>(method, request);
  }
  Relocation At(Node& node, const std::string& id);

  void Nominate(Mover& mover);
  void Assess(const Mover& mover);
  void FindPlace(Mover& mover, const Relocation& seen);
  // Whether something was done about this place, or is waited for: whether it is safe, has room,
  // and the person wants to go there.
  bool Consider(const Mover& mover, const Place& place, bool another_is_asked);
  bool ConsiderRoom(const Mover& mover, const Place& place, bool another_is_asked);
  bool ConsiderWish(const Mover& mover, const Place& place);
  void EndInquiry(const Mover& mover, const Place& place);
  void Search(Mover& mover);
  void AnswerConflict(const Place& place);
  void AnswerInquiry(const Place& place);
  void AgreeHandover(Mover& mover);
  void Travel(Mover& mover);
  void SecureAddress(Mover& mover);

  std::mt19937_64 random_;
  Node& desk_;
  WholeCountry all_;
  int persons_ = 0;
};

}  // namespace exitbus::simulation
