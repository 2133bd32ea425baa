#include "services/exchange/outcomes.h"

#include <google/protobuf/message.h>

#include "absl/strings/escaping.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/answers.h"
#include "services/exchange/decision.h"
#include "services/exchange/environment.h"
#include "services/exchange/framed.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/unit_of_work.h"
#include "services/exchange/use_keys.h"
#include "services/exchange/vault.h"

namespace exitbus::exchange {
namespace {

namespace sv1 = store::v1;

std::string KeyedDigest(const Environment& environment, const std::string& framed) {
  return environment.crypto->Digest(framed, KeyFor(environment, KeyUse::kRequests));
}

std::string DigestOf(const Environment& environment, const Call& call) {
  return KeyedDigest(
      environment, Framed("exitbus.request.v1", {call.method, call.request->SerializeAsString()}));
}

// The two parts of a row, each bound to its own place in it.
Place ContentOf(const std::string& row) { return {Table::kOutcomes, row, 1}; }
Place SummaryOf(const std::string& row) { return {Table::kOutcomes, row, 2}; }

Refusal Reused() {
  return RefusedBy("request.id_reused",
                   "This request_id was used for another request. Make a fresh one for each thing "
                   "you ask; repeat one only with the same content.",
                   absl::StatusCode::kAlreadyExists);
}

Before CannotBeRead(UnitOfWork& work, const absl::Status& why, const std::string& name) {
  if (absl::IsUnavailable(why)) {
    work.transaction().Fail(why);
  } else {
    work.transaction().Unreadable(Table::kOutcomes, name);
  }
  return {};
}

}  // namespace

std::string OutcomeRow(const Environment& environment, const Call& call) {
  return absl::BytesToHexString(KeyedDigest(
      environment, Framed("exitbus.request-name.v1",
                          {call.caller.authority, call.caller.system, call.caller.function,
                           StringField(*call.request, "request_id")})));
}

Before OutcomeOf(UnitOfWork& work, const Call& call, const std::string& name) {
  const Environment& environment = work.environment();
  const auto row = Load<sv1::Outcome>(work.transaction(), Table::kOutcomes, name);
  if (!row) return {};
  const auto summary_bytes =
      environment.vault->Decrypt(kAuthorityScope, SummaryOf(name), row->sealed_summary());
  sv1::OutcomeSummary summary;
  if (!summary_bytes.ok() || !summary.ParseFromString(*summary_bytes)) {
    return CannotBeRead(work, summary_bytes.status(), name);
  }
  if (summary.method() != call.method) return {{}, Reused()};
  Outcome outcome{summary.id(), {}, "", false};
  if (summary.refusal_code() != 0) {
    outcome.refusal = Refusal{static_cast<absl::StatusCode>(summary.refusal_code()),
                              summary.refusal_reason(),
                              summary.refusal_message(),
                              {}};
  }
  const auto content_bytes =
      environment.vault->Decrypt(row->scope(), ContentOf(name), row->sealed_content());
  outcome.erased = absl::IsNotFound(content_bytes.status());
  if (outcome.erased) return {std::move(outcome), {}};
  sv1::OutcomeContent content;
  if (!content_bytes.ok() || !content.ParseFromString(*content_bytes)) {
    return CannotBeRead(work, content_bytes.status(), name);
  }
  if (content.request_digest() != DigestOf(environment, call)) return {{}, Reused()};
  outcome.resource = content.resource();
  return {std::move(outcome), {}};
}

void KeepOutcome(UnitOfWork& work, const Call& call, const std::string& name,
                 std::string_view scope, const Outcome& outcome) {
  const Environment& environment = work.environment();
  sv1::OutcomeSummary summary;
  summary.set_request_id(StringField(*call.request, "request_id"));
  summary.set_method(call.method);
  summary.set_id(outcome.aggregate_id);
  if (outcome.refusal) {
    summary.set_refusal_code(static_cast<int>(outcome.refusal->code));
    summary.set_refusal_reason(outcome.refusal->reason);
    summary.set_refusal_message(outcome.refusal->message);
  }
  sv1::OutcomeContent content;
  content.set_request_digest(DigestOf(environment, call));
  content.set_resource(outcome.resource);
  sv1::Outcome row;
  *row.mutable_expires() = ToProto(environment.clock->Now() + kOutcomesKept);
  row.set_scope(std::string(scope));
  row.set_sealed_content(
      environment.vault->Encrypt(scope, ContentOf(name), content.SerializeAsString()));
  row.set_sealed_summary(
      environment.vault->Encrypt(kAuthorityScope, SummaryOf(name), summary.SerializeAsString()));
  work.transaction().Put(Table::kOutcomes, name, row.SerializeAsString());
}

}  // namespace exitbus::exchange
