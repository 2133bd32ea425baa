// What actors do and see of a person at a temporary place.
#pragma once

#include <functional>
#include <string>

#include "exitbus/contact_point/v1/pool_desk.pb.h"
#include "exitbus/police/v1/hosted_stay_service.pb.h"
#include "exitbus/police/v1/stay_service.pb.h"
#include "tests/story/actors.h"

namespace exitbus::story {

// The authority in charge.
absl::StatusOr<cv1::Case> AskForAPlace(Actor& at, const std::string& case_id);
// The police unit that places the person.
absl::StatusOr<plv1::Stay> PlaceTemporarily(Actor& at, plv1::PlaceTemporarilyRequest where);
absl::StatusOr<plv1::Stay> EndStay(Actor& at, const std::string& stay_id, cv1::StayEnd end);
absl::StatusOr<plv1::Stay> AccountForStay(Actor& at, const plv1::Stay& stay,
                                          std::uint64_t spent_dkk);
// The one of this file that has not ended, or the last one.
absl::StatusOr<Arrival<plv1::Stay>> AwaitStay(Actor& at, const std::string& security_id,
                                              absl::Time since, const std::string& what,
                                              const std::function<bool(const plv1::Stay&)>& holds);
// The unit of the place: the one that it has not read; and one by its id.
absl::StatusOr<Arrival<plv1::HostedStay>> AwaitHosted(Actor& at, absl::Time since);
absl::StatusOr<plv1::HostedStay> GetHosted(Actor& at, const std::string& hosted_id);
absl::StatusOr<plv1::HostedStay> AnswerHosted(Actor& at, const std::string& hosted_id,
                                              relocation::v1::PlaceSafety answer);
// The contact point.
absl::StatusOr<Arrival<pool::v1::PoolApplication>> AwaitApplication(Actor& at,
                                                                    const std::string& id,
                                                                    absl::Time since);
absl::Status GrantAndPay(Actor& at, const std::string& id, std::uint64_t dkk);

}  // namespace exitbus::story
