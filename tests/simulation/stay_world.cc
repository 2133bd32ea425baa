#include "tests/simulation/stay_world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/stay_service.pb.h"
#include "exitbus/contact_point/v1/pool_desk.pb.h"
#include "exitbus/police/v1/hosted_stay_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/police/v1/stay_service.pb.h"
#include "services/exchange/proto_time.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace dv1 = contact_point::v1;
namespace lv1 = pool::v1;
namespace plv1 = police::v1;
namespace rv1 = relocation::v1;

constexpr char kStays[] = "exitbus.police.v1.StayService.";
constexpr char kHosted[] = "exitbus.police.v1.HostedStayService.";
constexpr char kDeskService[] = "exitbus.contact_point.v1.PoolDeskService.";

bool HasEnded(const plv1::Stay& stay) { return stay.stage() == cv1::STAY_STAGE_ENDED; }

// What the desk has taken under treatment it has not told.
lv1::PoolStage AsTold(lv1::PoolStage stage) {
  return stage == lv1::POOL_STAGE_UNDER_TREATMENT ? lv1::POOL_STAGE_SUBMITTED : stage;
}

// As exact as letters tell it.
void ExpectSameMinute(const google::protobuf::Timestamp& a, const google::protobuf::Timestamp& b) {
  EXPECT_EQ(a.seconds() / 60, b.seconds() / 60);
}

// The unit there knows it by another id, and names nobody once it is over.
void ExpectHostKnows(const plv1::Stay& stay, const plv1::HostedStay& there) {
  EXPECT_EQ(HasEnded(stay), there.stage() == cv1::STAY_STAGE_ENDED);
  EXPECT_EQ(HasEnded(stay), there.person().cpr_number().empty());
  EXPECT_EQ(HasEnded(stay), there.address().empty());
  if (HasEnded(stay)) return;
  EXPECT_EQ(stay.version(), there.version());
  EXPECT_EQ(stay.answer(), there.answer());
  ExpectSameMinute(stay.until(), there.until());
  EXPECT_EQ(stay.stage(), there.stage());
}

void ExpectHolderKnows(const plv1::Stay& stay, const cv1::TemporaryRelocation& told) {
  EXPECT_EQ(cv1::StayStage_Name(stay.stage()), cv1::StayStage_Name(told.stage()));
  EXPECT_EQ(stay.municipality(), told.municipality());
  ExpectSameMinute(stay.until(), told.until());
  EXPECT_EQ(stay.end(), told.end());
}

}  // namespace

absl::Status StayWorld::AskForAPlace() {
  cv1::RequestTemporaryRelocationRequest request;
  request.set_case_id(case_id);
  return Insist<cv1::RequestTemporaryRelocationResponse>(
             holder, "exitbus.casework.v1.TemporaryRelocationService.RequestTemporaryRelocation",
             request)
      .status();
}

absl::Status StayWorld::PlaceAway(int days, std::uint64_t applied_dkk) {
  const auto files = FilesAt(vestegnen);
  if (files.empty()) return absl::NotFoundError("no file");
  plv1::PlaceTemporarilyRequest request;
  request.set_security_id(files.front().security_id());
  request.set_municipality(kOdenseCode);
  request.set_address("Canary Shelter");
  request.set_kind(cv1::STAY_PLACE_KIND_SAFE_HOUSE);
  request.set_payer(cv1::STAY_PAYER_POLICE);
  *request.mutable_until() = exchange::ToProto(world.domain_clock.Now() + days * absl::Hours(24));
  request.set_applied_dkk(applied_dkk);
  return Insist<plv1::PlaceTemporarilyResponse>(vestegnen, absl::StrCat(kStays, "PlaceTemporarily"),
                                                request)
      .status();
}

absl::Status StayWorld::ExtendStay(int days, std::uint64_t applied_dkk) {
  plv1::ExtendStayRequest request;
  request.set_stay_id(NewestStay().stay_id());
  *request.mutable_until() = exchange::ToProto(world.domain_clock.Now() + days * absl::Hours(24));
  request.set_applied_dkk(applied_dkk);
  return Insist<plv1::ExtendStayResponse>(vestegnen, absl::StrCat(kStays, "ExtendStay"), request)
      .status();
}

absl::Status StayWorld::EndStay(cv1::StayEnd end) {
  plv1::EndStayRequest request;
  request.set_stay_id(NewestStay().stay_id());
  request.set_end(end);
  return Insist<plv1::EndStayResponse>(vestegnen, absl::StrCat(kStays, "EndStay"), request)
      .status();
}

absl::Status StayWorld::WithdrawApplication() {
  const plv1::Stay stay = NewestStay();
  if (stay.applications().empty()) return absl::NotFoundError("nothing was applied for");
  plv1::WithdrawStayApplicationRequest request;
  request.set_stay_id(stay.stay_id());
  request.set_application_id(stay.applications().rbegin()->application_id());
  request.set_reason(lv1::POOL_WITHDRAWAL_REASON_ALTERNATIVE_FOUND);
  return Insist<plv1::WithdrawStayApplicationResponse>(
             vestegnen, absl::StrCat(kStays, "WithdrawStayApplication"), request)
      .status();
}

absl::Status StayWorld::ReturnAccount(std::uint64_t spent_dkk) {
  const plv1::Stay stay = NewestStay();
  if (stay.applications().empty()) return absl::NotFoundError("nothing was applied for");
  plv1::ReturnStayAccountRequest request;
  request.set_stay_id(stay.stay_id());
  request.set_application_id(stay.applications().rbegin()->application_id());
  request.set_spent_dkk(spent_dkk);
  return Insist<plv1::ReturnStayAccountResponse>(vestegnen,
                                                 absl::StrCat(kStays, "ReturnStayAccount"), request)
      .status();
}

absl::Status StayWorld::AnswerStay(rv1::PlaceSafety answer) {
  const auto hosted = Hosted();
  const auto open = std::find_if(hosted.begin(), hosted.end(), [](const auto& one) {
    return one.stage() != cv1::STAY_STAGE_ENDED;
  });
  if (open == hosted.end()) return absl::NotFoundError("nobody is here");
  plv1::AnswerHostedStayRequest request;
  request.set_stay_id(open->stay_id());
  request.set_answer(answer);
  return Insist<plv1::AnswerHostedStayResponse>(fyn, absl::StrCat(kHosted, "AnswerHostedStay"),
                                                request)
      .status();
}

template <class Response, class Request>
absl::Status StayWorld::Desk(const std::string& method, Request request) {
  const auto all = Applications();
  const auto newest = std::max_element(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return exchange::FromProto(a.submitted()) < exchange::FromProto(b.submitted());
  });
  if (newest == all.end()) return absl::NotFoundError("nothing was applied for");
  request.set_application_id(newest->application_id());
  if constexpr (requires { request.set_granted_dkk(1); }) {
    request.set_granted_dkk(newest->applied_dkk());
  }
  if constexpr (requires { request.set_paid_dkk(1); }) {
    request.set_paid_dkk(newest->granted_dkk());
  }
  return Insist<Response>(desk, absl::StrCat(kDeskService, method), request).status();
}

absl::Status StayWorld::GrantStay() {
  (void)Desk<dv1::TreatPoolApplicationResponse>("TreatPoolApplication",
                                                dv1::TreatPoolApplicationRequest());
  return Desk<dv1::GrantPoolApplicationResponse>("GrantPoolApplication",
                                                 dv1::GrantPoolApplicationRequest());
}

absl::Status StayWorld::RefuseStay() {
  (void)Desk<dv1::TreatPoolApplicationResponse>("TreatPoolApplication",
                                                dv1::TreatPoolApplicationRequest());
  dv1::RefusePoolApplicationRequest request;
  request.set_code(lv1::POOL_REFUSAL_CODE_BUDGET_EXHAUSTED);
  return Desk<dv1::RefusePoolApplicationResponse>("RefusePoolApplication", request);
}

absl::Status StayWorld::PayStay() {
  return Desk<dv1::RecordPaymentResponse>("RecordPayment", dv1::RecordPaymentRequest());
}

void StayWorld::Placed() {
  EXPECT_TRUE(PlaceAway().ok());
  EXPECT_TRUE(world.Settle());
  EXPECT_TRUE(AnswerStay(rv1::PLACE_SAFETY_CLEAR).ok());
  EXPECT_TRUE(world.Settle());
}

std::vector<plv1::Stay> StayWorld::Stays() {
  const auto listed = Insist<plv1::ListStaysResponse>(vestegnen, absl::StrCat(kStays, "ListStays"),
                                                      plv1::ListStaysRequest());
  EXPECT_TRUE(listed.ok()) << listed.status();
  if (!listed.ok()) return {};
  return {listed->stays().begin(), listed->stays().end()};
}

plv1::Stay StayWorld::NewestStay() {
  const auto stays = Stays();
  const auto open = std::find_if_not(stays.begin(), stays.end(), &HasEnded);
  if (open != stays.end()) return *open;
  const auto newest =
      std::max_element(stays.begin(), stays.end(), [](const auto& a, const auto& b) {
        return exchange::FromProto(a.ended()) < exchange::FromProto(b.ended());
      });
  return newest == stays.end() ? plv1::Stay() : *newest;
}

std::vector<plv1::HostedStay> StayWorld::Hosted() {
  const auto listed = Insist<plv1::ListHostedStaysResponse>(
      fyn, absl::StrCat(kHosted, "ListHostedStays"), plv1::ListHostedStaysRequest());
  EXPECT_TRUE(listed.ok()) << listed.status();
  if (!listed.ok()) return {};
  return {listed->stays().begin(), listed->stays().end()};
}

std::vector<cv1::TemporaryRelocation> StayWorld::Told() {
  const auto seen = GetCase(holder, case_id);
  if (!seen.ok()) return {};
  return {seen->temporary_relocations().begin(), seen->temporary_relocations().end()};
}

std::vector<lv1::PoolApplication> StayWorld::Applications() {
  const auto listed = Insist<dv1::ListPoolApplicationsResponse>(
      desk, absl::StrCat(kDeskService, "ListPoolApplications"), dv1::ListPoolApplicationsRequest());
  EXPECT_TRUE(listed.ok()) << listed.status();
  if (!listed.ok()) return {};
  return {listed->applications().begin(), listed->applications().end()};
}

void StayWorld::ExpectStaysAgreed() {
  std::map<std::string, cv1::TemporaryRelocation> told;
  for (const cv1::TemporaryRelocation& one : Told()) told[one.stay_id()] = one;
  std::map<std::string, lv1::PoolApplication> applied;
  for (const lv1::PoolApplication& one : Applications()) applied[one.application_id()] = one;
  std::map<std::string, plv1::HostedStay> hosted;
  for (const plv1::HostedStay& one : Hosted()) hosted[one.stay_id()] = one;
  const auto seen = GetCase(holder, case_id);
  const bool is_here = seen.ok() && seen->standing() == cv1::STANDING_RESPONSIBLE;
  std::size_t open = 0, with_fyn = 0;
  for (const plv1::Stay& stay : Stays()) {
    if (!HasEnded(stay)) ++open;
    if (stay.version() > 0) ++with_fyn;
    if (is_here) {
      EXPECT_TRUE(told.contains(stay.stay_id()));
      ExpectHolderKnows(stay, told[stay.stay_id()]);
    }
    for (const lv1::PoolApplication& one : stay.applications()) {
      EXPECT_EQ(lv1::PoolStage_Name(one.stage()),
                lv1::PoolStage_Name(AsTold(applied[one.application_id()].stage())));
    }
    if (stay.version() > 0) {
      EXPECT_TRUE(hosted.contains(stay.hosted_id()));
      EXPECT_NE(stay.hosted_id(), stay.stay_id()) << "the two units write under an id of their own";
      ExpectHostKnows(stay, hosted[stay.hosted_id()]);
    }
    EXPECT_TRUE(!HasEnded(stay) || stay.version() == 0 || stay.host_erased());
  }
  EXPECT_LE(open, 1U);
  EXPECT_EQ(with_fyn, hosted.size());
}

}  // namespace exitbus::simulation
