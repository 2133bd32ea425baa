#include "tests/casework/given.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/police/v1/messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/rules.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::Facts;
namespace ev1 = exchange::v1;
namespace pv1 = policy::v1;
using exchange::NamedStatements;

constexpr char kHolder[] = "municipality-0183";
constexpr char kReceiver[] = "municipality-0461";
constexpr char kHandover[] = "the-handover";
constexpr char kPolice[] = "police-1469";
constexpr char kContactPoint[] = "contact-point";
const absl::Time kNow = exchange::Deciding::Now();

// What an offer must not come without.
hv1::DossierPart StatutoryPart() {
  hv1::DossierPart part;
  part.set_legal_basis(pv1::LEGAL_BASIS_FVL28);
  return part;
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

std::string TakeOverStatement() {
  ev1::SignedStatement offer;
  offer.ParseFromString(OfferStatement());
  ev1::Statement statement;
  ev1::TakeOver& take_over = *statement.mutable_take_over();
  take_over.set_case_id("the-case");
  take_over.set_number(2);
  take_over.set_receiver(kReceiver);
  *take_over.mutable_instant() = exchange::ToProto(kNow);
  take_over.set_offer_digest(offer.statement());
  return NamedStatements(kReceiver).Sign(statement);
}

hv1::Term Term(hv1::TermStatus status) {
  hv1::Term term;
  term.set_term_id("term");
  term.set_type(cv1::MEASURE_TYPE_HOUSING);
  term.set_module(cv1::MODULE_HOUSING);
  term.set_months(6);
  term.set_funding(cv1::FUNDING_CLASS_RESIDENCE_MUNICIPALITY);
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
  file.set_legal_basis(pv1::LEGAL_BASIS_FVL28);
  file.mutable_person()->set_cpr_number("6101900001");
  cv1::Measure& measure = *file.mutable_agreement()->add_measures();
  measure.set_measure_id("term");
  measure.set_type(cv1::MEASURE_TYPE_HOUSING);
  measure.set_module(cv1::MODULE_HOUSING);
  measure.set_months(6);
  measure.set_funding(cv1::FUNDING_CLASS_RESIDENCE_MUNICIPALITY);
  file.mutable_agreement()->set_version(1);
  // The receiver has noted one and still has to confirm it.
  jv1::Correction& correction = *file.add_corrections();
  correction.set_correction_id("ours");
  auto& recipient = *correction.mutable_told()->add_parties();
  recipient.set_authority(kReceiver);
  recipient.set_subject(kHandover);
}

template <class Request>
Request Ask() {
  Request request;
  request.set_handover_id(kHandover);
  return request;
}

// A command or a letter as a function of the file.
using Occasion = std::function<exchange::Decision(const jv1::CaseFile&, const Facts&)>;

const exchange::Aggregate& Files() {
  static const auto* const files = new exchange::Aggregate(CaseFiles());
  return *files;
}

Occasion Command(const google::protobuf::Message& asked) {
  const std::string name = exchange::MethodOf(asked.GetDescriptor());
  const auto method =
      std::find_if(Files().methods.begin(), Files().methods.end(),
                   [&](const exchange::Method& candidate) { return candidate.name == name; });
  std::shared_ptr<google::protobuf::Message> request(asked.New());
  request->CopyFrom(asked);
  return [method, request](const jv1::CaseFile& file, const Facts& facts) {
    return method->decide(file, *request, facts);
  };
}

Decision OnLetter(const jv1::CaseFile& file, const exchange::LetterPlace& place,
                  const ev1::Body& body, const Facts& facts) {
  return Files().decide_letter(file, place, body, facts);
}

Occasion Letter(const std::function<void(ev1::Body&)>& fill) {
  ev1::Body body;
  fill(body);
  return [body](const jv1::CaseFile& file, const Facts& facts) {
    const std::string sender = file.handovers(0).counterpart();
    return OnLetter(file, {sender, pv1::EXCHANGE_HANDOVER, kHandover, 1}, body, facts);
  };
}

// From somebody else than the other party, under that reader's own id.
Occasion LetterFrom(const std::string& sender, const std::string& subject, pv1::Exchange exchange,
                    const std::function<void(ev1::Body&)>& fill) {
  ev1::Body body;
  fill(body);
  return [=](const jv1::CaseFile& file, const Facts& facts) {
    return OnLetter(file, {sender, exchange, subject, 1}, body, facts);
  };
}

// Of what comes to casework and nothing more is said here: letters from the other party, empty, and
// commands about the handover that say nothing but its id.
void AddUnlisted(std::map<std::string, Occasion>& occasions) {
  for (const exchange::Method& method : Files().methods) {
    const auto* const rpc =
        google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(method.name);
    const auto* const id = rpc->input_type()->FindFieldByName("handover_id");
    if (!method.decide || id == nullptr) continue;
    const std::unique_ptr<google::protobuf::Message> request(
        google::protobuf::MessageFactory::generated_factory()
            ->GetPrototype(rpc->input_type())
            ->New());
    request->GetReflection()->SetString(request.get(), id, kHandover);
    occasions.try_emplace(rpc->name(), Command(*request));
  }
  for (const int kind : Files().letters) {
    const auto* member = ev1::Body::descriptor()->FindFieldByNumber(kind);
    occasions.try_emplace("<" + member->message_type()->name(), Letter([member](ev1::Body& body) {
                            body.GetReflection()->MutableMessage(&body, member);
                          }));
  }
}

const std::map<std::string, Occasion>& All() {
  static const auto* const all = [] {
    auto* const map = new std::map<std::string, Occasion>;
    auto fact = Ask<hv1::RecordLateFactRequest>();
    fact.set_kind(hv1::LATE_FACT_KIND_PRECAUTIONS);
    (*map)["RecordLateFact"] = Command(fact);
    auto objection = Ask<hv1::ObjectToTermRequest>();
    objection.set_term_id("term");
    objection.set_objection(hv1::OBJECTION_CODE_TOO_LONG);
    (*map)["ObjectToTerm"] = Command(objection);
    auto rejection = Ask<hv1::RejectHandoverRequest>();
    rejection.set_rejection(hv1::REJECTION_CODE_NO_HOUSING);
    (*map)["RejectHandover"] = Command(rejection);
    auto granted = Ask<hv1::AnswerRecallRequest>();
    granted.set_granted(true);
    (*map)["AnswerRecall"] = Command(granted);

    (*map)["<AgreementTermProposed"] = Letter([](ev1::Body& b) {
      *b.mutable_agreement_term_proposed()->mutable_term() = Term(hv1::TERM_STATUS_PROPOSED);
    });
    (*map)["<AgreementTermObjected"] = Letter([](ev1::Body& b) {
      b.mutable_agreement_term_objected()->set_term_id("term");
      b.mutable_agreement_term_objected()->set_agreement_version(1);
    });
    (*map)["<AgreementTermAgreed"] = Letter([](ev1::Body& b) {
      b.mutable_agreement_term_agreed()->set_term_id("term");
      b.mutable_agreement_term_agreed()->set_agreement_version(1);
    });
    (*map)["<HandoverOffered"] = Letter([](ev1::Body& b) {
      b.mutable_handover_offered()->set_offer(OfferStatement());
      b.mutable_handover_offered()->add_slips(SlipFor(kPolice));
      b.mutable_handover_offered()->add_slips(SlipFor(kContactPoint));
    });
    (*map)["<OfferDeclined"] =
        Letter([](ev1::Body& b) { b.mutable_offer_declined()->set_number(2); });
    (*map)["<CaseTakenOver"] = Letter(
        [](ev1::Body& b) { b.mutable_case_taken_over()->set_take_over(TakeOverStatement()); });
    (*map)["<ErasureOrdered"] =
        Letter([](ev1::Body& b) { b.mutable_erasure_ordered()->set_number(2); });
    auto read = Ask<hv1::AcknowledgePrecautionsRequest>();
    read.set_version(1);
    (*map)["AcknowledgePrecautions"] = Command(read);
    (*map)["<SecurityPictureChanged"] =
        LetterFrom(kPolice, kHandover, pv1::EXCHANGE_SECURITY, [](ev1::Body& b) {
          b.mutable_security_picture_changed()->mutable_picture()->set_version(2);
        });
    (*map)["<HandoverNudged"] = LetterFrom(kContactPoint, "the-contact", pv1::EXCHANGE_HANDOVER,
                                           [](ev1::Body& b) { b.mutable_handover_nudged(); });
    (*map)["<ConsentRevoked"] = Letter(
        [](ev1::Body& b) { *b.mutable_consent_revoked()->mutable_given() = Given().given(); });
    (*map)["<CorrectionIssued"] = Letter([](ev1::Body& b) {
      b.mutable_correction_issued()->set_correction_id("theirs");
      b.mutable_correction_issued()->add_categories(pv1::CATEGORY_MEASURES);
    });
    (*map)["<CorrectionConfirmed"] =
        Letter([](ev1::Body& b) { b.mutable_correction_confirmed()->set_correction_id("ours"); });
    v1::CorrectCaseRequest correction;
    correction.set_reason("a digit was wrong");
    correction.mutable_person()->set_cpr_number("6101900002");
    (*map)["CorrectCase"] = Command(correction);
    (*map)["RevokeConsent"] = Command(v1::RevokeConsentRequest());
    // What is for somebody else, or about something else.
    (*map)["<HandoverRequested(another)"] =
        LetterFrom(kReceiver, "another-handover", pv1::EXCHANGE_HANDOVER,
                   [](ev1::Body& b) { b.mutable_handover_requested(); });
    (*map)["<HandoverRequested(stranger)"] =
        LetterFrom("municipality-0751", kHandover, pv1::EXCHANGE_HANDOVER,
                   [](ev1::Body& b) { b.mutable_handover_requested(); });
    (*map)["<HandoverRecalled(stranger)"] =
        LetterFrom("municipality-0751", kHandover, pv1::EXCHANGE_HANDOVER,
                   [](ev1::Body& b) { b.mutable_handover_recalled(); });
    (*map)["<PoliceClarificationDelivered"] =
        LetterFrom("police-1465", kHandover, pv1::EXCHANGE_CASE,
                   [](ev1::Body& b) { b.mutable_police_clarification_delivered(); });
    AddUnlisted(*map);
    return map;
  }();
  return *all;
}

std::string StageName(const jv1::CaseFile& file) {
  if (file.has_erasure()) return "ERASED";
  const std::string name = hv1::HandoverStage_Name(file.handovers(0).stage());
  return name.substr(std::string_view("HANDOVER_STAGE_").size());
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
  // What goes or came on consent: with the dossier, and so with an offer.
  if (holder || moved) *file.mutable_consent() = Given();
  if (!holder && (moved || stage == hv1::HANDOVER_STAGE_OFFERED)) {
    jv1::ReceivedOnConsent& received = *handover.add_received_on_consent();
    received.set_number(1);
    *received.mutable_part()->mutable_consent() = Given();
  }
  if (!holder && stage == hv1::HANDOVER_STAGE_ACCEPTED) *handover.add_dossier() = StatutoryPart();
  handover.set_agreement_version(1);
  if (holder) {
    handover.add_own_terms()->set_term_id("term");
    handover.mutable_own_terms(0)->set_measure_id("term");
    if (moved) handover.add_measures("term");
  }
  *handover.add_terms() = Term(stage == hv1::HANDOVER_STAGE_REQUESTED ? hv1::TERM_STATUS_PROPOSED
                                                                      : hv1::TERM_STATUS_AGREED);
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

std::vector<std::string> Occasions() {
  std::vector<std::string> names;
  for (const auto& [name, occasion] : All()) names.push_back(name);
  return names;
}

std::string Then(const jv1::CaseFile& file, const std::string& when) {
  const exchange::DirectoryEntry ishoej{
      kHolder, pv1::AUTHORITY_KIND_MUNICIPALITY, "Ishøj", "0183", "", ""};
  const exchange::DirectoryEntry odense{
      kReceiver, pv1::AUTHORITY_KIND_MUNICIPALITY, "Odense", "0461", "", ""};
  const exchange::DirectoryEntry contact_point{
      kContactPoint, pv1::AUTHORITY_KIND_CONTACT_POINT, "", "national", "", ""};
  const bool holder = file.handovers(0).side() == hv1::SIDE_HOLDER;
  const exchange::Deciding at(holder ? ishoej : odense, {holder ? odense : ishoej, contact_point});

  const auto occasion = All().find(when);
  if (occasion == All().end()) return "no such command or message";
  const Decision decision = occasion->second(file, at.FactsFor());
  std::string text = OutcomeOf(decision);
  if (text.empty()) {
    text = (decision.erases() ? "erases " : "") + StageName(*After(file, decision));
  }
  std::string told;
  for (const exchange::Notice& notice : decision.notices()) {
    told += (told.empty() ? " tells " : ", ") + notice.message->GetDescriptor()->name();
    if (notice.to.authority == kPolice) told += " to the police";
  }
  return text + told;
}

}  // namespace exitbus::casework
