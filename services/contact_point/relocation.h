// What a request for relocation is made of at the contact point: whether it is necessary, which
// places are considered, and where there is room. Internal to the contact point.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "exitbus/contact_point_journal/v1/relocation.pb.h"
#include "services/exchange/part.h"
#include "services/relocation/places.h"
#include "services/relocation/request.h"

namespace exitbus::contact_point {

namespace jv1 = contact_point_journal::v1;
using RelocationPart = exchange::Part<jv1::RequestedRelocation, jv1::RelocationEvent>;

// From the police unit that nominates and the authority in charge.
RelocationPart RelocationLetters();
RelocationPart RelocationEvents();
// What the desk's people do and read.
RelocationPart RelocationMethods();
// Where the person would be safe, as the police say.
RelocationPart RelocationPlaces();
// Which municipality has room.
RelocationPart RelocationInquiries();

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

// The police unit that nominated: it hears, and tells the authority in charge.
exchange::Party UnitOf(const relocation::jv1::Relocation& one);

// Why no place can be considered now; nullopt: it can.
std::optional<exchange::Refusal> NoPlaceNow(const relocation::v1::Relocation& seen);

// "inquiry/<inquiry id>": by that a municipality's answer finds the request.
std::string InquiryKey(std::string_view inquiry_id);
// The place that was asked by this inquiry; null: none.
const relocation::jv1::Place* FindInquiry(const jv1::RequestedRelocation& state,
                                          std::string_view inquiry_id);
// What is open of it ends, and the municipality hears that and no reason.
void EndInquiry(const relocation::jv1::Relocation& one, const relocation::jv1::Place& place,
                exchange::Decision& decision);
// The request is over: all that are asked hear that.
void EndInquiries(const jv1::RequestedRelocation& state, exchange::Decision& decision);

}  // namespace exitbus::contact_point
