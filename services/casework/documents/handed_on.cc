// Documents go with the case: the dossier names those that the next holder reads, and their slices
// follow once it has taken over, a document at a time.
#include <algorithm>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "exitbus/casework/v1/document.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/documents/documents.h"
#include "services/casework/handover/evolve.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/letters.h"
#include "services/casework/handover/rules.h"
#include "services/casework/letter_keys.h"
#include "services/casework/parts.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/policy/viewer.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::KindName;

bool OpensFor(policy::ConditionSet satisfied, int category) {
  return policy::MaySee({pv1::READER_RECEIVER, pv1::LEVEL_FULL, satisfied},
                        static_cast<pv1::Category>(category), pv1::DETAIL_FULL);
}

bool NeedsConsent(policy::ConditionSet satisfied, int category) {
  satisfied.Remove(pv1::CONDITION_LEGAL_BASIS);
  return !OpensFor(satisfied, category);
}

// Whom one authority has given it to is nothing to another.
void TakeBack(cv1::Document& document) {
  document.clear_units();
  document.clear_may_be_shown();
}

// One each, at once: a document is some letters.
std::vector<exchange::Deadline> ToHandOn(const jv1::CaseFile& file) {
  std::vector<exchange::Deadline> all;
  for (const jv1::Handover& handover : file.handovers()) {
    if (handover.side() != hv1::SIDE_HOLDER || !HasMoved(handover)) continue;
    for (const jv1::DocumentOwed& owed : handover.documents_owed()) {
      all.push_back({KindName{handover.handover_id(), owed.document_id()}.Encode(),
                     exchange::FromProto(handover.taken_over())});
    }
  }
  return all;
}

void SendSlices(const cv1::Document& document, const exchange::Address& to,
                const DecisionContext& context, Decision& decision) {
  // This file's own name, also where the case has come back since.
  const std::string key = KindName{"handover", to.to.subject}.Encode();
  cv1::DocumentSlice message;
  message.set_document_id(document.document_id());
  message.set_category(document.category());
  for (std::uint32_t slice = 1; slice <= document.slices(); ++slice) {
    const auto content =
        context.lookup->Attachment(kFiles, key, SliceName(document.document_id(), slice));
    if (!content) {
      decision.Report(exchange::Severity::kError, "document.slice_missing");
      return;
    }
    message.set_slice(slice);
    message.set_content(*content);
    decision.Notify(to, message);
  }
}

Decision HandOn(const jv1::CaseFile& file, std::string_view name, const DecisionContext& context) {
  const auto key = KindName::Decode(name);
  const jv1::Handover* const handover = key ? FindHandover(file, key->kind) : nullptr;
  if (handover == nullptr) return Decision::NoEffect("document_not_owed");
  const auto* const owed = exchange::FindIn(
      handover->documents_owed(),
      [&](const jv1::DocumentOwed& one) { return one.document_id() == key->name; });
  if (owed == nullptr) return Decision::NoEffect("document_not_owed");
  jv1::CaseEvent event = EventOf(*handover);
  event.mutable_document_handed_on()->set_document_id(key->name);
  Decision decision;
  decision.AddEvent(event);
  const cv1::Document* const document = FindDocument(file, key->name);
  const bool is_revoked = owed->legal_basis() == pv1::LEGAL_BASIS_CONSENT && !ConsentInForce(file);
  if (document == nullptr || is_revoked) return decision;
  // As it was offered: what follows is part of its dossier.
  exchange::Address to = CounterpartOf(file, *handover).On(owed->legal_basis());
  to.to.relation = pv1::RELATION_RECEIVER;
  SendSlices(*document, to, context, decision);
  return decision;
}

// It came otherwise than it was named: nobody is shown it, and our operators are told.
Decision Damaged(const cv1::Document& document) {
  jv1::CaseEvent event;
  event.mutable_document_damaged()->set_document_id(document.document_id());
  Decision decision;
  decision.AddEvent(event).Report(exchange::Severity::kError, "document.damaged");
  DropSlices(document, decision);
  return decision;
}

Decision OnSlice(const PartyLetter& letter, const cv1::DocumentSlice& message) {
  if (!HasMoved(letter.handover)) return OutOfTurn();
  if (letter.file.standing() == cv1::STANDING_FORMER) {
    return Decision::NoEffect("document_crossed_departure");
  }
  const cv1::Document* const document = FindDocument(letter.file, message.document_id());
  if (document == nullptr || document->stage() != cv1::DOCUMENT_STAGE_ARRIVING) {
    return Decision::NoEffect("document_not_awaited");
  }
  const bool is_next = message.slice() == document->slices_here() + 1 &&
                       message.category() == document->category() &&
                       message.content().size() == NextSliceBytes(*document);
  auto kept = is_next
                  ? KeepNext(*document, message.content(), LetterKey(letter.place), letter.context)
                  : std::nullopt;
  return kept ? *std::move(kept) : Damaged(*document);
}

bool AllAreHere(const jv1::CaseFile& file) {
  return absl::c_none_of(file.documents(), [](const cv1::Document& document) {
    return document.stage() == cv1::DOCUMENT_STAGE_ARRIVING;
  });
}

void NoteHandedOn(jv1::Handover& handover, const jv1::DocumentHandedOn& gone) {
  exchange::EraseFrom(*handover.mutable_documents_owed(), [&](const jv1::DocumentOwed& owed) {
    return owed.document_id() == gone.document_id();
  });
}

}  // namespace

const Rule kDocumentsHere{"handover.documents_arriving",
                          "Documents of the case are still on their way from the authority that "
                          "let it go. Wait for them; "
                          "those that are not going to come are taken out by RemoveDocument.",
                          [](const Situation& s) { return AllAreHere(s.file); }};

void NameDocuments(const jv1::CaseFile& file, policy::ConditionSet satisfied, Opened opened,
                   hv1::DossierPart& part) {
  for (const cv1::Document& document : file.documents()) {
    if (document.stage() != cv1::DOCUMENT_STAGE_COMPLETE) continue;
    const bool needs_consent = NeedsConsent(satisfied, document.category());
    const bool goes =
        opened == Opened::kByEither || needs_consent == (opened == Opened::kByConsentAlone);
    if (!goes || !OpensFor(satisfied, document.category())) continue;
    cv1::Document& named = *part.add_documents();
    named = document;
    TakeBack(named);
  }
}

void OweDocuments(const hv1::DossierPart& part, jv1::Offered& offered) {
  for (const cv1::Document& document : part.documents()) {
    jv1::DocumentOwed& owed = *offered.add_documents();
    owed.set_document_id(document.document_id());
    owed.set_legal_basis(part.legal_basis());
  }
}

void TakeInDocuments(const hv1::DossierPart& part, jv1::CaseFile& file) {
  for (const cv1::Document& named : part.documents()) {
    const bool is_one = !named.document_id().empty() && named.size() > 0 &&
                        named.size() <= kDocumentBytesMax &&
                        FindDocument(file, named.document_id()) == nullptr;
    if (!is_one) continue;
    cv1::Document& document = *file.add_documents();
    document = named;
    document.set_stage(cv1::DOCUMENT_STAGE_ARRIVING);
    document.set_slices(SlicesOf(named.size()));
    document.clear_slices_here();
    TakeBack(document);
  }
}

void MoveOutDocuments(const hv1::DossierPart& part, jv1::CaseFile& file) {
  exchange::EraseFrom(*file.mutable_documents(), [&](const cv1::Document& document) {
    const bool is_of_part = std::any_of(
        part.documents().begin(), part.documents().end(),
        [&](const cv1::Document& named) { return named.document_id() == document.document_id(); });
    return is_of_part && NeedsConsent({pv1::CONDITION_AFTER_ACCEPTANCE}, document.category());
  });
}

CasePart DocumentsHandedOnPart() {
  CasePart part;
  part.On(AtReceiver(&OnSlice))
      .After(OfHandover(&NoteHandedOn))
      .Due("document", &ToHandOn, &HandOn);
  return part;
}

}  // namespace exitbus::casework
