// Of mutants.h, those of grants and levels.
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "services/policy/rules.h"
#include "tests/policy/differences.h"
#include "tests/policy/mutants.h"
#include "tests/policy/places.h"

namespace exitbus::tables {
namespace {

namespace v1 = policy::v1;
using google::protobuf::EnumDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;

constexpr char kPolicyFile[] = "exitbus/policy/v1/policy.proto";

int IndexOfValue(const EnumDescriptor& type, int number) {
  return type.FindValueByNumber(number)->index();
}

google::protobuf::EnumValueOptions& ValueOptions(FileDescriptorProto& file,
                                                 const EnumDescriptor& type, int number) {
  return *file.mutable_enum_type(type.index())
              ->mutable_value(IndexOfValue(type, number))
              ->mutable_options();
}

policy::Rules RulesIn(const FileDescriptor& file) {
  return {*file.FindEnumTypeByName("Category"), *file.FindEnumTypeByName("Level")};
}

using Grants = google::protobuf::RepeatedPtrField<v1::Grant>;

// Every way in which one reader's grants of one category could be wrong.
std::vector<std::pair<std::string, std::function<void(Grants&)>>> GrantChanges(const Grants& grants,
                                                                               v1::Reader reader) {
  std::vector<std::pair<std::string, std::function<void(Grants&)>>> changes;
  bool unconditional_full = false;
  for (int i = 0; i < grants.size(); ++i) {
    const v1::Grant& grant = grants[i];
    if (grant.reader() != reader) continue;
    unconditional_full |= grant.detail() == v1::DETAIL_FULL && grant.conditions().empty();
    changes.emplace_back("left out", [i](Grants& all) { all.DeleteSubrange(i, 1); });
    for (const int detail : Others(v1::Detail_MAX, grant.detail())) {
      changes.emplace_back(absl::StrCat("as ", v1::Detail_Name(detail)), [i, detail](Grants& all) {
        all[i].set_detail(static_cast<v1::Detail>(detail));
      });
    }
    for (int c = 0; c < grant.conditions_size(); ++c) {
      changes.emplace_back("without a condition", [i, c](Grants& all) {
        auto& conditions = *all[i].mutable_conditions();
        conditions.erase(conditions.begin() + c);
      });
    }
    const std::set<int> has(grant.conditions().begin(), grant.conditions().end());
    for (int condition = 1; condition <= v1::Condition_MAX; ++condition) {
      if (has.contains(condition)) continue;
      changes.emplace_back(absl::StrCat("under ", v1::Condition_Name(condition)),
                           [i, condition](Grants& all) {
                             all[i].add_conditions(static_cast<v1::Condition>(condition));
                           });
    }
  }
  if (!unconditional_full) {
    changes.emplace_back("granted in full", [reader](Grants& all) {
      v1::Grant& grant = *all.Add();
      grant.set_reader(reader);
      grant.set_detail(v1::DETAIL_FULL);
    });
  }
  return changes;
}

void AddGrantMutants(v1::Category category, std::vector<Mutant>& mutants) {
  const EnumDescriptor& type = *v1::Category_descriptor();
  const Grants& grants =
      type.FindValueByNumber(category)->options().GetRepeatedExtension(v1::grant);
  for (int reader = 1; reader <= v1::Reader_MAX; ++reader) {
    for (const auto& [what, change] : GrantChanges(grants, static_cast<v1::Reader>(reader))) {
      mutants.push_back(
          {absl::StrCat(v1::Category_Name(category), " for ", v1::Reader_Name(reader), " ", what),
           kPolicyFile,
           [&type, category, change = change](FileDescriptorProto& file) {
             change(*ValueOptions(file, type, category).MutableRepeatedExtension(v1::grant));
           },
           [category](const FileDescriptor& file) {
             return CategoryDifference(RulesIn(file), category);
           }});
    }
  }
}

void AddLevelMutants(v1::Level level, std::vector<Mutant>& mutants) {
  const EnumDescriptor& type = *v1::Level_descriptor();
  const auto& admissions =
      type.FindValueByNumber(level)->options().GetRepeatedExtension(v1::admits);
  if (admissions.empty()) return;
  std::map<int, v1::Detail> now;
  for (const auto& admission : admissions) now[admission.category()] = admission.detail();
  for (int i = 1; i <= v1::Category_MAX; ++i) {
    if (!v1::Category_IsValid(i)) continue;
    const auto category = static_cast<v1::Category>(i);
    for (int detail = 0; detail <= v1::Detail_MAX; ++detail) {
      if (detail == (now.contains(i) ? now[i] : v1::DETAIL_UNSPECIFIED)) continue;
      mutants.push_back(
          {absl::StrCat(v1::Level_Name(level), " lets ", v1::Category_Name(category),
                        " through as ", v1::Detail_Name(detail)),
           kPolicyFile,
           [&type, level, category, detail](FileDescriptorProto& file) {
             auto& all = *ValueOptions(file, type, level).MutableRepeatedExtension(v1::admits);
             for (auto& admission : all) {
               if (admission.category() == category) {
                 return admission.set_detail(static_cast<v1::Detail>(detail));
               }
             }
             v1::Admission& added = *all.Add();
             added.set_category(category);
             added.set_detail(static_cast<v1::Detail>(detail));
           },
           [category](const FileDescriptor& file) {
             return LevelDifference(RulesIn(file), category);
           }});
    }
  }
}

}  // namespace

std::vector<Mutant> CategoryMutants() {
  std::vector<Mutant> mutants;
  for (int i = 1; i <= v1::Category_MAX; ++i) {
    if (!v1::Category_IsValid(i)) continue;
    AddGrantMutants(static_cast<v1::Category>(i), mutants);
  }
  for (int i = 1; i <= v1::Level_MAX; ++i) AddLevelMutants(static_cast<v1::Level>(i), mutants);
  return mutants;
}

}  // namespace exitbus::tables
