// What becomes of an entry, and by what it is found.
#include "services/exchange/keys.h"
#include "services/nec/entry.h"
#include "services/policy/copy.h"

namespace exitbus::nec {
namespace {

// Of an entry from before this was kept: what was known then.
v1::Provenance KnownBefore(const jv1::Entry& entry) {
  v1::Provenance known;
  known.set_fact(entry.stage() == v1::ENTRY_STAGE_WITHDRAWN ? v1::ENTRY_FACT_WITHDRAWN
                                                            : v1::ENTRY_FACT_VISITED);
  known.set_authority(entry.authority());
  known.set_responsibility_number(entry.number());
  *known.mutable_since() = entry.since();
  return known;
}

void Remember(jv1::Entry& entry, const jv1::EntryEvent& event) {
  *entry.mutable_provenance() = ProvenanceOf(entry);
  if (event.has_provenance()) *entry.add_provenance() = event.provenance();
}

void Begin(jv1::Entry& entry, const jv1::EntryEvent& event, const jv1::EntryBegun& begun) {
  Remember(entry, event);
  policy::CopyAlike(begun, entry);
  entry.set_stage(v1::ENTRY_STAGE_VISITED);
}

void Enrol(jv1::Entry& entry, const jv1::EntryEvent& event, const jv1::AgreementLearnt& learnt) {
  Remember(entry, event);
  if (entry.stage() != v1::ENTRY_STAGE_ACTIVE) entry.set_stage(v1::ENTRY_STAGE_ENROLLED);
  entry.set_agreement_version(learnt.agreement_version());
  *entry.mutable_document_digests() = learnt.document_digests();
}

void Change(jv1::Entry& entry, const jv1::EntryEvent& event, const jv1::AuthorityChanged& changed) {
  Remember(entry, event);
  policy::CopyAlike(changed, entry);
}

void Withdraw(jv1::Entry& entry, const jv1::EntryEvent& event, const jv1::EntryWithdrawn&) {
  Remember(entry, event);
  entry.set_stage(v1::ENTRY_STAGE_WITHDRAWN);
  entry.clear_paused();
}

void Reach(jv1::Entry& entry, const jv1::EntryEvent& event, const jv1::StageReached& reached) {
  Remember(entry, event);
  entry.set_stage(reached.stage());
  entry.set_paused(reached.paused());
  entry.set_end(reached.end());
}

void Correct(jv1::Entry& entry, const jv1::EntryEvent& event,
             const jv1::PersonCorrected& corrected) {
  Remember(entry, event);
  entry.mutable_person()->MergeFrom(corrected.person());
}

std::vector<std::string> KeysOf(const jv1::Entry& entry, const exchange::Lookup& lookup) {
  std::vector<std::string> keys = {EntryKey(entry.overview_id()),
                                   UnderKey(entry.authority(), entry.overview_id())};
  const std::string& cpr_number = entry.person().cpr_number();
  if (!IsOver(entry) && !cpr_number.empty()) {
    keys.push_back(
        exchange::PersonName{lookup.PersonKey(cpr_number), entry.overview_id()}.Encode());
    keys.push_back(HeldByKey(entry.overview_id(), entry.authority()));
  }
  return keys;
}

}  // namespace

bool IsOver(const jv1::Entry& entry) {
  return entry.stage() == v1::ENTRY_STAGE_WITHDRAWN || entry.stage() == v1::ENTRY_STAGE_ENDED ||
         entry.stage() == v1::ENTRY_STAGE_CLOSED;
}

bool HasLeft(const jv1::Entry& entry) {
  return entry.stage() == v1::ENTRY_STAGE_ENDED &&
         entry.end() == casework::v1::END_CODE_OTHER_PROGRAMME;
}

std::string EntryKey(const std::string& overview_id) {
  return exchange::KindName{"entry", overview_id}.Encode();
}

std::string HeldByKey(const std::string& overview_id, const std::string& authority) {
  return exchange::KindName{"held", exchange::KindName{overview_id, authority}.Encode()}.Encode();
}

std::string UnderKey(const std::string& authority, const std::string& overview_id) {
  return exchange::KindName{"under", exchange::KindName{authority, overview_id}.Encode()}.Encode();
}

google::protobuf::RepeatedPtrField<v1::Provenance> ProvenanceOf(const jv1::Entry& entry) {
  auto provenance = entry.provenance();
  if (provenance.empty() && !entry.overview_id().empty()) *provenance.Add() = KnownBefore(entry);
  return provenance;
}

EntryPart EntryEvents() {
  EntryPart part;
  part.After(&Begin)
      .After(&Enrol)
      .After(&Change)
      .After(&Withdraw)
      .After(&Reach)
      .After(&Correct)
      .Named(&KeysOf);
  return part;
}

}  // namespace exitbus::nec
