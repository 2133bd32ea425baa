// What comes out of a projection, against the tables: every bus message and every answer, with
// every field set, for every reader, level and set of conditions. Exactly what the tables allow is
// there.
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/police/v1/messages.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/dynamic_message.h"
#include "gtest/gtest.h"
#include "services/policy/contracts.h"
#include "services/policy/flows.h"
#include "services/policy/log_view.h"
#include "services/policy/plan.h"
#include "tests/policy/differences.h"
#include "tests/policy/filled.h"
#include "tests/tables/policy_tables.h"

namespace exitbus::tables {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Whether the message that this leaf stands in says itself what all of it is of. Filled, it says
// the last category there is.
bool StandsInOneThatNamesACategory(const FieldDescriptor& leaf) {
  const Descriptor& type = *leaf.containing_type();
  for (int i = 0; i < type.field_count(); ++i) {
    const auto found = FieldTable().find(TableName(type.field(i)->full_name()));
    if (found != FieldTable().end() && found->second.names_category) return true;
  }
  return false;
}

bool Allows(const policy::Viewer& viewer, v1::Category category, v1::Detail detail) {
  return CategoryTable::Get().UpTo(viewer.level, category) >= detail &&
         CategoryTable::Get().Allows(viewer.reader, category, detail, viewer.satisfied);
}

void ExpectProjections(const Message& whole,
                       const std::map<std::string, const FieldDescriptor*>& leaves, int& cells) {
  static const auto* sets = new std::vector(AllConditionSets());
  for (int reader = 1; reader <= v1::Reader_MAX; ++reader) {
    for (int level = 1; level <= v1::Level_MAX; ++level) {
      for (const ConditionSet& satisfied : *sets) {
        const policy::Viewer viewer{static_cast<v1::Reader>(reader), static_cast<v1::Level>(level),
                                    satisfied};
        std::vector<std::string> allowed, accounted;
        for (const auto& [path, field] : leaves) {
          const FieldEntry& gives = FieldTable().at(TableName(field->full_name()));
          const bool is_kept_back = StandsInOneThatNamesACategory(*field) &&
                                    !Allows(viewer, v1::Category_MAX, v1::DETAIL_FULL);
          if (!is_kept_back && Allows(viewer, gives.category, gives.detail)) {
            allowed.push_back(path);
            if (!gives.unaccounted) accounted.push_back(path);
          }
          ++cells;
        }
        const policy::Projection projected = policy::Project(whole, viewer);
        ASSERT_EQ(projected.released_fields, accounted)
            << whole.GetTypeName() << " for " << v1::Reader_Name(viewer.reader) << ", "
            << v1::Level_Name(viewer.level) << ", conditions " << satisfied.bits();
        ASSERT_TRUE(policy::AssertProjected(*projected.message, viewer).ok());
        ASSERT_EQ(policy::AssertProjected(whole, viewer).ok(), allowed.size() == leaves.size());
      }
    }
  }
}

// Whatever leaves an authority: bus messages and answers.
std::map<std::string, const Descriptor*> LeavingTypes() {
  std::map<std::string, const Descriptor*> types;
  for (const auto* file : policy::AllContracts()) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      const Descriptor& type = *file->message_type(i);
      if (!policy::FlowsOf(type).empty()) types[type.full_name()] = &type;
    }
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        const Descriptor& type = *file->service(s)->method(m)->output_type();
        types[type.full_name()] = &type;
      }
    }
  }
  return types;
}

TEST(Projection, LetsThroughWhatTheTablesAllowAndNothingElse) {
  const auto types = LeavingTypes();
  google::protobuf::DynamicMessageFactory factory;
  int cells = 0;
  for (const auto& [name, type] : types) {
    for (int choice = 0; choice < Choices(*type); ++choice) {
      std::unique_ptr<Message> whole(factory.GetPrototype(type)->New());
      std::map<std::string, const FieldDescriptor*> leaves;
      Fill(*whole, choice, "", leaves);
      ASSERT_NO_FATAL_FAILURE(ExpectProjections(*whole, leaves, cells));
    }
  }
  EXPECT_GT(types.size(), 50U);
  std::printf("[ separation ] projection: %d cells (field x reader x level x conditions)\n", cells);
}

TEST(LogView, ShowsNoTextNoTimeAndNoCategoryAnOperatorMayNotRead) {
  google::protobuf::DynamicMessageFactory factory;
  for (const auto& [name, type] : LeavingTypes()) {
    for (int choice = 0; choice < Choices(*type); ++choice) {
      std::unique_ptr<Message> whole(factory.GetPrototype(type)->New());
      std::map<std::string, const FieldDescriptor*> leaves;
      Fill(*whole, choice, "", leaves);
      const std::string line = policy::ForLog(*whole);
      EXPECT_EQ(line.find("planted"), std::string::npos) << line;
      EXPECT_EQ(line.find("seconds"), std::string::npos) << line;
      const auto shown = static_cast<std::size_t>(std::count(line.begin(), line.end(), ':'));
      EXPECT_LE(shown, leaves.size()) << line;
      EXPECT_EQ(line.rfind(type->name() + " {", 0), 0U) << line;
    }
  }
}

TEST(LogView, NamesWhatItLeavesOut) {
  handover::v1::HandoverRejected rejected;
  rejected.set_rejection(handover::v1::REJECTION_CODE_NO_CAPACITY);
  EXPECT_EQ(policy::ForLog(rejected), "HandoverRejected {} withheld: case state");
  police::v1::PrecautionsAcknowledged acknowledged;
  acknowledged.set_version(2);
  acknowledged.set_acknowledged_by("planted text");
  acknowledged.mutable_acknowledged()->set_seconds(1);
  EXPECT_EQ(policy::ForLog(acknowledged),
            "PrecautionsAcknowledged {acknowledged_by: * acknowledged { *}} withheld: precautions");
}

}  // namespace
}  // namespace exitbus::tables
