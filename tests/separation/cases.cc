#include "tests/separation/cases.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/e2e/environment.h"
#include "tests/separation/rights.h"
#include "tests/story/checks.h"

namespace exitbus::story {
namespace {

namespace pv1 = policy::v1;

constexpr int kFirstSerial = 4000;
constexpr pv1::Function kInvolved = pv1::FUNCTION_JOBCENTRE;  // of Ishøj, in one case

cv1::Visitation MadeUpVisitation() {
  cv1::Visitation visitation;
  visitation.set_affiliation("opdigtet");
  visitation.set_position("opdigtet");
  visitation.set_motivation("opdigtet");
  visitation.set_risk_on_leaving("opdigtet");
  visitation.set_health_needs("opdigtet");
  return visitation;
}

plv1::SecurityAssessment MadeUpAssessment() {
  plv1::SecurityAssessment assessment;
  assessment.set_threat_level(cv1::THREAT_LEVEL_LOW);
  assessment.set_conclusions("opdigtet");
  assessment.add_precautions("opdigtet");
  return assessment;
}

// Nobody finds a case by another's id of it.
void AddOthersIds(const Journey& journey, std::vector<Relation>& relations) {
  const auto add = [&](const char* at, const std::string& field,
                       const std::vector<std::string>& others) {
    for (const std::string& id : others) {
      relations.push_back({&MemberNamed(at), "another's " + field, {{field, id}}, {}, {}});
    }
  };
  const auto& [case_id, handover_id, security_id, overview_id, cpr_number] = journey;
  add(kIshoj, "case_id", {handover_id, security_id, overview_id, cpr_number});
  add(kIshoj, "handover_id", {case_id, security_id, overview_id, cpr_number});
  add(kVestegnen, "security_id", {case_id, handover_id, overview_id, cpr_number});
  add(kNec, "overview_id", {case_id, handover_id, security_id, cpr_number});
  add(kContactPoint, "contact_id", {case_id, handover_id, security_id, overview_id, cpr_number});
}

// What holds for an authority's own people, written down here and asked of no service.
policy::ConditionSet HeldAt(pv1::AuthorityKind kind, bool consent, bool let_go) {
  policy::ConditionSet satisfied{pv1::CONDITION_OWN_PART};
  if (kind == pv1::AUTHORITY_KIND_POLICE) satisfied.Add(pv1::CONDITION_SECURITY_TRANSFERRED);
  if (kind != pv1::AUTHORITY_KIND_MUNICIPALITY && kind != pv1::AUTHORITY_KIND_KRIMINALFORSORGEN) {
    return satisfied;
  }
  satisfied.Add(pv1::CONDITION_SUPERVISION_OR_CUSTODY);
  if (!let_go) satisfied.Add(pv1::CONDITION_UNTIL_TAKE_OVER);
  if (consent) satisfied.Add(pv1::CONDITION_LEGAL_BASIS);  // it opens what rests on it
  return satisfied;
}

}  // namespace

absl::StatusOr<const Cases*> Cases::Get() {
  static auto* all = [] {
    auto made = Make(TheDeployment());
    if (made.ok()) (*made)->status_ = (*made)->BringAbout();
    return new absl::StatusOr<std::unique_ptr<Cases>>(std::move(made));
  }();
  if (!all->ok()) return all->status();
  if (!(**all)->status_.ok()) return (**all)->status_;
  return (**all).get();
}

absl::StatusOr<std::unique_ptr<Cases>> Cases::Make(const Deployment& deployment) {
  auto cases = std::make_unique<Cases>();
  for (const Member& member : Cast()) {
    ASSIGN_OR_RETURN(cases->actors_[member.id], Actor::Make(member, deployment.ClientOf(member)));
    cases->actors_[member.id]->SetListener(&cases->canaries_);
  }
  return cases;
}

absl::StatusOr<std::string> Cases::OpenAt(Actor& holder, bool consent, cv1::Person& person) {
  person.set_cpr_number(SyntheticCprNumber(kFirstSerial + ++persons_));
  person.set_name("Opdigtet Person");
  cv1::OpenCaseRequest request;
  request.set_request_id(FreshId());
  *request.mutable_person() = person;
  request.set_current_address("Ingensteds");
  request.set_legal_basis(pv1::LEGAL_BASIS_FVL28);
  request.set_programme(cv1::PROGRAMME_MUNICIPAL_EXIT);
  const auto opened = holder.Call("exitbus.casework.v1.CaseService.OpenCase", request);
  if (!opened.ok()) return opened.status();
  const std::string id = static_cast<const cv1::OpenCaseResponse&>(**opened).case_().case_id();
  if (consent) RETURN_IF_ERROR(holder.RecordConsent(id).status());
  RETURN_IF_ERROR(holder.DecideVisitation(id, MadeUpVisitation()).status());
  RETURN_IF_ERROR(holder.SignAgreement(id, FirstAgreement(holder.id())).status());
  return id;
}

absl::Status Cases::Assess(Journey& journey, const cv1::Person& person) {
  Actor& holder = *actors_[kIshoj];
  Actor& police = *actors_[kVestegnen];
  RETURN_IF_ERROR(holder.AskPolice(journey.case_id).status());
  ASSIGN_OR_RETURN(const auto asked, police.AwaitFileInCharge(person.cpr_number(), holder.sent()));
  journey.security_id = asked.view.security_id();
  RETURN_IF_ERROR(police.Assess(journey.security_id, MadeUpAssessment()).status());
  return holder
      .AwaitCase(journey.case_id, police.sent(), "the precautions are there",
                 [](const cv1::Case& seen) { return seen.security().version() == 1; })
      .status();
}

absl::Status Cases::Transfer(const Journey& journey) {
  Actor& police = *actors_[kVestegnen];
  RETURN_IF_ERROR(police
                      .AwaitSecurityFile(journey.security_id, absl::Now(), "it is accepted",
                                         [](const plv1::SecurityFile& file) {
                                           return file.transfer().stage() ==
                                                  plv1::TRANSFER_STAGE_ACCEPTED;
                                         })
                      .status());
  RETURN_IF_ERROR(police.TransferAssessment(journey.security_id).status());
  return actors_[kFyn]
      ->AwaitSecurityFile(journey.handover_id, police.sent(), "the assessment is there",
                          [](const plv1::SecurityFile& file) { return file.has_assessment(); })
      .status();
}

absl::Status Cases::HandOver(Journey& journey, Stop stop) {
  Actor& holder = *actors_[kIshoj];
  Actor& receiver = *actors_[kOdense];
  ASSIGN_OR_RETURN(const auto requested, holder.RequestHandover(journey.case_id, kOdense,
                                                                hv1::HANDOVER_REASON_RELOCATION));
  journey.handover_id = requested.handover_id();
  const std::string& id = journey.handover_id;
  const auto at = [&](Actor& actor, const char* what, auto holds) {
    return actor.AwaitHandover(id, absl::Now(), what, holds).status();
  };
  const auto stage_is = [](hv1::HandoverStage stage) {
    return [stage](const hv1::Handover& seen) { return seen.stage() == stage; };
  };
  RETURN_IF_ERROR(at(receiver, "the terms are there", [&](const hv1::Handover& seen) {
    return seen.terms_size() == requested.terms_size();
  }));
  RETURN_IF_ERROR(actors_[kFyn]
                      ->AwaitSecurityFile(id, absl::Now(), "it is known",
                                          [](const plv1::SecurityFile&) { return true; })
                      .status());
  if (stop == Stop::kAsked) return absl::OkStatus();
  RETURN_IF_ERROR(receiver.AgreeTerms(id).status());
  RETURN_IF_ERROR(receiver.Accept(id).status());
  RETURN_IF_ERROR(at(receiver, "identity is released",
                     [](const hv1::Handover& seen) { return seen.has_person(); }));
  if (stop == Stop::kAccepted) return absl::OkStatus();
  if (stop == Stop::kRejected) {
    RETURN_IF_ERROR(Transfer(journey));
    RETURN_IF_ERROR(receiver.Reject(id, hv1::REJECTION_CODE_UNSAFE).status());
    RETURN_IF_ERROR(at(holder, "the erasure is confirmed",
                       [](const hv1::Handover& seen) { return seen.erasure_confirmed(); }));
    return actors_[kVestegnen]
        ->AwaitSecurityFile(
            journey.security_id, absl::Now(), "the unit's erasure is confirmed",
            [](const plv1::SecurityFile& file) { return file.transfer().erasure_confirmed(); })
        .status();
  }
  RETURN_IF_ERROR(holder.Offer(id, absl::Now() - absl::Hours(1)).status());
  RETURN_IF_ERROR(at(receiver, "it is offered", stage_is(hv1::HANDOVER_STAGE_OFFERED)));
  if (stop == Stop::kOffered) return absl::OkStatus();
  // The receiving unit first, so that the take-over finds the assessment.
  RETURN_IF_ERROR(at(receiver, "the precautions are there",
                     [](const hv1::Handover& seen) { return seen.security().version() == 1; }));
  RETURN_IF_ERROR(receiver.TakeOver(id).status());
  return at(holder, "it is taken over", stage_is(hv1::HANDOVER_STAGE_TAKEN_OVER));
}

absl::StatusOr<Journey> Cases::Travel(Stop stop) {
  Journey journey;
  cv1::Person person;
  const bool consent = stop != Stop::kNoConsent;
  ASSIGN_OR_RETURN(journey.case_id, OpenAt(*actors_[kIshoj], consent, person));
  ASSIGN_OR_RETURN(const auto entry,
                   actors_[kNec]->AwaitEntry(person.cpr_number(), absl::Now(), "it is known",
                                             [](const nv1::OverviewEntry&) { return true; }));
  journey.overview_id = entry.view.overview_id();
  journey.cpr_number = person.cpr_number();
  if (consent) RETURN_IF_ERROR(Assess(journey, person));
  if (consent && stop != Stop::kOpened) RETURN_IF_ERROR(HandOver(journey, stop));
  journeys_.emplace_back(stop, journey);
  return journey;
}

absl::Status Cases::Involve(const std::string& case_id) {
  cv1::InvolveUnitRequest request;
  request.set_request_id(FreshId());
  request.set_case_id(case_id);
  request.set_function(kInvolved);
  RETURN_IF_ERROR(
      actors_[kIshoj]->Call("exitbus.casework.v1.CaseService.InvolveUnit", request).status());
  cv1::StateStaffSafetyRequest line;
  line.set_request_id(FreshId());
  line.set_case_id(case_id);
  line.set_function(kInvolved);
  line.set_staff_safety("opdigtet");
  return actors_[kIshoj]->Call("exitbus.casework.v1.CaseService.StateStaffSafety", line).status();
}

absl::StatusOr<std::string> Cases::MonitoredBy(const std::set<std::string>& known) {
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (absl::Now() < deadline) {
    ASSIGN_OR_RETURN(const auto followed, actors_[kContactPoint]->ListMonitored(false));
    for (const dv1::MonitoredHandover& each : followed) {
      if (known.count(each.contact_id()) == 0) return each.contact_id();
    }
    absl::SleepFor(absl::Milliseconds(20));
  }
  return absl::DeadlineExceededError("the contact point follows nothing new");
}

std::vector<Relation> Cases::RelationsTo(const Journey& journey, Stop stop,
                                         const std::string& name) {
  std::vector<Relation> relations;
  const std::map<std::string, std::string> casework = {{"case_id", journey.case_id},
                                                       {"handover_id", journey.handover_id}};
  const bool handed = !journey.handover_id.empty();
  const bool taken_over = stop == Stop::kTakenOver;
  const auto add = [&](const char* at, const std::string& as,
                       const std::map<std::string, std::string>& ids,
                       const std::set<std::string>& mine) {
    const Member& member = MemberNamed(at);
    const policy::ConditionSet satisfied =
        HeldAt(member.kind, stop != Stop::kNoConsent, taken_over && member.id == kIshoj);
    relations.push_back({&member, as, ids, mine, satisfied});
  };
  add(kIshoj, taken_over ? "former holder" : "holder, " + name, casework,
      handed ? std::set<std::string>{"case_id", "handover_id"} : std::set<std::string>{"case_id"});
  add(kKif, "nothing known, " + name, casework, {});
  if (!journey.security_id.empty()) {
    add(kVestegnen, taken_over ? "former unit" : "unit in charge, " + name,
        {{"security_id", journey.security_id}}, {"security_id"});
  }
  // Who the person is was told at the acceptance, and from then on there is an account of it.
  const bool identity =
      stop == Stop::kAccepted || stop == Stop::kOffered || stop == Stop::kRejected;
  add(kNec, "overview, " + name, {{"overview_id", journey.overview_id}}, {"overview_id"});
  // Before it has the case, the receiver knows the handover; the case's id opens nothing there.
  add(kOdense, handed ? "receiver, " + name : "nothing known, " + name, casework,
      taken_over ? std::set<std::string>{"case_id", "handover_id"}
      : handed   ? std::set<std::string>{"handover_id"}
                 : std::set<std::string>{});
  if (identity) relations.back().accounted = {"case_id"};
  // What a unit was told of a handover that ended is erased.
  add(kFyn, handed ? "receiving unit, " + name : "nothing known, " + name,
      {{"security_id", handed ? journey.handover_id : journey.security_id}},
      handed && stop != Stop::kRejected ? std::set<std::string>{"security_id"}
                                        : std::set<std::string>{});
  if (stop == Stop::kRejected) relations.back().accounted = {"security_id"};
  return relations;
}

absl::Status Cases::BringAbout() {
  const std::vector<std::pair<Stop, std::string>> stops = {
      {Stop::kOpened, "no handover"}, {Stop::kNoConsent, "no consent"},
      {Stop::kAsked, "asked"},        {Stop::kAccepted, "accepted"},
      {Stop::kOffered, "offered"},    {Stop::kTakenOver, "taken over"},
      {Stop::kRejected, "ended"}};
  std::vector<Relation>& relations = relations_;
  for (const auto& [stop, name] : stops) {
    std::set<std::string> followed;
    ASSIGN_OR_RETURN(const auto before, actors_[kContactPoint]->ListMonitored(false));
    for (const dv1::MonitoredHandover& each : before) followed.insert(each.contact_id());
    ASSIGN_OR_RETURN(const Journey journey, Travel(stop));
    if (stop == Stop::kOpened) RETURN_IF_ERROR(Involve(journey.case_id));
    for (Relation& relation : RelationsTo(journey, stop, name)) {
      if (stop == Stop::kOpened && relation.at->id == kIshoj) relation.units = {kInvolved};
      relations.push_back(std::move(relation));
    }
    if (stop == Stop::kTakenOver) AddOthersIds(journey, relations);
    if (journey.handover_id.empty()) continue;
    ASSIGN_OR_RETURN(const std::string contact_id, MonitoredBy(followed));
    relations.push_back({&MemberNamed(kContactPoint),
                         "follows, " + name,
                         {{"contact_id", contact_id}},
                         {"contact_id"},
                         HeldAt(pv1::AUTHORITY_KIND_CONTACT_POINT, true, false)});
  }
  cv1::Person person;
  ASSIGN_OR_RETURN(const std::string custody, OpenAt(*actors_[kKif], true, person));
  relations.push_back({&MemberNamed(kKif),
                       "holder in custody",
                       {{"case_id", custody}},
                       {"case_id"},
                       HeldAt(pv1::AUTHORITY_KIND_KRIMINALFORSORGEN, true, false)});
  return absl::OkStatus();
}

}  // namespace exitbus::story
