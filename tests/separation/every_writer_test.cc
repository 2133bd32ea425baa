// Every writing method there is, whether the story plays it or not, called at every authority with
// a planted value in every field, on what that authority knows: taken in or refused, nothing of it
// may turn up where it must not be.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/policy/contracts.h"
#include "tests/e2e/environment.h"
#include "tests/separation/planted_story.h"
#include "tests/separation/raw_caller.h"
#include "tests/separation/rights.h"
#include "tests/separation/tally.h"
#include "tests/story/books.h"

namespace exitbus::story {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using ::testing::IsEmpty;

// The last id of each name that each authority's system was shown in the story: "case_id" and so
// on.
using Ids = std::map<std::string, std::map<std::string, std::string>>;

Ids IdsShown(const Canaries& canaries) {
  Ids ids;
  for (const Heard& heard : canaries.heard()) {
    if (!heard.ok) continue;
    const auto response = NewMessage(*policy::FindMethod(heard.method)->output_type());
    response->ParseFromString(heard.bytes);
    ForEachLeaf(*response,
                [&](const FieldDescriptor& field, const std::string&, const std::string& value) {
                  if (absl::EndsWith(field.name(), "_id"))
                    ids[heard.member.id][field.name()] = value;
                });
  }
  return ids;
}

void NameWhatIsKnown(Message& request, const std::map<std::string, std::string>& ids) {
  const auto* reflection = request.GetReflection();
  for (int i = 0; i < request.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *request.GetDescriptor()->field(i);
    if (field.type() != FieldDescriptor::TYPE_STRING || field.is_repeated()) continue;
    const auto known = ids.find(field.name());
    if (known != ids.end()) reflection->SetString(&request, &field, known->second);
    if (field.name() == "request_id") reflection->SetString(&request, &field, FreshId());
    if (field.name() == "receiver") reflection->SetString(&request, &field, kIshoj);
  }
}

TEST(EveryWriterTest, LeavesNothingWhereItMustNotBe) {
  const PlantedStory& story = PlantedStory::Get();
  ASSERT_TRUE(story.gathered().ok()) << story.gathered();
  const Ids ids = IdsShown(story.canaries());
  Canaries canaries('B');
  int calls = 0;
  int refused = 0;
  for (const Member& member : Cast()) {
    const RawCaller caller(TheDeployment().ClientOf(member));
    for (const auto* method : AllMethods()) {
      if (!Writes(*method)) continue;
      const auto request = NewMessage(*method->input_type());
      canaries.WordAll(*request);
      NameWhatIsKnown(*request, ids.at(member.id));
      const RawAnswer answer = caller.Call(method->full_name(), request->SerializeAsString(),
                                           member.employee, member.purpose);
      ++calls;
      refused += answer.ok() ? 0 : 1;
      if (answer.ok()) canaries.Took(member.id, *request);
      const Search search(canaries.values());
      if (!answer.ok()) {
        EXPECT_THAT(search.In(answer.message + answer.details), IsEmpty())
            << member.id << ": " << method->full_name() << ": " << answer.message;
      }
    }
  }
  // What was accepted goes out; that all of it is received is not asked here.
  (void)AwaitAllReceipted(TheDeployment(), absl::Seconds(3));
  const Searched running = SearchEverything(canaries, true);
  EXPECT_THAT(running.leaks, IsEmpty());
  Deployment& deployment = TheDeployment();
  for (const Member& member : Cast()) ASSERT_TRUE(deployment.KillService(member).ok());
  for (const Member& member : Cast()) {
    const auto opened = OpenEverything(deployment, member, {});
    ASSERT_TRUE(opened.ok()) << opened.status();
    for (const Finding& finding : Search(canaries.values()).In(opened->plain)) {
      const Canary& canary = canaries.all()[finding.value];
      EXPECT_TRUE(MayHold(member, canary)) << member.id << " holds " << canary.field;
    }
  }
  for (const Member& member : Cast()) ASSERT_TRUE(deployment.StartService(member).ok());
  for (const Member& member : Cast()) ASSERT_TRUE(deployment.AwaitServing(member).ok());
  EXPECT_GT(calls, 100);
  EXPECT_GE(calls - refused, 6) << "what is taken in is what is searched for";
  Tally::Count("writing method × authority, every field planted", calls, refused);
}

}  // namespace
}  // namespace exitbus::story
