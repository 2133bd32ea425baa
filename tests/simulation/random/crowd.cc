#include "tests/simulation/random/crowd.h"

#include <google/protobuf/message.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "tests/simulation/random/mutants.h"

namespace exitbus::simulation {
namespace {

std::string RequestIdOf(const google::protobuf::Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
  return field == nullptr ? "" : request.GetReflection()->GetString(request, field);
}

std::string ShortName(const std::string& method) {
  const std::vector<std::string> parts = absl::StrSplit(method, '.');
  return parts.back();
}

void Hear(Crowd& crowd, Node& node, const std::string& method,
          const google::protobuf::Message& request, const exchange::Answer& answer) {
  const std::string id = RequestIdOf(request);
  if (id.empty()) return;  // it changes nothing
  const std::string name = ShortName(method);
  const std::string outcome = answer.reply != nullptr ? "ok" : answer.refusal.reason;
  crowd.Note(absl::StrCat(node.id(), " ", name, ": ", outcome));
  ++crowd.report.outcomes[absl::StrCat(name, ": ", outcome)];
  for (const std::string& fault : crowd.struck) crowd.report.pairs.insert({fault, name});
  crowd.struck.clear();
  if (answer.reply == nullptr) return;
  Acknowledged done{&node, node.caller(), method, nullptr, IdIn(*answer.reply)};
  std::shared_ptr<google::protobuf::Message> copy(request.New());
  copy->CopyFrom(request);
  done.request = std::move(copy);
  crowd.acknowledged.push_back(std::move(done));
}

void StandBetween(Crowd& crowd, Node& node, exchange::Environment& environment,
                  exchange::Store*& keys) {
  Clocks& clocks = crowd.clocks[node.id()];
  clocks.wall.right = &crowd.at.world.clock;
  clocks.domain.right = &crowd.at.world.domain_clock;
  clocks.wall.off = clocks.domain.off = &clocks.off;
  environment.wall_clock = &clocks.wall;
  environment.clock = &clocks.domain;
  if (crowd.mutant != nullptr) crowd.mutant->StandBetween(node, environment, keys);
}

}  // namespace

std::string IdIn(const google::protobuf::Message& reply) {
  using google::protobuf::FieldDescriptor;
  const FieldDescriptor* resource = reply.GetDescriptor()->FindFieldByNumber(1);
  if (resource == nullptr || resource->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
      resource->is_repeated()) {
    return "";
  }
  const auto& held = reply.GetReflection()->GetMessage(reply, resource);
  const FieldDescriptor* id = held.GetDescriptor()->FindFieldByNumber(1);
  return id != nullptr && id->cpp_type() == FieldDescriptor::CPPTYPE_STRING && !id->is_repeated()
             ? held.GetReflection()->GetString(held, id)
             : "";
}

Crowd::Crowd(const RunOptions& options)
    : at(options.seed),
      chance(options.seed),
      nodes(at.All()),
      holders{&at.ishoej, &at.albertslund, &at.odense, &at.prison} {
  World& world = at.world;
  if (!options.mutant.empty()) mutant = MakeMutant(options.mutant);
  world.supervised = true;
  world.hears = [this](Node& node, const std::string& method,
                       const google::protobuf::Message& request, const exchange::Answer& answer) {
    Hear(*this, node, method, request, answer);
  };
  world.between = [this](Node& node, exchange::Environment& environment, exchange::Store*& keys) {
    StandBetween(*this, node, environment, keys);
  };
  world.another_version = [this](exchange::Service& service) {
    if (mutant != nullptr) mutant->Change(service);
  };
  for (Node* const node : nodes) {
    node->Crash();
    node->Start();
  }
}

Crowd::~Crowd() {
  for (Node* const node : nodes) node->Crash();  // before what stands between
}

void Crowd::Note(const std::string& line) {
  const double since = absl::ToDoubleSeconds(at.world.clock.Now() - absl::UnixEpoch());
  report.trace.push_back(absl::StrFormat("%.3f %s", since, line));
  for (const char c : report.trace.back()) {
    report.hash = (report.hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
}

void Crowd::Struck(const std::string& fault, const std::string& what) {
  Note(absl::StrCat("(", fault, " ", what, ")"));
  ++report.faults[fault];
  struck.insert(fault);
}

void Crowd::Break(const std::string& invariant, const std::string& text) {
  constexpr std::size_t kTold = 20;
  if (report.violations.size() < kTold) report.violations.push_back({invariant, text});
  Note(absl::StrCat(invariant, " ", text));
}

}  // namespace exitbus::simulation
