#include "tests/story/relocation_calls.h"

#include "services/exchange/ports/status_macros.h"
#include "services/exchange/proto_time.h"
#include "tests/story/calls.h"

namespace exitbus::story {
namespace {

constexpr std::string_view kServices = "exitbus.relocation.v1.Relocation";

}  // namespace

absl::StatusOr<rlv1::Relocation> ProposeMove(Actor& at, const std::string& case_id,
                                             rlv1::Nomination why) {
  rlv1::ProposeRelocationRequest request;
  request.set_case_id(case_id);
  *request.mutable_nomination() = std::move(why);
  return at.Change<rlv1::Relocation>(In(kServices, "ProposalService.ProposeRelocation"),
                                     std::move(request));
}

absl::StatusOr<rlv1::Relocation> Nominate(Actor& at, const std::string& security_id,
                                          rlv1::Nomination why) {
  rlv1::NominateRelocationRequest request;
  request.set_security_id(security_id);
  *request.mutable_nomination() = std::move(why);
  return at.Change<rlv1::Relocation>(In(kServices, "NominationService.NominateRelocation"),
                                     std::move(request));
}

absl::StatusOr<rlv1::Relocation> AssessRelocation(Actor& at,
                                                  rlv1::AssessRelocationRequest assessment) {
  return at.Change<rlv1::Relocation>(In(kServices, "AssessmentService.AssessRelocation"),
                                     std::move(assessment));
}

absl::StatusOr<rlv1::Relocation> GetRelocation(Actor& at, const std::string& relocation_id) {
  rlv1::GetRelocationRequest request;
  request.set_relocation_id(relocation_id);
  return at.Ask<rlv1::Relocation>(In(kServices, "Service.GetRelocation"), request);
}

absl::StatusOr<Arrival<rlv1::Relocation>> AwaitRelocation(Actor& at,
                                                          const std::string& relocation_id,
                                                          absl::Time since,
                                                          rlv1::RelocationStage stage) {
  return Await<rlv1::Relocation>(
      [&] { return GetRelocation(at, relocation_id); }, since,
      absl::StrCat(at.id(), ": a relocation at ", rlv1::RelocationStage_Name(stage)),
      [stage](const rlv1::Relocation& seen) { return seen.stage() == stage; });
}

absl::StatusOr<rlv1::Relocation> StatePlaces(Actor& at, const std::string& relocation_id,
                                             rlv1::PlaceStatement statement) {
  rlv1::StatePlacesRequest request;
  request.set_relocation_id(relocation_id);
  *request.mutable_statement() = std::move(statement);
  return at.Change<rlv1::Relocation>(In(kServices, "SafetyService.StatePlaces"),
                                     std::move(request));
}

absl::StatusOr<rlv1::Relocation> AskPlaces(Actor& at, const std::string& relocation_id,
                                           const std::vector<std::string>& municipalities) {
  rlv1::AskPlacesRequest request;
  request.set_relocation_id(relocation_id);
  request.mutable_municipalities()->Assign(municipalities.begin(), municipalities.end());
  return at.Change<rlv1::Relocation>(In(kServices, "PlaceService.AskPlaces"), std::move(request));
}

absl::StatusOr<rlv1::AskedConflict> AnswerConflict(Actor& at, const std::string& conflict_id,
                                                   rlv1::PlaceSafety safety) {
  rlv1::AnswerConflictInquiryRequest request;
  request.set_conflict_id(conflict_id);
  request.set_safety(safety);
  return at.Change<rlv1::AskedConflict>(
      "exitbus.relocation.v1.ConflictInquiryService.AnswerConflictInquiry", std::move(request));
}

absl::StatusOr<rlv1::Relocation> Inquire(Actor& at, const std::string& relocation_id,
                                         const std::string& municipality) {
  rlv1::InquireRelocationRequest request;
  request.set_relocation_id(relocation_id);
  request.set_municipality(municipality);
  return at.Change<rlv1::Relocation>(In(kServices, "PlaceService.InquireRelocation"),
                                     std::move(request));
}

absl::StatusOr<rlv1::Relocation> HearPlaces(Actor& at, const std::string& relocation_id,
                                            const std::vector<std::string>& municipalities) {
  rlv1::HearPlacesRequest request;
  request.set_relocation_id(relocation_id);
  request.mutable_municipalities()->Assign(municipalities.begin(), municipalities.end());
  return at.Change<rlv1::Relocation>(In(kServices, "DecisionService.HearPlaces"),
                                     std::move(request));
}

absl::StatusOr<rlv1::Ranking> RankPlaces(Actor& at, const std::string& relocation_id) {
  rlv1::RankPlacesRequest request;
  request.set_relocation_id(relocation_id);
  return at.Ask<rlv1::Ranking>(In(kServices, "DecisionService.RankPlaces"), request);
}

absl::StatusOr<rlv1::Relocation> DecideRelocation(Actor& at, const std::string& relocation_id,
                                                  const std::string& municipality) {
  rlv1::DecideRelocationRequest request;
  request.set_relocation_id(relocation_id);
  request.set_municipality(municipality);
  request.add_reasons(rlv1::PLACEMENT_REASON_RANKED_FIRST);
  return at.Change<rlv1::Relocation>(In(kServices, "DecisionService.DecideRelocation"),
                                     std::move(request));
}

absl::StatusOr<rlv1::RelocationBalance> GetRelocationBalance(Actor& at) {
  return at.Ask<rlv1::RelocationBalance>(In(kServices, "DecisionService.GetRelocationBalance"),
                                         rlv1::GetRelocationBalanceRequest());
}

absl::StatusOr<rlv1::Relocation> RecordHearing(Actor& at, const std::string& relocation_id,
                                               const std::string& municipality,
                                               rlv1::PlaceHearing hearing) {
  rlv1::RecordHearingRequest request;
  request.set_relocation_id(relocation_id);
  request.set_municipality(municipality);
  *request.mutable_hearing() = std::move(hearing);
  return at.Change<rlv1::Relocation>(In(kServices, "HearingService.RecordHearing"),
                                     std::move(request));
}

absl::StatusOr<rlv1::MunicipalityInquiry> GiveRoom(Actor& at, const std::string& inquiry_id,
                                                   absl::Time from) {
  rlv1::AnswerRelocationInquiryRequest request;
  request.set_inquiry_id(inquiry_id);
  *request.mutable_capacity()->mutable_from() = exchange::ToProto(from);
  request.mutable_capacity()->set_households(1);
  return at.Change<rlv1::MunicipalityInquiry>(
      In(kServices, "InquiryService.AnswerRelocationInquiry"), std::move(request));
}

absl::StatusOr<Arrival<rlv1::Relocation>> AwaitPlaces(
    Actor& at, const std::string& relocation_id, absl::Time since,
    const std::function<bool(const rlv1::Relocation&)>& holds) {
  return Await<rlv1::Relocation>([&] { return GetRelocation(at, relocation_id); }, since,
                                 absl::StrCat(at.id(), ": what became of a place"), holds);
}

absl::StatusOr<Arrival<rlv1::AskedConflict>> AwaitConflict(Actor& at, absl::Time since) {
  rlv1::ListAskedConflictsRequest open;
  open.set_open_only(true);
  return Await<rlv1::AskedConflict>(
      [&]() -> absl::StatusOr<rlv1::AskedConflict> {
        ASSIGN_OR_RETURN(
            const auto all,
            at.List<rlv1::AskedConflict>(
                "exitbus.relocation.v1.ConflictInquiryService.ListAskedConflicts", open));
        if (all.empty()) return absl::NotFoundError("it is asked about none");
        return all.front();
      },
      since, absl::StrCat(at.id(), ": a conflict it is asked about"),
      [](const rlv1::AskedConflict&) { return true; });
}

absl::StatusOr<Arrival<rlv1::MunicipalityInquiry>> AwaitInquiry(
    Actor& at, absl::Time since, const std::string& inquiry_id,
    const std::function<bool(const rlv1::MunicipalityInquiry&)>& holds) {
  return Await<rlv1::MunicipalityInquiry>(
      [&]() -> absl::StatusOr<rlv1::MunicipalityInquiry> {
        ASSIGN_OR_RETURN(const auto all,
                         at.List<rlv1::MunicipalityInquiry>(
                             In(kServices, "InquiryService.ListMunicipalityInquiries"),
                             rlv1::ListMunicipalityInquiriesRequest()));
        for (const rlv1::MunicipalityInquiry& one : all) {
          if ((inquiry_id.empty() || one.inquiry_id() == inquiry_id) && holds(one)) return one;
        }
        return absl::NotFoundError("there is no such inquiry");
      },
      since, absl::StrCat(at.id(), ": an inquiry whether it has room"),
      [](const rlv1::MunicipalityInquiry&) { return true; });
}

}  // namespace exitbus::story
