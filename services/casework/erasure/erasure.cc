// Erasing a whole case: by the authority that answers for it, or as it was ordered to.
#include "services/exchange/erasure.h"

#include <string>
#include <utility>
#include <vector>

#include "exitbus/casework/v1/erasure.pb.h"
#include "exitbus/casework/v1/erasure_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/rules.h"
#include "services/casework/letter_keys.h"
#include "services/casework/methods.h"
#include "services/casework/pool/pool.h"
#include "services/casework/programme/programme.h"
#include "services/casework/relocation/relocation.h"
#include "services/casework/supervision/supervision.h"
#include "services/exchange/keys.h"
#include "services/exchange/obligation.h"
#include "services/exchange/ports/directory.h"
#include "services/policy/copy.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::Message;
using exchange::Needs;
using exchange::Recipient;

constexpr exchange::AsEvent kAsEvent = &exchange::ErasureAs<jv1::CaseEvent>;

const Rule kNoHandoverUnderWay{"erasure.handover_open",
                               "A handover of this case is open. End it first.",
                               [](const Situation& s) { return OpenHandover(s.file) == nullptr; }};

const Rule kHasEndedHere{
    "erasure.case_not_ended",
    "A case is erased when the programme is over: RecordWithdrawal, EndProgramme. One that was "
    "opened by mistake can be erased for that reason before the enrolment.",
    [](const Situation& s) { return IsOver(s.file.stage()); }};

const Rule kNotEnrolled{
    "erasure.already_enrolled",
    "The citizen is enrolled, so it was no mistake. End the programme first: RecordWithdrawal, "
    "EndProgramme.",
    [](const Situation& s) { return !IsEnrolled(s.file.stage()); }};

// The last handover by which the case left this authority; null: it is here.
const jv1::Handover* Departure(const jv1::CaseFile& file) {
  const jv1::Handover* departure = nullptr;
  for (const jv1::Handover& handover : file.handovers()) {
    if (handover.side() == hv1::SIDE_HOLDER && HasMoved(handover)) departure = &handover;
  }
  return departure;
}

// The contact point takes the order from who asked for the handover and from who took the case
// over, not from one that was only asked: what that one told it, the holder has heard of as well.
bool IsOursToForget(const jv1::Handover& handover) {
  return handover.side() == hv1::SIDE_HOLDER || HasMoved(handover);
}

Recipient AsRecipient(const exchange::Address& address) {
  return {address.to.authority, address.to.relation, address.to.subject};
}

// NEC and a police unit that is still in charge hear it from the authority that is.
void AddReaders(const jv1::CaseFile& file, const DecisionContext& context,
                std::vector<Recipient>& recipients) {
  const jv1::Handover* departure = Departure(file);
  const auto nec = AddressOf(Whom::kNec, file, nullptr, context);
  if (departure == nullptr && nec && WasSent(*nec, pv1::CHANNEL_NEC, context)) {
    recipients.push_back(AsRecipient(*nec));
  }
  const bool unit_is_in_charge =
      departure != nullptr && departure->receiving_police() == file.police();
  const auto unit = AddressOf(Whom::kPolice, file, nullptr, context);
  if (unit && !unit_is_in_charge) recipients.push_back(AsRecipient(*unit));
}

exchange::Holding HoldingOf(const jv1::CaseFile& file, const DecisionContext& context) {
  exchange::Holding holding;
  holding.case_id = file.case_id();
  holding.number = file.number();
  holding.keys = LetterKeysOf(file);
  AddReaders(file, context, holding.recipients);
  for (Recipient& unit : WhoHoldsSupervision(file)) holding.recipients.push_back(std::move(unit));
  for (const jv1::Handover& handover : file.handovers()) {
    const auto desk = AddressOf(Whom::kContactPoint, file, &handover, context);
    if (desk && IsOursToForget(handover) &&
        (handover.contact_point_notified() || WasSent(*desk, pv1::CHANNEL_HANDOVER, context))) {
      holding.recipients.push_back(AsRecipient(*desk));
    }
    const bool had_it = handover.side() == hv1::SIDE_RECEIVER && HasMoved(handover);
    const bool may_hold_on = !exchange::IsMet(handover.erasure());
    if (had_it || may_hold_on)
      holding.recipients.push_back(AsRecipient(CounterpartOf(file, handover)));
  }
  return holding;
}

Decision EraseCase(const jv1::CaseFile& file, const v1::EraseCaseRequest& request,
                   const DecisionContext& context) {
  if (request.reason() == v1::ERASURE_REASON_UNSPECIFIED) {
    return Invalid("erasure.reason_required",
                   "Say why: its retention is over, the citizen's right, or opened by mistake.");
  }
  const bool mistake = request.reason() == v1::ERASURE_REASON_OPENED_BY_MISTAKE;
  if (auto refusal = FirstBroken(
          {&kResponsible, mistake ? &kNotEnrolled : &kHasEndedHere, &kNoHandoverUnderWay,
           &kNobodyUnderWay, &kNoOpenPoolApplication, &kNoOpenRelocation, &kNoStayToEnd},
          {file, nullptr, context})) {
    return Decision::Refuse(*std::move(refusal));
  }
  return exchange::EraseEverywhere(HoldingOf(file, context), request.reason(), context, kAsEvent);
}

Decision OnErasureOrdered(const CaseLetter& letter, const v1::ErasureOrdered& order) {
  const auto& [file, place, body, context] = letter;
  if (IsNew(file)) {
    exchange::Holding nothing;
    nothing.keys = {LetterKey(place)};
    return exchange::EraseAsOrdered(nothing, place, order, context, kAsEvent);
  }
  const jv1::Handover* handover = FindHandover(file, place.subject);
  if (handover == nullptr || handover->counterpart() != place.sender) {
    return Decision::Refuse("letter.not_a_party", "The sender is not a party of this handover.");
  }
  // The end that was before it, or the take-over, is on its way.
  if (IsOpen(*handover)) return Decision::Park();
  const bool handed_on = handover->side() == hv1::SIDE_HOLDER && HasMoved(*handover);
  const bool came_to_nothing = handover->side() == hv1::SIDE_RECEIVER && HasEnded(*handover);
  // It came back: whoever it was handed to then does not answer for it now.
  const bool is_here = AnswersForCase(*context.lookup, file.case_id());
  if (is_here || (!handed_on && !came_to_nothing)) {
    return Decision::Refuse("erasure.not_the_holder",
                            "Only who answers for the case orders that it be erased.");
  }
  exchange::Holding holding = HoldingOf(file, context);
  holding.number = order.number();
  return exchange::EraseAsOrdered(holding, place, order, context, kAsEvent);
}

std::unique_ptr<google::protobuf::Message> ErasureView(const jv1::CaseFile& file) {
  if (!file.has_erasure()) return nullptr;
  const auto& tombstone = file.erasure();
  auto view = std::make_unique<v1::Erasure>();
  policy::CopyAlike(tombstone, *view);
  const auto& orders = tombstone.orders();
  view->set_ordered_by(orders.owed_to());
  for (const auto& order : orders.parties()) {
    v1::ErasureOrder& shown = *view->add_orders();
    shown.set_authority(order.authority());
    if (order.has_confirmed()) *shown.mutable_confirmed() = order.confirmed();
  }
  exchange::ShowDue(orders, *view);
  view->set_complete(exchange::IsMet(orders));
  return view;
}

std::string ById(const v1::GetErasureRequest& request) {
  return exchange::KindName{"erasure", request.erasure_id()}.Encode();
}

std::unique_ptr<Message> ListView(const jv1::CaseFile& file, std::string_view,
                                  const v1::ListErasuresRequest& wanted) {
  const auto& tombstone = file.erasure();
  if (!wanted.of_case().empty() && wanted.of_case() != tombstone.case_id()) return nullptr;
  if (wanted.outstanding_only() && exchange::IsMet(tombstone.orders())) return nullptr;
  return ErasureView(file);
}

// From the receiver of a handover that came to nothing, of what it had got; its end may still be on
// its way. Nothing else was ordered: what is erased itself hears confirmations as a tombstone.
Decision OnErasureConfirmed(const CaseLetter& letter, const v1::ErasureConfirmed&) {
  if (auto confirmed = ConfirmSupervisionErased(letter)) return *std::move(confirmed);
  const jv1::Handover* handover = FindHandover(letter.state, letter.place.subject);
  if (handover == nullptr || handover->counterpart() != letter.place.sender ||
      handover->side() != hv1::SIDE_HOLDER) {
    return exchange::NotOrdered();
  }
  if (IsOpen(*handover)) return Decision::Park();
  const auto* const owed = exchange::FindParty(handover->erasure(), letter.place);
  if (owed == nullptr) return exchange::NotOrdered();
  if (owed->has_confirmed()) return Decision::NoEffect("erasure_confirmed_before");
  jv1::CaseEvent event = EventOf(*handover);
  *event.mutable_peer_erased()->mutable_by() = exchange::Confirmed(*owed, letter.context);
  return Decision().AddEvent(event);
}

std::vector<exchange::NamedObligation> OwedByReceivers(const jv1::CaseFile& file) {
  std::vector<exchange::NamedObligation> owed;
  for (const jv1::Handover& handover : file.handovers()) {
    owed.push_back({handover.handover_id(), &handover.erasure()});
  }
  return owed;
}

}  // namespace

CasePart ErasurePart() {
  CasePart part;
  part.Serve<v1::EraseCaseRequest>({.target = &ByCase,
                                    .decide = &EraseCase,
                                    .view = &ErasureView,
                                    .guarded = &CaseView,
                                    .needs = Needs::kConfirmedHead})
      .Serve<v1::GetErasureRequest>({.target = &ById, .view = &ErasureView})
      .List<v1::ListErasuresRequest>(
          {.prefix = exchange::KindName{"erasure", ""}.Encode(), .view = &ListView})
      .On(&OnErasureOrdered)
      .On(&OnErasureConfirmed)
      .Obligations("handover.erasure_overdue", &OwedByReceivers);
  return part;
}

}  // namespace exitbus::casework
