// What a request for relocation is made of at the contact point: whether it is necessary, which
// places are considered, where there is room, and which one is decided for. Internal to the contact
// point.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "exitbus/contact_point_journal/v1/relocation.pb.h"
#include "services/exchange/part.h"
#include "services/relocation/asked.h"
#include "services/relocation/places.h"
#include "services/relocation/request.h"

namespace exitbus::contact_point {

namespace jv1 = contact_point_journal::v1;
using RelocationPart = exchange::Part<jv1::RequestedRelocation, jv1::RelocationEvent>;

inline constexpr char kRequests[] = "relocation";  // the aggregate's name

// From the police unit that nominated, about a request that is known here.
template <class Contents>
RelocationPart::Decider<Contents> FromUnit(exchange::Decision (*decide)(
    const exchange::Letter<jv1::RequestedRelocation>&, const Contents&)) {
  return
      [decide](const exchange::Letter<jv1::RequestedRelocation>& letter, const Contents& message) {
        return letter.place.sender == letter.state.relocation().seen().police()
                   ? decide(letter, message)
                   : exchange::Decision::Refuse("letter.not_a_party",
                                                "Another police unit nominated by this request.");
      };
}

// From the police unit that nominates and the authority in charge.
RelocationPart RelocationLetters();
RelocationPart RelocationEvents();
// What the desk's people do and read.
RelocationPart RelocationMethods();
// Where the person would be safe, as the police say.
RelocationPart RelocationPlaces();
// Which municipality has room.
RelocationPart RelocationInquiries();
// Who is heard about a place, how the places rank, which one it is decided for.
RelocationPart RelocationDecisions();
// What all requests together say municipalities have received, sent and answered.
RelocationPart RelocationBalances();

// As the desk sees it; null: there is none.
std::unique_ptr<google::protobuf::Message> RelocationView(const jv1::RequestedRelocation& state);
template <class Request>
std::string RelocationById(const Request& request) {
  return relocation::Key(request.relocation_id());
}
// For Part::After, of what all sides keep alike.
template <class What>
void ChangeRelocation(jv1::RequestedRelocation& state, const What& what) {
  relocation::Evolve(what, *state.mutable_relocation());
}
// Likewise, of what the balance counts.
void TakeIntoBalance(jv1::RequestedRelocation& state, const jv1::RelocationEvent& event);
template <class What>
void ChangeAndCount(jv1::RequestedRelocation& state, const jv1::RelocationEvent& event,
                    const What& what) {
  TakeIntoBalance(state, event);
  ChangeRelocation(state, what);
}

// The police unit that nominated: it hears, and tells the authority in charge.
exchange::Party UnitOf(const relocation::jv1::Relocation& one);
// This happens, and it hears this of it.
exchange::Decision TellUnit(const relocation::jv1::Relocation& one,
                            const google::protobuf::Message& what,
                            const google::protobuf::Message& message);

// To a command about municipalities that names none.
exchange::Refusal NoneNamed();
// Why no place can be considered now; nullopt: it can.
std::optional<exchange::Refusal> NoPlaceNow(const relocation::v1::Relocation& seen);

using relocation::InquiryKey;
// The place that was asked by this inquiry; null: none.
const relocation::jv1::Place* FindInquiry(const jv1::RequestedRelocation& state,
                                          std::string_view inquiry_id);
// What is open of it ends, and the municipality hears that and no reason.
void EndInquiry(const relocation::jv1::Relocation& one, const relocation::jv1::Place& place,
                const exchange::DecisionContext& context, exchange::Decision& decision);
// The decision that stands ends, and the desk owes another.
void EndPlacement(const jv1::RequestedRelocation& state, relocation::v1::PlacementEnd end,
                  const exchange::DecisionContext& context, exchange::Decision& decision);
// Likewise, by the contact point: the police unit hears it, and tells the authority in charge.
void RevokePlacement(const jv1::RequestedRelocation& state, relocation::v1::PlacementEnd end,
                     const exchange::DecisionContext& context, exchange::Decision& decision);
// Whether it is decided for this municipality.
bool IsDecidedFor(const jv1::RequestedRelocation& state, std::string_view municipality);

// The lines of the balance that outlive an erasure, in months.
using BalanceLines = google::protobuf::RepeatedPtrField<jv1::BalanceLine>;
BalanceLines WhatLasts(jv1::RequestedRelocation state, absl::Time erased);
// By which a ranking finds what others received: "received/<municipality code>/<request>".
std::vector<std::string> BalanceKeys(const jv1::RequestedRelocation& state);
// How many it has received or awaits, by other requests than this one.
std::uint32_t ReceivedBy(const std::string& municipality, std::string_view relocation_id,
                         const exchange::Lookup& lookup);

// Until when a place is to be decided.
absl::Time PlaceDue(absl::Time now);

// The request is over: all that are asked hear that.
void EndInquiries(const jv1::RequestedRelocation& state, exchange::Decision& decision);

}  // namespace exitbus::contact_point
