#include "services/casework/handover/dossier.h"

#include <algorithm>

#include "exitbus/exchange/v1/statement.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/access/units.h"
#include "services/casework/addresses.h"
#include "services/casework/consent/basis.h"
#include "services/casework/documents/documents.h"
#include "services/casework/handover/slices.h"
#include "services/casework/programme/contact_person.h"
#include "services/casework/programme/programmes.h"
#include "services/casework/rules.h"
#include "services/casework/supervision/supervision.h"
#include "services/exchange/slips.h"
#include "services/policy/plan.h"
#include "services/policy/readers.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;

// Digests are of what the receiver gets, so that it can compare them.
hv1::DossierPart AsReceiverSees(const jv1::CaseFile& file, const jv1::Handover& handover,
                                const hv1::DossierPart& part) {
  hv1::DossierPart seen;
  seen.CopyFrom(*policy::Project(part, {pv1::READER_RECEIVER, pv1::LEVEL_FULL,
                                        CounterpartOf(file, handover).to.satisfied})
                     .message);
  return seen;
}

// v0.2 declines what it finds under no digest, and does not know which law a case goes on: it can
// do without. Whatever else it does not know it could not go on with, and rightly declines.
hv1::DossierPart AsV02Reads(hv1::DossierPart part) {
  part.clear_bases();
  return part;
}

// What the citizen has agreed to, and the texts that nothing but consent opens.
void AddWhatConsentOpens(const jv1::CaseFile& file, hv1::DossierPart& part) {
  *part.mutable_consent() = file.consent();
  part.mutable_visitation()->set_motivation(file.visitation().motivation());
  part.mutable_visitation()->set_health_needs(file.visitation().health_needs());
}

// What the receiver answers for once it has taken over.
hv1::DossierPart WhatIsHandedOver(const jv1::CaseFile& file, const jv1::Handover& handover,
                                  pv1::AuthorityKind to) {
  hv1::DossierPart part;
  part.set_stage(file.stage());
  *part.mutable_visitation() = file.visitation();
  part.mutable_visitation()->clear_motivation();
  part.mutable_visitation()->clear_health_needs();
  *part.mutable_agreement() = WithoutUnits(file.agreement());
  *part.mutable_precautions() = file.precautions();
  // NEC's id is nothing to who goes on with what NEC does not know of.
  if (IsInOverview(file)) part.set_overview_id(file.overview_id());
  // Unset, as who does not know of programmes says it too.
  if (!IsFramework(file.programme())) part.set_programme(file.programme());
  *part.mutable_opens() = file.opens();
  if (file.has_started()) *part.mutable_started() = file.started();
  if (file.has_paused()) *part.mutable_paused() = file.paused();
  part.set_police(handover.police());
  // Another district's unit knows the case by the handover's id.
  if (!handover.police().empty() && handover.receiving_police() == handover.police()) {
    part.set_security_id(file.security_id());
  }
  *part.mutable_statements() = file.statements();
  if (file.has_planned_release()) *part.mutable_planned_release() = file.planned_release();
  *part.mutable_bases() = file.bases();
  if (file.has_parole()) *part.mutable_parole() = file.parole();
  if (StaysWhoItMoves(file, handover)) *part.mutable_contact_person() = file.contact_person();
  // Where the receiver is Kriminalforsorgen itself, its supervision ends with the take-over.
  const jv1::Supervision* const running = RunningSupervision(file);
  if (running != nullptr && to != pv1::AUTHORITY_KIND_KRIMINALFORSORGEN) {
    part.set_supervising_unit(running->seen().unit());
    part.set_supervision_id(running->supervision_id());
  }
  return part;
}

// Over which each of those who get a slip is told of the case.
pv1::Channel ChannelTo(pv1::Relation reader) {
  switch (reader) {
    case pv1::RELATION_NEC_OVERVIEW:
      return pv1::CHANNEL_NEC;
    case pv1::RELATION_KRIMINALFORSORGEN:
      return pv1::CHANNEL_CASE;
    default:
      return pv1::CHANNEL_HANDOVER;
  }
}

// The case is in the programme that it was asked for in; and whoever is to go on telling NEC of it
// gets what that takes.
bool IsOfItsProgramme(const google::protobuf::RepeatedPtrField<hv1::DossierPart>& parts,
                      const jv1::Handover& handover) {
  if (!IsSameProgramme(parts[0].programme(), handover.programme())) return false;
  return !Opens(parts[0], cv1::PROGRAMME_OPENING_NEC) ||
         (!parts[0].overview_id().empty() &&
          std::any_of(parts.begin(), parts.end(), [](const hv1::DossierPart& part) {
            return part.visitation().has_decided();
          }));
}

}  // namespace

std::vector<hv1::DossierPart> DossierFor(const jv1::CaseFile& file, const jv1::Handover& handover,
                                         const exchange::DecisionContext& context) {
  const auto listed = context.directory->Find(handover.counterpart());
  const auto basis = BasisForCounterpart(file, handover, context);
  if (!listed || !basis) return {};
  const bool on_consent = *basis == pv1::LEGAL_BASIS_CONSENT;
  hv1::DossierPart whole = WhatIsHandedOver(file, handover, listed->kind);
  whole.set_legal_basis(*basis);
  if (on_consent) AddWhatConsentOpens(file, whole);
  const policy::ConditionSet satisfied = CounterpartOf(file, handover).to.satisfied;
  NameDocuments(file, satisfied, on_consent ? Opened::kByEither : Opened::kByLaw, whole);
  std::vector<hv1::DossierPart> parts = Sliced(AsReceiverSees(file, handover, whole));
  // A revocation names the consent it takes back.
  if (on_consent) {
    for (hv1::DossierPart& part : parts) *part.mutable_consent() = parts.front().consent();
  } else if (ConsentInForce(file) && Covers(file.consent().covers(), listed->kind)) {
    hv1::DossierPart consented;
    consented.set_legal_basis(pv1::LEGAL_BASIS_CONSENT);
    AddWhatConsentOpens(file, consented);
    NameDocuments(file, satisfied, Opened::kByConsentAlone, consented);
    parts.push_back(AsReceiverSees(file, handover, consented));
  }
  // Nobody but the receiver can compare them, without the salt.
  for (hv1::DossierPart& part : parts) {
    part.set_salt(context.lookup->FreshId() + context.lookup->FreshId());
  }
  return parts;
}

std::string SignOffer(const jv1::CaseFile& file, const jv1::Handover& handover,
                      std::uint64_t number, const google::protobuf::Timestamp& earliest,
                      const std::vector<hv1::DossierPart>& dossier,
                      const exchange::DecisionContext& context) {
  exchange::v1::Statement statement;
  exchange::v1::Offer& offer = *statement.mutable_offer();
  offer.set_case_id(file.case_id());
  offer.set_handover_id(handover.handover_id());
  offer.set_from_number(file.number());
  offer.set_number(number);
  offer.set_holder(context.self->id);
  offer.set_receiver(handover.counterpart());
  *offer.mutable_earliest() = earliest;
  for (const hv1::DossierPart& part : dossier) {
    offer.add_dossier_digests(context.statements->Digest(part.SerializeAsString()));
    if (part.bases().empty()) continue;
    offer.add_dossier_digests(context.statements->Digest(AsV02Reads(part).SerializeAsString()));
  }
  return context.statements->Sign(statement);
}

std::vector<std::string> SignSlips(const jv1::CaseFile& file, const jv1::Handover& handover,
                                   std::uint64_t number, const exchange::DecisionContext& context) {
  std::vector<std::string> slips;
  for (const auto& [speaking_as, reader] : SlipReaders(file, handover, context)) {
    const bool police =
        reader.authority == handover.police() || reader.authority == handover.receiving_police();
    exchange::v1::Statement statement;
    exchange::v1::Slip& slip = *statement.mutable_slip();
    slip.set_reader(reader.authority);
    slip.set_reader_subject(reader.subject);
    slip.set_from_number(file.number());
    slip.set_number(number);
    slip.set_holder(context.self->id);
    slip.set_receiver(handover.counterpart());
    // The police are told of the offer in this very decision, and that counts.
    slip.set_sent_through(
        context.lookup->ProgressWith(reader.authority, ChannelTo(reader.relation), reader.subject)
            .sent +
        (police ? 1 : 0));
    slips.push_back(context.statements->Sign(statement));
  }
  return slips;
}

std::string SlipFor(const google::protobuf::RepeatedPtrField<std::string>& slips,
                    std::string_view reader, const jv1::Handover& handover,
                    const exchange::DecisionContext& context) {
  for (const std::string& slip : slips) {
    const auto statement = context.statements->Verified(slip, handover.counterpart());
    if (statement && statement->slip().reader() == reader &&
        statement->slip().receiver() == context.self->id) {
      return slip;
    }
  }
  return "";
}

bool IsOfferFor(const hv1::HandoverOffered& message, const jv1::CaseFile& file,
                const jv1::Handover& handover, const exchange::DecisionContext& context) {
  for (const exchange::Address& reader : SlipReaders(file, handover, context)) {
    if (SlipFor(message.slips(), reader.to.authority, handover, context).empty()) return false;
  }
  const auto statement = context.statements->Verified(message.offer(), handover.counterpart());
  if (!statement || !statement->has_offer()) return false;
  const exchange::v1::Offer& said = statement->offer();
  const auto& digests = said.dossier_digests();
  const auto is_named = [&](const hv1::DossierPart& part) {
    return std::find(digests.begin(), digests.end(),
                     context.statements->Digest(part.SerializeAsString())) != digests.end();
  };
  const bool all_named =
      std::all_of(handover.dossier().begin(), handover.dossier().end(), is_named) &&
      std::all_of(handover.received_on_consent().begin(), handover.received_on_consent().end(),
                  [&](const auto& received) { return is_named(received.part()); });
  return all_named && IsDossierWhole(handover) && said.receiver() == context.self->id &&
         said.holder() == handover.counterpart() && said.case_id() == file.case_id() &&
         said.handover_id() == handover.handover_id() && said.number() > said.from_number() &&
         said.number() <= exchange::kNumberMax;
}

bool RestsOnConsent(const jv1::Handover& handover) {
  return handover.dossier().empty() && !handover.received_on_consent().empty();
}

bool IsDossierWhole(const jv1::Handover& handover) {
  google::protobuf::RepeatedPtrField<hv1::DossierPart> parts = handover.dossier();
  if (RestsOnConsent(handover)) {
    for (const jv1::ReceivedOnConsent& received : handover.received_on_consent()) {
      if (received.has_blocked()) return false;
      *parts.Add() = received.part();
    }
  }
  // What came may be that alone which only consent opens; the rest says how far the case is.
  return IsWhole(parts) && parts[0].stage() != cv1::CASE_STAGE_UNSPECIFIED &&
         IsOfItsProgramme(parts, handover);
}

const hv1::DossierPart* LeadingPart(const jv1::Handover& handover) {
  if (!handover.dossier().empty()) return &handover.dossier(0);
  const auto& on_consent = handover.received_on_consent();
  return on_consent.empty() ? nullptr : &on_consent.Get(0).part();
}

std::string OfferDigest(const std::string& offer, const exchange::DecisionContext& context) {
  exchange::v1::SignedStatement outer;
  outer.ParseFromString(offer);
  return context.statements->Digest(outer.statement());
}

}  // namespace exitbus::casework
