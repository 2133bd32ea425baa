// How a case begins, and what NEC must know of it.
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/story/checks.h"
#include "tests/story/referral_calls.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

cv1::Measure MeasureOf(cv1::MeasureType type, cv1::Module module, const std::string& owner,
                       std::uint32_t months, cv1::FundingClass funding, const char* description) {
  cv1::Measure measure;
  measure.set_type(type);
  measure.set_module(module);
  measure.set_owner(owner);
  measure.set_months(months);
  measure.set_funding(funding);
  measure.set_legal_basis(policy::v1::LEGAL_BASIS_OTHER_LAW);
  measure.set_description(description);
  return measure;
}

}  // namespace

absl::Status Check(bool holds, const std::string& what, const google::protobuf::Message& seen) {
  if (holds) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("does not hold: ", what, "; seen: ", seen.ShortDebugString()));
}

// The measure that is objected to stands last: when its new term has arrived, all have.
cv1::Agreement FirstAgreement(const std::string& owner) {
  cv1::Agreement agreement;
  agreement.set_template_("EKI-standard-2020");
  *agreement.add_measures() =
      MeasureOf(cv1::MEASURE_TYPE_HOUSING, cv1::MODULE_HOUSING, owner, 6,
                cv1::FUNDING_CLASS_RESIDENCE_MUNICIPALITY, "Bolig (opdigtet)");
  *agreement.add_measures() =
      MeasureOf(cv1::MEASURE_TYPE_MENTOR, cv1::MODULE_SOCIAL_CIRCLE, owner, 12,
                cv1::FUNDING_CLASS_RESIDENCE_MUNICIPALITY, "Mentor (opdigtet)");
  *agreement.add_measures() =
      MeasureOf(cv1::MEASURE_TYPE_EMPLOYMENT, cv1::MODULE_EDUCATION_EMPLOYMENT, owner, 24,
                cv1::FUNDING_CLASS_RESIDENCE_MUNICIPALITY, "Virksomhedspraktik (opdigtet)");
  agreement.set_consequences_of_relapse("Forløbet ophører efter høring.");
  return agreement;
}

absl::Status Story::BeginAt(Actor* holder) {
  RETURN_IF_ERROR(OpenAt(holder, cv1::PROGRAMME_MUNICIPAL_EXIT));
  RETURN_IF_ERROR(VisitAt(holder));
  return EnrolAt(holder);
}

absl::Status Story::OpenAt(Actor* holder, cv1::Programme programme, const std::string& referral) {
  ASSIGN_OR_RETURN(const cv1::Case opened, referral.empty()
                                               ? holder->OpenCase(person_, address_, programme)
                                               : OpenFrom(*holder, referral, address_, programme));
  RETURN_IF_ERROR(Check(opened.person().cpr_number() == person_.cpr_number() &&
                            opened.intake().referral().referral_id() == referral,
                        "the case has what its referral says, and nobody typed that", opened));
  case_id_ = opened.case_id();
  number_ = opened.responsibility_number();
  say_->Did(Nick(holder), "opens a case: it answers for it under number 1", holder->took());
  RETURN_IF_ERROR(holder->RecordConsent(case_id_).status());
  say_->Did(Nick(holder), "records the citizen's consent to exchange", holder->took());
  return absl::OkStatus();
}

absl::Status Story::VisitAt(Actor* holder) {
  cv1::Visitation visitation;
  visitation.set_affiliation("Perifer tilknytning (opdigtet)");
  visitation.set_position("Ingen ledende rolle (opdigtet)");
  visitation.set_motivation("Vil hjem til sin familie (opdigtet)");
  visitation.set_risk_on_leaving("Lav (opdigtet)");
  visitation.set_health_needs(health_);
  RETURN_IF_ERROR(holder->DecideVisitation(case_id_, visitation).status());
  say_->Did(Nick(holder), "decides the visitation", holder->took());
  ASSIGN_OR_RETURN(const auto visited,
                   nec_->AwaitEntry(person_.cpr_number(), holder->sent(), "the visitation is known",
                                    [](const nv1::OverviewEntry&) { return true; }));
  overview_id_ = visited.view.overview_id();
  say_->Hop(Nick(holder), "nec", "VisitationDecided (after a random delay of up to 300 ms)",
            visited.took);
  return absl::OkStatus();
}

absl::Status Story::EnrolAt(Actor* holder) {
  RETURN_IF_ERROR(holder->SignAgreement(case_id_, FirstAgreement(kIshoj)).status());
  say_->Did(Nick(holder), "signs version 1 of the agreement with the citizen", holder->took());
  ASSIGN_OR_RETURN(const auto signed_,
                   nec_->AwaitEntry(person_.cpr_number(), holder->sent(), "the agreement is known",
                                    [](const nv1::OverviewEntry& entry) {
                                      return entry.agreement_version() == 1;
                                    }));
  say_->Hop(Nick(holder), "nec", "AgreementSigned, its core", signed_.took);
  return CheckNec(holder, number_, holder->sent());
}

absl::Status Story::CheckNec(Actor* holder, std::uint64_t number, absl::Time since) {
  ASSIGN_OR_RETURN(const auto entry, nec_->AwaitEntry(person_.cpr_number(), since,
                                                      "the authority in charge is " + holder->id(),
                                                      [&](const nv1::OverviewEntry& seen) {
                                                        return seen.authority() == holder->id() &&
                                                               seen.responsibility_number() ==
                                                                   number;
                                                      }));
  const nv1::OverviewEntry& seen = entry.view;
  RETURN_IF_ERROR(Check(seen.overview_id() == overview_id_ && overview_id_ != case_id_,
                        "NEC's id for the case is its own and stays", seen));
  RETURN_IF_ERROR(Check(seen.person().name() == person_.name(), "NEC has the name", seen));
  for (const char* absent :
       {"current_address", "health_needs", "affiliation", "measures", "case_id"}) {
    RETURN_IF_ERROR(Check(!HasFieldNamed(*seen.GetDescriptor(), absent),
                          absl::StrCat("NEC's entry has no ", absent), seen));
  }
  if (number > 1) {
    say_->Hop(Nick(holder), "nec", "CaseTakenOver with the former holder's slip, and no address",
              entry.took);
  }
  RETURN_IF_ERROR(Check(seen.provenance().rbegin()->authority() == holder->id(),
                        "the entry says by whose word it is so", seen));
  say_->Sees("nec", ShownIn(seen));
  RETURN_IF_ERROR(CheckCount(holder));
  say_->SeesNot("nec", {"address", "health", "affiliation", "measures", "the case's own id"});
  return absl::OkStatus();
}

absl::Status Story::CheckCount(Actor* holder) {
  ASSIGN_OR_RETURN(const nv1::EntryCounts counts, nec_->CountEntries());
  nv1::DistrictCount here;
  for (const nv1::DistrictCount& each : counts.districts()) {
    if (each.district() == holder->member().district) here = each;
  }
  RETURN_IF_ERROR(Check((holder == kif_.get() ? here.in_custody() : here.outside()) > 0,
                        "the person counts where the case is", counts));
  say_->Holds(absl::StrCat("NEC counts ", counts.persons(), " in exit; in district ",
                           here.district(), " ", here.outside(), " outside, ", here.in_custody(),
                           " in custody"));
  return absl::OkStatus();
}

absl::Status Story::CheckRefusal(const absl::Status& status, const std::string& rule) {
  if (RuleOf(status) != rule) {
    return absl::InternalError(absl::StrCat("should have been refused by ", rule, ", got ",
                                            std::string(status.message())));
  }
  say_->Holds("refused as it must be: " + rule);
  return absl::OkStatus();
}

}  // namespace exitbus::story
