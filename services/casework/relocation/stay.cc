// A person whom the police bring to another place for some time, at the authority in charge: it may
// ask for that, and hears from its police unit what becomes of it. Never the address.
#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "exitbus/casework/v1/stay_service.pb.h"
#include "exitbus/police/v1/stay_messages.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/methods.h"
#include "services/casework/relocation/relocation.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"
#include "services/pool/applicant.h"
#include "services/relocation/municipalities.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;
using exchange::ToProto;

constexpr int kOfOneCaseMax = 100;

const Rule kPoliceInvolved{
    "stay.police_not_involved",
    "No police unit knows the person by this case. Call 112 who is in danger now; ask the unit for "
    "a clarification: RequestPoliceClarification.",
    [](const Situation& s) { return !s.file.police().empty() && !s.file.security_id().empty(); }};

jv1::CaseEvent EventOf(const jv1::TemporaryRelocation& stay) {
  jv1::CaseEvent event;
  *event.mutable_temporary_relocation_learnt()->mutable_stay() = stay;
  return event;
}

const jv1::TemporaryRelocation* Find(const jv1::CaseFile& file, std::string_view stay_id) {
  return exchange::FindIn(file.stays(),
                          [&](const auto& one) { return one.seen().stay_id() == stay_id; });
}

// That the police have not answered in time counts no more: it can be asked for anew, by phone too.
bool IsOpen(const jv1::TemporaryRelocation& stay) {
  const bool unheard = stay.seen().stage() == cv1::STAY_STAGE_REQUESTED;
  return stay.seen().stage() != cv1::STAY_STAGE_ENDED &&
         (!unheard || !exchange::IsOverdue(stay.answer()));
}

const Rule kNoOpenStay{"stay.stands",
                       "The person is at a temporary place, or it is asked for: the case shows it.",
                       [](const Situation& s) {
                         return std::none_of(s.file.stays().begin(), s.file.stays().end(), &IsOpen);
                       }};

const Rule kNotTooMany{"stay.too_many_of_case",
                       "This case has had as many stays as one may have. Call the police.",
                       [](const Situation& s) { return s.file.stays_size() < kOfOneCaseMax; },
                       absl::StatusCode::kResourceExhausted};

Decision Request(const jv1::CaseFile& file, const cv1::RequestTemporaryRelocationRequest&,
                 const DecisionContext& context) {
  // Asked anew, it is the same request: nobody is brought to two places.
  const auto* const unheard =
      exchange::FindIn(file.stays(), [](const jv1::TemporaryRelocation& one) {
        return one.seen().stage() == cv1::STAY_STAGE_REQUESTED;
      });
  jv1::TemporaryRelocation stay = unheard != nullptr ? *unheard : jv1::TemporaryRelocation();
  cv1::TemporaryRelocation& seen = *stay.mutable_seen();
  if (unheard == nullptr) {
    seen.set_stay_id(context.lookup->FreshId());
    seen.set_stage(cv1::STAY_STAGE_REQUESTED);
    *seen.mutable_requested() = ToProto(context.now);
  }
  const absl::Time due = context.now + exchange::kWithinTheHour;
  *seen.mutable_until() = ToProto(due);
  *stay.mutable_answer() = exchange::OwedBy(file.police(), seen.stay_id(), due);
  police::v1::TemporaryRelocationRequested message;
  message.set_stay_id(seen.stay_id());
  return Decision()
      .AddEvent(EventOf(stay))
      .Notify(AddressOf(Whom::kPolice, file, nullptr, context)->For(policy::v1::PURPOSE_SECURITY),
              message);
}

std::optional<exchange::Refusal> FaultIn(const cv1::TemporaryRelocation& told) {
  const bool placed =
      told.stage() == cv1::STAY_STAGE_PLACED || told.stage() == cv1::STAY_STAGE_WAY_BACK;
  if (!told.stay_id().empty() && told.stage() != cv1::STAY_STAGE_UNSPECIFIED &&
      (!placed || relocation::FindMunicipality(told.municipality()) != nullptr)) {
    return std::nullopt;
  }
  return exchange::RefusedBy("letter.not_a_stay",
                             "A stay has an id, a stage and, once placed, a municipality's code.");
}

// The police have the last word of it, also against what was asked for here.
Decision OnTold(const CaseLetter& letter, const police::v1::TemporaryRelocationTold& message) {
  const jv1::CaseFile& file = letter.state;
  if (auto instead = NotOfUnit(letter)) return *std::move(instead);
  if (auto fault = FaultIn(message.stay())) return Decision::Refuse(*std::move(fault));
  const jv1::TemporaryRelocation* const known = Find(file, message.stay().stay_id());
  if (known == nullptr && file.stays_size() >= kOfOneCaseMax) {
    return Decision::Refuse("stay.too_many_of_case", "This case has had as many as one may have.",
                            absl::StatusCode::kResourceExhausted);
  }
  jv1::TemporaryRelocation stay;
  *stay.mutable_seen() = message.stay();
  if (known != nullptr && known->seen().has_requested()) {
    *stay.mutable_seen()->mutable_requested() = known->seen().requested();
  }
  // It has come there; it is not answered. Who has taken the case over with it waits too.
  if (message.stay().stage() == cv1::STAY_STAGE_REQUESTED) {
    *stay.mutable_answer() = known != nullptr
                                 ? known->answer()
                                 : exchange::OwedBy(file.police(), message.stay().stay_id(),
                                                    letter.context.now + exchange::kWithinTheHour);
  }
  return Decision().AddEvent(EventOf(stay));
}

void Learn(jv1::CaseFile& file, const jv1::TemporaryRelocationLearnt& learnt) {
  const auto* const known = Find(file, learnt.stay().seen().stay_id());
  *(known != nullptr ? const_cast<jv1::TemporaryRelocation*>(known) : file.add_stays()) =
      learnt.stay();
}

// By the police, to who answers for the case.
std::vector<exchange::NamedObligation> AnswersOwed(const jv1::CaseFile& file) {
  std::vector<exchange::NamedObligation> owed;
  if (file.standing() != cv1::STANDING_RESPONSIBLE) return owed;
  for (const jv1::TemporaryRelocation& stay : file.stays()) {
    owed.push_back({stay.seen().stay_id(), &stay.answer()});
  }
  return owed;
}

bool IsAccountedFor(const cv1::TemporaryRelocation& stay) {
  return stay.funding() == pool::v1::POOL_STAGE_UNSPECIFIED ||
         !pool::IsOpenToApplicant(stay.funding());
}

}  // namespace

const cv1::TemporaryRelocation* OpenStay(const jv1::CaseFile& file) {
  const auto* const stay = exchange::FindLastIn(
      file.stays(), [](const jv1::TemporaryRelocation& one) { return IsOpen(one); });
  return stay == nullptr ? nullptr : &stay->seen();
}

// Once the case has left, it is not for this authority to say.
const Rule kNoStayToEnd{
    "erasure.temporary_relocation_open",
    "The person is at a temporary place, or what the pool has paid for one is not accounted for. "
    "Have the police unit end that first.",
    [](const Situation& s) {
      const auto& all = s.file.stays();
      return s.file.standing() != cv1::STANDING_RESPONSIBLE ||
             std::all_of(all.begin(), all.end(), [](const jv1::TemporaryRelocation& one) {
               return !IsOpen(one) && IsAccountedFor(one.seen());
             });
    }};

std::vector<cv1::TemporaryRelocation> StaysOf(const jv1::CaseFile& file) {
  std::vector<cv1::TemporaryRelocation> all;
  for (const jv1::TemporaryRelocation& stay : file.stays()) {
    all.push_back(stay.seen());
    all.back().set_overdue(exchange::IsOverdue(stay.answer()));
  }
  return all;
}

CasePart StayPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kPoliceInvolved, &kNoOpenStay, &kNotTooMany}, &Request,
                    exchange::Needs::kNothing))
      .On(&OnTold)
      .After(&Learn)
      .Obligations("stay.request_unanswered", &AnswersOwed);
  return part;
}

}  // namespace exitbus::casework
