// The attack of joining: whoever has every database, key and record of all municipalities that are
// asked tries to see which two inquiries are about one person. Given the days, nothing else helps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/sealing.h"
#include "services/exchange/working_days.h"
#include "tests/simulation/places_world.h"

namespace exitbus::simulation {
namespace {

namespace ev1 = exchange::v1;
namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;

constexpr int kPersons = 120;

// All that an asked municipality knows of one inquiry that could tell it from another, as numbers.
struct Known {
  std::string inquiry_id;
  absl::Time came;      // by Kafka's time
  absl::Time answered;  // when its people did
  std::vector<double> features;
};

double NumberIn(std::string_view bytes) {
  double number = 0;
  for (const char byte : bytes.substr(0, 8)) number = number * 256 + static_cast<unsigned char>(byte);
  return number;
}

class LinkingWorld : public ErasureWorld {
 public:
  explicit LinkingWorld(bool daily) {
    if (daily) LeaveInTheMorning(All());
    for (int i = 0; i < kPersons; ++i) requests_.push_back(Needed(i));
  }

  // Whoever's turn it is, each day for a month: Albertslund is asked, answers on another day that it
  // has no room, and the desk asks Odense when it hears.
  void Play() {
    std::map<std::string, int> asked;  // on which day
    for (int day = 0; day < 40; ++day) {
      std::vector<std::string> turns = requests_;
      std::shuffle(turns.begin(), turns.end(), chance_);
      for (const std::string& id : turns) {
        if (done_.contains(id)) continue;
        const bool first = !asked.contains(id);
        if (first ? !Flip(6) : asked[id] == day || !Flip(2)) continue;
        Later();
        if (first) {
          asked[id] = day;
          Inquire(id, kAlbertslundCode);
          continue;
        }
        Decline(InquiryOf(id, kAlbertslundCode));
        EXPECT_TRUE(world.Settle());
        Later();
        Inquire(id, kOdenseCode);
        done_.insert(id);
      }
      // At eight in the morning, when what was for the night has left.
      world.clock.AdvanceTo(exchange::NextMorning(world.clock.Now()) + absl::Hours(2));
      world.Pass(absl::Minutes(2));
    }
    EXPECT_TRUE(world.Settle());
    EXPECT_EQ(done_.size(), requests_.size());
  }

  // By inquiry, what this municipality knows.
  std::map<std::string, Known> KnownTo(Node& node) {
    std::map<std::string, Known> all;
    for (const auto& record : node.Received(pv1::CHANNEL_RELOCATION)) {
      if (exchange::IsAnnouncement(record)) continue;
      const auto packet = exchange::OpenRecord(node.environment(), record);
      if (!packet.ok()) continue;
      if (packet->has_letter()) Add(record, packet->letter(), all);
      for (const auto& letter : packet->letters().letters()) Add(record, letter, all);
    }
    for (auto& [id, one] : all) {
      const auto answered = answered_.find(id);
      if (answered != answered_.end()) one.answered = answered->second;
    }
    return all;
  }

  // Of one person: Albertslund's, then Odense's.
  std::map<std::string, std::string> Truth() {
    std::map<std::string, std::string> second_of;
    for (const std::string& id : requests_) {
      second_of[InquiryOf(id, kAlbertslundCode)] = InquiryOf(id, kOdenseCode);
    }
    return second_of;
  }

 private:
  bool Flip(int of) { return std::uniform_int_distribution<int>(0, of - 1)(chance_) == 0; }
  void Later() {
    world.Pass(absl::Seconds(std::uniform_int_distribution<int>(5, 120)(chance_)));
  }

  template <class Response, class Request>
  Response Must(Node& node, const std::string& method, Request request) {
    if constexpr (requires { request.set_request_id(""); }) {
      request.set_request_id(world.RequestId());
    }
    const auto answer = node.Call<Response>(absl::StrCat("exitbus.relocation.v1.", method), request);
    EXPECT_TRUE(answer.ok()) << method << ": " << answer.status();
    return answer.value_or(Response());
  }

  // A request of a person of its own that is found necessary, both places clear.
  std::string Needed(int person) {
    const std::string case_id =
        EnrolledCase(world, ishoej, absl::StrFormat("610190%04d", person + 1));
    EXPECT_TRUE(AskPolice(world, ishoej, case_id).ok());
    EXPECT_TRUE(world.Settle());
    const auto file = NewFile();
    EXPECT_TRUE(vestegnen
                    .Call<police::v1::DeliverAssessmentResponse>(
                        "exitbus.police.v1.SecurityService.DeliverAssessment",
                        AssessmentOf(world, file, {"precautions"}))
                    .ok());
    lv1::NominateRelocationRequest nominate;
    nominate.set_security_id(file);
    nominate.mutable_nomination()->add_security(lv1::SECURITY_GROUND_THREAT);
    nominate.mutable_nomination()->add_leaving(lv1::LEAVING_GROUND_NONE);
    nominate.mutable_nomination()->add_elsewhere(lv1::ELSEWHERE_GROUND_NONE);
    nominate.mutable_nomination()->set_age_band(lv1::AGE_BAND_18_TO_24);
    lv1::Profile& profile = *nominate.mutable_nomination()->mutable_profile();
    profile.set_household(lv1::HOUSEHOLD_ALONE);
    profile.add_efforts(lv1::EFFORT_NONE);
    profile.set_from_month(202603);
    const std::string id = Must<lv1::NominateRelocationResponse>(
                               vestegnen, "RelocationNominationService.NominateRelocation", nominate)
                               .relocation()
                               .relocation_id();
    EXPECT_TRUE(world.Settle());
    lv1::AssessRelocationRequest assess;
    assess.set_relocation_id(id);
    assess.set_outcome(lv1::ASSESSMENT_OUTCOME_NECESSARY);
    assess.add_grounds(lv1::ASSESSMENT_GROUND_CRITERIA_MET);
    Must<lv1::AssessRelocationResponse>(desk, "RelocationAssessmentService.AssessRelocation",
                                        assess);
    lv1::AskPlacesRequest places;
    places.set_relocation_id(id);
    places.add_municipalities(kAlbertslundCode);
    places.add_municipalities(kOdenseCode);
    Must<lv1::AskPlacesResponse>(desk, "RelocationPlaceService.AskPlaces", places);
    EXPECT_TRUE(world.Settle());
    lv1::StatePlacesRequest state;
    state.set_relocation_id(id);
    state.mutable_statement()->add_groups(7);
    Must<lv1::StatePlacesResponse>(vestegnen, "RelocationSafetyService.StatePlaces", state);
    for (const char* const code : {kAlbertslundCode, kOdenseCode}) {
      lv1::AnswerPlaceRequest clear;
      clear.set_relocation_id(id);
      clear.set_municipality(code);
      clear.set_safety(lv1::PLACE_SAFETY_CLEAR);
      Must<lv1::AnswerPlaceResponse>(vestegnen, "RelocationSafetyService.AnswerPlace", clear);
    }
    EXPECT_TRUE(world.Settle());
    return id;
  }

  std::string NewFile() {
    police::v1::ListSecurityFilesRequest all;
    all.set_page_size(200);
    const auto listed = vestegnen.Call<police::v1::ListSecurityFilesResponse>(
        "exitbus.police.v1.SecurityService.ListSecurityFiles", all);
    EXPECT_TRUE(listed.ok()) << listed.status();
    for (const auto& file : listed->files()) {
      if (files_.insert(file.security_id()).second) return file.security_id();
    }
    return "";
  }

  void Inquire(const std::string& id, const std::string& municipality) {
    lv1::InquireRelocationRequest request;
    request.set_relocation_id(id);
    request.set_municipality(municipality);
    Must<lv1::InquireRelocationResponse>(desk, "RelocationPlaceService.InquireRelocation", request);
  }

  void Decline(const std::string& inquiry_id) {
    lv1::AnswerRelocationInquiryRequest request;
    request.set_inquiry_id(inquiry_id);
    request.set_declined(lv1::DECLINE_CODE_NO_CAPACITY);
    Must<lv1::AnswerRelocationInquiryResponse>(
        albertslund, "RelocationInquiryService.AnswerRelocationInquiry", request);
    answered_[inquiry_id] = world.clock.Now();
  }

  std::string InquiryOf(const std::string& id, std::string_view municipality) {
    lv1::GetRelocationRequest request;
    request.set_relocation_id(id);
    const auto seen =
        Must<lv1::GetRelocationResponse>(desk, "RelocationService.GetRelocation", request);
    for (const auto& place : seen.relocation().places()) {
      if (place.municipality() == municipality) return place.inquiry_id();
    }
    return "";
  }

  static void Add(const exchange::BusRecord& record, const ev1::Letter& letter,
                  std::map<std::string, Known>& all) {
    ev1::Link link;
    ev1::Body body;
    if (!link.ParseFromString(letter.link()) || !body.ParseFromString(letter.content().body()) ||
        !body.has_relocation_inquiry()) {
      return;
    }
    const lv1::RelocationInquiry& inquiry = body.relocation_inquiry();
    Known& known = all[link.subject()];
    known.inquiry_id = link.subject();
    known.came = record.timestamp;
    known.features = {absl::ToDoubleSeconds(record.timestamp - absl::UnixEpoch()),
                      static_cast<double>(record.offset),
                      static_cast<double>(record.payload.size()),
                      static_cast<double>(letter.ByteSizeLong()),
                      static_cast<double>(link.number()),
                      NumberIn(link.subject()),
                      NumberIn(body.message_id()),
                      NumberIn(letter.content().salt()),
                      NumberIn(link.commitment()),
                      static_cast<double>(body.registered().seconds()),
                      static_cast<double>(body.valid_from().seconds()),
                      static_cast<double>(inquiry.answer_due().seconds())};
  }

  std::mt19937 chance_{7};
  std::vector<std::string> requests_;
  std::set<std::string> files_, done_;
  std::map<std::string, absl::Time> answered_;
};

// How much better than by the two days it is told which of Odense's inquiries goes with which of
// Albertslund's: of all pairs of a true one and another of the same day, how often the true one
// looks more alike. 0.5: not at all.
class Attack {
 public:
  explicit Attack(LinkingWorld& at)
      : first_(at.KnownTo(at.albertslund)), second_(at.KnownTo(at.odense)), truth_(at.Truth()) {}

  // By every two things that are known of the two. The best of all, and its name.
  std::pair<double, std::string> Best() {
    std::pair<double, std::string> best = {0, ""};
    const auto take = [&](double auc, const std::string& name) {
      if (std::abs(auc - 0.5) > std::abs(best.first - 0.5) || best.second.empty()) {
        best = {std::max(auc, 1 - auc), name};
      }
    };
    const std::size_t features = first_.begin()->second.features.size();
    for (std::size_t a = 0; a < features; ++a) {
      for (std::size_t b = 0; b < features; ++b) {
        take(Auc([&](const Known& one, const Known& other) {
               return -std::abs(one.features[a] - other.features[b]);
             }),
             absl::StrCat("feature ", a, " by feature ", b));
      }
    }
    take(Auc([](const Known& one, const Known& other) {
           return -std::abs(absl::ToDoubleSeconds(other.came - one.answered));
         }),
         "the time from the answer to the next");
    return best;
  }
  std::size_t pairs() const { return pairs_; }

 private:
  template <class Score>
  double Auc(Score score) {
    double better = 0;
    pairs_ = 0;
    for (const auto& [id, one] : first_) {
      const Known& true_one = second_.at(truth_.at(id));
      for (const auto& [other_id, other] : second_) {
        const bool same_day =
            exchange::StartOfDay(other.came) == exchange::StartOfDay(true_one.came);
        if (other_id == true_one.inquiry_id || !same_day) continue;
        const double gain = score(one, true_one) - score(one, other);
        better += gain > 0 ? 1 : gain < 0 ? 0 : 0.5;
        ++pairs_;
      }
    }
    return better / static_cast<double>(pairs_);
  }

  std::map<std::string, Known> first_, second_;
  std::map<std::string, std::string> truth_;
  std::size_t pairs_ = 0;
};

TEST(LinkingTest, TwoMunicipalitiesDoNotSeeThatTheyAreAskedForOnePerson) {
  LinkingWorld at(true);
  at.Play();
  Attack attack(at);
  const auto [auc, by] = attack.Best();
  EXPECT_LE(auc, 0.55) << "by " << by;
  EXPECT_GE(attack.pairs(), 1000U);
  RecordProperty("best", absl::StrCat(auc, " by ", by, ", ", attack.pairs(), " pairs"));
}

// So the attack finds what there is to find.
TEST(LinkingTest, LettersThatLeaveAtOnceAreSeenThrough) {
  LinkingWorld at(false);
  at.Play();
  Attack attack(at);
  const auto [auc, by] = attack.Best();
  EXPECT_GE(auc, 0.75) << "by " << by;
}

}  // namespace
}  // namespace exitbus::simulation
