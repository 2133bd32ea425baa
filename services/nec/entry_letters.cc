// What NEC makes of the letters it gets, from whoever answers for a case.
#include <optional>
#include <utility>
#include <variant>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/erasure.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/slips.h"
#include "services/nec/entry.h"
#include "services/policy/copy.h"

namespace exitbus::nec {
namespace {

using exchange::Decision;
using exchange::DecisionContext;
using exchange::LetterPlace;
using Letter = EntryLetter;

bool IsKnown(const jv1::Entry& entry) { return !entry.overview_id().empty(); }

// What only the holder of `number` may say. Null: it may.
std::optional<Decision> RefuseStranger(const Letter& letter, std::uint64_t number) {
  const jv1::Entry& entry = letter.state;
  if (number > exchange::kNumberMax) return exchange::NumberOutOfRange();
  if (number > entry.number()) return Decision::Park();  // its take-over is still on the way
  if (number < entry.number() || entry.authority() != letter.place.sender) {
    return Decision::Refuse("overview.not_the_holder",
                            "Only the authority in charge tells NEC of the case.");
  }
  return std::nullopt;
}

// An event of what the sender says as the holder of `number`.
jv1::EntryEvent Said(const Letter& letter, v1::EntryFact fact, std::uint64_t number,
                     const google::protobuf::Timestamp& since) {
  jv1::EntryEvent event;
  v1::Provenance& provenance = *event.mutable_provenance();
  provenance.set_fact(fact);
  provenance.set_authority(letter.place.sender);
  provenance.set_responsibility_number(number);
  *provenance.mutable_since() = since;
  *provenance.mutable_learnt() = exchange::ToProto(letter.context.now);
  return event;
}

// The holder's own letters come in order: only a store that was put back forgot what it had told.
std::optional<Decision> RefuseAfterEnd(const jv1::Entry& entry) {
  if (entry.stage() == v1::ENTRY_STAGE_WITHDRAWN) {
    return Decision::Refuse("overview.withdrawn",
                            "The citizen has left the programme. Record the withdrawal, and open "
                            "a case anew where there is a new agreement.");
  }
  if (IsOver(entry)) {
    return Decision::Refuse("overview.ended",
                            "The programme has ended. Record how, and open a case anew where it "
                            "begins again.");
  }
  return std::nullopt;
}

// What an authority says of the course, as the overview has it; unspecified: nothing it knows.
v1::EntryStage AsEntry(casework::v1::CaseStage stage) {
  switch (stage) {
    case casework::v1::CASE_STAGE_VISITED:
      return v1::ENTRY_STAGE_VISITED;
    case casework::v1::CASE_STAGE_ENROLLED:
      return v1::ENTRY_STAGE_ENROLLED;
    case casework::v1::CASE_STAGE_ACTIVE:
      return v1::ENTRY_STAGE_ACTIVE;
    case casework::v1::CASE_STAGE_ENDED:
      return v1::ENTRY_STAGE_ENDED;
    case casework::v1::CASE_STAGE_CLOSED:
      return v1::ENTRY_STAGE_CLOSED;
    default:
      return v1::ENTRY_STAGE_UNSPECIFIED;
  }
}

Decision OnVisitation(const Letter& letter, const v1::VisitationDecided& message) {
  if (IsKnown(letter.state)) {
    return Decision::Refuse("overview.entry_exists", "This entry began before.");
  }
  if (message.number() > exchange::kNumberMax) return exchange::NumberOutOfRange();
  jv1::EntryEvent event = Said(letter, v1::ENTRY_FACT_VISITED, message.number(), message.decided());
  jv1::EntryBegun& begun = *event.mutable_entry_begun();
  begun.set_overview_id(letter.place.subject);
  *begun.mutable_person() = message.person();
  begun.set_authority(letter.place.sender);
  begun.set_number(message.number());
  *begun.mutable_since() = message.decided();
  jv1::Entry entry;
  policy::CopyAlike(begun, entry);
  Decision decision;
  decision.AddEvent(event);
  TellUnits(entry, letter.context, decision);
  return decision;
}

Decision OnAgreement(const Letter& letter, const v1::AgreementSigned& message) {
  if (auto refused = RefuseStranger(letter, message.number())) return *std::move(refused);
  if (auto refused = RefuseAfterEnd(letter.state)) return *std::move(refused);
  jv1::EntryEvent event =
      Said(letter, v1::ENTRY_FACT_AGREEMENT_SIGNED, message.number(), letter.body.valid_from());
  event.mutable_provenance()->set_agreement_version(message.agreement().version());
  event.mutable_agreement_learnt()->set_agreement_version(message.agreement().version());
  *event.mutable_agreement_learnt()->mutable_document_digests() = message.document_digests();
  return Decision().AddEvent(event);
}

Decision OnWithdrawal(const Letter& letter, const v1::CitizenWithdrew& message) {
  if (auto refused = RefuseStranger(letter, message.number())) return *std::move(refused);
  jv1::EntryEvent event =
      Said(letter, v1::ENTRY_FACT_WITHDRAWN, message.number(), message.withdrawn());
  event.mutable_entry_withdrawn();
  return Decision().AddEvent(event);
}

// A person who went on in another programme may come back. What has ended otherwise its holder may
// say anew, if its store was put back to before that, and close.
Decision OnStage(const Letter& letter, const v1::ProgrammeStageReached& message) {
  if (auto refused = RefuseStranger(letter, message.number())) return *std::move(refused);
  const v1::EntryStage stage = AsEntry(message.stage());
  if (stage == v1::ENTRY_STAGE_UNSPECIFIED) {
    return Decision::Refuse("overview.no_stage", "Say a stage that the overview has.");
  }
  const bool has_left = HasLeft(letter.state);
  const bool ends = stage == v1::ENTRY_STAGE_ENDED || stage == v1::ENTRY_STAGE_CLOSED;
  if (!has_left && !ends) {
    if (auto refused = RefuseAfterEnd(letter.state)) return *std::move(refused);
  }
  jv1::EntryEvent event =
      Said(letter, v1::ENTRY_FACT_STAGE_REACHED, message.number(), message.since());
  event.mutable_provenance()->set_stage(stage);
  event.mutable_provenance()->set_paused(message.paused());
  jv1::StageReached& reached = *event.mutable_stage_reached();
  reached.set_stage(stage);
  reached.set_paused(message.paused());
  reached.set_end(message.end());
  Decision decision;
  decision.AddEvent(event);
  if (has_left) {
    jv1::Entry entry = letter.state;
    entry.set_stage(stage);
    TellUnits(entry, letter.context, decision);
  }
  return decision;
}

Decision OnTakenOver(const Letter& letter, const handover::v1::CaseTakenOver& message) {
  auto checked = exchange::CheckSlip(message.slip(), message.number(),
                                     {letter.state.authority(), letter.state.number()},
                                     letter.place, letter.context);
  if (auto* instead = std::get_if<Decision>(&checked)) return std::move(*instead);
  jv1::EntryEvent event =
      Said(letter, v1::ENTRY_FACT_TAKEN_OVER, message.number(), message.instant());
  jv1::AuthorityChanged& changed = *event.mutable_authority_changed();
  changed.set_authority(letter.place.sender);
  changed.set_number(message.number());
  *changed.mutable_since() = message.instant();
  changed.set_slip(message.slip());
  Decision decision;
  decision.AddEvent(event);
  const exchange::Directory& directory = *letter.context.directory;
  const std::string left = UnitOf(letter.state.authority(), directory);
  if (left != UnitOf(changed.authority(), directory)) {
    jv1::Entry entry = letter.state;
    entry.set_authority(changed.authority());
    TellUnits(entry, letter.context, decision, left);
  }
  return decision;
}

// The author knows best whom it meant; that two entries are now of one person is for the police to
// sort out.
Decision OnCorrection(const Letter& letter, const casework::v1::CorrectionIssued& message) {
  if (auto refused = RefuseStranger(letter, message.number())) return *std::move(refused);
  const v1::EntryFact fact =
      message.has_changed_from() ? v1::ENTRY_FACT_CHANGED : v1::ENTRY_FACT_CORRECTED;
  jv1::EntryEvent event = Said(letter, fact, message.number(), letter.body.valid_from());
  event.mutable_provenance()->set_correction_id(message.correction_id());
  *event.mutable_provenance()->mutable_categories() = message.categories();
  *event.mutable_person_corrected()->mutable_person() = message.person();
  casework::v1::CorrectionConfirmed confirmed;
  confirmed.set_correction_id(message.correction_id());
  Decision decision;
  decision.AddEvent(event)
      .ValidFrom(exchange::FromProto(letter.body.valid_from()))
      .Notify(policy::v1::RELATION_NEC_OVERVIEW,
              ToHolder(letter.place.sender, letter.place.subject), confirmed);
  const std::string& cpr_number = message.person().cpr_number();
  if (!cpr_number.empty() && cpr_number != letter.state.person().cpr_number()) {
    jv1::Entry entry = letter.state;
    entry.mutable_person()->set_cpr_number(cpr_number);
    TellUnits(entry, letter.context, decision);
  }
  return decision;
}

Decision OnErasureOrdered(const Letter& letter, const casework::v1::ErasureOrdered& order) {
  if (IsKnown(letter.state)) {
    if (auto refused = RefuseStranger(letter, order.number())) return *std::move(refused);
  }
  exchange::Holding holding;
  holding.keys = {EntryKey(letter.place.subject)};
  for (const jv1::DuplicateFound& found : letter.state.duplicates()) {
    holding.keys.push_back(DuplicateKey(found.duplicate_id()));
  }
  return exchange::EraseAsOrdered(holding, letter.place, order, letter.context,
                                  &exchange::ErasureAs<jv1::EntryEvent>);
}

}  // namespace

exchange::Party ToHolder(const std::string& authority, const std::string& overview_id) {
  return {authority, policy::v1::RELATION_HOLDER,         overview_id,
          {},        policy::v1::LEGAL_BASIS_UNSPECIFIED, policy::v1::PURPOSE_NATIONAL_OVERVIEW};
}

EntryPart EntryLetters() {
  EntryPart part;
  part.On(&OnVisitation)
      .On(exchange::OnceKnown(&IsKnown, &OnAgreement))
      .On(exchange::OnceKnown(&IsKnown, &OnWithdrawal))
      .On(exchange::OnceKnown(&IsKnown, &OnStage))
      .On(exchange::OnceKnown(&IsKnown, &OnTakenOver))
      .On(exchange::OnceKnown(&IsKnown, &OnCorrection))
      .On(&OnErasureOrdered);
  return part;
}

}  // namespace exitbus::nec
