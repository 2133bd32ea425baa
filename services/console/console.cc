#include "services/console/console.h"

#include <algorithm>
#include <utility>

#include "exitbus/operations/v1/trace.pb.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "services/console/methods.h"
#include "services/exchange/decision.h"
#include "services/exchange/ports/broker_figures.h"
#include "services/exchange/ports/crypto.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/sealing.h"
#include "services/policy/topics.h"
#include "services/policy/values.h"

namespace exitbus::console {
namespace {

using exchange::Refusal;
using exchange::Severity;

std::string_view ShortName(std::string_view method) { return method.substr(method.rfind('.') + 1); }

Refusal Unrecorded() {
  return exchange::RefusedBy("console.account_unavailable",
                             "Nothing was shown or done, since it could not be recorded: make room "
                             "on the console's disk, and call again.",
                             absl::StatusCode::kUnavailable);
}

}  // namespace

Console::Console(ConsoleOptions options, exchange::Environment environment)
    : options_(std::move(options)),
      environment_(std::move(environment)),
      world_(environment_.directory, environment_.wall_clock->Now()),
      board_(&world_),
      account_(environment_.store),
      watches_({environment_.crypto, environment_.random->Bytes(exchange::kKeyBytes)}, &board_,
               &world_.reports, environment_.executor,
               [this](const exchange::Caller& caller, std::string_view method) {
                 return Admit(caller, method, "");
               }) {}

Console::~Console() = default;

absl::Time Console::Now() const { return environment_.wall_clock->Now(); }

absl::Status Console::Start() {
  RETURN_IF_ERROR(account_.Load());
  environment_.bus->Start(this);
  environment_.broker_look->Start(
      [this](absl::StatusOr<exchange::BrokerFigures> found) { OnLook(std::move(found)); });
  Beat(0);
  return absl::OkStatus();
}

void Console::Beat(int number) {
  const bool rows = number % kRowsEvery == 0;
  if (rows) board_.Refresh(Now());
  watches_.Tell(rows, Now());
  environment_.executor->PostAfter(kBeat, [this, number] { Beat(number + 1); });
}

void Console::SetSealingKeys(std::vector<exchange::SealingKey> keys) {
  environment_.secrets.sealing = std::move(keys);
}

recovery::v1::OrderResult Console::TakeOrder(const recovery::v1::Order&) {
  recovery::v1::OrderResult result;
  result.set_text(
      "order.for_another_authority: the console takes no orders; give it to a service.");
  return result;
}

void Console::OnCluster(const std::string& cluster_id) {
  if (!std::exchange(world_.broker_reached, true)) world_.broker_since = Now();
  world_.broker_failure.clear();
  if (std::exchange(cluster_id_, cluster_id) != cluster_id) reading_.clear();
}

void Console::OnUnavailable(const absl::Status& why) {
  if (std::exchange(world_.broker_reached, false)) world_.broker_since = Now();
  world_.broker_failure = std::string(why.message());
  world_.broker.reset();
}

void Console::OnLook(absl::StatusOr<exchange::BrokerFigures> found) {
  if (!found.ok()) {
    world_.broker.reset();
    return;
  }
  world_.broker = *std::move(found);
  ReadTraces();
}

void Console::ReadTraces() {
  for (const auto& entry : environment_.directory->All()) {
    const std::string topic = policy::TraceTopic(entry->kind, entry->code);
    const auto there = world_.broker->topics.find(topic);
    if (there == world_.broker->topics.end() || there->second.end < 0) continue;
    if (!reading_.insert(topic).second) continue;
    caught_up_.erase(topic);
    environment_.bus->Read(exchange::Priority::kOrdinary, topic,
                           std::max<std::int64_t>(0, there->second.end - kRecordsBack));
  }
}

void Console::OnRecords(std::vector<exchange::BusRecord> records, absl::AnyInvocable<void()> more) {
  for (const exchange::BusRecord& record : records) Take(record);
  more();
}

void Console::Take(const exchange::BusRecord& record) {
  const auto told = exchange::OpenTrace(environment_, record);
  if (!told.ok()) {
    ++world_.traces_refused;
    environment_.telemetry->Count("traces.refused",
                                  {{"reason", std::string(told.status().message())}});
    environment_.telemetry->Log(
        Severity::kWarning, "trace.refused",
        {{"topic", record.topic}, {"reason", std::string(told.status().message())}});
    return;
  }
  // What lay there before is as old as its stamp; what comes now is heard now, whatever clock it
  // has.
  const absl::Time heard =
      caught_up_.contains(record.topic) ? Now() : std::min(Now(), record.timestamp);
  world_.reports.Take(exchange::RecordSource(record), *told, heard);
}

std::variant<Viewer, Refusal> Console::Admit(const exchange::Caller& caller,
                                             std::string_view method, std::string subject) {
  auto viewer = ViewerOf(caller, method, *environment_.directory);
  LookAt look{method, std::move(subject), ""};
  Viewer who{{}, caller.system, "", caller.employee, caller.purpose};
  if (const auto* refusal = std::get_if<Refusal>(&viewer)) {
    look.refused_by = refusal->reason;
  } else {
    who = std::get<Viewer>(viewer);
  }
  const absl::Status recorded = account_.Record(who, look, Now());
  if (recorded.ok()) return viewer;
  environment_.telemetry->Log(Severity::kError, "console.account_unavailable",
                              {{"why", std::string(recorded.message())}});
  return Unrecorded();
}

void Console::Handle(exchange::Call call) {
  environment_.executor->Post([this, call = std::move(call)]() mutable {
    if (call.abandoned && call.abandoned()) return;
    exchange::Answer answer = Answer(call);
    if (answer.reply == nullptr) {
      environment_.telemetry->Count("calls.refused", {{"rule", answer.refusal.reason}});
    }
    call.done(std::move(answer));
  });
}

exchange::Answer Console::Answer(const exchange::Call& call) {
  const std::string_view method = ShortName(call.method);
  if (const auto fault = policy::FaultIn(*call.request)) {
    return {nullptr, exchange::BadInput("request.bad_value", WordsOf(*fault))};
  }
  auto admitted = Admit(call.caller, method, SubjectOf(*call.request));
  if (auto* refusal = std::get_if<Refusal>(&admitted)) return {nullptr, std::move(*refusal)};
  const Viewer& viewer = std::get<Viewer>(admitted);
  const Asked asked{viewer, options_.environment, options_.development,
                    environment_.settings.version, Now()};
  return AnswerTo(method, asked, *call.request, world_, board_, account_);
}

}  // namespace exitbus::console
