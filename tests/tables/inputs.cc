#include "tests/tables/inputs.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/part.h"
#include "services/exchange/ports/fault.h"
#include "tests/tables/matrix.h"

namespace exitbus::tables {
namespace {

using exchange::Decision;
using exchange::DecisionContext;
using exchange::LetterPlace;
using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::MessageFactory;
using Proto = google::protobuf::Message;

std::string KindIn(const std::string& name) { return name.substr(0, name.find(',')); }

// A name or a text that is none is the test's own mistake.
void Require(bool right, const std::string& what) {
  if (!right) exchange::ProgramFault(what);
}

struct Silent : google::protobuf::io::ErrorCollector {
  void AddError(int, int, const std::string&) override {}
};

bool Fill(Proto& message, const std::string& text) {
  Silent silent;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&silent);
  return parser.ParseFromString(text, &message);
}

const Descriptor* RequestOf(const exchange::Method& method) {
  return DescriptorPool::generated_pool()->FindMethodByName(method.name)->input_type();
}

std::string ShortName(const exchange::Method& method) {
  return method.name.substr(method.name.rfind('.') + 1);
}

// What happened, as a person says it: the event's kind.
std::string InWords(const Proto& event) {
  const auto* kind =
      event.GetReflection()->GetOneofFieldDescriptor(event, event.GetDescriptor()->oneof_decl(0));
  return absl::StrReplaceAll(kind->name(), {{"_", " "}});
}

std::string InWords(policy::v1::Relation relation) {
  std::string name = policy::v1::Relation_Name(relation).substr(sizeof("RELATION_") - 1);
  return absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"_", " "}});
}

}  // namespace

Inputs::Inputs(exchange::Aggregate aggregate, LetterPlace place)
    : aggregate_(std::make_shared<const exchange::Aggregate>(std::move(aggregate))),
      place_(std::move(place)) {}

void Inputs::Add(const std::string& name, Input input) {
  Require(inputs_.emplace(name, std::move(input)).second, absl::StrCat("twice: ", name));
}

Inputs& Inputs::Message(const std::string& name, const std::string& text) {
  return MessageFrom(place_, name, text);
}

Inputs& Inputs::MessageFrom(const LetterPlace& place, const std::string& name,
                            const std::string& text) {
  const std::string kind = KindIn(name).substr(1);
  exchange::v1::Body body;
  for (const int number : aggregate_->letters) {
    const auto* const member = body.GetDescriptor()->FindFieldByNumber(number);
    if (member->message_type()->name() != kind) continue;
    Require(Fill(*body.GetReflection()->MutableMessage(&body, member), text),
            absl::StrCat(name, ": ", text));
    Add(name,
        [aggregate = aggregate_, place, body](const Proto& state, const DecisionContext& context) {
          return aggregate->decide_letter(state, place, body, context);
        });
    return *this;
  }
  Require(false, absl::StrCat("no such message comes here: ", name));
  return *this;
}

Inputs& Inputs::Command(const std::string& name, const std::string& text,
                        const exchange::Caller& caller) {
  for (const exchange::Method& method : aggregate_->methods) {
    if (!method.decide || ShortName(method) != KindIn(name)) continue;
    const std::shared_ptr<Proto> request(
        MessageFactory::generated_factory()->GetPrototype(RequestOf(method))->New());
    if (!Fill(*request, text)) continue;  // two services have one of this name
    Add(name, [aggregate = aggregate_, &method, request, caller](const Proto& state,
                                                                 DecisionContext context) {
      context.caller = caller;
      if (method.check) {
        if (auto refusal = method.check(*request)) return Decision::Refuse(*std::move(refusal));
      }
      return method.decide(state, *request, context);
    });
    return *this;
  }
  Require(false, absl::StrCat("no such command: ", name, ": ", text));
  return *this;
}

Inputs& Inputs::FromTable(const std::string& path) {
  for (const auto& [name, text] : InputsIn(path)) {
    name.starts_with('<') ? Message(name, text) : Command(name, text);
  }
  return *this;
}

Inputs& Inputs::OtherMessages() { return OtherMessages(aggregate_->letters); }

Inputs& Inputs::OtherMessages(const std::set<int>& kinds) {
  for (const int number : kinds) {
    const auto* const member = exchange::v1::Body::descriptor()->FindFieldByNumber(number);
    const std::string name = absl::StrCat("<", member->message_type()->name());
    if (!inputs_.contains(name)) Message(name, "");
  }
  return *this;
}

Inputs& Inputs::OtherCommands(const std::string& id, const std::string& value) {
  for (const exchange::Method& method : aggregate_->methods) {
    if (!method.decide || RequestOf(method)->FindFieldByName(id) == nullptr) continue;
    const std::string name = ShortName(method);
    if (!inputs_.contains(name)) Command(name, absl::StrCat(id, ": ", Quoted(value)));
  }
  return *this;
}

std::vector<std::string> Inputs::Names() const {
  std::vector<std::string> names;
  for (const auto& [name, input] : inputs_) names.push_back(name);
  return names;
}

Decision Inputs::Decide(const std::string& name, const Proto& state,
                        const DecisionContext& context) const {
  const auto input = inputs_.find(name);
  Require(input != inputs_.end(), absl::StrCat("no such command or message: ", name));
  return input->second(state, context);
}

std::string Said(const Decision& decision, const exchange::Aggregate& aggregate, const Proto& state,
                 const std::function<std::string(const Proto&)>& stage_of) {
  std::vector<std::string> said;
  if (const std::string outcome = OutcomeOf(decision); !outcome.empty()) {
    said.push_back(outcome);
  } else {
    const std::unique_ptr<Proto> after(state.New());
    after->CopyFrom(state);
    std::vector<std::string> happened;
    for (const auto& event : decision.events()) {
      aggregate.evolve(*after, *event);
      happened.push_back(InWords(*event));
    }
    const std::string stage = stage_of(*after);
    const std::string moved = stage == stage_of(state) ? "" : absl::StrCat(stage, ": ");
    said.push_back(absl::StrCat(moved, absl::StrJoin(happened, " and ")));
  }
  if (decision.erases()) said.emplace_back("erases");
  const char* tells = "tells ";
  for (const exchange::Notification& notification : decision.notifications()) {
    said.push_back(absl::StrCat(std::exchange(tells, ""),
                                notification.message->GetDescriptor()->name(), " to the ",
                                InWords(notification.to.relation)));
  }
  for (const auto& report : decision.reports()) {
    said.push_back(absl::StrCat("reports ", report.second));
  }
  return absl::StrJoin(said, ", ");
}

std::string Quoted(const std::string& bytes) {
  return absl::StrCat("\"", absl::CEscape(bytes), "\"");
}

}  // namespace exitbus::tables
