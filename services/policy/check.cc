#include "services/policy/check.h"

#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/descriptor.h"
#include "services/policy/check_fields.h"
#include "services/policy/check_numbers.h"
#include "services/policy/check_values.h"
#include "services/policy/flows.h"
#include "services/policy/readers.h"

namespace exitbus::policy {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using Mistakes = std::vector<std::string>;
using Messages = std::vector<const Descriptor*>;

std::string Where(const Descriptor& message) {
  return absl::StrCat("proto/", message.file()->name(), ": message ", message.full_name(), " ");
}

void Collect(const Descriptor& message, Messages& all) {
  all.push_back(&message);
  for (int i = 0; i < message.nested_type_count(); ++i) Collect(*message.nested_type(i), all);
}

Messages MessagesIn(const ContractFiles& files) {
  Messages all;
  for (const FileDescriptor* file : files) {
    for (int i = 0; i < file->message_type_count(); ++i) Collect(*file->message_type(i), all);
  }
  return all;
}

// What is missing for the row to say anything; empty if it is complete.
std::string Incomplete(const v1::Flow& flow) {
  std::vector<std::string> missing;
  if (flow.from().empty()) missing.push_back("from: RELATION_…");
  if (flow.to().empty()) missing.push_back("to: RELATION_…");
  if (flow.level() == v1::LEVEL_UNSPECIFIED) missing.push_back("level: LEVEL_…");
  if (flow.channel() == v1::CHANNEL_UNSPECIFIED) missing.push_back("channel: CHANNEL_…");
  return absl::StrJoin(missing, ", ");
}

// A kind the row names at one end that can be nothing of what it names there, e.g. NEC as a
// receiver.
void CheckKinds(const std::string& where, const google::protobuf::RepeatedField<int>& relations,
                const google::protobuf::RepeatedField<int>& named, Mistakes& mistakes) {
  for (const int kind : named) {
    const bool possible = absl::c_any_of(relations, [&](int relation) {
      return absl::c_linear_search(KindsIn(static_cast<v1::Relation>(relation)), kind);
    });
    if (possible) continue;
    const auto name = [](std::string* all, int relation) {
      absl::StrAppend(all, v1::Relation_Name(relation));
    };
    mistakes.push_back(absl::StrCat(where, "has a flow with ", v1::AuthorityKind_Name(kind), " as ",
                                    absl::StrJoin(relations, " or ", name),
                                    ", which it cannot be: remove that kind"));
  }
}

void CheckFlows(const Descriptor& message, Mistakes& mistakes) {
  const std::string where = Where(message);
  std::set<Route> routes;
  for (const v1::Flow& flow : FlowsOf(message)) {
    if (std::string missing = Incomplete(flow); !missing.empty()) {
      mistakes.push_back(absl::StrCat(where, "has an incomplete flow: add ", missing));
      continue;
    }
    if (flow.channel() == v1::CHANNEL_RECEIPT) {
      mistakes.push_back(absl::StrCat(
          where, "has a flow over CHANNEL_RECEIPT: receipts are the engine's, choose another"));
    }
    CheckKinds(where, flow.from(), flow.from_kinds(), mistakes);
    CheckKinds(where, flow.to(), flow.to_kinds(), mistakes);
    for (const Route& route : RoutesOf(flow)) {
      if (routes.insert(route).second) continue;
      mistakes.push_back(absl::StrCat(
          where, "has two flows from ", v1::Relation_Name(route.from), " (",
          std::string(KindName(route.from_kind)), ") to ", v1::Relation_Name(route.to), " (",
          std::string(KindName(route.to_kind)), "): leave one, or name different kinds"));
    }
  }
}

// The kinds in the oneof of the body, by full name.
std::set<std::string> KindsOf(const Descriptor& body) {
  std::set<std::string> kinds;
  for (int i = 0; i < body.real_oneof_decl_count(); ++i) {
    const auto* oneof = body.oneof_decl(i);
    for (int j = 0; j < oneof->field_count(); ++j) {
      if (const Descriptor* type = oneof->field(j)->message_type()) kinds.insert(type->full_name());
    }
  }
  return kinds;
}

void CheckBus(const Messages& messages, std::string_view body_name, FieldCheck& fields,
              Mistakes& mistakes) {
  auto body = std::find_if(messages.begin(), messages.end(), [&](const Descriptor* message) {
    return message->full_name() == std::string(body_name);
  });
  std::set<std::string> kinds;
  if (body == messages.end()) {
    mistakes.push_back(absl::StrCat("no message ", std::string(body_name),
                                    ": every kind on the bus stands in its oneof"));
  } else {
    kinds = KindsOf(**body);
    fields.Walk(**body);
  }
  for (const Descriptor* message : messages) {
    const bool has_flow = !FlowsOf(*message).empty();
    const bool is_kind = kinds.count(message->full_name()) > 0;
    if (is_kind && !has_flow) {
      mistakes.push_back(absl::StrCat(
          Where(*message), "is a kind of ", std::string(body_name),
          " but has no flow, so it could go nowhere: add option (exitbus.policy.v1.flow) = {from: "
          "… to: … level: … channel: …} for each cell of its row in the notification matrix"));
    }
    if (!has_flow) continue;
    if (!is_kind && body != messages.end()) {
      mistakes.push_back(absl::StrCat(Where(*message), "has a flow but is no kind of ",
                                      std::string(body_name), ": add it to the oneof there"));
    }
    CheckFlows(*message, mistakes);
    fields.Walk(*message);
  }
}

void CheckMethod(const MethodDescriptor& method, FieldCheck& fields, Mistakes& mistakes) {
  const v1::MethodPolicy& policy = method.options().GetExtension(v1::method);
  const std::string where =
      absl::StrCat("proto/", method.file()->name(), ": method ", method.full_name(), " ");
  if (policy.callers().empty()) {
    mistakes.push_back(absl::StrCat(where,
                                    "names no callers, so nobody could call it: add option "
                                    "(exitbus.policy.v1.method) = {callers: FUNCTION_… "
                                    "access: ACCESS_…}"));
  }
  if (policy.access() == v1::ACCESS_UNSPECIFIED) {
    mistakes.push_back(absl::StrCat(
        where,
        "does not say whether it reads or writes: add access: ACCESS_READ or ACCESS_WRITE "
        "to its (exitbus.policy.v1.method)"));
  }
  fields.Walk(*method.output_type());
}

void CheckServices(const ContractFiles& files, FieldCheck& fields, Mistakes& mistakes) {
  for (const FileDescriptor* file : files) {
    for (int i = 0; i < file->service_count(); ++i) {
      const ServiceDescriptor& service = *file->service(i);
      for (int j = 0; j < service.method_count(); ++j) {
        CheckMethod(*service.method(j), fields, mistakes);
      }
    }
  }
}

void CheckGrants(Mistakes& mistakes) {
  const auto* categories = v1::Category_descriptor();
  for (int i = 0; i < categories->value_count(); ++i) {
    const auto* value = categories->value(i);
    if (value->number() == v1::CATEGORY_UNSPECIFIED) continue;
    const std::string where =
        absl::StrCat("proto/", categories->file()->name(), ": ", value->name(), " ");
    const auto& grants = value->options().GetRepeatedExtension(v1::grant);
    if (grants.empty()) {
      mistakes.push_back(absl::StrCat(where,
                                      "has no reader: add (grant) = {reader: READER_… "
                                      "detail: DETAIL_…}, or remove the category"));
    }
    for (const v1::Grant& grant : grants) {
      if (grant.reader() == v1::READER_UNSPECIFIED || grant.detail() == v1::DETAIL_UNSPECIFIED) {
        mistakes.push_back(absl::StrCat(where, "has a grant without reader or detail: add them"));
      }
      if (grant.reader() == v1::READER_NEC_GANG_LIST) {
        mistakes.push_back(absl::StrCat(
            where, "is granted to the gang list, which must learn nothing of exit: remove it"));
      }
    }
  }
}

}  // namespace

Mistakes CheckPolicy(const ContractFiles& files, std::string_view body) {
  Mistakes mistakes;
  FieldCheck fields(mistakes);
  CheckGrants(mistakes);
  CheckBus(MessagesIn(files), body, fields, mistakes);
  CheckServices(files, fields, mistakes);
  CheckNumbers(files, mistakes);
  CheckValues(files, mistakes);
  return mistakes;
}

}  // namespace exitbus::policy
