#include "services/policy/readers.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"

namespace exitbus::policy {
namespace {

using Kinds = std::vector<v1::AuthorityKind>;

using ReaderByValue = absl::flat_hash_map<int, v1::Reader>;

v1::Reader Look(const ReaderByValue& readers, int value) {
  auto found = readers.find(value);
  return found == readers.end() ? v1::READER_UNSPECIFIED : found->second;
}

v1::Reader MainReader(v1::AuthorityKind kind) {
  static const auto* readers = new ReaderByValue{
      {v1::AUTHORITY_KIND_MUNICIPALITY, v1::READER_MUNICIPALITY},
      {v1::AUTHORITY_KIND_KRIMINALFORSORGEN, v1::READER_KRIMINALFORSORGEN},
      {v1::AUTHORITY_KIND_POLICE, v1::READER_POLICE},
      {v1::AUTHORITY_KIND_CONTACT_POINT, v1::READER_CONTACT_POINT},
      {v1::AUTHORITY_KIND_NEC, v1::READER_NEC_OVERVIEW},
  };
  return Look(*readers, kind);
}

v1::Reader MunicipalReader(v1::Function function) {
  static const auto* readers = new ReaderByValue{
      {v1::FUNCTION_EXIT_COORDINATOR, v1::READER_MUNICIPALITY},
      {v1::FUNCTION_AUDITOR, v1::READER_MUNICIPALITY},
      {v1::FUNCTION_JOBCENTRE, v1::READER_JOBCENTRE},
      {v1::FUNCTION_CITIZEN_SERVICE, v1::READER_CITIZEN_SERVICE},
      {v1::FUNCTION_FAMILY_CENTRE, v1::READER_FAMILY_CENTRE},
      {v1::FUNCTION_EDUCATION_GUIDANCE, v1::READER_EDUCATION_GUIDANCE},
      {v1::FUNCTION_HEALTH_CENTRE, v1::READER_HEALTH_CENTRE},
      {v1::FUNCTION_MENTOR, v1::READER_MENTOR},
      {v1::FUNCTION_POPULATION_REGISTER, v1::READER_POPULATION_REGISTER},
  };
  return Look(*readers, function);
}

// "FUNCTION_EXIT_COORDINATOR" → "exit<separator>coordinator".
std::string ShortName(std::string_view enum_name, std::string_view prefix, char separator) {
  enum_name.remove_prefix(prefix.size());
  std::string name(enum_name);
  absl::AsciiStrToLower(&name);
  std::replace(name.begin(), name.end(), '_', separator);
  return name;
}

// Short names by value; index 0, UNSPECIFIED, is empty.
template <std::size_t kCount, typename NameOf>
std::array<std::string, kCount> ShortNames(NameOf name_of, std::string_view prefix,
                                           char separator) {
  std::array<std::string, kCount> names;
  for (std::size_t i = 1; i < kCount; ++i) {
    names[i] = ShortName(name_of(static_cast<int>(i)), prefix, separator);
  }
  return names;
}

template <std::size_t kCount>
std::string_view NameAt(const std::array<std::string, kCount>& names, int value) {
  return value > 0 && static_cast<std::size_t>(value) < kCount ? names[value] : std::string_view();
}

const auto& FunctionNames() {
  static const auto* names =
      new std::array(ShortNames<v1::Function_ARRAYSIZE>(v1::Function_Name<int>, "FUNCTION_", '-'));
  return *names;
}

}  // namespace

v1::Reader ReaderFor(v1::Relation relation, v1::AuthorityKind kind, ConditionSet satisfied) {
  const Kinds& kinds = KindsIn(relation);
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) return v1::READER_UNSPECIFIED;
  if (relation == v1::RELATION_RECEIVER) return v1::READER_RECEIVER;
  if (relation == v1::RELATION_FORMER) return v1::READER_FORMER;
  if (relation == v1::RELATION_POPULATION_REGISTER) return v1::READER_POPULATION_REGISTER;
  if (relation == v1::RELATION_RECEIVING_POLICE) {
    return satisfied.Has(v1::CONDITION_SECURITY_TRANSFERRED) ? v1::READER_POLICE
                                                             : v1::READER_RECEIVING_POLICE;
  }
  return MainReader(kind);
}

v1::Reader ReaderFor(v1::AuthorityKind kind, v1::Function function) {
  if (MainReader(kind) == v1::READER_UNSPECIFIED) return v1::READER_UNSPECIFIED;
  if (function == v1::FUNCTION_OPERATOR) return v1::READER_OPERATOR;
  if (kind == v1::AUTHORITY_KIND_MUNICIPALITY) return MunicipalReader(function);
  const bool employee = function == v1::FUNCTION_EXIT_COORDINATOR ||
                        function == v1::FUNCTION_CASE_OFFICER || function == v1::FUNCTION_AUDITOR;
  if (employee) return MainReader(kind);
  return function == v1::FUNCTION_MENTOR ? v1::READER_MENTOR : v1::READER_UNSPECIFIED;
}

const Kinds& KindsIn(v1::Relation relation) {
  using enum v1::AuthorityKind;
  static const auto* kinds = new absl::flat_hash_map<int, Kinds>{
      {v1::RELATION_HOLDER, {AUTHORITY_KIND_MUNICIPALITY, AUTHORITY_KIND_KRIMINALFORSORGEN}},
      {v1::RELATION_KRIMINALFORSORGEN, {AUTHORITY_KIND_KRIMINALFORSORGEN}},
      {v1::RELATION_POLICE, {AUTHORITY_KIND_POLICE}},
      {v1::RELATION_CONTACT_POINT, {AUTHORITY_KIND_CONTACT_POINT}},
      {v1::RELATION_NEC_OVERVIEW, {AUTHORITY_KIND_NEC}},
      {v1::RELATION_RECEIVER, {AUTHORITY_KIND_MUNICIPALITY, AUTHORITY_KIND_KRIMINALFORSORGEN}},
      {v1::RELATION_RECEIVING_POLICE, {AUTHORITY_KIND_POLICE}},
      {v1::RELATION_FORMER,
       {AUTHORITY_KIND_MUNICIPALITY, AUTHORITY_KIND_KRIMINALFORSORGEN, AUTHORITY_KIND_POLICE}},
      {v1::RELATION_POPULATION_REGISTER, {AUTHORITY_KIND_MUNICIPALITY}},
      {v1::RELATION_ANY,
       {AUTHORITY_KIND_MUNICIPALITY, AUTHORITY_KIND_KRIMINALFORSORGEN, AUTHORITY_KIND_POLICE,
        AUTHORITY_KIND_CONTACT_POINT, AUTHORITY_KIND_NEC}},
  };
  static const auto* none = new Kinds;
  auto found = kinds->find(relation);
  return found == kinds->end() ? *none : found->second;
}

std::string_view KindName(v1::AuthorityKind kind) {
  static const auto* names = new std::array(
      ShortNames<v1::AuthorityKind_ARRAYSIZE>(v1::AuthorityKind_Name<int>, "AUTHORITY_KIND_", '_'));
  return NameAt(*names, kind);
}

std::string_view ChannelName(v1::Channel channel) {
  static const auto* names =
      new std::array(ShortNames<v1::Channel_ARRAYSIZE>(v1::Channel_Name<int>, "CHANNEL_", '_'));
  return NameAt(*names, channel);
}

v1::Function FunctionNamed(std::string_view name) {
  const auto& names = FunctionNames();
  auto found = std::find(names.begin() + 1, names.end(), name);
  return found == names.end() ? v1::FUNCTION_UNSPECIFIED
                              : static_cast<v1::Function>(found - names.begin());
}

std::string_view FunctionName(v1::Function function) { return NameAt(FunctionNames(), function); }

}  // namespace exitbus::policy
