// The attack of joining: whoever has every database, key and record of two municipalities that are
// asked, and has seen which inquiries were about one person, tries to see it of others. Given the
// days, nothing tells. So does the contact point, which has got to know who some of the persons
// are.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/exchange/working_days.h"
#include "tests/simulation/linking_world.h"

namespace exitbus::simulation {
namespace {

constexpr int kPersons = 160;

// The higher, the likelier it is one person.
struct Guess {
  std::string name;
  std::function<double(const Known& first, const Known& second)> score;
};

// By every two things that are known of the two, and by how soon the second follows the answer.
std::vector<Guess> Guesses(std::size_t of_first, std::size_t of_second) {
  std::vector<Guess> all = {
      {"the time from the answer to the next", [](const auto& a, const auto& b) {
         return -std::abs(absl::ToDoubleSeconds(b.came - a.answered));
       }}};
  for (std::size_t i = 0; i < of_first; ++i) {
    for (std::size_t k = 0; k < of_second; ++k) {
      all.push_back(
          {absl::StrCat("feature ", i, " by feature ", k), [i, k](const Known& a, const Known& b) {
             return -std::abs(a.features[i] - b.features[k]);
           }});
    }
  }
  return all;
}

class Attack {
 public:
  // `truth`: of each of the first, its second.
  Attack(std::map<std::string, Known> first, std::map<std::string, Known> second,
         std::map<std::string, std::string> truth)
      : first_(std::move(first)), second_(std::move(second)), truth_(std::move(truth)) {}

  // How well the guess that is best for one half of the persons does for the other: of all pairs of
  // a true one and another that came on the same day, how often the true one looks more alike.
  // 0.5: as by chance.
  std::pair<double, std::string> OnOthers() {
    Guess best;
    double learnt = 0;
    bool turned = false;
    for (const Guess& guess :
         Guesses(first_.begin()->second.features.size(), second_.begin()->second.features.size())) {
      const double auc = Auc(guess, 0);
      if (std::abs(auc - 0.5) <= learnt) continue;
      learnt = std::abs(auc - 0.5);
      best = guess;
      turned = auc < 0.5;
    }
    const double auc = Auc(best, 1);
    return {turned ? 1 - auc : auc, best.name};
  }
  // That the last figure rests on.
  int pairs() const { return pairs_; }

 private:
  double Auc(const Guess& guess, int half) {
    double better = 0;
    int person = 0;
    pairs_ = 0;
    for (const auto& [id, one] : first_) {
      if (person++ % 2 != half) continue;
      const Known& true_one = second_.at(truth_.at(id));
      for (const auto& [other_id, other] : second_) {
        const bool same_day =
            exchange::StartOfDay(other.came) == exchange::StartOfDay(true_one.came);
        if (other_id == true_one.id || !same_day) continue;
        const double gain = guess.score(one, true_one) - guess.score(one, other);
        better += gain > 0 ? 1 : gain < 0 ? 0 : 0.5;
        ++pairs_;
      }
    }
    return better / pairs_;
  }

  std::map<std::string, Known> first_, second_;
  std::map<std::string, std::string> truth_;
  int pairs_ = 0;
};

Attack OfMunicipalities(LinkingWorld& at) {
  at.Play();
  return Attack(at.KnownTo(at.albertslund), at.KnownTo(at.odense), at.Truth());
}

TEST(LinkingTest, TwoMunicipalitiesDoNotSeeThatTheyAreAskedForOnePerson) {
  LinkingWorld at(kPersons, true);
  Attack attack = OfMunicipalities(at);
  const auto [auc, by] = attack.OnOthers();
  EXPECT_LE(auc, 0.55) << "by " << by;
  EXPECT_GE(attack.pairs(), 1000);
  RecordProperty("auc", absl::StrCat(auc, " by ", by, ", ", attack.pairs(), " pairs"));
}

// So the attack finds what there is to find.
TEST(LinkingTest, LettersThatLeaveAtOnceAreSeenThrough) {
  LinkingWorld at(kPersons, false);
  Attack attack = OfMunicipalities(at);
  const auto [auc, by] = attack.OnOthers();
  EXPECT_GE(auc, 0.9) << "by " << by;
  RecordProperty("auc", absl::StrCat(auc, " by ", by, ", ", attack.pairs(), " pairs"));
}

TEST(LinkingTest, TheContactPointDoesNotSeeWhoSomebodyIs) {
  LinkingWorld at(kPersons, true);
  Attack attack(at.KnownToTheDesk(), at.Persons(false), at.CaseOf());
  const auto [auc, by] = attack.OnOthers();
  EXPECT_LE(auc, 0.55) << "by " << by;
  EXPECT_GE(attack.pairs(), 1000);
  RecordProperty("auc", absl::StrCat(auc, " by ", by, ", ", attack.pairs(), " pairs"));
  Attack told(at.KnownToTheDesk(), at.Persons(true), at.CaseOf());
  EXPECT_GE(told.OnOthers().first, 0.9) << "it finds what there is to find";
}

}  // namespace
}  // namespace exitbus::simulation
