// The people of the story at their own authority's systems: each method is one call over gRPC with
// that system's client certificate, each wait a bounded look until something has arrived.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "adapters/grpc/grpc_client.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/contact_point/v1/handover_desk.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/nec/v1/overview_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "tests/story/cast.h"
#include "tests/story/listener.h"

namespace exitbus::account::v1 {
class AccountEntry;
}

namespace exitbus::casework::v1 {
class Erasure;
}

namespace exitbus::story {

namespace cv1 = casework::v1;
namespace dv1 = contact_point::v1;
namespace hv1 = handover::v1;
namespace nv1 = nec::v1;
namespace plv1 = police::v1;

// What was waited for, and how long it took since `sent` of the one who caused it.
template <class View>
struct Arrival {
  View view;
  absl::Duration took;
};

class Actor {
 public:
  // While the service is UNAVAILABLE, as after a crash, a call is repeated for as long as
  // `patience`, as it is: its request_id makes that safe.
  static absl::StatusOr<std::unique_ptr<Actor>> Make(const Member& member,
                                                     const adapters::GrpcClientOptions& client,
                                                     absl::Duration patience = absl::Seconds(30));

  const Member& member() const { return member_; }
  const std::string& id() const { return member_.id; }
  // When the last change was asked for, and how long its answer took.
  absl::Time sent() const { return sent_; }
  absl::Duration took() const { return took_; }

  // Null: nobody. It outlives the actor.
  void SetListener(Listener* listener) { listener_ = listener; }

  adapters::GrpcClient::Reply Call(const std::string& method,
                                   const google::protobuf::Message& request);

  // Cases.
  absl::StatusOr<cv1::Case> OpenCase(const cv1::Person& person, const std::string& address,
                                     cv1::Programme programme = cv1::PROGRAMME_MUNICIPAL_EXIT);
  absl::StatusOr<cv1::Case> RecordConsent(const std::string& case_id);
  // With the answer that he need not move for good.
  absl::StatusOr<cv1::Case> DecideVisitation(const std::string& case_id,
                                             const cv1::Visitation& visitation);
  absl::StatusOr<cv1::Case> SignAgreement(const std::string& case_id,
                                          const cv1::Agreement& agreement);
  absl::StatusOr<cv1::Case> PlanRelease(const std::string& case_id, absl::Time release);
  absl::StatusOr<cv1::Case> GetCase(const std::string& case_id);
  absl::StatusOr<cv1::Responsibility> GetResponsibility(const std::string& case_id,
                                                        absl::Time instant);

  // Handovers.
  absl::StatusOr<hv1::Handover> RequestHandover(const std::string& case_id,
                                                const std::string& receiver,
                                                hv1::HandoverReason reason);
  absl::StatusOr<hv1::Handover> ProposeTerms(const std::string& handover_id);
  absl::StatusOr<hv1::Handover> ObjectToTerm(const std::string& handover_id,
                                             const std::string& term_id,
                                             hv1::ObjectionCode objection);
  absl::StatusOr<hv1::Handover> AgreeTerms(const std::string& handover_id);
  absl::StatusOr<hv1::Handover> Accept(const std::string& handover_id);
  absl::StatusOr<hv1::Handover> Reject(const std::string& handover_id,
                                       hv1::RejectionCode rejection);
  absl::StatusOr<hv1::Handover> Recall(const std::string& handover_id);
  absl::StatusOr<hv1::Handover> Offer(const std::string& handover_id, absl::Time earliest);
  absl::StatusOr<hv1::Handover> Depart(const std::string& handover_id, absl::Time expected);
  absl::StatusOr<hv1::Handover> Arrive(const std::string& handover_id);
  absl::StatusOr<hv1::Handover> TakeOver(const std::string& handover_id);
  absl::StatusOr<hv1::Handover> Acknowledge(const std::string& handover_id);
  absl::StatusOr<hv1::Handover> RecordLateFact(const std::string& handover_id,
                                               hv1::LateFactKind kind, const std::string& note);
  absl::StatusOr<hv1::Handover> Close(const std::string& handover_id);
  absl::StatusOr<hv1::Handover> GetHandover(const std::string& handover_id);

  // Security, at who holds a case or is asked to.
  absl::StatusOr<cv1::Case> AskPolice(const std::string& case_id);
  absl::StatusOr<cv1::Case> AcknowledgePrecautions(const std::string& case_id,
                                                   std::uint32_t version);
  absl::StatusOr<hv1::Handover> AcknowledgeReceived(const std::string& handover_id,
                                                    std::uint32_t version);

  // A police unit's files.
  absl::StatusOr<plv1::SecurityFile> Assess(const std::string& security_id,
                                            const plv1::SecurityAssessment& assessment);
  absl::StatusOr<plv1::SecurityFile> TransferAssessment(const std::string& security_id);
  absl::StatusOr<plv1::SecurityFile> GetSecurityFile(const std::string& security_id);
  // The one on this person for whose security the unit is in charge.
  absl::StatusOr<plv1::SecurityFile> FindFileInCharge(const std::string& cpr_number);

  // The contact point's desk.
  absl::StatusOr<dv1::MonitoredHandover> Nudge(const std::string& contact_id);
  absl::StatusOr<dv1::MonitoredHandover> RecordNote(const std::string& contact_id,
                                                    const std::string& text);
  absl::StatusOr<dv1::MonitoredHandover> GetMonitored(const std::string& contact_id);
  absl::StatusOr<std::vector<dv1::MonitoredHandover>> ListMonitored(bool escalated_only);

  // NEC's overview.
  absl::StatusOr<nv1::OverviewEntry> FindEntry(const std::string& cpr_number);
  absl::StatusOr<nv1::OverviewEntry> GetEntry(const std::string& overview_id);
  absl::StatusOr<nv1::EntryCounts> CountEntries();

  // The citizen's rights.
  absl::StatusOr<cv1::Case> CorrectName(const std::string& case_id, const std::string& name);
  absl::StatusOr<cv1::Case> RecordWithdrawal(const std::string& case_id);
  absl::StatusOr<cv1::Erasure> EraseCase(const std::string& case_id);
  absl::StatusOr<Arrival<cv1::Erasure>> AwaitErased(const std::string& erasure_id,
                                                    absl::Time since);
  absl::StatusOr<std::vector<account::v1::AccountEntry>> GetAccount(const std::string& case_id);

  // Looks until `holds`, for up to 60 s. `what` is for the error's text. `since`: the sender's
  // sent().
  absl::StatusOr<Arrival<hv1::Handover>> AwaitHandover(
      const std::string& handover_id, absl::Time since, const std::string& what,
      const std::function<bool(const hv1::Handover&)>& holds);
  absl::StatusOr<Arrival<cv1::Case>> AwaitCase(const std::string& case_id, absl::Time since,
                                               const std::string& what,
                                               const std::function<bool(const cv1::Case&)>& holds);
  absl::StatusOr<Arrival<nv1::OverviewEntry>> AwaitEntry(
      const std::string& cpr_number, absl::Time since, const std::string& what,
      const std::function<bool(const nv1::OverviewEntry&)>& holds);
  absl::StatusOr<Arrival<plv1::SecurityFile>> AwaitSecurityFile(
      const std::string& security_id, absl::Time since, const std::string& what,
      const std::function<bool(const plv1::SecurityFile&)>& holds);
  absl::StatusOr<Arrival<plv1::SecurityFile>> AwaitFileInCharge(const std::string& cpr_number,
                                                                absl::Time since);
  // The first that is escalated and fits.
  absl::StatusOr<Arrival<dv1::MonitoredHandover>> AwaitEscalated(
      absl::Time since, const std::function<bool(const dv1::MonitoredHandover&)>& fits);
  absl::StatusOr<Arrival<dv1::MonitoredHandover>> AwaitMonitored(
      const std::string& contact_id, absl::Time since, const std::string& what,
      const std::function<bool(const dv1::MonitoredHandover&)>& holds);

  // What there is no function for here (calls.h). The resource in the answer.
  template <class Resource, class Request>
  absl::StatusOr<Resource> Ask(const std::string& method, const Request& request);
  // All pages.
  template <class Resource, class Request>
  absl::StatusOr<std::vector<Resource>> List(const std::string& method, Request request);
  // A change: with a fresh request_id, timed.
  template <class Resource, class Request>
  absl::StatusOr<Resource> Change(const std::string& method, Request request);

 private:
  Actor(const Member& member, std::unique_ptr<adapters::GrpcClient> client,
        absl::Duration patience);

  template <class Request>
  absl::StatusOr<hv1::Handover> OnHandover(const std::string& method, Request request,
                                           const std::string& handover_id);
  template <class Request>
  absl::StatusOr<cv1::Case> OnCase(const std::string& method, Request request,
                                   const std::string& case_id);

  const Member member_;
  const std::unique_ptr<adapters::GrpcClient> client_;
  const absl::Duration patience_;
  Listener* listener_ = nullptr;
  absl::Time sent_;
  absl::Duration took_;
};

// A random UUID.
std::string FreshId();

// "handover.no_offer_stands", the rule by which a call was refused; empty if by none.
std::string RuleOf(const absl::Status& status);

}  // namespace exitbus::story
