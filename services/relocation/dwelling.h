// What follows from where a person moves to live, for the municipality that he leaves and the one
// that he comes to (retssikkerhedsloven §§ 9, 9 c; N-05, N-06); and what the two disagree on
// (N-08), which both keep alike in whichever order they hear it.
#pragma once

#include <string>

#include "exitbus/casework/v1/case.pb.h"
#include "exitbus/casework/v1/dwelling.pb.h"

namespace exitbus::relocation {

// Which municipality acts in matters of social law, empty: not known; and who pays, unset: not
// known, RESIDENCE_MUNICIPALITY: there is no refund.
struct Responsibility {
  std::string handlekommune;
  casework::v1::FundingClass refund = casework::v1::FUNDING_CLASS_UNSPECIFIED;
};

// Of a dwelling of this kind (unset: none is chosen yet), by who was handlekommune before; each
// empty where it is not known.
Responsibility ResponsibilityBy(casework::v1::StayPlaceKind kind, const std::string& before,
                                const std::string& receiving);

bool IsUnsettled(const casework::v1::Dispute& dispute);

// One dispute (of one question and number) as the two sides know it, or have said: whichever of
// them is told first, it comes to the same.
casework::v1::Dispute Merged(casework::v1::Dispute one, const casework::v1::Dispute& other);

}  // namespace exitbus::relocation
