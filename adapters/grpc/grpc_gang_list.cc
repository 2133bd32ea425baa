#include "adapters/grpc/grpc_gang_list.h"

#include <atomic>
#include <string>
#include <utility>

#include "exitbus/gang_list/v1/gang_list.pb.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {
namespace {

namespace gv1 = gang_list::v1;
using exchange::InGangList;

constexpr char kLookUp[] = "exitbus.gang_list.v1.GangListService.LookUp";

InGangList SaidBy(const GrpcClient::Reply& reply) {
  if (!reply.ok()) return InGangList::kUnknown;
  switch (static_cast<const gv1::LookUpResponse&>(**reply).registration()) {
    case gv1::REGISTRATION_YES:
      return InGangList::kYes;
    case gv1::REGISTRATION_NO:
      return InGangList::kNo;
    default:
      return InGangList::kUnknown;
  }
}

class List final : public exchange::GangList {
 public:
  List(std::unique_ptr<GrpcClient> client, exchange::Telemetry* telemetry)
      : telemetry_(telemetry), client_(std::move(client)) {}

  void LookUp(const std::string& cpr_number, absl::AnyInvocable<void(InGangList)> done) override {
    if (under_way_.fetch_add(1) >= kLookUpsMax) {
      under_way_.fetch_sub(1);
      Outcome("too_many");
      return done(InGangList::kUnknown);
    }
    gv1::LookUpRequest request;
    request.set_cpr_number(cpr_number);
    client_->CallAsync(kLookUp, request, {.timeout = kGangListAnswersIn, .metadata = {}},
                       [this, done = std::move(done)](const GrpcClient::Reply& reply) mutable {
                         under_way_.fetch_sub(1);
                         const InGangList said = SaidBy(reply);
                         Outcome(said == InGangList::kUnknown ? "failed" : "answered");
                         done(said);
                       });
  }

 private:
  // Not what it says: that is a figure of nobody's.
  void Outcome(const std::string& outcome) {
    telemetry_->Count("gang_list.look_ups", {{"outcome", outcome}});
  }

  exchange::Telemetry* const telemetry_;
  std::atomic<int> under_way_ = 0;
  const std::unique_ptr<GrpcClient> client_;  // last: it waits for the calls under way
};

}  // namespace

absl::StatusOr<std::unique_ptr<exchange::GangList>> MakeGrpcGangList(
    const GrpcClientOptions& options, exchange::Telemetry* telemetry) {
  ASSIGN_OR_RETURN(auto client, GrpcClient::Make(options));
  return std::make_unique<List>(std::move(client), telemetry);
}

}  // namespace exitbus::adapters
