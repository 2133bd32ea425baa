#include "tests/story/cast.h"

#include <cstdlib>

namespace exitbus::story {

const std::vector<Member>& Cast() {
  static const auto* cast = new std::vector<Member>{
      {kKif, policy::v1::AUTHORITY_KIND_KRIMINALFORSORGEN, "KiF-enhed 1469 (syntetisk)", "kif-1469",
       "1469", "kif", "kriminalforsorgen", "kriminalforsorgen-kif-1469.klientsystem.case-officer",
       "kif-officer-1", "exit-support"},
      {kIshoj, policy::v1::AUTHORITY_KIND_MUNICIPALITY, "Ishøj Kommune", "0183", "1469", "ishoj",
       "municipality", "municipality-0183.casesystem.exit-coordinator", "ishoj-coordinator-1",
       "exit-support"},
      {kOdense, policy::v1::AUTHORITY_KIND_MUNICIPALITY, "Odense Kommune", "0461", "1465", "odense",
       "municipality", "municipality-0461.casesystem.exit-coordinator", "odense-coordinator-1",
       "exit-support"},
      {kNec, policy::v1::AUTHORITY_KIND_NEC, "Rigspolitiets Nationale Efterforskningscenter (NEC)",
       "national", "", "nec", "nec", "nec.overview.case-officer", "nec-officer-1",
       "national-overview"},
      {kVestegnen, policy::v1::AUTHORITY_KIND_POLICE, "Københavns Vestegns Politi", "1469", "1469",
       "vestegnen", "police", "police-1469.exit-unit.case-officer", "vestegnen-officer-1",
       "security"},
      {kFyn, policy::v1::AUTHORITY_KIND_POLICE, "Fyns Politi", "1465", "1465", "fyn", "police",
       "police-1465.exit-unit.case-officer", "fyn-officer-1", "security"},
      {kContactPoint, policy::v1::AUTHORITY_KIND_CONTACT_POINT, "Det Nationale Exitkontaktpunkt",
       "national", "", "desk", "contact_point", "contact-point.desk.case-officer", "desk-officer-1",
       "handover-follow-up"},
  };
  return *cast;
}

bool IsMunicipality(const Member& member) {
  return member.kind == policy::v1::AUTHORITY_KIND_MUNICIPALITY;
}

Member RegisterOf(Member municipality) {
  municipality.nickname += "-cpr";
  municipality.client = municipality.id + ".register.population-register";
  municipality.employee = municipality.nickname + "-clerk-1";
  municipality.purpose = "security";
  return municipality;
}

Member JobcentreOf(Member municipality) {
  municipality.nickname += "-job";
  municipality.client = municipality.id + ".jobsystem.jobcentre";
  municipality.employee = municipality.nickname + "-adviser-1";
  municipality.purpose = "exit-support";
  return municipality;
}

const Member& MemberNamed(std::string_view id) {
  for (const Member& member : Cast()) {
    if (member.id == id) return member;
  }
  std::abort();
}

}  // namespace exitbus::story
