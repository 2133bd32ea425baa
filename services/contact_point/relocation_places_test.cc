// The decision table of the places that the desk considers, relocation_places.table; how often one
// municipality may be asked, and how long its answer counts.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/relocation/v1/relocation_service.pb.h"
#include "services/contact_point/relocation.h"
#include "services/contact_point/relocation_desk.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/relocation/places.h"
#include "services/relocation/request_testing.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::contact_point {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::DirectoryEntry;
using exchange::kDesk;
using exchange::kFyn;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::kVestegnen;
using exchange::LetterPlace;
using exchange::Of;

constexpr char kRequest[] = "the-request";
constexpr char kInquiry[] = "the-inquiry";

LetterPlace FromPolice(const DirectoryEntry& unit) {
  return {unit.id, pv1::CHANNEL_RELOCATION, kRequest, 1, unit.kind};
}
LetterPlace FromMunicipality(const DirectoryEntry& asked, const std::string& inquiry) {
  return {asked.id, pv1::CHANNEL_RELOCATION, inquiry, 1, asked.kind};
}

// What is given of Odense, 0461, by the name of a column.
const std::map<std::string, std::string>& GivenPlaces() {
  static const auto* const all = [] {
    const auto place = [](const std::string& safety, const std::string& inquiry,
                          const std::string& owing = "", bool overdue = false) {
      return absl::Substitute(
          R"(places { seen { municipality: "0461" safety: PLACE_SAFETY_$0 $1 } asked: "$2" $3 })",
          safety,
          inquiry.empty()
              ? ""
              : absl::Substitute("inquiry_id: \"$0\" inquiry: INQUIRY_STAGE_$1", kInquiry, inquiry),
          inquiry.empty() ? "" : kOdense.id,
          owing.empty()
              ? ""
              : absl::Substitute(
                    "next { due { seconds: 1772784000 } parties { authority: \"$0\" } $1 }", owing,
                    overdue ? "overdue: true" : ""));
    };
    return new std::map<std::string, std::string>{
        {"UNASKED", ""},
        {"ASKED", place("ASKED", "", kVestegnen.id)},
        {"CLEAR", place("CLEAR", "")},
        {"NOT_POSSIBLE", place("NOT_POSSIBLE", "")},
        {"UNKNOWN", place("UNKNOWN", "")},
        {"INQUIRED", place("CLEAR", "ASKED", kOdense.id)},
        {"SILENT", place("CLEAR", "ASKED", kOdense.id, true)},
        {"ROOM", place("CLEAR", "CAPACITY")},
        {"STALE", place("CLEAR", "STALE")},
        {"DECLINED", place("CLEAR", "DECLINED")},
        {"ENDED", place("CLEAR", "ENDED")},
        {"ANOTHER", place("CLEAR", "") +
                        R"(places { seen { municipality: "0561" safety: PLACE_SAFETY_CLEAR
                           inquiry_id: "another-inquiry" inquiry: INQUIRY_STAGE_ASKED }
                           asked: "municipality-0561"
                           next { due { seconds: 1772784000 }
                                  parties { authority: "municipality-0561" } } })"}};
  }();
  return *all;
}

jv1::RequestedRelocation Request(const std::string& given) {
  jv1::RequestedRelocation request;
  const bool of_a_place = GivenPlaces().contains(given);
  *request.mutable_relocation() = relocation::GivenRequest(of_a_place ? "NECESSARY" : given);
  if (given == "NOMINATED") return request;
  request.mutable_relocation()->MergeFrom(Of<relocation::jv1::Relocation>(
      GivenPlaces().at(of_a_place ? given : "ENDED") +
      R"(places { seen { municipality: "0183" safety: PLACE_SAFETY_CLEAR } }
         places { seen { municipality: "0751" safety: PLACE_SAFETY_CLEAR } })"));
  return request;
}

tables::Inputs Inputs() {
  const std::string id = absl::StrCat("relocation_id: \"", kRequest, "\" ");
  const auto of = [&](const std::string& code) { return id + "municipality: \"" + code + "\""; };
  const auto safety = [](const std::string& code, const std::string& answer) {
    return absl::Substitute("municipality: \"$0\" safety: PLACE_SAFETY_$1", code, answer);
  };
  const std::string room = "capacity { from { seconds: 1772784000 } households: 1 }";
  const std::string places = "AskPlaces", one = "<ConflictAnswered", two = "<RelocationAnswered";
  tables::Inputs all(RequestedRelocations(), FromPolice(kVestegnen));
  all.Command(places, id + "municipalities: \"0461\"")
      .Command(places + ", of none", id)
      .Command(places + ", of an unknown one", id + "municipalities: \"0411\"")
      .Command("InquireRelocation", of("0461"))
      .Command("InquireRelocation, of who is not listed", of("0751"))
      .Command("InquireRelocation, of the authority in charge", of("0183"))
      .Command("EndRelocationInquiry", of("0461"))
      .Message(one, safety("0461", "CLEAR"))
      .Message(one + ", as not possible", safety("0461", "NOT_POSSIBLE"))
      .Message(one + ", as unknown", safety("0461", "UNKNOWN"))
      .Message(one + ", as asked", safety("0461", "ASKED"))
      .Message(one + ", of a place nobody asked about", safety("0791", "CLEAR"))
      .MessageFrom(FromPolice(kFyn), one + ", by another unit", safety("0461", "CLEAR"))
      .MessageFrom(FromMunicipality(kOdense, kInquiry), two, room)
      .MessageFrom(FromMunicipality(kOdense, kInquiry), two + ", a decline",
                   "declined: DECLINE_CODE_NO_CAPACITY")
      .MessageFrom(FromMunicipality(kOdense, kInquiry), two + ", of no room",
                   "capacity { from { seconds: 1772784000 } }")
      .MessageFrom(FromMunicipality(kOdense, kInquiry), two + ", without an answer", "")
      .MessageFrom(FromMunicipality(kOdense, "an-old-inquiry"), two + ", of an unknown inquiry",
                   room)
      .MessageFrom(FromMunicipality(kIshoej, kInquiry), two + ", by another municipality", room)
      .OtherMessages()
      .OtherCommands("relocation_id", kRequest);
  return all;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& request = static_cast<const jv1::RequestedRelocation&>(state);
  if (request.has_erasure()) return "ERASED";
  const lv1::RelocationStage stage = request.relocation().seen().stage();
  if (stage != lv1::RELOCATION_STAGE_NECESSARY) {
    return lv1::RelocationStage_Name(stage).substr(sizeof("RELOCATION_STAGE_") - 1);
  }
  const auto* const place = relocation::FindPlace(request.relocation(), "0461");
  if (place == nullptr) return "UNASKED";
  const lv1::RelocationPlace& seen = place->seen();
  if (seen.safety() != lv1::PLACE_SAFETY_CLEAR || seen.inquiry() == 0) {
    return lv1::PlaceSafety_Name(seen.safety()).substr(sizeof("PLACE_SAFETY_") - 1);
  }
  if (seen.inquiry() == lv1::INQUIRY_STAGE_ASKED) {
    return exchange::IsOverdue(place->next()) ? "SILENT" : "INQUIRED";
  }
  if (seen.inquiry() == lv1::INQUIRY_STAGE_CAPACITY) return "ROOM";
  return lv1::InquiryStage_Name(seen.inquiry()).substr(sizeof("INQUIRY_STAGE_") - 1);
}

TEST(RelocationPlacesTest, WhatBecomesOfAPlaceIsAsTheTableSays) {
  const exchange::Deciding desk(kDesk, {kIshoej, kOdense, kVestegnen, kFyn});
  const tables::Inputs all = Inputs();
  const auto then = [&](const std::string&, const std::string& name, const std::string& input) {
    const jv1::RequestedRelocation request = Request(name);
    return tables::Said(all.Decide(input, request, desk.DecisionContextFor()), all.aggregate(),
                        request, &StageOf);
  };
  const std::string mistakes = tables::MistakesIn(
      "services/contact_point/relocation_places.table",
      {{{"contact point",
         {"NOMINATED", "UNASKED", "ASKED", "NOT_POSSIBLE", "UNKNOWN", "CLEAR", "ANOTHER",
          "INQUIRED", "ROOM", "SILENT", "STALE", "DECLINED", "ENDED", "WITHDRAWN"}}},
       all.Names(),
       then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST(RelocationPlacesTest, AMunicipalityIsNotAskedWithoutEnd) {
  const exchange::Deciding desk(kDesk, {kIshoej, kOdense, kVestegnen});
  jv1::RequestedRelocation request = Request("DECLINED");
  request.mutable_relocation()->mutable_places(0)->set_inquiries(5);
  EXPECT_EQ(OutcomeOf(Inputs().Decide("InquireRelocation", request, desk.DecisionContextFor())),
            "refused relocation.too_many_inquiries");
}

// When an answer will count no more.
std::vector<exchange::Deadline> StaleAt(const exchange::Aggregate& requests,
                                        const google::protobuf::Message& state) {
  std::vector<exchange::Deadline> all = requests.deadlines(state);
  exchange::EraseFrom(all, [](const auto& one) { return !one.name.starts_with("answer/"); });
  return all;
}

// A clock that is ahead makes no answer last.
class CapacityTest : public testing::TestWithParam<absl::Duration> {};

TEST_P(CapacityTest, CountsForFourteenDays) {
  const exchange::Deciding desk(kDesk, {kIshoej, kOdense, kVestegnen});
  const exchange::Aggregate requests = RequestedRelocations();
  exchange::DecisionContext context = desk.DecisionContextFor();
  auto room = Of<exchange::v1::Body>(
      "relocation_answered { capacity { from { seconds: 1772784000 } households: 1 } }");
  *room.mutable_relocation_answered()->mutable_capacity()->mutable_as_of() =
      exchange::ToProto(context.now + GetParam());
  const jv1::RequestedRelocation inquired = Request("INQUIRED");
  const auto answered =
      requests.decide_letter(inquired, FromMunicipality(kOdense, kInquiry), room, context)
          .After(inquired, requests.evolve);
  const auto deadlines = StaleAt(requests, *answered);
  ASSERT_EQ(deadlines.size(), 1U);
  EXPECT_EQ(deadlines[0].due,
            context.now + std::min(GetParam(), absl::ZeroDuration()) + absl::Hours(24 * 14));
  EXPECT_EQ(requests.decide_deadline(*answered, deadlines[0].name, context).no_effect(),
            "deadline_over")
      << "not due yet";
  context.now = deadlines[0].due;
  const auto later = requests.decide_deadline(*answered, deadlines[0].name, context)
                         .After(*answered, requests.evolve);
  EXPECT_EQ(StageOf(*later), "STALE");
  EXPECT_TRUE(StaleAt(requests, *later).empty());
}

INSTANTIATE_TEST_SUITE_P(SaidAt, CapacityTest,
                         testing::Values(absl::ZeroDuration(), absl::Hours(300), -absl::Hours(24)));

}  // namespace
}  // namespace exitbus::contact_point
