#include "services/policy/plan_cache.h"

#include <memory>
#include <tuple>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/descriptor.h"
#include "services/policy/fields.h"

namespace exitbus::policy {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// Every plan of one viewer. A type's plan is complete when Compile returns, its nested types' too.
class ViewerPlans {
 public:
  explicit ViewerPlans(Viewer viewer) : viewer_(viewer) {}

  const MessagePlan& Compile(const Descriptor& type) {
    MessagePlan* plan = Add(type);
    // A submessage is visible if something in it is; with types that contain each other that takes
    // as many rounds as they are deep.
    while (SpreadVisibility()) {
    }
    new_.clear();
    return *plan;
  }

 private:
  MessagePlan* Add(const Descriptor& type) {
    std::unique_ptr<MessagePlan>& plan = plans_[&type];
    if (plan != nullptr) return plan.get();
    plan = std::make_unique<MessagePlan>();
    MessagePlan* added = plan.get();  // `plan` does not survive the recursion below
    new_.push_back(added);
    added->type = &type;
    added->fields.resize(type.field_count());
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      FieldPlan& rule = added->fields[i];
      if (IsLeaf(field)) {
        if (const v1::FieldPolicy* policy = FieldPolicyOf(field)) {
          rule.category = policy->category();
          rule.unaccounted = policy->unaccounted();
          rule.visible = MaySee(viewer_, policy->category(), policy->detail());
          if (policy->names_category()) NameCategory(*added, field);
        }
      } else if (!field.is_map() &&
                 field.message_type()->well_known_type() == Descriptor::WELLKNOWNTYPE_UNSPECIFIED) {
        rule.nested = Add(*field.message_type());
      }  // a map or Any: withheld whole
    }
    return added;
  }

  void NameCategory(MessagePlan& plan, const FieldDescriptor& field) const {
    plan.names_category = &field;
    for (int category = 1; category <= v1::Category_MAX; ++category) {
      plan.in_full[category] =
          MaySee(viewer_, static_cast<v1::Category>(category), v1::DETAIL_FULL);
    }
  }

  bool SpreadVisibility() {
    bool changed = false;
    for (MessagePlan* plan : new_) {
      for (FieldPlan& rule : plan->fields) {
        if (rule.visible || rule.nested == nullptr || !AnyVisible(*rule.nested)) continue;
        rule.visible = true;
        changed = true;
      }
    }
    return changed;
  }

  static bool AnyVisible(const MessagePlan& plan) {
    for (const FieldPlan& rule : plan.fields) {
      if (rule.visible) return true;
    }
    return false;
  }

  const Viewer viewer_;
  absl::flat_hash_map<const Descriptor*, std::unique_ptr<MessagePlan>> plans_;
  std::vector<MessagePlan*> new_;
};

class Cache {
 public:
  const MessagePlan& Get(const Descriptor& type, const Viewer& viewer) {
    const Key key{&type, viewer.reader, viewer.level, viewer.satisfied.bits()};
    {
      absl::ReaderMutexLock lock(&mutex_);
      if (auto found = plans_.find(key); found != plans_.end()) return *found->second;
    }
    absl::MutexLock lock(&mutex_);
    std::unique_ptr<ViewerPlans>& plans =
        viewers_[{viewer.reader, viewer.level, viewer.satisfied.bits()}];
    if (plans == nullptr) plans = std::make_unique<ViewerPlans>(viewer);
    const MessagePlan& plan = plans->Compile(type);
    plans_.emplace(key, &plan);
    return plan;
  }

 private:
  using Key = std::tuple<const Descriptor*, int, int, std::uint32_t>;

  absl::Mutex mutex_;
  absl::flat_hash_map<Key, const MessagePlan*> plans_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::tuple<int, int, std::uint32_t>, std::unique_ptr<ViewerPlans>> viewers_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace

const FieldPlan* MessagePlan::Find(const FieldDescriptor& field) const {
  if (field.is_extension()) return nullptr;
  return &fields[field.index()];
}

const MessagePlan& PlanFor(const Descriptor& type, const Viewer& viewer) {
  static auto* cache = new Cache;
  return cache->Get(type, viewer);
}

}  // namespace exitbus::policy
