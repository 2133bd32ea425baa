// What two authorities' evidence shows when it is laid side by side.
#pragma once

#include "services/evidence/findings.h"

namespace exitbus::evidence {

// Both ends of every correspondence between the two, number by number; and the checkpoints that
// each keeps for the other against the other's own.
void CheckBetween(const v1::EvidenceFile& one, const v1::EvidenceFile& other, Findings& findings);

// What two witnesses were told by the same author: nobody may tell two histories.
void CheckWitnesses(const v1::EvidenceFile& one, const v1::EvidenceFile& other, Findings& findings);

}  // namespace exitbus::evidence
