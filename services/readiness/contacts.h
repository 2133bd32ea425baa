// Whom to phone, for who decides something that another has to know at once.
#pragma once

#include <string>
#include <vector>

#include "exitbus/readiness/v1/readiness.pb.h"
#include "services/exchange/decision_context.h"

namespace exitbus::readiness {

// What the authority, this one or another, has published for this purpose itself, in the order in
// which they are asked; none: nobody, or it is not known here.
std::vector<v1::Contact> ContactsFor(const std::string& authority, v1::ContactPurpose purpose,
                                     const exchange::DecisionContext& context);

}  // namespace exitbus::readiness
