#include "tests/bench/load.h"

#include <condition_variable>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/intake_service.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/transaction.h"
#include "tests/story/actors.h"

namespace exitbus::bench {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;

const std::string kCases = "exitbus.casework.v1.CaseService.";
constexpr char kRequest[] = "exitbus.handover.v1.HandoverService.RequestHandover";
constexpr int kInFlight = 64;
constexpr int kUnpaced = 1'000'000;
constexpr absl::Duration kSettleLimit = absl::Seconds(60);

cv1::OpenCaseRequest OpenRequest(int person) {
  cv1::OpenCaseRequest request;
  request.set_request_id(story::FreshId());
  // A day from 61 on marks a number that nobody has.
  request.mutable_person()->set_cpr_number(absl::StrFormat(
      "%02d%02d80%04d", 61 + person / 10000 % 28, 1 + person / 280000 % 12, person % 10000));
  request.mutable_person()->set_name("Opdigtet Person");
  request.set_legal_basis(policy::v1::LEGAL_BASIS_FVL28);
  request.set_programme(cv1::PROGRAMME_MUNICIPAL_EXIT);
  return request;
}

cv1::DecideVisitationRequest VisitRequest(const std::string& case_id) {
  cv1::DecideVisitationRequest request;
  request.set_request_id(story::FreshId());
  request.set_case_id(case_id);
  request.mutable_visitation()->set_affiliation("a");
  request.mutable_visitation()->set_position("p");
  request.mutable_visitation()->set_motivation("m");
  request.mutable_visitation()->set_risk_on_leaving("r");
  return request;
}

cv1::StateRelocationNeedRequest NeedRequest(const std::string& case_id) {
  cv1::StateRelocationNeedRequest request;
  request.set_request_id(story::FreshId());
  request.set_case_id(case_id);
  request.set_answer(cv1::RELOCATION_ANSWER_NOT_NEEDED);
  return request;
}

cv1::SignAgreementRequest SignRequest(const std::string& case_id, const std::string& owner) {
  cv1::SignAgreementRequest request;
  request.set_request_id(story::FreshId());
  request.set_case_id(case_id);
  request.mutable_agreement()->set_template_("t");
  request.mutable_agreement()->set_consequences_of_relapse("c");
  *request.mutable_agreement()->mutable_citizen_signed() = exchange::ToProto(absl::Now());
  *request.mutable_agreement()->mutable_coordinator_signed() = exchange::ToProto(absl::Now());
  cv1::Measure& measure = *request.mutable_agreement()->add_measures();
  measure.set_type(cv1::MEASURE_TYPE_HOUSING);
  measure.set_module(cv1::MODULE_HOUSING);
  measure.set_owner(owner);
  measure.set_months(6);
  measure.set_funding(cv1::FUNDING_CLASS_REGION);
  measure.set_legal_basis(policy::v1::LEGAL_BASIS_OTHER_LAW);
  return request;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Load>> Load::Make(const story::Deployment& deployment,
                                                 const story::Member& sender,
                                                 const story::Member& recipient, int persons) {
  std::unique_ptr<Load> load(new Load);
  load->persons_ = persons;
  load->sender_ = sender.id;
  load->recipient_ = recipient.id;
  load->reason_ = recipient.kind == policy::v1::AUTHORITY_KIND_KRIMINALFORSORGEN
                      ? hv1::HANDOVER_REASON_CUSTODY
                      : hv1::HANDOVER_REASON_RELOCATION;
  load->options_.metadata = {{"exitbus-employee", sender.employee},
                             {"exitbus-purpose", sender.purpose}};
  ASSIGN_OR_RETURN(load->client_, adapters::GrpcClient::Make(deployment.ClientOf(sender)));
  ASSIGN_OR_RETURN(load->inbox_, Commits::Watch(deployment.places().journal(recipient), "inbox"));
  ASSIGN_OR_RETURN(load->outbox_, Commits::Watch(deployment.places().journal(sender), "outbox"));
  return load;
}

absl::Status Load::CallAll(const std::string& method, int count, int in_flight, absl::Duration pace,
                           const std::function<Request(int index)>& request,
                           const OnReply& on_reply) {
  std::mutex mutex;
  std::condition_variable changed;
  int under_way = 0;
  absl::Status first;
  absl::Time next = absl::Now();
  for (int i = 0; i < count; ++i, next += pace) {
    absl::SleepFor(next - absl::Now());
    {
      std::unique_lock<std::mutex> lock(mutex);
      changed.wait(lock, [&] { return under_way < in_flight; });
      if (!first.ok()) break;
      ++under_way;
    }
    client_->CallAsync(method, *request(i), options_, [&, i](adapters::GrpcClient::Reply reply) {
      if (reply.ok()) on_reply(i, **reply);
      const std::lock_guard<std::mutex> lock(mutex);
      first.Update(reply.status());
      --under_way;
      changed.notify_one();
    });
  }
  std::unique_lock<std::mutex> lock(mutex);
  changed.wait(lock, [&] { return under_way == 0; });
  return first;
}

absl::Status Load::Prepare(int cases) {
  std::vector<std::string> ids(cases);
  RETURN_IF_ERROR(CallAll(
      kCases + "OpenCase", cases, kInFlight, absl::ZeroDuration(),
      [&](int) { return std::make_unique<cv1::OpenCaseRequest>(OpenRequest(persons_++)); },
      [&](int i, const google::protobuf::Message& reply) {
        ids[i] = static_cast<const cv1::OpenCaseResponse&>(reply).case_().case_id();
      }));
  const auto nothing = [](int, const google::protobuf::Message&) {};
  RETURN_IF_ERROR(CallAll(
      kCases + "DecideVisitation", cases, kInFlight, absl::ZeroDuration(),
      [&](int i) { return std::make_unique<cv1::DecideVisitationRequest>(VisitRequest(ids[i])); },
      nothing));
  RETURN_IF_ERROR(CallAll(
      "exitbus.casework.v1.IntakeService.StateRelocationNeed", cases, kInFlight,
      absl::ZeroDuration(),
      [&](int i) { return std::make_unique<cv1::StateRelocationNeedRequest>(NeedRequest(ids[i])); },
      nothing));
  RETURN_IF_ERROR(CallAll(
      kCases + "SignAgreement", cases, kInFlight, absl::ZeroDuration(),
      [&](int i) {
        return std::make_unique<cv1::SignAgreementRequest>(SignRequest(ids[i], sender_));
      },
      nothing));
  cases_.insert(cases_.end(), ids.begin(), ids.end());
  return outbox_->AwaitNone(kSettleLimit);
}

Load::Request Load::NextHandover() {
  auto request = std::make_unique<hv1::RequestHandoverRequest>();
  request->set_request_id(story::FreshId());
  request->set_case_id(cases_.back());
  cases_.pop_back();
  request->set_receiver(recipient_);
  request->set_reason(static_cast<hv1::HandoverReason>(reason_));
  *request->mutable_expected() = exchange::ToProto(absl::Now() + absl::Hours(24 * 30));
  return request;
}

absl::StatusOr<Load::Times> Load::Paced(int per_second, int count) {
  std::vector<absl::Time> called(count);
  std::vector<absl::Duration> answered(count);
  RETURN_IF_ERROR(CallAll(
      kRequest, count, kUnpaced, absl::Seconds(1) / per_second,
      [&](int i) {
        auto request = NextHandover();
        called[i] = absl::Now();
        return request;
      },
      [&](int i, const google::protobuf::Message& reply) {
        const absl::Time now = absl::Now();
        answered[i] = now - called[i];
        const auto& handover = static_cast<const hv1::RequestHandoverResponse&>(reply).handover();
        const exchange::CorrespondenceId id{policy::v1::CHANNEL_HANDOVER, sender_,
                                            handover.handover_id()};
        inbox_->Await(exchange::LetterKey{id, kLettersPerCommand}.Encode(), now);
      }));
  Times times;
  times.answered = std::move(answered);
  ASSIGN_OR_RETURN(times.delivered, inbox_->Take(count, kSettleLimit));
  RETURN_IF_ERROR(outbox_->AwaitNone(kSettleLimit, recipient_));
  return times;
}

absl::StatusOr<double> Load::Flood(int count) {
  const absl::Time began = absl::Now();
  RETURN_IF_ERROR(CallAll(
      kRequest, count, kInFlight, absl::ZeroDuration(), [&](int) { return NextHandover(); },
      [](int, const google::protobuf::Message&) {}));
  RETURN_IF_ERROR(outbox_->AwaitNone(kSettleLimit, recipient_));
  return kLettersPerCommand * count / absl::ToDoubleSeconds(absl::Now() - began);
}

}  // namespace exitbus::bench
