// What two authorities hold of each other, told and compared: the answer to "what do you hold of
// me?", page by page, and how it differs from this store.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/exchange/post_commit_actions.h"

namespace exitbus::exchange::v1 {
class Holdings;
}

namespace exitbus::exchange {

class Transaction;

// Where the answer to one peer has come to.
struct HoldingsCursor {
  bool receipted = false;  // first what was received from the peer, then what it receipted
  int channel = 0;
  std::string after;
};

// The next page of what this store holds of `peer`, the nonce and the page's number not in it; the
// last one ends the answer.
// `statements` are those about a subject that the peer has had.
using SharedStatements =
    std::function<std::vector<std::string>(const std::string& subject, const std::string& peer)>;
v1::Holdings NextPage(Transaction& transaction, const std::string& peer,
                      const SharedStatements& statements, HoldingsCursor& cursor);

// One correspondence of which the peer holds more than this store does, or something else.
struct Difference {
  bool sent = false;  // by us; else received
  CorrespondenceId id;
  std::uint64_t here = 0;   // the last number in this store
  std::uint64_t there = 0;  // the last one that the peer holds, or holds a receipt for
  std::string head_there;   // of the link at `there`
  absl::Time taken = absl::InfinitePast();   // when the peer took that one, if it said
  std::vector<std::string> statements = {};  // that the peer shows about the subject

  // How many letters this store lacks; 1 where only the heads differ.
  std::uint64_t letters() const { return there > here ? there - here : 1; }
};

// What a page says that this store does not know of. Nothing where the peer is behind us: that is
// for it to find.
std::vector<Difference> Compare(Transaction& transaction, const std::string& peer,
                                const v1::Holdings& page);

// Whether the peer keeps a later checkpoint of ours than this store, or another one of a number.
bool HoldsLaterCheckpoint(Transaction& transaction, const v1::Holdings& page);

}  // namespace exitbus::exchange
