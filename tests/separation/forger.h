// Makes records for the bus as one would who has an authority's keys, or the broker.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "services/exchange/ports/bus.h"
#include "services/exchange/ports/directory.h"
#include "tests/separation/kafka_bytes.h"
#include "tests/story/cast.h"

namespace exitbus::story {

// Every message there is, empty, and its name.
std::vector<std::pair<std::string, exchange::v1::Body>> EveryMessage();

// As the directory lists `member`.
std::shared_ptr<const exchange::DirectoryEntry> EntryOf(const std::string& member);

// A letter that says it is number 1 about `subject`, from one to the other, on handovers.
exchange::v1::Packet LetterPacket(const std::string& sender, const std::string& recipient,
                                  const std::string& subject);

// The same, on this channel, saying `body`.
exchange::v1::Letter LetterSaying(const exchange::v1::Body& body, const std::string& sender,
                                  const std::string& recipient, policy::v1::Channel channel,
                                  const std::string& subject);

// Sealed to `recipient` and signed with the keys of `signer`, who is named as the sender.
WireRecord SealedBy(const std::string& signer, const exchange::DirectoryEntry& recipient,
                    const exchange::v1::Packet& packet,
                    policy::v1::Channel channel = policy::v1::CHANNEL_HANDOVER);

// With another key's id, ciphertext or whatever else in `content`, signed anew over this topic as
// `signer` would.
WireRecord SignedAnew(WireRecord record, const std::string& topic, const std::string& signer,
                      exchange::v1::Record content);
// What a signature in this topic binds: to be sealed along with what is made up.
std::string BoundTo(const std::string& topic, const WireRecord& record);

// As whoever reads the topic is handed it.
exchange::BusRecord AsRead(const std::string& topic, const WireRecord& record);

// With the text of a header replaced; it must be there.
WireRecord WithHeader(WireRecord record, const std::string& name, const std::string& value);
// With one bit of the value flipped, this far into it (0 to 1).
WireRecord WithFlippedBit(WireRecord record, double where);

}  // namespace exitbus::story
