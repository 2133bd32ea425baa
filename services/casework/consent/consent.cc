#include "services/casework/consent/consent.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/handover/rules.h"
#include "services/exchange/proto_time.h"
#include "services/policy/plan.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::ToProto;
using google::protobuf::Timestamp;

bool Same(const Timestamp& a, const Timestamp& b) {
  return a.seconds() == b.seconds() && a.nanos() == b.nanos();
}

// Who is told of a revocation, and over which correspondence.
struct Told {
  exchange::Address address;
  pv1::Exchange exchange;
  std::uint64_t receipted_through = 0;
};

void AddParties(const jv1::CaseFile& file, const jv1::Handover& handover,
                const exchange::Facts& facts, std::vector<Told>& told) {
  const bool before_acceptance = IsBeforeAcceptance(handover);
  if (HasEnded(handover) || before_acceptance) return;
  // A former holder gave what it had; it holds something by consent if it sent something on it.
  if (handover.side() == hv1::SIDE_RECEIVER && handover.received_on_consent().empty()) return;
  told.push_back({CounterpartOf(file, handover), pv1::EXCHANGE_HANDOVER});
  if (handover.side() != hv1::SIDE_HOLDER || !IsOpen(handover) || !CrossesUnits(handover)) return;
  if (auto unit = AddressOf(Whom::kReceivingPolice, file, &handover, facts)) {
    told.push_back({unit->For(pv1::PURPOSE_SECURITY), pv1::EXCHANGE_HANDOVER});
  }
}

// Everyone who may hold something on the file's consent but the one we have it from.
std::vector<Told> Recipients(const jv1::CaseFile& file, const std::string& heard_over,
                             const exchange::Facts& facts) {
  std::vector<Told> told;
  for (const jv1::Handover& handover : file.handovers()) {
    if (handover.handover_id() != heard_over) AddParties(file, handover, facts, told);
  }
  if (auto unit = AddressOf(Whom::kPolice, file, nullptr, facts)) {
    told.push_back({*std::move(unit), pv1::EXCHANGE_CASE});
  }
  return told;
}

// The file's consent ends here and everyone concerned is told, each with the boundary of his own
// correspondence. `passed_on_wrongly`: what we had of it was not ours to pass on.
void RevokeAndTell(const jv1::CaseFile& file, const Timestamp& revoked,
                   const std::string& heard_over, bool passed_on_wrongly,
                   const exchange::Facts& facts, Decision& decision) {
  jv1::CaseEvent event;
  jv1::ConsentRevoked& happened = *event.mutable_consent_revoked();
  *happened.mutable_revoked() = revoked;
  std::vector<Told> recipients = Recipients(file, heard_over, facts);
  for (Told& recipient : recipients) {
    const exchange::Party& to = recipient.address.to;
    if (!passed_on_wrongly) {
      recipient.receipted_through =
          facts.lookup->ReceiptedThrough(to.authority, recipient.exchange, to.subject);
    }
    (*happened.mutable_receipted_through())[to.subject] = recipient.receipted_through;
  }
  decision.Happened(event);
  for (const Told& recipient : recipients) {
    cv1::ConsentRevoked told;
    *told.mutable_given() = file.consent().given();
    *told.mutable_revoked() = revoked;
    told.set_receipted_through(recipient.receipted_through);
    decision.Tell(recipient.address, told);
  }
}

bool IsNewTo(const jv1::ReceivedOnConsent& received, const Timestamp& given) {
  return Same(received.part().consent().given(), given) && !received.has_blocked() &&
         !received.part().consent().has_revoked();
}

void MarkBlocked(jv1::SentOnConsent& sent, std::uint64_t receipted_through,
                 const Timestamp& revoked) {
  if (sent.number() > receipted_through && !sent.has_blocked()) *sent.mutable_blocked() = revoked;
}

// What the part brought goes; what this authority has written there itself since stays.
void MoveOut(jv1::CaseFile& file, const hv1::DossierPart& part, const Timestamp& revoked) {
  cv1::Visitation& visitation = *file.mutable_visitation();
  const cv1::Visitation& brought = part.visitation();
  if (visitation.motivation() == brought.motivation()) visitation.clear_motivation();
  if (visitation.health_needs() == brought.health_needs()) visitation.clear_health_needs();
  if (!Same(file.consent().given(), part.consent().given())) return;
  file.mutable_consent()->clear_covers();
  *file.mutable_consent()->mutable_revoked() = revoked;
}

cv1::Blocked BlockedFrom(const jv1::SentOnConsent& disclosed, const std::string& counterpart,
                         bool sent) {
  cv1::Blocked blocked;
  blocked.set_counterpart(counterpart);
  blocked.set_sent(sent);
  *blocked.mutable_categories() = disclosed.categories();
  *blocked.mutable_fields() = disclosed.fields();
  *blocked.mutable_disclosed() = disclosed.sent();
  *blocked.mutable_blocked() = disclosed.blocked();
  return blocked;
}

// By name: paths of fields, and their categories. A salt says nothing.
jv1::SentOnConsent NamesIn(const google::protobuf::Message& message, const policy::View& view) {
  const std::unique_ptr<google::protobuf::Message> saying(message.New());
  saying->CopyFrom(message);
  if (const auto* salt = saying->GetDescriptor()->FindFieldByName("salt")) {
    saying->GetReflection()->ClearField(saying.get(), salt);
  }
  const policy::Projection seen = policy::Project(*saying, view);
  jv1::SentOnConsent names;
  for (const std::string& field : seen.released_fields) {
    if (field != "legal_basis") names.add_fields(field);
  }
  for (const pv1::Category category : seen.released) names.add_categories(category);
  return names;
}

policy::View ReceiversView() {
  return {pv1::READER_RECEIVER,
          pv1::LEVEL_FULL,
          {pv1::CONDITION_AFTER_ACCEPTANCE, pv1::CONDITION_LEGAL_BASIS}};
}

}  // namespace

Decision RecordConsent(const jv1::CaseFile&, const v1::RecordConsentRequest& request,
                       const exchange::Facts& facts) {
  if (request.covers().empty()) {
    return Invalid("consent.covers_required",
                   "Say which kinds of authority the signed consent covers.");
  }
  jv1::CaseEvent event;
  cv1::Consent& consent = *event.mutable_consent_given()->mutable_consent();
  *consent.mutable_given() = ToProto(facts.now);
  *consent.mutable_covers() = request.covers();
  return Decision().Happened(event);
}

Decision RevokeConsent(const jv1::CaseFile& file, const v1::RevokeConsentRequest&,
                       const exchange::Facts& facts) {
  Decision decision;
  RevokeAndTell(file, ToProto(facts.now), "", false, facts, decision);
  return decision;
}

Decision OnConsentRevoked(const PartyLetter& letter, const cv1::ConsentRevoked& told) {
  const jv1::CaseFile& file = letter.file;
  const jv1::Handover& handover = letter.handover;
  // A former holder is told the fact and no more.
  const Timestamp& revoked = told.has_revoked() ? told.revoked() : letter.body.valid_from();
  Decision decision;
  if (handover.side() == hv1::SIDE_HOLDER) {
    if (!HasMoved(handover)) return OutOfTurn();
    if (!ConsentInForce(file)) return Decision::NoEffect("revocation_known");
    RevokeAndTell(file, revoked, handover.handover_id(), false, letter.facts, decision);
    return decision;
  }
  if (HasEnded(handover)) return Decision::NoEffect("revocation_crossed_end");
  if (IsBeforeAcceptance(handover)) return OutOfTurn();
  const auto& received = handover.received_on_consent();
  if (std::none_of(received.begin(), received.end(),
                   [&](const auto& one) { return IsNewTo(one, told.given()); })) {
    return Decision::NoEffect("revocation_of_nothing_held");
  }
  jv1::CaseEvent event;
  event.set_handover_id(handover.handover_id());
  jv1::RevocationLearnt& learnt = *event.mutable_revocation_learnt();
  *learnt.mutable_given() = told.given();
  *learnt.mutable_revoked() = revoked;
  learnt.set_receipted_through(told.receipted_through());
  decision.Happened(event);
  // Taken over with the case, it is this file's consent that ends; a newer one stays in force.
  if (HasMoved(handover) && ConsentInForce(file) && Same(file.consent().given(), told.given())) {
    const bool blocks = std::any_of(received.begin(), received.end(), [&](const auto& one) {
      return one.number() > told.receipted_through();
    });
    RevokeAndTell(file, revoked, handover.handover_id(), blocks, letter.facts, decision);
  }
  return decision;
}

bool ConsentCovers(const jv1::CaseFile& file, absl::Time told) {
  return ConsentInForce(file) &&
         (!file.has_last_revoked() || told > exchange::FromProto(file.last_revoked()));
}

jv1::SentOnConsent OnConsent(const google::protobuf::Message& message, const policy::View& view,
                             std::uint64_t number, const exchange::Facts& facts) {
  jv1::SentOnConsent sent = NamesIn(message, view);
  sent.set_number(number);
  *sent.mutable_sent() = ToProto(facts.now);
  return sent;
}

void TakeInOnConsent(jv1::CaseFile& file, const jv1::ReceivedOnConsent& received) {
  const hv1::DossierPart& part = received.part();
  *file.mutable_consent() = part.consent();
  file.mutable_visitation()->MergeFrom(part.visitation());
  if (received.has_blocked()) MoveOut(file, part, received.blocked());
}

void Revoke(jv1::CaseFile& file, const jv1::ConsentRevoked& revoked) {
  *file.mutable_consent()->mutable_revoked() = revoked.revoked();
  *file.mutable_last_revoked() = revoked.revoked();
  const auto& boundaries = revoked.receipted_through();
  for (jv1::Handover& handover : *file.mutable_handovers()) {
    const auto boundary = boundaries.find(handover.handover_id());
    if (boundary == boundaries.end()) continue;
    for (jv1::SentOnConsent& sent : *handover.mutable_sent_on_consent()) {
      MarkBlocked(sent, boundary->second, revoked.revoked());
    }
  }
  const auto police = boundaries.find(file.security_id());
  if (police != boundaries.end() && file.has_police_on_consent()) {
    MarkBlocked(*file.mutable_police_on_consent(), police->second, revoked.revoked());
  }
}

void Learn(jv1::CaseFile& file, jv1::Handover& handover, const jv1::RevocationLearnt& learnt) {
  for (jv1::ReceivedOnConsent& received : *handover.mutable_received_on_consent()) {
    if (!IsNewTo(received, learnt.given())) continue;
    if (received.number() > learnt.receipted_through()) {
      *received.mutable_blocked() = learnt.revoked();
      if (HasMoved(handover)) MoveOut(file, received.part(), learnt.revoked());
    } else {
      *received.mutable_part()->mutable_consent()->mutable_revoked() = learnt.revoked();
      if (HasMoved(handover) && Same(file.consent().given(), learnt.given())) {
        *file.mutable_consent()->mutable_revoked() = learnt.revoked();
      }
    }
  }
}

google::protobuf::RepeatedPtrField<cv1::Blocked> BlockedOf(const jv1::Handover& handover) {
  google::protobuf::RepeatedPtrField<cv1::Blocked> all;
  for (const jv1::SentOnConsent& sent : handover.sent_on_consent()) {
    if (sent.has_blocked()) *all.Add() = BlockedFrom(sent, handover.counterpart(), true);
  }
  for (const jv1::ReceivedOnConsent& received : handover.received_on_consent()) {
    if (!received.has_blocked()) continue;
    jv1::SentOnConsent names = NamesIn(received.part(), ReceiversView());
    *names.mutable_sent() = received.received();
    *names.mutable_blocked() = received.blocked();
    *all.Add() = BlockedFrom(names, handover.counterpart(), false);
  }
  return all;
}

google::protobuf::RepeatedPtrField<cv1::Blocked> BlockedOf(const jv1::CaseFile& file) {
  google::protobuf::RepeatedPtrField<cv1::Blocked> all;
  for (const jv1::Handover& handover : file.handovers()) all.MergeFrom(BlockedOf(handover));
  if (file.police_on_consent().has_blocked()) {
    *all.Add() = BlockedFrom(file.police_on_consent(), file.police(), true);
  }
  return all;
}

}  // namespace exitbus::casework
