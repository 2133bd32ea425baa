// Whether a municipality has room, which is asked without being told for whom.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/basis.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/relocation/v1/messages.pb.h"
#include "exitbus/relocation/v1/relocation_service.pb.h"
#include "services/contact_point/relocation.h"
#include "services/exchange/keys.h"
#include "services/exchange/membership.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"
#include "services/relocation/asked.h"
#include "services/relocation/placement.h"

namespace exitbus::contact_point {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::RefusedBy;
using relocation::jv1::Place;
using Request = relocation::jv1::Relocation;
using State = jv1::RequestedRelocation;
using Letter = exchange::Letter<State>;

constexpr int kAnswerDays = 5;  // working days
constexpr absl::Duration kCounts = absl::Hours(24 * 14);
// To one municipality about one request.
constexpr std::uint32_t kInquiriesMax = 5;

// It reads what is asked of itself, under the inquiry's id.
exchange::Party Municipality(const std::string& authority, const std::string& inquiry_id) {
  exchange::Party asked{authority, pv1::RELATION_RECEIVER,       inquiry_id,
                        {},        pv1::LEGAL_BASIS_UNSPECIFIED, pv1::PURPOSE_EXIT_SUPPORT};
  asked.satisfied.Add(pv1::CONDITION_OWN_PART);
  return asked;
}

// It hears that, and no reason.
void TellEnded(const Place& place, Decision& decision) {
  decision.Notify(pv1::RELATION_CONTACT_POINT,
                  Municipality(place.asked(), place.seen().inquiry_id()),
                  lv1::RelocationWithdrawn());
}

// The authority of this municipality; empty: none is listed.
std::string AuthorityOf(const exchange::Directory& directory, std::string_view municipality) {
  for (const auto& entry : directory.All()) {
    if (entry->kind == pv1::AUTHORITY_KIND_MUNICIPALITY && entry->code == municipality &&
        exchange::MembershipStatusOf(directory, entry->id) !=
            exchange::MembershipStatus::kRemoved) {
      return entry->id;
    }
  }
  return "";
}

// An answer is waited for, and its time has not passed.
bool IsWaitedFor(const Place& place) {
  return place.seen().inquiry() == lv1::INQUIRY_STAGE_ASKED && !exchange::IsOverdue(place.next());
}

// Why this municipality cannot be asked now.
std::optional<exchange::Refusal> NotAsked(const Request& one, const Place* place,
                                          const std::string& authority, std::string_view origin) {
  if (place == nullptr || !relocation::IsClear(*place)) {
    return RefusedBy("relocation.place_not_clear",
                     "The police have not said that the person would be safe there: AskPlaces.");
  }
  if (authority.empty()) {
    return RefusedBy("relocation.municipality_not_listed",
                     "The directory lists no authority of this municipality. Have it listed.");
  }
  if (place->seen().municipality() == origin) {
    return RefusedBy("relocation.own_municipality",
                     "It is in charge of the case: it needs not be asked.");
  }
  if (relocation::IsOpen(place->seen())) {
    return RefusedBy("relocation.inquired", "It is asked, or has room. End the inquiry first.");
  }
  if (std::any_of(one.places().begin(), one.places().end(), &IsWaitedFor)) {
    return RefusedBy("relocation.one_at_a_time",
                     "Another municipality is asked. Wait for its answer, or end that inquiry.");
  }
  if (place->inquiries() >= kInquiriesMax) {
    return RefusedBy("relocation.too_many_inquiries",
                     "This municipality was asked as often as it may be about one request.",
                     absl::StatusCode::kResourceExhausted);
  }
  return std::nullopt;
}

Decision Inquire(const State& state, const lv1::InquireRelocationRequest& request,
                 const DecisionContext& context) {
  const Request& one = state.relocation();
  if (auto refused = NoPlaceNow(one.seen())) return Decision::Refuse(*std::move(refused));
  const Place* const place = relocation::FindPlace(one, request.municipality());
  const std::string authority = AuthorityOf(*context.directory, request.municipality());
  const auto holder = context.directory->Find(one.seen().holder());
  if (holder == nullptr) {
    return Decision::Refuse("relocation.holder_not_listed",
                            "The directory does not list who is in charge. Have it listed.");
  }
  if (auto refused = NotAsked(one, place, authority, holder->code)) {
    return Decision::Refuse(*std::move(refused));
  }
  jv1::RelocationEvent event;
  auto& made = *event.mutable_inquiry_made();
  made.set_relocation_id(one.seen().relocation_id());
  made.set_municipality(request.municipality());
  made.set_inquiry_id(context.lookup->FreshId());
  // Told in days, as all of it is.
  const absl::Time due = exchange::EndOfDay(exchange::AddWorkingDays(context.now, kAnswerDays));
  *made.mutable_next() = exchange::OwedBy(authority, made.inquiry_id(), due);
  lv1::RelocationInquiry message;
  *message.mutable_profile() = one.seen().nomination().profile();
  // No order of what is told links two who are asked.
  auto& efforts = *message.mutable_profile()->mutable_efforts();
  std::sort(efforts.begin(), efforts.end());
  *message.mutable_answer_due() = made.next().due();
  return Decision().AddEvent(event).Notify(pv1::RELATION_CONTACT_POINT,
                                           Municipality(authority, made.inquiry_id()), message);
}

Decision EndRelocationInquiry(const State& state, const lv1::EndRelocationInquiryRequest& request,
                              const DecisionContext& context) {
  const Place* const place = relocation::FindPlace(state.relocation(), request.municipality());
  if (place == nullptr || !relocation::IsOpen(place->seen())) {
    return Decision::Refuse("relocation.not_inquired", "No inquiry to it is open.");
  }
  if (IsDecidedFor(state, request.municipality())) {
    return Decision::Refuse(*NoPlaceNow(state.relocation().seen()));
  }
  Decision decision;
  EndInquiry(state.relocation(), *place, context, decision);
  return decision;
}

// From an asked municipality. One that is not found was answered by an end that crossed this.
Decision OnAnswered(const Letter& letter, const lv1::RelocationAnswered& message) {
  const auto& [state, place, body, context] = letter;
  const Place* const asked = FindInquiry(state, place.subject);
  if (asked == nullptr) return Decision::NoEffect("answer_of_unknown");
  if (asked->asked() != place.sender) {
    return Decision::Refuse("letter.not_a_party",
                            "Another municipality was asked by this inquiry.");
  }
  if (auto fault = relocation::FaultIn(message, std::nullopt)) {
    return Decision::Refuse(*std::move(fault));
  }
  if (!relocation::IsOpen(asked->seen())) return Decision::NoEffect("answer_crossed_end");
  jv1::RelocationEvent event;
  auto& answered = *event.mutable_inquiry_answered();
  answered.set_relocation_id(state.relocation().seen().relocation_id());
  answered.set_inquiry_id(place.subject);
  answered.set_declined(message.declined());
  *answered.mutable_instant() = exchange::ToProto(context.now);
  if (message.has_capacity()) {
    *answered.mutable_capacity() = message.capacity();
    // No clock but this one's makes an answer last.
    const absl::Time said = exchange::FromProto(message.capacity().as_of());
    if (!message.capacity().has_as_of() || said > context.now) {
      *answered.mutable_capacity()->mutable_as_of() = exchange::ToProto(context.now);
    }
  }
  Decision decision;
  decision.AddEvent(event);
  if (!message.has_declined()) return decision;
  TellEnded(*asked, decision);
  // By agreement it goes nowhere then; what is decided stands without.
  const lv1::Placement* const stands = relocation::Standing(state.relocation().seen());
  if (IsDecidedFor(state, asked->seen().municipality()) &&
      stands->mode() == lv1::DECISION_MODE_VOLUNTARY_AGREEMENT) {
    RevokePlacement(state, lv1::PLACEMENT_END_NO_ROOM, context, decision);
  }
  return decision;
}

std::vector<exchange::Deadline> AnswersThatCount(const State& state) {
  std::vector<exchange::Deadline> until;
  for (const Place& place : state.relocation().places()) {
    // What is decided for waits for the final yes.
    if (place.seen().inquiry() != lv1::INQUIRY_STAGE_CAPACITY ||
        IsDecidedFor(state, place.seen().municipality())) {
      continue;
    }
    const lv1::Capacity& room = place.seen().capacity();
    const absl::Time fresh = exchange::FromProto(room.as_of()) + kCounts;
    until.push_back(
        {place.seen().inquiry_id(),
         room.has_until() ? std::min(fresh, exchange::FromProto(room.until())) : fresh});
  }
  return until;
}

Decision GoesStale(const State& state, std::string_view inquiry_id,
                   const DecisionContext& context) {
  const auto all = AnswersThatCount(state);
  const bool now = std::any_of(all.begin(), all.end(), [&](const exchange::Deadline& one) {
    return one.name == inquiry_id && one.due <= context.now;
  });
  if (!now) return Decision::NoEffect("deadline_over");
  jv1::RelocationEvent event;
  event.mutable_inquiry_stale()->set_relocation_id(state.relocation().seen().relocation_id());
  event.mutable_inquiry_stale()->set_inquiry_id(std::string(inquiry_id));
  Decision decision;
  decision.AddEvent(event);
  TellEnded(*FindInquiry(state, inquiry_id), decision);
  return decision;
}

std::vector<std::string> InquiryKeys(const State& state, const exchange::Lookup&) {
  std::vector<std::string> keys;
  for (const Place& place : state.relocation().places()) {
    if (!place.seen().inquiry_id().empty()) keys.push_back(InquiryKey(place.seen().inquiry_id()));
  }
  return keys;
}

}  // namespace

const Place* FindInquiry(const State& state, std::string_view inquiry_id) {
  return exchange::FindIn(state.relocation().places(), [&](const Place& place) {
    return place.seen().inquiry_id() == inquiry_id;
  });
}

void EndInquiries(const State& state, Decision& decision) {
  for (const Place& place : state.relocation().places()) {
    if (relocation::IsOpen(place.seen())) TellEnded(place, decision);
  }
}

void EndInquiry(const relocation::jv1::Relocation& one, const Place& place,
                const DecisionContext& context, Decision& decision) {
  if (!relocation::IsOpen(place.seen())) return;
  jv1::RelocationEvent event;
  event.mutable_inquiry_ended()->set_relocation_id(one.seen().relocation_id());
  event.mutable_inquiry_ended()->set_inquiry_id(place.seen().inquiry_id());
  *event.mutable_inquiry_ended()->mutable_instant() = exchange::ToProto(context.now);
  decision.AddEvent(event);
  TellEnded(place, decision);
}

RelocationPart RelocationInquiries() {
  RelocationPart part;
  part.Serve<lv1::InquireRelocationRequest>(
          {.target = &RelocationById<lv1::InquireRelocationRequest>,
           .decide = &Inquire,
           .view = &RelocationView,
           .needs = exchange::Needs::kConfirmedHead})
      .Serve<lv1::EndRelocationInquiryRequest>(
          {.target = &RelocationById<lv1::EndRelocationInquiryRequest>,
           .decide = &EndRelocationInquiry,
           .view = &RelocationView})
      .On(&OnAnswered)
      .After(&ChangeRelocation<relocation::jv1::InquiryMade>)
      .After(&ChangeAndCount<relocation::jv1::InquiryAnswered>)
      .After(&ChangeAndCount<relocation::jv1::InquiryEnded>)
      .After(&ChangeRelocation<relocation::jv1::InquiryStale>)
      .Named(&InquiryKeys)
      .Due("answer", &AnswersThatCount, &GoesStale);
  return part;
}

}  // namespace exitbus::contact_point
