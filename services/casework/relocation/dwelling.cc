// Where the person who moves will live (R13): the chosen municipality finds dwellings, somebody
// looks at them, and the citizen chooses. The authority in charge hears what kind is chosen and
// from when it is free, and never which.
#include "exitbus/handover/v1/handover.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/handover/evolve.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/letters.h"
#include "services/casework/handover/rules.h"
#include "services/casework/methods.h"
#include "services/casework/relocation/relocation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/relocation/journey.h"

namespace exitbus::casework {
namespace {

using exchange::ToProto;

constexpr int kDwellingsMax = 20;

const Rule kFollowsRelocation{
    "dwelling.no_relocation",
    "This handover follows no decision of a relocation, and no dwelling is recorded in it.",
    [](const Situation& s) { return !s.handover->inquiry_id().empty(); }};

template <class List>
auto FindDwelling(List& all, std::string_view dwelling_id) {
  return exchange::FindIn(
      all, [&](const cv1::Dwelling& dwelling) { return dwelling.dwelling_id() == dwelling_id; });
}

const cv1::Dwelling* ChosenIn(const jv1::Handover& handover) {
  return exchange::FindIn(handover.dwellings(),
                          [](const cv1::Dwelling& dwelling) { return dwelling.has_chosen(); });
}

// The first of those that somebody has found unfit.
template <class List>
auto FindUnfit(List& all) {
  return exchange::FindIn(all, [](const cv1::Dwelling& dwelling) {
    return dwelling.unfit() != cv1::UNFIT_REASON_UNSPECIFIED;
  });
}

Decision NoSuchDwelling() {
  return Decision::Refuse("dwelling.unknown",
                          "No such dwelling; GetHandover lists them with their ids.",
                          absl::StatusCode::kNotFound);
}

jv1::CaseEvent Noted(const jv1::Handover& handover, const cv1::Dwelling& dwelling) {
  jv1::CaseEvent event = EventOf(handover);
  *event.mutable_dwelling_noted()->mutable_dwelling() = dwelling;
  return event;
}

jv1::CaseEvent Chosen(const jv1::Handover& handover, const DecisionContext& context) {
  jv1::CaseEvent event = EventOf(handover);
  event.mutable_dwelling_chosen()->set_receiving_municipality(ReceiverOf(handover, context));
  return event;
}

Decision ProposeDwelling(const jv1::CaseFile&, const jv1::Handover& handover,
                         const hv1::ProposeDwellingRequest& request,
                         const DecisionContext& context) {
  if (request.dwelling_id().empty()) {
    return Invalid("dwelling.id_required", "Give the dwelling an id of your own, not its address.");
  }
  if (request.kind() == cv1::STAY_PLACE_KIND_UNSPECIFIED) {
    return Invalid("dwelling.kind_required",
                   "Say what kind of dwelling it is; who acts and who pays depends on it.");
  }
  if (FindDwelling(handover.dwellings(), request.dwelling_id()) != nullptr) {
    return Decision::Refuse("dwelling.id_taken", "Another dwelling has this id. Give it a new one.",
                            absl::StatusCode::kAlreadyExists);
  }
  if (handover.dwellings_size() >= kDwellingsMax && FindUnfit(handover.dwellings()) == nullptr) {
    return Decision::Refuse("dwelling.too_many",
                            "As many dwellings are proposed as may be. Record as unfit what is "
                            "none: VerifyDwelling.");
  }
  cv1::Dwelling dwelling;
  dwelling.set_dwelling_id(request.dwelling_id());
  dwelling.set_kind(request.kind());
  if (request.has_available_from()) *dwelling.mutable_available_from() = request.available_from();
  *dwelling.mutable_proposed() = ToProto(context.now);
  return Decision().AddEvent(Noted(handover, dwelling));
}

// The holder hears what it does not know yet: a choice of another dwelling alike says nothing.
void TellChosen(const jv1::CaseFile& file, const jv1::Handover& handover,
                const jv1::ChosenDwelling& chosen, Decision& decision) {
  if (chosen.SerializeAsString() == handover.chosen_dwelling().SerializeAsString()) return;
  hv1::DwellingChosen message;
  message.set_kind(chosen.kind());
  if (chosen.has_available_from()) *message.mutable_available_from() = chosen.available_from();
  decision.Notify(CounterpartOf(file, handover), message);
}

Decision VerifyDwelling(const jv1::CaseFile& file, const jv1::Handover& handover,
                        const hv1::VerifyDwellingRequest& request, const DecisionContext& context) {
  const auto* const known = FindDwelling(handover.dwellings(), request.dwelling_id());
  if (known == nullptr) return NoSuchDwelling();
  cv1::Dwelling dwelling = *known;
  *dwelling.mutable_verified() = ToProto(context.now);
  dwelling.set_verified_by(context.caller.employee);
  dwelling.set_unfit(request.unfit());
  Decision decision;
  decision.AddEvent(Noted(handover, dwelling));
  if (!dwelling.has_chosen() || IsVerified(dwelling)) return decision;
  decision.AddEvent(Chosen(handover, context));
  TellChosen(file, handover, {}, decision);
  return decision;
}

Decision ChooseDwelling(const jv1::CaseFile& file, const jv1::Handover& handover,
                        const hv1::ChooseDwellingRequest& request, const DecisionContext& context) {
  const auto* const dwelling = FindDwelling(handover.dwellings(), request.dwelling_id());
  if (dwelling == nullptr) return NoSuchDwelling();
  if (!IsVerified(*dwelling)) {
    return Decision::Refuse("dwelling.not_verified",
                            "First somebody finds that it exists, fits and is free: "
                            "VerifyDwelling.");
  }
  if (dwelling->has_chosen()) {
    return Decision::Refuse("dwelling.already_chosen", "The citizen has chosen it already.");
  }
  const bool has_left =
      relocation::IsAway(handover.journey()) || relocation::HasArrived(handover.journey());
  if (has_left && ChosenIn(handover) != nullptr) {
    return Decision::Refuse("dwelling.departed",
                            "The person has left for the dwelling that is chosen. If he cannot "
                            "live there, record it as unfit: VerifyDwelling.");
  }
  jv1::CaseEvent event = Chosen(handover, context);
  jv1::DwellingChosen& choice = *event.mutable_dwelling_chosen();
  choice.set_dwelling_id(dwelling->dwelling_id());
  *choice.mutable_instant() = ToProto(context.now);
  choice.mutable_chosen()->set_kind(dwelling->kind());
  if (dwelling->has_available_from()) {
    *choice.mutable_chosen()->mutable_available_from() = dwelling->available_from();
  }
  Decision decision;
  decision.AddEvent(event);
  TellChosen(file, handover, choice.chosen(), decision);
  return decision;
}

// At the holder.
Decision OnChosen(const PartyLetter& letter, const hv1::DwellingChosen& message) {
  const jv1::Handover& handover = letter.handover;
  if (HasEnded(handover)) return Decision::NoEffect("dwelling_crossed_end");
  if (IsBeforeAcceptance(handover) || handover.inquiry_id().empty() || HasMoved(handover)) {
    return OutOfTurn();
  }
  const bool is_chosen = message.kind() != cv1::STAY_PLACE_KIND_UNSPECIFIED;
  jv1::CaseEvent event = Chosen(handover, letter.context);
  jv1::ChosenDwelling chosen;
  if (is_chosen) {
    chosen.set_kind(message.kind());
    if (message.has_available_from()) *chosen.mutable_available_from() = message.available_from();
    *event.mutable_dwelling_chosen()->mutable_chosen() = chosen;
  }
  if (is_chosen == handover.has_chosen_dwelling() &&
      chosen.SerializeAsString() == handover.chosen_dwelling().SerializeAsString()) {
    return Decision::NoEffect("dwelling_known");
  }
  return Decision().AddEvent(event);
}

void Note(jv1::Handover& handover, const jv1::DwellingNoted& noted) {
  auto* known = FindDwelling(*handover.mutable_dwellings(), noted.dwelling().dwelling_id());
  if (known == nullptr && handover.dwellings_size() >= kDwellingsMax) {
    known = FindUnfit(*handover.mutable_dwellings());  // it makes room
  }
  *(known != nullptr ? known : handover.add_dwellings()) = noted.dwelling();
}

void Choose(jv1::Handover& handover, const jv1::DwellingChosen& choice) {
  handover.set_receiving_municipality(choice.receiving_municipality());
  handover.clear_chosen_dwelling();
  if (choice.has_chosen()) *handover.mutable_chosen_dwelling() = choice.chosen();
  for (cv1::Dwelling& dwelling : *handover.mutable_dwellings()) {
    dwelling.clear_chosen();
    if (dwelling.dwelling_id() == choice.dwelling_id()) {
      *dwelling.mutable_chosen() = choice.instant();
    }
  }
}

}  // namespace

bool IsVerified(const cv1::Dwelling& dwelling) {
  return dwelling.has_verified() && dwelling.unfit() == cv1::UNFIT_REASON_UNSPECIFIED;
}

CasePart DwellingPart() {
  const std::vector<const Rule*> may = {&kReceiverMoves, &kNotTakenOver, &kNotEnded,
                                        &kFollowsRelocation, &kHasAccepted};
  CasePart part;
  part.Serve(OnHandover(may, &ProposeDwelling))
      .Serve(OnHandover(may, &VerifyDwelling))
      .Serve(OnHandover(may, &ChooseDwelling))
      .On(AtHolder(&OnChosen))
      .After(OfHandover(&Note))
      .After(OfHandover(&Choose));
  return part;
}

}  // namespace exitbus::casework
