#include "tests/simulation/year.h"

#include <gtest/gtest.h>

#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/weekly_report/weeks.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;

constexpr int kPrisons = 20;
constexpr int kCareful = 3;       // every third requires all steps, and two who decide
constexpr int kRoundsAWeek = 30;  // more than a handover has, with all that follows
constexpr int kOlder = 100;       // CAP-03: of a thousand who come, over 25

constexpr absl::Duration kMorning = absl::Hours(8);
constexpr absl::Duration kUnderWay = absl::Seconds(2);  // letters

}  // namespace

Year::Year(std::uint64_t seed)
    : world(seed), random_(seed), all_(world), nec_(world.Nec()), desk_(world.ContactPoint()) {
  const auto& codes = all_.codes();
  for (int i = 0; i < kPrisons; ++i) {
    Node& prison = world.Kriminalforsorgen(absl::StrCat("kif-", i));
    const std::string near = codes[static_cast<std::size_t>(i) * codes.size() / kPrisons];
    PutInDistrict(world, prison, world.directory.Find(all_.Municipality(near).id())->district);
    prisons_.push_back(&prison);
  }
  for (std::size_t i = 0; i < codes.size(); i += kCareful) {
    all_.Municipality(codes[i]).environment().settings.visitation = {
        {cv1::INTAKE_STEP_SCREENING, cv1::INTAKE_STEP_UNITS, cv1::INTAKE_STEP_INTERVIEW,
         cv1::INTAKE_STEP_SHOWN_TO_CITIZEN},
        true};
  }
  // Nobody has said anything yet. A week is over in seconds here: no letter is to wait for as long.
  for (Node* const node : Everybody()) {
    node->Crash();
    node->environment().settings.unlinking_delay_max = absl::Seconds(1);
    node->Start();
  }
}

void Year::Note(std::string_view method, std::string_view more) {
  const std::string name(method.substr(method.rfind('.') + 1));
  ++acts_[name];
  done_ = world.crypto->Digest(
      absl::StrCat(done_, " ", absl::FormatTime(Now()), " ", name, " ", std::string(more)));
}

std::string Year::Digest() const { return absl::BytesToHexString(done_); }

bool Year::IsInCustody(const Life& life) const {
  return life.holder->id().starts_with("kriminalforsorgen");
}

std::vector<Node*> Year::Holders() {
  std::vector<Node*> holders = prisons_;
  for (const std::string& code : all_.codes()) holders.push_back(&all_.Municipality(code));
  return holders;
}

std::vector<Node*> Year::Everybody() {
  std::vector<Node*> everybody = Holders();
  for (const auto& [district, unit] : all_.units()) everybody.push_back(unit);
  everybody.insert(everybody.end(), {&nec_, &desk_});
  return everybody;
}

void Year::Begin() {
  const int number = static_cast<int>(lives_.size());
  Life life;
  const int born = Chance(kOlder) ? 90 : 2 + number % 5;
  life.cpr_number = absl::StrFormat("%02d%02d%02d%04d", 61 + number % 28, 1 + number / 28 % 12,
                                    born, 4000 + number);
  int drawn = static_cast<int>(random_() % 400);
  for (const Volume& volume : kVolumes) {
    life.volume = &volume;
    drawn -= volume.cases;
    if (drawn < 0) break;
  }
  life.home = all_.codes()[random_() % all_.codes().size()];
  life.holder = Chance(life.volume->from_custody) ? prisons_[random_() % prisons_.size()]
                                                  : &all_.Municipality(life.home);
  cv1::OpenCaseRequest request;
  request.set_request_id(world.RequestId());
  request.mutable_person()->set_cpr_number(life.cpr_number);
  request.mutable_person()->set_name("Canary Name");
  request.set_programme(life.volume->programme);
  request.mutable_referral()->set_source(cv1::REFERRAL_SOURCE_CITIZEN);
  const auto opened =
      life.holder->Call<cv1::OpenCaseResponse>("exitbus.casework.v1.CaseService.OpenCase", request);
  ASSERT_TRUE(opened.ok()) << opened.status();
  life.case_id = opened->case_().case_id();
  Note("OpenCase", life.holder->id());
  lives_.push_back(life);
}

void Year::PassAWeek() {
  ActAsPolice();
  world.Pass(kUnderWay);
  std::set<std::size_t> busy;
  for (std::size_t i = 0; i < lives_.size(); ++i) {
    Act(lives_[i]);
    Happen(lives_[i]);
    busy.insert(i);
  }
  for (int round = 0; !busy.empty(); ++round) {
    ASSERT_LT(round, kRoundsAWeek)
        << "what is done goes on waiting: " << lives_[*busy.begin()].case_id;
    world.Pass(kUnderWay);
    std::set<std::size_t> still;
    for (const std::size_t i : busy) {
      const bool acted = Act(lives_[i]);
      if (ActOnHandover(lives_[i]) || acted) still.insert(i);
    }
    busy = std::move(still);
  }
  ActAsSupervisors();
  world.Pass(kUnderWay);
  const absl::Time monday = weekly_report::EndOf(weekly_report::WeekOf(Now()));
  history_.push_back(Count());
  history_.back().at = monday - absl::Hours(12);
  world.Skip(monday + kMorning - Now());
}

}  // namespace exitbus::simulation
