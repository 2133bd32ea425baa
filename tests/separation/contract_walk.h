// The contracts as these tests walk them: by descriptor, so that a method, message or field that
// comes later is covered without a change here. Thread-safe.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "exitbus/policy/v1/policy.pb.h"

namespace exitbus::story {

// What a field gives away, as the contract labels it.
struct Label {
  policy::v1::Category category = policy::v1::CATEGORY_UNSPECIFIED;
  policy::v1::Detail detail = policy::v1::DETAIL_FULL;
};

// Every method of every service, in order of file. Of the embedded contracts, whatever is linked.
std::vector<const google::protobuf::MethodDescriptor*> AllMethods();

const policy::v1::MethodPolicy& PolicyOf(const google::protobuf::MethodDescriptor& method);
inline bool Writes(const google::protobuf::MethodDescriptor& method) {
  return PolicyOf(method).access() == policy::v1::ACCESS_WRITE;
}
inline bool IsWatch(const google::protobuf::MethodDescriptor& method) {
  return method.server_streaming();
}

// An empty message of a type of the contracts.
std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor& type);

// Each leaf that is set, with its path ("person.name"); each element of a repeated one.
using EachLeaf = std::function<void(const google::protobuf::FieldDescriptor& field,
                                    const std::string& path, const std::string& value)>;
void ForEachLeaf(const google::protobuf::Message& message, const EachLeaf& each);

// The label a field bears. A request's own field bears none: then that of the field of the same
// name and type that answers or messages of its package have, or those of all, unless they
// disagree. CATEGORY_UNSPECIFIED: nobody's.
Label LabelOf(const google::protobuf::FieldDescriptor& field);

// Whether what a caller writes there is its own words: not an id, a token or an authority's name.
bool TakesFreeText(const google::protobuf::FieldDescriptor& field);

}  // namespace exitbus::story
