// Each method × each caller × each relation that an authority can have to a case, called on the
// real services: allowed, or refused for the method, or exactly what absence answers for the row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "exitbus/contact_point/v1/pool_desk.pb.h"
#include "services/policy/fields.h"
#include "services/policy/readers.h"
#include "tests/e2e/environment.h"
#include "tests/separation/matrix.h"
#include "tests/separation/raw_caller.h"
#include "tests/separation/rights.h"
#include "tests/separation/search.h"
#include "tests/separation/tally.h"

namespace exitbus::story {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr char kStaleEtag[] = "0123456789abcdef";

void Set(Message& request, const std::string& name, const std::string& value) {
  const auto* field = request.GetDescriptor()->FindFieldByName(name);
  if (field != nullptr) request.GetReflection()->SetString(&request, field, value);
}

// A year of the central pool is no row of anybody's: the one that the story applied to.
std::uint32_t BudgetYear() {
  static const std::uint32_t year = [] {
    const Member& desk = MemberNamed(kContactPoint);
    const auto actor = Actor::Make(desk, TheDeployment().ClientOf(desk));
    EXPECT_TRUE(actor.ok()) << actor.status();
    const auto reply =
        (*actor)->Call("exitbus.contact_point.v1.PoolDeskService.ListPoolApplications",
                       dv1::ListPoolApplicationsRequest());
    EXPECT_TRUE(reply.ok()) << reply.status();
    dv1::ListPoolApplicationsResponse listed;
    if (reply.ok()) listed.CopyFrom(**reply);
    EXPECT_FALSE(listed.applications().empty());
    return listed.applications().empty() ? 0 : listed.applications(0).budget_year();
  }();
  return year;
}

// A request about the row with this id. One that would be allowed must change nothing.
std::string RequestFor(const MethodDescriptor& method, const std::string& id, bool stale) {
  const auto request = NewMessage(*method.input_type());
  if (const auto* row = RowNamedIn(*method.input_type())) Set(*request, row->name(), id);
  Set(*request, "request_id", FreshId());
  SearchForAll(*request);
  if (stale) Set(*request, "etag", kStaleEtag);
  const auto& type = *request->GetDescriptor();
  // Whom it may turn to: any authority that the directory lists.
  if (method.name() == "ValidateRecipient") Set(*request, "authority", kIshoj);
  const bool opens = type.FindFieldByName("etag") == nullptr && Writes(method);
  if (const auto* year = type.FindFieldByName("year"); year != nullptr && !opens) {
    request->GetReflection()->SetUInt32(request.get(), year, BudgetYear());
  }
  return request->SerializeAsString();
}

// One caller's column of the matrix, worked through in a thread of its own.
class Column {
 public:
  Column(const Caller& caller, const Member& at)
      : caller_(caller), at_(at), client_(OptionsOf(caller, at)) {}

  void TryAll(const std::vector<Relation>& relations) {
    for (const MethodDescriptor* method : AllMethods()) {
      if (IsWatch(*method)) continue;
      const RawAnswer absent =
          client_.Call(method->full_name(), RequestFor(*method, FreshId(), false));
      for (const Relation& relation : relations) {
        if (relation.at == &at_ && CanBeNamed(relation, *method)) Try(*method, relation, absent);
      }
    }
  }
  int tried() const { return tried_; }
  int refused() const { return refused_; }
  int fields() const { return fields_; }

 private:
  // What is known by one id alone is asked for where that is asked.
  static bool CanBeNamed(const Relation& relation, const MethodDescriptor& method) {
    const auto* row = RowNamedIn(*method.input_type());
    return relation.ids.size() > 1 || (row != nullptr && relation.ids.count(row->name()) > 0) ||
           !relation.mine.empty();
  }

  void Try(const MethodDescriptor& method, const Relation& relation, const RawAnswer& absent) {
    const Expected expected = Expect(method, caller_, relation);
    const auto* row = RowNamedIn(*method.input_type());
    const auto id = row == nullptr ? relation.ids.end() : relation.ids.find(row->name());
    const RawAnswer answer = client_.Call(
        method.full_name(), RequestFor(method, id == relation.ids.end() ? FreshId() : id->second,
                                       expected == Expected::kAllowed));
    ++tried_;
    refused_ += expected == Expected::kAllowed ? 0 : 1;
    const std::string cell =
        absl::StrCat(method.full_name(), " × ", caller_.name(), " × ", relation.at->id, ", ",
                     relation.name, ": ", answer.code, " ", answer.message);
    const bool is_without = MayBeWithout(method) && !answer.ok();
    if (expected != Expected::kAllowed || TellsNothingOfRow(method) || is_without) {
      // Whatever the row, the answer is that of a row that nobody has.
      EXPECT_TRUE(answer == absent)
          << cell << "\n  but of nothing: " << absent.code << " " << absent.message;
    }
    if (expected != Expected::kAllowed) return CheckRefusal(method, expected, answer, cell);
    if (is_without) return;
    Writes(method) ? CheckChangesNothing(method, answer, cell)
                   : CheckShown(method, relation, answer, cell);
  }

  static void CheckRefusal(const MethodDescriptor& method, Expected expected,
                           const RawAnswer& answer, const std::string& cell) {
    const auto is = [&](absl::StatusCode code, const std::string& rule) {
      EXPECT_EQ(answer.code, static_cast<int>(code)) << cell;
      EXPECT_EQ(answer.Rule(), rule) << cell;
    };
    switch (expected) {
      case Expected::kNotServed:
        return is(absl::StatusCode::kUnimplemented, "");
      case Expected::kWrongAuthority:
        return is(absl::StatusCode::kPermissionDenied, "caller.wrong_authority");
      case Expected::kMayNot:
        return is(absl::StatusCode::kPermissionDenied, "caller.function_may_not");
      case Expected::kAbsent:
        if (TellsNothingOfRow(method)) return CheckChangesNothing(method, answer, cell);
        return is(absl::StatusCode::kNotFound, "resource.not_found");
      case Expected::kAllowed:
        return;
    }
  }

  static void CheckChangesNothing(const MethodDescriptor& method, const RawAnswer& answer,
                                  const std::string& cell) {
    const Refused expected = OfChange(*method.input_type());
    EXPECT_EQ(answer.code, static_cast<int>(expected.code)) << cell;
    if (!expected.rule.empty()) {
      EXPECT_EQ(answer.Rule(), expected.rule) << cell;
    } else if (!answer.ok()) {
      EXPECT_NE(answer.Rule(), "") << cell;
      EXPECT_FALSE(absl::StartsWith(answer.Rule(), "caller.")) << cell;
    }
  }

  // Part of a row, which a row that is there may be without.
  static bool MayBeWithout(const MethodDescriptor& method) {
    return method.name() == "GetNecAnswer" || method.name() == "DraftLetter" ||
           method.name() == "LookUpGangList" || method.name() == "ReadDocument" ||
           method.name() == "StoreDocumentSlice" || method.name() == "GiveDocument" ||
           method.name() == "RemoveDocument";
  }

  void CheckShown(const MethodDescriptor& method, const Relation& relation, const RawAnswer& answer,
                  const std::string& cell) {
    EXPECT_TRUE(answer.ok()) << cell;
    const auto response = NewMessage(*method.output_type());
    EXPECT_TRUE(response->ParseFromString(answer.bytes)) << cell;
    const bool one = RowNamedIn(*method.input_type()) != nullptr;
    ForEachLeaf(*response, [&](const auto& field, const std::string& path, const std::string&) {
      ++fields_;
      // A list shows every case, each under its own conditions.
      EXPECT_TRUE(MayBeShown(at_.kind, caller_.function, LabelOf(field),
                             one ? relation.satisfied : EveryCondition()))
          << path << " in " << cell;
    });
  }

  const Caller caller_;
  const Member& at_;
  const RawCaller client_;
  int tried_ = 0;
  int refused_ = 0;
  int fields_ = 0;
};

class ApiMatrixTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { IssueCallersCertificates(); }

  void SetUp() override {
    const auto cases = Cases::Get();
    ASSERT_TRUE(cases.ok()) << cases.status();
    cases_ = *cases;
  }

  const Cases* cases_ = nullptr;
};

TEST_F(ApiMatrixTest, EveryCell) {
  std::vector<std::unique_ptr<Column>> columns;
  for (const auto& [caller, at] : Callers())
    columns.push_back(std::make_unique<Column>(caller, *at));
  constexpr std::size_t kThreads = 8;
  std::vector<std::thread> threads;
  for (std::size_t first = 0; first < kThreads; ++first) {
    threads.emplace_back([&, first] {
      for (std::size_t i = first; i < columns.size(); i += kThreads)
        columns[i]->TryAll(cases_->relations());
    });
  }
  for (std::thread& thread : threads) thread.join();
  int fields = 0;
  int tried = 0;
  for (const auto& column : columns) {
    Tally::Count("API: method × caller × relation to the case", column->tried(), column->refused());
    fields += column->fields();
    tried += column->tried();
  }
  Tally::Count("API: fields of what was answered", fields);
  EXPECT_GT(tried, 5000);
  EXPECT_GT(fields, 1000);
}

// The categories of a type's fields that the table does not grant.
std::set<int> NotFor(const Member& member, policy::v1::Function function,
                     policy::ConditionSet satisfied, const google::protobuf::Descriptor& type) {
  std::set<int> categories;
  std::vector<const google::protobuf::Descriptor*> types = {&type};
  for (std::size_t next = 0; next < types.size(); ++next) {
    for (int i = 0; i < types[next]->field_count(); ++i) {
      const auto& field = *types[next]->field(i);
      if (policy::IsLeaf(field)) {
        const Label label = LabelOf(field);
        if (!MayBeShown(member.kind, function, label, satisfied)) categories.insert(label.category);
      } else if (std::find(types.begin(), types.end(), field.message_type()) == types.end()) {
        types.push_back(field.message_type());
      }
    }
  }
  return categories;
}

// Who holds a case sees all of it that the table grants, and of the rest the category's name.
TEST_F(ApiMatrixTest, WhatIsLeftOutIsNamedAndNothingElseIs) {
  int checked = 0;
  for (const Relation& relation : cases_->relations()) {
    if (!absl::StartsWith(relation.name, "holder")) continue;
    const auto function = FunctionOf(*relation.at);
    auto client = Actor::Make(*relation.at, TheDeployment().ClientOf(*relation.at));
    ASSERT_TRUE(client.ok()) << client.status();
    const auto shown = (*client)->GetCase(relation.ids.at("case_id"));
    ASSERT_TRUE(shown.ok()) << shown.status();
    const std::string bytes = shown->SerializeAsString();
    std::set<int> left_out;
    for (const Canary& canary : cases_->canaries().all()) {
      const bool said = canary.field.find("OpenCaseRequest") != std::string::npos ||
                        canary.field.find("Visitation") != std::string::npos ||
                        canary.field.find("Agreement.") != std::string::npos ||
                        canary.field.find("Measure.") != std::string::npos ||
                        canary.field.find("Person.name") != std::string::npos;
      if (!said || canary.written_by.count(relation.at->id) == 0) continue;
      const bool may = MayBeShown(relation.at->kind, function, canary.label, relation.satisfied);
      EXPECT_EQ(absl::StrContains(bytes, canary.value), may)
          << canary.field << " at " << relation.at->id << ", " << relation.name;
      if (!may) left_out.insert(canary.label.category);
      ++checked;
    }
    const std::set<int> named(shown->withheld().begin(), shown->withheld().end());
    EXPECT_EQ(named, NotFor(*relation.at, function, relation.satisfied, *shown->GetDescriptor()))
        << relation.at->id << ", " << relation.name << ": " << shown->ShortDebugString();
    EXPECT_TRUE(std::includes(named.begin(), named.end(), left_out.begin(), left_out.end()));
  }
  EXPECT_GT(checked, 50);
  Tally::Count("API: planted field × holder, shown or named as left out", checked);
}

}  // namespace
}  // namespace exitbus::story
