#include "tests/separation/letters_story.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "exitbus/handover/v1/handover_service.pb.h"
#include "services/exchange/proto_time.h"
#include "services/policy/readers.h"
#include "services/weekly_report/weeks.h"
#include "tests/simulation/authorities.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace ev1 = exchange::v1;
namespace hv1 = handover::v1;
namespace pv1 = policy::v1;

constexpr char kAnother[] = "6101900099";  // the person whom a forger would put in the place

bool IsPolice(const Node& node) { return node.id().starts_with("police"); }

struct Known {
  std::string author;
  std::string subject;
  std::uint64_t number;
  absl::Time now;
};

void FillByName(google::protobuf::Message& message, const Known& known) {
  using google::protobuf::FieldDescriptor;
  const auto* reflection = message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (field.is_repeated() || field.real_containing_oneof() != nullptr) continue;
    if (auto* time = field.message_type() == google::protobuf::Timestamp::descriptor()
                         ? reflection->MutableMessage(&message, &field)
                         : nullptr) {
      time->CopyFrom(exchange::ToProto(known.now));
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      FillByName(*reflection->MutableMessage(&message, &field), known);
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      reflection->SetEnumValue(&message, &field, 1);
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
      reflection->SetUInt64(&message, &field, known.number);
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING && field.name() != "slip") {
      reflection->SetString(&message, &field,
                            field.name() == "cpr_number"    ? kAnother
                            : field.name().ends_with("_id") ? known.subject
                                                            : known.author);
    }
  }
}

ev1::Slip SlipIn(const std::string& signed_slip) {
  ev1::SignedStatement outer;
  ev1::Statement statement;
  outer.ParseFromString(signed_slip);
  statement.ParseFromString(outer.statement());
  return statement.slip();
}

}  // namespace

const std::vector<std::string>& LetterStages() {
  static const auto* const stages = new std::vector<std::string>{
      "ENROLLED", "REQUESTED",      "TERMS_COORDINATED", "ACCEPTED",     "OFFERED", "REJECTED",
      "RECALLED", "OFFER_DECLINED", "TAKEN_OVER",        "ACKNOWLEDGED", "CLOSED",  "WITHDRAWN",
      "ERASED"};
  return *stages;
}

LetterStory::LetterStory(const std::string& stage) : stranger_(world.Municipality("0751")) {
  roles_ = {{"holder", &ishoej},        {"receiver", &odense},    {"former", &prison},
            {"declined", &albertslund}, {"stranger", &stranger_}, {"unit", &vestegnen},
            {"other-unit", &fyn},       {"desk", &desk},          {"nec", &nec}};
  AddUnlistedRoles();
  case_id_ = EnrolledCase(world, prison);
  EXPECT_TRUE(AskPolice(world, prison, case_id_).ok());
  EXPECT_TRUE(world.Settle());
  EXPECT_TRUE(AssessAnew(vestegnen).ok());
  const std::string first = Offered(world, prison, case_id_, ishoej);
  EXPECT_TRUE(Do(world, ishoej, "TakeOverCase", first).ok());
  EXPECT_TRUE(world.Settle());
  EXPECT_TRUE(Do(world, prison, "AcknowledgeHandover", first).ok());
  const std::string declined = Offered(world, ishoej, case_id_, albertslund);
  EXPECT_TRUE(Do(world, albertslund, "DeclineOffer", declined).ok());
  EXPECT_TRUE(world.Settle());
  Apply();
  Nominate();
  Play(stage);
  EXPECT_TRUE(world.Settle());
  if (stage != "ERASED") LearnIds();
}

void LetterStory::Play(const std::string& stage) {
  const auto at = [&](const char* here) { return stage == here; };
  const auto act = [&](Node& node, const char* rpc) {
    const auto done = Do(world, node, rpc, handover_);
    EXPECT_TRUE(done.ok()) << rpc << ": " << done.status();
    EXPECT_TRUE(world.Settle());
  };
  if (at("ENROLLED")) return;
  Consider();
  const auto requested = Request(world, ishoej, case_id_, odense);
  ASSERT_TRUE(requested.ok()) << requested.status();
  handover_ = requested->handover_id();
  ASSERT_TRUE(world.Settle());
  if (at("REQUESTED")) return;
  act(odense, "AgreeTerms");
  if (at("TERMS_COORDINATED")) return;
  if (at("REJECTED")) return act(odense, "RejectHandover");
  act(odense, "AcceptHandover");
  if (at("ACCEPTED")) return;
  if (at("RECALLED")) return act(ishoej, "RecallHandover");
  act(ishoej, "OfferHandover");
  if (at("OFFERED")) return;
  if (at("OFFER_DECLINED")) return act(odense, "DeclineOffer");
  act(odense, "TakeOverCase");
  if (at("TAKEN_OVER")) return;
  act(ishoej, "AcknowledgeHandover");
  if (at("ACKNOWLEDGED")) return;
  act(odense, "CloseHandover");
  if (at("CLOSED")) return;
  ASSERT_TRUE(Withdraw(odense, case_id_).ok());
  ASSERT_TRUE(world.Settle());
  if (at("WITHDRAWN")) return;
  LearnIds();  // the last chance to
  ASSERT_TRUE(Erase(odense, case_id_).ok());
  ASSERT_TRUE(world.Settle());
  ids_["erasure"] = ErasureAt(odense).erasure_id();
}

void LetterStory::LearnIds() {
  file_ = NewestFile(ishoej, case_id_);
  ASSERT_GE(file_.handovers_size(), 2);
  ASSERT_EQ(file_.supervisions_size(), 1);
  const auto& handovers = file_.handovers();
  ids_["case"] = case_id_;
  ids_["overview"] = file_.overview_id();
  ids_["security"] = file_.security_id();
  ids_["supervision"] = file_.supervisions(0).supervision_id();
  ids_["unheard-of"] = "3b0b7a52-0000-4000-8000-000000000000";
  const std::vector<std::string> names = {"-before", "-declined", ""};
  for (int i = 0; i < handovers.size(); ++i) {
    ids_["handover" + names[i]] = handovers[i].handover_id();
    ids_["contact" + names[i]] = handovers[i].contact_id();
  }
  open_ = handovers[handovers.size() - 1];
}

std::string LetterStory::SlipFor(Node& author, Node& reader, const std::string& subject) {
  for (const auto& handover : file_.handovers()) {
    for (const std::string& slip : handover.slips()) {
      const ev1::Slip shown = SlipIn(slip);
      if (shown.reader() == reader.id() && shown.receiver() == author.id()) return slip;
    }
  }
  ev1::Statement own;
  ev1::Slip& slip = *own.mutable_slip();
  slip.set_reader(reader.id());
  slip.set_reader_subject(subject);
  slip.set_from_number(file_.number());
  slip.set_number(open_.offered_number());
  slip.set_holder(author.id());
  slip.set_receiver(author.id());
  return SignedBy(author, own);
}

std::string LetterStory::OfferBy(Node& author, Node& reader, const std::string& subject) {
  ev1::Statement statement;
  ev1::Offer& offer = *statement.mutable_offer();
  offer.set_case_id(case_id_);
  offer.set_handover_id(subject);
  offer.set_from_number(file_.number());
  offer.set_number(file_.highest_number() + 7);
  offer.set_holder(author.id());
  offer.set_receiver(reader.id());
  return SignedBy(author, statement);
}

std::string LetterStory::TakeOverBy(Node& author) {
  ev1::SignedStatement offer;
  offer.ParseFromString(open_.offer());
  ev1::Statement statement;
  ev1::TakeOver& take_over = *statement.mutable_take_over();
  take_over.set_case_id(case_id_);
  take_over.set_number(open_.offered_number());
  take_over.set_receiver(author.id());
  *take_over.mutable_instant() = exchange::ToProto(world.domain_clock.Now());
  take_over.set_offer_digest(world.crypto->Digest(offer.statement()));
  return SignedBy(author, statement);
}

std::vector<std::pair<std::string, ev1::Body>> LetterStory::LettersBy(Node& author, Node& reader,
                                                                      const std::string& subject) {
  std::vector<std::pair<std::string, ev1::Body>> all;
  const auto add = [&](const std::string& name, auto fill) {
    fill(all.emplace_back(name, ev1::Body()).second);
  };
  const std::uint64_t number = file_.number();
  const auto now = exchange::ToProto(world.domain_clock.Now());
  const cv1::Week this_week = weekly_report::WeekOf(world.domain_clock.Now());
  const std::string& term = open_.terms().empty() ? case_id_ : open_.terms(0).term_id();
  const auto request = [&](ev1::Body& body) -> hv1::HandoverRequested& {
    hv1::HandoverRequested& told = *body.mutable_handover_requested();
    told.set_reason(hv1::HANDOVER_REASON_RELOCATION);
    told.set_contact_id("contact-of-" + author.id());
    if (!IsPolice(reader)) return told;
    told.set_receiver(odense.id());
    told.set_police(author.id() == odense.id() ? fyn.id() : vestegnen.id());
    told.set_receiving_police(fyn.id());
    return told;
  };
  add("HandoverRequested", [&](ev1::Body& b) { request(b); });
  add("HandoverRequested(security)",
      [&](ev1::Body& b) { request(b).set_security_id(file_.security_id()); });
  add("AgreementTermProposed", [&](ev1::Body& b) {
    b.mutable_agreement_term_proposed()->mutable_term()->set_term_id("term-of-" + author.id());
    b.mutable_agreement_term_proposed()->set_agreement_version(2);
  });
  add("AgreementTermObjected", [&](ev1::Body& b) {
    b.mutable_agreement_term_objected()->set_term_id(term);
    b.mutable_agreement_term_objected()->set_agreement_version(open_.agreement_version());
  });
  add("AgreementTermAgreed", [&](ev1::Body& b) {
    b.mutable_agreement_term_agreed()->set_term_id(term);
    b.mutable_agreement_term_agreed()->set_agreement_version(open_.agreement_version());
  });
  add("HandoverAccepted",
      [&](ev1::Body& b) { *b.mutable_handover_accepted()->mutable_accepted() = now; });
  add("HandoverIdentityReleased", [&](ev1::Body& b) {
    b.mutable_handover_identity_released()->set_case_id(case_id_);
    b.mutable_handover_identity_released()->mutable_person()->set_cpr_number(kAnother);
  });
  add("HandoverRejected", [&](ev1::Body& b) { b.mutable_handover_rejected(); });
  add("HandoverRecalled", [&](ev1::Body& b) { b.mutable_handover_recalled(); });
  add("DossierPart", [&](ev1::Body& b) {
    b.mutable_dossier_part()->set_security_id(file_.security_id());
    b.mutable_dossier_part()->set_overview_id(file_.overview_id());
  });
  add("HandoverOffered", [&](ev1::Body& b) {
    b.mutable_handover_offered()->set_offer(OfferBy(author, reader, subject));
    for (Node* follower : {&nec, &desk, &vestegnen, &fyn}) {
      b.mutable_handover_offered()->add_slips(SlipFor(author, *follower, subject));
    }
  });
  add("OfferDeclined",
      [&](ev1::Body& b) { b.mutable_offer_declined()->set_number(open_.offered_number()); });
  add("RecallRequested", [&](ev1::Body& b) { b.mutable_recall_requested(); });
  add("RecallAnswered", [&](ev1::Body& b) { b.mutable_recall_answered(); });
  add("CaseTakenOver", [&](ev1::Body& b) {
    const std::string slip = SlipFor(author, reader, subject);
    b.mutable_case_taken_over()->set_take_over(TakeOverBy(author));
    b.mutable_case_taken_over()->set_number(SlipIn(slip).number());
    *b.mutable_case_taken_over()->mutable_instant() = now;
    b.mutable_case_taken_over()->set_slip(slip);
  });
  add("SupervisionStated", [&](ev1::Body& b) {
    const std::string slip = SlipFor(author, reader, subject);
    b.mutable_supervision_stated()->set_slip(slip);
    b.mutable_supervision_stated()->set_number(SlipIn(slip).number());
    b.mutable_supervision_stated()->mutable_person()->set_cpr_number(kAnother);
  });
  add("HandoverAcknowledged", [&](ev1::Body& b) { b.mutable_handover_acknowledged(); });
  add("LateFact", [&](ev1::Body& b) {
    b.mutable_late_fact()->set_kind(hv1::LATE_FACT_KIND_WITHDRAWAL);
    *b.mutable_late_fact()->mutable_learnt() = now;
  });
  add("HandoverEscalated", [&](ev1::Body& b) {
    b.mutable_handover_escalated()->set_waiting_for(hv1::SIDE_HOLDER);
    b.mutable_handover_escalated()->set_holder(author.id());
    b.mutable_handover_escalated()->set_receiver(odense.id());
  });
  add("HandoverNudged", [&](ev1::Body& b) { b.mutable_handover_nudged(); });
  add("VisitationDecided", [&](ev1::Body& b) {
    b.mutable_visitation_decided()->set_number(number);
    b.mutable_visitation_decided()->mutable_person()->set_cpr_number(kAnother);
  });
  add("AgreementSigned", [&](ev1::Body& b) { b.mutable_agreement_signed()->set_number(number); });
  add("CitizenWithdrew", [&](ev1::Body& b) { b.mutable_citizen_withdrew()->set_number(number); });
  add("OverviewInventory", [&](ev1::Body& b) {
    *b.mutable_overview_inventory()->mutable_as_of() = now;
    auto& listed = *b.mutable_overview_inventory()->add_entries();
    listed.set_overview_id(subject);
    listed.set_stage(cv1::CASE_STAGE_WITHDRAWN);
    listed.set_number(number);
  });
  add("OverviewDifference", [&](ev1::Body& b) {
    b.mutable_overview_difference()->set_kind(cv1::OVERVIEW_DIFFERENCE_KIND_NOT_LISTED);
  });
  add("PoliceClarificationDelivered", [&](ev1::Body& b) {
    b.mutable_police_clarification_delivered()->mutable_clarification()->set_version(9);
  });
  add("SecurityPictureChanged", [&](ev1::Body& b) {
    b.mutable_security_picture_changed()->mutable_picture()->set_version(9);
  });
  add("PrecautionsAcknowledged", [&](ev1::Body& b) {
    b.mutable_precautions_acknowledged()->set_version(1);
    b.mutable_precautions_acknowledged()->set_acknowledged_by("employee-9");
  });
  add("SecurityAssessmentTransferred", [&](ev1::Body& b) {
    b.mutable_security_assessment_transferred()->mutable_person()->set_cpr_number(kAnother);
    b.mutable_security_assessment_transferred()->mutable_assessment()->set_version(9);
  });
  add("WeeklyReportsAsked",
      [&](ev1::Body& b) { *b.mutable_weekly_reports_asked()->mutable_since() = this_week; });
  add("WeeklyPoliceReport", [&](ev1::Body& b) {
    *b.mutable_weekly_police_report()->mutable_report()->mutable_week() = this_week;
    b.mutable_weekly_police_report()->mutable_report()->set_answer(cv1::INCIDENT_ANSWER_NO);
  });
  add("NecStatusRequested",
      [&](ev1::Body& b) { *b.mutable_nec_status_requested()->mutable_due() = now; });
  add("NecStatusAnswered", [&](ev1::Body& b) {
    b.mutable_nec_status_answered()->set_status(cv1::NEC_LIST_STATUS_YES);
    b.mutable_nec_status_answered()->set_hindrance(cv1::HINDRANCE_STANDS);
  });
  add("PlaceCheckRequested", [&](ev1::Body& b) {
    b.mutable_place_check_requested()->set_municipality("0461");
    *b.mutable_place_check_requested()->mutable_due() = now;
  });
  add("PlaceChecked", [&](ev1::Body& b) {
    b.mutable_place_checked()->set_municipality("0461");
    b.mutable_place_checked()->set_safety(relocation::v1::PLACE_SAFETY_CLEAR);
  });
  add("PersonReleased", [&](ev1::Body& b) {
    *b.mutable_person_released()->mutable_released()->mutable_released() = now;
    b.mutable_person_released()->mutable_released()->set_acts(author.id());
    *b.mutable_person_released()->mutable_due() = now;
  });
  add("CorrectionIssued", [&](ev1::Body& b) {
    b.mutable_correction_issued()->set_correction_id("correction-of-" + author.id());
    b.mutable_correction_issued()->set_number(number);
    b.mutable_correction_issued()->add_categories(pv1::CATEGORY_CPR_NUMBER);
    b.mutable_correction_issued()->mutable_person()->set_cpr_number(kAnother);
  });
  add("CorrectionConfirmed", [&](ev1::Body& b) {
    b.mutable_correction_confirmed()->set_correction_id("correction-of-" + author.id());
  });
  add("ConsentRevoked", [&](ev1::Body& b) {
    *b.mutable_consent_revoked()->mutable_given() = file_.consent().given();
    *b.mutable_consent_revoked()->mutable_revoked() = now;
  });
  add("ErasureOrdered", [&](ev1::Body& b) {
    b.mutable_erasure_ordered()->set_reason(cv1::ERASURE_REASON_CITIZENS_RIGHT);
    b.mutable_erasure_ordered()->set_number(number);
    b.mutable_erasure_ordered()->set_passed_on(true);
  });
  add("ErasureConfirmed", [&](ev1::Body& b) { b.mutable_erasure_confirmed(); });
  AddRequests(reader, subject, all);
  AddUnlisted(author, subject, all);
  return all;
}

// Kinds of authority that nobody has thought of here, by their own names.
void LetterStory::AddUnlistedRoles() {
  const auto is_listed = [&](pv1::AuthorityKind kind) {
    return std::any_of(roles_.begin(), roles_.end(), [&](const auto& role) {
      return world.directory.Find(role.second->id())->kind == kind;
    });
  };
  for (const Authority& authority : Authorities()) {
    if (is_listed(authority.kind)) continue;
    roles_[std::string(policy::KindName(authority.kind))] = &others_.Of(authority.kind);
  }
}

// Kinds that nobody has thought of here: with the same values where a field's name tells which.
void LetterStory::AddUnlisted(const Node& author, const std::string& subject,
                              std::vector<std::pair<std::string, ev1::Body>>& all) {
  std::set<std::string> listed = {"KeyAnnounced", "EvidenceCheckpoint"};  // the engines' own
  for (const auto& [name, body] : all) listed.insert(name.substr(0, name.find('(')));
  const auto* kinds = ev1::Body::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    if (listed.contains(kinds->field(i)->message_type()->name())) continue;
    ev1::Body& body = all.emplace_back(kinds->field(i)->message_type()->name(), ev1::Body()).second;
    FillByName(*body.GetReflection()->MutableMessage(&body, kinds->field(i)),
               {author.id(), subject, file_.number(), world.domain_clock.Now()});
  }
}

}  // namespace exitbus::simulation
