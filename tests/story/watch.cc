#include "tests/story/watch.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/story/status_macros.h"

namespace exitbus::story {
namespace {

constexpr absl::Duration kEvery = absl::Milliseconds(50);

}  // namespace

absl::StatusOr<std::unique_ptr<Watch>> Watch::Start(const Deployment& deployment,
                                                    const std::string& case_id) {
  std::unique_ptr<Watch> watch(new Watch(case_id));
  for (const char* id : {kKif, kIshoj, kOdense}) {
    const Member& member = MemberNamed(id);
    STORY_ASSIGN_OR_RETURN(watch->actors_.emplace_back(),
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

std::string Watch::Look() {
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
  if (!complete) return "";
  if (holders.empty()) return "nobody answers for the case";
  if (holders.rbegin()->first < highest_) return "the responsibility number went back";
  highest_ = holders.rbegin()->first;
  ++looks_;
  if (holders.size() == 2) ++overlaps_;
  return "";
}

}  // namespace exitbus::story
