// What a citizen may ask for: to be told who saw what, to be corrected everywhere, to be erased
// everywhere.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "exitbus/casework/v1/erasure_service.pb.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/story/checks.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

bool IsConfirmed(const cv1::Case& seen) {
  return seen.corrections_size() == 1 && seen.corrections(0).outstanding().empty();
}

}  // namespace

absl::Status Story::CitizensRights() {
  say_->Chapter("10 · Another citizen, at Odense: corrected, accounted for, and erased everywhere");
  // A listener looks for what was said in what is left of it; of this nothing is.
  odense_->SetListener(nullptr);
  ASSIGN_OR_RETURN(const cv1::Case opened, odense_->OpenCase(another_, address_));
  const std::string case_id = opened.case_id();
  say_->Did("odense", "opens a case, with the name misspelt", odense_->took());
  RETURN_IF_ERROR(odense_->RecordConsent(case_id).status());
  cv1::Visitation visitation;
  visitation.set_affiliation("Ukendt (opdigtet)");
  visitation.set_position("Ukendt (opdigtet)");
  visitation.set_motivation("Vil videre (opdigtet)");
  visitation.set_risk_on_leaving("Ukendt (opdigtet)");
  RETURN_IF_ERROR(odense_->DecideVisitation(case_id, visitation).status());
  ASSIGN_OR_RETURN(
      const auto entry,
      nec_->AwaitEntry(another_.cpr_number(), odense_->sent(), "the visitation is known",
                       [](const nv1::OverviewEntry&) { return true; }));
  say_->Hop("odense", "nec", "VisitationDecided, under the misspelt name", entry.took);

  const std::string right = absl::StrCat(another_.name(), "sen");
  RETURN_IF_ERROR(odense_->CorrectName(case_id, right).status());
  say_->Did("odense", "corrects the name", odense_->took());
  ASSIGN_OR_RETURN(const auto confirmed,
                   odense_->AwaitCase(case_id, odense_->sent(), "it is confirmed", IsConfirmed));
  ASSIGN_OR_RETURN(const auto known, nec_->GetEntry(entry.view.overview_id()));
  RETURN_IF_ERROR(Check(known.person().name() == right, "NEC has the name right", known));
  say_->Hop("odense", "nec", "CorrectionIssued, and confirmed", confirmed.took);

  ASSIGN_OR_RETURN(const auto account, odense_->GetAccount(case_id));
  int sent = 0;
  for (const auto& row : account) sent += row.authority().empty() ? 0 : 1;
  if (sent < 2 || account.size() < 5) {
    return absl::InternalError(absl::StrCat("the account has ", account.size(), " rows"));
  }
  say_->Holds(absl::StrCat("the account that the citizen can be given has ", account.size(),
                           " rows: ", sent, " disclosures and who at Odense saw what"));

  RETURN_IF_ERROR(odense_->RecordWithdrawal(case_id).status());
  say_->Did("odense", "records that the citizen leaves the programme", odense_->took());
  ASSIGN_OR_RETURN(const cv1::Erasure begun, odense_->EraseCase(case_id));
  say_->Did("odense", "erases the case, as the citizen asks", odense_->took());
  ASSIGN_OR_RETURN(const auto erased, odense_->AwaitErased(begun.erasure_id(), odense_->sent()));
  say_->Hop("odense", "nec", "ErasureOrdered, and confirmed", erased.took);
  if (!absl::IsNotFound(odense_->GetCase(case_id).status()) ||
      !absl::IsNotFound(nec_->GetEntry(entry.view.overview_id()).status())) {
    return absl::InternalError("an erased case is still there to be read");
  }
  say_->Holds("nobody has it any more; what is left is that it was, and who confirmed");
  odense_->SetListener(listener_);
  return absl::OkStatus();
}

}  // namespace exitbus::story
