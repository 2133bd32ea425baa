#include "tests/simulation/random/mutants.h"

#include <google/protobuf/message.h>

#include "services/exchange/aggregate.h"
#include "services/exchange/ports/fault.h"
#include "tests/simulation/random/around.h"
#include "tests/simulation/random/crowd.h"

namespace exitbus::simulation {
namespace {

using exchange::Durability;
using exchange::Store;
using exchange::Table;
using exchange::Write;
using google::protobuf::Message;

constexpr int kSeldom = 40;   // one commit of so many goes wrong
constexpr int kSkipped = 10;  // one event of so many does not show

// Whose store is wrong.
class OfStore : public Mutant {
 public:
  using Commit = StoreAround::Commit;
  explicit OfStore(Commit commit) : commit_(std::move(commit)) {}

  void StandBetween(Node& node, exchange::Environment& environment, Store*& keys) override {
    stores_[node.id()] = std::make_unique<StoreAround>(environment.store, commit_);
    environment.store = stores_[node.id()].get();
  }

 private:
  const Commit commit_;
  std::map<std::string, std::unique_ptr<StoreAround>> stores_;
};

// All that is written to these tables is lost; or only what is put there.
std::unique_ptr<Mutant> Forgetting(std::set<Table> tables) {
  return std::make_unique<OfStore>(
      [tables](Store& inner, Durability durability, const std::vector<Write>& writes) {
        std::vector<Write> kept;
        for (const Write& write : writes) {
          if (!tables.contains(write.table) || !write.value) kept.push_back(write);
        }
        return inner.Commit(durability, kept);
      });
}

std::unique_ptr<Mutant> DroppingCommits() {
  return std::make_unique<OfStore>(
      [n = 0](Store& inner, Durability durability, const std::vector<Write>& writes) mutable {
        return ++n % kSeldom == 0 ? absl::OkStatus() : inner.Commit(durability, writes);
      });
}

std::unique_ptr<Mutant> TearingCommits() {
  return std::make_unique<OfStore>(
      [n = 0](Store& inner, Durability durability, const std::vector<Write>& writes) mutable {
        if (++n % kSeldom != 0) return inner.Commit(durability, writes);
        const auto half = static_cast<std::ptrdiff_t>(writes.size() / 2);
        return inner.Commit(durability, {writes.begin(), writes.begin() + half});
      });
}

std::unique_ptr<Mutant> TakingFailuresForDone() {
  return std::make_unique<OfStore>(
      [](Store& inner, Durability durability, const std::vector<Write>& writes) {
        (void)inner.Commit(durability, writes);
        return absl::OkStatus();
      });
}

// Whose vault's keys are never destroyed.
class KeepingKeys : public Mutant {
 public:
  void StandBetween(Node& node, exchange::Environment&, Store*& keys) override {
    stores_[node.id()] = std::make_unique<StoreAround>(
        keys, [](Store& inner, Durability durability, const std::vector<Write>& writes) {
          std::vector<Write> kept;
          for (const Write& write : writes) {
            if (write.value) kept.push_back(write);
          }
          return inner.Commit(durability, kept);
        });
    keys = stores_[node.id()].get();
  }

 private:
  std::map<std::string, std::unique_ptr<StoreAround>> stores_;
};

class Trusting : public CryptoAround {
 public:
  using CryptoAround::CryptoAround;
  bool Verify(std::string_view, std::string_view, std::string_view) const override { return true; }
};
// In the clear, where it was asked to seal or to encrypt.
class Open : public CryptoAround {
 public:
  using CryptoAround::CryptoAround;
  std::string Encrypt(std::string_view key, std::string_view header,
                      std::string_view plain) const override {
    return plain.size() < 100 ? inner_->Encrypt(key, header, plain)
                              : absl::StrCat(kMark, std::string(plain));
  }
  absl::StatusOr<std::string> Decrypt(std::string_view key, std::string_view header,
                                      std::string_view cipher) const override {
    if (!cipher.starts_with(kMark)) return inner_->Decrypt(key, header, cipher);
    return std::string(cipher.substr(sizeof(kMark) - 1));
  }

 private:
  static constexpr char kMark[] = "open:";
};

template <class Wrong>
class OfCrypto : public Mutant {
 public:
  void StandBetween(Node&, exchange::Environment& environment, Store*&) override {
    if (wrong_ == nullptr) wrong_ = std::make_unique<Wrong>(environment.crypto);
    environment.crypto = wrong_.get();
  }

 private:
  std::unique_ptr<Wrong> wrong_;
};

// Whose deciders are wrong.
class OfDeciders : public Mutant {
 public:
  using Wrong = std::function<void(exchange::Aggregate&)>;
  explicit OfDeciders(Wrong wrong) : wrong_(std::move(wrong)) {}
  void Change(exchange::Service& service) override {
    for (exchange::Aggregate& aggregate : service.aggregates) wrong_(aggregate);
  }

 private:
  const Wrong wrong_;
};

exchange::Decision WithoutLetters(const exchange::Decision& right) {
  exchange::Decision wrong;
  for (const auto& event : right.events()) wrong.AddEvent(*event);
  return wrong;
}

std::unique_ptr<Mutant> TellingNobody() {
  return std::make_unique<OfDeciders>([](exchange::Aggregate& aggregate) {
    for (exchange::Method& method : aggregate.methods) {
      if (!method.name.ends_with(".TakeOverCase")) continue;
      method.decide = [right = method.decide](const Message& state, const Message& request,
                                              const exchange::DecisionContext& context) {
        const exchange::Decision decision = right(state, request, context);
        return decision.accepted() ? WithoutLetters(decision) : decision;
      };
    }
  });
}

// What happened does not always show in the state.
std::unique_ptr<Mutant> SkippingEvents() {
  return std::make_unique<OfDeciders>([](exchange::Aggregate& aggregate) {
    if (aggregate.evolve == nullptr) return;
    // Not in the journal, so that the state is another one than it says.
    aggregate.evolve = [right = aggregate.evolve, n = 0](Message& state,
                                                         const Message& event) mutable {
      if (++n % kSkipped == 0) return;
      right(state, event);
    };
  });
}

// The responsibility that a take-over moves is kept.
std::unique_ptr<Mutant> KeepingResponsibility() {
  return std::make_unique<OfDeciders>([](exchange::Aggregate& aggregate) {
    if (aggregate.decide_letter == nullptr) return;
    aggregate.decide_letter = [right = aggregate.decide_letter](
                                  const Message& state, const exchange::LetterPlace& place,
                                  const exchange::v1::Body& body,
                                  const exchange::DecisionContext& context) {
      if (body.has_case_taken_over()) return exchange::Decision::NoEffect("simulation.ignored");
      return right(state, place, body, context);
    };
  });
}

using Made = std::unique_ptr<Mutant> (*)();
const std::map<std::string, Made>& All() {
  static const auto* const all = new std::map<std::string, Made>{
      {"commit_dropped", &DroppingCommits},
      {"commit_torn", &TearingCommits},
      {"failed_commit_taken_for_done", &TakingFailuresForDone},
      {"timers_lost", [] { return Forgetting({Table::kTimers}); }},
      {"outcomes_lost", [] { return Forgetting({Table::kOutcomes}); }},
      {"outbox_lost", [] { return Forgetting({Table::kOutbox}); }},
      {"inbox_lost", [] { return Forgetting({Table::kInbox}); }},
      {"received_lost", [] { return Forgetting({Table::kCorrespondencesIn}); }},
      {"journal_lost", [] { return Forgetting({Table::kJournal}); }},
      {"keys_kept", []() -> std::unique_ptr<Mutant> { return std::make_unique<KeepingKeys>(); }},
      {"signatures_believed",
       []() -> std::unique_ptr<Mutant> { return std::make_unique<OfCrypto<Trusting>>(); }},
      {"stored_in_the_clear",
       []() -> std::unique_ptr<Mutant> { return std::make_unique<OfCrypto<Open>>(); }},
      {"take_over_untold", &TellingNobody},
      {"events_skipped", &SkippingEvents},
      {"responsibility_kept", &KeepingResponsibility},
  };
  return *all;
}

}  // namespace

const std::vector<std::string>& MutantNames() {
  static const auto* const names = [] {
    auto* const all = new std::vector<std::string>();
    for (const auto& [name, made] : All()) all->push_back(name);
    return all;
  }();
  return *names;
}

std::unique_ptr<Mutant> MakeMutant(const std::string& name) {
  const auto found = All().find(name);
  if (found == All().end()) exchange::ProgramFault("no such mutant", name);
  return found->second();
}

}  // namespace exitbus::simulation
