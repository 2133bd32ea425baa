// One person in two active entries: told to the police unit of each, under an id made for it. What
// one answers the other hears from here, not whose it is.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/membership.h"
#include "services/exchange/obligation.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"
#include "services/nec/entry.h"

namespace exitbus::nec {
namespace {

using exchange::Decision;
using exchange::DecisionContext;

constexpr int kAnswerDays = 5;
// Of two entries somebody has to ask both authorities: a police unit cannot.
constexpr char kUnitCannot[] = "overview.person_has_two_entries";

exchange::Party Unit(const std::string& unit, const std::string& duplicate_id) {
  return {unit, policy::v1::RELATION_POLICE,         duplicate_id,
          {},   policy::v1::LEGAL_BASIS_UNSPECIFIED, policy::v1::PURPOSE_NATIONAL_OVERVIEW};
}

// Of an active entry.
std::string HolderOf(const std::string& overview_id, const exchange::Lookup& lookup) {
  const auto holders =
      lookup.NamesBelow(exchange::IndexKey{kEntries, HeldByKey(overview_id, "")}.Encode());
  return holders.empty() ? "" : holders.front();
}

// The other active entries of the person with this number, by their ids.
std::vector<std::string> OthersOf(const std::string& overview_id, const std::string& cpr_number,
                                  const exchange::Lookup& lookup) {
  if (cpr_number.empty()) return {};
  auto others = lookup.NamesBelow(
      exchange::IndexKey{kEntries, exchange::PersonName{lookup.PersonKey(cpr_number), ""}.Encode()}
          .Encode());
  std::erase(others, overview_id);
  return others;
}

const jv1::DuplicateFound* Find(const jv1::Entry& entry, const std::string& duplicate_id) {
  return exchange::FindIn(entry.duplicates(), [&](const jv1::DuplicateFound& found) {
    return found.duplicate_id() == duplicate_id;
  });
}

v1::DuplicateAnswer AnswerOf(const jv1::DuplicateFound& found, const std::string& unit) {
  const auto* const party = exchange::FindIn(
      found.parties(), [&](const v1::DuplicateParty& each) { return each.unit() == unit; });
  return party == nullptr ? v1::DUPLICATE_ANSWER_UNSPECIFIED : party->answer();
}

Decision OnAnswered(const EntryLetter& letter, const v1::DuplicateAnswered& message) {
  const auto& [entry, place, body, context] = letter;
  const jv1::DuplicateFound* const found = Find(entry, place.subject);
  // Only a store that was put back forgot what it had told.
  if (found == nullptr) return Decision::NoEffect("duplicate_unknown");
  const auto* const owed = exchange::FindParty(found->owed(), place);
  if (owed == nullptr) {
    return Decision::Refuse("letter.not_a_party", "The sender was not told of it.");
  }
  if (message.answer() == v1::DUPLICATE_ANSWER_UNSPECIFIED) {
    return Decision::Refuse("duplicate.answer_required", "Say what the answer is.");
  }
  if (AnswerOf(*found, place.sender) == message.answer()) {
    return Decision::NoEffect("duplicate_answer_known");
  }
  jv1::EntryEvent event;
  jv1::DuplicateAnswerLearnt& learnt = *event.mutable_duplicate_answer_learnt();
  learnt.set_duplicate_id(place.subject);
  *learnt.mutable_by() = exchange::Confirmed(*owed, context);
  learnt.set_answer(message.answer());
  Decision decision;
  decision.AddEvent(event);
  for (const v1::DuplicateParty& other : found->parties()) {
    const bool has_no_file = other.answer() == v1::DUPLICATE_ANSWER_NO_FILE;
    if (other.unit() == place.sender || has_no_file) continue;
    decision.Notify(policy::v1::RELATION_NEC_OVERVIEW, Unit(other.unit(), place.subject), message);
  }
  if (message.answer() == v1::DUPLICATE_ANSWER_NO_FILE) {
    decision.Report(exchange::Severity::kError, kUnitCannot);
  }
  return decision;
}

void Add(jv1::Entry& entry, const jv1::DuplicateFound& found) { *entry.add_duplicates() = found; }

void Learn(jv1::Entry& entry, const jv1::DuplicateAnswerLearnt& learnt) {
  for (jv1::DuplicateFound& found : *entry.mutable_duplicates()) {
    if (found.duplicate_id() != learnt.duplicate_id()) continue;
    exchange::Confirm(learnt.by(), *found.mutable_owed());
    for (v1::DuplicateParty& party : *found.mutable_parties()) {
      if (party.unit() != learnt.by().authority()) continue;
      party.set_answer(learnt.answer());
      *party.mutable_answered() = learnt.by().confirmed();
    }
  }
}

// Of an entry that is active no more nothing is.
std::vector<exchange::NamedObligation> OwedByUnits(const jv1::Entry& entry) {
  std::vector<exchange::NamedObligation> owed;
  if (IsOver(entry)) return owed;
  for (const jv1::DuplicateFound& found : entry.duplicates()) {
    owed.push_back({found.duplicate_id(), &found.owed()});
  }
  return owed;
}

std::vector<std::string> Names(const jv1::Entry& entry, const exchange::Lookup&) {
  std::vector<std::string> names;
  for (const jv1::DuplicateFound& found : entry.duplicates()) {
    names.push_back(DuplicateKey(found.duplicate_id()));
  }
  return names;
}

}  // namespace

std::string DuplicateKey(const std::string& duplicate_id) {
  return exchange::KindName{"duplicate", duplicate_id}.Encode();
}

std::string UnitOf(const std::string& authority, const exchange::Directory& directory) {
  const auto listed = directory.Find(authority);
  return listed == nullptr || listed->district.empty()
             ? ""
             : exchange::TheOne(directory, policy::v1::AUTHORITY_KIND_POLICE, listed->district);
}

void TellUnits(const jv1::Entry& entry, const DecisionContext& context, Decision& decision,
               const std::optional<std::string>& left) {
  const std::string& cpr_number = entry.person().cpr_number();
  const auto others = OthersOf(entry.overview_id(), cpr_number, *context.lookup);
  if (IsOver(entry) || others.empty()) return;
  jv1::EntryEvent event;
  jv1::DuplicateFound& found = *event.mutable_duplicate_found();
  std::set<std::string> units = {UnitOf(entry.authority(), *context.directory)};
  for (const std::string& other : others) {
    found.add_other_overview_ids(other);
    std::string unit = UnitOf(HolderOf(other, *context.lookup), *context.directory);
    if (!left || unit == *left) units.insert(std::move(unit));
  }
  if (units.erase("") > 0) decision.Report(exchange::Severity::kError, kUnitCannot);
  if (units.empty()) return;
  found.set_duplicate_id(context.lookup->FreshId());
  *found.mutable_found() = exchange::ToProto(context.now);
  const absl::Time due = exchange::AddWorkingDays(context.now, kAnswerDays);
  v1::DuplicatePersonFound message;
  message.set_cpr_number(cpr_number);
  *message.mutable_due() = exchange::ToProto(due);
  for (const std::string& unit : units) {
    const exchange::Party party = Unit(unit, found.duplicate_id());
    found.add_parties()->set_unit(unit);
    exchange::Owe(party, due, *found.mutable_owed());
    decision.Notify(policy::v1::RELATION_NEC_OVERVIEW, party, message);
  }
  decision.AddEvent(event);
}

void ShowDuplicates(const jv1::Entry& entry, v1::OverviewEntry& view) {
  for (const jv1::DuplicateFound& found : entry.duplicates()) {
    v1::Duplicate& duplicate = *view.add_duplicates();
    duplicate.set_duplicate_id(found.duplicate_id());
    *duplicate.mutable_found() = found.found();
    *duplicate.mutable_other_overview_ids() = found.other_overview_ids();
    *duplicate.mutable_parties() = found.parties();
    exchange::ShowDue(found.owed(), duplicate);
    duplicate.set_settled(exchange::IsConfirmed(found.owed()));
  }
}

bool HasOpenDuplicate(const jv1::Entry& entry) {
  return !IsOver(entry) && std::any_of(entry.duplicates().begin(), entry.duplicates().end(),
                                       [](const jv1::DuplicateFound& found) {
                                         return !exchange::IsConfirmed(found.owed());
                                       });
}

EntryPart Duplicates() {
  EntryPart part;
  part.On(&OnAnswered)
      .After(&Add)
      .After(&Learn)
      .Named(&Names)
      .Obligations("duplicate.overdue", &OwedByUnits);
  return part;
}

}  // namespace exitbus::nec
