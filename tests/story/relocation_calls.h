// What actors do and see of a relocation.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "exitbus/relocation/v1/conflict_service.pb.h"
#include "exitbus/relocation/v1/decision_service.pb.h"
#include "exitbus/relocation/v1/inquiry_service.pb.h"
#include "exitbus/relocation/v1/relocation_service.pb.h"
#include "tests/story/actors.h"

namespace exitbus::story {

namespace rlv1 = relocation::v1;

// The authority in charge.
absl::StatusOr<rlv1::Relocation> ProposeMove(Actor& at, const std::string& case_id,
                                             rlv1::Nomination why);
// Its police unit.
absl::StatusOr<rlv1::Relocation> Nominate(Actor& at, const std::string& security_id,
                                          rlv1::Nomination why);
absl::StatusOr<rlv1::Relocation> StatePlaces(Actor& at, const std::string& relocation_id,
                                             rlv1::PlaceStatement statement);
// The other district's.
absl::StatusOr<rlv1::AskedConflict> AnswerConflict(Actor& at, const std::string& conflict_id,
                                                   rlv1::PlaceSafety safety);
// The contact point's desk.
absl::StatusOr<rlv1::Relocation> AssessRelocation(Actor& at,
                                                  rlv1::AssessRelocationRequest assessment);
absl::StatusOr<rlv1::Relocation> AskPlaces(Actor& at, const std::string& relocation_id,
                                           const std::vector<std::string>& municipalities);
absl::StatusOr<rlv1::Relocation> Inquire(Actor& at, const std::string& relocation_id,
                                         const std::string& municipality);
absl::StatusOr<rlv1::Relocation> HearPlaces(Actor& at, const std::string& relocation_id,
                                            const std::vector<std::string>& municipalities);
absl::StatusOr<rlv1::Ranking> RankPlaces(Actor& at, const std::string& relocation_id);
absl::StatusOr<rlv1::Relocation> DecideRelocation(Actor& at, const std::string& relocation_id,
                                                  const std::string& municipality);
absl::StatusOr<rlv1::RelocationBalance> GetRelocationBalance(Actor& at);
// The authority in charge.
absl::StatusOr<rlv1::Relocation> RecordHearing(Actor& at, const std::string& relocation_id,
                                               const std::string& municipality,
                                               rlv1::PlaceHearing hearing);
// A municipality that is asked whether it has room.
absl::StatusOr<rlv1::MunicipalityInquiry> GiveRoom(Actor& at, const std::string& inquiry_id,
                                                   absl::Time from);

absl::StatusOr<rlv1::Relocation> GetRelocation(Actor& at, const std::string& relocation_id);

// As Actor's own.
absl::StatusOr<Arrival<rlv1::Relocation>> AwaitRelocation(Actor& at, const std::string& id,
                                                          absl::Time since,
                                                          rlv1::RelocationStage stage);
absl::StatusOr<Arrival<rlv1::Relocation>> AwaitPlaces(
    Actor& at, const std::string& id, absl::Time since,
    const std::function<bool(const rlv1::Relocation&)>& holds);
// The only one that is open.
absl::StatusOr<Arrival<rlv1::AskedConflict>> AwaitConflict(Actor& at, absl::Time since);
// With this id; empty: any.
absl::StatusOr<Arrival<rlv1::MunicipalityInquiry>> AwaitInquiry(
    Actor& at, absl::Time since, const std::string& inquiry_id,
    const std::function<bool(const rlv1::MunicipalityInquiry&)>& holds);

}  // namespace exitbus::story
