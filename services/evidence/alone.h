// What one authority's evidence shows by itself.
#pragma once

#include "services/evidence/findings.h"

namespace exitbus::exchange {
class Crypto;
}

namespace exitbus::evidence {

// Whether the journal's chain is whole and ends in its head, every number of every correspondence
// is there, and the books are those that the authority's own checkpoints committed to.
void CheckAlone(const v1::EvidenceFile& file, const exchange::Crypto& crypto, Findings& findings);

}  // namespace exitbus::evidence
