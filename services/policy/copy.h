// Copying from message to message by reflection.
#pragma once

namespace google::protobuf {
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace exitbus::policy {

// Copies a set leaf, all of its elements if it is repeated. Unknown fields inside a well-known type
// are left behind. Both messages are of the field's type.
void CopyLeaf(const google::protobuf::FieldDescriptor& field, const google::protobuf::Message& from,
              google::protobuf::Message& to);

// Copies what is set of each field that `to` has too, by the same name and of the same type: what a
// resource shows of its state, or a state takes from what happened. Never what is told to others.
void CopyAlike(const google::protobuf::Message& from, google::protobuf::Message& to);

// Whether a leaf that is a message (a well-known type) carries fields its type does not have.
bool LeafHoldsUnknownFields(const google::protobuf::FieldDescriptor& field,
                            const google::protobuf::Message& message);

}  // namespace exitbus::policy
