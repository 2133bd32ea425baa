#include "tests/story/stay_calls.h"

#include <algorithm>
#include <optional>

#include "exitbus/casework/v1/stay_service.pb.h"
#include "tests/story/calls.h"

namespace exitbus::story {
namespace {

constexpr std::string_view kStays = "exitbus.police.v1.StayService.";
constexpr std::string_view kHosted = "exitbus.police.v1.HostedStayService.";
constexpr std::string_view kDesk = "exitbus.contact_point.v1.PoolDeskService.";

}  // namespace

absl::StatusOr<cv1::Case> AskForAPlace(Actor& at, const std::string& case_id) {
  cv1::RequestTemporaryRelocationRequest request;
  request.set_case_id(case_id);
  return at.Change<cv1::Case>(
      "exitbus.casework.v1.TemporaryRelocationService.RequestTemporaryRelocation",
      std::move(request));
}

absl::StatusOr<plv1::Stay> PlaceTemporarily(Actor& at, plv1::PlaceTemporarilyRequest where) {
  return at.Change<plv1::Stay>(In(kStays, "PlaceTemporarily"), std::move(where));
}

absl::StatusOr<plv1::Stay> EndStay(Actor& at, const std::string& stay_id, cv1::StayEnd end) {
  plv1::EndStayRequest request;
  request.set_stay_id(stay_id);
  request.set_end(end);
  return at.Change<plv1::Stay>(In(kStays, "EndStay"), std::move(request));
}

absl::StatusOr<plv1::Stay> AccountForStay(Actor& at, const plv1::Stay& stay,
                                          std::uint64_t spent_dkk) {
  plv1::ReturnStayAccountRequest request;
  request.set_stay_id(stay.stay_id());
  request.set_application_id(stay.applications(0).application_id());
  request.set_spent_dkk(spent_dkk);
  return at.Change<plv1::Stay>(In(kStays, "ReturnStayAccount"), std::move(request));
}

absl::StatusOr<Arrival<plv1::Stay>> AwaitStay(Actor& at, const std::string& security_id,
                                              absl::Time since, const std::string& what,
                                              const std::function<bool(const plv1::Stay&)>& holds) {
  return Await<plv1::Stay>(
      [&]() -> absl::StatusOr<plv1::Stay> {
        plv1::ListStaysRequest of;
        of.set_of_file(security_id);
        ASSIGN_OR_RETURN(const auto stays,
                         (at.List<plv1::Stay>(In(kStays, "ListStays"), std::move(of))));
        const auto open = std::find_if(stays.begin(), stays.end(), [](const plv1::Stay& stay) {
          return stay.stage() != cv1::STAY_STAGE_ENDED;
        });
        if (open != stays.end()) return *open;
        if (stays.empty()) return absl::NotFoundError("no stay");
        return stays.back();
      },
      since, at.id() + ": " + what, holds);
}

absl::StatusOr<Arrival<plv1::HostedStay>> AwaitHosted(Actor& at, absl::Time since) {
  return Await<plv1::HostedStay>(
      [&]() -> absl::StatusOr<plv1::HostedStay> {
        plv1::ListHostedStaysRequest open;
        open.set_open_only(true);
        ASSIGN_OR_RETURN(const auto hosted,
                         (at.List<plv1::HostedStay>(In(kHosted, "ListHostedStays"), open)));
        const auto unread = std::find_if(hosted.begin(), hosted.end(), [](const auto& stay) {
          return stay.answer() == relocation::v1::PLACE_SAFETY_ASKED;
        });
        if (unread == hosted.end()) return absl::NotFoundError("nobody is placed here");
        return *unread;
      },
      since, at.id() + ": somebody is placed here", [](const plv1::HostedStay&) { return true; });
}

absl::StatusOr<plv1::HostedStay> GetHosted(Actor& at, const std::string& hosted_id) {
  plv1::GetHostedStayRequest request;
  request.set_stay_id(hosted_id);
  return at.Ask<plv1::HostedStay>(In(kHosted, "GetHostedStay"), request);
}

absl::StatusOr<plv1::HostedStay> AnswerHosted(Actor& at, const std::string& hosted_id,
                                              relocation::v1::PlaceSafety answer) {
  plv1::AnswerHostedStayRequest request;
  request.set_stay_id(hosted_id);
  request.set_answer(answer);
  return at.Change<plv1::HostedStay>(In(kHosted, "AnswerHostedStay"), std::move(request));
}

absl::StatusOr<Arrival<pool::v1::PoolApplication>> AwaitApplication(Actor& at,
                                                                    const std::string& id,
                                                                    absl::Time since) {
  contact_point::v1::GetPoolApplicationRequest request;
  request.set_application_id(id);
  return Await<pool::v1::PoolApplication>(
      [&] { return at.Ask<pool::v1::PoolApplication>(In(kDesk, "GetPoolApplication"), request); },
      since, at.id() + ": the application", [](const pool::v1::PoolApplication&) { return true; });
}

absl::Status GrantAndPay(Actor& at, const std::string& id, std::uint64_t dkk) {
  contact_point::v1::TreatPoolApplicationRequest treat;
  treat.set_application_id(id);
  RETURN_IF_ERROR(
      at.Change<pool::v1::PoolApplication>(In(kDesk, "TreatPoolApplication"), treat).status());
  contact_point::v1::GrantPoolApplicationRequest grant;
  grant.set_application_id(id);
  grant.set_granted_dkk(dkk);
  RETURN_IF_ERROR(
      at.Change<pool::v1::PoolApplication>(In(kDesk, "GrantPoolApplication"), grant).status());
  contact_point::v1::RecordPaymentRequest pay;
  pay.set_application_id(id);
  pay.set_paid_dkk(dkk);
  return at.Change<pool::v1::PoolApplication>(In(kDesk, "RecordPayment"), pay).status();
}

}  // namespace exitbus::story
