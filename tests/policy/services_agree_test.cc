// What a kind of authority's parts take is what the policy lets come to it: a kind of message that
// nobody there handles, and one handled that can never come, are mistakes alike. So is an event
// that is written and evolves nothing.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "exitbus/exchange/v1/body.pb.h"
#include "services/policy/flows.h"
#include "tests/simulation/authorities.h"

namespace exitbus {
namespace {

namespace ev1 = exchange::v1;
namespace pv1 = policy::v1;

// What several of an authority's aggregates take: which of them, the sender's kind says.
const std::set<std::string> kOfWhatTheSenderKnows = {"ErasureOrdered", "RelocationWithdrawn"};
// The engine's own: of no subject.
const std::set<std::string> kEngines = {"KeyAnnounced", "EvidenceCheckpoint"};

// Over which channels it may come.
std::vector<pv1::Channel> Channels(const google::protobuf::Descriptor& message,
                                   pv1::AuthorityKind from, pv1::AuthorityKind to) {
  std::vector<pv1::Channel> channels;
  for (int i = 1; i <= pv1::Channel_MAX; ++i) {
    const auto channel = static_cast<pv1::Channel>(i);
    if (policy::MayCome(message, from, to, channel)) channels.push_back(channel);
  }
  return channels;
}

bool ComesTo(const google::protobuf::Descriptor& message, pv1::AuthorityKind to) {
  for (int from = 1; from <= pv1::AuthorityKind_MAX; ++from) {
    if (!Channels(message, static_cast<pv1::AuthorityKind>(from), to).empty()) return true;
  }
  return false;
}

// How many of these take it from such a sender.
int Takers(const std::vector<exchange::Aggregate>& aggregates,
           const google::protobuf::FieldDescriptor* kind, pv1::AuthorityKind from,
           pv1::Channel channel) {
  ev1::Body body;
  body.GetReflection()->MutableMessage(&body, kind);
  const exchange::LetterPlace place{"the-sender", channel, "the-subject", 1, from};
  return static_cast<int>(std::count_if(
      aggregates.begin(), aggregates.end(),
      [&](const exchange::Aggregate& one) { return one.letter_target(place, body).has_value(); }));
}

std::set<std::string> LettersTo(pv1::AuthorityKind kind) {
  std::set<std::string> names;
  const auto* kinds = ev1::Body::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    const auto* message = kinds->field(i)->message_type();
    if (!kEngines.contains(message->name()) && ComesTo(*message, kind))
      names.insert(message->name());
  }
  return names;
}

std::set<std::string> Named(const std::set<int>& members,
                            const google::protobuf::Descriptor* holder) {
  std::set<std::string> names;
  for (const int member : members) {
    names.insert(holder->FindFieldByNumber(member)->message_type()->name());
  }
  return names;
}

std::set<int> MembersOf(const google::protobuf::OneofDescriptor* oneof) {
  std::set<int> members;
  for (int i = 0; i < oneof->field_count(); ++i) members.insert(oneof->field(i)->number());
  return members;
}

class ServiceAgreesWithPolicyTest : public testing::TestWithParam<simulation::Authority> {};

TEST_P(ServiceAgreesWithPolicyTest, InWhatComes) {
  std::multiset<std::string> taken;  // a kind of message that two of them take is a mistake too
  for (const exchange::Aggregate& aggregate : GetParam().Aggregates()) {
    const std::set<std::string> named = Named(aggregate.letters, ev1::Body::descriptor());
    for (const std::string& name : named) {
      if (!kOfWhatTheSenderKnows.contains(name) || !taken.contains(name)) taken.insert(name);
    }
  }
  const std::set<std::string> expected = LettersTo(GetParam().kind);
  EXPECT_THAT(taken,
              testing::ContainerEq(std::multiset<std::string>(expected.begin(), expected.end())));
}

TEST_P(ServiceAgreesWithPolicyTest, AndWhatComesIsForOneAggregate) {
  const std::vector<exchange::Aggregate> aggregates = GetParam().Aggregates();
  const auto* kinds = ev1::Body::descriptor()->FindOneofByName("kind");
  int tried = 0;
  for (int i = 0; i < kinds->field_count(); ++i) {
    const std::string& name = kinds->field(i)->message_type()->name();
    if (kEngines.contains(name)) continue;
    for (int number = 1; number <= pv1::AuthorityKind_MAX; ++number) {
      const auto from = static_cast<pv1::AuthorityKind>(number);
      for (const pv1::Channel channel :
           Channels(*kinds->field(i)->message_type(), from, GetParam().kind)) {
        EXPECT_EQ(Takers(aggregates, kinds->field(i), from, channel), 1)
            << name << " from " << pv1::AuthorityKind_Name(from);
        ++tried;
      }
    }
  }
  EXPECT_GT(tried, 5);
}

TEST_P(ServiceAgreesWithPolicyTest, AndEvolvesByEachOfItsEvents) {
  for (const auto& [aggregate, event] : GetParam().made) {
    EXPECT_THAT(Named(aggregate().events, event),
                testing::ContainerEq(Named(MembersOf(event->oneof_decl(0)), event)));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ServiceAgreesWithPolicyTest, testing::ValuesIn(simulation::Authorities()),
    [](const auto& info) {
      return pv1::AuthorityKind_Name(info.param.kind).substr(sizeof("AUTHORITY_KIND_") - 1);
    });

TEST(ServicesAgreeTest, EachKindOfAuthorityIsComposed) {
  std::set<int> composed;
  for (const simulation::Authority& authority : simulation::Authorities()) {
    composed.insert(authority.kind);
  }
  for (int kind = 1; kind <= pv1::AuthorityKind_MAX; ++kind) {
    EXPECT_TRUE(composed.contains(kind))
        << pv1::AuthorityKind_Name(kind) << " is not in tests/simulation/authorities.cc";
  }
}

}  // namespace
}  // namespace exitbus
