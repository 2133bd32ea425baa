#include "tests/separation/rights.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/policy/readers.h"
#include "tests/tables/policy_tables.h"

namespace exitbus::story {
namespace {

namespace pv1 = policy::v1;

// The columns of the table that an authority of a kind can be: one that is called as it is, where
// nothing else is said.
std::vector<pv1::Reader> ColumnsOf(pv1::AuthorityKind kind) {
  static const auto* columns = new std::map<pv1::AuthorityKind, std::vector<pv1::Reader>>{
      {pv1::AUTHORITY_KIND_MUNICIPALITY,
       {pv1::READER_MUNICIPALITY, pv1::READER_POPULATION_REGISTER, pv1::READER_RECEIVER,
        pv1::READER_FORMER}},
      {pv1::AUTHORITY_KIND_KRIMINALFORSORGEN,
       {pv1::READER_KRIMINALFORSORGEN, pv1::READER_RECEIVER, pv1::READER_FORMER}},
      {pv1::AUTHORITY_KIND_POLICE, {pv1::READER_POLICE, pv1::READER_RECEIVING_POLICE}},
      {pv1::AUTHORITY_KIND_NEC, {pv1::READER_NEC_OVERVIEW}},
  };
  const auto found = columns->find(kind);
  if (found != columns->end()) return found->second;
  const std::string name = pv1::AuthorityKind_Name(kind).substr(sizeof("AUTHORITY_KIND_") - 1);
  pv1::Reader reader = pv1::READER_UNSPECIFIED;
  pv1::Reader_Parse(absl::StrCat("READER_", name), &reader);
  return {reader};
}

// Which column a caller reads as.
pv1::Reader ColumnOf(pv1::AuthorityKind kind, pv1::Function function) {
  switch (function) {
    case pv1::FUNCTION_JOBCENTRE:
      return pv1::READER_JOBCENTRE;
    case pv1::FUNCTION_CITIZEN_SERVICE:
      return pv1::READER_CITIZEN_SERVICE;
    case pv1::FUNCTION_FAMILY_CENTRE:
      return pv1::READER_FAMILY_CENTRE;
    case pv1::FUNCTION_EDUCATION_GUIDANCE:
      return pv1::READER_EDUCATION_GUIDANCE;
    case pv1::FUNCTION_HEALTH_CENTRE:
      return pv1::READER_HEALTH_CENTRE;
    case pv1::FUNCTION_MENTOR:
      return pv1::READER_MENTOR;
    case pv1::FUNCTION_POPULATION_REGISTER:
      return pv1::READER_POPULATION_REGISTER;
    case pv1::FUNCTION_OPERATOR:
      return pv1::READER_OPERATOR;
    default:
      return ColumnsOf(kind).front();
  }
}

bool Allows(pv1::Reader reader, const Label& label, policy::ConditionSet satisfied) {
  if (label.category == pv1::CATEGORY_UNSPECIFIED) return false;  // nobody's but its author's
  return tables::CategoryTable::Get().Allows(reader, label.category, label.detail, satisfied);
}

}  // namespace

policy::ConditionSet EveryCondition() { return tables::AllConditionSets().back(); }

bool MayHold(const Member& member, const Canary& canary) {
  if (canary.written_by.count(member.id) > 0) return true;
  policy::ConditionSet satisfied = EveryCondition();
  satisfied.Remove(pv1::CONDITION_OWN_PART);
  for (const pv1::Reader reader : ColumnsOf(member.kind)) {
    if (Allows(reader, canary.label, satisfied)) return true;
  }
  return false;
}

bool MayBeShown(pv1::AuthorityKind kind, pv1::Function function, const Label& label,
                policy::ConditionSet satisfied) {
  return Allows(ColumnOf(kind, function), label, satisfied);
}

pv1::Function FunctionOf(const Member& member) {
  return policy::FunctionNamed(member.client.substr(member.client.rfind('.') + 1));
}

}  // namespace exitbus::story
