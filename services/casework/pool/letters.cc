// By what an application to the pool is found; what the contact point answers is alike for all who
// apply (services/pool/applicant.h).
#include <string>
#include <vector>

#include "services/casework/parts.h"
#include "services/casework/pool/pool.h"
#include "services/exchange/keys.h"
#include "services/pool/applicant.h"

namespace exitbus::casework {
namespace {

std::vector<std::string> Names(const jv1::CaseFile& file, const exchange::Lookup&) {
  std::vector<std::string> names;
  for (const pool_journal::v1::Application& one : file.pool_applications()) {
    const std::string& id = one.seen().application_id();
    names.push_back(pool::PoolKey(id));
    if (pool::IsOpenToApplicant(one.seen().stage())) {
      names.push_back(OpenPoolKey(one.seen().case_id(), id));
    }
  }
  return names;
}

}  // namespace

std::string OpenPoolKey(const std::string& case_id, const std::string& application_id) {
  const exchange::KindName of_case{case_id, application_id};
  return exchange::KindName{"pool-open", of_case.Encode()}.Encode();
}

CasePart PoolLetters() {
  CasePart part = pool::ApplicantPart<jv1::CaseFile, jv1::CaseEvent>();
  part.Named(&Names);
  return part;
}

}  // namespace exitbus::casework
