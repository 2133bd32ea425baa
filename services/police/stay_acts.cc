// What the unit's people do about a person who has to be somewhere else tonight: place, extend,
// end. What others are told of it follows by itself (stay_telling.cc).
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "exitbus/police/v1/stay_service.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/police/consent_and_corrections.h"
#include "services/police/parts.h"
#include "services/police/security_decider.h"
#include "services/police/security_file.h"
#include "services/police/stay.h"
#include "services/relocation/municipalities.h"
#include "services/relocation/places.h"

namespace exitbus::police {
namespace {

namespace cv1 = casework::v1;
namespace rv1 = relocation::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::Message;
using exchange::Refusal;
using exchange::RefusedBy;
using exchange::ToProto;

// The one that is open, or was last.
std::unique_ptr<Message> LastView(const jv1::SecurityFile& file) {
  const jv1::Stay* last = OpenStay(file);
  if (last == nullptr && !file.stays().empty()) last = &file.stays(file.stays_size() - 1);
  return last == nullptr ? nullptr : StayView(file, last->seen().stay_id());
}

std::unique_ptr<Message> ListView(const jv1::SecurityFile& file, std::string_view index_key,
                                  const v1::ListStaysRequest& asked) {
  const auto name = exchange::KindName::Decode(index_key);
  const jv1::Stay* const stay = name ? FindStay(file, name->name) : nullptr;
  const bool left_out = stay == nullptr || (asked.open_only() && HasEnded(*stay)) ||
                        (!asked.of_file().empty() && asked.of_file() != file.security_id());
  return left_out ? nullptr : StayView(file, name->name);
}

std::optional<Refusal> FaultInUntil(absl::Time until, absl::Time now) {
  if (now < until && until <= now + kLongestStay) return std::nullopt;
  return BadInput("stay.until_out_of_range",
                  "Say until when, at most 60 days from now; it can be extended.");
}

std::optional<Refusal> NotNow(const jv1::SecurityFile& file) {
  if (NamingIn(file) != v1::NAMING_NAMED) {
    return RefusedBy("security.nobody_named",
                     "This unit is not told whom the file is about, so that nobody else can be. In "
                     "an emergency act without exitbus, and have the authority in charge name the "
                     "person.");
  }
  if (!file.has_assessment()) {
    return RefusedBy("security.assessment_required",
                     "Make the assessment first: DeliverAssessment. The unit there reads it.");
  }
  const jv1::Stay* const open = OpenStay(file);
  if (open != nullptr && open->seen().stage() != cv1::STAY_STAGE_REQUESTED) {
    return RefusedBy("stay.stands",
                     "The person is at a temporary place already. End that stay, by "
                     "ANOTHER_PLACE, and place him anew.");
  }
  if (open == nullptr && file.stays_size() >= kStaysOfOneFileMax) {
    return RefusedBy("stay.too_many_of_case", "This case has had as many stays as one may have.",
                     absl::StatusCode::kResourceExhausted);
  }
  return std::nullopt;
}

bool IsFoundUnsafe(const jv1::SecurityFile& file, std::string_view municipality) {
  return std::any_of(file.relocations().begin(), file.relocations().end(), [&](const auto& one) {
    const auto* const place = relocation::FindPlace(one, municipality);
    return place != nullptr && place->seen().safety() == rv1::PLACE_SAFETY_NOT_POSSIBLE;
  });
}

std::optional<Refusal> FaultIn(const jv1::SecurityFile& file,
                               const v1::PlaceTemporarilyRequest& request,
                               const DecisionContext& context) {
  if (relocation::FindMunicipality(request.municipality()) == nullptr) {
    return BadInput("stay.unknown_municipality", "Name the municipality by its code, as 0461.");
  }
  if (request.address().empty()) {
    return BadInput("stay.address_required",
                    "Say where: the unit there has to find the person. Nobody else is told.");
  }
  if (request.kind() == cv1::STAY_PLACE_KIND_UNSPECIFIED) {
    return BadInput("stay.kind_required", "Say what kind of place it is.");
  }
  if (request.payer() == cv1::STAY_PAYER_UNSPECIFIED) {
    return BadInput("stay.payer_required", "Say who pays what the pool does not.");
  }
  if (auto fault = FaultInUntil(FromProto(request.until()), context.now)) return fault;
  if (!IsFoundUnsafe(file, request.municipality())) return std::nullopt;
  return RefusedBy("stay.place_not_clear",
                   "The police have found that the person cannot live in that municipality. Choose "
                   "another one, or state anew that it is clear.");
}

Decision Place(const jv1::SecurityFile& file, const v1::PlaceTemporarilyRequest& request,
               const DecisionContext& context) {
  if (file.standing() != v1::POLICE_STANDING_IN_CHARGE) return NotInCharge();
  auto fault = NotNow(file);
  if (!fault) fault = FaultIn(file, request, context);
  if (!fault) fault = FaultInApplication(file, request.applied_dkk(), context);
  if (fault) return Decision::Refuse(*std::move(fault));
  const jv1::Stay* const requested = OpenStay(file);
  jv1::Stay stay = requested != nullptr ? *requested : jv1::Stay();
  v1::Stay& seen = *stay.mutable_seen();
  if (requested == nullptr) seen.set_stay_id(context.lookup->FreshId());
  seen.set_security_id(file.security_id());
  seen.set_stage(cv1::STAY_STAGE_PLACED);
  seen.set_municipality(request.municipality());
  seen.set_address(request.address());
  seen.set_kind(request.kind());
  *seen.mutable_placed() = ToProto(context.now);
  *seen.mutable_until() = request.until();
  seen.set_payer(request.payer());
  seen.set_host(HostOf(request.municipality(), context));
  Decision decision;
  Apply(file, request.applied_dkk(), request.until(), context, stay, decision);
  return decision.AddEvent(StayEvent(stay));
}

Refusal Over() { return RefusedBy("stay.ended", "The stay has ended; that is told."); }

std::optional<Refusal> CannotBeExtended(const jv1::Stay& stay, const v1::ExtendStayRequest& request,
                                        const DecisionContext& context) {
  const v1::Stay& seen = stay.seen();
  if (HasEnded(stay)) return Over();
  if (seen.stage() == cv1::STAY_STAGE_REQUESTED) {
    return RefusedBy("stay.not_placed",
                     "Nobody is placed yet: PlaceTemporarily, or end it by NOT_PLACED.");
  }
  if (seen.answer() == rv1::PLACE_SAFETY_NOT_POSSIBLE) {
    return RefusedBy("stay.not_safe_there",
                     "The unit there says that the person is not safe. Bring him elsewhere, and "
                     "end this stay.");
  }
  if (FromProto(request.until()) <= FromProto(seen.until())) {
    return BadInput("stay.not_later", "Say a later time than now stands, or end the stay.");
  }
  if (auto fault = FaultInUntil(FromProto(request.until()), context.now)) return fault;
  if (seen.stage() == cv1::STAY_STAGE_WAY_BACK && request.applied_dkk() == 0) {
    return RefusedBy("stay.pool_refused",
                     "The pool does not pay, so that the stay ends by then. Apply anew with the "
                     "extension, which counts once it is granted, or end it.");
  }
  if (request.applied_dkk() == 0 || stay.funding_size() < kApplicationsOfOneStayMax) {
    return std::nullopt;
  }
  return RefusedBy("stay.too_many_applications", "This stay has had as many as one may have.",
                   absl::StatusCode::kResourceExhausted);
}

// Where the pool has said no, what is applied for anew counts once it is granted (stay_telling.cc).
Decision Extend(const jv1::SecurityFile& file, const v1::ExtendStayRequest& request,
                const DecisionContext& context) {
  const bool in_charge = file.standing() == v1::POLICE_STANDING_IN_CHARGE;
  if (!in_charge && request.applied_dkk() > 0) return NotInCharge();
  jv1::Stay stay = *FindStay(file, request.stay_id());
  auto fault = CannotBeExtended(stay, request, context);
  if (!fault) fault = FaultInApplication(file, request.applied_dkk(), context);
  if (fault) return Decision::Refuse(*std::move(fault));
  if (stay.seen().stage() == cv1::STAY_STAGE_PLACED) {
    *stay.mutable_seen()->mutable_until() = request.until();
  }
  Decision decision;
  Apply(file, request.applied_dkk(), request.until(), context, stay, decision);
  return decision.AddEvent(StayEvent(stay));
}

Decision End(const jv1::SecurityFile& file, const v1::EndStayRequest& request,
             const DecisionContext& context) {
  jv1::Stay stay = *FindStay(file, request.stay_id());
  const bool requested = stay.seen().stage() == cv1::STAY_STAGE_REQUESTED;
  if (HasEnded(stay)) return Decision::Refuse(Over());
  if (request.end() == cv1::STAY_END_UNSPECIFIED ||
      requested != (request.end() == cv1::STAY_END_NOT_PLACED)) {
    return Decision::Refuse(
        BadInput("stay.end_required",
                 "Say what comes after it; NOT_PLACED answers a request, and nothing else does."));
  }
  stay.mutable_seen()->set_stage(cv1::STAY_STAGE_ENDED);
  stay.mutable_seen()->set_end(request.end());
  *stay.mutable_seen()->mutable_ended() = ToProto(context.now);
  Decision decision;
  if (request.end() == cv1::STAY_END_ERROR) WithdrawUnpaid(file, stay, context, decision);
  return decision.AddEvent(StayEvent(stay));
}

}  // namespace

SecurityPart StayMethods() {
  SecurityPart part;
  part.Serve<v1::PlaceTemporarilyRequest>({.target = &BySecurityId,
                                           .decide = &Place,
                                           .view = &LastView,
                                           .guarded = &View,
                                           .needs = exchange::Needs::kNothing})
      .Serve(OnStay(&Extend))
      .Serve(OnStay(&End))
      .Serve<v1::GetStayRequest>({.target = &ByStay, .view = &StayOf<v1::GetStayRequest>})
      .List<v1::ListStaysRequest>(
          {.prefix = StayKey(""),
           .view = &ListView,
           .watch = exchange::MethodOf(v1::WatchStaysRequest::descriptor())});
  return part;
}

}  // namespace exitbus::police
