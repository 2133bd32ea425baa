// Two transcriptions of one policy: the options in the contracts, and the tables. Whoever changes
// one has to say it again in the other. What each field gives away is generated, for people to read
// the difference.
#include <algorithm>
#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "services/policy/contracts.h"
#include "services/policy/fields.h"
#include "services/policy/flows.h"
#include "services/policy/rules.h"
#include "tests/policy/differences.h"
#include "tests/tables/policy_tables.h"

namespace exitbus::tables {
namespace {

using google::protobuf::Descriptor;

const policy::Rules& TheRules() {
  static const auto* rules = new policy::Rules(*v1::Category_descriptor(), *v1::Level_descriptor());
  return *rules;
}

// Message types, nested ones too.
void Collect(const Descriptor& message, std::vector<const Descriptor*>& all) {
  all.push_back(&message);
  for (int i = 0; i < message.nested_type_count(); ++i) Collect(*message.nested_type(i), all);
}

std::vector<const Descriptor*> AllMessages() {
  std::vector<const Descriptor*> all;
  for (const auto* file : policy::AllContracts()) {
    for (int i = 0; i < file->message_type_count(); ++i) Collect(*file->message_type(i), all);
  }
  return all;
}

TEST(Contracts, GiveEachCategoryToTheReadersInTheTable) {
  for (int i = 1; i <= v1::Category_MAX; ++i) {
    if (!v1::Category_IsValid(i)) continue;
    EXPECT_EQ(CategoryDifference(TheRules(), static_cast<v1::Category>(i)), "");
    EXPECT_EQ(LevelDifference(TheRules(), static_cast<v1::Category>(i)), "");
  }
}

TEST(Contracts, SendEachMessageToWhomTheTableSays) {
  std::set<std::string> sent;
  for (const Descriptor* message : AllMessages()) {
    if (policy::FlowsOf(*message).empty()) continue;
    EXPECT_EQ(FlowDifference(*message), "");
    EXPECT_TRUE(sent.insert(message->name()).second) << message->name() << " is two messages";
  }
  EXPECT_EQ(sent, FlowTable::Get().messages());
}

// What a word of the table excuses is exactly what is not sent, and docs/to-come.md lists it.
TEST(Contracts, SendNothingThatTheTableSaysIsToCome) {
  std::map<std::string, std::set<std::string>> to_come;
  for (const FlowTable::ToCome& cell : FlowTable::Get().to_come()) {
    to_come[cell.work].insert(cell.message);
    EXPECT_FALSE(FlowTable::Get().Find(cell.message, cell.from, cell.to))
        << cell.message << " is sent, and to come by " << cell.work;
  }
  std::map<std::string, std::set<std::string>> listed;
  std::ifstream page("docs/to-come.md");
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `@")) continue;
    const std::vector<std::string> columns = absl::StrSplit(line, '|');
    const std::string work = absl::StrReplaceAll(columns.at(1), {{"`", ""}, {" ", ""}});
    for (std::string name : std::vector<std::string>(absl::StrSplit(columns.at(3), ", "))) {
      absl::StripAsciiWhitespace(&name);
      listed[work].insert(name);
    }
  }
  EXPECT_EQ(listed, to_come);
}

TEST(Contracts, LabelEachFieldAsThePageSays) {
  std::set<std::string> labelled;
  for (const Descriptor* message : AllMessages()) {
    for (int i = 0; i < message->field_count(); ++i) {
      const auto& field = *message->field(i);
      EXPECT_EQ(FieldDifference(field), "");
      if (policy::FieldPolicyOf(field) != nullptr) labelled.insert(TableName(field.full_name()));
    }
  }
  for (const auto& [name, entry] : FieldTable()) {
    EXPECT_TRUE(labelled.contains(name)) << name << " is on the page and in no contract";
  }
}

// NEC-04, D07, D28: what the gang list says, and whether anything stands against a visitation,
// leaves an authority by one message, from the police unit to whoever answers for the case.
TEST(Contracts, TellWhatTheGangListSaysByOneMessageAlone) {
  std::set<std::string> told;
  for (const Descriptor* message : AllMessages()) {
    if (policy::FlowsOf(*message).empty()) continue;
    std::vector<const Descriptor*> inside = {message};
    for (std::size_t next = 0; next < inside.size(); ++next) {
      for (int i = 0; i < inside[next]->field_count(); ++i) {
        const auto& field = *inside[next]->field(i);
        const auto* type = field.enum_type();
        if (type != nullptr && (type->name() == "NecListStatus" || type->name() == "Hindrance")) {
          told.insert(message->name());
        }
        const Descriptor* part = field.message_type();
        if (part != nullptr && std::find(inside.begin(), inside.end(), part) == inside.end()) {
          inside.push_back(part);
        }
      }
    }
  }
  EXPECT_EQ(told, std::set<std::string>{"NecStatusAnswered"});
}

TEST(Contracts, LeaveOutOfAccountsWhatStandsAgainstAVisitationAndNothingElse) {
  std::set<std::string> left_out;
  for (const Descriptor* message : AllMessages()) {
    for (int i = 0; i < message->field_count(); ++i) {
      const v1::FieldPolicy* gives = policy::FieldPolicyOf(*message->field(i));
      if (gives != nullptr && gives->unaccounted()) {
        left_out.insert(TableName(message->field(i)->full_name()));
      }
    }
  }
  EXPECT_EQ(left_out, (std::set<std::string>{"casework.v1.NecAnswer.hindrance",
                                             "police.v1.NecStatusAnswered.hindrance"}));
}

// What is of a document's category is a document.
TEST(Contracts, NameACategoryOfTheirOwnInDocumentsAndNowhereElse) {
  std::set<std::string> naming;
  for (const Descriptor* message : AllMessages()) {
    for (int i = 0; i < message->field_count(); ++i) {
      const v1::FieldPolicy* gives = policy::FieldPolicyOf(*message->field(i));
      if (gives != nullptr && gives->names_category()) {
        naming.insert(TableName(message->field(i)->full_name()));
      }
    }
  }
  EXPECT_EQ(naming, (std::set<std::string>{"casework.v1.Document.category",
                                           "casework.v1.DocumentContent.category",
                                           "casework.v1.DocumentSlice.category"}));
}

// NEC-10: the list is called by police units, and is no part of exitbus.
TEST(Contracts, GiveTheGangListNoPlaceInExitbus) {
  for (const auto* file : policy::AllContracts()) {
    EXPECT_NE(file->package(), "exitbus.gang_list.v1");
    for (int i = 0; i < file->dependency_count(); ++i) {
      EXPECT_NE(file->dependency(i)->package(), "exitbus.gang_list.v1") << file->name();
    }
  }
}

TEST(Contracts, LetTheCallersInTheTableCall) {
  std::set<std::string> methods;
  for (const auto* file : policy::AllContracts()) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        const auto& method = *file->service(s)->method(m);
        EXPECT_EQ(MethodDifference(method), "");
        methods.insert(TableName(method.full_name()));
      }
    }
  }
  for (const auto& [name, entry] : MethodTable()) {
    EXPECT_TRUE(methods.contains(name)) << name << " is in the table and in no contract";
  }
}

}  // namespace
}  // namespace exitbus::tables
