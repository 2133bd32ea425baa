// Cases brought to each relation that an authority can have to one, for the API's matrix. All
// persons are made up.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/policy/condition_set.h"
#include "tests/separation/canaries.h"
#include "tests/story/actors.h"
#include "tests/story/deployment.h"

namespace exitbus::story {

// A case as one authority stands to it.
struct Relation {
  const Member* at;
  std::string name;  // "responsible", "asked", "former"
  // The ids by which it is asked for, by name of field. Those in `mine` name a row of this
  // authority; by the others it must find nothing.
  std::map<std::string, std::string> ids;
  std::set<std::string> mine;
  // What holds here for the authority's own callers.
  policy::ConditionSet satisfied;
  // Units of the authority that are involved in the case, beside who coordinates it.
  std::set<policy::v1::Function> units = {};
  // Names of ids that find no row, or no more, but the account of one: who the person is was known
  // here, and who saw it has to be told for good.
  std::set<std::string> accounted = {};
};

// A case on the way from Ishøj to Odense, and each police unit's, NEC's and the desk's ids of it.
struct Journey {
  std::string case_id;
  std::string handover_id;  // empty: none is requested
  std::string security_id;  // Vestegnen's
  std::string overview_id;
  std::string cpr_number;
};

// How far a case goes.
enum class Stop { kOpened, kNoConsent, kAsked, kAccepted, kOffered, kTakenOver, kRejected };

class Cases {
 public:
  static absl::StatusOr<std::unique_ptr<Cases>> Make(const Deployment& deployment);

  // One case at every stop, brought about at the first call.
  static absl::StatusOr<const Cases*> Get();
  // All relations to these that the matrix tries, "nothing known" among them.
  const std::vector<Relation>& relations() const { return relations_; }

  absl::StatusOr<Journey> Travel(Stop stop);
  // Every authority's to such a case, but for the contact point's, whose id of it is its own.
  static std::vector<Relation> RelationsTo(const Journey& journey, Stop stop,
                                           const std::string& name);
  // All that were travelled, and how far.
  const std::vector<std::pair<Stop, Journey>>& journeys() const { return journeys_; }
  // What was said in the cases, every word of it a planted value.
  const Canaries& canaries() const { return canaries_; }

 private:
  absl::Status BringAbout();
  absl::StatusOr<std::string> OpenAt(Actor& holder, bool consent, cv1::Person& person);
  absl::Status Assess(Journey& journey, const cv1::Person& person);
  absl::Status Involve(const std::string& case_id);
  // The assessment, to the receiving unit.
  absl::Status Transfer(const Journey& journey);
  absl::Status HandOver(Journey& journey, Stop stop);
  absl::StatusOr<std::string> MonitoredBy(const std::set<std::string>& known);

  Canaries canaries_{'C'};
  std::map<std::string, std::unique_ptr<Actor>> actors_;
  std::vector<Relation> relations_;
  std::vector<std::pair<Stop, Journey>> journeys_;
  absl::Status status_;
  static inline int persons_ = 0;  // by whichever Cases: each is another
};

}  // namespace exitbus::story
