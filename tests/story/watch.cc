#include "tests/story/watch.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::story {
namespace {

constexpr absl::Duration kEvery = absl::Milliseconds(50);

}  // namespace

absl::StatusOr<std::unique_ptr<Watch>> Watch::Start(const Deployment& deployment,
                                                    const std::string& case_id,
                                                    const std::string& cpr_number) {
  std::unique_ptr<Watch> watch(new Watch(case_id, cpr_number));
  for (const char* id : {kKif, kIshoj, kOdense, kVestegnen, kFyn}) {
    const Member& member = MemberNamed(id);
    const bool police = member.kind == policy::v1::AUTHORITY_KIND_POLICE;
    ASSIGN_OR_RETURN((police ? watch->police_ : watch->actors_).emplace_back(),
                     Actor::Make(member, deployment.ClientOf(member), absl::ZeroDuration()));
  }
  watch->thread_ = std::thread([raw = watch.get()] { raw->Run(); });
  return watch;
}

Watch::~Watch() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

absl::Status Watch::Stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  return wrong_.empty() ? absl::OkStatus() : absl::InternalError(wrong_);
}

void Watch::Run() {
  while (!stopping_ && wrong_.empty()) {
    std::string wrong = Look();
    // The authorities are asked one after the other: a take-over that was made and told between two
    // answers looks like nobody. It is there at the next look, if it is.
    if (wrong == "nobody answers for the case") wrong = Look();
    wrong_ = std::move(wrong);
    absl::SleepFor(kEvery);
  }
}

std::string Watch::Told() const {
  std::string told =
      absl::StrCat("looked ", looks_, " times during it: always exactly one authority in charge (",
                   overlaps_, " looks fell between the take-over and its arrival)");
  absl::StrAppend(&told, " and exactly one police unit");
  if (with_both_units_ + without_unit_ > 0) {
    absl::StrAppend(&told, ", but for ", with_both_units_ + without_unit_,
                    " looks when the take-over had reached one of the two units (in charge said ",
                    with_both_units_, " times both, ", without_unit_, " times neither)");
  }
  return told;
}

std::optional<std::set<std::string>> Watch::UnitsInCharge() {
  std::set<std::string> units;
  for (const auto& police : police_) {
    const auto file = police->FindFileInCharge(cpr_number_);
    if (file.ok()) units.insert(police->id());
    if (!file.ok() && !absl::IsNotFound(file.status())) return std::nullopt;
  }
  return units;
}

// `units` were asked before `district`, so that a case that has not moved now had not moved then.
std::string Watch::JudgeUnits(const std::set<std::string>& units, const std::string& district) {
  if (first_district_.empty()) first_district_ = district;
  const bool moved = district != first_district_;
  const std::string expected = "police-" + district;
  if (units == std::set<std::string>{expected}) {
    units_changed_ = moved;
    return "";
  }
  if (!moved || units_changed_) {
    return absl::StrCat("in charge should be ", expected,
                        " alone, and says so: ", absl::StrJoin(units, ", "));
  }
  if (units.empty()) ++without_unit_;
  if (units.size() > 1) ++with_both_units_;
  return "";
}

std::string Watch::Look() {
  const auto units = UnitsInCharge();
  std::map<std::uint64_t, std::string> holders;
  bool complete = true;
  for (const auto& actor : actors_) {
    const auto view = actor->GetCase(case_id_);
    if (absl::IsNotFound(view.status())) continue;
    if (!view.ok()) {
      complete = false;  // its process is away
      continue;
    }
    if (view->standing() != cv1::STANDING_RESPONSIBLE) continue;
    const auto [holder, fresh] = holders.emplace(view->responsibility_number(), actor->id());
    if (!fresh) {
      return absl::StrCat(holder->second, " and ", actor->id(), " both answer under number ",
                          view->responsibility_number());
    }
  }
  if (holders.size() > 2) return "three authorities say that they answer for the case";
  if (!complete || !units) return "";
  if (holders.empty()) return "nobody answers for the case";
  if (holders.rbegin()->first < highest_) return "the responsibility number went back";
  highest_ = holders.rbegin()->first;
  ++looks_;
  if (holders.size() == 2) ++overlaps_;
  return JudgeUnits(*units, MemberNamed(holders.rbegin()->second).district);
}

}  // namespace exitbus::story
