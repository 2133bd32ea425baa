#include "tests/separation/guarded.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/casework_journal/v1/journal.pb.h"
#include "exitbus/contact_point_journal/v1/journal.pb.h"
#include "exitbus/contact_point_journal/v1/pool.pb.h"
#include "exitbus/nec_journal/v1/journal.pb.h"
#include "exitbus/police_journal/v1/journal.pb.h"
#include "services/exchange/aggregate.h"
#include "tests/simulation/authorities.h"

namespace exitbus::simulation {
namespace {

// Of one that nobody has thought of here: everything.
std::string GuardedWhole(const std::string& aggregate, const std::string& bytes) {
  for (const Authority& authority : Authorities()) {
    const std::vector<exchange::Aggregate> all = authority.Aggregates();
    const auto known = std::find_if(all.begin(), all.end(),
                                    [&](const auto& one) { return one.name == aggregate; });
    if (known == all.end()) continue;
    const auto state = known->new_state();
    state->ParseFromString(bytes);
    const auto* erasure = state->GetDescriptor()->FindFieldByName("erasure");
    return state->GetReflection()->HasField(*state, erasure) ? "erased" : bytes;
  }
  ADD_FAILURE() << "no authority has such files: " << aggregate;
  return "";
}

}  // namespace

std::string Guarded(const std::string& aggregate, const std::string& bytes) {
  if (aggregate == "file") {
    casework_journal::v1::CaseFile file;
    file.ParseFromString(bytes);
    if (file.has_erasure()) return "erased";
    return absl::StrCat(casework::v1::Standing_Name(file.standing()), " ", file.responsible(), " ",
                        file.number(), " ", file.stage() == casework::v1::CASE_STAGE_WITHDRAWN, " ",
                        file.case_id(), " ", file.person().cpr_number(), " ", file.police(), " ",
                        file.security_id(), " ", file.overview_id());
  }
  if (aggregate == "security") {
    police_journal::v1::SecurityFile file;
    file.ParseFromString(bytes);
    if (file.has_erasure()) return "erased";
    return absl::StrCat(police::v1::PoliceStanding_Name(file.standing()), " ", file.holder(), " ",
                        file.security_id(), " ", file.person().cpr_number(), " ",
                        file.assessment().version());
  }
  if (aggregate == "monitored") {
    contact_point_journal::v1::Monitored monitored;
    monitored.ParseFromString(bytes);
    if (monitored.has_erasure()) return "erased";
    return absl::StrCat(monitored.stage(), " ", monitored.holder(), " ", monitored.receiver());
  }
  if (aggregate == "pool") {
    contact_point_journal::v1::PoolYear year;
    year.ParseFromString(bytes);
    std::string money = absl::StrCat(year.year(), " ", year.budget_dkk());
    for (const auto& one : year.pool_applications()) {
      absl::StrAppend(&money, " ", one.seen().granted_dkk(), " ", one.seen().paid_dkk());
    }
    return money;
  }
  if (aggregate == "entry") {
    nec_journal::v1::Entry entry;
    entry.ParseFromString(bytes);
    if (entry.has_erasure()) return "erased";
    return absl::StrCat(entry.stage(), " ", entry.authority(), " ", entry.number(), " ",
                        entry.person().cpr_number());
  }
  if (aggregate == "inventories") return "";  // who listed what when: it is nobody's case
  return GuardedWhole(aggregate, bytes);
}

}  // namespace exitbus::simulation
