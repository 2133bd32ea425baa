#include "services/casework/handover/rules.h"

#include <algorithm>

#include "services/casework/consent/basis.h"
#include "services/exchange/membership.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"

namespace exitbus::casework {
namespace {

// A take-over may come this much before the earliest instant, for clocks that differ.
constexpr absl::Duration kClockTolerance = absl::Minutes(5);

}  // namespace

const Rule kHolderMoves{"handover.holder_moves",
                        "Only the authority that asked for this handover can do this.",
                        [](const Situation& s) { return s.handover->side() == hv1::SIDE_HOLDER; }};

const Rule kReceiverMoves{
    "handover.receiver_moves", "Only the authority that was asked to take over can do this.",
    [](const Situation& s) { return s.handover->side() == hv1::SIDE_RECEIVER; }};

const Rule kNotEnded{"handover.ended", "This handover has ended. A new one can be requested.",
                     [](const Situation& s) {
                       return !HasEnded(*s.handover) &&
                              s.handover->stage() != hv1::HANDOVER_STAGE_CLOSED;
                     }};

const Rule kRecallable{
    "handover.offered_cannot_be_recalled",
    "An offer stands; it cannot be recalled alone. Ask the receiver: RequestRecall.",
    [](const Situation& s) { return s.handover->stage() != hv1::HANDOVER_STAGE_OFFERED; }};

const Rule kRejectable{
    "handover.offered_must_be_declined",
    "The case has been offered. Decline the offer: DeclineOffer.",
    [](const Situation& s) { return s.handover->stage() != hv1::HANDOVER_STAGE_OFFERED; }};

const Rule kBeforeOffer{"handover.already_offered",
                        "The case has been offered; its terms are settled.",
                        [](const Situation& s) { return IsBeforeOffer(*s.handover); }};

const Rule kTermsAgreed{
    "handover.terms_not_agreed",
    "Every term must be agreed first: the receiver agrees, or objects and a new version of the "
    "agreement is signed and proposed.",
    [](const Situation& s) { return AllTermsAgreed(*s.handover); }};

const Rule kTermsMatchAgreement{
    "handover.terms_outdated",
    "The agreement was changed after its terms were agreed. Propose the new terms: ProposeTerms.",
    [](const Situation& s) {
      if (s.handover->agreement_version() == s.file.agreement().version()) return true;
      // It may have been signed anew for what is no term.
      const auto& measures = s.file.agreement().measures();
      return s.handover->terms_size() == measures.size() &&
             std::all_of(measures.begin(), measures.end(), [&](const cv1::Measure& measure) {
               return TermAsAsked(*s.handover, measure) != nullptr;
             });
    }};

const Rule kNotYetAccepted{"handover.already_accepted", "It is accepted already.",
                           [](const Situation& s) { return IsBeforeAcceptance(*s.handover); }};

const Rule kKnowsWhom{
    "handover.identity_on_its_way",
    "Of a relocation the receiver is told who it is before it answers. That is on its way.",
    [](const Situation& s) { return s.handover->inquiry_id().empty() || s.file.has_person(); }};

const Rule kAccepted{
    "handover.not_accepted", "The receiver has to accept first.",
    [](const Situation& s) { return s.handover->stage() == hv1::HANDOVER_STAGE_ACCEPTED; }};

const Rule kHasAccepted{kAccepted.name, kAccepted.remedy,
                        [](const Situation& s) { return !IsBeforeAcceptance(*s.handover); }};

const Rule kOffered{
    "handover.no_offer_stands", "There is no offer to answer.",
    [](const Situation& s) { return s.handover->stage() == hv1::HANDOVER_STAGE_OFFERED; }};

const Rule kRecallAsked{"handover.recall_not_asked", "The holder has not asked for a recall.",
                        [](const Situation& s) { return s.handover->recall_requested(); }};

const Rule kRecallNotAsked{"handover.recall_already_asked",
                           "The recall is asked for; wait for the receiver's answer.",
                           [](const Situation& s) { return !s.handover->recall_requested(); }};

const Rule kNotTakenOver{"handover.already_taken_over",
                         "The case has been taken over; that cannot be undone, only handed on.",
                         [](const Situation& s) { return !HasMoved(*s.handover); }};

const Rule kNotDeclined{
    "handover.offer_declined", "The offer has been declined; the holder keeps the case.",
    [](const Situation& s) { return s.handover->stage() != hv1::HANDOVER_STAGE_OFFER_DECLINED; }};

const Rule kReceiverNotRemoved{
    "handover.receiver_removed",
    "The receiver no longer takes part. Recall this handover, and ask the authority that took over "
    "its tasks.",
    [](const Situation& s) {
      return exchange::MembershipStatusOf(*s.context.directory, s.handover->counterpart()) !=
             exchange::MembershipStatus::kRemoved;
    }};

const Rule kReceiverMayBeTold{
    "handover.basis_required",
    "The receiver is told who it is and what is agreed. Record a consent that covers it "
    "(RecordConsent), or the law that it may be told on (RecordLegalBasis).",
    [](const Situation& s) {
      return BasisForCounterpart(s.file, *s.handover, s.context).has_value();
    }};

const Rule kEarliestReached{
    "handover.before_earliest",
    "The offer holds from its earliest instant on; take the case over then.",
    [](const Situation& s) {
      return s.context.now >= exchange::FromProto(s.handover->earliest()) - kClockTolerance;
    }};

const Rule kToBeAcknowledged{
    "handover.not_to_be_acknowledged", "It is acknowledged once, after the case was taken over.",
    [](const Situation& s) { return s.handover->stage() == hv1::HANDOVER_STAGE_TAKEN_OVER; }};

const Rule kAcknowledged{
    "handover.not_acknowledged", "The former holder has to acknowledge the take-over first.",
    [](const Situation& s) { return s.handover->stage() == hv1::HANDOVER_STAGE_ACKNOWLEDGED; }};

const Rule kNothingNewerToFormer{
    "late_fact.nothing_newer_to_former",
    "Only the authority that hands or handed the case over sends late context; nothing newer goes "
    "back to it.",
    [](const Situation& s) { return s.handover->side() == hv1::SIDE_HOLDER; }};

const Rule kNotCalledOff{kNotEnded.name, kNotEnded.remedy, [](const Situation& s) {
                           return s.handover->stage() != hv1::HANDOVER_STAGE_REJECTED &&
                                  s.handover->stage() != hv1::HANDOVER_STAGE_RECALLED;
                         }};

const jv1::Handover* FindHandover(const jv1::CaseFile& file, std::string_view handover_id) {
  return exchange::FindIn(file.handovers(), [&](const jv1::Handover& handover) {
    return handover.handover_id() == handover_id;
  });
}

bool HasMoved(const jv1::Handover& handover) {
  return handover.stage() == hv1::HANDOVER_STAGE_TAKEN_OVER ||
         handover.stage() == hv1::HANDOVER_STAGE_ACKNOWLEDGED ||
         handover.stage() == hv1::HANDOVER_STAGE_CLOSED;
}

bool HasEnded(const jv1::Handover& handover) {
  return handover.stage() == hv1::HANDOVER_STAGE_REJECTED ||
         handover.stage() == hv1::HANDOVER_STAGE_RECALLED ||
         handover.stage() == hv1::HANDOVER_STAGE_OFFER_DECLINED;
}

bool IsBeforeAcceptance(const jv1::Handover& handover) {
  return handover.stage() == hv1::HANDOVER_STAGE_REQUESTED ||
         handover.stage() == hv1::HANDOVER_STAGE_TERMS_COORDINATED;
}

bool KnowsBeforeAccepting(const jv1::Handover& handover) {
  return !handover.inquiry_id().empty() &&
         handover.stage() == hv1::HANDOVER_STAGE_TERMS_COORDINATED;
}

bool IsBeforeOffer(const jv1::Handover& handover) {
  return IsBeforeAcceptance(handover) || handover.stage() == hv1::HANDOVER_STAGE_ACCEPTED;
}

bool IsOpen(const jv1::Handover& handover) {
  return IsBeforeOffer(handover) || handover.stage() == hv1::HANDOVER_STAGE_OFFERED;
}

const jv1::Handover* OpenHandover(const jv1::CaseFile& file) {
  return exchange::FindIn(file.handovers(), &IsOpen);
}

bool AllTermsAgreed(const jv1::Handover& handover) {
  return !handover.terms().empty() &&
         std::all_of(handover.terms().begin(), handover.terms().end(), [](const hv1::Term& term) {
           return term.status() == hv1::TERM_STATUS_AGREED;
         });
}

hv1::Side MovesNextByTerms(const jv1::Handover& handover) {
  const auto any = [&](hv1::TermStatus status) {
    return std::any_of(handover.terms().begin(), handover.terms().end(),
                       [&](const hv1::Term& term) { return term.status() == status; });
  };
  if (any(hv1::TERM_STATUS_OBJECTED)) return hv1::SIDE_HOLDER;
  if (any(hv1::TERM_STATUS_PROPOSED) || IsBeforeAcceptance(handover)) return hv1::SIDE_RECEIVER;
  return hv1::SIDE_UNSPECIFIED;
}

std::string TermIdOf(const jv1::Handover& handover, const cv1::Measure& measure) {
  const auto* const own = exchange::FindIn(handover.own_terms(), [&](const jv1::OwnTerm& one) {
    return one.measure_id() == measure.measure_id();
  });
  return own == nullptr ? "" : own->term_id();
}

const hv1::Term* TermAsAsked(const jv1::Handover& handover, const cv1::Measure& measure) {
  const std::string term_id = TermIdOf(handover, measure);
  return exchange::FindIn(handover.terms(), [&](const hv1::Term& term) {
    return term.term_id() == term_id && term.type() == measure.type() &&
           term.module() == measure.module() && term.months() == measure.months() &&
           term.funding() == measure.funding();
  });
}

}  // namespace exitbus::casework
