// A year of exit in the whole country: people come to the 98 municipalities and to 20 units of
// Kriminalforsorgen. Caseworkers do what each case says waits for them, police units what their
// files say, and nothing else. What becomes of the people is random, and kept beside as the truth.
#pragma once

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/nec/v1/overview_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/whole_country.h"
#include "tests/simulation/year_volumes.h"

namespace exitbus::simulation {

// One person's case, and what has really become of it.
struct Life {
  std::string cpr_number;
  const Volume* volume = nullptr;
  Node* holder = nullptr;
  std::string home;  // the municipality he lives in, or comes back to
  std::string case_id;
  bool is_known_to_nec = false;
  casework::v1::EndCode end = casework::v1::END_CODE_UNSPECIFIED;
  int moved = 0;  // how often it was taken over
  absl::Time paused_until = absl::InfinitePast();
  // While one is open.
  std::string handover;
  Node* from = nullptr;
  Node* to = nullptr;
};

class Year {
 public:
  explicit Year(std::uint64_t seed);

  void Begin();        // somebody comes
  void PassAWeek();    // from Monday morning to Monday morning, and everybody does what waits
  void ExpectSound();  // what holds at the end of it

  const std::vector<Life>& lives() const { return lives_; }
  // How often each act was done, by its method.
  const std::map<std::string, int>& acts() const { return acts_; }
  std::string Digest() const;  // of all that was done, in its order

  World world;

 private:
  // Persons in exit, by where they are.
  struct InExit {
    absl::Time at;
    int outside = 0;
    int in_custody = 0;
    std::map<std::string, int> by_district;
  };

  // year_acts.cc: what caseworkers do. The acts that can be done today; the others wait for a day.
  std::vector<casework::v1::NextAct> WaitingNow(const Life& life, const Case& seen);
  bool Act(Life& life);  // whether anything was done
  void Do(Life& life, const casework::v1::NextAct& act, const Case& seen);
  bool DoInCourse(Life& life, const casework::v1::NextAct& act);
  void DecideOnAdmission(Life& life);
  void NoteVisited(Life& life);
  void Prepare(const Life& life);
  void Confirm(Life& life, const std::string& etag);
  void SignOrNot(Life& life);
  void FollowUp(const Life& life, const std::string& window);

  // year_events.cc: what comes of itself. He leaves, moves, is done.
  void Happen(Life& life);
  void End(Life& life, casework::v1::EndCode code);
  void EndSomehow(Life& life);
  void HandOn(Life& life, Node& to);
  bool ActOnHandover(Life& life);  // whether one is open
  void ReadPrecautionsOf(const Handover& seen, Node& receiver);

  // year_police.cc: what a unit's files say is to be done.
  void ActAsPolice();
  void ActOnFile(Node& unit, const police::v1::SecurityFile& file);
  void Report(Node& unit, const police::v1::SecurityFile& file);

  // year_units.cc: of whom a unit of Kriminalforsorgen supervises.
  void ActAsSupervisors();

  // year_sound.cc.
  InExit Count() const;
  void ExpectCase(const Life& life);
  void ExpectOneHolderEach();  // and that their follow-ups say what was found
  void ExpectOutcomes();
  void ExpectCounted();
  void ExpectNoDifferences();
  void ExpectPoliceDone();
  void ExpectQuiet(Node& node);

  std::vector<Node*> Holders();  // all that may answer for cases
  std::vector<Node*> Everybody();
  bool IsInCustody(const Life& life) const;
  bool Chance(int of, int out_of = 1000) {
    return static_cast<int>(random_() % static_cast<unsigned>(out_of)) < of;
  }
  absl::Time Now() const { return world.domain_clock.Now(); }
  // That it was done; of it more, if that is not all.
  void Note(std::string_view method, std::string_view more = "");

  // On the case, with its ids.
  template <class Response, class Request>
  absl::Status Ask(const Life& life, const std::string& method, Request request) {
    request.set_request_id(world.RequestId());
    request.set_case_id(life.case_id);
    Note(method);
    return life.holder->Call<Response>(method, request).status();
  }

  std::mt19937_64 random_;
  WholeCountry all_;
  Node& nec_;
  Node& desk_;
  std::vector<Node*> prisons_;
  std::vector<Life> lives_;
  std::vector<InExit> history_;                                     // each Sunday
  std::map<std::pair<std::string, std::string>, int> followed_up_;  // by window and answer
  std::map<std::string, int> acts_;
  std::string done_;  // a digest
};

}  // namespace exitbus::simulation
