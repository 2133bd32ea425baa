// The rows of the index that a list has to show, in order: all below its prefix, or of them what is
// searched for. Internal to the engine.
#pragma once

#include <string>
#include <vector>

#include "services/exchange/aggregate.h"
#include "services/exchange/ports/store.h"

namespace exitbus::exchange {

class Transaction;
struct Call;
struct Environment;

class ListWalk {
 public:
  // `after`: the key of a row that was returned; empty: from the start.
  ListWalk(Transaction& transaction, const Aggregate& aggregate, const Method& method,
           const Message& request, const Lookup& lookup, std::string after);

  // Some more of them, each with the id of what it names now; none: that was all.
  std::vector<Row> Next();

 private:
  // Of what stands below the first that is searched below, what stands below the others too.
  std::vector<Row> Found(const std::vector<Row>& rows);

  Transaction& transaction_;
  const Aggregate& aggregate_;
  const Method& method_;
  const std::vector<std::string> below_;
  std::string after_;
  bool more_;
};

// A search that has found nobody stands in nobody's account. It is logged by who asked, never with
// what was asked.
void NoteFoundNothing(const Environment& environment, const Call& call);

}  // namespace exitbus::exchange
