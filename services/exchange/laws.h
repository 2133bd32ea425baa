// On which law it is booked what rests on nothing that is recorded in a case, and why people look
// at one: as this authority has decided, in its configuration (exitbus/config/v1/config.proto).
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace exitbus::policy::v1 {
enum AuthorityKind : int;
enum Channel : int;
enum LegalBasis : int;
}  // namespace exitbus::policy::v1

namespace exitbus::exchange {

struct Laws {
  // Of what is looked at, by the purpose that its caller gives. Empty: any purpose, in words.
  std::map<std::string, policy::v1::LegalBasis, std::less<>> purposes;
  // Of what is written over a channel.
  std::map<policy::v1::Channel, policy::v1::LegalBasis> channels;
};

// Where nothing is decided: databeskyttelsesloven § 8 at a municipality, retshåndhævelsesloven
// elsewhere.
policy::v1::LegalBasis LawOfRead(const Laws& laws, policy::v1::AuthorityKind self,
                                 std::string_view purpose);
// Likewise: forvaltningsloven § 28 at a municipality, retshåndhævelsesloven elsewhere.
policy::v1::LegalBasis LawOfLetter(const Laws& laws, policy::v1::AuthorityKind self,
                                   policy::v1::Channel channel);

}  // namespace exitbus::exchange
