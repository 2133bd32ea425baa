#include "services/exchange/checkpoints.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "exitbus/evidence_journal/v1/journal.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/basis.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/attempt.h"
#include "services/exchange/event_store.h"
#include "services/exchange/keys.h"
#include "services/exchange/ports/crypto.h"
#include "services/exchange/post_commit_actions.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"

namespace exitbus::exchange {
namespace {

namespace jv1 = evidence_journal::v1;
namespace pv1 = policy::v1;

constexpr char kDaily[] = "daily";
constexpr char kSubject[] = "checkpoints";

const jv1::Book& BookOf(const Message& state) { return static_cast<const jv1::Book&>(state); }

std::string AuthorName(std::string_view author) {
  return KindName{"author", std::string(author)}.Encode();
}

template <class RowProto>
void AddMarks(Transaction& transaction, Table table, std::uint64_t (RowProto::*through)() const,
              const Crypto& crypto, std::vector<CorrespondenceMark>& marks) {
  transaction.ForEach(table, "", [&](const Row& row) {
    // What is exported as evidence leaves out the same.
    const auto stored = LoadOrNone<RowProto>(transaction, table, row.key);
    const auto id = CorrespondenceId::Decode(row.key);
    if (!stored || !id || ((*stored).*through)() == 0) return;
    marks.push_back({table == Table::kCorrespondencesOut, id->channel, id->peer,
                     crypto.Digest(id->subject), ((*stored).*through)(), stored->head_digest()});
  });
}

// It lies in the clear.
jv1::Book BookAt(Transaction& transaction, std::string_view id) {
  jv1::Book book;
  const std::string key = ErasureScopeOf(kCheckpointAggregate, id);
  const auto row = Load<store::v1::StateRow>(transaction, Table::kStates, key);
  if (row && !book.ParseFromString(row->sealed_state())) {
    transaction.Unreadable(Table::kStates, key);
  }
  return book;
}

void Keep(jv1::Book& book, const jv1::Checkpoint& checkpoint) {
  *book.add_checkpoints() = checkpoint;
  KeepNewest(*book.mutable_checkpoints(), kCheckpointsKept);
}

void Evolve(jv1::Book& book, const jv1::BookEvent& event) {
  switch (event.what_case()) {
    case jv1::BookEvent::kCheckpointMade:
      Keep(book, event.checkpoint_made().checkpoint());
      *book.mutable_due() = event.checkpoint_made().next_due();
      book.set_unwitnessed(false);
      return;
    case jv1::BookEvent::kCheckpointReceived:
      book.set_author(event.checkpoint_received().author());
      Keep(book, event.checkpoint_received().checkpoint());
      return;
    case jv1::BookEvent::kCheckpointSkipped:
      *book.mutable_due() = event.checkpoint_skipped().next_due();
      book.set_unwitnessed(true);
      return;
    case jv1::BookEvent::kCheckpointsFollowed:
      book.set_used_through(event.checkpoints_followed().used_through());
      return;
    case jv1::BookEvent::WHAT_NOT_SET:
      return;
  }
}

std::uint64_t LastNumber(const jv1::Book& book) {
  return std::max<std::uint64_t>(
      book.used_through(), book.checkpoints().empty() ? 0 : book.checkpoints().rbegin()->number());
}

Decision Skip(const jv1::Book& book, const DecisionContext& context) {
  jv1::BookEvent event;
  *event.mutable_checkpoint_skipped()->mutable_next_due() = ToProto(context.now + kCheckpointEvery);
  Decision decision;
  decision.AddEvent(event);
  if (!book.unwitnessed()) decision.Report(Severity::kWarning, "checkpoint.no_witnesses");
  return decision;
}

jv1::Checkpoint NextOf(const jv1::Book& book, const DecisionContext& context) {
  const BooksMark mark = context.lookup->MarkBooks();
  jv1::Opening opening;
  opening.set_number(LastNumber(book) + 1);
  opening.set_salt(context.lookup->FreshId() + context.lookup->FreshId());
  opening.set_journal_sequence(mark.journal_sequence);
  opening.set_journal_head(mark.journal_head);
  opening.set_correspondences_digest(mark.correspondences_digest);
  jv1::Checkpoint checkpoint;
  checkpoint.set_number(opening.number());
  checkpoint.set_opening(opening.SerializeAsString());
  checkpoint.set_digest(context.statements->Digest(checkpoint.opening()));
  *checkpoint.mutable_made() = ToProto(context.now);
  return checkpoint;
}

Decision MakeNext(const jv1::Book& book, const DecisionContext& context) {
  if (book.has_due() && FromProto(book.due()) > context.now) {
    return Decision::NoEffect("checkpoint_not_due");
  }
  if (context.self == nullptr || context.self->witnesses.empty()) return Skip(book, context);
  jv1::BookEvent event;
  *event.mutable_checkpoint_made()->mutable_checkpoint() = NextOf(book, context);
  *event.mutable_checkpoint_made()->mutable_next_due() = ToProto(context.now + kCheckpointEvery);
  const jv1::Checkpoint& checkpoint = event.checkpoint_made().checkpoint();
  v1::EvidenceCheckpoint message;
  message.set_number(checkpoint.number());
  message.set_digest(checkpoint.digest());
  *message.mutable_made() = checkpoint.made();
  Decision decision;
  decision.AddEvent(event);
  for (const std::string& witness : context.self->witnesses) {
    decision.Notify(pv1::RELATION_ANY,
                    {witness,
                     pv1::RELATION_ANY,
                     kSubject,
                     {},
                     pv1::LEGAL_BASIS_OTHER_LAW,
                     pv1::PURPOSE_SUPERVISORY_CONTROL},
                    message);
  }
  return decision;
}

Decision Receive(const jv1::Book& book, const LetterPlace& place, const v1::Body& body) {
  if (!body.has_evidence_checkpoint()) {
    return Decision::Refuse("letter.not_for_this_authority",
                            "The evidence channel carries checkpoints.");
  }
  const v1::EvidenceCheckpoint& message = body.evidence_checkpoint();
  if (message.number() == 0 || message.digest().size() != kDigestBytes) {
    return Decision::Refuse("checkpoint.malformed",
                            "A checkpoint has a number and a digest of 32 bytes.");
  }
  const auto same_number = [&](const jv1::Checkpoint& kept) {
    return kept.number() == message.number();
  };
  const auto same = [&](const jv1::Checkpoint& kept) {
    return same_number(kept) && kept.digest() == message.digest();
  };
  const auto& kept = book.checkpoints();
  if (std::any_of(kept.begin(), kept.end(), same)) return Decision::NoEffect("checkpoint_known");
  const auto known = std::count_if(kept.begin(), kept.end(), same_number);
  if (known > 1)
    return Decision::Refuse("checkpoint.forked", "Two others of this number are kept already.");
  if (known == 0 && message.number() < LastNumber(book)) {
    return Decision::Refuse("checkpoint.out_of_turn",
                            "A checkpoint comes with a number never used before.");
  }
  if (known == 0 && !kept.empty() &&
      FromProto(message.made()) < FromProto(kept.rbegin()->made()) + kCheckpointApartMin) {
    return Decision::Refuse("checkpoint.too_soon", "Checkpoints are an hour apart at least.");
  }
  jv1::BookEvent event;
  jv1::CheckpointReceived& received = *event.mutable_checkpoint_received();
  received.set_author(place.sender);
  received.mutable_checkpoint()->set_number(message.number());
  received.mutable_checkpoint()->set_digest(message.digest());
  *received.mutable_checkpoint()->mutable_made() = message.made();
  Decision decision;
  decision.AddEvent(event);
  if (known == 1) decision.Report(Severity::kError, "checkpoint.forked");
  return decision;
}

}  // namespace

std::string DigestOf(const std::vector<CorrespondenceMark>& correspondences, const Crypto& crypto) {
  std::vector<std::string> leaves;
  leaves.reserve(correspondences.size());
  for (const CorrespondenceMark& mark : correspondences) {
    // No part but the peer has a length of its own.
    leaves.push_back(crypto.Digest(absl::StrCat(mark.sent ? "sent" : "received", "/", mark.channel,
                                                "/", mark.peer, "/", mark.through, "/",
                                                mark.subject_digest, mark.head_digest)));
  }
  std::sort(leaves.begin(), leaves.end());
  std::string all;
  for (const std::string& leaf : leaves) all += leaf;
  return crypto.Digest(all);
}

std::optional<KeptCheckpoint> NewestCheckpoint(Transaction& transaction, std::string_view author) {
  std::string id = kOwnBook;
  if (!author.empty()) {
    const auto kept =
        transaction.Get(Table::kIndex, IndexKey{kCheckpointAggregate, AuthorName(author)}.Encode());
    if (!kept || !IsKeyPart(*kept)) return std::nullopt;
    id = *kept;
  }
  const jv1::Book book = BookAt(transaction, id);
  if (LastNumber(book) == 0) return std::nullopt;
  return KeptCheckpoint{LastNumber(book),
                        book.checkpoints().empty() ? "" : book.checkpoints().rbegin()->digest()};
}

Decision CheckpointsFollowed(std::uint64_t number) {
  jv1::BookEvent event;
  event.mutable_checkpoints_followed()->set_used_through(number);
  return Decision().AddEvent(event);
}

std::optional<std::string> OwnCheckpointDigest(Transaction& transaction, std::uint64_t number) {
  const jv1::Book book = BookAt(transaction, kOwnBook);
  for (const jv1::Checkpoint& checkpoint : book.checkpoints()) {
    if (checkpoint.number() == number) return checkpoint.digest();
  }
  return std::nullopt;
}

BooksMark Mark(Transaction& transaction, const Crypto& crypto) {
  std::vector<CorrespondenceMark> marks;
  AddMarks(transaction, Table::kCorrespondencesOut, &store::v1::CorrespondenceOut::last_number,
           crypto, marks);
  AddMarks(transaction, Table::kCorrespondencesIn, &store::v1::CorrespondenceIn::through, crypto,
           marks);
  const JournalHead head = JournalHeadOf(transaction);
  return {head.sequence, head.digest, DigestOf(marks, crypto)};
}

Aggregate Checkpoints() {
  Aggregate books;
  books.name = kCheckpointAggregate;
  books.in_the_clear = true;
  books.singleton = {kOwnBook, kDaily};
  books.new_state = [] { return std::make_unique<jv1::Book>(); };
  books.evolve = [](Message& state, const Message& event) {
    Evolve(static_cast<jv1::Book&>(state), static_cast<const jv1::BookEvent&>(event));
  };
  books.keys = [](const Message& state, const Lookup&) {
    const std::string& author = BookOf(state).author();
    return author.empty() ? std::vector<std::string>()
                          : std::vector<std::string>{AuthorName(author)};
  };
  books.deadlines = [](const Message& state) {
    const jv1::Book& book = BookOf(state);
    return book.has_due() ? std::vector<Deadline>{{kDaily, FromProto(book.due())}}
                          : std::vector<Deadline>();
  };
  books.letter_target = [](const LetterPlace& place,
                           const v1::Body&) -> std::optional<std::string> {
    if (place.channel != pv1::CHANNEL_EVIDENCE) return std::nullopt;
    return AuthorName(place.sender);
  };
  books.decide_letter = [](const Message& state, const LetterPlace& place, const v1::Body& body,
                           const DecisionContext&) { return Receive(BookOf(state), place, body); };
  books.decide_deadline = [](const Message& state, std::string_view,
                             const DecisionContext& context) {
    return MakeNext(BookOf(state), context);
  };
  books.visibility = [](const Message&, policy::v1::Reader reader, const DecisionContext&) {
    return Visibility{reader};
  };
  return books;
}

}  // namespace exitbus::exchange
