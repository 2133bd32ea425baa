#include "exitbus/casework/v1/case_service.pb.h"
#include "services/casework/consent/consent.h"
#include "services/casework/handover/evolve.h"
#include "services/casework/methods.h"

namespace exitbus::casework {
namespace {

void Give(jv1::CaseFile& file, const jv1::ConsentGiven& given) {
  *file.mutable_consent() = given.consent();
}

}  // namespace

CasePart ConsentPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme, &kNotFrozen}, &RecordConsent))
      .Serve(OnCase({&kHasOrHadCase, &kConsentInForce}, &RevokeConsent))
      .On(AtEitherSide(&OnConsentRevoked))
      .After(&Give)
      .After(&Revoke)
      .After(OfHandover(&Learn));
  return part;
}

}  // namespace exitbus::casework
