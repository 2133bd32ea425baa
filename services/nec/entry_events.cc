// What becomes of an entry, and by what it is found.
#include "services/exchange/keys.h"
#include "services/nec/entry.h"
#include "services/policy/copy.h"

namespace exitbus::nec {
namespace {

void Begin(jv1::Entry& entry, const jv1::EntryBegun& begun) {
  policy::CopyAlike(begun, entry);
  entry.set_stage(v1::ENTRY_STAGE_VISITED);
}

void Enrol(jv1::Entry& entry, const jv1::AgreementLearnt& learnt) {
  entry.set_stage(v1::ENTRY_STAGE_ENROLLED);
  entry.set_agreement_version(learnt.agreement_version());
}

void Change(jv1::Entry& entry, const jv1::AuthorityChanged& changed) {
  policy::CopyAlike(changed, entry);
}

void Withdraw(jv1::Entry& entry, const jv1::EntryWithdrawn&) {
  entry.set_stage(v1::ENTRY_STAGE_WITHDRAWN);
}

void Correct(jv1::Entry& entry, const jv1::PersonCorrected& corrected) {
  entry.mutable_person()->MergeFrom(corrected.person());
}

std::vector<std::string> KeysOf(const jv1::Entry& entry, const exchange::Lookup& lookup) {
  std::vector<std::string> keys = {EntryKey(entry.overview_id())};
  const std::string& cpr_number = entry.person().cpr_number();
  if (entry.stage() != v1::ENTRY_STAGE_WITHDRAWN && !cpr_number.empty()) {
    keys.push_back(
        exchange::PersonName{lookup.PersonKey(cpr_number), entry.overview_id()}.Encode());
  }
  return keys;
}

}  // namespace

std::string EntryKey(const std::string& overview_id) {
  return exchange::KindName{"entry", overview_id}.Encode();
}

EntryPart EntryEvents() {
  EntryPart part;
  part.After(&Begin).After(&Enrol).After(&Change).After(&Withdraw).After(&Correct).Named(&KeysOf);
  return part;
}

}  // namespace exitbus::nec
