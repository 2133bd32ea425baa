#include "tests/bench/emergency.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/proto_time.h"
#include "tests/story/actors.h"
#include "tests/story/stay_calls.h"

namespace exitbus::bench {
namespace {

namespace cv1 = casework::v1;
namespace plv1 = police::v1;

constexpr int kPersons = 20;
constexpr absl::Duration kArrivalLimit = absl::Seconds(60);
constexpr char kNyborgCode[] = "0450";  // in Fyn's district

absl::StatusOr<std::unique_ptr<story::Actor>> ActorAt(const story::Deployment& deployment,
                                                      const char* id) {
  const story::Member& member = story::MemberNamed(id);
  return story::Actor::Make(member, deployment.ClientOf(member));
}

// The first letter about it from Vestegnen's unit.
std::string FirstLetter(const std::string& subject) {
  const exchange::CorrespondenceId id{policy::v1::CHANNEL_SECURITY, story::kVestegnen, subject};
  return exchange::LetterKey{id, 1}.Encode();
}

absl::StatusOr<absl::Duration> Arrived(Commits& inbox) {
  ASSIGN_OR_RETURN(const auto took, inbox.Take(1, kArrivalLimit));
  return took.front();
}

}  // namespace

Emergencies::Emergencies() = default;
Emergencies::~Emergencies() = default;

absl::StatusOr<std::unique_ptr<Emergencies>> Emergencies::Make(
    const story::Deployment& deployment) {
  std::unique_ptr<Emergencies> made(new Emergencies);
  ASSIGN_OR_RETURN(made->police_, ActorAt(deployment, story::kVestegnen));
  const auto inbox_of = [&](const char* id) {
    return Commits::Watch(deployment.places().journal(story::MemberNamed(id)), "inbox");
  };
  ASSIGN_OR_RETURN(made->unit_, inbox_of(story::kFyn));
  ASSIGN_OR_RETURN(made->desk_, inbox_of(story::kContactPoint));
  ASSIGN_OR_RETURN(const auto holder, ActorAt(deployment, story::kIshoj));
  for (int i = 0; i < kPersons; ++i) RETURN_IF_ERROR(made->Prepare(*holder, i));
  return made;
}

absl::Status Emergencies::Prepare(story::Actor& holder, int person) {
  cv1::Person who;
  // A day from 61 on marks a number that nobody has.
  who.set_cpr_number(absl::StrFormat("610181%04d", person));
  who.set_name("Opdigtet Person");
  ASSIGN_OR_RETURN(const cv1::Case opened, holder.OpenCase(who, "Opdigtet Vej 1"));
  RETURN_IF_ERROR(holder.RecordConsent(opened.case_id()).status());
  RETURN_IF_ERROR(holder.AskPolice(opened.case_id()).status());
  ASSIGN_OR_RETURN(const auto file, police_->AwaitFileInCharge(who.cpr_number(), holder.sent()));
  files_.push_back(file.view.security_id());
  plv1::SecurityAssessment assessment;
  assessment.set_threat_level(cv1::THREAT_LEVEL_HIGH);
  assessment.set_conclusions("Trussel (opdigtet)");
  assessment.add_precautions("Mød kun to sammen (opdigtet)");
  return police_->Assess(files_.back(), assessment).status();
}

absl::StatusOr<Emergencies::Times> Emergencies::Place(int count,
                                                      const std::function<bool()>& enough) {
  Times times;
  for (int i = 0; i < count && !enough(); ++i) {
    RETURN_IF_ERROR(PlaceOnce(files_[i % files_.size()], times));
  }
  return times;
}

absl::Status Emergencies::PlaceOnce(const std::string& security_id, Times& times) {
  plv1::PlaceTemporarilyRequest where;
  where.set_security_id(security_id);
  where.set_municipality(kNyborgCode);
  where.set_address("Opdigtet Krisebolig 4");
  where.set_kind(cv1::STAY_PLACE_KIND_SAFE_HOUSE);
  *where.mutable_until() = exchange::ToProto(absl::Now() + absl::Hours(20 * 24));
  where.set_payer(cv1::STAY_PAYER_POLICE);
  where.set_applied_dkk(24'000);
  ASSIGN_OR_RETURN(const plv1::Stay stay, PlaceTemporarily(*police_, std::move(where)));
  unit_->Await(FirstLetter(stay.hosted_id()), police_->sent());
  desk_->Await(FirstLetter(stay.applications(0).application_id()), police_->sent());
  times.answered.push_back(police_->took());
  ASSIGN_OR_RETURN(times.at_unit.emplace_back(), Arrived(*unit_));
  ASSIGN_OR_RETURN(times.at_desk.emplace_back(), Arrived(*desk_));
  return EndStay(*police_, stay.stay_id(), cv1::STAY_END_ERROR).status();
}

}  // namespace exitbus::bench
