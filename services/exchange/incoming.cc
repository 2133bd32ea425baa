#include "services/exchange/incoming.h"

#include <algorithm>
#include <cstddef>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "exitbus/store/v1/waiting.pb.h"
#include "services/exchange/attempt.h"
#include "services/exchange/correspondence.h"
#include "services/exchange/environment.h"
#include "services/exchange/event_store.h"
#include "services/exchange/hop_ids.h"
#include "services/exchange/meta_keys.h"
#include "services/exchange/newer_version.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/unit_of_work.h"
#include "services/exchange/vault.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;

constexpr std::int64_t kSecondsPerDay = 24 * 60 * 60;
constexpr char kNotParsed[] = "letter.not_parsed";
constexpr char kWithheld[] = "withheld";
constexpr char kApplied[] = "applied";
constexpr std::size_t kPeersMax = 10000;

std::string ExtentKey(const std::string& peer) {
  return MetaKey{Meta::kParkedExtent, peer}.Encode();
}

// A count bounds what a peer can do here, and is no fact: a damaged one begins anew.
template <class Count>
Count CountOf(Transaction& transaction, const std::string& key) {
  return LoadOrNone<Count>(transaction, Table::kMeta, key).value_or(Count());
}

// Nothing where it did not wait.
void EraseParked(Transaction& transaction, const std::string& peer, const std::string& key) {
  const auto row = transaction.Get(Table::kParked, key);
  if (!row) return;
  transaction.Erase(Table::kParked, key);
  auto extent = CountOf<store::v1::ParkedExtent>(transaction, ExtentKey(peer));
  extent.set_bytes(extent.bytes() - std::min<std::uint64_t>(extent.bytes(), row->size()));
  transaction.Put(Table::kMeta, ExtentKey(peer), extent.SerializeAsString());
}

}  // namespace

void Incoming::Take(const v1::Link& link, const v1::Letter& letter) {
  const CorrespondenceId id{link.channel(), link.sender(), link.subject()};
  work_.transaction().Fetch({{Table::kCorrespondencesIn, id.Encode()},
                             {Table::kMeta, kJournalHeadKey},
                             {Table::kParked, ParkedKey{id, link.number()}.Encode()}});
  Attempt attempt(work_);
  TakeAtItsPlace(id, link, letter);
  // How far the correspondence has come cannot be read. Its sender keeps the letter too, since it
  // is not receipted.
  if (!attempt.Keep()) Park(id, link.number(), letter);
}

void Incoming::TakeAtItsPlace(const CorrespondenceId& id, const v1::Link& link,
                              const v1::Letter& letter) {
  const store::v1::CorrespondenceIn in = InOf(work_.transaction(), id);
  if (!work_.transaction().status().ok() || !MayTake(id)) return;
  work_.actions().receipts_due.insert(
      id);  // also of what is repeated: the last receipt may be lost
  if (in.stopped()) return;
  if (link.number() <= in.through()) {
    if (IsFork(id, in, letter.link(), link.number())) return Stop(id, "fork");
    work_.environment().telemetry->Count("letters.repeated", {});
    return;
  }
  if (link.number() > in.through() + 1) {
    Park(id, link.number(), letter);
    return;
  }
  if (Advance(id, in, link, letter)) {
    Drain(id);
    Retry(id.subject);
    RetryWaiting();
  }
}

void Incoming::RetryWaiting() {
  const std::string any = MetaKey{Meta::kWaiting, ""}.Encode();
  if (work_.transaction().Scan(Table::kMeta, any, "", 1).empty()) touched_.clear();
  while (!touched_.empty()) {
    const std::string prefix = WaitingKey::Prefix(*touched_.begin());
    touched_.erase(touched_.begin());
    work_.transaction().ForEach(
        Table::kMeta, prefix, [this](const Row& row) { RetryCorrespondence(row.key); }, kParkedMax);
  }
}

void Incoming::RetryCorrespondence(const std::string& waiting) {
  const auto key = WaitingKey::Decode(waiting);
  if (!key) return Damaged(Table::kMeta, waiting);
  work_.transaction().Erase(Table::kMeta, waiting);  // written anew if it still waits
  if (Drain(key->correspondence)) Retry(key->correspondence.subject);
}

void Incoming::Damaged(Table table, const std::string& key) {
  const Attempt look(work_.transaction());  // the others go on
  work_.transaction().Unreadable(table, key);
}

void Incoming::RetryWaitingFor(std::set<std::string> keys) {
  touched_.merge(keys);
  RetryWaiting();
}

void Incoming::RetryAll() {
  const std::string any = MetaKey{Meta::kWaiting, ""}.Encode();
  work_.transaction().ForEach(Table::kMeta, any,
                              [this](const Row& row) { RetryCorrespondence(row.key); });
}

void Incoming::Retry(const std::string& subject) {
  bool moved = true;
  while (moved) {
    moved = false;
    std::set<CorrespondenceId> waiting;
    const std::string prefix = ParkedKey::Prefix(subject);
    for (const Row& row : work_.transaction().Scan(Table::kParked, prefix, "", kParkedMax)) {
      if (const auto key = ParkedKey::Decode(row.key)) {
        waiting.insert(key->correspondence);
      } else {
        Damaged(Table::kParked, row.key);
      }
    }
    for (const CorrespondenceId& id : waiting) moved |= Drain(id);
  }
}

bool Incoming::Drain(const CorrespondenceId& id) {
  bool any = false;
  while (true) {
    Attempt attempt(work_);
    const bool advanced = DrainNext(id);
    if (!attempt.Keep() || !advanced) return any;
    any = true;
  }
}

bool Incoming::DrainNext(const CorrespondenceId& id) {
  const store::v1::CorrespondenceIn in = InOf(work_.transaction(), id);
  if (in.stopped()) return false;  // operators let it go on, and its sender has all of it
  const std::string key = ParkedKey{id, in.through() + 1}.Encode();
  const auto parked = Load<store::v1::ParkedLetter>(work_.transaction(), Table::kParked, key);
  if (!parked || !work_.transaction().status().ok()) return false;
  const auto plain = work_.environment().vault->Decrypt(kAuthorityScope, {Table::kParked, key},
                                                        parked->sealed_letter());
  v1::Letter letter;
  v1::Link link;
  if (!plain.ok() || !letter.ParseFromString(*plain) || !link.ParseFromString(letter.link())) {
    // Its sender publishes it again, and then it is its turn.
    work_.transaction().Unreadable(Table::kParked, key);
    return false;
  }
  if (!Advance(id, in, link, letter)) return false;
  work_.actions().receipts_due.insert(id);
  return true;
}

bool Incoming::Advance(const CorrespondenceId& id, store::v1::CorrespondenceIn in,
                       const v1::Link& link, const v1::Letter& letter) {
  if (link.previous_digest() != in.head_digest()) {
    Stop(id, "chain_broken");
    return false;
  }
  const LetterOutcome outcome = Open(id, letter, link.number(), link.commitment());
  if (outcome.parked) {
    WaitFor(id, outcome.keys, Park(id, link.number(), letter));
    return false;
  }
  touched_.insert(outcome.keys.begin(), outcome.keys.end());
  store::v1::InboxRow row;
  row.set_link_digest(work_.environment().crypto->Digest(letter.link()));
  row.set_outcome(!outcome.refused_by.empty() ? outcome.refused_by
                  : letter.has_content()      ? kApplied
                                              : kWithheld);
  row.set_journal_sequence(JournalHeadOf(work_.transaction()).sequence);
  work_.transaction().Put(Table::kInbox, LetterKey{id, link.number()}.Encode(),
                          row.SerializeAsString());
  // Whichever copy of it was applied, this one or one that came again.
  EraseParked(work_.transaction(), id.peer, ParkedKey{id, link.number()}.Encode());
  in.set_through(link.number());
  in.set_head_digest(row.link_digest());
  if (!outcome.refused_by.empty()) {
    auto* refused = in.add_refused();
    refused->set_number(link.number());
    refused->set_rule(outcome.refused_by);
    KeepLastRefused(*in.mutable_refused());
    in.set_refused_count(in.refused_count() + 1);
  }
  Keep(work_.transaction(), id, in);
  Hop(outcome.refused_by.empty() ? kApplied : "refused", {id, link.number()}, outcome.refused_by);
  return true;
}

LetterOutcome Incoming::Open(const CorrespondenceId& id, const v1::Letter& letter,
                             std::uint64_t number, const std::string& commitment) {
  // Neither the words nor that they are withheld: a newer version says something else, or nothing.
  if (letter.rest_case() == v1::Letter::REST_NOT_SET) {
    if (letter.GetReflection()->GetUnknownFields(letter).empty()) return {false, kNotParsed, {}};
    return {true, "", {kAwaitsUpgrade}};
  }
  if (letter.has_withheld()) return {};  // its number counts, nothing happens
  const v1::Content& content = letter.content();
  v1::Body body;
  if (work_.environment().crypto->Digest(content.salt() + content.body()) != commitment ||
      !body.ParseFromString(content.body())) {
    return {false, kNotParsed, {}};
  }
  // Of a newer contract: nobody here has judged them. A kind that is not known yet waits whole.
  const std::size_t said = body.ByteSizeLong();
  if (body.kind_case() != v1::Body::KIND_NOT_SET) body.DiscardUnknownFields();
  const bool said_more = body.ByteSizeLong() < said;
  LetterOutcome outcome =
      apply_({id.peer, static_cast<pv1::Channel>(id.channel), id.subject, number}, body);
  if (said_more && !outcome.parked) SayLeftOut(work_.environment(), id);
  return outcome;
}

bool Incoming::IsFork(const CorrespondenceId& id, const store::v1::CorrespondenceIn& in,
                      const std::string& link, std::uint64_t number) {
  // What came under a number that was skipped, or whose row is damaged, is not to be known.
  const auto taken = HeadAt(work_.transaction(), id, in, number);
  return taken && *taken != work_.environment().crypto->Digest(link);
}

bool Incoming::MayTake(const CorrespondenceId& id) {
  if (work_.transaction().Get(Table::kCorrespondencesIn, id.Encode()) ||
      !work_.transaction().Scan(Table::kParked, ParkedKey::Prefix(id), "", 1).empty()) {
    return true;
  }
  const std::string key = MetaKey{Meta::kNewSubjects, id.peer}.Encode();
  const std::int64_t today = absl::ToUnixSeconds(work_.environment().clock->Now()) / kSecondsPerDay;
  auto begun = CountOf<store::v1::NewSubjects>(work_.transaction(), key);
  if (begun.day() != today) begun.Clear();
  begun.set_day(today);
  begun.set_count(begun.count() + 1);
  const bool may = begun.count() <= kNewSubjectsPerDayMax;
  if (may || begun.count() == kNewSubjectsPerDayMax + 1) {
    work_.transaction().Put(Table::kMeta, key, begun.SerializeAsString());
  }
  if (may) return true;
  if (begun.count() == kNewSubjectsPerDayMax + 1) {
    work_.environment().telemetry->Log(
        Severity::kError, "inbox.too_many_new_subjects",
        {{"channel", pv1::Channel_Name(id.channel)},
         {"remedy", "ask that authority; what is left out comes again"}});
  }
  work_.environment().telemetry->Count("letters.new_subject_refused", {});
  return false;
}

bool Incoming::Park(const CorrespondenceId& id, std::uint64_t number, const v1::Letter& letter) {
  const std::string key = ParkedKey{id, number}.Encode();
  if (work_.transaction().Get(Table::kParked, key)) return false;
  store::v1::ParkedLetter row;
  row.set_sealed_letter(work_.environment().vault->Encrypt(kAuthorityScope, {Table::kParked, key},
                                                           letter.SerializeAsString()));
  *row.mutable_received() = ToProto(work_.environment().clock->Now());
  std::string bytes = row.SerializeAsString();
  auto extent = CountOf<store::v1::ParkedExtent>(work_.transaction(), ExtentKey(id.peer));
  extent.set_bytes(extent.bytes() + bytes.size());
  if (extent.bytes() > kParkedBytesMax ||
      work_.transaction().Scan(Table::kParked, ParkedKey::Prefix(id), "", kParkedMax).size() ==
          kParkedMax) {
    work_.environment().telemetry->Count("letters.parked_full", {});
    work_.environment().telemetry->Log(
        Severity::kError, "letters.parked_full",
        {{"channel", pv1::Channel_Name(id.channel)},
         {"remedy", "what it waits for is missing: an upgrade, or a letter"}});
    return false;
  }
  work_.transaction().Put(Table::kMeta, ExtentKey(id.peer), extent.SerializeAsString());
  work_.transaction().Put(Table::kParked, key, std::move(bytes));
  Hop("parked", {id, number}, "");
  return true;
}

void Incoming::WaitFor(const CorrespondenceId& id, const std::set<std::string>& keys, bool is_new) {
  for (const std::string& key : keys) {
    work_.transaction().Put(Table::kMeta, WaitingKey{key, id}.Encode(), id.Encode());
    if (key != kAwaitsUpgrade) continue;
    work_.actions().awaits = true;
    if (is_new) SayAwaitsUpgrade(work_.environment(), id);
  }
}

void Incoming::Stop(const CorrespondenceId& id, std::string_view why) {
  store::v1::CorrespondenceIn in = InOf(work_.transaction(), id);
  in.set_stopped(true);
  work_.actions().stopped_changed.insert(id);
  Keep(work_.transaction(), id, in);
  work_.environment().telemetry->Log(
      Severity::kError, "correspondence.stopped",
      {{"channel", pv1::Channel_Name(id.channel)}, {"why", std::string(why)}});
  work_.environment().telemetry->Count("correspondences.stopped", {{"why", std::string(why)}});
}

void Incoming::Hop(std::string_view hop, const LetterKey& letter, std::string_view failure) {
  work_.environment().telemetry->Record({HopId(work_.environment(), {letter, false}),
                                         pv1::Channel_Name(letter.correspondence.channel),
                                         std::string(hop), work_.environment().clock->Now(),
                                         std::string(failure)});
}

void MeasureParked(const Environment& environment, Transaction& transaction) {
  std::uint64_t bytes = 0;
  for (const Row& row : transaction.Scan(Table::kMeta, ExtentKey(""), "", kPeersMax)) {
    store::v1::ParkedExtent extent;
    if (extent.ParseFromString(row.value)) bytes += extent.bytes();
  }
  environment.telemetry->Set("letters.parked_bytes", {}, static_cast<double>(bytes));
}

void ForgetParked(Transaction& transaction, const CorrespondenceId& id) {
  for (const Row& row :
       transaction.Scan(Table::kParked, ParkedKey::Prefix(id), "", Incoming::kParkedMax)) {
    EraseParked(transaction, id.peer, row.key);
  }
}

void KeepLastRefused(google::protobuf::RepeatedPtrField<v1::RefusedLetter>& refused) {
  KeepNewest(refused, kRefusedKept);
}

}  // namespace exitbus::exchange
