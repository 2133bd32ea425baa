#include "services/nec/overview.h"

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "exitbus/nec/v1/overview_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/account.h"
#include "services/exchange/erasure.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/slips.h"

namespace exitbus::nec {
namespace {

using exchange::Decision;
using exchange::Facts;
using exchange::LetterPlace;
using exchange::Message;
using exchange::Method;

constexpr char kEntryPrefix[] = "entry/";
constexpr char kPersonPrefix[] = "person/";
constexpr char kIndexOfPersons[] = "entry/person/";  // with the aggregate's name before it
constexpr exchange::AsEvent kAsEvent = &exchange::ErasureAs<jv1::EntryEvent>;

const jv1::Entry& EntryOf(const Message& state) { return static_cast<const jv1::Entry&>(state); }

Decision Begin(const LetterPlace& place, const v1::VisitationDecided& told) {
  if (told.number() > exchange::kNumberMax) return exchange::NumberOutOfRange();
  jv1::EntryEvent event;
  jv1::EntryBegun& begun = *event.mutable_entry_begun();
  begun.set_overview_id(place.subject);
  *begun.mutable_person() = told.person();
  begun.set_authority(place.sender);
  begun.set_number(told.number());
  *begun.mutable_since() = told.decided();
  return Decision().Happened(event);
}

// What only the holder of `number` may say. Null: it may.
std::optional<Decision> RefuseStranger(const jv1::Entry& entry, const LetterPlace& place,
                                       std::uint64_t number) {
  if (number > exchange::kNumberMax) return exchange::NumberOutOfRange();
  if (number > entry.number()) return Decision::Park();  // its take-over is still on the way
  if (number < entry.number() || entry.authority() != place.sender) {
    return Decision::Refuse("overview.not_the_holder",
                            "Only the authority in charge tells NEC of the case.");
  }
  return std::nullopt;
}

Decision OnAgreement(const jv1::Entry& entry, const LetterPlace& place,
                     const v1::AgreementSigned& told) {
  if (auto refused = RefuseStranger(entry, place, told.number())) return *std::move(refused);
  jv1::EntryEvent event;
  event.mutable_agreement_learnt()->set_agreement_version(told.agreement().version());
  return Decision().Happened(event);
}

Decision OnWithdrawal(const jv1::Entry& entry, const LetterPlace& place,
                      const v1::CitizenWithdrew& told) {
  if (auto refused = RefuseStranger(entry, place, told.number())) return *std::move(refused);
  jv1::EntryEvent event;
  event.mutable_entry_withdrawn();
  return Decision().Happened(event);
}

Decision OnTakenOver(const jv1::Entry& entry, const LetterPlace& place,
                     const handover::v1::CaseTakenOver& told, const Facts& facts) {
  auto checked = exchange::CheckSlip(told.slip(), told.number(),
                                     {entry.authority(), entry.number()}, place, facts);
  if (auto* instead = std::get_if<Decision>(&checked)) return std::move(*instead);
  jv1::EntryEvent event;
  jv1::AuthorityChanged& changed = *event.mutable_authority_changed();
  changed.set_authority(place.sender);
  changed.set_number(told.number());
  *changed.mutable_since() = told.instant();
  changed.set_slip(told.slip());
  return Decision().Happened(event);
}

// Whether another open entry is of the person with this number.
bool HasOtherEntry(const jv1::Entry& entry, const std::string& cpr_number, const Facts& facts) {
  return entry.stage() != v1::ENTRY_STAGE_WITHDRAWN && !cpr_number.empty() &&
         cpr_number != entry.person().cpr_number() &&
         facts.lookup->ExistsBelow(kIndexOfPersons + facts.lookup->PersonKey(cpr_number) + "/");
}

// The author knows best whom it meant; that two entries are now of one person is for people to sort
// out.
Decision OnCorrection(const jv1::Entry& entry, const LetterPlace& place,
                      const exchange::v1::Body& body, const Facts& facts) {
  const casework::v1::CorrectionIssued& told = body.correction_issued();
  if (auto refused = RefuseStranger(entry, place, told.number())) return *std::move(refused);
  jv1::EntryEvent event;
  *event.mutable_person_corrected()->mutable_person() = told.person();
  casework::v1::CorrectionConfirmed confirmed;
  confirmed.set_correction_id(told.correction_id());
  Decision decision;
  decision.Happened(event)
      .ValidFrom(exchange::FromProto(body.valid_from()))
      .Tell(policy::v1::RELATION_NEC_OVERVIEW,
            {place.sender,
             policy::v1::RELATION_HOLDER,
             place.subject,
             {},
             policy::v1::LEGAL_BASIS_RHL,
             policy::v1::PURPOSE_NATIONAL_OVERVIEW},
            confirmed);
  if (HasOtherEntry(entry, told.person().cpr_number(), facts)) {
    decision.Report(exchange::Severity::kError, "overview.person_has_two_entries");
  }
  return decision;
}

Decision OnErasureOrdered(const jv1::Entry& entry, const LetterPlace& place,
                          const casework::v1::ErasureOrdered& order, const Facts& facts) {
  if (!entry.overview_id().empty()) {
    if (auto refused = RefuseStranger(entry, place, order.number())) return *std::move(refused);
  }
  exchange::Holding holding;
  holding.keys = {kEntryPrefix + place.subject};
  return exchange::EraseAsOrdered(holding, place, order, facts, kAsEvent);
}

std::unique_ptr<Message> View(const jv1::Entry& entry) {
  if (entry.overview_id().empty()) return nullptr;
  auto view = std::make_unique<v1::OverviewEntry>();
  view->set_overview_id(entry.overview_id());
  view->set_stage(entry.stage());
  *view->mutable_person() = entry.person();
  view->set_authority(entry.authority());
  view->set_responsibility_number(entry.number());
  *view->mutable_since() = entry.since();
  view->set_agreement_version(entry.agreement_version());
  return view;
}

}  // namespace

void Evolve(jv1::Entry& entry, const jv1::EntryEvent& event) {
  switch (event.what_case()) {
    case jv1::EntryEvent::kEntryBegun:
      entry.set_overview_id(event.entry_begun().overview_id());
      entry.set_stage(v1::ENTRY_STAGE_VISITED);
      *entry.mutable_person() = event.entry_begun().person();
      entry.set_authority(event.entry_begun().authority());
      entry.set_number(event.entry_begun().number());
      *entry.mutable_since() = event.entry_begun().since();
      return;
    case jv1::EntryEvent::kAgreementLearnt:
      entry.set_stage(v1::ENTRY_STAGE_ENROLLED);
      entry.set_agreement_version(event.agreement_learnt().agreement_version());
      return;
    case jv1::EntryEvent::kAuthorityChanged:
      entry.set_authority(event.authority_changed().authority());
      entry.set_number(event.authority_changed().number());
      *entry.mutable_since() = event.authority_changed().since();
      return;
    case jv1::EntryEvent::kEntryWithdrawn:
      entry.set_stage(v1::ENTRY_STAGE_WITHDRAWN);
      return;
    case jv1::EntryEvent::kPersonCorrected:
      entry.mutable_person()->MergeFrom(event.person_corrected().person());
      return;
    case jv1::EntryEvent::kErasure:
      return exchange::EvolveErased(entry, event.erasure());
    case jv1::EntryEvent::WHAT_NOT_SET:
      return;
  }
}

Decision DecideLetter(const jv1::Entry& entry, const LetterPlace& place,
                      const exchange::v1::Body& body, const Facts& facts) {
  using Kind = exchange::v1::Body;
  if (entry.has_erasure()) {
    return exchange::DecideErased(entry.erasure(), place, kEntryPrefix + place.subject, body, facts,
                                  kAsEvent);
  }
  const bool known = !entry.overview_id().empty();
  switch (body.kind_case()) {
    case Kind::kVisitationDecided:
      return known ? Decision::Refuse("overview.entry_exists", "This entry began before.")
                   : Begin(place, body.visitation_decided());
    case Kind::kAgreementSigned:
      return known ? OnAgreement(entry, place, body.agreement_signed()) : Decision::Park();
    case Kind::kCitizenWithdrew:
      return known ? OnWithdrawal(entry, place, body.citizen_withdrew()) : Decision::Park();
    case Kind::kCaseTakenOver:
      return known ? OnTakenOver(entry, place, body.case_taken_over(), facts) : Decision::Park();
    case Kind::kCorrectionIssued:
      return known ? OnCorrection(entry, place, body, facts) : Decision::Park();
    case Kind::kErasureOrdered:
      return OnErasureOrdered(entry, place, body.erasure_ordered(), facts);
    case Kind::kHandoverRequested:
    case Kind::kAgreementTermProposed:
    case Kind::kAgreementTermObjected:
    case Kind::kAgreementTermAgreed:
    case Kind::kHandoverAccepted:
    case Kind::kHandoverIdentityReleased:
    case Kind::kHandoverRejected:
    case Kind::kHandoverRecalled:
    case Kind::kDossierPart:
    case Kind::kHandoverOffered:
    case Kind::kOfferDeclined:
    case Kind::kRecallRequested:
    case Kind::kRecallAnswered:
    case Kind::kHandoverAcknowledged:
    case Kind::kLateFact:
    case Kind::kHandoverEscalated:
    case Kind::kErasureConfirmed:
    case Kind::kHandoverNudged:
    case Kind::kPoliceClarificationRequested:
    case Kind::kPoliceClarificationDelivered:
    case Kind::kSecurityPictureChanged:
    case Kind::kPrecautionsAcknowledged:
    case Kind::kSecurityAssessmentTransferred:
    case Kind::kCorrectionConfirmed:
    case Kind::kConsentRevoked:
    case Kind::kKeyAnnounced:
    case Kind::kEvidenceCheckpoint:
    case Kind::kCaseErasureConfirmed:
    case Kind::KIND_NOT_SET:
      return Decision::Refuse("letter.not_for_this_authority", "NEC's overview is not sent this.");
  }
  return Decision::Refuse("letter.not_for_this_authority",
                          "This kind of message is not known here.");
}

exchange::Aggregate OverviewEntries() {
  exchange::Aggregate entries;
  entries.name = "entry";
  entries.new_state = [] { return std::make_unique<jv1::Entry>(); };
  entries.evolve = [](Message& state, const Message& event) {
    Evolve(static_cast<jv1::Entry&>(state), static_cast<const jv1::EntryEvent&>(event));
  };
  entries.keys = [](const Message& state, const exchange::Lookup& lookup) {
    const jv1::Entry& entry = EntryOf(state);
    if (entry.has_erasure()) return exchange::KeysOf(entry.erasure());
    std::vector<std::string> keys = {kEntryPrefix + entry.overview_id()};
    if (entry.stage() != v1::ENTRY_STAGE_WITHDRAWN && !entry.person().cpr_number().empty()) {
      keys.push_back(kPersonPrefix + lookup.PersonKey(entry.person().cpr_number()) + "/" +
                     entry.overview_id());
    }
    return keys;
  };
  entries.deadlines = [](const Message&) { return std::vector<exchange::Deadline>(); };
  entries.letter_target = [](const LetterPlace& place,
                             const exchange::v1::Body& body) -> std::optional<std::string> {
    if (!exchange::IsAboutErasure(body) && place.exchange != policy::v1::EXCHANGE_NEC)
      return std::nullopt;
    return kEntryPrefix + place.subject;
  };
  entries.decide_letter = [](const Message& state, const LetterPlace& place,
                             const exchange::v1::Body& body, const Facts& facts) {
    return DecideLetter(EntryOf(state), place, body, facts);
  };
  entries.decide_deadline = [](const Message&, std::string_view, const Facts&) {
    return Decision::NoEffect("no_deadlines");
  };
  entries.may_still_go = [](const Message&, policy::v1::LegalBasis, absl::Time) { return true; };
  entries.eyes = [](const Message&, policy::v1::Reader reader, const Facts&) {
    return exchange::Eyes{reader, {policy::v1::CONDITION_OWN_PART}};
  };
  entries.account_key = [](const Message& state) {
    return EntryOf(state).overview_id().empty() ? "" : kEntryPrefix + EntryOf(state).overview_id();
  };

  Method get;
  get.name = "exitbus.nec.v1.OverviewService.GetEntry";
  get.target = [](const Message& request) {
    return kEntryPrefix + static_cast<const v1::GetEntryRequest&>(request).overview_id();
  };
  get.view = [](const Message& state, const Message&, const Facts&) {
    return View(EntryOf(state));
  };
  Method list;
  list.name = "exitbus.nec.v1.OverviewService.ListEntries";
  list.list_prefix = kEntryPrefix;
  list.list_view = [](const Message& state, std::string_view, const Message&, const Facts&) {
    return View(EntryOf(state));
  };
  list.watch = "exitbus.nec.v1.OverviewService.WatchEntries";
  entries.methods = {get, list,
                     exchange::AccountMethod(
                         "exitbus.nec.v1.OverviewService.GetAccount", [](const Message& request) {
                           return kEntryPrefix +
                                  static_cast<const v1::GetAccountRequest&>(request).overview_id();
                         })};
  return entries;
}

}  // namespace exitbus::nec
