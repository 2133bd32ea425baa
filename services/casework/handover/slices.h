// A dossier part that one letter does not hold goes in slices. Until all of them are there it is no
// part of anything: the offer that follows is declined.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <cstddef>
#include <vector>

#include "exitbus/casework/v1/case.pb.h"
#include "exitbus/handover/v1/messages.pb.h"

namespace exitbus::casework {

// Well below what one letter holds, so that its envelope has room beside it.
inline constexpr std::size_t kSliceBytesMax = 512 * 1024;
inline constexpr std::size_t kSlicesMax = 16;
// Of a dossier: those, and what rests on consent.
inline constexpr std::size_t kPartsMax = kSlicesMax + 1;

// The part itself if one letter holds it; otherwise its slices, numbered.
std::vector<handover::v1::DossierPart> Sliced(const handover::v1::DossierPart& part);

// Whether these, as they came, are all that there is of one part, each of it once, and make an
// agreement that can be one.
bool IsWhole(const google::protobuf::RepeatedPtrField<handover::v1::DossierPart>& parts);

// Adds what this part, or slice, says of the agreement.
void TakeInAgreement(const handover::v1::DossierPart& part, casework::v1::Agreement& agreement);

}  // namespace exitbus::casework
