#include "services/policy/check.h"

#include "exitbus/testing/v1/policy_samples.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "services/policy/testing_contracts.h"

namespace exitbus::policy {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kBody[] = "exitbus.sample.v1.Body";

std::vector<std::string> Check(const std::string& text) {
  const TestContract contract(text);
  return CheckPolicy(contract.files(), kBody);
}

// A body with one kind, Notification, which has a flow and these fields.
std::vector<std::string> CheckFields(const std::string& fields, const std::string& rest = "") {
  return Check(R"(
    message Body { oneof kind { Notification notification = 1; } }
    message Notification {
      option (exitbus.policy.v1.flow) = {
        from: RELATION_HOLDER to: RELATION_POLICE level: LEVEL_FULL channel: CHANNEL_CASE };
      )" + fields +
               "}\n" + rest);
}

constexpr char kLabelled[] =
    "string case_id = 1 [(exitbus.policy.v1.field) = {category: CATEGORY_CASE_ID}];";

// The same with these options and a field that is well.
std::vector<std::string> CheckOptions(const std::string& options) {
  return Check(
      "message Body { oneof kind { Notification notification = 1; } } message Notification {" +
      options + kLabelled + "}");
}

TEST(CheckPolicy, FindsNothingWrongWithTheContracts) {
  EXPECT_THAT(CheckPolicy(AllContracts()), IsEmpty());
}

TEST(CheckPolicy, FindsWhatIsWrongWithTheSamples) {
  const ContractFiles files = {testing::v1::SampleBody::descriptor()->file()};
  EXPECT_THAT(
      CheckPolicy(files, "exitbus.testing.v1.SampleBody"),
      ElementsAre(HasSubstr("SampleNotice.unlabelled has no data category"),
                  HasSubstr("SampleNotice.remarks is a map"),
                  HasSubstr("SampleService.ForgottenSample names no callers"),
                  HasSubstr("SampleService.ForgottenSample does not say whether it reads")));
}

TEST(CheckPolicy, WantsFieldsAndValuesInTheOrderOfTheirNumbers) {
  const std::string in_order = "message Inner { string a = 1; oneof b { string c = 2; } }";
  EXPECT_THAT(CheckFields(kLabelled, in_order), IsEmpty());
  EXPECT_THAT(CheckFields(kLabelled, R"(
                message Outer {
                  message Inner { string a = 1; oneof b { string c = 3; } string d = 2; }
                  enum Kind { KIND_UNSPECIFIED = 0; KIND_LATE = 2; KIND_EARLY = 1; }
                })"),
              ElementsAre(HasSubstr("Outer.Kind has KIND_EARLY = 1 after KIND_LATE = 2"),
                          AllOf(HasSubstr("Outer.Inner has d = 2 after c = 3"),
                                HasSubstr("order them by number"))));
}

// A method whose request has these fields.
std::vector<std::string> CheckRequest(const std::string& fields) {
  return CheckFields(kLabelled, R"(
    message Asked { string request_id = 1; string etag = 2; string case_id = 3; )" +
                                    fields + R"( }
    message Answer {}
    service Asking {
      rpc Ask(Asked) returns (Answer) {
        option (exitbus.policy.v1.method) = {callers: FUNCTION_AUDITOR access: ACCESS_READ};
      }
    })");
}

TEST(CheckPolicy, WantsEachValueOfARequestToSayWhatItTakes) {
  EXPECT_THAT(CheckRequest("bool yes = 4; exitbus.policy.v1.Category category = 5;"), IsEmpty());
  for (const auto& [field, missing] : std::vector<std::pair<std::string, std::string>>{
           {"string note = 4", "text: TEXT_"},
           {"string note = 4 [(exitbus.policy.v1.value) = {text: TEXT_LINE}]", "bytes_max: "},
           {"bytes file = 4", "bytes_max: "},
           {"uint32 months = 4", "number_max: "},
           {"google.protobuf.Timestamp signed = 4", "time: TIME_"},
           {"repeated Answer answers = 4", "items_max: "}}) {
    EXPECT_THAT(CheckRequest(field + ";"),
                ElementsAre(AllOf(HasSubstr("exitbus.sample.v1.Asked."),
                                  HasSubstr("does not say what it takes"), HasSubstr(missing))))
        << field;
  }
  EXPECT_THAT(CheckRequest("string note = 4 "
                           "[(exitbus.policy.v1.value) = {text: TEXT_LINE, bytes_max: 80}];"
                           "google.protobuf.Timestamp signed = 5 "
                           "[(exitbus.policy.v1.value) = {time: TIME_PROGRAMME}];"
                           "uint32 months = 6 [(exitbus.policy.v1.value) = {number_max: 120}];"),
              IsEmpty());
}

TEST(CheckPolicy, AcceptsALabelledMessage) { EXPECT_THAT(CheckFields(kLabelled), IsEmpty()); }

TEST(CheckPolicy, NamesTheFieldAndSaysWhatToAdd) {
  EXPECT_THAT(
      CheckFields("string secret = 1;"),
      ElementsAre(AllOf(HasSubstr("proto/exitbus/sample/v1/sample.proto"),
                        HasSubstr("exitbus.sample.v1.Notification.secret has no data category"),
                        HasSubstr("add [(exitbus.policy.v1.field) = {category: CATEGORY_…}]"))));
  EXPECT_THAT(CheckFields("string s = 1 [(exitbus.policy.v1.field) = {detail: DETAIL_CODE}];"),
              ElementsAre(HasSubstr("has no data category")));
}

TEST(CheckPolicy, LetsOneCategoryAloneNameACategory) {
  const std::string names =
      " of = 1 [(exitbus.policy.v1.field) = {category: CATEGORY_DOCUMENT names_category: true}];";
  EXPECT_THAT(CheckFields("exitbus.policy.v1.Category" + names), IsEmpty());
  EXPECT_THAT(CheckFields("repeated exitbus.policy.v1.Category" + names),
              ElementsAre(HasSubstr("Notification.of is no category")));
  EXPECT_THAT(CheckFields("string" + names),
              ElementsAre(HasSubstr("Notification.of is no category")));
}

TEST(CheckPolicy, LooksIntoSubmessagesOnceAndThroughCircles) {
  EXPECT_THAT(CheckFields("Part part = 1; repeated Part parts = 2;",
                          "message Part { string secret = 1; Notification notification = 2; }"),
              ElementsAre(HasSubstr("Part.secret has no data category")));
}

TEST(CheckPolicy, WantsACategoryForAMarkerWithoutFields) {
  EXPECT_THAT(CheckFields("Marker marker = 1;", "message Marker {}"),
              ElementsAre(HasSubstr("Notification.marker has no data category")));
}

TEST(CheckPolicy, RefusesACategoryOnASubmessage) {
  EXPECT_THAT(
      CheckFields("Part part = 1 [(exitbus.policy.v1.field) = {category: CATEGORY_CASE_ID}];",
                  std::string("message Part {") + kLabelled + "}"),
      ElementsAre(HasSubstr("Notification.part is a submessage and takes no category")));
}

TEST(CheckPolicy, RefusesMaps) {
  EXPECT_THAT(CheckFields("map<string, string> texts = 1;"),
              ElementsAre(HasSubstr("Notification.texts is a map")));
}

TEST(CheckPolicy, RefusesWhatCanHoldAnything) {
  const TestContract contract(R"(
    import "google/protobuf/any.proto";
    import "google/protobuf/struct.proto";
    message Body {
      google.protobuf.Any any = 1;
      google.protobuf.Struct structure = 2;
    })");
  EXPECT_THAT(CheckPolicy(contract.files(), kBody),
              ElementsAre(HasSubstr("Body.any is a google.protobuf.Any"),
                          HasSubstr("Body.structure is a google.protobuf.Struct")));
}

TEST(CheckPolicy, WantsAFlowForEveryKind) {
  EXPECT_THAT(CheckOptions(""),
              ElementsAre(AllOf(HasSubstr("Notification is a kind of"), HasSubstr("has no flow"),
                                HasSubstr("add option (exitbus.policy.v1.flow)"))));
}

TEST(CheckPolicy, WantsEveryMessageWithAFlowInTheBody) {
  EXPECT_THAT(Check(R"(
    message Body {}
    message Notification {
      option (exitbus.policy.v1.flow) = {
        from: RELATION_HOLDER to: RELATION_POLICE level: LEVEL_FULL channel: CHANNEL_CASE };
    })"),
              ElementsAre(HasSubstr("Notification has a flow but is no kind of")));
}

TEST(CheckPolicy, WantsABody) {
  EXPECT_THAT(Check("message Other {}"),
              ElementsAre(HasSubstr("no message exitbus.sample.v1.Body")));
}

TEST(CheckPolicy, NamesWhatAFlowLacks) {
  EXPECT_THAT(CheckOptions("option (exitbus.policy.v1.flow) = {from: RELATION_HOLDER};"),
              ElementsAre(HasSubstr("add to: RELATION_…, level: LEVEL_…, channel: CHANNEL_…")));
}

TEST(CheckPolicy, RefusesAKindThatCannotStandThere) {
  EXPECT_THAT(CheckOptions(R"(option (exitbus.policy.v1.flow) = {
                from: RELATION_HOLDER to: RELATION_RECEIVER to_kinds: AUTHORITY_KIND_NEC
                level: LEVEL_FULL channel: CHANNEL_HANDOVER };)"),
              Contains(HasSubstr("AUTHORITY_KIND_NEC as RELATION_RECEIVER, which it cannot be")));
}

TEST(CheckPolicy, RefusesTwoRowsForOneCell) {
  EXPECT_THAT(CheckOptions(R"(
      option (exitbus.policy.v1.flow) = {
        from: RELATION_HOLDER to: RELATION_POLICE level: LEVEL_FULL channel: CHANNEL_CASE };
      option (exitbus.policy.v1.flow) = {
        from: RELATION_HOLDER from_kinds: AUTHORITY_KIND_MUNICIPALITY
        to: RELATION_POLICE level: LEVEL_MINIMUM channel: CHANNEL_CASE };)"),
              ElementsAre(HasSubstr("two flows from RELATION_HOLDER (municipality)")));
}

TEST(CheckPolicy, RefusesReceiptsAsMessages) {
  EXPECT_THAT(CheckOptions(R"(option (exitbus.policy.v1.flow) = {
                from: RELATION_HOLDER to: RELATION_POLICE level: LEVEL_FULL
                channel: CHANNEL_RECEIPT };)"),
              ElementsAre(HasSubstr("receipts are the engine's")));
}

TEST(CheckPolicy, WantsCallersAccessAndLabelledResponsesOfEveryMethod) {
  EXPECT_THAT(Check(R"(
    message Body {}
    message Request { bool anything = 1; }
    message Response { string secret = 1; }
    service Service {
      rpc Read(Request) returns (Response);
      rpc Watch(Request) returns (stream Response) {
        option (exitbus.policy.v1.method) = {callers: FUNCTION_AUDITOR access: ACCESS_READ};
      }
    })"),
              ElementsAre(HasSubstr("Service.Read names no callers"),
                          HasSubstr("Service.Read does not say whether it reads or writes"),
                          HasSubstr("Response.secret has no data category")));
}

}  // namespace
}  // namespace exitbus::policy
