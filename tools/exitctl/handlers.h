// What the commands run that are no call of one method; and those calls. Internal to commands.cc.
#pragma once

#include <functional>

#include "tools/exitctl/commands.h"

namespace exitbus::exitctl {

// Calls the method of the command's row.
absl::StatusOr<int> CallFromTable(const Invocation& on);
absl::StatusOr<int> NewKeys(const Invocation& on);
absl::StatusOr<int> RenewKeys(const Invocation& on);
absl::StatusOr<int> RetireKeys(const Invocation& on);
absl::StatusOr<int> SignDirectory(const Invocation& on);
absl::StatusOr<int> CountersignDirectory(const Invocation& on);
absl::StatusOr<int> ShowDirectory(const Invocation& on);
absl::StatusOr<int> ShowEntries(const Invocation& on);
absl::StatusOr<int> Backup(const Invocation& on);
absl::StatusOr<int> RecoveryStatus(const Invocation& on);
absl::StatusOr<int> AcceptUnheard(const Invocation& on);
absl::StatusOr<int> PauseChannel(const Invocation& on);
absl::StatusOr<int> ResumeChannel(const Invocation& on);
absl::StatusOr<int> RetryLetters(const Invocation& on);
absl::StatusOr<int> BeginMaintenance(const Invocation& on);
absl::StatusOr<int> EndMaintenance(const Invocation& on);
absl::StatusOr<int> FollowPeers(const Invocation& on);
absl::StatusOr<int> ListStopped(const Invocation& on);
absl::StatusOr<int> ProposeSettlement(const Invocation& on);
absl::StatusOr<int> AgreeToSettlement(const Invocation& on);
absl::StatusOr<int> FinishSettlement(const Invocation& on);
absl::StatusOr<int> TraceLetter(const Invocation& on);
absl::StatusOr<int> ExportEvidence(const Invocation& on);
absl::StatusOr<int> VerifyEvidence(const Invocation& on);
absl::StatusOr<int> TellResponsible(const Invocation& on);
absl::StatusOr<int> SetClock(const Invocation& on);
absl::StatusOr<int> AdvanceClock(const Invocation& on);
absl::StatusOr<int> ShowClock(const Invocation& on);
absl::StatusOr<int> CallInbox(const Invocation& on);
absl::StatusOr<int> StoreDocument(const Invocation& on);
absl::StatusOr<int> ResumeDocument(const Invocation& on);
absl::StatusOr<int> SaveDocument(const Invocation& on);
absl::StatusOr<int> CallByName(const Invocation& on);
absl::StatusOr<int> Top(const Invocation& on);
absl::StatusOr<int> Tail(const Invocation& on);
absl::StatusOr<int> PrintMethods(const Invocation& on);
absl::StatusOr<int> PrintDescription(const Invocation& on);

// With a client as the profile says.
int WithClient(const Invocation& on,
               const std::function<int(adapters::GrpcClient&, const Profile&)>& run);

}  // namespace exitbus::exitctl
