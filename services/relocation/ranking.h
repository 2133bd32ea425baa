// The places that are clear by the five criteria (REL-11). It advises; a person decides.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/time/time.h"
#include "exitbus/relocation/v1/relocation.pb.h"
#include "exitbus/relocation_journal/v1/journal.pb.h"

namespace exitbus::relocation {

// `received`: how many a municipality has received or awaits, this request's own left out.
v1::Ranking Rank(const relocation_journal::v1::Relocation& one,
                 const std::function<std::uint32_t(const std::string& municipality)>& received,
                 absl::Time now);

}  // namespace exitbus::relocation
