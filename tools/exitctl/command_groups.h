// The parts of the table of commands that have files of their own, and what they share. Internal to
// commands.cc.
#pragma once

#include <string>
#include <vector>

#include "tools/exitctl/commands.h"

namespace exitbus::exitctl {

inline const std::string kCases = "exitbus.casework.v1.CaseService.";
inline const std::string kErasures = "exitbus.casework.v1.ErasureService.";
inline const std::string kHandovers = "exitbus.handover.v1.HandoverService.";
inline const std::string kOverview = "exitbus.nec.v1.OverviewService.";
inline const std::string kSecurity = "exitbus.police.v1.SecurityService.";
inline const std::string kDesk = "exitbus.contact_point.v1.HandoverDeskService.";
inline const std::string kRelease = "exitbus.kriminalforsorgen.v1.ReleaseService.";

inline const Parameter kCase = {"ID", "case_id", "the case"};
inline const Parameter kHandover = {"ID", "handover_id", "the handover"};

// Cases, their units and their erasure.
std::vector<Command> CaseCommands();
std::vector<Command> UnitCommands();
std::vector<Command> ErasureCommands();

// Handovers, by whose turn it is.
std::vector<Command> SharedHandoverCommands();
std::vector<Command> HolderCommands();
std::vector<Command> ReceiverCommands();

}  // namespace exitbus::exitctl
