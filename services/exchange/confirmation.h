// Whether this store is the newest there is of this authority. A backup that is put back, or a
// folder that was not mounted, looks whole from inside; only others know what it has forgotten. So
// every authority is asked at every start, and until enough have answered nothing is signed that
// moves responsibility (docs/decisions/0022).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/exchange/aggregate.h"
#include "services/exchange/holdings.h"
#include "services/exchange/keys.h"

namespace exitbus::exchange::v1 {
class Inquiry;
}

namespace exitbus::store::v1 {
class Behind;
}

namespace exitbus::exchange {

class Store;
class Transaction;
class UnitOfWork;
struct Environment;

inline constexpr char kNotConfirmed[] = "store.not_confirmed";
inline constexpr char kBehind[] = "store.behind_its_peers";

// The peers that were found to hold more than this store, as it says itself.
absl::StatusOr<std::map<std::string, store::v1::Behind>> PeersAhead(Store& store);

// Lives on the engine's thread.
class Confirmation {
 public:
  Confirmation(const Environment* environment, const Service* service)
      : environment_(environment), service_(service) {}

  // What was learnt before this start. Who is behind stays so until an operator has acted.
  absl::Status Load();
  void OnCluster();  // the bus answers: asks whoever has not answered
  void OnCaughtUp();
  void Tick();  // each second: asks again, answers who asked, says how it stands

  // From a verified record of `peer`.
  void TakeInquiry(const std::string& peer, const v1::Inquiry& inquiry);
  // What these say is written in the work, and known here once that is committed.
  void TakeHoldings(UnitOfWork& work, const std::string& peer, const v1::Holdings& page);
  // Since when this start has asked what the page answers; nullopt: it answers an older start.
  std::optional<absl::Time> AskedSince(const v1::Holdings& page) const;
  // `peer` receipted a letter that this store never sent. Whether that says that we are behind:
  // only while that peer has not answered since this start; a store that runs does not go back.
  bool TakeUnsent(UnitOfWork& work, const std::string& peer);

  // An operator answers for it: changes no longer wait for who has not been heard since this start.
  void Accept() { accepted_ = true; }
  // The store follows what this peer holds: in the transaction, and once that is committed.
  void Forgive(Transaction& transaction, const std::string& peer) const;
  void Forgiven(const std::string& peer);

  bool behind() const { return !behind_.empty(); }
  bool HasAnswered(const std::string& peer) const;  // since this start
  // The number of our newest checkpoint at a witness that is not here; 0: none.
  std::uint64_t checkpoint_there() const { return checkpoint_there_; }
  std::size_t heard() const { return heard_; }   // how many have answered since this start
  std::vector<std::string> ahead_of_us() const;  // the peers that hold more
  std::vector<std::string> unheard() const;      // since this start
  // What they told since this start that is not here.
  const std::map<std::string, std::vector<Difference>>& differences() const { return differences_; }

  // Why a change may not be decided now; nullopt: it may. `counterparts`: the case's own.
  std::optional<Refusal> Refuses(Needs needs, const std::vector<std::string>& counterparts) const;
  // While behind: says so with an answer, and whom to phone of what it tells others, rows from the
  // `first` on, since nothing reaches them.
  void Mark(Answer& answer, const std::vector<OutboxKey>& new_rows, std::size_t first) const;
  // Whether it is worth waiting a little with such a call.
  bool MayStillCome() const;
  // Why nothing is published to this peer for now; empty: it may be.
  std::string_view HoldsBack(const std::string& peer) const;
  // Whether a checkpoint may be made: one more of a number that a witness holds would stop us
  // there.
  bool MayMakeCheckpoint() const;

 private:
  struct Asked {
    bool answered = false;
    std::uint32_t next_page = 0;
    std::size_t kept_bytes = 0;  // of its differences
    absl::Time next_try = absl::InfinitePast();
    absl::Duration back_off;
  };
  struct Answering {
    std::string nonce;
    HoldingsCursor cursor;
    std::uint32_t page = 0;
  };
  struct Claim {
    std::uint64_t letters = 0;
    absl::Time newest = absl::InfinitePast();
  };

  // A page of an answer.
  struct Heard;

  bool WaitIsOver() const;
  bool Counts(const std::string& peer) const;  // it can be waited for at all
  bool WitnessConfirmed() const;
  std::vector<std::string> Missing(const std::vector<std::string>& counterparts) const;
  void AskAll();
  void Ask(const std::string& peer);
  void AnswerSome();
  void Learn(const std::string& peer, Heard heard);
  // `all` that the peer holds more, with the `letters` it has just said.
  void NoteBehind(const std::string& peer, const Claim& all, std::uint64_t letters,
                  std::string_view why);
  void Keep(Transaction& transaction, const std::string& peer, const Claim& claim,
            std::string_view why) const;
  void Measure();

  std::vector<std::string> StatementsAbout(Transaction& transaction, const std::string& subject,
                                           const std::string& peer) const;

  const Environment* environment_;
  const Service* service_;
  std::string nonce_;
  absl::Time nonce_made_;
  // Whom the directory listed then. One that it lists since had nothing of us before, and a store
  // that runs does not go back.
  std::set<std::string, std::less<>> listed_at_start_;
  absl::Time waiting_since_;  // the start, or when it first had hope of hearing anybody
  bool topics_read_ = false;
  bool accepted_ = false;
  std::size_t heard_ = 0;
  std::uint64_t checkpoint_there_ = 0;
  std::map<std::string, Asked> asked_;
  // When the next of them is due, of whom this version of the directory lists.
  absl::Time next_round_ = absl::InfinitePast();
  std::optional<std::uint64_t> listed_;
  std::map<std::string, Answering> answering_;
  std::map<std::string, Claim> behind_;  // by peer that holds more
  std::map<std::string, std::vector<Difference>> differences_;
};

}  // namespace exitbus::exchange
