// What an event does to one handover of a case file. Internal to casework.
#pragma once

#include <string_view>

#include "services/casework/parts.h"
#include "services/casework/rules.h"

namespace exitbus::casework {

// Null: the file has none of this id.
jv1::Handover* MutableHandover(jv1::CaseFile& file, std::string_view handover_id);

// The one that an event is about, with the wait that the event says beside what happened; null
// likewise.
jv1::Handover* Evolving(jv1::CaseFile& file, const jv1::CaseEvent& event);

// What becomes of the terms.
void Propose(jv1::Handover& handover, const jv1::TermsProposed& proposed);
void Agree(jv1::Handover& handover, const jv1::TermAgreed& agreed);

// Of one that the file does not know, nothing comes.
template <class What>
CasePart::Evolver<What> OfHandover(void (*evolve)(jv1::CaseFile&, jv1::Handover&, const What&)) {
  return [evolve](jv1::CaseFile& file, const jv1::CaseEvent& event, const What& what) {
    if (jv1::Handover* handover = Evolving(file, event)) evolve(file, *handover, what);
  };
}
// That touches nothing of the file but the handover.
template <class What>
CasePart::Evolver<What> OfHandover(void (*evolve)(jv1::Handover&, const What&)) {
  return [evolve](jv1::CaseFile& file, const jv1::CaseEvent& event, const What& what) {
    if (jv1::Handover* handover = Evolving(file, event)) evolve(*handover, what);
  };
}

}  // namespace exitbus::casework
