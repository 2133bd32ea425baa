// Many persons in one month who are alike, each asked about at Albertslund, which declines, and
// then at Odense; what the two municipalities know of it together, and what the contact point
// knows.
#pragma once

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "tests/simulation/erasure_world.h"

namespace exitbus::simulation {

// All that somebody knows of one inquiry, request or person that could tell it from another, as
// numbers.
struct Known {
  std::string id;
  absl::Time came;      // by Kafka's time
  absl::Time answered;  // when an asked municipality's people did
  std::vector<double> features;
};

class LinkingWorld : public ErasureWorld {
 public:
  // `daily`: blind letters leave in the morning.
  LinkingWorld(int persons, bool daily);

  // Whoever's turn it is, each day: Albertslund is asked, answers on another day that it has no
  // room, and the desk asks Odense when it hears.
  void Play();

  // By inquiry, what this municipality knows.
  std::map<std::string, Known> KnownTo(Node& node);
  // Of each person: Albertslund's inquiry, then Odense's.
  std::map<std::string, std::string> Truth();

  // By request, what the contact point knows.
  std::map<std::string, Known> KnownToTheDesk();
  // By case, who the person is; `came` is as if the day of the nomination had got about. `told`: as
  // if the request's id had, too.
  std::map<std::string, Known> Persons(bool told);
  // Of each person: the request, then the case.
  std::map<std::string, std::string> CaseOf();

 private:
  void ForEachLetterAt(
      Node& node, absl::FunctionRef<void(const exchange::BusRecord&, const exchange::v1::Letter&,
                                         const exchange::v1::Link&, const exchange::v1::Body&)>
                      take);
  bool Flip(int of);
  void Later();
  void Night();
  void Act(const std::string& id, int day);

  template <class Response, class Request>
  Response Must(Node& node, const std::string& method, Request request);
  // A request of a person of its own that is found necessary, both places clear.
  std::string Needed(int person);
  std::string Nominated(const std::string& security_id);
  void Clear(const std::string& id);
  std::string NewFile();
  void KnowOfNoConflict();
  void Inquire(const std::string& id, const std::string& municipality);
  void Decline(const std::string& inquiry_id);
  std::string InquiryOf(const std::string& id, std::string_view municipality);

  std::mt19937 chance_{7};
  std::vector<std::string> requests_;
  std::set<std::string> files_, done_;
  std::map<std::string, int> asked_;  // on which day
  std::map<std::string, absl::Time> answered_;
  struct Person {
    std::string case_id;
    double cpr_number;  // its serial part
    absl::Time nominated;
  };
  std::map<std::string, Person> persons_;  // by request
};

}  // namespace exitbus::simulation
