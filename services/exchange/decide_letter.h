// One letter whose turn it is, decided by the aggregate that it is for.
#pragma once

#include "services/exchange/incoming.h"

namespace exitbus::exchange {

class UnitOfWork;
struct Service;

// Within the work, as an attempt of its own. The sender has checked the notification matrix; its
// word is not taken for it. What is refused is told to operators, without what they may not read.
LetterOutcome DecideLetter(UnitOfWork& work, const Service& service, LetterPlace place,
                           const v1::Body& body);

}  // namespace exitbus::exchange
