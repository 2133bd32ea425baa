#include "tests/policy/mutants.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "services/policy/contracts.h"
#include "services/policy/fields.h"
#include "services/policy/flows.h"
#include "services/policy/methods.h"
#include "services/policy/rules.h"
#include "tests/policy/differences.h"

namespace exitbus::tables {
namespace {

namespace v1 = policy::v1;
using google::protobuf::Descriptor;
using google::protobuf::DescriptorProto;
using google::protobuf::EnumDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;

constexpr char kPolicyFile[] = "exitbus/policy/v1/policy.proto";

// 1 to `last` without `but`.
std::vector<int> Others(int last, int but) {
  std::vector<int> others;
  for (int i = 1; i <= last; ++i) {
    if (i != but) others.push_back(i);
  }
  return others;
}

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

// Where a message stands in its file: the way down through nested types, by index.
std::vector<int> WayTo(const Descriptor& message) {
  std::vector<int> way;
  for (const Descriptor* at = &message; at != nullptr; at = at->containing_type()) {
    way.insert(way.begin(), at->index());
  }
  return way;
}

DescriptorProto& MessageAt(FileDescriptorProto& file, const std::vector<int>& way) {
  DescriptorProto* message = file.mutable_message_type(way[0]);
  for (std::size_t i = 1; i < way.size(); ++i) message = message->mutable_nested_type(way[i]);
  return *message;
}

const Descriptor& MessageAt(const FileDescriptor& file, const std::vector<int>& way) {
  const Descriptor* message = file.message_type(way[0]);
  for (std::size_t i = 1; i < way.size(); ++i) message = message->nested_type(way[i]);
  return *message;
}

void WalkMessages(const std::function<void(const Descriptor&)>& visit) {
  const std::function<void(const Descriptor&)> walk = [&](const Descriptor& message) {
    visit(message);
    for (int i = 0; i < message.nested_type_count(); ++i) walk(*message.nested_type(i));
  };
  for (const FileDescriptor* file : policy::AllContracts()) {
    for (int i = 0; i < file->message_type_count(); ++i) walk(*file->message_type(i));
  }
}

// --- grants and levels

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

// --- flows

using Flows = google::protobuf::RepeatedPtrField<v1::Flow>;
using FlowChange = std::pair<std::string, std::function<void(Flows&)>>;

// Kinds named at one end, each left out once.
void AddFewerKinds(int row, bool sender, const std::set<v1::AuthorityKind>& kinds,
                   std::vector<FlowChange>& changes) {
  if (kinds.size() < 2) return;
  for (const v1::AuthorityKind left_out : kinds) {
    changes.emplace_back(
        absl::StrCat(sender ? "not from " : "not to ", v1::AuthorityKind_Name(left_out)),
        [row, sender, kinds, left_out](Flows& all) {
          auto* named = sender ? all[row].mutable_from_kinds() : all[row].mutable_to_kinds();
          named->Clear();
          for (const v1::AuthorityKind kind : kinds) {
            if (kind != left_out) named->Add(kind);
          }
        });
  }
}

std::vector<FlowChange> RowChanges(const Flows& flows, int row) {
  const v1::Flow& flow = flows[row];
  std::vector<FlowChange> changes;
  changes.emplace_back("left out", [row](Flows& all) { all.DeleteSubrange(row, 1); });
  for (const int level : Others(v1::Level_MAX, flow.level())) {
    changes.emplace_back(absl::StrCat("at ", v1::Level_Name(level)), [row, level](Flows& all) {
      all[row].set_level(static_cast<v1::Level>(level));
    });
  }
  for (const int exchange : Others(v1::Exchange_MAX, flow.exchange())) {
    changes.emplace_back(absl::StrCat("over ", v1::Exchange_Name(exchange)),
                         [row, exchange](Flows& all) {
                           all[row].set_exchange(static_cast<v1::Exchange>(exchange));
                         });
  }
  for (int c = 0; c < flow.conditions_size(); ++c) {
    changes.emplace_back("without a condition", [row, c](Flows& all) {
      auto& conditions = *all[row].mutable_conditions();
      conditions.erase(conditions.begin() + c);
    });
  }
  const std::set<int> has(flow.conditions().begin(), flow.conditions().end());
  for (int condition = 1; condition <= v1::Condition_MAX; ++condition) {
    if (has.contains(condition)) continue;
    changes.emplace_back(absl::StrCat("under ", v1::Condition_Name(condition)),
                         [row, condition](Flows& all) {
                           all[row].add_conditions(static_cast<v1::Condition>(condition));
                         });
  }
  for (const bool sender : {true, false}) {
    const int ends = sender ? flow.from_size() : flow.to_size();
    for (int i = 0; i < ends && ends > 1; ++i) {
      changes.emplace_back(
          sender ? "without a sender" : "without a recipient", [row, sender, i](Flows& all) {
            auto& left = sender ? *all[row].mutable_from() : *all[row].mutable_to();
            left.erase(left.begin() + i);
          });
    }
    std::set<v1::AuthorityKind> kinds;
    for (const policy::Way& way : policy::WaysOf(flow)) {
      kinds.insert(sender ? way.from_kind : way.to_kind);
    }
    AddFewerKinds(row, sender, kinds, changes);
  }
  return changes;
}

// A row from one relation to another that has none.
void AddNewRows(const Descriptor& message, std::vector<FlowChange>& changes) {
  std::set<std::pair<int, int>> there;
  for (const v1::Flow& flow : policy::FlowsOf(message)) {
    for (const policy::Way& way : policy::WaysOf(flow)) there.emplace(way.from, way.to);
  }
  for (int from = 1; from <= v1::Relation_MAX; ++from) {
    for (int to = 1; to <= v1::Relation_MAX; ++to) {
      if (there.contains({from, to})) continue;
      changes.emplace_back(
          absl::StrCat("also from ", v1::Relation_Name(from), " to ", v1::Relation_Name(to)),
          [from, to](Flows& all) {
            v1::Flow& flow = *all.Add();
            flow.add_from(static_cast<v1::Relation>(from));
            flow.add_to(static_cast<v1::Relation>(to));
            flow.set_level(v1::LEVEL_MINIMUM);
            flow.set_exchange(v1::EXCHANGE_HANDOVER);
          });
    }
  }
}

void AddFlowMutants(const Descriptor& message, std::vector<Mutant>& mutants) {
  const Flows& flows = policy::FlowsOf(message);
  if (flows.empty()) return;
  std::vector<FlowChange> changes;
  for (int row = 0; row < flows.size(); ++row) {
    for (auto& [what, change] : RowChanges(flows, row)) {
      changes.emplace_back(absl::StrCat("row ", row, " ", what), std::move(change));
    }
  }
  AddNewRows(message, changes);
  const std::vector<int> way = WayTo(message);
  for (const auto& [what, change] : changes) {
    mutants.push_back(
        {absl::StrCat(message.name(), " ", what), message.file()->name(),
         [way, change = change](FileDescriptorProto& file) {
           change(*MessageAt(file, way).mutable_options()->MutableRepeatedExtension(v1::flow));
         },
         [way](const FileDescriptor& file) { return FlowDifference(MessageAt(file, way)); }});
  }
}

// --- fields and methods

void AddFieldMutants(const Descriptor& message, int index, std::vector<Mutant>& mutants) {
  const auto& field = *message.field(index);
  const v1::FieldPolicy* now = policy::FieldPolicyOf(field);
  if (now == nullptr) return;
  const std::vector<int> way = WayTo(message);
  const auto add = [&](const std::string& what, std::function<void(v1::FieldPolicy&)> change) {
    mutants.push_back(
        {absl::StrCat(field.full_name(), " ", what), message.file()->name(),
         [way, index, change = std::move(change)](FileDescriptorProto& file) {
           change(*MessageAt(file, way).mutable_field(index)->mutable_options()->MutableExtension(
               v1::field));
         },
         [way, index](const FileDescriptor& file) {
           return FieldDifference(*MessageAt(file, way).field(index));
         }});
  };
  for (const int category : Others(v1::Category_MAX, now->category())) {
    add(absl::StrCat("in ", v1::Category_Name(category)), [category](v1::FieldPolicy& policy) {
      policy.set_category(static_cast<v1::Category>(category));
    });
  }
  const int detail_now = now->detail() == v1::DETAIL_UNSPECIFIED ? v1::DETAIL_FULL : now->detail();
  for (const int detail : Others(v1::Detail_MAX, detail_now)) {
    add(absl::StrCat("as ", v1::Detail_Name(detail)),
        [detail](v1::FieldPolicy& policy) { policy.set_detail(static_cast<v1::Detail>(detail)); });
  }
  mutants.push_back({absl::StrCat(field.full_name(), " without a category"), message.file()->name(),
                     [way, index](FileDescriptorProto& file) {
                       MessageAt(file, way).mutable_field(index)->mutable_options()->ClearExtension(
                           v1::field);
                     },
                     [way, index](const FileDescriptor& file) {
                       return FieldDifference(*MessageAt(file, way).field(index));
                     }});
}

void AddMethodMutants(const google::protobuf::MethodDescriptor& method,
                      std::vector<Mutant>& mutants) {
  const int s = method.service()->index();
  const int m = method.index();
  const auto add = [&](const std::string& what, std::function<void(v1::MethodPolicy&)> change) {
    mutants.push_back(
        {absl::StrCat(method.full_name(), " ", what), method.file()->name(),
         [s, m, change = std::move(change)](FileDescriptorProto& file) {
           change(*file.mutable_service(s)->mutable_method(m)->mutable_options()->MutableExtension(
               v1::method));
         },
         [s, m](const FileDescriptor& file) {
           return MethodDifference(*file.service(s)->method(m));
         }});
  };
  for (int i = 1; i <= v1::Function_MAX; ++i) {
    const auto function = static_cast<v1::Function>(i);
    add(absl::StrCat("the other way for ", v1::Function_Name(function)),
        [function](v1::MethodPolicy& policy) {
          auto& callers = *policy.mutable_callers();
          const auto found = std::find(callers.begin(), callers.end(), function);
          found == callers.end() ? callers.Add(function) : (void)callers.erase(found);
        });
  }
  add("with the other access", [](v1::MethodPolicy& policy) {
    policy.set_access(policy.access() == v1::ACCESS_READ ? v1::ACCESS_WRITE : v1::ACCESS_READ);
  });
  add("with the purpose the other way",
      [](v1::MethodPolicy& policy) { policy.set_purpose_required(!policy.purpose_required()); });
}

}  // namespace

std::vector<Mutant> CategoryMutants() {
  std::vector<Mutant> mutants;
  for (int i = 1; i <= v1::Category_MAX; ++i) {
    AddGrantMutants(static_cast<v1::Category>(i), mutants);
  }
  for (int i = 1; i <= v1::Level_MAX; ++i) AddLevelMutants(static_cast<v1::Level>(i), mutants);
  return mutants;
}

std::vector<Mutant> FlowMutants() {
  std::vector<Mutant> mutants;
  WalkMessages([&mutants](const Descriptor& message) { AddFlowMutants(message, mutants); });
  return mutants;
}

std::vector<Mutant> FieldMutants() {
  std::vector<Mutant> mutants;
  WalkMessages([&mutants](const Descriptor& message) {
    for (int i = 0; i < message.field_count(); ++i) AddFieldMutants(message, i, mutants);
  });
  return mutants;
}

std::vector<Mutant> MethodMutants() {
  std::vector<Mutant> mutants;
  for (const FileDescriptor* file : policy::AllContracts()) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        AddMethodMutants(*file->service(s)->method(m), mutants);
      }
    }
  }
  return mutants;
}

}  // namespace exitbus::tables
