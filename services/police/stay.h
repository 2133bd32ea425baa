// A candidate at another place for some time (temporary relocation), as the file of the unit that
// has placed him keeps it. Internal to the police.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "exitbus/police/v1/stay_messages.pb.h"
#include "exitbus/police_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"
#include "services/police/parts.h"

namespace exitbus::police {

namespace jv1 = police_journal::v1;

// From now, whenever it is placed or extended; and, once the pool has said no.
inline constexpr absl::Duration kLongestStay = absl::Hours(60 * 24);
inline constexpr absl::Duration kWayBack = absl::Hours(14 * 24);
inline constexpr int kStaysOfOneFileMax = 100;
inline constexpr int kApplicationsOfOneStayMax = 20;

// "stay/<id>"; and "hosted/<id>": by that the other unit's letters find the file.
std::string StayKey(std::string_view stay_id);
std::string HostKey(std::string_view hosted_id);

// Null: there is none. At most one has not ended.
const jv1::Stay* FindStay(const jv1::SecurityFile& file, std::string_view stay_id);
const jv1::Stay* OpenStay(const jv1::SecurityFile& file);
bool HasEnded(const jv1::Stay& stay);
// What somebody here, or the unit of a place, still has to do of any of them before the file may be
// erased.
bool HasStaysToEnd(const jv1::SecurityFile& file);

// The unit of the district that this municipality lies in; empty: it is this one, or none is
// listed.
std::string HostOf(std::string_view municipality, const exchange::DecisionContext& context);

// What was applied for, oldest first.
std::vector<const pool_journal::v1::Application*> ApplicationsFor(const jv1::SecurityFile& file,
                                                                  const jv1::Stay& stay);
// Some of it can still be withdrawn, or is to be accounted for.
bool HasOpenApplications(const jv1::SecurityFile& file, const jv1::Stay& stay);

// As this unit's people see it; as the unit of the place is told of it, without a version, and
// without a person where nobody is named here any more; and as the authority in charge is.
std::unique_ptr<google::protobuf::Message> StayView(const jv1::SecurityFile& file,
                                                    std::string_view stay_id);
v1::StayPlaced ToldToHost(const jv1::SecurityFile& file, const jv1::Stay& stay);
v1::TemporaryRelocationTold ToldToHolder(const jv1::SecurityFile& file, const jv1::Stay& stay);

// For what a stay costs until then, if that is anything: whether it may be applied for; applied for
// with the event that follows.
std::optional<exchange::Refusal> FaultInApplication(const jv1::SecurityFile& file,
                                                    std::uint64_t applied_dkk,
                                                    const exchange::DecisionContext& context);
void Apply(const jv1::SecurityFile& file, std::uint64_t applied_dkk,
           const google::protobuf::Timestamp& until, const exchange::DecisionContext& context,
           jv1::Stay& stay, exchange::Decision& decision);
// The person was never there: what is not paid is taken back.
void WithdrawUnpaid(const jv1::SecurityFile& file, const jv1::Stay& stay,
                    const exchange::DecisionContext& context, exchange::Decision& decision);

// A request about a stay. It is a safety act: it is never turned away.
template <class Request>
std::string ByStay(const Request& request) {
  return StayKey(request.stay_id());
}
template <class Request>
std::unique_ptr<google::protobuf::Message> StayOf(const jv1::SecurityFile& file,
                                                  const Request& request) {
  return StayView(file, request.stay_id());
}
template <class Request>
SecurityPart::Of<Request> OnStay(exchange::Decision (*decide)(const jv1::SecurityFile&,
                                                              const Request&,
                                                              const exchange::DecisionContext&)) {
  return {.target = &ByStay<Request>,
          .decide = decide,
          .view = &StayOf<Request>,
          .needs = exchange::Needs::kNothing};
}

// The event by which it is so from now on.
jv1::SecurityEvent StayEvent(const jv1::Stay& stay);

}  // namespace exitbus::police
