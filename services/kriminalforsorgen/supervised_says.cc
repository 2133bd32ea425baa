// What a unit says of whom it supervises: whether exit is a condition of his parole, when a release
// is planned, and that terms were breached.
#include <optional>

#include "exitbus/kriminalforsorgen/v1/supervision_messages.pb.h"
#include "exitbus/kriminalforsorgen/v1/supervision_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"
#include "services/kriminalforsorgen/supervised_part.h"

namespace exitbus::kriminalforsorgen {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::ToProto;

constexpr int kBreachesMax = 20;

Decision StateParole(const jv1::Supervised& known, const v1::StateSupervisedParoleRequest& request,
                     const DecisionContext& context) {
  if (auto over = RefuseOver(known)) return *std::move(over);
  if (request.is_condition() && request.paragraph().empty()) {
    return Decision::Refuse(
        BadInput("parole.paragraph_required", "Cite the law by which exit is a condition."));
  }
  if (request.has_planned_release() &&
      FromProto(request.planned_release()) < exchange::StartOfDay(context.now)) {
    return Decision::Refuse(
        BadInput("release.in_the_past", "A release is planned for today or later."));
  }
  jv1::Supervised now = known;
  v1::SupervisedCase& seen = *now.mutable_seen();
  cv1::Parole& parole = *seen.mutable_parole();
  parole.set_is_condition(request.is_condition());
  parole.set_paragraph(request.paragraph());
  *parole.mutable_stated() = ToProto(context.now);
  seen.clear_planned_release();
  if (request.has_planned_release()) *seen.mutable_planned_release() = request.planned_release();
  Decision decision = So(now);
  TellParole(seen, decision);
  return decision;
}

Decision ReportBreach(const jv1::Supervised& known, const v1::ReportBreachRequest& request,
                      const DecisionContext& context) {
  if (auto over = RefuseOver(known)) return *std::move(over);
  if (!request.has_breached() || FromProto(request.breached()) > context.now) {
    return Decision::Refuse(
        BadInput("breach.when", "Say when the terms were breached; it is not in the future."));
  }
  const absl::Time day = exchange::StartOfDay(FromProto(request.breached()));
  jv1::Supervised now = known;
  auto& breaches = *now.mutable_seen()->mutable_breaches();
  const bool is_reported = exchange::FindIn(breaches, [&](const auto& breached) {
                             return FromProto(breached) == day;
                           }) != nullptr;
  if (is_reported) {
    return Decision::Refuse("breach.reported", "A breach on this day is reported.");
  }
  *breaches.Add() = ToProto(day);
  exchange::KeepNewest(breaches, kBreachesMax);
  Decision decision = So(now);
  TellBreach(now.seen(), ToProto(day), decision);
  return decision;
}

}  // namespace

std::optional<Decision> RefuseOver(const jv1::Supervised& known) {
  if (!IsOver(known)) return std::nullopt;
  return Decision::Refuse("supervision.ended",
                          "This supervision has ended, and what was told of it is erased.");
}

void TellParole(const v1::SupervisedCase& seen, Decision& decision) {
  v1::ParoleStated message;
  *message.mutable_parole() = seen.parole();
  if (seen.has_planned_release()) *message.mutable_planned_release() = seen.planned_release();
  decision.Notify(pv1::RELATION_KRIMINALFORSORGEN, Holder(seen), message);
}

void TellBreach(const v1::SupervisedCase& seen, const google::protobuf::Timestamp& breached,
                Decision& decision) {
  v1::BreachOfConditions message;
  *message.mutable_breached() = breached;
  decision.Notify(pv1::RELATION_KRIMINALFORSORGEN, Holder(seen), message);
}

SupervisedPart UnitSays() {
  SupervisedPart part;
  part.Serve<v1::StateSupervisedParoleRequest>(
          {.target = &ById, .decide = &StateParole, .view = &View})
      .Serve<v1::ReportBreachRequest>({.target = &ById, .decide = &ReportBreach, .view = &View});
  return part;
}

}  // namespace exitbus::kriminalforsorgen
