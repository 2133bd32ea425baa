// The local exit unit as a body of three (ACT-03, ACT-09): where an authority is configured so, a
// visitation waits until the other two have agreed, as is recorded of each.
#include <array>

#include "absl/algorithm/container.h"
#include "exitbus/casework/v1/intake_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/intake/intake.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programmes.h"
#include "services/exchange/membership.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;

constexpr std::array kKinds = {pv1::AUTHORITY_KIND_MUNICIPALITY,
                               pv1::AUTHORITY_KIND_KRIMINALFORSORGEN, pv1::AUTHORITY_KIND_POLICE};

// Of another kind than this authority, and of the police the district's own unit.
bool IsMember(const std::string& authority, const DecisionContext& context) {
  const auto listed = context.directory->Find(authority);
  if (listed == nullptr || listed->kind == context.self->kind ||
      !absl::c_linear_search(kKinds, listed->kind)) {
    return false;
  }
  return listed->kind != pv1::AUTHORITY_KIND_POLICE ||
         authority == PoliceOf(context.self->id, context);
}

Decision RecordJointAnswer(const jv1::CaseFile&, const v1::RecordJointAnswerRequest& request,
                           const DecisionContext& context) {
  cv1::JointAnswer answer = request.answer();
  if (!IsMember(answer.authority(), context)) {
    return Invalid("joint_unit.no_member",
                   "The local exit unit is the district's police unit, a unit of Kriminalforsorgen "
                   "and a municipality: give the id of one of the other two.");
  }
  if (answer.function() == pv1::FUNCTION_UNSPECIFIED) {
    return Invalid("joint_unit.function_required", "Say as what he works there who said it.");
  }
  if (!answer.has_said()) *answer.mutable_said() = exchange::ToProto(context.now);
  if (exchange::FromProto(answer.said()) > context.now) {
    return Invalid("joint_unit.said_when", "It was said, not in the future.");
  }
  answer.set_recorded_by(context.caller.employee);
  jv1::CaseEvent event;
  *event.mutable_joint_answer_recorded()->mutable_answer() = answer;
  return Decision().AddEvent(event);
}

void Record(jv1::CaseFile& file, const jv1::JointAnswerRecorded& recorded) {
  auto& answers = *file.mutable_intake()->mutable_joint_answers();
  exchange::EraseFrom(answers, [&](const cv1::JointAnswer& answer) {
    return answer.authority() == recorded.answer().authority();
  });
  *answers.Add() = recorded.answer();
}

bool Agrees(const jv1::CaseFile& file, pv1::AuthorityKind kind, const DecisionContext& context) {
  return absl::c_any_of(file.intake().joint_answers(), [&](const cv1::JointAnswer& answer) {
    const auto listed = context.directory->Find(answer.authority());
    return answer.agrees() && listed != nullptr && listed->kind == kind;
  });
}

bool Disagrees(const jv1::CaseFile& file) {
  return absl::c_any_of(file.intake().joint_answers(),
                        [](const cv1::JointAnswer& answer) { return !answer.agrees(); });
}

}  // namespace

const Rule kJointlyAgreed{
    "visitation.joint_unit_required",
    "Here the local exit unit decides: both others have to agree, and none may disagree. "
    "RecordJointAnswer of each; where they do not agree, EndProgramme.",
    [](const Situation& s) {
      if (!Requires(s.context, cv1::INTAKE_STEP_JOINT_UNIT) ||
          !Opens(s.file, cv1::PROGRAMME_OPENING_POLICE)) {
        return true;
      }
      return !Disagrees(s.file) && absl::c_all_of(kKinds, [&](pv1::AuthorityKind kind) {
        return kind == s.context.self->kind || Agrees(s.file, kind, s.context);
      });
    }};

CasePart JointUnitPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme, &kNotYetVisited}, &RecordJointAnswer))
      .After(&Record);
  return part;
}

}  // namespace exitbus::casework
