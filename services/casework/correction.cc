#include "services/casework/correction.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/case_decider.h"
#include "services/casework/parties.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::Facts;
using exchange::ToProto;

constexpr std::size_t kReasonBytesMax = 4000;

const Rule kNotOffered{"correction.frozen_while_offered",
                       "The case is offered to another authority, and the offer names what it gets "
                       "by digest. Wait for its answer; whoever then holds the case corrects it.",
                       [](const Situation& s) { return kNotFrozen.holds(s); }};

// Copies a text that is given and differs from what is there. False: there is nothing to correct.
bool TakeText(const std::string& given, const std::string& now, std::string* corrected) {
  if (given.empty() || given == now) return true;
  if (now.empty()) return false;
  *corrected = given;
  return true;
}

// What the request changes; or why it cannot.
std::optional<Decision> Compare(const jv1::CaseFile& file, const v1::CorrectCaseRequest& request,
                                jv1::Corrections& to) {
  const cv1::Person& person = request.person();
  if (!person.cpr_number().empty() && !IsCprNumber(person.cpr_number())) {
    return Invalid("case.bad_cpr_number",
                   "A CPR number is ten digits, DDMMYYSSSS, without hyphen.");
  }
  if (!person.cpr_number().empty() && person.cpr_number() != file.person().cpr_number()) {
    to.mutable_person()->set_cpr_number(person.cpr_number());
  }
  if (!person.name().empty() && person.name() != file.person().name()) {
    to.mutable_person()->set_name(person.name());
  }
  if (request.current_address() != file.current_address()) {
    to.set_current_address(request.current_address());
  }
  const cv1::Visitation& given = request.visitation();
  const cv1::Visitation& now = file.visitation();
  cv1::Visitation text;
  if (!TakeText(given.affiliation(), now.affiliation(), text.mutable_affiliation()) ||
      !TakeText(given.position(), now.position(), text.mutable_position()) ||
      !TakeText(given.motivation(), now.motivation(), text.mutable_motivation()) ||
      !TakeText(given.risk_on_leaving(), now.risk_on_leaving(), text.mutable_risk_on_leaving()) ||
      !TakeText(given.health_needs(), now.health_needs(), text.mutable_health_needs())) {
    return Invalid("correction.nothing_there",
                   "The file says nothing there that could be wrong. Leave that field out.");
  }
  if (text.ByteSizeLong() > 0) *to.mutable_visitation() = text;
  for (const v1::MeasureCorrection& measure : request.measures()) {
    const auto& measures = file.agreement().measures();
    const auto known = std::find_if(measures.begin(), measures.end(), [&](const auto& candidate) {
      return candidate.measure_id() == measure.measure_id();
    });
    if (known == measures.end()) {
      return Invalid("correction.measure_unknown",
                     "The agreement in force has no such measure; GetCase lists them.");
    }
    if (!measure.description().empty() && measure.description() != known->description()) {
      (*to.mutable_measure_descriptions())[measure.measure_id()] = measure.description();
    }
  }
  return std::nullopt;
}

void AddCategory(bool corrected, pv1::Category category,
                 google::protobuf::RepeatedField<int>& categories) {
  const bool there = std::find(categories.begin(), categories.end(), category) != categories.end();
  if (corrected && !there) categories.Add(category);
}

google::protobuf::RepeatedField<int> CategoriesOf(const jv1::Corrections& of) {
  const cv1::Visitation& visitation = of.visitation();
  google::protobuf::RepeatedField<int> all;
  AddCategory(!of.person().cpr_number().empty(), pv1::CATEGORY_CPR_NUMBER, all);
  AddCategory(!of.person().name().empty(), pv1::CATEGORY_NAME, all);
  AddCategory(!of.current_address().empty(), pv1::CATEGORY_ADDRESS, all);
  AddCategory(!visitation.affiliation().empty() || !visitation.position().empty(),
              pv1::CATEGORY_AFFILIATION, all);
  AddCategory(!visitation.motivation().empty(), pv1::CATEGORY_CLARIFICATION_FORM, all);
  AddCategory(!visitation.risk_on_leaving().empty(), pv1::CATEGORY_SECURITY_ASSESSMENT, all);
  AddCategory(!visitation.health_needs().empty(), pv1::CATEGORY_HEALTH, all);
  AddCategory(!of.measure_descriptions().empty(), pv1::CATEGORY_MEASURES, all);
  return all;
}

// Gathers who is told, and of what.
class Issue {
 public:
  Issue(const jv1::CaseFile& file, jv1::CaseEvent& event)
      : file_(file), correction_(*event.mutable_corrected()->mutable_correction()) {}

  // Nobody is told of what he was not sent.
  void To(exchange::Party party, const jv1::Corrections& part, const std::string& handover_id) {
    if (part.ByteSizeLong() == 0) return;
    auto& recipient = *correction_.add_recipients();
    recipient.set_authority(party.authority);
    recipient.set_handover_id(handover_id);
    cv1::CorrectionIssued told;
    told.set_correction_id(correction_.correction_id());
    *told.mutable_categories() = CategoriesOf(part);
    told.set_number(file_.number());
    if (part.has_person()) *told.mutable_person() = part.person();
    told.set_current_address(part.current_address());
    party.legal_basis = pv1::LEGAL_BASIS_OTHER_LAW;  // GDPR article 19, whatever it was sent on
    notices_.emplace_back(std::move(party), std::move(told));
  }

  void TellAll(Decision& decision) const {
    for (const auto& [party, told] : notices_) decision.Tell(pv1::RELATION_HOLDER, party, told);
  }

 private:
  const jv1::CaseFile& file_;
  jv1::Correction& correction_;
  std::vector<std::pair<exchange::Party, cv1::CorrectionIssued>> notices_;
};

jv1::Corrections PersonOnly(const jv1::Corrections& all) {
  jv1::Corrections part;
  if (all.has_person()) *part.mutable_person() = all.person();
  return part;
}

jv1::Corrections WhoAndWhere(const jv1::Corrections& all) {
  jv1::Corrections part = PersonOnly(all);
  part.set_current_address(all.current_address());
  return part;
}

// The former holder knew all but what was agreed after it let the case go.
jv1::Corrections WhatFormerKnew(const jv1::Corrections& all, const jv1::Handover& handover) {
  jv1::Corrections part = all;
  part.clear_measure_descriptions();
  for (const hv1::Term& term : handover.terms()) {
    const auto measure = all.measure_descriptions().find(term.term_id());
    if (measure != all.measure_descriptions().end()) {
      (*part.mutable_measure_descriptions())[measure->first] = measure->second;
    }
  }
  return part;
}

// The police hear of it where they hear of the handover, so that it comes in order with an offer.
std::string PoliceSubject(const jv1::CaseFile& file) {
  for (int i = file.handovers_size() - 1; i >= 0; --i) {
    const jv1::Handover& handover = file.handovers(i);
    if (!handover.police().empty() && !HasEnded(handover)) return handover.handover_id();
  }
  return file.security_id();
}

void IssueToPolice(const jv1::CaseFile& file, const jv1::Corrections& all, Issue& issue) {
  if (file.police().empty() || file.police_on_consent().has_blocked()) return;
  // Another district's unit has the person from the first one, and no address.
  const bool by_transfer = FindHandover(file, file.security_id()) != nullptr;
  issue.To(
      {file.police(), pv1::RELATION_POLICE, PoliceSubject(file), {}, {}, pv1::PURPOSE_SECURITY},
      by_transfer ? PersonOnly(all) : WhoAndWhere(all), "");
}

void IssueToAll(const jv1::CaseFile& file, const jv1::Corrections& all, const Facts& facts,
                Issue& issue) {
  if (file.visitation().has_decided()) {
    if (const auto nec = NecOf(file, facts)) issue.To(*nec, PersonOnly(all), "");
  }
  IssueToPolice(file, all, issue);
  for (const jv1::Handover& handover : file.handovers()) {
    if (handover.side() == hv1::SIDE_HOLDER && handover.stage() == hv1::HANDOVER_STAGE_ACCEPTED) {
      issue.To(CounterpartOf(file, handover), WhoAndWhere(all), handover.handover_id());
    }
    if (handover.side() != hv1::SIDE_RECEIVER || !HasMoved(handover)) continue;
    issue.To(CounterpartOf(file, handover), WhatFormerKnew(all, handover), "");
    const std::string& left = handover.police();
    if (!left.empty() && left != handover.receiving_police()) {
      issue.To({left, pv1::RELATION_FORMER, handover.handover_id(), {}, {}, pv1::PURPOSE_SECURITY},
               PersonOnly(all), "");
    }
  }
}

// Valid time of a correction: what is corrected was never otherwise.
absl::Time OpeningOf(const jv1::CaseFile& file, const Facts& facts) {
  exchange::v1::SignedStatement outer;
  exchange::v1::Statement opening;
  if (file.statements().empty() || !outer.ParseFromString(file.statements(0)) ||
      !opening.ParseFromString(outer.statement()) || !opening.has_opening()) {
    return facts.now;
  }
  return exchange::FromProto(opening.opening().instant());
}

}  // namespace

Decision CorrectCase(const jv1::CaseFile& file, const v1::CorrectCaseRequest& request,
                     const Facts& facts) {
  if (auto refusal = FirstBroken({&kResponsible, &kNotOffered}, {file, nullptr, facts})) {
    return Decision::Refuse(*std::move(refusal));
  }
  if (request.reason().empty() || request.reason().size() > kReasonBytesMax) {
    return Invalid("correction.reason_required",
                   "Say in at most 4000 bytes what was wrong; it stays here.");
  }
  jv1::CaseEvent event;
  jv1::Corrections& corrections = *event.mutable_corrected()->mutable_corrections();
  if (auto refused = Compare(file, request, corrections)) return *std::move(refused);
  if (corrections.ByteSizeLong() == 0) {
    return Invalid("correction.nothing_to_correct",
                   "Set at least one field to what it should have been.");
  }
  const std::string& cpr = corrections.person().cpr_number();
  if (!cpr.empty() && file.stage() != cv1::CASE_STAGE_WITHDRAWN &&
      facts.lookup->Exists("file/person/" + facts.lookup->PersonKey(cpr))) {
    return Decision::Refuse("case.person_has_open_case",
                            "Another open case here has this CPR number. Find it with ListCases.",
                            absl::StatusCode::kAlreadyExists);
  }
  jv1::Correction& correction = *event.mutable_corrected()->mutable_correction();
  correction.set_correction_id(facts.lookup->FreshId());
  *correction.mutable_corrected() = ToProto(facts.now);
  *correction.mutable_categories() = CategoriesOf(corrections);
  correction.set_issuer(facts.self->id);
  correction.set_reason(request.reason());
  *correction.mutable_due() =
      ToProto(exchange::AddWorkingDays(facts.now, facts.deadline_days.correction));
  Issue issue(file, event);
  IssueToAll(file, corrections, facts, issue);
  Decision decision;
  decision.Happened(event).ValidFrom(OpeningOf(file, facts));
  issue.TellAll(decision);
  return decision;
}

Decision OnCorrectionIssued(const Letter& letter, const exchange::v1::Body& body) {
  const jv1::Handover& handover = letter.handover;
  const cv1::CorrectionIssued& told = body.correction_issued();
  const bool former = handover.side() == hv1::SIDE_HOLDER;
  if (!former && HasEnded(handover)) return Decision::NoEffect("correction_crossed_end");
  if (former ? !HasMoved(handover) : handover.stage() != hv1::HANDOVER_STAGE_ACCEPTED) {
    return OutOfTurn();
  }
  jv1::CaseEvent event;
  jv1::CorrectionLearnt& learnt = *event.mutable_correction_learnt();
  jv1::Correction& correction = *learnt.mutable_correction();
  correction.set_correction_id(told.correction_id());
  *correction.mutable_corrected() = ToProto(letter.facts.now);
  *correction.mutable_categories() = told.categories();
  correction.set_issuer(letter.place.sender);
  if (!former) {
    if (told.has_person()) *learnt.mutable_corrections()->mutable_person() = told.person();
    learnt.mutable_corrections()->set_current_address(told.current_address());
  }
  cv1::CorrectionConfirmed confirmed;
  confirmed.set_correction_id(told.correction_id());
  return Decision()
      .Happened(event)
      .ValidFrom(exchange::FromProto(body.valid_from()))
      .Tell(SpeakingAs(handover), CounterpartOf(letter.file, handover), confirmed);
}

Decision OnCorrectionConfirmed(const jv1::CaseFile& file, const LetterPlace& place,
                               const v1::CorrectionConfirmed& told) {
  for (const jv1::Correction& correction : file.corrections()) {
    if (correction.correction_id() != told.correction_id()) continue;
    for (const auto& recipient : correction.recipients()) {
      if (recipient.authority() != place.sender || recipient.confirmed()) continue;
      jv1::CaseEvent event;
      event.mutable_correction_answered()->set_correction_id(correction.correction_id());
      event.mutable_correction_answered()->set_authority(place.sender);
      return Decision().Happened(event);
    }
  }
  return Decision::NoEffect("confirmation_known_or_over");
}

}  // namespace exitbus::casework
