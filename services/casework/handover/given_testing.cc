#include "services/casework/handover/given_testing.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/part_testing.h"
#include "services/casework/rules.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"
#include "tests/tables/inputs.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
namespace ev1 = exchange::v1;
namespace pv1 = policy::v1;
using exchange::NamedStatements;
using tables::Quoted;

constexpr char kHolder[] = "municipality-0183";
constexpr char kReceiver[] = "municipality-0461";
constexpr char kHandover[] = "the-handover";
constexpr char kPolice[] = "police-1469";
constexpr char kContactPoint[] = "contact-point";
const absl::Time kNow = exchange::Deciding::Now();

// What an offer must not come without.
hv1::DossierPart StatutoryPart() {
  return exchange::Of<hv1::DossierPart>(
      R"(stage: CASE_STAGE_ENROLLED visitation { decided {} } overview_id: "the-overview")");
}

std::string OfferStatement() {
  ev1::Statement statement;
  ev1::Offer& offer = *statement.mutable_offer();
  offer.set_case_id("the-case");
  offer.set_handover_id(kHandover);
  offer.set_from_number(1);
  offer.set_number(2);
  offer.set_holder(kHolder);
  offer.set_receiver(kReceiver);
  *offer.mutable_earliest() = exchange::ToProto(kNow);
  offer.add_dossier_digests(StatutoryPart().SerializeAsString());
  return NamedStatements(kHolder).Sign(statement);
}

std::string SlipFor(const char* reader) {
  ev1::Statement statement;
  statement.mutable_slip()->set_reader(reader);
  statement.mutable_slip()->set_receiver(kReceiver);
  return NamedStatements(kHolder).Sign(statement);
}

std::string TakeOverBy(const char* signer) {
  ev1::SignedStatement offer;
  offer.ParseFromString(OfferStatement());
  ev1::Statement statement;
  ev1::TakeOver& take_over = *statement.mutable_take_over();
  take_over.set_case_id("the-case");
  take_over.set_number(2);
  take_over.set_receiver(kReceiver);
  *take_over.mutable_instant() = exchange::ToProto(kNow);
  take_over.set_offer_digest(offer.statement());
  return NamedStatements(signer).Sign(statement);
}

hv1::Term Term(hv1::TermStatus status) {
  auto term = exchange::Of<hv1::Term>(
      R"(term_id: "term" type: MEASURE_TYPE_HOUSING module: MODULE_HOUSING months: 6
         funding: FUNDING_CLASS_RESIDENCE_MUNICIPALITY)");
  term.set_status(status);
  return term;
}

cv1::Consent Given() {
  cv1::Consent consent;
  *consent.mutable_given() = exchange::ToProto(kNow);
  return consent;
}

void FillCase(jv1::CaseFile& file) {
  file.set_case_id("the-case");
  file.set_stage(cv1::CASE_STAGE_ENROLLED);
  file.set_number(1);
  file.set_highest_number(1);
  file.add_bases()->set_legal_basis(pv1::LEGAL_BASIS_FVL28);
  file.mutable_person()->set_cpr_number("6101900001");
  *file.mutable_agreement() = exchange::Of<cv1::Agreement>(
      R"(version: 1 measures { measure_id: "term" type: MEASURE_TYPE_HOUSING module: MODULE_HOUSING
                               months: 6 funding: FUNDING_CLASS_RESIDENCE_MUNICIPALITY })");
  *file.mutable_visitation()->mutable_decided() = exchange::ToProto(kNow);
  file.mutable_clarification()->set_version(1);
  // The receiver has noted one and still has to confirm it.
  jv1::Correction& correction = *file.add_corrections();
  correction.set_correction_id("ours");
  auto& recipient = *correction.mutable_obligation()->add_parties();
  recipient.set_authority(kReceiver);
  recipient.set_subject(kHandover);
}

// What does not say all that it has to, or says too much.
void AddWrong(const std::string& id, tables::Inputs& all) {
  all.Command("ObjectToTerm, of an unknown term", id + R"(term_id: "none")")
      .Command("ObjectToTerm, without saying why", id + R"(term_id: "term")")
      .Command("AgreeTerms, of an unknown term", id + R"(term_ids: "none")")
      .Command("RejectHandover, without saying why", id)
      .Command("RecordLateFact, of no kind", id)
      .Command("RecordLateFact, of a withdrawal", id + "kind: LATE_FACT_KIND_WITHDRAWAL")
      .Command("RecordLateFact, too long a note",
               absl::StrCat(
                   id, "kind: LATE_FACT_KIND_PRECAUTIONS note: ", Quoted(std::string(4001, 'n'))));
}

// What else is told of a case stands in tables of its own.
std::set<int> AboutHandovers() {
  std::set<int> kinds = CaseFiles().letters;
  for (CasePart (*const part)() : {&SecurityPart, &PoolLetters, &RelocationLetters, &PlaceLetters,
                                   &OverviewPart, &SupervisionPart}) {
    for (const int kind : LettersOf(part())) kinds.erase(kind);
  }
  return kinds;
}

// What is asked and told, by and of whoever has `counterpart` as the other party.
tables::Inputs InputsWith(const char* counterpart) {
  const auto from = [](const char* sender, const char* subject, pv1::Channel over) {
    return exchange::LetterPlace{sender, over, subject, 1};
  };
  const auto stranger = from("municipality-0751", kHandover, pv1::CHANNEL_HANDOVER);
  const std::string id = absl::StrCat("handover_id: ", Quoted(kHandover), " ");
  const std::string consent = absl::StrCat("given { ", Given().given().ShortDebugString(), " }");
  tables::Inputs all(CaseFiles(), from(counterpart, kHandover, pv1::CHANNEL_HANDOVER));
  AddWrong(id, all);
  all.Command("RecordLateFact", id + "kind: LATE_FACT_KIND_PRECAUTIONS")
      .Command("ObjectToTerm", id + R"(term_id: "term" objection: OBJECTION_CODE_TOO_LONG)")
      .Command("RejectHandover", id + "rejection: REJECTION_CODE_NO_HOUSING")
      .Command("AnswerRecall", id + "granted: true")
      .Command("AcknowledgePrecautions", id + "version: 1")
      .Command("CorrectCase", R"(reason: "wrong" person { cpr_number: "6101900002" })")
      .Command("RevokeConsent", "")
      .Message("<AgreementTermProposed",
               absl::StrCat("term { ", Term(hv1::TERM_STATUS_PROPOSED).ShortDebugString(), " }"))
      .Message("<AgreementTermProposed, dropped",
               R"(term { term_id: "another" } agreement_version: 1 dropped: true)")
      .Message("<AgreementTermObjected", R"(term_id: "term" agreement_version: 1)")
      .Message("<AgreementTermAgreed", R"(term_id: "term" agreement_version: 1)")
      .Message("<HandoverOffered", absl::StrCat("offer: ", Quoted(OfferStatement()),
                                                " slips: ", Quoted(SlipFor(kPolice)),
                                                " slips: ", Quoted(SlipFor(kContactPoint))))
      .Message("<OfferDeclined", "number: 2")
      .Message("<HandoverEscalated", "waiting_for: SIDE_RECEIVER")
      .Message("<HandoverEscalated, already answered", "waiting_for: SIDE_HOLDER")
      .Message("<CaseTakenOver", absl::StrCat("take_over: ", Quoted(TakeOverBy(kReceiver))))
      .Message("<CaseTakenOver, signed by the holder",
               absl::StrCat("take_over: ", Quoted(TakeOverBy(kHolder))))
      .Message("<ErasureOrdered", "number: 2")
      .Message("<ConsentRevoked", consent)
      .Message("<CorrectionIssued", R"(correction_id: "theirs" categories: CATEGORY_MEASURES)")
      .Message("<CorrectionConfirmed", R"(correction_id: "ours")")
      .MessageFrom(from(kPolice, kHandover, pv1::CHANNEL_SECURITY), "<SecurityPictureChanged",
                   "picture { version: 2 }")
      .MessageFrom(from(kContactPoint, "the-contact", pv1::CHANNEL_HANDOVER), "<HandoverNudged", "")
      // What is for somebody else, or about something else.
      .MessageFrom(from("police-1465", kHandover, pv1::CHANNEL_CASE),
                   "<PoliceClarificationDelivered", "")
      .MessageFrom(from(kReceiver, "another-handover", pv1::CHANNEL_HANDOVER),
                   "<HandoverRequested, another handover", "")
      .MessageFrom(stranger, "<HandoverRequested, from a stranger", "")
      .MessageFrom(stranger, "<HandoverRecalled, from a stranger", "")
      .Message("<HandoverRequested", "")
      .Message("<HandoverRecalled", "")
      .FromTable("services/casework/handover/handover.table")
      .OtherMessages(AboutHandovers())
      .OtherCommands("handover_id", kHandover);
  return all;
}

const tables::Inputs& InputsOf(hv1::Side side) {
  static const auto* const holders = new tables::Inputs(InputsWith(kReceiver));
  static const auto* const receivers = new tables::Inputs(InputsWith(kHolder));
  return side == hv1::SIDE_HOLDER ? *holders : *receivers;
}

exchange::Deciding At(hv1::Side side) {
  const exchange::DirectoryEntry ishoej{
      kHolder, pv1::AUTHORITY_KIND_MUNICIPALITY, "Ishøj", "0183", "", ""};
  const exchange::DirectoryEntry odense{
      kReceiver, pv1::AUTHORITY_KIND_MUNICIPALITY, "Odense", "0461", "", ""};
  const exchange::DirectoryEntry contact_point{
      kContactPoint, pv1::AUTHORITY_KIND_CONTACT_POINT, "", "national", "", ""};
  const bool holder = side == hv1::SIDE_HOLDER;
  return exchange::Deciding(holder ? ishoej : odense, {holder ? odense : ishoej, contact_point});
}

std::string StageName(const jv1::CaseFile& file) {
  if (file.has_erasure()) return "ERASED";
  const std::string name = hv1::HandoverStage_Name(file.handovers(0).stage());
  return name.substr(std::string_view("HANDOVER_STAGE_").size());
}

// ", tells HandoverRejected (police too), ErasureConfirmed": the other party, where nobody is
// named.
std::string ToldBy(const Decision& decision) {
  static const std::map<std::string, std::string> others = {
      {kPolice, " to the police"}, {kContactPoint, " to the contact point"}};
  std::vector<std::string> notified;
  for (const exchange::Notification& notification : decision.notifications()) {
    const std::string name = notification.message->GetDescriptor()->name();
    const auto other = others.find(notification.to.authority);
    if (other == others.end()) {
      notified.push_back(name);
    } else if (notification.to.authority == kPolice && !notified.empty() &&
               notified.back() == name) {
      notified.back() += " (police too)";
    } else {
      notified.push_back(name + other->second);
    }
  }
  return notified.empty() ? "" : ", tells " + absl::StrJoin(notified, ", ");
}

jv1::CaseFile Evolved(const jv1::CaseFile& file, const Decision& decision) {
  const exchange::Aggregate& files = InputsOf(file.handovers(0).side()).aggregate();
  jv1::CaseFile after = file;
  for (const auto& event : decision.events()) files.evolve(after, *event);
  return after;
}

// What goes or came on consent: with the dossier, and so with an offer.
void AddOnConsent(hv1::HandoverStage stage, bool moved, jv1::CaseFile& file) {
  jv1::Handover& handover = *file.mutable_handovers(0);
  const bool holder = handover.side() == hv1::SIDE_HOLDER;
  if (holder || moved) *file.mutable_consent() = Given();
  if (!holder && (moved || stage == hv1::HANDOVER_STAGE_OFFERED)) {
    jv1::ReceivedOnConsent& received = *handover.add_received_on_consent();
    received.set_number(1);
    *received.mutable_part()->mutable_consent() = Given();
  }
}

void AddTerms(hv1::HandoverStage stage, bool moved, jv1::Handover& handover) {
  handover.set_agreement_version(1);
  if (handover.side() == hv1::SIDE_HOLDER) {
    handover.add_own_terms()->set_term_id("term");
    handover.mutable_own_terms(0)->set_measure_id("term");
    if (moved) handover.add_measures("term");
  }
  *handover.add_terms() = Term(stage == hv1::HANDOVER_STAGE_REQUESTED ? hv1::TERM_STATUS_PROPOSED
                                                                      : hv1::TERM_STATUS_AGREED);
}

}  // namespace

jv1::CaseFile Given(const std::string& side, const std::string& stage_name) {
  hv1::HandoverStage stage = hv1::HANDOVER_STAGE_UNSPECIFIED;
  hv1::HandoverStage_Parse("HANDOVER_STAGE_" + stage_name, &stage);
  const bool holder = side == "holder";
  const bool moved = stage == hv1::HANDOVER_STAGE_TAKEN_OVER ||
                     stage == hv1::HANDOVER_STAGE_ACKNOWLEDGED ||
                     stage == hv1::HANDOVER_STAGE_CLOSED;
  const bool accepted =
      moved || stage == hv1::HANDOVER_STAGE_ACCEPTED || stage == hv1::HANDOVER_STAGE_OFFERED;
  const bool ended = !moved && stage >= hv1::HANDOVER_STAGE_REJECTED;
  jv1::CaseFile file;
  if (holder || accepted) FillCase(file);
  file.set_standing(holder  ? (moved ? cv1::STANDING_FORMER : cv1::STANDING_RESPONSIBLE)
                    : moved ? cv1::STANDING_RESPONSIBLE
                    : ended ? cv1::STANDING_ENDED
                            : cv1::STANDING_RECEIVING);
  jv1::Handover& handover = *file.add_handovers();
  handover.set_handover_id(kHandover);
  handover.set_side(holder ? hv1::SIDE_HOLDER : hv1::SIDE_RECEIVER);
  handover.set_counterpart(holder ? kReceiver : kHolder);
  handover.set_stage(stage);
  handover.set_reason(hv1::HANDOVER_REASON_RELOCATION);
  handover.set_contact_id("the-contact");
  // The case's police unit has told the receiver its precautions, which nobody there has read yet.
  if (!ended) {
    handover.set_police(kPolice);
    handover.set_receiving_police(kPolice);
    if (!holder && accepted && !moved) handover.mutable_security()->set_version(1);
  }
  AddOnConsent(stage, moved, file);
  handover.set_identity_released(holder && accepted);
  if (!holder && accepted && !moved) *handover.add_dossier() = StatutoryPart();
  AddTerms(stage, moved, handover);
  if (stage == hv1::HANDOVER_STAGE_OFFERED || moved ||
      (holder && stage == hv1::HANDOVER_STAGE_OFFER_DECLINED)) {
    handover.set_offer(OfferStatement());
    handover.set_offered_number(2);
    *handover.mutable_earliest() = exchange::ToProto(kNow);
  }
  if (!ended) handover.set_waiting_for(hv1::SIDE_RECEIVER);
  if (ended && holder) {
    auto& erases = *handover.mutable_erasure()->add_parties();
    erases.set_authority(kReceiver);
    erases.set_subject(kHandover);
  }
  return file;
}

Decision Decided(const jv1::CaseFile& file, const std::string& when) {
  const hv1::Side side = file.handovers(0).side();
  const exchange::Deciding at = At(side);
  Decision decision = InputsOf(side).Decide(when, file, at.DecisionContextFor());
  const exchange::Aggregate& files = InputsOf(side).aggregate();
  if (decision.accepted()) files.conclude(file, at.DecisionContextFor(), decision);
  return decision;
}

std::vector<std::string> Occasions() { return InputsOf(hv1::SIDE_HOLDER).Names(); }

std::string Then(const jv1::CaseFile& file, const std::string& when) {
  const Decision decision = Decided(file, when);
  std::string text = OutcomeOf(decision);
  if (text.empty()) text = StageName(Evolved(file, decision));
  return absl::StrCat(text, decision.erases() ? ", erases" : "", ToldBy(decision));
}

jv1::CaseFile After(const jv1::CaseFile& file, const std::string& when) {
  return Evolved(file, Decided(file, when));
}

std::vector<std::string> FallsDue(const jv1::CaseFile& before, const jv1::CaseFile& now) {
  const exchange::Deciding ishoej = At(hv1::SIDE_HOLDER);
  const exchange::Aggregate& files = InputsOf(hv1::SIDE_HOLDER).aggregate();
  std::vector<std::string> outcomes;
  for (const exchange::Deadline& deadline : files.deadlines(before)) {
    outcomes.push_back(
        OutcomeOf(files.decide_deadline(now, deadline.name, ishoej.DecisionContextFor())));
  }
  return outcomes;
}

}  // namespace exitbus::casework
