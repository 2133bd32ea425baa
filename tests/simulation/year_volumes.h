// What the sources say of a year, brought to 400 people, and how it goes on with them.
#pragma once

#include "exitbus/casework/v1/programme.pb.h"

namespace exitbus::simulation {

struct Volume {
  casework::v1::Programme programme;
  int cases;         // of 400 who come in a year
  int weeks;         // that a course lasts on average (CAP-05)
  int from_custody;  // of a thousand, begin at a unit of Kriminalforsorgen
};

inline constexpr Volume kVolumes[] = {
    // CAP-09: 784 visitations in eight years. CAP-06: three of eight by Kriminalforsorgen.
    {casework::v1::PROGRAMME_NATIONAL_FRAMEWORK, 98, 65, 375},
    // CAP-02: 55 places, each of 15 months.
    {casework::v1::PROGRAMME_MUNICIPAL_EXIT, 44, 65, 0},
    // CAP-04. How long the talks last is not said.
    {casework::v1::PROGRAMME_GOD_LOESLADELSE, 200, 13, 0},
    {casework::v1::PROGRAMME_PLAN_FOR_FRIHED, 50, 13, 0},
    // How many is not said: the rest.
    {casework::v1::PROGRAMME_RESOCIALISING_EFFORT, 8, 91, 0},
};

// CAP-10, of 71 who asked in prison: refused, and without an agreement.
inline constexpr int kAskedInPrison = 71;
inline constexpr int kRefusedInPrison = 4;
inline constexpr int kNoAgreementInPrison = 27;
// CAP-09: courses that were completed, and that were interrupted.
inline constexpr int kCompleted = 200;
inline constexpr int kInterrupted = 160;

// No source: of a thousand. Who is turned away elsewhere, and who never begins.
inline constexpr int kTurnedAway = 150;
inline constexpr int kNeverBegins = 50;
// No source: of a thousand, in a week of a course.
inline constexpr int kPauses = 5;
inline constexpr int kMoves = 5;
inline constexpr int kIsTakenIntoCustody = 2;
inline constexpr int kIsReleased = 60;
inline constexpr int kIsMetInCrime = 40;

}  // namespace exitbus::simulation
