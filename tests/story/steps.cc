// The steps that chapters are made of.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/story/checks.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

bool AllTerms(const hv1::Handover& handover, hv1::TermStatus status) {
  return !handover.terms().empty() &&
         std::all_of(handover.terms().begin(), handover.terms().end(),
                     [&](const hv1::Term& term) { return term.status() == status; });
}

std::function<bool(const hv1::Handover&)> StageIs(hv1::HandoverStage stage) {
  return [stage](const hv1::Handover& handover) { return handover.stage() == stage; };
}

}  // namespace

std::string Story::LateFactOf(const Actor* holder) const {
  hv1::RecordLateFactRequest fact;
  fact.set_note("Mød kun i Borgerservice (opdigtet, fra " + holder->id() + ")");
  return Worded(fact).note();
}

absl::StatusOr<Story::Handing> Story::Request(Actor* holder, Actor* receiver,
                                              hv1::HandoverReason reason) {
  ASSIGN_OR_RETURN(const hv1::Handover requested,
                   holder->RequestHandover(case_id_, receiver->id(), reason));
  const Handing handing{holder, receiver, requested.handover_id()};
  const absl::Time sent = holder->sent();
  say_->Did(Nick(holder), "asks " + Nick(receiver) + " to take the case over", holder->took());
  RETURN_IF_ERROR(Crash(Moment::kRequested, handing));
  const int terms = requested.terms_size();
  ASSIGN_OR_RETURN(
      const auto arrived,
      receiver->AwaitHandover(handing.id, sent, "the request is there",
                              [&](const hv1::Handover& h) { return h.terms_size() == terms; }));
  say_->Hop(Nick(holder), Nick(receiver),
            absl::StrCat("HandoverRequested, ", terms, " × AgreementTermProposed"), arrived.took);
  RETURN_IF_ERROR(Check(!arrived.view.has_person() && arrived.view.case_id().empty(),
                        "before acceptance nobody is named", arrived.view));
  say_->Sees(Nick(receiver), ShownIn(arrived.view));
  say_->SeesNot(Nick(receiver), {"name", "CPR number", "address", "case id", "free text"});
  return handing;
}

absl::Status Story::ObjectAndAmend(const Handing& handing) {
  const auto& [holder, receiver, id] = handing;
  ASSIGN_OR_RETURN(const hv1::Handover seen, receiver->GetHandover(id));
  const hv1::Term& objected = seen.terms(seen.terms_size() - 1);
  RETURN_IF_ERROR(
      receiver->ObjectToTerm(id, objected.term_id(), hv1::OBJECTION_CODE_TOO_LONG).status());
  say_->Did(Nick(receiver), "objects to the last term: TOO_LONG", receiver->took());
  ASSIGN_OR_RETURN(const auto heard,
                   holder->AwaitHandover(
                       id, receiver->sent(), "the objection is known", [](const hv1::Handover& h) {
                         return h.terms(h.terms_size() - 1).status() == hv1::TERM_STATUS_OBJECTED;
                       }));
  say_->Hop(Nick(receiver), Nick(holder), "AgreementTermObjected", heard.took);
  RETURN_IF_ERROR(CheckRefusal(receiver->Accept(id).status(), "handover.terms_not_agreed"));
  RETURN_IF_ERROR(SignNext(holder, 12));
  return Propose(handing, 2);
}

absl::Status Story::SignNext(Actor* holder, std::uint32_t months) {
  ASSIGN_OR_RETURN(const cv1::Case current, holder->GetCase(case_id_));
  cv1::Agreement next = current.agreement();
  cv1::Measure& last = *next.mutable_measures(next.measures_size() - 1);
  const std::uint32_t before = last.months();
  last.set_months(months);
  ASSIGN_OR_RETURN(const cv1::Case agreed, holder->SignAgreement(case_id_, next));
  say_->Did(Nick(holder),
            absl::StrCat("signs version ", agreed.agreement().version(),
                         " with the citizen: ", months, " months instead of ", before),
            holder->took());
  return absl::OkStatus();
}

absl::Status Story::Propose(const Handing& handing, std::uint32_t version) {
  const auto& [holder, receiver, id] = handing;
  RETURN_IF_ERROR(holder->ProposeTerms(id).status());
  ASSIGN_OR_RETURN(
      const auto proposed,
      receiver->AwaitHandover(id, holder->sent(), absl::StrCat("version ", version, " is proposed"),
                              [&](const hv1::Handover& h) {
                                return h.agreement_version() == version &&
                                       AllTerms(h, hv1::TERM_STATUS_PROPOSED);
                              }));
  say_->Hop(Nick(holder), Nick(receiver),
            absl::StrCat("AgreementTermProposed, of version ", version), proposed.took);
  return absl::OkStatus();
}

absl::Status Story::Agree(const Handing& handing) {
  const auto& [holder, receiver, id] = handing;
  RETURN_IF_ERROR(receiver->AgreeTerms(id).status());
  const absl::Time sent = receiver->sent();
  say_->Did(Nick(receiver), "agrees to the terms", receiver->took());
  RETURN_IF_ERROR(Crash(Moment::kAgreed, handing));
  ASSIGN_OR_RETURN(const auto agreed,
                   holder->AwaitHandover(id, sent, "all terms are agreed",
                                         StageIs(hv1::HANDOVER_STAGE_TERMS_COORDINATED)));
  say_->Hop(Nick(receiver), Nick(holder), "AgreementTermAgreed", agreed.took);
  return absl::OkStatus();
}

absl::Status Story::Accept(const Handing& handing) {
  const auto& [holder, receiver, id] = handing;
  RETURN_IF_ERROR(receiver->Accept(id).status());
  const absl::Time sent = receiver->sent();
  say_->Did(Nick(receiver), "accepts; it does not answer for the case yet", receiver->took());
  RETURN_IF_ERROR(Crash(Moment::kAccepted, handing));
  ASSIGN_OR_RETURN(const auto released,
                   receiver->AwaitHandover(id, sent, "identity is released",
                                           [](const hv1::Handover& h) { return h.has_person(); }));
  say_->Hop(Nick(receiver), Nick(holder), "HandoverAccepted, and HandoverIdentityReleased back",
            released.took);
  RETURN_IF_ERROR(Check(released.view.person().cpr_number() == person_.cpr_number() &&
                            released.view.case_id() == case_id_,
                        "it is this person and this case", released.view));
  say_->Sees(Nick(receiver), ShownIn(released.view));
  return absl::OkStatus();
}

absl::Status Story::Offer(const Handing& handing, absl::Time earliest) {
  const auto& [holder, receiver, id] = handing;
  ASSIGN_OR_RETURN(const hv1::Handover offered, holder->Offer(id, earliest));
  const absl::Time sent = holder->sent();
  number_ = offered.offered_number();
  say_->Did(Nick(holder), absl::StrCat("offers the case under number ", number_), holder->took());
  RETURN_IF_ERROR(Crash(Moment::kOffered, handing));
  RETURN_IF_ERROR(CheckRefusal(holder->Recall(id).status(), "handover.offered_cannot_be_recalled"));
  RETURN_IF_ERROR(
      CheckRefusal(holder->SignAgreement(case_id_, FirstAgreement(holder->id())).status(),
                   "handover.offered_freezes_agreement"));
  RETURN_IF_ERROR(
      holder->RecordLateFact(id, hv1::LATE_FACT_KIND_PRECAUTIONS, LateFactOf(holder)).status());
  say_->Did(Nick(holder), "learns of a precaution meanwhile, and sends it on", holder->took());
  ASSIGN_OR_RETURN(const auto arrived,
                   receiver->AwaitHandover(id, sent, "the offer is there",
                                           StageIs(hv1::HANDOVER_STAGE_OFFERED)));
  say_->Hop(Nick(holder), Nick(receiver), "2 × DossierPart, HandoverOffered with the slips",
            arrived.took);
  return absl::OkStatus();
}

absl::Status Story::TakeOver(const Handing& handing) {
  const auto& [holder, receiver, id] = handing;
  ASSIGN_OR_RETURN(const absl::Time before, deployment_->Today());
  RETURN_IF_ERROR(receiver->TakeOver(id).status());
  const absl::Time sent = receiver->sent();
  say_->Did(Nick(receiver),
            absl::StrCat("takes the case over: it answers for it now, under number ", number_),
            receiver->took());
  RETURN_IF_ERROR(Crash(Moment::kTakenOver, handing));
  ASSIGN_OR_RETURN(const auto told, holder->AwaitHandover(id, sent, "the take-over is known",
                                                          StageIs(hv1::HANDOVER_STAGE_TAKEN_OVER)));
  say_->Hop(Nick(receiver), Nick(holder), "CaseTakenOver, signed", told.took);
  // The late fact is a letter of its own, which may come after the take-over.
  const std::string fact = LateFactOf(holder);
  const auto times_told = [&](const cv1::Case& seen) {
    return std::count(seen.precautions().begin(), seen.precautions().end(), fact);
  };
  ASSIGN_OR_RETURN(
      const auto complete,
      receiver->AwaitCase(case_id_, sent, "the late fact is there",
                          [&](const cv1::Case& seen) { return times_told(seen) > 0; }));
  const cv1::Case& taken = complete.view;
  RETURN_IF_ERROR(Check(
      taken.standing() == cv1::STANDING_RESPONSIBLE && taken.responsibility_number() == number_,
      "the receiver answers for the case", taken));
  RETURN_IF_ERROR(Check(times_told(taken) == 1, "the late fact came along once", taken));
  RETURN_IF_ERROR(Check(
      taken.agreement().measures_size() == 3 && taken.person().cpr_number() == person_.cpr_number(),
      "the dossier came along", taken));
  say_->Sees(Nick(receiver), ShownIn(taken));
  say_->SeesNot(Nick(receiver), WithheldIn(taken));
  ASSIGN_OR_RETURN(const cv1::Case former, holder->GetCase(case_id_));
  RETURN_IF_ERROR(
      Check(former.standing() == cv1::STANDING_FORMER && former.responsible() == receiver->id(),
            "the former holder knows who answers", former));
  RETURN_IF_ERROR(CheckEvidence(handing, before));
  return CheckNec(receiver, number_, sent);
}

absl::Status Story::CheckEvidence(const Handing& handing, absl::Time before) {
  ASSIGN_OR_RETURN(const absl::Time now, deployment_->Today());
  for (Actor* side : {handing.holder, handing.receiver}) {
    ASSIGN_OR_RETURN(const auto then, side->GetResponsibility(case_id_, before));
    ASSIGN_OR_RETURN(const auto today, side->GetResponsibility(case_id_, now));
    RETURN_IF_ERROR(Check(then.authority() == handing.holder->id() && then.fault().empty(),
                          "the evidence names the holder before", then));
    RETURN_IF_ERROR(Check(today.authority() == handing.receiver->id() &&
                              today.number() == number_ && today.fault().empty(),
                          "the evidence names the receiver now", today));
  }
  say_->Holds("the signed statements at both sides name " + Nick(handing.holder) + " before and " +
              Nick(handing.receiver) + " after");
  return absl::OkStatus();
}

absl::Status Story::Finish(const Handing& handing) {
  const auto& [holder, receiver, id] = handing;
  RETURN_IF_ERROR(holder->Acknowledge(id).status());
  const absl::Time sent = holder->sent();
  say_->Did(Nick(holder), "acknowledges", holder->took());
  RETURN_IF_ERROR(Crash(Moment::kAcknowledged, handing));
  ASSIGN_OR_RETURN(const auto heard,
                   receiver->AwaitHandover(id, sent, "it is acknowledged",
                                           StageIs(hv1::HANDOVER_STAGE_ACKNOWLEDGED)));
  say_->Hop(Nick(holder), Nick(receiver), "HandoverAcknowledged", heard.took);
  RETURN_IF_ERROR(holder->Close(id).status());
  RETURN_IF_ERROR(receiver->Close(id).status());
  say_->Did(Nick(holder) + ", " + Nick(receiver), "close it: nothing is open between them",
            receiver->took());
  return absl::OkStatus();
}

}  // namespace exitbus::story
