#include "services/policy/plan.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "services/policy/copy.h"
#include "services/policy/plan_cache.h"

namespace exitbus::policy {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::string Join(std::string_view path, const FieldDescriptor& field) {
  return path.empty() ? field.name() : absl::StrCat(std::string(path), ".", field.name());
}

template <typename T>
void SortUnique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

// What all of the message is of, as it says itself; UNSPECIFIED: it does not.
v1::Category OwnCategory(const MessagePlan& plan, const Message& message) {
  if (plan.names_category == nullptr) return v1::CATEGORY_UNSPECIFIED;
  const int said = message.GetReflection()->GetEnumValue(message, plan.names_category);
  return v1::Category_IsValid(said) ? static_cast<v1::Category>(said) : v1::CATEGORY_UNSPECIFIED;
}

// Whether that keeps all of it from the viewer.
bool IsKeptBack(const MessagePlan& plan, const Message& message) {
  return plan.names_category != nullptr && !plan.in_full[OwnCategory(plan, message)];
}

class Projector {
 public:
  explicit Projector(Projection& result) : result_(result) {}

  void Copy(const MessagePlan& plan, const Message& from, Message& to, std::string_view path) {
    if (plan.names_category != nullptr) {
      const bool kept_back = IsKeptBack(plan, from);
      (kept_back ? result_.withheld : result_.released).push_back(OwnCategory(plan, from));
      if (kept_back) return;
    }
    std::vector<const FieldDescriptor*> set;
    from.GetReflection()->ListFields(from, &set);
    for (const FieldDescriptor* field : set) {
      const FieldPlan* rule = plan.Find(*field);
      if (rule == nullptr) {  // an extension
        result_.withheld.push_back(v1::CATEGORY_UNSPECIFIED);
      } else if (rule->nested != nullptr) {
        CopyNested(*rule, *field, from, to, Join(path, *field));
      } else if (rule->visible) {
        CopyLeaf(*field, from, to);
        if (rule->unaccounted) continue;
        result_.released.push_back(rule->category);
        result_.released_fields.push_back(Join(path, *field));
      } else {
        result_.withheld.push_back(rule->category);
      }
    }
  }

 private:
  // Where nothing in the submessage may be seen, it is walked all the same, to name the categories
  // that are withheld.
  void CopyNested(const FieldPlan& rule, const FieldDescriptor& field, const Message& from,
                  Message& to, const std::string& path) {
    const Reflection* reflection = from.GetReflection();
    const int count = field.is_repeated() ? reflection->FieldSize(from, &field) : 1;
    for (int i = 0; i < count; ++i) {
      const Message& source = field.is_repeated() ? reflection->GetRepeatedMessage(from, &field, i)
                                                  : reflection->GetMessage(from, &field);
      std::unique_ptr<Message> seen(source.New());
      Copy(*rule.nested, source, *seen, path);
      // One that is empty only because of what was left out would tell that there is something.
      if (!rule.visible || (IsEmpty(*seen) && !IsEmpty(source))) continue;
      if (field.is_repeated()) {
        to.GetReflection()->AddAllocatedMessage(&to, &field, seen.release());
      } else {
        to.GetReflection()->SetAllocatedMessage(&to, seen.release(), &field);
      }
    }
  }

  static bool IsEmpty(const Message& message) {
    std::vector<const FieldDescriptor*> set;
    message.GetReflection()->ListFields(message, &set);
    return set.empty();
  }

  Projection& result_;
};

absl::Status Leak(const std::string& path, std::string_view what) {
  return absl::PermissionDeniedError(
      absl::StrCat("projection leak: ", path, " ", std::string(what)));
}

absl::Status Check(const MessagePlan& plan, const Message& message, const std::string& path) {
  const Reflection* reflection = message.GetReflection();
  if (!reflection->GetUnknownFields(message).empty()) {
    return Leak(path.empty() ? message.GetTypeName() : path, "holds unknown fields");
  }
  std::vector<const FieldDescriptor*> set;
  reflection->ListFields(message, &set);
  if (!set.empty() && IsKeptBack(plan, message)) {
    return Leak(path.empty() ? message.GetTypeName() : path,
                absl::StrCat("is present, but the reader may not see ",
                             v1::Category_Name(OwnCategory(plan, message))));
  }
  for (const FieldDescriptor* field : set) {
    const std::string at = Join(path, *field);
    const FieldPlan* rule = plan.Find(*field);
    if (rule == nullptr) return Leak(at, "is an extension");
    if (!rule->visible) {
      return Leak(at, absl::StrCat("is present, but the reader may not see ",
                                   v1::Category_Name(rule->category)));
    }
    if (rule->nested == nullptr) {
      if (LeafHoldsUnknownFields(*field, message)) return Leak(at, "holds unknown fields");
      continue;
    }
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const Message& nested = field->is_repeated()
                                  ? reflection->GetRepeatedMessage(message, field, i)
                                  : reflection->GetMessage(message, field);
      if (absl::Status status = Check(*rule->nested, nested, at); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace

Projection Project(const Message& message, const Viewer& viewer) {
  Projection result;
  result.message.reset(message.New());
  Projector(result).Copy(PlanFor(*message.GetDescriptor(), viewer), message, *result.message, "");
  SortUnique(result.withheld);
  SortUnique(result.released);
  SortUnique(result.released_fields);
  return result;
}

std::vector<v1::Category> WithheldFrom(const google::protobuf::Descriptor& type,
                                       const Viewer& viewer) {
  std::vector<v1::Category> withheld;
  std::vector<const MessagePlan*> plans = {&PlanFor(type, viewer)};
  for (std::size_t next = 0; next < plans.size(); ++next) {
    if (plans[next]->names_category != nullptr) {
      for (int category = 1; category <= v1::Category_MAX; ++category) {
        if (v1::Category_IsValid(category) && !plans[next]->in_full[category]) {
          withheld.push_back(static_cast<v1::Category>(category));
        }
      }
    }
    for (const FieldPlan& rule : plans[next]->fields) {
      if (rule.nested == nullptr) {
        if (!rule.visible) withheld.push_back(rule.category);
      } else if (std::find(plans.begin(), plans.end(), rule.nested) == plans.end()) {
        plans.push_back(rule.nested);
      }
    }
  }
  SortUnique(withheld);
  return withheld;
}

bool IsKeptBack(const Message& message, const Viewer& viewer) {
  return IsKeptBack(PlanFor(*message.GetDescriptor(), viewer), message);
}

absl::Status AssertProjected(const Message& message, const Viewer& viewer) {
  return Check(PlanFor(*message.GetDescriptor(), viewer), message, "");
}

}  // namespace exitbus::policy
