#include "services/casework/handover/responsibility.h"

#include <algorithm>
#include <map>
#include <optional>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "services/casework/rules.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

using exchange::FromProto;

struct Evidence {
  std::string case_id;
  std::vector<exchange::v1::Opening> openings;
  std::vector<std::pair<exchange::v1::Offer, std::string>> offers;  // and the statement's digest
  std::vector<exchange::v1::TakeOver> take_overs;
};

absl::Status Broken(std::string_view why) {
  return absl::DataLossError("evidence.broken: " + std::string(why));
}

absl::Status TwoHolders(std::uint64_t number) {
  return absl::DataLossError("evidence.two_holders: number " + std::to_string(number));
}

// Empty for a statement that is none about responsibility.
std::string CaseOf(const exchange::v1::Statement& statement) {
  switch (statement.what_case()) {
    case exchange::v1::Statement::kOpening:
      return statement.opening().case_id();
    case exchange::v1::Statement::kOffer:
      return statement.offer().case_id();
    case exchange::v1::Statement::kTakeOver:
      return statement.take_over().case_id();
    case exchange::v1::Statement::kSlip:
    case exchange::v1::Statement::kAttestation:
    case exchange::v1::Statement::WHAT_NOT_SET:
      return "";
  }
  return "";
}

absl::StatusOr<Evidence> Verify(const std::vector<std::string>& statements,
                                const exchange::Statements& keys) {
  Evidence evidence;
  for (const std::string& signed_statement : statements) {
    exchange::v1::SignedStatement outer;
    if (!outer.ParseFromString(signed_statement)) return Broken("not a signed statement");
    const auto statement = keys.Verified(signed_statement, outer.signer());
    if (!statement) return Broken("a signature does not verify");
    if (evidence.case_id.empty()) evidence.case_id = CaseOf(*statement);
    if (evidence.case_id != CaseOf(*statement)) return Broken("statements of several cases");
    // Everyone speaks for itself alone.
    if (statement->has_opening() && statement->opening().holder() == outer.signer()) {
      evidence.openings.push_back(statement->opening());
    } else if (statement->has_offer() && statement->offer().holder() == outer.signer()) {
      evidence.offers.emplace_back(statement->offer(), keys.Digest(outer.statement()));
    } else if (statement->has_take_over() && statement->take_over().receiver() == outer.signer()) {
      evidence.take_overs.push_back(statement->take_over());
    } else {
      return Broken("somebody signed for another");
    }
  }
  return evidence;
}

// The offer that a take-over answers, made by the holder of the number before.
const exchange::v1::Offer* OfferOf(const Evidence& evidence,
                                   const exchange::v1::TakeOver& take_over) {
  for (const auto& [offer, digest] : evidence.offers) {
    if (digest == take_over.offer_digest() && offer.number() == take_over.number() &&
        offer.receiver() == take_over.receiver() && offer.case_id() == take_over.case_id()) {
      return &offer;
    }
  }
  return nullptr;
}

absl::StatusOr<std::vector<ResponsibleSince>> Chain(const Evidence& evidence) {
  std::map<std::uint64_t, ResponsibleSince> holders;
  for (const auto& opening : evidence.openings) {
    const ResponsibleSince first{opening.holder(), 1, FromProto(opening.instant())};
    const auto [known, fresh] = holders.emplace(1, first);
    if (!fresh &&
        (known->second.authority != first.authority || known->second.since != first.since)) {
      return TwoHolders(1);
    }
  }
  if (holders.empty()) return Broken("the opening is missing");
  auto take_overs = evidence.take_overs;
  std::sort(take_overs.begin(), take_overs.end(),
            [](const auto& a, const auto& b) { return a.number() < b.number(); });
  for (const auto& take_over : take_overs) {
    const exchange::v1::Offer* offer = OfferOf(evidence, take_over);
    if (offer == nullptr) return Broken("a take-over answers no offer");
    if (FromProto(take_over.instant()) < FromProto(offer->earliest())) {
      return Broken("a take-over is earlier than its offer allows");
    }
    const auto before = holders.find(offer->from_number());
    if (before == holders.end() || before->second.authority != offer->holder()) {
      return Broken("an offer is not by the holder before it");
    }
    if (FromProto(take_over.instant()) < before->second.since) {
      return Broken("a take-over is earlier than the one before it");
    }
    const ResponsibleSince next{take_over.receiver(), take_over.number(),
                                FromProto(take_over.instant())};
    const auto [known, fresh] = holders.emplace(next.number, next);
    if (!fresh &&
        (known->second.authority != next.authority || known->second.since != next.since)) {
      return TwoHolders(next.number);
    }
    // Two numbers taken from one holder are two holders as well.
    for (const auto& other : take_overs) {
      const exchange::v1::Offer* others = OfferOf(evidence, other);
      if (others != nullptr && others->from_number() == offer->from_number() &&
          other.number() != take_over.number()) {
        return TwoHolders(offer->from_number());
      }
    }
  }
  std::vector<ResponsibleSince> chain;
  for (auto& [number, holder] : holders) chain.push_back(std::move(holder));
  return chain;
}

}  // namespace

absl::StatusOr<ResponsibleSince> ResponsibleAt(absl::Time instant,
                                               const std::vector<std::string>& statements,
                                               const exchange::Statements& keys) {
  const auto evidence = Verify(statements, keys);
  if (!evidence.ok()) return evidence.status();
  const auto chain = Chain(*evidence);
  if (!chain.ok()) return chain.status();
  std::optional<ResponsibleSince> found;
  for (const ResponsibleSince& holder : *chain) {
    if (holder.since <= instant) found = holder;
  }
  if (!found) return absl::NotFoundError("nobody answered for the case then");
  return *found;
}

std::unique_ptr<google::protobuf::Message> ResponsibilityView(
    const jv1::CaseFile& file, const v1::GetResponsibilityRequest& request,
    const exchange::DecisionContext& context) {
  if (file.standing() != cv1::STANDING_RESPONSIBLE && file.standing() != cv1::STANDING_FORMER) {
    return nullptr;
  }
  const absl::Time instant = request.has_instant() ? FromProto(request.instant()) : context.now;
  const auto found = ResponsibleAt(instant, {file.statements().begin(), file.statements().end()},
                                   *context.statements);
  auto view = std::make_unique<v1::Responsibility>();
  view->set_case_id(file.case_id());
  *view->mutable_statements() = file.statements();
  if (found.ok()) {
    view->set_authority(found->authority);
    view->set_number(found->number);
    *view->mutable_since() = exchange::ToProto(found->since);
  } else {
    view->set_fault(std::string(found.status().message()));
  }
  return view;
}

}  // namespace exitbus::casework
