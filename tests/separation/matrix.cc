#include "tests/separation/matrix.h"

#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/policy/readers.h"
#include "tests/e2e/environment.h"
#include "tests/tables/policy_tables.h"

namespace exitbus::story {
namespace {

namespace pv1 = policy::v1;

bool IsUnit(pv1::Function function) {
  return function == pv1::FUNCTION_JOBCENTRE || function == pv1::FUNCTION_CITIZEN_SERVICE ||
         function == pv1::FUNCTION_FAMILY_CENTRE || function == pv1::FUNCTION_MENTOR ||
         function == pv1::FUNCTION_EDUCATION_GUIDANCE || function == pv1::FUNCTION_HEALTH_CENTRE;
}

// By tests/tables/methods.table; a method that it does not name is nobody's.
bool MayCall(const google::protobuf::MethodDescriptor& method, pv1::Function function) {
  const auto named = tables::MethodTable().find(method.full_name().substr(sizeof("exitbus.") - 1));
  return named != tables::MethodTable().end() && named->second.callers.count(function) > 0;
}

bool IsId(const google::protobuf::FieldDescriptor& field) {
  return absl::EndsWith(field.name(), "_id") && field.name() != "request_id" &&
         field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING;
}

// By whom, of services whose package names no kind of authority and which not all who hold cases
// serve, or not they alone.
const std::map<std::string, std::set<pv1::AuthorityKind>>& ServedBy() {
  const std::set<pv1::AuthorityKind> parties = {pv1::AUTHORITY_KIND_MUNICIPALITY,
                                                pv1::AUTHORITY_KIND_KRIMINALFORSORGEN,
                                                pv1::AUTHORITY_KIND_POLICE};
  std::set<pv1::AuthorityKind> all = parties;
  all.insert(pv1::AUTHORITY_KIND_CONTACT_POINT);
  std::set<pv1::AuthorityKind> everybody;
  for (int kind = 1; kind <= pv1::AuthorityKind_MAX; ++kind) {
    everybody.insert(static_cast<pv1::AuthorityKind>(kind));
  }
  static const auto* const served = new std::map<std::string, std::set<pv1::AuthorityKind>>{
      {"exitbus.address.v1.AddressNoticeService", {pv1::AUTHORITY_KIND_POLICE}},
      {"exitbus.address.v1.PopulationRegisterService", {pv1::AUTHORITY_KIND_MUNICIPALITY}},
      {"exitbus.readiness.v1.ReadinessService", everybody},
      {"exitbus.referral.v1.ReceivedReferralService", {pv1::AUTHORITY_KIND_MUNICIPALITY}},
      {"exitbus.referral.v1.ReferralService",
       {pv1::AUTHORITY_KIND_POLICE, pv1::AUTHORITY_KIND_KRIMINALFORSORGEN}},
      {"exitbus.relocation.v1.RelocationService", all},
      {"exitbus.relocation.v1.RelocationWithdrawalService", parties},
      {"exitbus.relocation.v1.RelocationNominationService", {pv1::AUTHORITY_KIND_POLICE}},
      {"exitbus.relocation.v1.RelocationSafetyService", {pv1::AUTHORITY_KIND_POLICE}},
      {"exitbus.relocation.v1.ConflictInquiryService", {pv1::AUTHORITY_KIND_POLICE}},
      {"exitbus.relocation.v1.RelocationInquiryService", {pv1::AUTHORITY_KIND_MUNICIPALITY}},
      {"exitbus.relocation.v1.RelocationPlaceService", {pv1::AUTHORITY_KIND_CONTACT_POINT}},
      {"exitbus.relocation.v1.RelocationDecisionService", {pv1::AUTHORITY_KIND_CONTACT_POINT}},
      {"exitbus.relocation.v1.RelocationAssessmentService", {pv1::AUTHORITY_KIND_CONTACT_POINT}}};
  return *served;
}

}  // namespace

std::string Caller::name() const {
  const std::string_view known = policy::FunctionName(function);
  return absl::StrCat(authority, ".separation.", known.empty() ? "janitor" : std::string(known));
}

bool Serves(pv1::AuthorityKind kind, const google::protobuf::MethodDescriptor& method) {
  for (int other = 1; other <= pv1::AuthorityKind_MAX; ++other) {
    const auto named = static_cast<pv1::AuthorityKind>(other);
    const std::string package =
        absl::StrCat("exitbus.", std::string(policy::KindName(named)), ".v1");
    if (method.file()->package() == package) return named == kind;
  }
  const auto found = ServedBy().find(method.service()->full_name());
  if (found != ServedBy().end()) return found->second.contains(kind);
  return kind == pv1::AUTHORITY_KIND_MUNICIPALITY || kind == pv1::AUTHORITY_KIND_KRIMINALFORSORGEN;
}

bool Employs(pv1::AuthorityKind kind, pv1::Function function) {
  const bool municipality = kind == pv1::AUTHORITY_KIND_MUNICIPALITY;
  switch (function) {
    case pv1::FUNCTION_EXIT_COORDINATOR:
    case pv1::FUNCTION_MENTOR:
    case pv1::FUNCTION_AUDITOR:
    case pv1::FUNCTION_OPERATOR:
      return true;
    case pv1::FUNCTION_CASE_OFFICER:
      return !municipality;
    case pv1::FUNCTION_JOBCENTRE:
    case pv1::FUNCTION_CITIZEN_SERVICE:
    case pv1::FUNCTION_FAMILY_CENTRE:
    case pv1::FUNCTION_EDUCATION_GUIDANCE:
    case pv1::FUNCTION_HEALTH_CENTRE:
    case pv1::FUNCTION_POPULATION_REGISTER:
      return municipality;
    default:
      return false;
  }
}

const google::protobuf::FieldDescriptor* RowNamedIn(const google::protobuf::Descriptor& request) {
  for (int i = 0; i < request.field_count(); ++i) {
    // What comes after it filters a list.
    if (request.field(i)->name() == "page_size") return nullptr;
    if (IsId(*request.field(i))) return request.field(i);
  }
  return nullptr;
}

void SearchForAll(google::protobuf::Message& request) {
  const auto* const type = request.GetDescriptor();
  const auto* const name = type->FindFieldByName("name");
  if (name == nullptr || type->FindFieldByName("cpr_number") == nullptr) return;
  request.GetReflection()->SetString(&request, name, "opdigtet");
}

Refused OfChange(const google::protobuf::Descriptor& request) {
  if (request.FindFieldByName("etag") != nullptr) {
    return {absl::StatusCode::kAborted, "request.etag_stale"};
  }
  for (int i = 0; i < request.field_count(); ++i) {
    const auto& field = *request.field(i);
    if (!IsId(field) && field.name() != "request_id")
      return {absl::StatusCode::kInvalidArgument, ""};
  }
  return {absl::StatusCode::kOk, ""};
}

bool TellsNothingOfRow(const google::protobuf::MethodDescriptor& method) {
  return Writes(method) && RowNamedIn(*method.input_type()) != nullptr &&
         method.input_type()->FindFieldByName("etag") == nullptr;
}

bool HasRow(const Relation& relation, pv1::Function function, const std::string& id_field) {
  if (relation.mine.count(id_field) == 0) return false;
  return !IsUnit(function) || relation.units.count(function) > 0;
}

std::vector<std::pair<Caller, const Member*>> Callers() {
  std::vector<std::pair<Caller, const Member*>> callers;
  for (const Member& member : Cast()) {
    for (int function = 0; function <= pv1::Function_MAX; ++function) {
      callers.emplace_back(Caller{member.id, static_cast<pv1::Function>(function)}, &member);
    }
    const Member& other = MemberNamed(member.id == kOdense ? kIshoj : kOdense);
    callers.emplace_back(Caller{other.id, pv1::FUNCTION_EXIT_COORDINATOR}, &member);
  }
  return callers;
}

void IssueCallersCertificates() {
  static bool issued = false;
  if (std::exchange(issued, true)) return;
  std::set<std::string> names;
  for (const auto& [caller, at] : Callers()) names.insert(caller.name());
  std::vector<std::string> command = {"issue-client"};
  command.insert(command.end(), names.begin(), names.end());
  IssueCertificate(command);
}

adapters::GrpcClientOptions OptionsOf(const Caller& caller, const Member& at) {
  const Places& places = TheDeployment().places();
  adapters::GrpcClientOptions options = TheDeployment().ClientOf(at);
  options.certificate_file = places.certificate(caller.name());
  options.key_file = places.key(caller.name());
  return options;
}

Expected Expect(const google::protobuf::MethodDescriptor& method, const Caller& caller,
                const Relation& relation) {
  if (!Serves(relation.at->kind, method)) return Expected::kNotServed;
  if (caller.authority != relation.at->id) return Expected::kWrongAuthority;
  if (!Employs(relation.at->kind, caller.function) || !MayCall(method, caller.function)) {
    return Expected::kMayNot;
  }
  const auto* row = RowNamedIn(*method.input_type());
  if (row == nullptr || HasRow(relation, caller.function, row->name())) return Expected::kAllowed;
  const bool account = method.name() == "GetAccount" && relation.accounted.count(row->name()) > 0;
  return account ? Expected::kAllowed : Expected::kAbsent;
}

}  // namespace exitbus::story
