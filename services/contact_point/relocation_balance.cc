// The balance between municipalities: what each has received, sent and answered. Each request keeps
// its own lines, which outlive its erasure; the balance is made of them each time.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "exitbus/relocation/v1/decision_service.pb.h"
#include "services/contact_point/relocation.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/relocation/placement.h"

namespace exitbus::contact_point {
namespace {

namespace lv1 = relocation::v1;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::Message;
using google::protobuf::Timestamp;
using relocation::jv1::Place;
using State = jv1::RequestedRelocation;

constexpr int kFirstYear = 2011;  // of the framework model

jv1::BalanceLine Line(const std::string& municipality, jv1::BalanceFact fact,
                      const Timestamp& since) {
  jv1::BalanceLine line;
  line.set_municipality(municipality);
  line.set_fact(fact);
  *line.mutable_since() = since;
  return line;
}

// Of an inquiry that has not been answered in time; nullopt: it has, or there is time.
std::optional<jv1::BalanceLine> Unanswered(const Place& place, absl::Time now) {
  const bool late = place.seen().inquiry() == lv1::INQUIRY_STAGE_ASKED && place.has_next() &&
                    FromProto(place.next().due()) <= now;
  if (!late) return std::nullopt;
  return Line(place.seen().municipality(), jv1::BALANCE_FACT_UNANSWERED, place.next().due());
}

// The municipality is awaited no longer.
void EndActive(State& state, const Timestamp& instant) {
  for (jv1::BalanceLine& line : *state.mutable_balance()) {
    if (line.fact() == jv1::BALANCE_FACT_ACTIVE && !line.has_until()) {
      *line.mutable_until() = instant;
    }
  }
}

void AddUnanswered(State& state, absl::Time now) {
  for (const Place& place : state.relocation().places()) {
    if (auto line = Unanswered(place, now)) *state.add_balance() = *std::move(line);
  }
}

void TakeCompleted(State& state, const relocation::jv1::Completed& completed) {
  EndActive(state, completed.instant());
  AddUnanswered(state, FromProto(completed.instant()));
  if (const auto* there = relocation::ByNumber(state.relocation().seen(), completed.number())) {
    *state.add_balance() =
        Line(there->municipality(), jv1::BALANCE_FACT_RECEIVED, completed.instant());
  }
  if (completed.origin().empty()) return;
  *state.add_balance() = Line(completed.origin(), jv1::BALANCE_FACT_SENT, completed.instant());
}

void TakeAnswer(State& state, const relocation::jv1::InquiryAnswered& answered) {
  const Place* const place = FindInquiry(state, answered.inquiry_id());
  if (place == nullptr) return;
  if (auto line = Unanswered(*place, FromProto(answered.instant()))) {
    *line->mutable_until() = answered.instant();
    *state.add_balance() = *std::move(line);
  }
  if (answered.has_capacity()) return;
  *state.add_balance() =
      Line(place->seen().municipality(), jv1::BALANCE_FACT_DECLINED, answered.instant());
}

void TakeEnd(State& state, const relocation::jv1::InquiryEnded& ended) {
  const Place* const place = FindInquiry(state, ended.inquiry_id());
  if (place == nullptr) return;
  if (auto line = Unanswered(*place, FromProto(ended.instant()))) {
    *state.add_balance() = *std::move(line);
  }
}

class Balance : public exchange::Tally {
 public:
  Balance(absl::Time as_of, std::uint32_t year) : as_of_(as_of), year_(year) {}

  void Add(const Message& of) override {
    const auto& state = static_cast<const State&>(of);
    for (const jv1::BalanceLine& line : state.balance()) Add(line);
    for (const Place& place : state.relocation().places()) {
      if (const auto line = Unanswered(place, as_of_)) Add(*line);
    }
  }

  std::unique_ptr<Message> Result() const override {
    auto balance = std::make_unique<lv1::RelocationBalance>();
    *balance->mutable_as_of() = exchange::ToProto(as_of_);
    for (const auto& [municipality, counted] : municipalities_) {
      *balance->add_municipalities() = counted;
      balance->mutable_municipalities()->rbegin()->set_municipality(municipality);
    }
    return balance;
  }

 private:
  void Add(const jv1::BalanceLine& line) {
    const absl::Time since = FromProto(line.since());
    if (since > as_of_) return;
    if (line.has_until() && FromProto(line.until()) <= as_of_) return;
    if (year_ != 0 && exchange::MonthOf(since).year() != year_) return;
    lv1::MunicipalityBalance& of = municipalities_[line.municipality()];
    switch (line.fact()) {
      case jv1::BALANCE_FACT_RECEIVED:
        return of.set_received(of.received() + 1);
      case jv1::BALANCE_FACT_SENT:
        return of.set_sent(of.sent() + 1);
      case jv1::BALANCE_FACT_ACTIVE:
        return of.set_active(of.active() + 1);
      case jv1::BALANCE_FACT_DECLINED:
        return of.set_declined(of.declined() + 1);
      case jv1::BALANCE_FACT_UNANSWERED:
        return of.set_unanswered(of.unanswered() + 1);
      default:
        return;
    }
  }

  const absl::Time as_of_;
  const std::int64_t year_;
  std::map<std::string, lv1::MunicipalityBalance> municipalities_;
};

exchange::TallyBegun Begin(const lv1::GetRelocationBalanceRequest& request,
                           const DecisionContext& context) {
  const absl::Time as_of = request.has_as_of() ? FromProto(request.as_of()) : context.now;
  if (as_of > context.now) {
    return exchange::BadInput("relocation.as_of_future",
                              "Nobody knows it yet. Ask for a time until now.");
  }
  if (request.year() != 0 &&
      (request.year() < kFirstYear || request.year() > exchange::MonthOf(context.now).year())) {
    return exchange::BadInput("relocation.unknown_year",
                              "Ask for a year from 2011 until this one, or for all: 0.");
  }
  return std::make_unique<Balance>(as_of, request.year());
}

void ToMonth(Timestamp& instant) {
  instant = exchange::ToProto(absl::FromCivil(
      absl::CivilSecond(exchange::MonthOf(FromProto(instant))), absl::UTCTimeZone()));
}

// By it a request is found; the same before and after it is erased.
std::string NameOf(const State& state) {
  if (!state.has_erasure()) return relocation::Key(state.relocation().seen().relocation_id());
  return state.erasure().keys().empty() ? "" : state.erasure().keys(0);
}

std::string ReceivedKey(const std::string& municipality, const std::string& request) {
  return exchange::KindName{"received", absl::StrCat(municipality, "/", request)}.Encode();
}

}  // namespace

void TakeIntoBalance(State& state, const jv1::RelocationEvent& event) {
  switch (event.what_case()) {
    case jv1::RelocationEvent::kPlaced:
      *state.add_balance() = Line(event.placed().placement().municipality(),
                                  jv1::BALANCE_FACT_ACTIVE, event.placed().placement().decided());
      return;
    case jv1::RelocationEvent::kPlacementEnded:
      return EndActive(state, event.placement_ended().instant());
    case jv1::RelocationEvent::kCompleted:
      return TakeCompleted(state, event.completed());
    case jv1::RelocationEvent::kWithdrawn:
      EndActive(state, event.withdrawn().instant());
      return AddUnanswered(state, FromProto(event.withdrawn().instant()));
    case jv1::RelocationEvent::kInquiryAnswered:
      return TakeAnswer(state, event.inquiry_answered());
    case jv1::RelocationEvent::kInquiryEnded:
      return TakeEnd(state, event.inquiry_ended());
    default:
      return;
  }
}

BalanceLines WhatLasts(State state, absl::Time erased) {
  EndActive(state, exchange::ToProto(erased));
  AddUnanswered(state, erased);
  for (jv1::BalanceLine& line : *state.mutable_balance()) {
    ToMonth(*line.mutable_since());
    if (line.has_until()) ToMonth(*line.mutable_until());
  }
  return std::move(*state.mutable_balance());
}

std::vector<std::string> BalanceKeys(const State& state) {
  const std::string name = NameOf(state);
  std::vector<std::string> keys;
  if (name.empty()) return keys;
  for (const jv1::BalanceLine& line : state.balance()) {
    const bool counts = line.fact() == jv1::BALANCE_FACT_RECEIVED ||
                        (line.fact() == jv1::BALANCE_FACT_ACTIVE && !line.has_until());
    if (counts) keys.push_back(ReceivedKey(line.municipality(), name));
  }
  return keys;
}

std::uint32_t ReceivedBy(const std::string& municipality, std::string_view relocation_id,
                         const exchange::Lookup& lookup) {
  const std::string own = relocation::Key(relocation_id);
  std::uint32_t received = 0;
  for (const std::string& request :
       lookup.NamesBelow(exchange::IndexKey{kRequests, ReceivedKey(municipality, "")}.Encode())) {
    if (request != own) ++received;
  }
  return received;
}

RelocationPart RelocationBalances() {
  RelocationPart part;
  part.Count(relocation::Key(""), &Begin);
  return part;
}

}  // namespace exitbus::contact_point
