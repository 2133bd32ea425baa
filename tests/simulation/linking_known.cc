// What those who try to join requests hold of them, as numbers.
#include <algorithm>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "services/exchange/sealing.h"
#include "tests/simulation/linking_world.h"

namespace exitbus::simulation {
namespace {

namespace ev1 = exchange::v1;
namespace pv1 = policy::v1;

double NumberIn(std::string_view bytes) {
  double number = 0;
  for (const char byte : bytes.substr(0, 8))
    number = number * 256 + static_cast<unsigned char>(byte);
  return number;
}

// What can be told of any letter that has been opened.
std::vector<double> FeaturesOf(const exchange::BusRecord& record, const ev1::Letter& letter,
                               const ev1::Link& link, const ev1::Body& body) {
  return {absl::ToDoubleSeconds(record.timestamp - absl::UnixEpoch()),
          static_cast<double>(record.offset),
          static_cast<double>(record.payload.size()),
          static_cast<double>(letter.ByteSizeLong()),
          static_cast<double>(link.number()),
          NumberIn(link.subject()),
          NumberIn(body.message_id()),
          NumberIn(letter.content().salt()),
          NumberIn(link.commitment()),
          static_cast<double>(body.registered().seconds()),
          static_cast<double>(body.valid_from().seconds())};
}

// In place of each number, the share of them that are smaller: so that any two orders can be
// compared.
void Rank(std::map<std::string, Known>& all) {
  for (std::size_t i = 0; i < all.begin()->second.features.size(); ++i) {
    std::vector<double> numbers;
    for (const auto& [id, one] : all) numbers.push_back(one.features[i]);
    std::sort(numbers.begin(), numbers.end());
    for (auto& [id, one] : all) {
      const auto at = std::lower_bound(numbers.begin(), numbers.end(), one.features[i]);
      one.features[i] =
          static_cast<double>(at - numbers.begin()) / static_cast<double>(numbers.size());
    }
  }
}

}  // namespace

void LinkingWorld::ForEachLetterAt(
    Node& node, absl::FunctionRef<void(const exchange::BusRecord&, const ev1::Letter&,
                                       const ev1::Link&, const ev1::Body&)>
                    take) {
  const auto open = [&](const exchange::BusRecord& record, const ev1::Letter& letter) {
    ev1::Link link;
    ev1::Body body;
    if (link.ParseFromString(letter.link()) && body.ParseFromString(letter.content().body())) {
      take(record, letter, link, body);
    }
  };
  for (const auto& record : node.Received(pv1::CHANNEL_RELOCATION)) {
    if (exchange::IsAnnouncement(record)) continue;
    const auto packet = exchange::OpenRecord(node.environment(), record);
    if (!packet.ok()) continue;
    if (packet->has_letter()) open(record, packet->letter());
    for (const auto& letter : packet->letters().letters()) open(record, letter);
  }
}

std::map<std::string, Known> LinkingWorld::KnownTo(Node& node) {
  std::map<std::string, Known> all;
  ForEachLetterAt(node, [&](const auto& record, const auto& letter, const auto& link,
                            const auto& body) {
    if (!body.has_relocation_inquiry()) return;
    Known& known = all[link.subject()];
    known = {link.subject(), record.timestamp, {}, FeaturesOf(record, letter, link, body)};
    known.features.push_back(static_cast<double>(body.relocation_inquiry().answer_due().seconds()));
  });
  for (auto& [id, one] : all) {
    const auto answered = answered_.find(id);
    if (answered != answered_.end()) one.answered = answered->second;
  }
  return all;
}

std::map<std::string, Known> LinkingWorld::KnownToTheDesk() {
  std::map<std::string, Known> all;
  ForEachLetterAt(desk,
                  [&](const auto& record, const auto& letter, const auto& link, const auto& body) {
                    if (!body.has_relocation_nominated()) return;
                    const std::string& id = body.relocation_nominated().relocation_id();
                    all[id] = {id, record.timestamp, {}, FeaturesOf(record, letter, link, body)};
                    all[id].features.push_back(NumberIn(id));
                  });
  Rank(all);
  return all;
}

std::map<std::string, Known> LinkingWorld::Persons(bool told) {
  std::map<std::string, Known> all;
  for (const auto& [request, person] : persons_) {
    Known& one = all[person.case_id];
    one = {person.case_id, person.nominated, {}, {person.cpr_number, NumberIn(person.case_id)}};
    if (told) one.features.push_back(NumberIn(request));
  }
  Rank(all);
  return all;
}

std::map<std::string, std::string> LinkingWorld::CaseOf() {
  std::map<std::string, std::string> case_of;
  for (const auto& [request, person] : persons_) case_of[request] = person.case_id;
  return case_of;
}

}  // namespace exitbus::simulation
