#include "services/relocation/dwelling.h"

#include <tuple>

#include "services/exchange/proto_time.h"

namespace exitbus::relocation {
namespace {

namespace cv1 = casework::v1;
using exchange::FromProto;

// Of two words the one that is first in the contract; the other one where only that is said.
template <class Word>
Word FirstOf(Word one, Word other) {
  if (one == 0 || other == 0) return one == 0 ? other : one;
  return one < other ? one : other;
}

// The later day's outcome counts, and of one day the former municipality's.
bool CountsMore(const cv1::Dispute& one, const cv1::Dispute& other) {
  return std::tuple(FromProto(one.settled()), other.outcome()) >
         std::tuple(FromProto(other.settled()), one.outcome());
}

}  // namespace

Responsibility ResponsibilityBy(cv1::StayPlaceKind kind, const std::string& before,
                                const std::string& receiving) {
  const bool stays = !before.empty() && before == receiving;
  if (stays || kind == cv1::STAY_PLACE_KIND_DWELLING) {
    return {receiving, cv1::FUNDING_CLASS_RESIDENCE_MUNICIPALITY};
  }
  if (kind == cv1::STAY_PLACE_KIND_UNSPECIFIED) return {};
  return {before, cv1::FUNDING_CLASS_FORMER_MUNICIPALITY};
}

bool IsUnsettled(const cv1::Dispute& dispute) { return !dispute.has_settled(); }

cv1::Dispute Merged(cv1::Dispute one, const cv1::Dispute& other) {
  one.set_acting(FirstOf(one.acting(), other.acting()));
  if (one.reference() < other.reference()) one.set_reference(other.reference());
  if (!one.has_raised() ||
      (other.has_raised() && FromProto(other.raised()) < FromProto(one.raised()))) {
    *one.mutable_raised() = other.raised();
  }
  if (other.has_settled() && (!one.has_settled() || CountsMore(other, one))) {
    *one.mutable_settled() = other.settled();
    one.set_outcome(other.outcome());
  }
  return one;
}

}  // namespace exitbus::relocation
