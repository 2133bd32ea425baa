// A case erased across real processes, of which two are not there when it is ordered: each complies
// before its first answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "exitbus/casework/v1/erasure_service.pb.h"
#include "tests/e2e/environment.h"
#include "tests/story/books.h"

namespace exitbus::story {
namespace {

constexpr char kCpr[] = "6401900001";

class ErasureTest : public ::testing::Test {
 protected:
  static std::unique_ptr<Actor> At(const std::string& id) {
    auto actor = Actor::Make(MemberNamed(id), TheDeployment().ClientOf(MemberNamed(id)));
    EXPECT_TRUE(actor.ok()) << actor.status();
    return *std::move(actor);
  }

  void AwaitStage(Actor& actor, const std::string& handover_id, hv1::HandoverStage stage) {
    const auto arrived =
        actor.AwaitHandover(handover_id, absl::Now(), hv1::HandoverStage_Name(stage),
                            [stage](const auto& h) { return h.stage() == stage; });
    ASSERT_TRUE(arrived.ok()) << arrived.status();
  }

  void MoveToOdense(const std::string& case_id) {
    const auto requested =
        ishoj_->RequestHandover(case_id, kOdense, hv1::HANDOVER_REASON_RELOCATION);
    ASSERT_TRUE(requested.ok()) << requested.status();
    const std::string id = requested->handover_id();
    const auto arrived = odense_->AwaitHandover(id, absl::Now(), "the request is there",
                                                [](const auto& h) { return h.terms_size() == 1; });
    ASSERT_TRUE(arrived.ok()) << arrived.status();
    ASSERT_TRUE(odense_->AgreeTerms(id).ok());
    ASSERT_TRUE(odense_->Accept(id).ok());
    AwaitStage(*ishoj_, id, hv1::HANDOVER_STAGE_ACCEPTED);
    ASSERT_TRUE(ishoj_->Offer(id, absl::Now()).ok());
    AwaitStage(*odense_, id, hv1::HANDOVER_STAGE_OFFERED);
    ASSERT_TRUE(odense_->TakeOver(id).ok());
    AwaitStage(*ishoj_, id, hv1::HANDOVER_STAGE_TAKEN_OVER);
  }

  absl::StatusOr<cv1::Erasure> Erase(const std::string& case_id) {
    cv1::EraseCaseRequest request;
    request.set_request_id(FreshId());
    request.set_case_id(case_id);
    request.set_reason(cv1::ERASURE_REASON_CITIZENS_RIGHT);
    const auto reply = odense_->Call("exitbus.casework.v1.ErasureService.EraseCase", request);
    if (!reply.ok()) return reply.status();
    return static_cast<const cv1::EraseCaseResponse&>(**reply).erasure();
  }

  bool IsComplete(const std::string& erasure_id) {
    cv1::GetErasureRequest request;
    request.set_erasure_id(erasure_id);
    const auto reply = odense_->Call("exitbus.casework.v1.ErasureService.GetErasure", request);
    EXPECT_TRUE(reply.ok()) << reply.status();
    return reply.ok() && static_cast<const cv1::GetErasureResponse&>(**reply).erasure().complete();
  }

  std::unique_ptr<Actor> ishoj_ = At(kIshoj);
  std::unique_ptr<Actor> odense_ = At(kOdense);
  std::unique_ptr<Actor> nec_ = At(kNec);
};

TEST_F(ErasureTest, WhoWasNotThereCompliesBeforeItsFirstAnswer) {
  const std::string case_id = EnrolledCase(*ishoj_, kCpr);
  ASSERT_NO_FATAL_FAILURE(MoveToOdense(case_id));
  const auto entry =
      nec_->AwaitEntry(kCpr, absl::Now(), "NEC knows the new holder",
                       [](const nv1::OverviewEntry& e) { return e.authority() == kOdense; });
  ASSERT_TRUE(entry.ok()) << entry.status();
  cv1::RecordWithdrawalRequest withdrawal;
  withdrawal.set_request_id(FreshId());
  withdrawal.set_case_id(case_id);
  ASSERT_TRUE(odense_->Call("exitbus.casework.v1.CaseService.RecordWithdrawal", withdrawal).ok());
  ASSERT_TRUE(ishoj_->GetCase(case_id).ok());

  for (const char* id : {kIshoj, kNec}) {
    ASSERT_TRUE(TheDeployment().KillService(MemberNamed(id)).ok());
  }
  const auto erased = Erase(case_id);
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_EQ(odense_->GetCase(case_id).status().code(), absl::StatusCode::kNotFound);
  absl::SleepFor(absl::Seconds(2));  // the orders lie in the two topics
  EXPECT_FALSE(IsComplete(erased->erasure_id()));

  for (const char* id : {kIshoj, kNec}) {
    ASSERT_TRUE(TheDeployment().StartService(MemberNamed(id)).ok());
  }
  // An actor repeats its call until the port is open: this is the first answer there is.
  EXPECT_EQ(ishoj_->GetCase(case_id).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(nec_->GetEntry(entry->view.overview_id()).status().code(), absl::StatusCode::kNotFound);
  const absl::Time limit = absl::Now() + absl::Seconds(40);
  while (!IsComplete(erased->erasure_id()) && absl::Now() < limit) {
    absl::SleepFor(absl::Milliseconds(100));
  }
  EXPECT_TRUE(IsComplete(erased->erasure_id()));
  const auto books = CompareBooks(TheDeployment(), absl::Seconds(30));
  EXPECT_TRUE(books.ok()) << books.status();
  // The person may come anew.
  EXPECT_FALSE(EnrolledCase(*ishoj_, kCpr).empty());
}

}  // namespace
}  // namespace exitbus::story
