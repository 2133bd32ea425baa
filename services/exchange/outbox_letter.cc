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
absl::Status AssertMayLeave(const store::v1::OutboxRow& row, const v1::Content& content) {
  v1::Body body;
  if (!body.ParseFromString(content.body())) return absl::InternalError("outbox.not_parsed");
  const Message* kind = KindIn(body);
  if (kind == nullptr) return absl::InternalError("outbox.no_kind");
  return policy::AssertProjected(
      *kind, {row.reader(), row.level(), policy::ConditionSet::In(row.satisfied())});
}

// What it rests on may have gone since it was written.
absl::StatusOr<bool> MayStillBeSent(const Environment& environment, const Service& service,
                                    const store::v1::OutboxRow& row) {
  const Aggregate* aggregate = service.Find(row.aggregate());
  if (aggregate == nullptr) return absl::DataLossError("outbox.not_ours");
  Transaction committed(environment);
  EventStore event_store(&committed, environment.vault, environment.crypto);
  const Loaded loaded = event_store.Load(*aggregate, row.id());
  // A state that could not be read is not one that says no.
  if (!committed.status().ok()) return committed.status();
  return !aggregate->basis_still_holds ||
         aggregate->basis_still_holds(*loaded.state, row.legal_basis(), FromProto(row.notified()));
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
  if (plain.ok() && !content.ParseFromString(*plain)) {
    return absl::DataLossError("outbox.not_parsed");
  }
  // Asked also where its scope has no key: a scope that was erased has a state that says so, and
  // one whose key was lost has none that can be read, and waits.
  const auto may_be_sent = MayStillBeSent(environment, service, row);
  if (!may_be_sent.ok()) return may_be_sent.status();
  if (!plain.ok()) {
    letter.set_withheld(v1::WITHHELD_REASON_CANCELLED);
    return letter;
  }
  if (!*may_be_sent) {
    letter.set_withheld(v1::WITHHELD_REASON_CONSENT_REVOKED);
  } else {
    if (const auto may = AssertMayLeave(row, content); !may.ok()) return may;
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
