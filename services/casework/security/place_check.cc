// Whether the person is safe where something is to take place: another prison, a meeting, a work
// place, a group (N-01, N-02, N-12). The case's police unit says it, and never why.
#include "services/casework/security/place_check.h"

#include "absl/algorithm/container.h"
#include "exitbus/casework/v1/place_check_service.pb.h"
#include "exitbus/police/v1/place_check.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programmes.h"
#include "services/casework/relocation/relocation.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/relocation/municipalities.h"
#include "services/relocation/places.h"

namespace exitbus::casework {
namespace {

namespace lv1 = relocation::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::ToProto;

constexpr int kPlacesMax = 30;
// Who is there changes.
constexpr absl::Duration kClearFor = absl::Hours(30 * 24);

bool IsOpen(const jv1::CaseFile& file) {
  return IsOursToPursue(file) && Opens(file, cv1::PROGRAMME_OPENING_POLICE);
}

// Null: nobody has asked about it, nor said anything of it.
const jv1::PlaceCheck* Find(const jv1::CaseFile& file, const Where& where) {
  return exchange::FindIn(file.place_checks(), [&](const jv1::PlaceCheck& check) {
    return check.seen().municipality() == where.municipality && check.seen().place() == where.place;
  });
}

// What is answered of it; else of all of its municipality. Null: neither is.
const cv1::PlaceCheck* Answered(const jv1::CaseFile& file, const Where& where) {
  for (const Where& one : {where, Where{where.municipality, ""}}) {
    const jv1::PlaceCheck* const check = Find(file, one);
    if (check != nullptr && relocation::IsAnAnswer(check->seen().safety())) return &check->seen();
  }
  return nullptr;
}

Decision Note(const jv1::PlaceCheck& check) {
  jv1::CaseEvent event;
  *event.mutable_place_check_noted()->mutable_place_check() = check;
  return Decision().AddEvent(event);
}

const Rule kUnitKnows{"place_check.police_not_asked",
                      "No police unit knows the person by this case: RequestPoliceClarification.",
                      [](const Situation& s) { return !s.file.police().empty(); }};

std::optional<Decision> RefuseQuestion(const v1::RequestPlaceCheckRequest& request,
                                       const DecisionContext& context) {
  if (relocation::FindMunicipality(request.municipality()) == nullptr) {
    return Invalid("place_check.no_municipality",
                   "Give the code of the municipality in which the place lies, e.g. \"0259\".");
  }
  if (request.use() == cv1::PLACE_USE_UNSPECIFIED) {
    return Invalid("place_check.use_required",
                   "Say what is to take place there: a meeting, work, a group, or something else.");
  }
  if (request.use() == cv1::PLACE_USE_PRISON &&
      context.self->kind != policy::v1::AUTHORITY_KIND_KRIMINALFORSORGEN) {
    return Invalid("place_check.no_prison_of_ours",
                   "Kriminalforsorgen alone moves somebody to another prison or ward.");
  }
  return std::nullopt;
}

Decision Request(const jv1::CaseFile& file, const v1::RequestPlaceCheckRequest& request,
                 const DecisionContext& context) {
  if (auto refused = RefuseQuestion(request, context)) return *std::move(refused);
  if (IsWaitedFor(file, {request.municipality(), request.place()})) {
    return Decision::Refuse("place_check.asked",
                            "The unit is asked of this place, and still has time to answer.");
  }
  const absl::Time due = relocation::PoliceDue(context.now);
  jv1::PlaceCheck check;
  cv1::PlaceCheck& seen = *check.mutable_seen();
  seen.set_municipality(request.municipality());
  seen.set_place(request.place());
  seen.set_use(request.use());
  *seen.mutable_asked() = ToProto(context.now);
  seen.set_safety(lv1::PLACE_SAFETY_ASKED);
  *check.mutable_answer() = exchange::OwedBy(file.police(), file.security_id(), due);
  police::v1::PlaceCheckRequested message;
  message.set_municipality(request.municipality());
  message.set_place(request.place());
  message.set_use(request.use());
  *message.mutable_due() = ToProto(due);
  return Note(check).Notify(AddressOf(Whom::kPolice, file, nullptr, context), message);
}

// Of a place that nobody has asked about it says that he cannot be there, and no more.
Decision OnChecked(const CaseLetter& letter, const police::v1::PlaceChecked& message) {
  if (auto instead = NotOfUnit(letter)) return *std::move(instead);
  const jv1::CaseFile& file = letter.state;
  if (!relocation::IsAnAnswer(message.safety()) ||
      relocation::FindMunicipality(message.municipality()) == nullptr) {
    return Decision::Refuse("place_check.without_answer",
                            "Say of a municipality that it is clear, not possible or unknown.");
  }
  const jv1::PlaceCheck* const asked = Find(file, {message.municipality(), message.place()});
  if (asked == nullptr && message.safety() != lv1::PLACE_SAFETY_NOT_POSSIBLE) {
    return Decision::NoEffect("answer_of_another_place");
  }
  if (!IsOpen(file)) return Decision::NoEffect("place_check_crossed_end");
  jv1::PlaceCheck check = asked != nullptr ? *asked : jv1::PlaceCheck();
  cv1::PlaceCheck& seen = *check.mutable_seen();
  seen.set_municipality(message.municipality());
  seen.set_place(message.place());
  seen.set_safety(message.safety());
  *seen.mutable_answered() = ToProto(letter.context.now);
  check.clear_answer();
  return Note(check);
}

void Replace(jv1::CaseFile& file, const jv1::PlaceCheckNoted& noted) {
  const cv1::PlaceCheck& seen = noted.place_check().seen();
  const auto* const known = Find(file, {seen.municipality(), seen.place()});
  *(known != nullptr ? const_cast<jv1::PlaceCheck*>(known) : file.add_place_checks()) =
      noted.place_check();
  exchange::KeepNewest(*file.mutable_place_checks(), kPlacesMax);
}

std::vector<exchange::NamedObligation> AnswersOwed(const jv1::CaseFile& file) {
  std::vector<exchange::NamedObligation> owed;
  if (!IsOpen(file)) return owed;
  for (const jv1::PlaceCheck& check : file.place_checks()) {
    owed.push_back(
        {absl::StrCat(check.seen().municipality(), ":", check.seen().place()), &check.answer()});
  }
  return owed;
}

}  // namespace

Where WhereOf(const cv1::Measure& measure) { return {measure.municipality(), measure.place()}; }
Where WhereOf(const cv1::Meeting& meeting) { return {meeting.municipality(), meeting.place()}; }

bool IsAskedAbout(const jv1::CaseFile& file, const Where& where) {
  return !where.municipality.empty() && !file.police().empty() &&
         Opens(file, cv1::PROGRAMME_OPENING_POLICE);
}

bool IsNotPossible(const jv1::CaseFile& file, const Where& where) {
  const cv1::PlaceCheck* const said = Answered(file, where);
  return said != nullptr && said->safety() == lv1::PLACE_SAFETY_NOT_POSSIBLE;
}

bool IsClear(const jv1::CaseFile& file, const Where& where, absl::Time now) {
  const cv1::PlaceCheck* const said = Answered(file, where);
  return said != nullptr && said->safety() == lv1::PLACE_SAFETY_CLEAR &&
         now - exchange::FromProto(said->answered()) < kClearFor;
}

bool IsWaitedFor(const jv1::CaseFile& file, const Where& where) {
  const jv1::PlaceCheck* const check = Find(file, where);
  return check != nullptr && !exchange::IsMet(check->answer()) &&
         !exchange::IsOverdue(check->answer());
}

std::optional<Decision> RefuseNoPlace(const Where& where) {
  const bool is_as_usual = where.municipality.empty();
  if (is_as_usual || relocation::FindMunicipality(where.municipality) != nullptr) {
    return std::nullopt;
  }
  return Invalid("place.no_municipality",
                 "Give the code of the municipality in which the place lies, e.g. \"0183\".");
}

std::optional<Decision> RefuseImpossiblePlace(const jv1::CaseFile& file, const Where& where) {
  if (!IsAskedAbout(file, where) || !IsNotPossible(file, where)) return std::nullopt;
  return Decision::Refuse("place.not_there",
                          "Not there: the police find that the person cannot be in this place. "
                          "Choose another one.");
}

std::optional<Decision> RefusePlace(const jv1::CaseFile& file, const Where& where,
                                    const DecisionContext& context) {
  if (auto refused = RefuseImpossiblePlace(file, where)) return refused;
  if (!IsAskedAbout(file, where) || IsClear(file, where, context.now)) return std::nullopt;
  return Decision::Refuse("place.not_clear",
                          "The police have not found this place safe in the last 30 days. Ask "
                          "them: RequestPlaceCheck, of the same municipality and place.");
}

void ShowPlaceChecks(const jv1::CaseFile& file, cv1::Case& view) {
  for (const jv1::PlaceCheck& check : file.place_checks()) {
    cv1::PlaceCheck& shown = *view.add_place_checks();
    shown = check.seen();
    if (IsOpen(file)) exchange::ShowDue(check.answer(), shown);
  }
}

CasePart PlaceCheckPart() {
  CasePart part;
  part.Serve(
          OnCase({&kResponsible, &kInProgramme, &kHasBasis, &kOpensPolice, &kUnitKnows}, &Request))
      .On(&OnChecked)
      .After(&Replace)
      .Obligations("place_check.overdue", &AnswersOwed);
  return part;
}

}  // namespace exitbus::casework
