// Checks the evidence of one or more authorities, offline: no key, no service, no trust in any of
// them. Pure.
//
// What it rests on: the files show what the stores held when they were exported. A journal that was
// altered, cut or written anew since is found in the file itself, at the other end of a
// correspondence, or at a witness; an author that exports with a program of its own can still show
// digests of entries it no longer has, so in a dispute the entries themselves are asked for.
#pragma once

#include <vector>

#include "services/evidence/findings.h"

namespace exitbus::exchange {
class Crypto;
}

namespace exitbus::evidence {

// Empty, or notes only: nothing is wrong.
std::vector<Finding> Verify(const std::vector<v1::EvidenceFile>& files,
                            const exchange::Crypto& crypto);

}  // namespace exitbus::evidence
