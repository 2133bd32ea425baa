// A request for relocation that is to be decided, as decision tables are given it, and what may
// come of it. For tests.
#pragma once

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/contact_point/relocation.h"
#include "services/contact_point/relocation_desk.h"
#include "services/exchange/deciding_testing.h"
#include "services/relocation/request_testing.h"
#include "tests/tables/inputs.h"

namespace exitbus::contact_point::decision_testing {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::kDesk;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::kVestegnen;
using exchange::LetterPlace;
using exchange::Of;

inline constexpr char kRequest[] = "the-request";
inline constexpr char kInquiry[] = "the-inquiry";

inline LetterPlace From(const std::string& unit) {
  return {unit, pv1::CHANNEL_RELOCATION, kRequest, 1, pv1::AUTHORITY_KIND_POLICE};
}
inline LetterPlace FromOdense() {
  return {kOdense.id, pv1::CHANNEL_RELOCATION, kInquiry, 1, kOdense.kind};
}

// Odense, by what was said of it and whether it has room.
inline std::string Odense(const std::string& safety, const std::string& citizen,
                          const std::string& inquiry) {
  return absl::Substitute(
      R"(places { asked: "municipality-0461"
                  seen { municipality: "0461" safety: PLACE_SAFETY_$0 $1 $2 } })",
      safety,
      citizen.empty() ? ""
                      : absl::Substitute(R"(hearing { citizen: CITIZEN_ANSWER_$0
                                            holder_view: HOLDER_VIEW_FOR })",
                                         citizen),
      inquiry.empty()
          ? ""
          : absl::Substitute(R"(inquiry_id: "$0" inquiry: INQUIRY_STAGE_$1)", kInquiry, inquiry));
}

inline std::string Decided(const std::string& stage, const std::string& mode,
                           const std::string& more) {
  return absl::Substitute(
      R"(seen { stage: RELOCATION_STAGE_$0
                placements { municipality: "0461" number: 1 inquiry_id: "$1"
                             mode: DECISION_MODE_$2 $3 } })",
      stage, kInquiry, mode, more);
}

inline const std::map<std::string, std::string>& GivenPlaces() {
  static const auto* const all = [] {
    const std::string room = Odense("CLEAR", "YES", "CAPACITY");
    const std::string agreed = "VOLUNTARY_AGREEMENT";
    return new std::map<std::string, std::string>{
        {"NOT_CLEAR", Odense("UNKNOWN", "", "")},
        {"CLEAR", Odense("CLEAR", "", "CAPACITY")},
        {"PUT", Odense("CLEAR", "", "CAPACITY") +
                    R"(places { hearing_owed { parties { authority: "municipality-0183" } } })"},
        {"NO", Odense("CLEAR", "NO", "CAPACITY")},
        {"YES", Odense("CLEAR", "YES", "")},
        {"STALE", Odense("CLEAR", "YES", "STALE")},
        {"ROOM", room},
        {"DECIDED", room + Decided("DECIDED", agreed, "")},
        {"CENTRAL", Odense("CLEAR", "YES", "ASKED") + Decided("DECIDED", "CENTRAL_DECISION", "")},
        {"ACCEPTED", room + Decided("ACCEPTED", agreed, "accepted { seconds: 1772784000 }")},
        {"REVOKED", room + Decided("NECESSARY", agreed, "end: PLACEMENT_END_REVOKED")},
        {"COMPLETED", Odense("CLEAR", "YES", "ENDED") + Decided("COMPLETED", agreed, "")},
        {"WITHDRAWN", Odense("CLEAR", "YES", "ENDED") + Decided("WITHDRAWN", agreed, "")}};
  }();
  return *all;
}

inline jv1::RequestedRelocation Request(const std::string& given) {
  jv1::RequestedRelocation request;
  const bool of_a_place = GivenPlaces().contains(given);
  *request.mutable_relocation() = relocation::GivenRequest(of_a_place ? "NECESSARY" : given);
  if (!of_a_place) return request;
  request.mutable_relocation()->MergeFrom(Of<relocation::jv1::Relocation>(GivenPlaces().at(given)));
  if (given == "PUT") {
    auto& places = *request.mutable_relocation()->mutable_places();
    places.Mutable(0)->MergeFrom(places.Get(1));
    places.RemoveLast();
  }
  return request;
}

inline tables::Inputs Inputs() {
  const std::string id = absl::StrCat("relocation_id: \"", kRequest, "\" ");
  const auto of = [&](const std::string& code) { return id + "municipality: \"" + code + "\" "; };
  const auto heard = [](const std::string& code, const std::string& citizen) {
    return absl::Substitute(R"(municipality: "$0" hearing { citizen: CITIZEN_ANSWER_$1
                               holder_view: HOLDER_VIEW_NONE })",
                            code, citizen);
  };
  const std::string why = "reasons: PLACEMENT_REASON_RANKED_FIRST";
  const std::string hear = "HearPlaces", decide = "DecideRelocation";
  const std::string said = "<RelocationHeard", final = "<RelocationPlacementAnswered",
                    moved = "<RelocationCompleted";
  tables::Inputs all(RequestedRelocations(), From(kVestegnen.id));
  all.Command(hear, id + "municipalities: \"0461\"")
      .Command(hear + ", of none", id)
      .Command(hear + ", of one nobody asked about", id + "municipalities: \"0751\"")
      .Command(decide, of("0461") + why)
      .Command(decide + ", without a reason", of("0461"))
      .Command(decide + ", for one nobody asked about", of("0751") + why)
      .Command("RevokeRelocationDecision", id)
      .Command("InquireRelocation", of("0461"))
      .Command("EndRelocationInquiry", of("0461"))
      .Command("AskPlaces", id + "municipalities: \"0751\"")
      .Command("AssessRelocation", id + "outcome: ASSESSMENT_OUTCOME_NECESSARY "
                                        "grounds: ASSESSMENT_GROUND_CRITERIA_MET");
  all.Message(said, heard("0461", "YES"))
      .Message(said + ", a no", heard("0461", "NO"))
      .Message(said + ", the consent is revoked", heard("0461", "CONSENT_REVOKED"))
      .Message(said + ", of nothing", heard("0461", "UNSPECIFIED"))
      .Message(said + ", of one nobody asked about", heard("0751", "YES"))
      .MessageFrom(From("police-1465"), said + ", by another unit", heard("0461", "YES"))
      .Message(final, "number: 1")
      .Message(final + ", rejected", "number: 1 end: PLACEMENT_END_HANDOVER_REJECTED")
      .Message(final + ", recalled", "number: 1 end: PLACEMENT_END_HANDOVER_RECALLED")
      .Message(final + ", of an older decision", "")
      .MessageFrom(From("police-1465"), final + ", by another unit", "number: 1")
      .Message(moved, "number: 1")
      .Message(moved + ", of no decision", "number: 2")
      .MessageFrom(From("police-1465"), moved + ", by another unit", "number: 1")
      .Message("<RelocationArrivalOverdue", "")
      .Message("<RelocationArrivalOverdue, accounted for", "accounted_for: true")
      .MessageFrom(From("police-1465"), "<RelocationArrivalOverdue, by another unit", "")
      .Message("<ConflictAnswered, as not possible",
               R"(municipality: "0461" safety: PLACE_SAFETY_NOT_POSSIBLE)")
      .Message("<ConflictAnswered, as unknown",
               R"(municipality: "0461" safety: PLACE_SAFETY_UNKNOWN)")
      .Message("<RelocationWithdrawn", "")
      .MessageFrom(FromOdense(), "<RelocationAnswered, a decline",
                   "declined: DECLINE_CODE_NO_CAPACITY");
  return all;
}

}  // namespace exitbus::contact_point::decision_testing
