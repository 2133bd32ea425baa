#include "tests/outsider/api_flood.h"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/e2e/environment.h"
#include "tests/outsider/others.h"
#include "tests/separation/tls_socket.h"

namespace exitbus::story {
namespace {

constexpr int kCallsMax = 200'000;
constexpr int kCallsUnderWay = 128;
constexpr int kCasesMax = 2000;
constexpr int kWatches = 80;
constexpr int kConnections = 60;
constexpr absl::Duration kHold = absl::Seconds(15);
constexpr std::size_t kLarge = 3'500'000;  // a little less than gRPC takes
const std::string kCases = "exitbus.casework.v1.CaseService.";

class Counts {
 public:
  void Add(const std::string& what, const absl::Status& status) {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++counts_[absl::StrCat(what, ": ", absl::StatusCodeToString(status.code()))];
  }
  std::map<std::string, int> Take() { return std::move(counts_); }

 private:
  std::mutex mutex_;
  std::map<std::string, int> counts_;
};

struct Called {
  std::string what;
  std::string method;
  std::unique_ptr<google::protobuf::Message> request;
};

Called Opens(const std::string& what, std::size_t name_bytes) {
  auto request = std::make_unique<cv1::OpenCaseRequest>(FreshCase());
  if (name_bytes > 0) request->mutable_person()->set_name(std::string(name_bytes, 'x'));
  return {what, kCases + "OpenCase", std::move(request)};
}

Called CallNumber(int i) {
  if (i % 64 == 0) return Opens("a large request", kLarge);
  if (i % 8 == 1 && i / 8 < kCasesMax) return Opens("opens a case", 0);
  if (i % 4 == 2) {
    auto get = std::make_unique<cv1::GetCaseRequest>();
    get->set_case_id(FreshId());
    return {"asks for a case that is none", kCases + "GetCase", std::move(get)};
  }
  if (i % 4 == 3) {
    auto revoke = std::make_unique<cv1::RevokeConsentRequest>();
    revoke->set_case_id(std::string(20'000, 'y'));
    return {"a bad change", kCases + "RevokeConsent", std::move(revoke)};
  }
  auto list = std::make_unique<cv1::ListCasesRequest>();
  list->set_page_size(200);
  return {"the longest list", kCases + "ListCases", std::move(list)};
}

void Calls(adapters::GrpcClient& client, const adapters::CallOptions& options, absl::Time until,
           Counts& counts) {
  std::mutex mutex;
  std::condition_variable changed;
  int under_way = 0;
  for (int i = 0; i < kCallsMax && absl::Now() < until; ++i) {
    {
      std::unique_lock<std::mutex> lock(mutex);
      changed.wait(lock, [&] { return under_way < kCallsUnderWay; });
      ++under_way;
    }
    const Called call = CallNumber(i);
    client.CallAsync(call.method, *call.request, options,
                     [&, what = call.what](const adapters::GrpcClient::Reply& reply) {
                       counts.Add(what, reply.status());
                       const std::lock_guard<std::mutex> lock(mutex);
                       --under_way;
                       changed.notify_one();
                     });
  }
  std::unique_lock<std::mutex> lock(mutex);
  changed.wait(lock, [&] { return under_way == 0; });
}

// Watches that never begin, and connections on which nothing is said; anew every so often.
void Occupy(adapters::GrpcClient& client, const adapters::CallOptions& options,
            const TlsOptions& connection, absl::Time until, Counts& counts) {
  while (absl::Now() < until) {
    std::vector<std::unique_ptr<adapters::GrpcWatch>> watches;
    std::vector<std::unique_ptr<TlsSocket>> connections;
    for (int i = 0; i < kWatches; ++i) {
      auto watch = client.Watch(kCases + "WatchCases", options);
      counts.Add("a watch that never begins", watch.status());
      if (watch.ok()) watches.push_back(*std::move(watch));
    }
    for (int i = 0; i < kConnections; ++i) {
      auto made = TlsSocket::Connect(connection);
      counts.Add("a silent connection", made.status());
      if (made.ok()) connections.push_back(*std::move(made));
    }
    absl::SleepFor(std::min(kHold, until - absl::Now()));
  }
}

}  // namespace

std::map<std::string, int> FloodApi(const Member& member, const std::string& certificate,
                                    absl::Time until) {
  const auto client = ClientWith(member, certificate);
  adapters::CallOptions options;
  options.metadata = {{"exitbus-employee", member.employee}, {"exitbus-purpose", member.purpose}};
  const adapters::GrpcClientOptions own = TheDeployment().ClientOf(member);
  const Places& places = TheDeployment().places();
  const TlsOptions connection{
      own.address, "", places.certificate(certificate), places.key(certificate), 0, "h2"};
  Counts counts;
  std::thread occupying([&] { Occupy(*client, options, connection, until, counts); });
  Calls(*client, options, until, counts);
  occupying.join();
  return counts.Take();
}

}  // namespace exitbus::story
