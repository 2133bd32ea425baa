// The statement on a person's part in the programme (udtalelse), for the decision on his parole
// (N-09): owed by the authority in charge, signed by it, kept, and told to the unit that supervises
// him.
#include <string>

#include "exitbus/casework/v1/supervision_service.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "exitbus/kriminalforsorgen/v1/supervision_messages.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/methods.h"
#include "services/casework/supervision/supervision.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;
using exchange::ToProto;

// Parole is decided four weeks before its day (KRF-08), on what was said two weeks before that.
constexpr int kDaysBeforeRelease = (4 + 2) * 7;
constexpr int kKeptMax = 20;

const Rule kConditionOfParole{"attestation.no_condition",
                              "Exit is no condition of his parole, as far as Kriminalforsorgen has "
                              "said: nothing is attested.",
                              [](const Situation& s) { return IsConditionOfParole(s.file); }};

std::string Sign(const cv1::Attestation& attestation, const std::string& subject,
                 const DecisionContext& context) {
  exchange::v1::Statement statement;
  exchange::v1::Attestation& said = *statement.mutable_attestation();
  said.set_reader_subject(subject);
  said.set_holder(context.self->id);
  *said.mutable_attested() = attestation.attested();
  said.set_text_digest(context.statements->Digest(attestation.text()));
  return context.statements->Sign(statement);
}

Decision AttestParticipation(const jv1::CaseFile& file,
                             const v1::AttestParticipationRequest& request,
                             const DecisionContext& context) {
  if (request.text().empty()) {
    return Invalid("attestation.text_required", "Say what the person has taken part in.");
  }
  jv1::CaseEvent event;
  cv1::Attestation& attestation = *event.mutable_participation_attested()->mutable_attestation();
  attestation.set_text(request.text());
  *attestation.mutable_attested() = ToProto(context.now);
  attestation.set_authority(context.self->id);
  const jv1::Supervision* const running = RunningSupervision(file);
  attestation.set_statement(
      Sign(attestation, running == nullptr ? file.case_id() : running->supervision_id(), context));
  Decision decision;
  decision.AddEvent(event);
  if (running == nullptr) return decision;
  kriminalforsorgen::v1::ParticipationAttested message;
  message.set_number(file.number());
  *message.mutable_attestation() = attestation;
  decision.Notify(AddressOfSupervision(file, *running).On(*BasisForSupervision(file)), message);
  return decision;
}

void Attest(jv1::CaseFile& file, const jv1::ParticipationAttested& attested) {
  *file.add_attestations() = attested.attestation();
  exchange::KeepNewest(*file.mutable_attestations(), kKeptMax);
  if (!file.has_attestation_owed()) return;
  for (auto& party : *file.mutable_attestation_owed()->mutable_parties()) {
    *party.mutable_confirmed() = attested.attestation().attested();
  }
}

void Owe(jv1::CaseFile& file, const jv1::AttestationOwed& owed) {
  file.clear_attestation_owed();
  if (owed.has_owed()) *file.mutable_attestation_owed() = owed.owed();
}

std::vector<exchange::NamedObligation> Owed(const jv1::CaseFile& file) {
  return {{"", &file.attestation_owed()}};
}

bool IsOwed(const jv1::CaseFile& file) {
  return IsOursToPursue(file) && IsConditionOfParole(file) && file.has_planned_release();
}

}  // namespace

// A date that moves is another decision, for which it is attested anew.
void FollowAttestation(const jv1::CaseFile& before, const DecisionContext& context,
                       Decision& decision) {
  if (!decision.accepted() || decision.events().empty()) return;
  const auto after = After(before, decision);
  if (after->has_erasure()) return;
  const bool is_owed = IsOwed(*after);
  if (!is_owed && !after->has_attestation_owed()) return;
  jv1::CaseEvent event;
  jv1::AttestationOwed& owed = *event.mutable_attestation_owed();
  if (is_owed) {
    const absl::Time due =
        exchange::FromProto(after->planned_release()) - kDaysBeforeRelease * absl::Hours(24);
    if (after->attestation_owed().has_due() &&
        exchange::FromProto(after->attestation_owed().due()) == due) {
      return;
    }
    *owed.mutable_owed() = exchange::OwedBy(context.self->id, after->case_id(), due);
  }
  decision.AddEvent(event);
}

CasePart AttestationPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme, &kConditionOfParole, &kNotFrozen},
                    &AttestParticipation))
      .After(&Attest)
      .After(&Owe)
      .Obligations("attestation.overdue", &Owed);
  return part;
}

}  // namespace exitbus::casework
