#include "services/police/hosted_stay.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/police/v1/hosted_stay_service.pb.h"
#include "exitbus/police_journal/v1/stay.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/compose.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/police/stay.h"
#include "services/policy/copy.h"
#include "services/relocation/municipalities.h"

namespace exitbus::police {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;
namespace rv1 = relocation::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::Message;
using exchange::Refusal;
using exchange::RefusedBy;
using exchange::ToProto;
using HostPart = exchange::Part<jv1::HostedStay, jv1::HostedStayEvent>;
using HostLetter = exchange::Letter<jv1::HostedStay>;

std::string Key(const std::string& stay_id) {
  return exchange::KindName{"hosted", stay_id}.Encode();
}
template <class Request>
std::string ById(const Request& request) {
  return Key(request.stay_id());
}

bool IsOver(const jv1::HostedStay& stay) { return stay.seen().stage() == cv1::STAY_STAGE_ENDED; }

std::unique_ptr<Message> View(const jv1::HostedStay& stay) {
  if (!stay.has_seen()) return nullptr;
  auto view = std::make_unique<v1::HostedStay>(stay.seen());
  exchange::ShowDue(stay.has_answer() ? stay.answer() : stay.end(), *view);
  return view;
}

std::unique_ptr<Message> ListView(const jv1::HostedStay& stay, std::string_view,
                                  const v1::ListHostedStaysRequest& asked) {
  return asked.open_only() && IsOver(stay) ? nullptr : View(stay);
}

Decision So(const jv1::HostedStay& stay) {
  jv1::HostedStayEvent event;
  *event.mutable_changed()->mutable_stay() = stay;
  return Decision().AddEvent(event);
}

void Tell(const v1::HostedStay& seen, const v1::StayAnswered& message, Decision& decision) {
  decision.Notify(pv1::RELATION_RECEIVING_POLICE,
                  {seen.police(),
                   pv1::RELATION_POLICE,
                   seen.stay_id(),
                   {},
                   pv1::LEGAL_BASIS_UNSPECIFIED,
                   pv1::PURPOSE_SECURITY},
                  message);
}

// A day more than anybody may say now: the sender's clock may be ahead. One that comes late may be
// over, but not for long.
bool IsSometime(const v1::StayPlaced& message, absl::Time now) {
  const absl::Time until = FromProto(message.until()), placed = FromProto(message.placed());
  return message.has_until() && message.has_placed() && placed <= until &&
         until <= now + kLongestStay + absl::Hours(24) && now - kLongestStay <= until;
}

// Who is known already need not be named once more.
std::optional<Refusal> FaultIn(const v1::StayPlaced& message, const jv1::HostedStay& known,
                               const DecisionContext& context) {
  const auto* const there = relocation::FindMunicipality(message.municipality());
  if (there == nullptr || there->district != context.self->district) {
    return BadInput("stay.not_of_this_district",
                    "Tell the unit in whose district the municipality lies.");
  }
  const bool named = known.has_seen() || !message.person().cpr_number().empty() ||
                     !message.person().name().empty();
  if (!named || message.address().empty() || message.assessment().version() == 0 ||
      message.kind() == cv1::STAY_PLACE_KIND_UNSPECIFIED) {
    return BadInput("stay.person_required",
                    "Say who comes, where to, and what to know of it: nobody could keep him safe.");
  }
  const bool stays =
      message.stage() == cv1::STAY_STAGE_PLACED || message.stage() == cv1::STAY_STAGE_WAY_BACK;
  if (stays && IsSometime(message, context.now)) return std::nullopt;
  return BadInput("stay.until_out_of_range", "Say since when and until when, at most 60 days.");
}

// The other unit brings the person on: by the end; where he is not safe here, within the hour from
// when that was said first.
void OweEnd(const jv1::HostedStay& before, const DecisionContext& context, jv1::HostedStay& stay) {
  const v1::HostedStay& seen = stay.seen();
  absl::Time due = FromProto(seen.until());
  if (seen.answer() == rv1::PLACE_SAFETY_NOT_POSSIBLE) {
    const bool said = before.seen().answer() == rv1::PLACE_SAFETY_NOT_POSSIBLE;
    due = std::min(due,
                   said ? FromProto(before.end().due()) : context.now + exchange::kWithinTheHour);
  }
  if (stay.has_end() && FromProto(stay.end().due()) == due) return;
  *stay.mutable_end() = exchange::OwedBy(seen.police(), seen.stay_id(), due);
}

bool IsTheSamePlace(const v1::HostedStay& seen, const v1::StayPlaced& message) {
  return seen.municipality() == message.municipality() && seen.address() == message.address();
}

Decision OnPlaced(const HostLetter& letter, const v1::StayPlaced& message) {
  const auto& [known, place, body, context] = letter;
  const v1::HostedStay& before = known.seen();
  if (known.has_seen() && before.police() != place.sender) {
    return Decision::Refuse("letter.not_a_party", "Another unit has placed somebody by this id.");
  }
  if (IsOver(known)) return Decision::NoEffect("stay_over");
  if (auto fault = FaultIn(message, known, context)) return Decision::Refuse(*std::move(fault));
  if (known.has_seen() &&
      (message.version() <= before.version() || !IsTheSamePlace(before, message))) {
    return Decision::Refuse("letter.out_of_turn",
                            "A stay is told in versions, and stays at its place.");
  }
  jv1::HostedStay stay = known;
  v1::HostedStay& seen = *stay.mutable_seen();
  policy::CopyAlike(message, seen);
  seen.set_stay_id(place.subject);
  seen.set_police(place.sender);
  if (seen.answer() != rv1::PLACE_SAFETY_NOT_POSSIBLE) {
    seen.set_answer(rv1::PLACE_SAFETY_ASKED);
    seen.clear_answered_by();
    if (!stay.has_answer()) {
      *stay.mutable_answer() =
          exchange::OwedBy(context.self->id, place.subject, context.now + exchange::kWithinTheHour);
    }
  }
  OweEnd(known, context, stay);
  return So(stay);
}

// What stays says of nobody, of no place and of no day. Who was never told of it, or has forgotten,
// says so as well, and knows it when the telling comes late.
Decision OnEnded(const HostLetter& letter, const v1::StayEnded&) {
  const v1::HostedStay& known = letter.state.seen();
  if (letter.state.has_seen() && known.police() != letter.place.sender) {
    return Decision::Refuse("letter.not_a_party", "The sender has placed nobody by this id.");
  }
  if (IsOver(letter.state)) return Decision::NoEffect("stay_over");
  jv1::HostedStay stay;
  v1::HostedStay& seen = *stay.mutable_seen();
  seen.set_stay_id(letter.place.subject);
  seen.set_police(letter.place.sender);
  seen.set_stage(cv1::STAY_STAGE_ENDED);
  *seen.mutable_ended() = ToProto(exchange::StartOfMonth(letter.context.now));
  v1::StayAnswered erased;
  erased.set_erased(true);
  Decision decision = So(stay);
  Tell(seen, erased, decision.EraseReceived());
  return decision;
}

Decision Answer(const jv1::HostedStay& known, const v1::AnswerHostedStayRequest& request,
                const DecisionContext& context) {
  if (IsOver(known)) {
    return Decision::Refuse("stay.ended", "The stay has ended; nobody needs an answer any more.");
  }
  if (request.answer() != rv1::PLACE_SAFETY_CLEAR &&
      request.answer() != rv1::PLACE_SAFETY_NOT_POSSIBLE) {
    return Decision::Refuse(BadInput(
        "stay.answer_required", "Answer CLEAR, or NOT_POSSIBLE where the person is not safe."));
  }
  jv1::HostedStay stay = known;
  stay.mutable_seen()->set_answer(request.answer());
  stay.mutable_seen()->set_answered_by(context.caller.employee);
  stay.clear_answer();
  OweEnd(known, context, stay);
  v1::StayAnswered message;
  message.set_answer(request.answer());
  message.set_version(known.seen().version());
  message.set_answered_by(context.caller.employee);
  Decision decision = So(stay);
  Tell(known.seen(), message, decision);
  return decision;
}

void Change(jv1::HostedStay& stay, const jv1::HostedStayChanged& changed) { stay = changed.stay(); }

std::vector<std::string> KeysOf(const jv1::HostedStay& stay, const exchange::Lookup&) {
  if (!stay.has_seen()) return {};
  return {Key(stay.seen().stay_id())};
}

std::vector<exchange::NamedObligation> AnswerOwed(const jv1::HostedStay& stay) {
  return {{"", &stay.answer()}};
}
std::vector<exchange::NamedObligation> EndOwed(const jv1::HostedStay& stay) {
  return {{"", &stay.end()}};
}

std::vector<std::string> WhoPlaces(const jv1::HostedStay& stay) {
  if (!stay.has_seen() || IsOver(stay)) return {};
  return {stay.seen().police()};
}

HostPart Stays() {
  HostPart part;
  part.On(&OnPlaced)
      .On(&OnEnded)
      .After(&Change)
      .Named(&KeysOf)
      .Obligations("hosted_stay.unanswered", &AnswerOwed)
      .Obligations("hosted_stay.end_overdue", &EndOwed)
      .Serve<v1::AnswerHostedStayRequest>(
          {.target = &ById, .decide = &Answer, .view = &View, .needs = exchange::Needs::kNothing})
      .Serve<v1::GetHostedStayRequest>({.target = &ById, .view = &View})
      .List<v1::ListHostedStaysRequest>(
          {.prefix = Key(""),
           .view = &ListView,
           .watch = exchange::MethodOf(v1::WatchHostedStaysRequest::descriptor())})
      .Account<v1::GetHostedStayAccountRequest>(&ById);
  return part;
}

}  // namespace

exchange::Aggregate HostedStays() {
  exchange::Aggregate stays = exchange::Compose<jv1::HostedStay, jv1::HostedStayEvent>(
      "hosted", {Stays()}, [](const exchange::LetterPlace& place) { return Key(place.subject); });
  // A store that was put back has forgotten what it answered.
  stays.open_counterparts = exchange::OfState(&WhoPlaces);
  stays.visibility = [](const Message&, pv1::Reader reader, const DecisionContext&) {
    return exchange::Visibility{reader, {pv1::CONDITION_OWN_PART}};
  };
  stays.account_key = [](const Message& state) {
    const auto& stay = static_cast<const jv1::HostedStay&>(state);
    return stay.has_seen() ? Key(stay.seen().stay_id()) : std::string();
  };
  return stays;
}

}  // namespace exitbus::police
