// What an entry of the overview is made of. Internal to NEC.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exitbus/nec_journal/v1/journal.pb.h"
#include "services/exchange/part.h"

namespace exitbus::nec {

namespace jv1 = nec_journal::v1;
using EntryPart = exchange::Part<jv1::Entry, jv1::EntryEvent>;
using EntryLetter = exchange::Letter<jv1::Entry>;

inline constexpr char kEntries[] = "entry";  // the aggregate's name

// Letters of several holders are ordered by responsibility number, then by their number in their
// correspondence: a take-over waits for what its slip says was sent before it. A take-over without
// the slip of the holder NEC knows is refused.
EntryPart EntryLetters();
// What becomes of an entry, and by what it is found.
EntryPart EntryEvents();
// What NEC's own people read.
EntryPart EntryMethods();
// How many are in exit, as of any time.
EntryPart Counts();
// One person in two active entries.
EntryPart Duplicates();

// The person is in exit no more; or goes on in a programme that NEC is not told of.
bool IsOver(const jv1::Entry& entry);
bool HasLeft(const jv1::Entry& entry);

// "entry/<NEC's id>".
std::string EntryKey(const std::string& overview_id);
// "duplicate/<its id>".
std::string DuplicateKey(const std::string& duplicate_id);

// "held/<NEC's id>/<authority>": what others of the same person are told by. It says no more in the
// clear than the correspondence about the entry does.
std::string HeldByKey(const std::string& overview_id, const std::string& authority);

// "under/<authority>/<NEC's id>": all that are not erased, the withdrawn ones too.
std::string UnderKey(const std::string& authority, const std::string& overview_id);

// This authority, as the one that answers for the entry's case. The ground is NEC's own task.
exchange::Party ToHolder(const std::string& authority, const std::string& overview_id);

// By whose word the entry is what it is, in the order it was learnt.
google::protobuf::RepeatedPtrField<v1::Provenance> ProvenanceOf(const jv1::Entry& entry);

// The police units of the person's entries are told, where there is another one. `entry` is as it
// is now: begun, of another number, or of another district.
// Of one that comes from `left`, another unit, only that is told beside its own: the others have
// been told before, and must not see it move.
void TellUnits(const jv1::Entry& entry, const exchange::DecisionContext& context,
               exchange::Decision& decision, const std::optional<std::string>& left = {});
// The police unit of an authority's district; empty: none is listed.
std::string UnitOf(const std::string& authority, const exchange::Directory& directory);

// What the entry's own people see of what was found.
void ShowDuplicates(const jv1::Entry& entry, v1::OverviewEntry& view);
bool HasOpenDuplicate(const jv1::Entry& entry);

}  // namespace exitbus::nec
