// docs/policy.md against what is enforced: each message, every field set, projected for each of its
// recipients as the engine does.
#include "tests/tables/policy_page.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/dynamic_message.h"
#include "gtest/gtest.h"
#include "services/policy/contracts.h"
#include "services/policy/fields.h"
#include "services/policy/flows.h"
#include "services/policy/plan.h"
#include "tests/policy/filled.h"
#include "tests/tables/policy_tables.h"

namespace exitbus::tables {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string Plain(const std::string& enum_name, std::string_view prefix) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(enum_name.substr(prefix.size())), {{"_", " "}});
}

std::string NameOf(v1::Relation to, v1::AuthorityKind kind) {
  const std::string name = Plain(v1::Relation_Name(to), "RELATION_");
  return to != v1::RELATION_HOLDER
             ? name
             : absl::StrCat(name, ": ", Plain(v1::AuthorityKind_Name(kind), "AUTHORITY_KIND_"));
}

using GoesTo = std::map<std::string, std::set<std::string>>;

// The paths of the leaves that are set.
void AddSet(const Message& message, const std::string& path, std::set<std::string>& paths) {
  std::vector<const FieldDescriptor*> fields;
  const auto* reflection = message.GetReflection();
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string at = path.empty() ? field->name() : absl::StrCat(path, ".", field->name());
    if (policy::IsLeaf(*field)) {
      paths.insert(at);
    } else if (!field->is_repeated()) {
      AddSet(reflection->GetMessage(message, field), at, paths);
    } else {
      for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
        AddSet(reflection->GetRepeatedMessage(message, field, i), at, paths);
      }
    }
  }
}

// What the fields of `whole` go to by this row: whoever a projection releases them to.
void AddRow(const v1::Flow& flow, const Message& whole, GoesTo& goes_to) {
  static const auto* sets = new std::vector(AllConditionSets());
  std::set<std::pair<v1::Relation, v1::AuthorityKind>> recipients;
  for (const policy::Route& route : policy::RoutesOf(flow))
    recipients.emplace(route.to, route.to_kind);
  for (const auto& [to, kind] : recipients) {
    std::map<std::string, bool> released;  // whether it takes no more than the row asks for
    for (const ConditionSet& satisfied : *sets) {
      if (!policy::MaySend(flow, satisfied)) continue;
      const bool asked_for = policy::ConditionsOf(flow).HasAll(satisfied);
      std::set<std::string> told;
      AddSet(*policy::Project(whole, policy::ViewerFor(flow, to, kind, satisfied)).message, "",
             told);
      for (const std::string& field : told) released[field] |= asked_for;
    }
    for (const auto& [field, always] : released) {
      goes_to[field].insert(NameOf(to, kind) + (always ? "" : "*"));
    }
  }
}

TEST(PolicyPage, SaysOfEachFieldWhomItGoesTo) {
  google::protobuf::DynamicMessageFactory factory;
  int messages = 0;
  for (const auto* file : policy::AllContracts()) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      const Descriptor& type = *file->message_type(i);
      if (policy::FlowsOf(type).empty()) continue;
      GoesTo goes_to;
      for (int choice = 0; choice < Choices(type); ++choice) {
        std::unique_ptr<Message> whole(factory.GetPrototype(&type)->New());
        std::map<std::string, const FieldDescriptor*> leaves;
        Fill(*whole, choice, "", leaves);
        for (const auto& [path, field] : leaves) goes_to[path];  // to nobody, maybe
        for (const v1::Flow& flow : policy::FlowsOf(type)) AddRow(flow, *whole, goes_to);
      }
      ASSERT_TRUE(PolicyPage().contains(type.name())) << type.name();
      EXPECT_EQ(PolicyPage().at(type.name()), goes_to) << type.name();
      ++messages;
    }
  }
  EXPECT_EQ(PolicyPage().size(), messages);
}

// One that nobody is told anything by needs no recipient, or the page is wrong.
TEST(PolicyPage, SaysOfNoMessageThatNobodyGetsAnyOfIt) {
  for (const auto& [message, fields] : PolicyPage()) {
    bool any = fields.empty();
    for (const auto& [field, to] : fields) any |= !to.empty();
    EXPECT_TRUE(any) << message;
  }
}

}  // namespace
}  // namespace exitbus::tables
