// A caseworker in simulated authorities: the steps of a case in one call each. A step is repeated
// with its request id until it gets an answer, as a careful client does.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "exitbus/casework/v1/case.pb.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/handover/v1/handover.pb.h"
#include "exitbus/nec/v1/overview_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "tests/simulation/world.h"

namespace exitbus::simulation {

using casework::v1::Case;
using handover::v1::Handover;

inline constexpr char kDeliverAssessment[] = "exitbus.police.v1.SecurityService.DeliverAssessment";

// An enrolled case with two measures, one resting on consent's health needs; its case id. The
// consent covers municipalities and the police, a law that is recorded whoever handles cases.
std::string EnrolledCase(World& world, Node& node, std::string_view cpr = "6101900001");

// One that the district's police unit was asked about.
std::string CaseKnownToPolice(World& world, Node& node);

absl::StatusOr<Case> GetCase(Node& node, const std::string& case_id);
absl::StatusOr<Handover> GetHandover(Node& node, const std::string& handover_id);
absl::StatusOr<nec::v1::OverviewEntry> OnlyEntry(Node& nec);

// A law on which municipalities and Kriminalforsorgen may be told, and its end.
absl::Status RecordLaw(World& world, Node& node, const std::string& case_id);
absl::Status EndLaw(World& world, Node& node, const std::string& case_id);
// The citizen revokes the consent; what was wrong is corrected, whose request names its fields.
absl::StatusOr<Case> RevokeConsent(World& world, Node& node, const std::string& case_id);
absl::StatusOr<Case> Correct(World& world, Node& node, casework::v1::CorrectCaseRequest request);
// RecordWithdrawal, tried once only: what a death at it leaves undone stays so.
absl::Status Withdraw(World& world, Node& node, const std::string& case_id);
// Whether the person has to move for good: no. Before a first agreement on a flat or work.
absl::Status StateNoRelocation(World& world, Node& node, const std::string& case_id);
// The agreement's next version, with these measures.
absl::Status SignAgreement(World& world, Node& node, const std::string& case_id,
                           const std::vector<casework::v1::Measure>& measures);
// Of six months, by statute, and its owner's.
casework::v1::Measure MeasureOf(casework::v1::MeasureType type, casework::v1::Module module,
                                const Node& owner, const std::string& description);
// The district's police unit is asked, on consent; and the only file it has.
absl::Status AskPolice(World& world, Node& node, const std::string& case_id);
absl::StatusOr<police::v1::SecurityFile> OnlyFile(Node& police);
// The unit assesses whom its only file is about, or another file: a high threat and these
// precautions.
absl::Status Assess(World& world, Node& police,
                    const std::vector<std::string>& precautions = {"precautions"});
police::v1::DeliverAssessmentRequest AssessmentOf(World& world, const std::string& security_id,
                                                  const std::vector<std::string>& precautions);

// Whether this row of the states, or erasure scope, is a case file's.
bool IsCaseFile(std::string_view name);

// RequestHandover; the reason follows from the kinds of the two.
absl::StatusOr<Handover> Request(World& world, Node& holder, const std::string& case_id,
                                 Node& receiver);

// A handover RPC that needs no more than the handover's id, by its name: "AgreeTerms",
// "AcceptHandover", "OfferHandover", "TakeOverCase", … Codes are filled in where a method needs
// one; who departs is expected in two hours.
absl::StatusOr<Handover> Do(World& world, Node& node, std::string_view rpc,
                            const std::string& handover_id);

// From the request to the standing offer, or to a step on the way there; the handover id.
std::string Offered(World& world, Node& holder, const std::string& case_id, Node& receiver);
std::string Accepted(World& world, Node& holder, const std::string& case_id, Node& receiver);
std::string Agreed(World& world, Node& holder, const std::string& case_id, Node& receiver);

}  // namespace exitbus::simulation
