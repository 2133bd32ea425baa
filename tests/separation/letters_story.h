// A case at every stage of one handover, and everybody who has a part in it, had one, was asked for
// one, or has none; each with the ids it may know, and with letters as bad as it can write them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "tests/simulation/erasure_world.h"
#include "tests/simulation/forgery.h"
#include "tests/simulation/other_nodes.h"

namespace exitbus::simulation {

// In this order, where one leads to the next; the three ends that come to nothing branch off.
const std::vector<std::string>& LetterStages();

class LetterStory : public ErasureWorld {
 public:
  // The prison opened the case and handed it to Ishøj; Albertslund was offered it and declined;
  // Ishøj hands it over to Odense, in another district, and that is at `stage`.
  explicit LetterStory(const std::string& stage);

  // By its part in the story: "holder", "receiver", "former", "declined", "stranger", "unit" of the
  // case, "other-unit" of the receiver's district, "desk", "nec", and one of each other kind.
  const std::map<std::string, Node*>& roles() const { return roles_; }
  // Whatever anybody calls the case or a handover of it, and an id that nobody knows, by name.
  const std::map<std::string, std::string>& ids() const { return ids_; }

  // Every kind of message there is, as well filled in as this author can: with what anybody knows
  // of the case, and with its own signature under whatever is signed. Named by kind, and by variant
  // where there are several.
  std::vector<std::pair<std::string, exchange::v1::Body>> LettersBy(Node& author, Node& reader,
                                                                    const std::string& subject);

 private:
  void Play(const std::string& stage);
  // What is asked of the contact point in the case, and stays undecided: as such the most can
  // become of it.
  void Apply();
  void Nominate();
  // It is found necessary; Fyn's unit and Odense have been asked.
  void Consider();
  void AddRequests(const Node& reader, const std::string& subject,
                   std::vector<std::pair<std::string, exchange::v1::Body>>& all);
  void AddPlaces(const Node& reader, std::vector<std::pair<std::string, exchange::v1::Body>>& all);
  void AddDecision(std::vector<std::pair<std::string, exchange::v1::Body>>& all);
  void LearnIds();
  void AddUnlistedRoles();
  void AddUnlisted(const Node& author, const std::string& subject,
                   std::vector<std::pair<std::string, exchange::v1::Body>>& all);
  // A slip that somebody signed for this author to show this reader; or one that it signs itself.
  std::string SlipFor(Node& author, Node& reader, const std::string& subject);
  std::string OfferBy(Node& author, Node& reader, const std::string& subject);
  std::string TakeOverBy(Node& author);

  Node& stranger_;
  OtherNodes others_{&world};
  std::string case_id_;
  std::string handover_;
  std::map<std::string, Node*> roles_;
  std::map<std::string, std::string> ids_;
  casework_journal::v1::CaseFile file_;  // the holder's, as it was before an erasure
  casework_journal::v1::Handover open_;  // the handover, as its holder has it
};

}  // namespace exitbus::simulation
