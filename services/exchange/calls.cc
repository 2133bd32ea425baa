#include "services/exchange/calls.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "exitbus/directory/v1/directory.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/account.h"
#include "services/exchange/answers.h"
#include "services/exchange/attempt.h"
#include "services/exchange/confirmation.h"
#include "services/exchange/context.h"
#include "services/exchange/damaged_rows.h"
#include "services/exchange/keys.h"
#include "services/exchange/outcomes.h"
#include "services/exchange/outgoing.h"
#include "services/exchange/paging.h"
#include "services/exchange/pass.h"
#include "services/exchange/ports/fault.h"
#include "services/exchange/publisher.h"
#include "services/exchange/purpose.h"
#include "services/exchange/vault.h"
#include "services/policy/methods.h"
#include "services/policy/readers.h"
#include "services/policy/text.h"
#include "services/policy/values.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;

constexpr std::size_t kRequestIdMax = 64;
constexpr std::size_t kPurposeBytesMax = 80;
constexpr std::size_t kEmployeeBytesMax = 128;
constexpr std::size_t kListedAtOnce = 200;
constexpr std::size_t kLoadedAtOnce = 16;  // a state may hold megabytes

Answer Refused(Refusal refusal) { return {nullptr, std::move(refusal)}; }

// A purpose stays in the account after an erasure, so there is room for a reason and none for a
// number that stands for somebody.
bool IsInWords(std::string_view purpose) {
  return purpose.size() <= kPurposeBytesMax &&
         purpose.find_first_of("0123456789") == std::string_view::npos;
}

Eyes EyesOn(const BoundMethod& bound, const Loaded& loaded, const Facts& facts) {
  const pv1::Reader reader = ReaderOf(facts);
  if (bound.method->unseen) return {reader};
  return bound.aggregate->eyes(*loaded.state, reader, facts);
}

void Account(Pass& pass, const BoundMethod& bound, const Facts& facts, const Call& call,
             const Loaded& loaded, const Shown& shown) {
  RecordDisclosure(pass.context(), pass.transaction(), *bound.aggregate, loaded,
                   ReadRow(facts, call.method, shown));
}

// That somebody tried to change it, for its account.
void AccountRefused(Pass& pass, const BoundMethod& bound, const Facts& facts, const Call& call,
                    const Loaded& loaded, const Refusal& refusal) {
  Shown nothing;
  nothing.reader = ReaderOf(facts);
  store::v1::DisclosureRow row = ReadRow(facts, call.method, nothing);
  row.set_refused_by(refusal.reason);
  RecordDisclosure(pass.context(), pass.transaction(), *bound.aggregate, loaded, std::move(row));
}

Answer AnswerWith(Pass& pass, const BoundMethod& bound, const Call& call, const Facts& facts,
                  const Loaded& loaded, const Message& resource) {
  const Eyes eyes = EyesOn(bound, loaded, facts);
  if (!eyes.see()) return Refused(NotThere());
  Shown shown = Show(resource, eyes, pass.context());
  if (IsTooLarge(*shown.resource)) {
    // What was done is done, and must not be answered as refused.
    if (!bound.method->decide) return Refused(TooLarge());
    OnlyName(shown);
  }
  Account(pass, bound, facts, call, loaded, shown);
  return {ResponseOf(call.method, std::move(shown.resource)), {}};
}

// About nothing that is there: nobody's account has it.
Answer AnswerOfNothing(Pass& pass, const Call& call, const Facts& facts, const Message& resource) {
  Shown shown = Show(resource, {ReaderOf(facts)}, pass.context());
  return {ResponseOf(call.method, std::move(shown.resource)), {}};
}

// A repeat gets what the first one got, projected for today's rights; of what was erased since,
// only whether it was accepted.
Answer Repeat(Pass& pass, const BoundMethod& bound, const Call& call, const Facts& facts,
              const Outcome& outcome) {
  Loaded loaded = pass.ledger().Load(*bound.aggregate, outcome.aggregate_id);
  if (!pass.transaction().status().ok()) return Refused(Unreadable());
  if (outcome.erased) {
    return outcome.refusal ? Refused(*outcome.refusal) : Answer{NewResponse(call.method), {}};
  }
  if (!EyesOn(bound, loaded, facts).see()) return Refused(NotThere());
  if (outcome.refusal) return Refused(*outcome.refusal);
  const bool of_nothing = outcome.aggregate_id.empty();
  std::unique_ptr<Message> resource = of_nothing
                                          ? bound.method->unseen(*call.request, facts)
                                          : bound.method->view(*loaded.state, *call.request, facts);
  if (resource == nullptr || !resource->ParseFromString(outcome.resource)) {
    return Refused(NotThere());
  }
  if (of_nothing) return AnswerOfNothing(pass, call, facts, *resource);
  return AnswerWith(pass, bound, call, facts, loaded, *resource);
}

// What every call of its kind reads first, at once. `outcome`: a change's row.
void FetchFor(Pass& pass, const BoundMethod& bound, const Call& call, const std::string& outcome) {
  std::vector<RowName> rows;
  if (bound.method->target) {
    const std::string key = bound.method->target(*call.request);
    if (!key.empty()) {
      rows.push_back({Table::kIndex, IndexKey{bound.aggregate->name, key}.Encode()});
    }
  }
  if (!outcome.empty()) {
    rows.push_back({Table::kOutcomes, outcome});
    rows.push_back({Table::kMeta, kJournalHeadKey});
  }
  pass.transaction().Fetch(rows);
}

// The states of `rows` of the index, and their accounts, at once.
void FetchStates(Pass& pass, const Aggregate& aggregate, std::span<const Row> rows) {
  std::vector<RowName> wanted;
  for (const Row& row : rows) {
    if (!IsKeyPart(row.value)) continue;  // an altered row
    wanted.push_back({Table::kStates, StateKey{aggregate.name, row.value}.Encode()});
    for (RowName& each : AccountRows(UnitOf(aggregate.name, row.value))) {
      wanted.push_back(std::move(each));
    }
  }
  pass.transaction().Fetch(wanted);
}

std::optional<Loaded> Target(Pass& pass, const BoundMethod& bound, const Message& request,
                             const Facts& facts) {
  const std::string key = bound.method->target(request);
  if (key.empty()) return pass.ledger().Load(*bound.aggregate, facts.lookup->FreshId());
  const auto id = pass.ledger().IdOf(*bound.aggregate, key);
  if (!id) return std::nullopt;
  const Row found{key, *id};
  FetchStates(pass, *bound.aggregate, std::span(&found, 1));
  std::optional<Loaded> loaded = pass.ledger().Load(*bound.aggregate, *id);
  if (loaded->version > 0) {
    // The index lies in the clear: what it leads to must itself say that it is called that.
    const auto keys = bound.aggregate->keys(*loaded->state, *facts.lookup);
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
      pass.transaction().Unreadable(Table::kIndex, IndexKey{bound.aggregate->name, key}.Encode());
    }
  }
  return loaded;
}

Answer Read(Pass& pass, const BoundMethod& bound, const Call& call, const Facts& facts) {
  const auto loaded = Target(pass, bound, *call.request, facts);
  if (!pass.transaction().status().ok()) return Refused(Unreadable());
  if (!loaded) return Refused(NotThere());
  const auto resource = bound.method->view(*loaded->state, *call.request, facts);
  if (resource == nullptr) return Refused(NotThere());
  return AnswerWith(pass, bound, call, facts, *loaded, *resource);
}

Answer List(Pass& pass, const BoundMethod& bound, const Call& call, const Facts& facts) {
  const Context& context = pass.context();
  const auto page = PageOf(context, call);
  if (!page) return Refused(BadPageToken());
  const std::string prefix = IndexKey{bound.aggregate->name, bound.method->list_prefix}.Encode();
  std::vector<std::unique_ptr<Message>> shown;
  std::string token;
  std::string last_shown;
  std::size_t bytes = 0;
  std::string after = page->after;
  while (token.empty()) {
    const auto rows = pass.transaction().Scan(Table::kIndex, prefix, after, kListedAtOnce);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Row& row = rows[i];
      if (i % kLoadedAtOnce == 0) {
        pass.transaction().ForgetFetched();
        FetchStates(pass, *bound.aggregate,
                    std::span(rows).subspan(i, std::min(kLoadedAtOnce, rows.size() - i)));
      }
      after = row.key;
      Attempt attempt(pass.transaction(), &pass.effects());
      const Loaded loaded = pass.ledger().Load(*bound.aggregate, row.value);
      if (!pass.transaction().status().ok()) continue;  // the others are listed all the same
      const Eyes eyes = EyesOn(bound, loaded, facts);
      if (!eyes.see()) continue;
      const auto resource = bound.method->list_view(*loaded.state, IndexKey::Decode(row.key)->name,
                                                    *call.request, facts);
      if (resource == nullptr) continue;
      Shown one = Show(*resource, eyes, context);
      if (IsTooLarge(*one.resource)) OnlyName(one);
      const std::size_t one_bytes = one.resource->ByteSizeLong();
      if (shown.size() == page->size || (!shown.empty() && bytes + one_bytes > kPageBytesMax)) {
        // Of the last one shown: what was passed over since leaves no trace in the token.
        token = TokenAfter(context, call, last_shown);
        break;
      }
      last_shown = row.key;
      bytes += one_bytes;
      Account(pass, bound, facts, call, loaded, one);
      if (!attempt.Keep()) continue;
      shown.push_back(std::move(one.resource));
    }
    if (rows.size() < kListedAtOnce) break;
  }
  return {ListResponseOf(call.method, std::move(shown), token), {}};
}

Refusal ClockRefused() {
  return RefusedBy(
      "clock.refused_by_broker",
      "Nothing was changed: the broker says that this service's clock is wrong, or its "
      "own is, and what this signs says when. Have your operators set the clock; then "
      "repeat with the same request_id.",
      absl::StatusCode::kUnavailable);
}

// Not kept as the request's outcome: it is the service that is not ready, and will be.
std::optional<Refusal> NotYet(Pass& pass, const BoundMethod& bound, const Loaded& loaded) {
  const Publisher* publisher = pass.context().publisher;
  if (bound.method->needs == Needs::kInstant && publisher != nullptr &&
      publisher->clock_is_refused()) {
    return ClockRefused();
  }
  const Confirmation* confirmation = pass.context().confirmation;
  if (confirmation == nullptr) return std::nullopt;
  const auto& counterparts = bound.aggregate->open_counterparts;
  return confirmation->Refuses(
      bound.method->needs, counterparts ? counterparts(*loaded.state) : std::vector<std::string>());
}

Refusal TooLarge() {
  return RefusedBy(
      "letter.too_large",
      "Another authority has to be told of this, and one letter does not hold it (some "
      "900 kB). Shorten the texts, or record it in several steps.",
      absl::StatusCode::kInvalidArgument);
}

Answer Decide(Pass& pass, const BoundMethod& bound, const Call& call, const Facts& facts,
              const std::string& row) {
  if (bound.method->check) {
    if (auto refusal = bound.method->check(*call.request)) return Refused(*std::move(refusal));
  }
  auto loaded = Target(pass, bound, *call.request, facts);
  if (!pass.transaction().status().ok()) return Refused(Unreadable());
  const auto refuse = [&](Refusal refusal) {
    // What does not exist yet has no unit of its own, and a key made for a refusal is never
    // destroyed.
    const bool exists = loaded && loaded->version > 0;
    KeepOutcome(pass, call, row, exists ? loaded->unit : kAuthorityUnit,
                {loaded ? loaded->id : "", refusal, "", false});
    if (exists) AccountRefused(pass, bound, facts, call, *loaded, refusal);
    return Refused(std::move(refusal));
  };
  if (!loaded && bound.method->unseen) {
    const auto resource = bound.method->unseen(*call.request, facts);
    KeepOutcome(pass, call, row, kAuthorityUnit, {"", {}, resource->SerializeAsString(), false});
    return AnswerOfNothing(pass, call, facts, *resource);
  }
  if (!loaded) return refuse(NotThere());
  const Eyes eyes = EyesOn(bound, *loaded, facts);
  if (!eyes.see()) return refuse(NotThere());
  if (!bound.method->unseen && !bound.method->target(*call.request).empty()) {
    const auto& guarded = bound.method->guarded ? bound.method->guarded : bound.method->view;
    const auto now = guarded(*loaded->state, *call.request, facts);
    // What is not there to be read is not there to be changed: a rule would say that it is.
    if (now == nullptr) return refuse(NotThere());
    const std::string etag = StringField(*call.request, "etag");
    if (!etag.empty() && Show(*now, eyes, pass.context()).etag != etag) {
      return refuse(RefusedBy("request.etag_stale",
                              "It has changed since you read it. Read it again and decide anew.",
                              absl::StatusCode::kAborted));
    }
  }
  // Not kept as the request's outcome: it is the disk that is at fault, and will have room again.
  if (pass.context().disk_full && bound.method->needs != Needs::kNothing)
    return Refused(DiskFull());
  if (auto refusal = NotYet(pass, bound, *loaded)) return Refused(*std::move(refusal));
  Decision decision = bound.method->decide(*loaded->state, *call.request, facts);
  if (!decision.accepted()) return refuse(*decision.refusal());
  const auto& notices = decision.notices();
  if (!std::all_of(notices.begin(), notices.end(),
                   [&](const Notice& notice) { return Fits(pass.context(), notice); })) {
    return refuse(TooLarge());
  }
  const auto carried = pass.Carry(*bound.aggregate, *loaded, std::move(decision));
  if (!pass.transaction().status().ok()) return Refused(Unreadable());
  if (!carried) return refuse(IdInUse());
  const auto resource = bound.method->view(*loaded->state, *call.request, facts);
  if (resource == nullptr) {
    ProgramFault("what was just decided on cannot be seen", bound.method->name);
  }
  KeepOutcome(pass, call, row, loaded->unit,
              {loaded->id, {}, resource->SerializeAsString(), false});
  return AnswerWith(pass, bound, call, facts, *loaded, *resource);
}

Answer Change(Pass& pass, const BoundMethod& bound, const Call& call, const Facts& facts) {
  const std::string row = OutcomeRow(pass.context(), call);
  FetchFor(pass, bound, call, row);
  Before before = OutcomeOf(pass, call, row);
  if (!pass.transaction().status().ok()) return Refused(Unreadable());
  if (before.refusal) return Refused(*std::move(before.refusal));
  if (before.outcome) return Repeat(pass, bound, call, facts, *before.outcome);
  return Decide(pass, bound, call, facts, row);
}

}  // namespace

Refusal DiskFull() {
  return RefusedBy("store.disk_full",
                   "Nothing was changed: this service's disk is full, and nothing can be changed "
                   "until its operators have made room. Reading goes on, and so does what protects "
                   "people. Repeat with the same request_id then.",
                   absl::StatusCode::kUnavailable);
}

Refusal NotServed() {
  return RefusedBy("method.not_served", "This kind of authority does not serve it.",
                   absl::StatusCode::kUnimplemented);
}

std::optional<Refusal> RefuseCaller(const std::string& method, const Caller& caller,
                                    const DirectoryEntry* self) {
  const pv1::Function function = policy::FunctionNamed(caller.function);
  const bool known_here =
      self != nullptr && policy::ReaderFor(static_cast<pv1::AuthorityKind>(self->kind), function) !=
                             pv1::READER_UNSPECIFIED;
  if (!known_here || !policy::MayCall(method, function)) {
    return RefusedBy("caller.function_may_not",
                     "The function in your system's certificate may not call this method.",
                     absl::StatusCode::kPermissionDenied);
  }
  for (const auto& [name, text] : {std::pair("exitbus-employee", &caller.employee),
                                   std::pair("exitbus-purpose", &caller.purpose)}) {
    if (const auto fault = policy::FaultInText(*text, {kEmployeeBytesMax}); !fault.empty()) {
      return RefusedBy("caller.bad_metadata",
                       absl::StrCat("Send \"", name, "\" as one line of UTF-8, at most ",
                                    kEmployeeBytesMax, " bytes: it ", std::string(fault), "."),
                       absl::StatusCode::kInvalidArgument);
    }
  }
  if (policy::MethodPolicyOf(method)->purpose_required() &&
      (caller.purpose.empty() || caller.employee.empty())) {
    return RefusedBy("caller.purpose_required",
                     "Send the employee and the purpose of access as request metadata "
                     "\"exitbus-employee\" and \"exitbus-purpose\".",
                     absl::StatusCode::kInvalidArgument);
  }
  if (IsInvestigation(caller.purpose)) {
    return RefusedBy("caller.purpose_investigation",
                     "Exit data is never for the investigation of criminal cases "
                     "(retsplejeloven § 115(2)).",
                     absl::StatusCode::kPermissionDenied);
  }
  if (!IsInWords(caller.purpose)) {
    return RefusedBy("caller.purpose_in_words",
                     "Give the purpose of access in at most 80 bytes, without digits and without "
                     "naming anybody: it is kept for the account that the citizen gets.",
                     absl::StatusCode::kInvalidArgument);
  }
  return std::nullopt;
}

std::optional<Refusal> RefuseValues(const Message& request) {
  const auto fault = policy::FaultIn(request);
  if (!fault) return std::nullopt;
  return RefusedBy("request.bad_value", policy::WordsOf(*fault),
                   absl::StatusCode::kInvalidArgument);
}

std::optional<Refusal> RefuseAtTheDoor(const Call& call, const DirectoryEntry* self) {
  if (auto refusal = RefuseCaller(call.method, call.caller, self)) return refusal;
  if (policy::MethodPolicyOf(call.method)->access() == pv1::ACCESS_WRITE) {
    if (self->status == directory::v1::AUTHORITY_STATUS_REMOVED) {
      return RefusedBy("authority.removed",
                       "The directory lists this authority as removed; what it holds can be read "
                       "and no longer changed. If that is wrong, ask the directory's signers.");
    }
    const std::string request_id = StringField(*call.request, "request_id");
    if (request_id.empty() || request_id.size() > kRequestIdMax) {
      return RefusedBy("request.id_required",
                       "Give every change a request_id of your own, 1 to 64 characters, a UUID for "
                       "instance; it makes a repeat safe.",
                       absl::StatusCode::kInvalidArgument);
    }
  }
  return RefuseValues(*call.request);
}

Answer CarryOut(Pass& pass, const BoundMethod& bound, const Call& call) {
  Attempt attempt(pass.transaction(), &pass.effects());
  const Facts facts = pass.FactsFor(call.caller);
  Answer answer = bound.method->decide      ? Change(pass, bound, call, facts)
                  : bound.method->account   ? ListAccount(pass, bound, call, facts)
                  : bound.method->list_view ? List(pass, bound, call, facts)
                                            : Read(pass, bound, call, facts);
  return attempt.Keep() ? std::move(answer) : Refused(Unreadable());
}

}  // namespace exitbus::exchange
