#include "tests/outsider/others.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/bench/resident.h"
#include "tests/e2e/environment.h"

namespace exitbus::story {
namespace {

constexpr absl::Duration kCallEvery = absl::Milliseconds(200);
constexpr absl::Duration kWeighEvery = absl::Milliseconds(500);
constexpr int kLettersPerSecond = 1;
constexpr char kOpen[] = "exitbus.casework.v1.CaseService.OpenCase";

std::unique_ptr<google::protobuf::Message> EmptyRequest(const std::string& method) {
  const auto& pool = *google::protobuf::DescriptorPool::generated_pool();
  auto& factory = *google::protobuf::MessageFactory::generated_factory();
  return std::unique_ptr<google::protobuf::Message>(
      factory.GetPrototype(pool.FindMethodByName(method)->input_type())->New());
}

// What threads saw, put together.
void Merge(Seen part, Seen& whole) {
  for (auto& [what, took] : part.took) {
    auto& all = whole.took[what];
    all.insert(all.end(), took.begin(), took.end());
  }
  for (const auto& [who, mib] : part.mib) whole.mib[who] = std::max(whole.mib[who], mib);
  for (std::string& what : part.unanswered) whole.unanswered.push_back(std::move(what));
}

}  // namespace

casework::v1::OpenCaseRequest FreshCase() {
  static std::atomic<int> persons = 0;
  const int person = persons++;
  casework::v1::OpenCaseRequest request;
  request.set_request_id(FreshId());
  // A day from 61 on marks a number that nobody has; the bench has those of another year.
  request.mutable_person()->set_cpr_number(absl::StrFormat(
      "%02d%02d81%04d", 61 + person / 10000 % 28, 1 + person / 280000 % 12, person % 10000));
  request.mutable_person()->set_name("Opdigtet Person");
  request.set_legal_basis(policy::v1::LEGAL_BASIS_FVL28);
  return request;
}

absl::Duration Quantile(std::vector<absl::Duration> values, double part) {
  if (values.empty()) return absl::ZeroDuration();
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

absl::StatusOr<std::unique_ptr<Others>> Others::Make(Deployment* deployment,
                                                     std::vector<Caller> callers, int seconds) {
  std::unique_ptr<Others> others(new Others(deployment, std::move(callers)));
  static int persons = 0;
  const int cases = seconds * kLettersPerSecond;
  ASSIGN_OR_RETURN(others->letters_,
                   bench::Load::Make(*deployment, MemberNamed(kIshoj), MemberNamed(kKif), persons));
  persons += cases;
  RETURN_IF_ERROR(others->letters_->Prepare(cases));
  return others;
}

Seen Others::Work(int seconds) {
  const absl::Time until = absl::Now() + absl::Seconds(seconds);
  std::vector<Seen> seen(callers_.size() + 2);
  std::vector<std::unique_ptr<adapters::GrpcClient>> clients;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < callers_.size(); ++i) {
    clients.push_back(ClientWith(*callers_[i].member, callers_[i].certificate));
    threads.emplace_back([&, i] { Call(callers_[i], *clients[i], until, seen[i]); });
  }
  threads.emplace_back([&] { Weigh(until, seen[callers_.size()]); });
  Seen& letters = seen.back();
  const auto times = letters_->Paced(kLettersPerSecond, seconds * kLettersPerSecond);
  for (std::thread& thread : threads) thread.join();
  if (times.ok()) {
    letters.took[absl::StrCat(kIshoj, " asks for a handover")] = times->answered;
    letters.took[absl::StrCat(kIshoj, " → ", kKif, ", a letter")] = times->delivered;
  } else {
    letters.unanswered.push_back(absl::StrCat("letters: ", times.status().ToString()));
  }
  Seen whole;
  for (Seen& part : seen) Merge(std::move(part), whole);
  return whole;
}

void Others::Call(const Caller& caller, adapters::GrpcClient& client, absl::Time until,
                  Seen& seen) const {
  adapters::CallOptions options;
  options.metadata = {{"exitbus-employee", caller.member->employee},
                      {"exitbus-purpose", caller.member->purpose}};
  const auto empty = EmptyRequest(caller.reads);
  absl::Time next = absl::Now();
  for (int i = 1; std::max(next, absl::Now()) < until; ++i, next += kCallEvery) {
    absl::SleepFor(next - absl::Now());
    const bool opens = caller.opens_cases && i % 5 == 0;
    const std::string method = opens ? std::string(kOpen) : caller.reads;
    const std::string what =
        absl::StrCat(caller.certificate, " ", method.substr(method.rfind('.') + 1));
    const absl::Time called = absl::Now();
    const auto reply =
        opens ? client.Call(kOpen, FreshCase(), options) : client.Call(method, *empty, options);
    if (reply.ok()) {
      seen.took[what].push_back(absl::Now() - called);
    } else {
      seen.unanswered.push_back(absl::StrCat(what, ": ", reply.status().ToString()));
    }
  }
}

void Others::Weigh(absl::Time until, Seen& seen) const {
  while (absl::Now() < until) {
    for (const Member& member : Cast()) {
      const auto pid = deployment_->PidOf(member);
      const auto mib = pid ? bench::ResidentMib(*pid) : absl::NotFoundError("");
      if (mib.ok()) seen.mib[member.id] = std::max(seen.mib[member.id], *mib);
    }
    absl::SleepFor(kWeighEvery);
  }
}

}  // namespace exitbus::story
