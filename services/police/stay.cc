#include "services/police/stay.h"

#include <algorithm>
#include <string>

#include "services/exchange/keys.h"
#include "services/exchange/membership.h"
#include "services/exchange/obligation.h"
#include "services/exchange/repeated.h"
#include "services/police/consent_and_corrections.h"
#include "services/police/parts.h"
#include "services/policy/copy.h"
#include "services/pool/applicant.h"
#include "services/relocation/municipalities.h"

namespace exitbus::police {
namespace {

void Change(jv1::SecurityFile& file, const jv1::StayChanged& changed) {
  auto& all = *file.mutable_stays();
  jv1::Stay* const known = exchange::FindIn(all, [&](const jv1::Stay& one) {
    return one.seen().stay_id() == changed.stay().seen().stay_id();
  });
  *(known != nullptr ? known : all.Add()) = changed.stay();
}

std::vector<std::string> Names(const jv1::SecurityFile& file, const exchange::Lookup&) {
  std::vector<std::string> names;
  for (const jv1::Stay& stay : file.stays()) {
    names.push_back(StayKey(stay.seen().stay_id()));
    if (!stay.seen().hosted_id().empty()) names.push_back(HostKey(stay.seen().hosted_id()));
  }
  for (const auto& application : file.pool_applications()) {
    names.push_back(pool::PoolKey(application.seen().application_id()));
  }
  return names;
}

template <const exchange::ov1::Obligation& (jv1::Stay::*owed)() const>
std::vector<exchange::NamedObligation> Owed(const jv1::SecurityFile& file) {
  std::vector<exchange::NamedObligation> all;
  for (const jv1::Stay& stay : file.stays()) {
    all.push_back({stay.seen().stay_id(), &(stay.*owed)()});
  }
  return all;
}

}  // namespace

std::string StayKey(std::string_view stay_id) {
  return exchange::KindName{"stay", std::string(stay_id)}.Encode();
}

std::string HostKey(std::string_view hosted_id) {
  return exchange::KindName{"hosted", std::string(hosted_id)}.Encode();
}

const jv1::Stay* FindStay(const jv1::SecurityFile& file, std::string_view stay_id) {
  return exchange::FindIn(file.stays(),
                          [&](const jv1::Stay& one) { return one.seen().stay_id() == stay_id; });
}

bool HasEnded(const jv1::Stay& stay) {
  return stay.seen().stage() == casework::v1::STAY_STAGE_ENDED;
}

const jv1::Stay* OpenStay(const jv1::SecurityFile& file) {
  return exchange::FindIn(file.stays(), [](const jv1::Stay& one) { return !HasEnded(one); });
}

bool HasStaysToEnd(const jv1::SecurityFile& file) {
  return std::any_of(file.stays().begin(), file.stays().end(), [&](const jv1::Stay& one) {
    return !HasEnded(one) || !exchange::IsMet(one.erasure()) || HasOpenApplications(file, one);
  });
}

std::string HostOf(std::string_view municipality, const exchange::DecisionContext& context) {
  const auto* const there = relocation::FindMunicipality(municipality);
  if (there == nullptr) return "";
  std::string unit =
      exchange::TheOne(*context.directory, policy::v1::AUTHORITY_KIND_POLICE, there->district);
  return unit == context.self->id ? "" : unit;
}

std::vector<const pool_journal::v1::Application*> ApplicationsFor(const jv1::SecurityFile& file,
                                                                  const jv1::Stay& stay) {
  std::vector<const pool_journal::v1::Application*> all;
  for (const jv1::Funding& one : stay.funding()) {
    if (const auto* known = pool::Find(file.pool_applications(), one.application_id())) {
      all.push_back(known);
    }
  }
  return all;
}

bool HasOpenApplications(const jv1::SecurityFile& file, const jv1::Stay& stay) {
  const auto all = ApplicationsFor(file, stay);
  return std::any_of(all.begin(), all.end(),
                     [](const auto* one) { return pool::IsOpenToApplicant(one->seen().stage()); });
}

std::unique_ptr<google::protobuf::Message> StayView(const jv1::SecurityFile& file,
                                                    std::string_view stay_id) {
  const jv1::Stay* const stay = FindStay(file, stay_id);
  if (stay == nullptr) return nullptr;
  auto view = std::make_unique<v1::Stay>(stay->seen());
  for (const auto* one : ApplicationsFor(file, *stay)) {
    *view->add_applications() = pool::Shown(*one);
  }
  exchange::ShowDue(stay->end(), *view);
  if (stay->answer().has_due()) *view->mutable_answer_due() = stay->answer().due();
  view->set_answer_overdue(exchange::IsOverdue(stay->answer()));
  view->set_host_erased(exchange::IsConfirmed(stay->erasure()));
  return view;
}

v1::StayPlaced ToldToHost(const jv1::SecurityFile& file, const jv1::Stay& stay) {
  v1::StayPlaced message;
  policy::CopyAlike(stay.seen(), message);
  message.clear_version();
  if (NamingIn(file) == v1::NAMING_NAMED) *message.mutable_person() = file.person();
  *message.mutable_assessment() = file.assessment();
  return message;
}

// Of several applications, one of which something is still to be done before one that is over.
v1::TemporaryRelocationTold ToldToHolder(const jv1::SecurityFile& file, const jv1::Stay& stay) {
  v1::TemporaryRelocationTold message;
  policy::CopyAlike(stay.seen(), *message.mutable_stay());
  const auto all = ApplicationsFor(file, stay);
  const auto open = std::find_if(all.rbegin(), all.rend(), [](const auto* one) {
    return pool::IsOpenToApplicant(one->seen().stage());
  });
  if (!all.empty()) {
    const auto* const shown = open != all.rend() ? *open : all.back();
    message.mutable_stay()->set_funding(shown->seen().stage());
  }
  return message;
}

jv1::SecurityEvent StayEvent(const jv1::Stay& stay) {
  jv1::SecurityEvent event;
  *event.mutable_stay_changed()->mutable_stay() = stay;
  return event;
}

SecurityPart StayEvents() {
  SecurityPart part;
  part.After(&Change)
      .Named(&Names)
      .Obligations("stay.unanswered", &Owed<&jv1::Stay::answer>)
      .Obligations("stay.end_overdue", &Owed<&jv1::Stay::end>)
      .Obligations("stay.erasure_overdue", &Owed<&jv1::Stay::erasure>);
  return part;
}

}  // namespace exitbus::police
