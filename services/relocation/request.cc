#include "services/relocation/request.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"
#include "services/relocation/places.h"
#include "services/relocation/profile.h"

namespace exitbus::relocation {
namespace {

using exchange::BadInput;
using exchange::ToProto;

// In working days.
constexpr int kAnswerDays = 3;
constexpr int kAssessmentDays = 5;
constexpr int kInformationDays = 5;

// What is wrong with the answer to one criterion, `met` if it is met.
template <class Grounds>
std::optional<exchange::Refusal> FaultIn(const std::string& criterion, const Grounds& grounds,
                                         int none, bool& met) {
  if (!SaysSomething(grounds)) {
    return BadInput("relocation.criterion_unanswered",
                    absl::StrCat("Answer each of the three criteria, by its grounds or by NONE. "
                                 "Not answered: ",
                                 criterion, "."));
  }
  const bool has_none = std::find(grounds.begin(), grounds.end(), none) != grounds.end();
  if (has_none && grounds.size() > 1) {
    return BadInput("relocation.none_among_grounds",
                    absl::StrCat("NONE stands alone. Among others: ", criterion, "."));
  }
  met = met || !has_none;
  return std::nullopt;
}

std::uint32_t WorkingDaysLeft(absl::Time now, absl::Time due) {
  std::uint32_t days = 1;  // also of one that is late: it has to be done all the same
  while (days < kAssessmentDays && exchange::AddWorkingDays(now, days + 1) <= due) ++days;
  return days;
}

}  // namespace

std::optional<exchange::Refusal> FaultIn(const v1::Nomination& nomination) {
  bool met = false;
  auto fault = FaultIn("security", nomination.security(), v1::SECURITY_GROUND_NONE, met);
  if (!fault) fault = FaultIn("leaving", nomination.leaving(), v1::LEAVING_GROUND_NONE, met);
  if (!fault) fault = FaultIn("elsewhere", nomination.elsewhere(), v1::ELSEWHERE_GROUND_NONE, met);
  if (fault) return fault;
  if (!met) {
    return BadInput("relocation.no_criterion_met", "Nobody is nominated without a ground.");
  }
  if (nomination.age_band() == v1::AGE_BAND_UNSPECIFIED) {
    return BadInput("relocation.age_band_required", "Say how old the person is, by a band.");
  }
  return FaultIn(nomination.profile());
}

const jv1::Relocation* Find(const Relocations& all, std::string_view relocation_id) {
  return exchange::FindIn(
      all, [&](const jv1::Relocation& one) { return one.seen().relocation_id() == relocation_id; });
}

const jv1::Relocation* FindOpen(const Relocations& all) {
  return exchange::FindIn(all,
                          [](const jv1::Relocation& one) { return !HasEnded(one.seen().stage()); });
}

bool HasEnded(v1::RelocationStage stage) {
  return stage == v1::RELOCATION_STAGE_NOT_NECESSARY || stage == v1::RELOCATION_STAGE_WITHDRAWN ||
         stage == v1::RELOCATION_STAGE_COMPLETED;
}

std::string Key(std::string_view relocation_id) {
  return exchange::KindName{"relocation", std::string(relocation_id)}.Encode();
}

v1::Relocation Begin(std::string_view relocation_id, std::string_view holder,
                     std::string_view police, absl::Time now) {
  v1::Relocation begun;
  begun.set_relocation_id(std::string(relocation_id));
  begun.set_holder(std::string(holder));
  begun.set_police(std::string(police));
  *begun.mutable_begun() = ToProto(now);
  return begun;
}

jv1::Proposed Propose(v1::Relocation begun, const v1::Nomination& nomination, absl::Time now) {
  jv1::Proposed proposed;
  *proposed.mutable_next() = exchange::OwedBy(begun.police(), begun.relocation_id(),
                                              exchange::AddWorkingDays(now, kAnswerDays));
  begun.set_stage(v1::RELOCATION_STAGE_PROPOSED);
  *begun.mutable_nomination() = nomination;
  *proposed.mutable_relocation() = std::move(begun);
  return proposed;
}

jv1::Nominated Nominate(v1::Relocation before, const v1::Nomination& nomination,
                        std::string_view assessor, absl::Time now) {
  jv1::Nominated nominated;
  const int days = before.paused_days() > 0 ? before.paused_days() : kAssessmentDays;
  *nominated.mutable_next() =
      exchange::OwedBy(assessor, before.relocation_id(), exchange::AddWorkingDays(now, days));
  before.set_stage(v1::RELOCATION_STAGE_NOMINATED);
  before.set_version(before.version() + 1);
  before.clear_paused_days();
  *before.mutable_nomination() = nomination;
  *nominated.mutable_relocation() = std::move(before);
  return nominated;
}

jv1::Asked Ask(const jv1::Relocation& before, absl::Time information_due, absl::Time now) {
  jv1::Asked asked;
  asked.set_relocation_id(before.seen().relocation_id());
  asked.set_paused_days(WorkingDaysLeft(now, exchange::FromProto(before.next().due())));
  *asked.mutable_next() =
      exchange::OwedBy(before.seen().police(), before.seen().relocation_id(), information_due);
  return asked;
}

jv1::Withdrawn Withdraw(const jv1::Relocation& before, v1::RelocationWithdrawalReason reason,
                        absl::Time now) {
  jv1::Withdrawn withdrawn;
  withdrawn.set_relocation_id(before.seen().relocation_id());
  *withdrawn.mutable_instant() = ToProto(now);
  withdrawn.set_reason(reason);
  return withdrawn;
}

absl::Time InformationDue(absl::Time now) {
  return exchange::AddWorkingDays(now, kInformationDays);
}

void Evolve(const jv1::Proposed& proposed, jv1::Relocation& relocation) {
  *relocation.mutable_seen() = proposed.relocation();
  *relocation.mutable_next() = proposed.next();
}

void Evolve(const jv1::Nominated& nominated, jv1::Relocation& relocation) {
  *relocation.mutable_seen() = nominated.relocation();
  *relocation.mutable_next() = nominated.next();
  relocation.set_assessor(nominated.next().parties(0).authority());
}

void Evolve(const jv1::Asked& asked, jv1::Relocation& relocation) {
  relocation.mutable_seen()->set_stage(v1::RELOCATION_STAGE_INFORMATION_ASKED);
  *relocation.mutable_seen()->mutable_asked() = asked.asked();
  relocation.mutable_seen()->set_paused_days(asked.paused_days());
  *relocation.mutable_next() = asked.next();
}

void Evolve(const jv1::Assessed& assessed, jv1::Relocation& relocation) {
  v1::Relocation& seen = *relocation.mutable_seen();
  seen.set_stage(assessed.necessary() ? v1::RELOCATION_STAGE_NECESSARY
                                      : v1::RELOCATION_STAGE_NOT_NECESSARY);
  *seen.mutable_grounds() = assessed.grounds();
  *seen.mutable_decided() = assessed.instant();
  seen.clear_paused_days();
  relocation.clear_next();
}

void Evolve(const jv1::Withdrawn& withdrawn, jv1::Relocation& relocation) {
  v1::Relocation& seen = *relocation.mutable_seen();
  seen.set_stage(v1::RELOCATION_STAGE_WITHDRAWN);
  seen.set_withdrawal(withdrawn.reason());
  *seen.mutable_decided() = withdrawn.instant();
  seen.clear_paused_days();
  relocation.clear_next();
  EndAll(relocation);
}

void HandoverAsked(Relocations& all, std::string_view inquiry_id) {
  for (jv1::Relocation& one : all) {
    const v1::Placement* const stands = Standing(one.seen());
    if (stands != nullptr && stands->inquiry_id() == inquiry_id) one.clear_next();
  }
}

std::unique_ptr<v1::Relocation> Shown(const jv1::Relocation& relocation, std::string_view case_id,
                                      std::string_view self) {
  auto shown = std::make_unique<v1::Relocation>(relocation.seen());
  shown->set_case_id(std::string(case_id));
  for (const jv1::Place& place : relocation.places()) *shown->add_places() = Shown(place);
  if (relocation.has_next()) {
    shown->set_waiting_for(relocation.next().parties(0).authority());
    exchange::ShowDue(relocation.next(), *shown);
  }
  const auto is_owed_by_us = [&](const exchange::ov1::Obligation& owed) {
    return !owed.parties().empty() && owed.parties(0).authority() == self;
  };
  shown->set_waits_for_us(
      is_owed_by_us(relocation.next()) ||
      std::any_of(relocation.places().begin(), relocation.places().end(), [&](const auto& place) {
        return is_owed_by_us(place.next()) || is_owed_by_us(place.hearing_owed());
      }));
  return shown;
}

}  // namespace exitbus::relocation
