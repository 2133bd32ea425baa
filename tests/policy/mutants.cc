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
#include "tests/policy/differences.h"
#include "tests/policy/places.h"

namespace exitbus::tables {
namespace {

namespace v1 = policy::v1;
using google::protobuf::Descriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;

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
  for (const int channel : Others(v1::Channel_MAX, flow.channel())) {
    changes.emplace_back(
        absl::StrCat("over ", v1::Channel_Name(channel)),
        [row, channel](Flows& all) { all[row].set_channel(static_cast<v1::Channel>(channel)); });
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
    for (const policy::Route& route : policy::RoutesOf(flow)) {
      kinds.insert(sender ? route.from_kind : route.to_kind);
    }
    AddFewerKinds(row, sender, kinds, changes);
  }
  return changes;
}

// A row from one relation to another that has none.
void AddNewRows(const Descriptor& message, std::vector<FlowChange>& changes) {
  std::set<std::pair<int, int>> there;
  for (const v1::Flow& flow : policy::FlowsOf(message)) {
    for (const policy::Route& route : policy::RoutesOf(flow)) there.emplace(route.from, route.to);
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
            flow.set_channel(v1::CHANNEL_HANDOVER);
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
  const std::vector<int> path = PathTo(message);
  for (const auto& [what, change] : changes) {
    mutants.push_back(
        {absl::StrCat(message.name(), " ", what), message.file()->name(),
         [path, change = change](FileDescriptorProto& file) {
           change(*MessageAt(file, path).mutable_options()->MutableRepeatedExtension(v1::flow));
         },
         [path](const FileDescriptor& file) { return FlowDifference(MessageAt(file, path)); }});
  }
}

// --- fields and methods

void AddFieldMutants(const Descriptor& message, int index, std::vector<Mutant>& mutants) {
  const auto& field = *message.field(index);
  const v1::FieldPolicy* now = policy::FieldPolicyOf(field);
  if (now == nullptr) return;
  const std::vector<int> path = PathTo(message);
  const auto add = [&](const std::string& what, std::function<void(v1::FieldPolicy&)> change) {
    mutants.push_back({absl::StrCat(field.full_name(), " ", what), message.file()->name(),
                       [path, index, change = std::move(change)](FileDescriptorProto& file) {
                         change(*MessageAt(file, path)
                                     .mutable_field(index)
                                     ->mutable_options()
                                     ->MutableExtension(v1::field));
                       },
                       [path, index](const FileDescriptor& file) {
                         return FieldDifference(*MessageAt(file, path).field(index));
                       }});
  };
  for (const int category : Others(v1::Category_MAX, now->category())) {
    if (!v1::Category_IsValid(category)) continue;
    add(absl::StrCat("in ", v1::Category_Name(category)), [category](v1::FieldPolicy& policy) {
      policy.set_category(static_cast<v1::Category>(category));
    });
  }
  add(now->unaccounted() ? "in accounts" : "in no account",
      [](v1::FieldPolicy& policy) { policy.set_unaccounted(!policy.unaccounted()); });
  add("the other way for the category of it all",
      [](v1::FieldPolicy& policy) { policy.set_names_category(!policy.names_category()); });
  const int detail_now = now->detail() == v1::DETAIL_UNSPECIFIED ? v1::DETAIL_FULL : now->detail();
  for (const int detail : Others(v1::Detail_MAX, detail_now)) {
    add(absl::StrCat("as ", v1::Detail_Name(detail)),
        [detail](v1::FieldPolicy& policy) { policy.set_detail(static_cast<v1::Detail>(detail)); });
  }
  mutants.push_back(
      {absl::StrCat(field.full_name(), " without a category"), message.file()->name(),
       [path, index](FileDescriptorProto& file) {
         MessageAt(file, path).mutable_field(index)->mutable_options()->ClearExtension(v1::field);
       },
       [path, index](const FileDescriptor& file) {
         return FieldDifference(*MessageAt(file, path).field(index));
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
