// A table's rows: commands and messages by name, and what is decided about them, in its words.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "services/exchange/aggregate.h"

namespace exitbus::tables {

class Inputs {
 public:
  // Messages come as `place` says where nothing else is said.
  Inputs(exchange::Aggregate aggregate, exchange::LetterPlace place);

  // "<Kind" or a method's name, and after a comma what is special about this one. `text` is what it
  // says, in protobuf's text format.
  Inputs& Message(const std::string& name, const std::string& text);
  Inputs& MessageFrom(const exchange::LetterPlace& place, const std::string& name,
                      const std::string& text);
  Inputs& Command(const std::string& name, const std::string& text,
                  const exchange::Caller& caller = {});
  // What the matrix "inputs" of this table says (matrix.h).
  Inputs& FromTable(const std::string& path);
  // Each kind of message that none of these is, empty: all that the aggregate takes, or `kinds` of
  // them; each change whose request has a field `id`, with this value and nothing else. So a new
  // one is asked for in the table.
  Inputs& OtherMessages();
  Inputs& OtherMessages(const std::set<int>& kinds);
  Inputs& OtherCommands(const std::string& id, const std::string& value);

  const exchange::Aggregate& aggregate() const { return *aggregate_; }
  std::vector<std::string> Names() const;
  exchange::Decision Decide(const std::string& name, const google::protobuf::Message& state,
                            const exchange::DecisionContext& context) const;

 private:
  using Input = std::function<exchange::Decision(const google::protobuf::Message& state,
                                                 const exchange::DecisionContext& context)>;
  void Add(const std::string& name, Input input);

  std::shared_ptr<const exchange::Aggregate> aggregate_;
  exchange::LetterPlace place_;
  std::map<std::string, Input> inputs_;
};

// "refused RULE", "no effect NAME", "waits"; otherwise "STAGE: what happened, erases, tells Kind to
// the relation, reports NAME", each part where there is one, the stage where it is another one.
std::string Said(const exchange::Decision& decision, const exchange::Aggregate& aggregate,
                 const google::protobuf::Message& state,
                 const std::function<std::string(const google::protobuf::Message&)>& stage_of);

// Bytes as the text format has them, quoted.
std::string Quoted(const std::string& bytes);

}  // namespace exitbus::tables
