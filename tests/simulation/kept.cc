#include "tests/simulation/kept.h"

#include "adapters/sodium/file_master_key.h"
#include "exitbus/casework/v1/programme.pb.h"
#include "tests/simulation/world.h"

namespace exitbus::simulation {
namespace {

namespace pv1 = policy::v1;

constexpr char kNational[] = "national";  // the code of who is there once

// The police district that covers an authority: Odense lies on Fyn, all others on Vestegnen.
std::string DistrictOf(pv1::AuthorityKind kind, const std::string& code) {
  if (code == kNational) return "";
  if (kind == pv1::AUTHORITY_KIND_POLICE) return code;
  return code == "0461" ? "1465" : "1469";
}

exchange::Settings SettingsOfAll() {
  exchange::Settings settings;
  settings.unlinking_delay_max = absl::Seconds(30);
  settings.blind_letters_daily = false;
  settings.municipal_exit_opens = {
      casework::v1::PROGRAMME_OPENING_NEC, casework::v1::PROGRAMME_OPENING_POLICE,
      casework::v1::PROGRAMME_OPENING_POOL, casework::v1::PROGRAMME_OPENING_RELOCATION};
  return settings;
}

}  // namespace

Kept Begun(World& world, const std::string& id, pv1::AuthorityKind kind, const std::string& code) {
  const exchange::KeyPair identity = world.crypto->NewSigningKey();
  const exchange::KeyPair sealing = world.crypto->NewSealingKey();
  Kept kept;
  kept.master_key = adapters::MakeFileMasterKey(
      world.crypto.get(), exchange::SecretBytes(world.random.Bytes(exchange::kKeyBytes)));
  kept.settings = SettingsOfAll();
  kept.secrets = {identity.secret_key,
                  {{sealing}},
                  exchange::SecretBytes(world.random.Bytes(exchange::kKeyBytes))};
  kept.entry = {id,
                kind,
                "name of " + id,
                code,
                identity.public_key,
                sealing.public_key,
                DistrictOf(kind, code)};
  return kept;
}

}  // namespace exitbus::simulation
