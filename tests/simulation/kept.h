// What an authority has before its process begins.
#pragma once

#include <memory>
#include <string>

#include "adapters/memory/memory_store.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/environment.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/master_key.h"

namespace exitbus::simulation {

class World;

struct Kept {
  exchange::DirectoryEntry entry;
  exchange::Settings settings;
  exchange::Secrets secrets;
  std::unique_ptr<exchange::MasterKey> master_key;
  std::unique_ptr<adapters::MemoryStore> store = std::make_unique<adapters::MemoryStore>();
  std::unique_ptr<adapters::MemoryStore> keys = std::make_unique<adapters::MemoryStore>();
};

// Of one that begins: fresh keys, no row, and everything is opened by a municipality's own
// programme.
Kept Begun(World& world, const std::string& id, policy::v1::AuthorityKind kind,
           const std::string& code);

}  // namespace exitbus::simulation
