// An authority is suspended while letters to it and by it are due, and comes back.
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/story/checks.h"
#include "tests/story/operations.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

bool IsLastObjected(const hv1::Handover& handover) {
  return !handover.terms().empty() &&
         handover.terms(handover.terms_size() - 1).status() == hv1::TERM_STATUS_OBJECTED;
}

}  // namespace

absl::StatusOr<Story::Handing> Story::Suspension() {
  say_->Chapter("7 · Odense is suspended, and comes back");
  ASSIGN_OR_RETURN(const Handing handing,
                   Request(odense_.get(), ishoj_.get(), hv1::HANDOVER_REASON_RELOCATION));
  RETURN_IF_ERROR(CompareBooks(*deployment_, absl::Seconds(60)).status());
  absl::Time began = absl::Now();
  ASSIGN_OR_RETURN(const std::uint64_t suspended, PublishDirectory(*deployment_, {kOdense}));
  say_->Did("!", absl::StrCat("version ", suspended, " of the directory suspends odense"),
            absl::Now() - began);
  RETURN_IF_ERROR(LettersArePaused(handing));

  began = absl::Now();
  ASSIGN_OR_RETURN(const std::uint64_t back, PublishDirectory(*deployment_, {}));
  say_->Did("!", absl::StrCat("version ", back, " lists odense as before; all have taken it"),
            absl::Now() - began);
  ASSIGN_OR_RETURN(
      const auto objected,
      odense_->AwaitHandover(handing.id, began, "the objection is known", IsLastObjected));
  say_->Hop("ishoj", "odense", "AgreementTermObjected, which was held", objected.took);
  RETURN_IF_ERROR(AwaitTold(odense_.get(), began));
  RETURN_IF_ERROR(Read(odense_.get()));
  ASSIGN_OR_RETURN(const auto known, nec_->AwaitEntry(person_.cpr_number(), began,
                                                      "version 3 of the agreement is known",
                                                      [](const nv1::OverviewEntry& entry) {
                                                        return entry.agreement_version() == 3;
                                                      }));
  say_->Hop("odense", "nec", "AgreementSigned, which was held", known.took);
  RETURN_IF_ERROR(CompareBooks(*deployment_, absl::Seconds(60)).status());
  say_->Holds("all that waited has arrived in order: nothing lost, nothing twice");
  return handing;
}

absl::Status Story::LettersArePaused(const Handing& handing) {
  ASSIGN_OR_RETURN(const hv1::Handover asked, ishoj_->GetHandover(handing.id));
  RETURN_IF_ERROR(ishoj_
                      ->ObjectToTerm(handing.id, asked.terms(asked.terms_size() - 1).term_id(),
                                     hv1::OBJECTION_CODE_NO_CAPACITY)
                      .status());
  say_->Did("ishoj", "objects to the last term: NO_CAPACITY", ishoj_->took());
  const Unit before = in_charge_;
  RETURN_IF_ERROR(fyn_->Assess(before.file, AssessmentOf(before.version + 1)).status());
  in_charge_.version = before.version + 1;
  say_->Did("fyn", absl::StrCat("assesses anew, version ", in_charge_.version), fyn_->took());
  RETURN_IF_ERROR(SignNext(odense_.get(), 9));
  for (const Actor* sender : {ishoj_.get(), fyn_.get()}) {
    RETURN_IF_ERROR(AwaitPaused(*deployment_, sender->member(), "suspended"));
  }
  RETURN_IF_ERROR(AwaitPaused(*deployment_, odense_->member(), "own"));
  ASSIGN_OR_RETURN(const hv1::Handover unheard, odense_->GetHandover(handing.id));
  RETURN_IF_ERROR(Check(!IsLastObjected(unheard), "the objection waits at Ishøj", unheard));
  ASSIGN_OR_RETURN(const cv1::Case untold, odense_->GetCase(case_id_));
  RETURN_IF_ERROR(Check(untold.security().version() == before.version,
                        "the precautions wait at the police", untold));
  ASSIGN_OR_RETURN(const nv1::OverviewEntry unaware, nec_->GetEntry(overview_id_));
  RETURN_IF_ERROR(
      Check(unaware.agreement_version() == 2, "the agreement waits at Odense", unaware));
  say_->Holds(
      "odense's own system works on; its letters, and those to it, lie in the outboxes of odense, "
      "ishoj and fyn; nothing is delivered");
  return absl::OkStatus();
}

}  // namespace exitbus::story
