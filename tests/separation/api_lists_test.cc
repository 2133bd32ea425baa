// Lists and streams: what a caller may not see changes nothing that it can see, neither items,
// etags, tokens nor what a stream sends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/grpc/grpc_client.h"
#include "tests/e2e/environment.h"
#include "tests/separation/matrix.h"
#include "tests/separation/raw_caller.h"
#include "tests/separation/tally.h"
#include "tests/story/books.h"

namespace exitbus::story {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr absl::Duration kStill = absl::Milliseconds(400);  // as long as nothing must come
constexpr absl::Duration kHere = absl::Milliseconds(20);
constexpr absl::Duration kSoon = absl::Seconds(10);

const FieldDescriptor* TokenOf(const MethodDescriptor& method) {
  return method.output_type()->FindFieldByName("next_page_token");
}

// The field by which a list's or a stream's resources are named: "case_id".
std::string IdFieldOf(const MethodDescriptor& method) {
  return method.output_type()->field(0)->message_type()->field(0)->name();
}

// A list's answer, whole, and its first page of one; a token counts by its length, being opaque.
struct Listed {
  RawAnswer whole;
  RawAnswer first;

  friend bool operator==(const Listed&, const Listed&) = default;
};

Listed List(const RawCaller& client, const MethodDescriptor& method) {
  const auto ask = [&](std::uint32_t size) {
    const auto request = NewMessage(*method.input_type());
    request->GetReflection()->SetUInt32(
        request.get(), request->GetDescriptor()->FindFieldByName("page_size"), size);
    SearchForAll(*request);
    RawAnswer answer = client.Call(method.full_name(), request->SerializeAsString());
    if (!answer.ok()) return answer;
    const auto response = NewMessage(*method.output_type());
    EXPECT_TRUE(response->ParseFromString(answer.bytes));
    const auto* reflection = response->GetReflection();
    const std::size_t length = reflection->GetString(*response, TokenOf(method)).size();
    reflection->SetString(response.get(), TokenOf(method), std::string(length, '.'));
    answer.bytes = response->SerializeAsString();
    return answer;
  };
  return {ask(200), ask(1)};
}

// Whether the caller has a right to some row of this journey in this list.
bool MayHaveRow(const std::vector<Relation>& relations, const Caller& caller, const Member& at,
                const std::string& id_field) {
  return std::any_of(relations.begin(), relations.end(), [&](const Relation& relation) {
    return relation.at == &at && caller.authority == at.id &&
           HasRow(relation, caller.function, id_field);
  });
}

std::vector<Relation> With(std::vector<Relation> relations, const Journey& journey) {
  if (!journey.handover_id.empty()) {
    relations.push_back({&MemberNamed(kContactPoint), "follows", {}, {"contact_id"}, {}});
  }
  return relations;
}

// A stream that begins as gRPC has it, without an Actor.
class Stream {
 public:
  Stream(const Caller& caller, const Member& at, const MethodDescriptor& method) : method_(method) {
    auto client = adapters::GrpcClient::Make(OptionsOf(caller, at));
    EXPECT_TRUE(client.ok()) << client.status();
    client_ = *std::move(client);
    adapters::CallOptions options;
    options.metadata = {{"exitbus-employee", "tester"}, {"exitbus-purpose", "exit-support"}};
    auto watch = client_->Watch(method.full_name(), options);
    EXPECT_TRUE(watch.ok()) << watch.status();
    watch_ = *std::move(watch);
  }

  // The refusal; OK: it began.
  absl::Status Begin() {
    const absl::Status sent = Send("begin", "");
    const auto first = watch_->Next(kSoon);
    if (!first.ok()) return first.status();
    Acknowledge(**first);
    return sent;
  }
  // Reads what has come; how much it was.
  int Drain() {
    int messages = 0;
    while (true) {
      const auto next = watch_->Next(kHere);
      if (!next.ok()) {
        EXPECT_EQ(next.status().code(), absl::StatusCode::kDeadlineExceeded) << next.status();
        return messages;
      }
      ++messages;
      Acknowledge(**next);
    }
  }

 private:
  // Of the generated classes, which the client wants.
  absl::Status Send(const std::string& what, const std::string& token) {
    const auto* type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
        method_.input_type()->full_name());
    const std::unique_ptr<Message> request(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
    Message* part =
        request->GetReflection()->MutableMessage(request.get(), type->FindFieldByName(what));
    if (!token.empty()) {
      part->GetReflection()->SetString(part, part->GetDescriptor()->FindFieldByName("token"),
                                       token);
    }
    return watch_->Send(*request);
  }
  void Acknowledge(const Message& message) {
    EXPECT_TRUE(Send("acknowledge", message.GetReflection()->GetString(
                                        message, message.GetDescriptor()->FindFieldByName("token")))
                    .ok());
  }

  const MethodDescriptor& method_;
  std::unique_ptr<adapters::GrpcClient> client_;
  std::unique_ptr<adapters::GrpcWatch> watch_;
};

class ApiListsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { IssueCallersCertificates(); }

  void SetUp() override {
    auto cases = Cases::Make(TheDeployment());
    ASSERT_TRUE(cases.ok()) << cases.status();
    cases_ = *std::move(cases);
  }

  // One of each kind of journey: of one authority alone, and from one to another.
  void ExpectNothingSeenOf(Stop stop);

  std::unique_ptr<Cases> cases_;
};

void ApiListsTest::ExpectNothingSeenOf(Stop stop) {
  struct Look {
    Caller caller;
    const Member* at;
    const MethodDescriptor* method;
    Listed before;
  };
  std::vector<std::unique_ptr<RawCaller>> clients;
  std::vector<std::pair<Look, RawCaller*>> looks;
  for (const auto& [caller, at] : Callers()) {
    clients.push_back(std::make_unique<RawCaller>(OptionsOf(caller, *at)));
    for (const MethodDescriptor* method : AllMethods()) {
      if (TokenOf(*method) == nullptr) continue;
      looks.push_back({{caller, at, method, List(*clients.back(), *method)}, clients.back().get()});
    }
  }
  const auto journey = cases_->Travel(stop);
  ASSERT_TRUE(journey.ok()) << journey.status();
  const auto relations = With(Cases::RelationsTo(*journey, stop, "new"), *journey);
  int same = 0;
  int seen = 0;
  for (const auto& [look, client] : looks) {
    const bool equal = List(*client, *look.method) == look.before;
    const std::string cell =
        absl::StrCat(look.method->full_name(), " × ", look.caller.name(), " × ", look.at->id);
    if (!MayHaveRow(relations, look.caller, *look.at, IdFieldOf(*look.method))) {
      EXPECT_TRUE(equal) << "changed by what it may not see: " << cell;
      ++same;
    } else if (!equal) {
      ++seen;
    }
  }
  EXPECT_GT(seen, 0);  // else nothing was there to be seen
  Tally::Count("API: list × caller, before and after a case not its own", same, same);
}

TEST_F(ApiListsTest, ACaseOfOneAuthorityChangesNobodyElsesLists) {
  ExpectNothingSeenOf(Stop::kNoConsent);
}

TEST_F(ApiListsTest, AHandoverChangesNoListButItsParties) { ExpectNothingSeenOf(Stop::kAccepted); }

TEST_F(ApiListsTest, StreamsAreRefusedAsCallsAre) {
  int tried = 0;
  int refused = 0;
  for (const auto& [caller, at] : Callers()) {
    for (const MethodDescriptor* method : AllMethods()) {
      if (!IsWatch(*method)) continue;
      const Expected expected = Expect(*method, caller, {at, "", {}, {}, {}});
      const absl::Status begun = Stream(caller, *at, *method).Begin();
      const std::string cell =
          absl::StrCat(method->full_name(), " × ", caller.name(), " × ", at->id, ": ");
      ++tried;
      if (expected == Expected::kAllowed) {
        EXPECT_TRUE(begun.ok()) << cell << begun;
        continue;
      }
      ++refused;
      EXPECT_EQ(RuleOf(begun), expected == Expected::kNotServed        ? ""
                               : expected == Expected::kWrongAuthority ? "caller.wrong_authority"
                                                                       : "caller.function_may_not")
          << cell << begun;
      EXPECT_EQ(begun.code(), expected == Expected::kNotServed
                                  ? absl::StatusCode::kUnimplemented
                                  : absl::StatusCode::kPermissionDenied)
          << cell;
    }
  }
  Tally::Count("API: stream × caller", tried, refused);
}

TEST_F(ApiListsTest, AStreamSendsNothingOfWhatItsReaderMayNotSee) {
  struct Watched {
    Caller caller;
    const Member* at;
    const MethodDescriptor* method;
    std::unique_ptr<Stream> stream;
  };
  std::vector<Watched> watched;
  for (const auto& [caller, at] : Callers()) {
    for (const MethodDescriptor* method : AllMethods()) {
      if (!IsWatch(*method)) continue;
      if (Expect(*method, caller, {at, "", {}, {}, {}}) != Expected::kAllowed) continue;
      watched.push_back({caller, at, method, std::make_unique<Stream>(caller, *at, *method)});
      const absl::Status begun = watched.back().stream->Begin();
      ASSERT_TRUE(begun.ok()) << method->full_name() << " at " << at->id << ": " << begun;
    }
  }
  (void)AwaitAllReceipted(TheDeployment(), kSoon);  // what is still under way arrives
  const auto drain = [&watched] {
    std::vector<int> messages(watched.size());
    // Twice: acknowledging lets more come.
    for (int times = 0; times < 2; ++times) {
      absl::SleepFor(kStill);
      for (std::size_t i = 0; i < watched.size(); ++i) messages[i] += watched[i].stream->Drain();
    }
    return messages;
  };
  drain();
  const auto journey = cases_->Travel(Stop::kAccepted);
  ASSERT_TRUE(journey.ok()) << journey.status();
  const auto relations = With(Cases::RelationsTo(*journey, Stop::kAccepted, "new"), *journey);
  int silent = 0;
  int told = 0;
  const std::vector<int> drained = drain();
  for (std::size_t i = 0; i < watched.size(); ++i) {
    const Watched& each = watched[i];
    const int messages = drained[i];
    if (MayHaveRow(relations, each.caller, *each.at, IdFieldOf(*each.method))) {
      told += messages > 0 ? 1 : 0;
      continue;
    }
    EXPECT_EQ(messages, 0) << each.method->full_name() << " × " << each.caller.name();
    ++silent;
  }
  EXPECT_GT(told, 3);
  EXPECT_GT(silent, 3);
  Tally::Count("API: stream × reader, during a case not its own", silent, silent);
}

}  // namespace
}  // namespace exitbus::story
