// Every field of every request, of every kind of letter and of what carries them, with every class
// of bad value: refused by name at the border, and the process starts again on its store after each
// field. Then bytes at random, within what is rightly signed.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/keys.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/sealing.h"
#include "services/exchange/transaction.h"
#include "services/policy/contracts.h"
#include "services/policy/flows.h"
#include "services/policy/methods.h"
#include "services/policy/readers.h"
#include "tests/simulation/authorities.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/hostile_values.h"
#include "tests/simulation/other_nodes.h"

namespace exitbus::simulation {
namespace {

namespace ev1 = exchange::v1;
namespace pv1 = policy::v1;
using exchange::Table;
using google::protobuf::Descriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

class BorderValuesTest : public testing::Test {
 protected:
  BorderValuesTest() {
    case_id = EnrolledCase(world, ishoej);
    handover_id = Request(world, ishoej, case_id, odense)->handover_id();
    EXPECT_TRUE(world.Settle());
  }

  Node& Of(pv1::AuthorityKind kind, bool other = false) {
    switch (kind) {
      case pv1::AUTHORITY_KIND_KRIMINALFORSORGEN:
        return world.Kriminalforsorgen(other ? "vest" : "nord");
      case pv1::AUTHORITY_KIND_POLICE:
        return world.Police(other ? "1465" : "1469");
      case pv1::AUTHORITY_KIND_MUNICIPALITY:
        return other ? ishoej : odense;
      case pv1::AUTHORITY_KIND_CONTACT_POINT:
        return desk;
      case pv1::AUTHORITY_KIND_NEC:
        return nec;
      default:
        return others.Of(kind);
    }
  }

  static void Restart(Node& node) {
    node.Crash();
    node.Start();
    node.Serve();
  }

  std::string OutcomeOf(Node& node, const exchange::CorrespondenceId& id) {
    exchange::Transaction transaction(&node.store());
    const auto row = exchange::Load<store::v1::InboxRow>(transaction, Table::kInbox,
                                                         exchange::LetterKey{id, 1}.Encode());
    return row ? row->outcome() : "none";
  }

  // The first letter of a correspondence, with this body.
  ev1::Packet LetterOf(const Node& from, const Node& to, pv1::Channel channel,
                       const std::string& subject, const std::string& body) {
    ev1::Packet packet;
    ev1::Content& content = *packet.mutable_letter()->mutable_content();
    content.set_salt(std::string(32, 's'));
    content.set_body(body);
    ev1::Link link;
    link.set_sender(from.id());
    link.set_recipient(to.id());
    link.set_channel(channel);
    link.set_subject(subject);
    link.set_number(1);
    link.set_commitment(world.crypto->Digest(content.salt() + content.body()));
    packet.mutable_letter()->set_link(link.SerializeAsString());
    return packet;
  }

  void Send(Node& from, Node& to, pv1::Channel channel, const ev1::Packet& packet) {
    world.broker.Append(
        exchange::SealRecord(from.environment(), *world.directory.Find(to.id()), channel, packet));
  }

  void ExpectGoesOn() {
    for (Node* node : {&ishoej, &odense, &nec, &desk}) Restart(*node);
    EXPECT_TRUE(GetCase(ishoej, case_id).ok());
    EXPECT_TRUE(GetHandover(odense, handover_id).ok());
    for (Node* node : {&ishoej, &odense, &nec, &desk}) {
      EXPECT_TRUE(node->telemetry().LinesOf("store.unreadable").empty()) << node->id();
    }
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  Node& nec = world.Nec();
  Node& desk = world.ContactPoint();
  OtherNodes others{&world};
  std::string case_id;
  std::string handover_id;
};

// The method's request as an ordinary system sends it, without what it is about.
std::unique_ptr<Message> RequestOf(const MethodDescriptor& method) {
  std::unique_ptr<Message> request(google::protobuf::MessageFactory::generated_factory()
                                       ->GetPrototype(method.input_type())
                                       ->New());
  if (const auto* id = method.input_type()->FindFieldByName("request_id")) {
    request->GetReflection()->SetString(request.get(), id, "request-1");
  }
  return request;
}

std::vector<const MethodDescriptor*> UnaryMethods() {
  std::vector<const MethodDescriptor*> methods;
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  for (const auto* contract : policy::AllContracts()) {
    const auto* file = pool->FindFileByName(contract->name());
    for (int s = 0; file != nullptr && s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        const auto* method = file->service(s)->method(m);
        if (!method->client_streaming()) methods.push_back(method);
      }
    }
  }
  return methods;
}

TEST_F(BorderValuesTest, EveryFieldOfEveryRequest) {
  int tried = 0;
  std::set<std::string> fields;
  for (const MethodDescriptor* method : UnaryMethods()) {
    for (const Authority& authority : Authorities()) {
      const pv1::AuthorityKind kind = authority.kind;
      const auto& callers = policy::MethodPolicyOf(method->full_name())->callers();
      const auto caller = std::find_if(callers.begin(), callers.end(), [&](int function) {
        return policy::ReaderFor(kind, static_cast<pv1::Function>(function)) !=
               pv1::READER_UNSPECIFIED;
      });
      if (caller == callers.end()) continue;
      Node& node = Of(kind);
      const exchange::Caller before = node.caller();
      node.caller().function =
          std::string(policy::FunctionName(static_cast<pv1::Function>(*caller)));
      std::string field;
      for (const Hostile& hostile : HostileTo(*RequestOf(*method))) {
        const std::string where = hostile.what.substr(0, hostile.what.find(':'));
        if (std::exchange(field, where) != where) Restart(node);
        const exchange::Answer answer = node.Ask(method->full_name(), *hostile.message);
        EXPECT_EQ(answer.refusal.reason, hostile.what == "request_id: endless"
                                             ? "request.id_required"
                                             : "request.bad_value")
            << method->full_name() << " " << hostile.what;
        fields.insert(method->full_name() + " " + where);
        ++tried;
      }
      node.caller() = before;
      break;  // the border is the same at every kind
    }
  }
  EXPECT_GT(fields.size(), 150U);
  EXPECT_GT(tried, 1500);
  RecordProperty("requests", tried);
  ExpectGoesOn();
}

// What a letter is refused by for this hostile value. Text that is no UTF-8 cannot be parsed.
std::string RefusalOf(const std::string& what) {
  if (what.starts_with("purpose: ")) return "letter.purpose_unknown";
  for (const char* text : {": no UTF-8", ": Latin-1", ": overlong", ": a surrogate"}) {
    if (what.ends_with(text)) return "letter.not_parsed";
  }
  return "letter.bad_value";
}

TEST_F(BorderValuesTest, EveryFieldOfEveryKindOfLetter) {
  const auto* kinds = ev1::Body::descriptor()->FindOneofByName("kind");
  int tried = 0;
  for (int i = 0; i < kinds->field_count(); ++i) {
    const Descriptor& kind = *kinds->field(i)->message_type();
    const pv1::Flow& flow = policy::FlowsOf(kind)[0];
    const policy::Route route = policy::RoutesOf(flow)[0];
    Node& to = Of(route.to_kind);
    Node& from = Of(route.from_kind, &Of(route.from_kind) == &to);
    if (&from == &to) continue;  // the only one of its kind
    ev1::Body base;
    base.GetReflection()->MutableMessage(&base, kinds->field(i));
    std::vector<std::pair<std::string, std::string>> sent;  // subject, what
    for (const Hostile& hostile : HostileTo(base)) {
      const std::string subject = absl::StrCat(kind.name(), "-", ++tried);
      Send(from, to, flow.channel(),
           LetterOf(from, to, flow.channel(), subject, hostile.message->SerializeAsString()));
      sent.emplace_back(subject, hostile.what);
    }
    world.Pass(absl::Seconds(5));
    Restart(to);
    for (const auto& [subject, what] : sent) {
      EXPECT_EQ(OutcomeOf(to, {flow.channel(), from.id(), subject}), RefusalOf(what))
          << kind.name() << " " << what;
    }
  }
  EXPECT_GT(tried, 1500);
  RecordProperty("letters", tried);
  ExpectGoesOn();
}

TEST_F(BorderValuesTest, EveryFieldOfWhatCarriesLetters) {
  ev1::Body body;
  body.mutable_handover_recalled();
  ev1::Link link;
  link.ParseFromString(
      LetterOf(ishoej, odense, pv1::CHANNEL_HANDOVER, "s", body.SerializeAsString())
          .letter()
          .link());
  int tried = 0;
  for (const Hostile& hostile : HostileTo(link)) {
    ev1::Packet packet =
        LetterOf(ishoej, odense, pv1::CHANNEL_HANDOVER, "s", body.SerializeAsString());
    packet.mutable_letter()->set_link(hostile.message->SerializeAsString());
    Send(ishoej, odense, pv1::CHANNEL_HANDOVER, packet);
    ++tried;
  }
  for (const Hostile& hostile : HostileTo(ev1::ReceiptBatch())) {
    ev1::Packet packet;
    packet.mutable_receipts()->CopyFrom(*hostile.message);
    Send(ishoej, odense, pv1::CHANNEL_RECEIPT, packet);
    ++tried;
  }
  for (const Hostile& hostile : HostileTo(ev1::KeyAnnounced())) {
    world.broker.Append(
        exchange::AnnounceRecord(ishoej.environment(), *world.directory.Find(odense.id()),
                                 static_cast<const ev1::KeyAnnounced&>(*hostile.message)));
    ++tried;
  }
  world.Pass(absl::Minutes(1));
  const auto& told = odense.telemetry();
  EXPECT_EQ(told.Total("dead_letters") + told.Total("keys.announced", {{"outcome", "bad_values"}}) +
                told.Total("receipts.for_unsent"),
            tried);
  ExpectGoesOn();
}

// Rightly signed and sealed by one who may write here, and inside it bytes at random.
TEST_F(BorderValuesTest, BytesAtRandomWithinWhatIsRightlySigned) {
  constexpr int kRounds = 3000;
  std::mt19937 random(1);
  std::vector<std::string> seeds;
  for (const exchange::BusRecord& record : odense.Received(pv1::CHANNEL_HANDOVER)) {
    const auto packet = exchange::OpenRecord(odense.environment(), record);
    if (packet.ok()) seeds.push_back(packet->SerializeAsString());
  }
  ASSERT_FALSE(seeds.empty());
  for (int i = 0; i < kRounds; ++i) {
    std::string bytes = seeds[random() % seeds.size()];
    for (unsigned changes = 1 + random() % 4; changes > 0; --changes) {
      const std::size_t at = random() % bytes.size();
      switch (random() % 3) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes.insert(at, 1, static_cast<char>(random()));
          break;
        default:
          bytes.erase(at, 1);
      }
    }
    ev1::Packet packet;
    packet.ParsePartialFromString(bytes);  // what could be read of it, and all it holds
    Send(ishoej, odense, pv1::CHANNEL_HANDOVER, packet);
    if (i % 500 == 0) {
      world.Pass(absl::Seconds(5));
      Restart(odense);
    }
  }
  world.Pass(absl::Minutes(1));
  ExpectGoesOn();
}

TEST_F(BorderValuesTest, RequestsOfBytesAtRandom) {
  constexpr int kRounds = 3000;
  std::mt19937 random(2);
  const auto methods = UnaryMethods();
  int parsed = 0;
  for (int i = 0; i < kRounds; ++i) {
    const MethodDescriptor& method = *methods[random() % methods.size()];
    auto request = RequestOf(method);
    for (const char* name : {"case_id", "handover_id"}) {
      const auto* field = method.input_type()->FindFieldByName(name);
      if (field == nullptr) continue;
      request->GetReflection()->SetString(request.get(), field,
                                          name[0] == 'c' ? case_id : handover_id);
    }
    std::string bytes = request->SerializeAsString();
    for (unsigned more = random() % 24; more > 0; --more) {
      bytes.insert(random() % (bytes.size() + 1), 1, static_cast<char>(random()));
    }
    if (!request->ParseFromString(bytes)) continue;
    ++parsed;
    ishoej.Ask(method.full_name(), *request);
  }
  EXPECT_GT(parsed, 50);
  ExpectGoesOn();
}

}  // namespace
}  // namespace exitbus::simulation
