// Figures over this authority's own cases: for how many there is room, who waits, and what became
// of whom. Made from the cases each time; none shows a person.
#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/programme_service.pb.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programme.h"
#include "services/casework/programme/programmes.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

using exchange::DecisionContext;
using exchange::FromProto;
using exchange::Message;

// Null: nobody has recorded it.
const google::protobuf::Timestamp* WaitingSince(const jv1::CaseFile& file) {
  if (file.has_referred()) return &file.referred();
  if (file.intake().referral().has_received()) return &file.intake().referral().received();
  return file.visitation().has_decided() ? &file.visitation().decided() : nullptr;
}

// The framework is for nobody else.
bool HasGangTies(const jv1::CaseFile& file) {
  return IsFramework(file.programme()) || file.intake().screening().crime() == cv1::CRIME_KIND_GANG;
}

bool TakesAPlace(const jv1::CaseFile& file) {
  return IsFramework(file.programme()) || file.programme() == cv1::PROGRAMME_MUNICIPAL_EXIT;
}

class Capacity : public exchange::Tally {
 public:
  explicit Capacity(std::uint32_t places) { capacity_.set_places(places); }

  void Add(const Message& state) override {
    const auto& file = static_cast<const jv1::CaseFile&>(state);
    if (!TakesAPlace(file)) return;
    if (IsEnrolled(file.stage())) capacity_.set_enrolled(capacity_.enrolled() + 1);
    if (!IsWaiting(file)) return;
    capacity_.set_waiting(capacity_.waiting() + 1);
    if (HasGangTies(file)) capacity_.set_waiting_from_gangs(capacity_.waiting_from_gangs() + 1);
    const auto* const since = WaitingSince(file);
    if (since == nullptr) return;
    if (!capacity_.has_waiting_since() ||
        FromProto(*since) < FromProto(capacity_.waiting_since())) {
      *capacity_.mutable_waiting_since() = *since;
    }
  }
  std::unique_ptr<Message> Result() const override {
    auto result = std::make_unique<v1::Capacity>(capacity_);
    result->set_full(capacity_.places() > 0 && capacity_.enrolled() >= capacity_.places());
    return result;
  }

 private:
  v1::Capacity capacity_;
};

cv1::CaseStage PhaseOf(const jv1::CaseFile& file) {
  if (file.has_started()) return cv1::CASE_STAGE_ACTIVE;
  if (file.has_agreement()) return cv1::CASE_STAGE_ENROLLED;
  return file.visitation().has_decided() ? cv1::CASE_STAGE_VISITED : cv1::CASE_STAGE_REFERRED;
}

class Outcomes : public exchange::Tally {
 public:
  Outcomes(cv1::Programme programme, absl::Time now) : programme_(programme), now_(now) {}

  void Add(const Message& state) override {
    const auto& file = static_cast<const jv1::CaseFile&>(state);
    const bool is_asked_for =
        programme_ == cv1::PROGRAMME_UNSPECIFIED || IsSameProgramme(programme_, file.programme());
    if (!is_asked_for || file.end().code() == cv1::END_CODE_UNSPECIFIED) return;
    ++ends_[{file.end().code(), PhaseOf(file)}];
    for (const jv1::FollowUp& one : file.follow_ups()) Add(one);
  }
  std::unique_ptr<Message> Result() const override {
    auto result = std::make_unique<v1::Outcomes>();
    for (const auto& [window, figure] : follow_ups_) *result->add_follow_ups() = figure;
    for (const auto& [of, courses] : ends_) {
      v1::EndFigure& figure = *result->add_ends();
      figure.set_code(of.first);
      figure.set_phase(of.second);
      figure.set_courses(courses);
    }
    return result;
  }

 private:
  void Add(const jv1::FollowUp& one) {
    v1::FollowUpFigure& figure = follow_ups_[one.window()];
    figure.set_window(one.window());
    if (one.answer() == cv1::FOLLOW_UP_ANSWER_OUT_OF_SCOPE) {
      figure.set_out_of_scope(figure.out_of_scope() + 1);
      return;
    }
    if (FromProto(one.from()) <= now_) figure.set_reached(figure.reached() + 1);
    const bool yes = one.answer() == cv1::FOLLOW_UP_ANSWER_YES;
    const bool no = one.answer() == cv1::FOLLOW_UP_ANSWER_NO;
    figure.set_yes(figure.yes() + (yes ? 1 : 0));
    figure.set_no(figure.no() + (no ? 1 : 0));
    figure.set_answered(figure.yes() + figure.no());
  }

  const cv1::Programme programme_;
  const absl::Time now_;
  std::map<cv1::FollowUpWindow, v1::FollowUpFigure> follow_ups_;
  std::map<std::pair<cv1::EndCode, cv1::CaseStage>, std::uint32_t> ends_;
};

exchange::TallyBegun BeginCapacity(const v1::GetCapacityRequest&, const DecisionContext& context) {
  return std::make_unique<Capacity>(context.course == nullptr ? 0 : context.course->annual_places);
}

exchange::TallyBegun BeginOutcomes(const v1::GetOutcomesRequest& request,
                                   const DecisionContext& context) {
  return std::make_unique<Outcomes>(request.programme(), context.now);
}

}  // namespace

bool IsWaiting(const jv1::CaseFile& file) {
  return file.standing() == cv1::STANDING_RESPONSIBLE &&
         (file.stage() == cv1::CASE_STAGE_REFERRED || file.stage() == cv1::CASE_STAGE_VISITED);
}

void ShowWaiting(const jv1::CaseFile& file, cv1::Case& view) {
  if (!IsWaiting(file)) return;
  cv1::Waiting& waiting = *view.mutable_waiting();
  if (const auto* const since = WaitingSince(file)) *waiting.mutable_since() = *since;
  if (file.security().threat_level() == cv1::THREAT_LEVEL_HIGH) {
    waiting.set_priority(cv1::WAITING_PRIORITY_THREATENED);
  } else {
    waiting.set_priority(HasGangTies(file) ? cv1::WAITING_PRIORITY_GANG
                                           : cv1::WAITING_PRIORITY_OTHER);
  }
}

CasePart FigurePart() {
  CasePart part;
  const std::string prefix = exchange::KindName{kResponsibleName, ""}.Encode();
  part.Count(prefix, &BeginCapacity).Count(prefix, &BeginOutcomes);
  return part;
}

}  // namespace exitbus::casework
