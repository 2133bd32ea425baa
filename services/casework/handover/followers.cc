#include "services/casework/handover/followers.h"

#include <optional>
#include <utility>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/parties.h"
#include "services/casework/rules.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;

exchange::Party FollowerOf(const std::string& authority, pv1::Relation relation,
                           const std::string& subject) {
  return {authority, relation, subject, {}, pv1::LEGAL_BASIS_RHL, pv1::PURPOSE_HANDOVER};
}

std::optional<exchange::Party> ContactPointOf(const jv1::Handover& handover,
                                              const exchange::Facts& facts) {
  const auto contact_point = TheOne(pv1::AUTHORITY_KIND_CONTACT_POINT, "", facts);
  if (contact_point == nullptr) return std::nullopt;
  return FollowerOf(contact_point->id, pv1::RELATION_CONTACT_POINT, handover.contact_id());
}

// Whether its two parties belong to different police districts.
bool CrossesDistricts(const jv1::Handover& handover, const exchange::Facts& facts) {
  const auto other = facts.directory->Find(handover.counterpart());
  return other && other->district != facts.self->district;
}

}  // namespace

std::string PoliceOf(std::string_view authority, const exchange::Facts& facts) {
  const auto listed = facts.directory->Find(authority);
  if (!listed || listed->district.empty()) return "";
  const auto police = TheOne(pv1::AUTHORITY_KIND_POLICE, listed->district, facts);
  return police == nullptr ? "" : police->id;
}

bool IsFollowedByContactPoint(const jv1::Handover& handover, const exchange::Facts& facts) {
  return CrossesDistricts(handover, facts) || handover.contact_point_told();
}

std::string HolderOf(const jv1::Handover& handover, const exchange::Facts& facts) {
  return handover.side() == hv1::SIDE_HOLDER ? facts.self->id : handover.counterpart();
}

std::string ReceiverOf(const jv1::Handover& handover, const exchange::Facts& facts) {
  return handover.side() == hv1::SIDE_RECEIVER ? facts.self->id : handover.counterpart();
}

void TellPolice(const jv1::Handover& handover, const google::protobuf::Message& fact,
                exchange::Decision& decision) {
  if (handover.police().empty()) return;
  decision.Tell(SpeakingAs(handover),
                FollowerOf(handover.police(), pv1::RELATION_POLICE, handover.handover_id()), fact);
  if (handover.receiving_police().empty() || handover.receiving_police() == handover.police()) {
    return;
  }
  decision.Tell(SpeakingAs(handover),
                FollowerOf(handover.receiving_police(), pv1::RELATION_RECEIVING_POLICE,
                           handover.handover_id()),
                fact);
}

void TellContactPoint(const jv1::Handover& handover, const google::protobuf::Message& fact,
                      const exchange::Facts& facts, exchange::Decision& decision) {
  if (const auto contact_point = ContactPointOf(handover, facts)) {
    decision.Tell(SpeakingAs(handover), *contact_point, fact);
  }
}

void TellFollowers(const jv1::Handover& handover, const google::protobuf::Message& fact,
                   const exchange::Facts& facts, exchange::Decision& decision) {
  TellPolice(handover, fact, decision);
  if (IsFollowedByContactPoint(handover, facts)) {
    TellContactPoint(handover, fact, facts, decision);
  }
}

std::vector<exchange::Party> SlipReaders(const jv1::CaseFile& file, const jv1::Handover& handover,
                                         const exchange::Facts& facts) {
  std::vector<exchange::Party> readers;
  if (auto nec = NecOf(file, facts)) readers.push_back(*std::move(nec));
  const std::string& police = handover.police();
  const std::string& receiving = handover.receiving_police();
  if (!police.empty()) {
    readers.push_back(FollowerOf(police,
                                 police == receiving ? pv1::RELATION_POLICE : pv1::RELATION_FORMER,
                                 handover.handover_id()));
  }
  if (!receiving.empty() && receiving != police) {
    readers.push_back(FollowerOf(receiving, pv1::RELATION_POLICE, handover.handover_id()));
  }
  if (auto contact_point = ContactPointOf(handover, facts)) {
    readers.push_back(*std::move(contact_point));
  }
  return readers;
}

}  // namespace exitbus::casework
