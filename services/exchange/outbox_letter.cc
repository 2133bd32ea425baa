#include "services/exchange/outbox_letter.h"

#include <google/protobuf/message.h>

#include <utility>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/environment.h"
#include "services/exchange/event_store.h"
#include "services/exchange/outgoing.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/transaction.h"
#include "services/exchange/vault.h"
#include "services/policy/plan.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;

// The second look at the border: what was projected when the row was written must still be all
// there is. A difference is a fault of ours, and nothing leaves.
absl::Status AssertMayLeave(const store::v1::OutboxRow& row, const v1::Body& body) {
  const Message* kind = KindIn(body);
  if (kind == nullptr) return absl::InternalError("outbox.no_kind");
  return policy::AssertProjected(
      *kind, {row.reader(), row.level(), policy::ConditionSet::In(row.satisfied())});
}

bool IsStillAsked(const Aggregate& aggregate, const Message& state, const store::v1::OutboxRow& row,
                  const v1::Body& body) {
  v1::Link link;
  return !aggregate.still_asked || !link.ParseFromString(row.link()) ||
         aggregate.still_asked(state, link.subject(), body);
}

// Why it may not be sent any more: what it rests on, or that it is asked, may have gone since it
// was written. UNSPECIFIED: it may.
absl::StatusOr<v1::WithheldReason> WhyNotSent(const Environment& environment,
                                              const Service& service,
                                              const store::v1::OutboxRow& row,
                                              const v1::Body& body) {
  const Aggregate* aggregate = service.Find(row.aggregate());
  if (aggregate == nullptr) return absl::DataLossError("outbox.not_ours");
  Transaction committed(environment);
  EventStore event_store(&committed, environment.vault, environment.crypto);
  const Loaded loaded = event_store.Load(*aggregate, row.id());
  // A state that could not be read is not one that says no.
  if (!committed.status().ok()) return committed.status();
  if (aggregate->basis_still_holds &&
      !aggregate->basis_still_holds(*loaded.state, row.legal_basis(), FromProto(row.notified()))) {
    return v1::WITHHELD_REASON_CONSENT_REVOKED;
  }
  return IsStillAsked(*aggregate, *loaded.state, row, body) ? v1::WITHHELD_REASON_UNSPECIFIED
                                                            : v1::WITHHELD_REASON_CANCELLED;
}

}  // namespace

absl::StatusOr<v1::Letter> LetterOf(const Environment& environment, const Service& service,
                                    const std::string& key, const store::v1::OutboxRow& row) {
  v1::Letter letter;
  letter.set_link(row.link());
  const auto plain =
      environment.vault->Decrypt(row.scope(), {Table::kOutbox, key}, row.sealed_content());
  if (!plain.ok() && !absl::IsNotFound(plain.status())) return plain.status();
  v1::Content content;
  v1::Body body;
  if (plain.ok() && (!content.ParseFromString(*plain) || !body.ParseFromString(content.body()))) {
    return absl::DataLossError("outbox.not_parsed");
  }
  // Asked also where its scope has no key: a scope that was erased has a state that says so, and
  // one whose key was lost has none that can be read, and waits.
  const auto why_not = WhyNotSent(environment, service, row, body);
  if (!why_not.ok()) return why_not.status();
  if (!plain.ok()) {
    letter.set_withheld(v1::WITHHELD_REASON_CANCELLED);
    return letter;
  }
  if (*why_not != v1::WITHHELD_REASON_UNSPECIFIED) {
    letter.set_withheld(*why_not);
  } else {
    if (const auto may = AssertMayLeave(row, body); !may.ok()) return may;
    *letter.mutable_content() = std::move(content);
  }
  // Of what was decided by no call: only there it is asked what fits (Fits). The chain goes on
  // without it.
  if (letter.ByteSizeLong() > kLetterBytesMax) {
    environment.telemetry->Log(Severity::kError, "relay.letter_too_large",
                               {{"channel", pv1::Channel_Name(row.channel())},
                                {"bytes", std::to_string(letter.ByteSizeLong())}});
    environment.telemetry->Count("letters.too_large", {});
    letter.set_withheld(v1::WITHHELD_REASON_CANCELLED);
  }
  return letter;
}

}  // namespace exitbus::exchange
