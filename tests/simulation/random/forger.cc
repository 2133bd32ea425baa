#include "tests/simulation/random/forger.h"

#include "exitbus/exchange/v1/letter.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/sealing.h"

namespace exitbus::simulation {

bool ForgeReceipt(World& world, Node& author, Node& reader) {
  exchange::v1::Packet packet;
  for (const auto& [key, row] : reader.store().rows(exchange::Table::kCorrespondencesOut)) {
    const auto id = exchange::CorrespondenceId::Decode(key);
    store::v1::CorrespondenceOut out;
    if (!id || id->peer != author.id() || !out.ParseFromString(row)) continue;
    exchange::v1::Receipt& receipt = *packet.mutable_receipts()->add_receipts();
    receipt.set_channel(static_cast<policy::v1::Channel>(id->channel));
    receipt.set_subject(id->subject);
    receipt.set_through(out.last_number() + 1);
    receipt.set_head_digest(world.crypto->Digest("what nobody has sent"));
  }
  if (!packet.has_receipts()) return false;
  exchange::Environment forger = author.environment();
  forger.secrets.identity_key = world.crypto->NewSigningKey().secret_key;
  world.broker.Append(exchange::SealRecord(forger, *world.directory.Find(reader.id()),
                                           policy::v1::CHANNEL_RECEIPT, packet));
  return true;
}

}  // namespace exitbus::simulation
