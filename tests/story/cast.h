// The authorities of the story. Municipalities, police districts and national bodies bear real
// names and numbers; the unit of Kriminalforsorgen is made up, as are all persons.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exitbus/policy/v1/policy.pb.h"

namespace exitbus::story {

struct Member {
  std::string id;  // as in the directory
  policy::v1::AuthorityKind kind;
  std::string name;
  std::string code;
  std::string district;  // whose police exit unit covers it
  std::string nickname;  // in the narration, and of its client profile
  std::string binary;
  std::string client;    // its client system: the certificate's name
  std::string employee;  // who sits at it, and why
  std::string purpose;
};

inline constexpr char kKif[] = "kriminalforsorgen-kif-1469";
inline constexpr char kIshoj[] = "municipality-0183";
inline constexpr char kOdense[] = "municipality-0461";
inline constexpr char kNec[] = "nec";
inline constexpr char kVestegnen[] = "police-1469";
inline constexpr char kFyn[] = "police-1465";
inline constexpr char kContactPoint[] = "contact-point";

const std::vector<Member>& Cast();
bool IsMunicipality(const Member& member);
// A municipality's population register: the same authority, by a client system of its own.
Member RegisterOf(Member municipality);
// Likewise its jobcentre.
Member JobcentreOf(Member municipality);
// Aborts for an id that is not in it.
const Member& MemberNamed(std::string_view id);

}  // namespace exitbus::story
