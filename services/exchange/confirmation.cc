#include "services/exchange/confirmation.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/attempt.h"
#include "services/exchange/environment.h"
#include "services/exchange/event_store.h"
#include "services/exchange/membership.h"
#include "services/exchange/meta_keys.h"
#include "services/exchange/ports/bus.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/publisher.h"
#include "services/exchange/sealing.h"
#include "services/exchange/transaction.h"
#include "services/exchange/unit_of_work.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kPeersMax = 10000;
constexpr int kNonceBytes = 32;
constexpr int kPagesAtOnce = 8;
// What of one peer's differences is kept; the rest is told again at the next start.
constexpr std::size_t kDifferenceBytesMax = 16 << 20;
constexpr absl::Duration kFirstBackOff = absl::Seconds(5);
constexpr absl::Duration kLastBackOff = absl::Minutes(5);

void Publish(const Environment& environment, const std::string& peer, const v1::Packet& packet) {
  const auto recipient = environment.directory->Find(peer);
  if (!recipient) return;
  // What is lost is asked for again.
  environment.publisher->Publish(
      Priority::kOrdinary, SealRecord(environment, *recipient, policy::v1::CHANNEL_RECEIPT, packet),
      [](const absl::StatusOr<PublishedAt>&) {});
}

std::size_t BytesOf(const Difference& difference) {
  std::size_t bytes =
      sizeof(difference) + difference.id.subject.size() + difference.head_there.size();
  for (const std::string& statement : difference.statements) {
    bytes += sizeof(statement) + statement.size();
  }
  return bytes;
}

}  // namespace

absl::StatusOr<std::map<std::string, store::v1::Behind>> PeersAhead(Store& store) {
  const auto rows = store.Scan(Table::kMeta, MetaKey{Meta::kBehind, ""}.Encode(), "", kPeersMax);
  if (!rows.ok()) return rows.status();
  std::map<std::string, store::v1::Behind> peers;
  for (const Row& row : *rows) {
    store::v1::Behind& behind = peers[MetaKey::Decode(Meta::kBehind, row.key)->of];
    if (!behind.ParseFromString(row.value)) behind.set_why("unreadable");
  }
  return peers;
}

absl::Status Confirmation::Load() {
  nonce_ = environment_->random->Bytes(kNonceBytes);
  nonce_made_ = environment_->wall_clock->Now();
  waiting_since_ = nonce_made_;
  for (const auto& entry : environment_->directory->All()) listed_at_start_.insert(entry->id);
  const auto ahead = PeersAhead(*environment_->store);
  if (!ahead.ok()) return ahead.status();
  for (const auto& [peer, row] : *ahead) {
    behind_[peer] = {row.letters(),
                     row.has_newest() ? FromProto(row.newest()) : absl::InfinitePast()};
  }
  if (!behind_.empty()) {
    environment_->telemetry->Log(Severity::kError, "store.behind",
                                 {{"peers", absl::StrCat(behind_.size())}, {"since", "before"}});
  }
  const auto self = environment_->directory->Find(environment_->self);
  if (self == nullptr || self->witnesses.empty()) {
    environment_->telemetry->Log(Severity::kWarning, "store.no_witness_to_confirm", {});
  }
  return absl::OkStatus();
}

void Confirmation::OnCluster() {
  if (!topics_read_) waiting_since_ = environment_->wall_clock->Now();
  for (auto& [peer, asked] : asked_) asked.next_try = absl::InfinitePast();
  next_round_ = absl::InfinitePast();
  AskAll();
}

void Confirmation::OnCaughtUp() {
  if (!topics_read_) waiting_since_ = environment_->wall_clock->Now();
  topics_read_ = true;
}

void Confirmation::Tick() {
  AskAll();
  AnswerSome();
  Measure();
}

void Confirmation::AskAll() {
  if (!environment_->publisher->open()) return;
  const absl::Time now = environment_->wall_clock->Now();
  const std::uint64_t listed = environment_->directory->content();
  if (listed == listed_ && now < next_round_) return;
  listed_ = listed;
  next_round_ = absl::InfiniteFuture();
  for (const auto& entry : environment_->directory->All()) {
    if (entry->id == environment_->self || !MayWriteTo(*environment_, entry->id)) continue;
    Asked& asked = asked_.try_emplace(entry->id, Asked{.back_off = kFirstBackOff}).first->second;
    if (asked.answered) continue;
    if (now >= asked.next_try) {
      asked.next_try = now + asked.back_off;
      asked.back_off = std::min(asked.back_off * 2, kLastBackOff);
      Ask(entry->id);
    }
    next_round_ = std::min(next_round_, asked.next_try);
  }
}

void Confirmation::Ask(const std::string& peer) {
  v1::Packet packet;
  packet.mutable_inquiry()->set_nonce(nonce_);
  Publish(*environment_, peer, packet);
}

void Confirmation::TakeInquiry(const std::string& peer, const v1::Inquiry& inquiry) {
  if (inquiry.nonce().size() != kNonceBytes) return;
  // The newest counts, and it is answered with the next tick: who asks often costs no more.
  answering_[peer] = {inquiry.nonce(), {}, 0};
}

std::vector<std::string> Confirmation::StatementsAbout(Transaction& transaction,
                                                       const std::string& subject,
                                                       const std::string& peer) const {
  for (const Aggregate& aggregate : service_->aggregates) {
    if (!aggregate.shared_statements) continue;
    const Attempt look(transaction);  // one that cannot be read is not shown, the others are
    EventStore event_store(&transaction, environment_->vault, environment_->crypto);
    const auto loaded = event_store.FindAbout(aggregate, *environment_->directory, peer, subject);
    if (loaded) return aggregate.shared_statements(*loaded->state, subject, peer);
  }
  return {};
}

void Confirmation::AnswerSome() {
  // Not before what it has sent us has been read: else it would be told less than we shall hold.
  if (!topics_read_ || !environment_->publisher->open()) return;
  Transaction committed(*environment_);
  const SharedStatements statements = [&](const std::string& subject, const std::string& peer) {
    return StatementsAbout(committed, subject, peer);
  };
  for (auto it = answering_.begin(); it != answering_.end();) {
    auto& [peer, answering] = *it;
    bool done = !MayWriteTo(*environment_, peer);
    for (int i = 0; i < kPagesAtOnce && !done; ++i) {
      v1::Packet packet;
      *packet.mutable_holdings() = NextPage(committed, peer, statements, answering.cursor);
      if (!committed.status().ok()) {  // from its beginning, at the next tick
        answering = {answering.nonce, {}, 0};
        return;
      }
      packet.mutable_holdings()->set_nonce(answering.nonce);
      packet.mutable_holdings()->set_page(answering.page++);
      done = packet.holdings().last();
      Publish(*environment_, peer, packet);
    }
    it = done ? answering_.erase(it) : std::next(it);
  }
}

std::optional<absl::Time> Confirmation::AskedSince(const v1::Holdings& page) const {
  return page.nonce() == nonce_ ? std::optional(nonce_made_) : std::nullopt;
}

struct Confirmation::Heard {
  std::uint32_t page = 0;
  bool last = false;
  std::vector<Difference> differences;
  std::uint64_t letters = 0;     // that this store lacks, by this page
  Claim all;                     // with those of the pages before it
  std::uint64_t checkpoint = 0;  // a later one of ours; 0: none
  std::string_view why;
};

void Confirmation::TakeHoldings(UnitOfWork& work, const std::string& peer,
                                const v1::Holdings& page) {
  const auto found = asked_.find(peer);
  if (found == asked_.end() || page.nonce() != nonce_) {
    return environment_->telemetry->Count("holdings.of_another_start", {});
  }
  const Asked& asked = found->second;
  // It is asked again, or was.
  if (asked.answered || (page.page() != 0 && page.page() != asked.next_page)) return;
  Transaction& transaction = work.transaction();
  Heard heard;
  heard.page = page.page();
  heard.last = page.last();
  heard.differences = Compare(transaction, peer, page);
  if (const auto before = behind_.find(peer); before != behind_.end()) heard.all = before->second;
  if (page.page() == 0) heard.all.letters = 0;  // it says it anew, and more exactly
  for (const Difference& difference : heard.differences) {
    heard.letters += difference.letters();
    heard.all.newest = std::max(heard.all.newest, difference.taken);
    heard.why = "correspondences";
  }
  if (page.last() && HoldsLaterCheckpoint(transaction, page)) {
    heard.checkpoint = page.checkpoint_number();
    ++heard.letters;
    heard.why = "checkpoint";
  }
  heard.all.letters += heard.letters;
  if (!heard.why.empty()) Keep(transaction, peer, heard.all, heard.why);
  work.actions().learnt.emplace_back(
      [this, peer, heard = std::move(heard)]() mutable { Learn(peer, std::move(heard)); });
}

void Confirmation::Learn(const std::string& peer, Heard heard) {
  Asked& asked = asked_.at(peer);
  if (heard.page == 0) {
    differences_.erase(peer);
    asked.kept_bytes = 0;
    if (behind_.contains(peer)) behind_[peer].letters = 0;
  }
  asked.next_page = heard.page + 1;
  for (Difference& difference : heard.differences) {
    asked.kept_bytes += BytesOf(difference);
    if (asked.kept_bytes <= kDifferenceBytesMax)
      differences_[peer].push_back(std::move(difference));
  }
  if (!heard.why.empty()) NoteBehind(peer, heard.all, heard.letters, heard.why);
  if (!heard.last) return;
  checkpoint_there_ = std::max(checkpoint_there_, heard.checkpoint);
  asked.answered = true;
  ++heard_;
}

bool Confirmation::TakeUnsent(UnitOfWork& work, const std::string& peer) {
  if (HasAnswered(peer) || !Counts(peer)) return false;
  if (behind_.contains(peer)) return true;
  static constexpr char kWhy[] = "receipt_for_unsent";
  const Claim one{1, absl::InfinitePast()};
  Keep(work.transaction(), peer, one, kWhy);
  work.actions().learnt.emplace_back([this, peer, one] {
    if (!behind_.contains(peer)) NoteBehind(peer, one, one.letters, kWhy);
  });
  return true;
}

void Confirmation::Keep(Transaction& transaction, const std::string& peer, const Claim& claim,
                        std::string_view why) const {
  store::v1::Behind row;
  row.set_letters(claim.letters);
  if (claim.newest > absl::InfinitePast()) *row.mutable_newest() = ToProto(claim.newest);
  *row.mutable_learnt() = ToProto(environment_->clock->Now());
  row.set_why(std::string(why));
  transaction.Put(Table::kMeta, MetaKey{Meta::kBehind, peer}.Encode(), row.SerializeAsString());
}

void Confirmation::NoteBehind(const std::string& peer, const Claim& all, std::uint64_t letters,
                              std::string_view why) {
  const bool first = behind_.empty();
  behind_[peer] = all;
  environment_->telemetry->Log(
      Severity::kError, "store.behind",
      {{"peers", absl::StrCat(behind_.size())},
       {"letters", absl::StrCat(letters)},
       {"why", std::string(why)},
       {"newest", all.newest > absl::InfinitePast() ? absl::FormatTime(all.newest) : "unknown"},
       {"remedy", "exitctl recovery status"}});
  if (first) environment_->telemetry->Count("store.found_behind", {});
  Measure();
}

void Confirmation::Forgive(Transaction& transaction, const std::string& peer) const {
  transaction.Erase(Table::kMeta, MetaKey{Meta::kBehind, peer}.Encode());
}

void Confirmation::Forgiven(const std::string& peer) {
  behind_.erase(peer);
  differences_.erase(peer);
  checkpoint_there_ = 0;
}

void Confirmation::Measure() {
  std::uint64_t letters = 0;
  for (const auto& [peer, claim] : behind_) letters += claim.letters;
  std::size_t unheard = 0;
  for (const auto& [peer, asked] : asked_) unheard += asked.answered ? 0 : 1;
  environment_->telemetry->Set("store.behind_peers", {}, static_cast<double>(behind_.size()));
  environment_->telemetry->Set("store.behind_letters", {}, static_cast<double>(letters));
  environment_->telemetry->Set("store.unheard_peers", {}, static_cast<double>(unheard));
}

}  // namespace exitbus::exchange
