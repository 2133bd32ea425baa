// Every single mistake one could make in the policy's options.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace google::protobuf {
class FileDescriptor;
class FileDescriptorProto;
}  // namespace google::protobuf

namespace exitbus::tables {

struct Mutant {
  std::string what;  // in words, for when it is missed
  std::string file;  // the contract it changes
  std::function<void(google::protobuf::FileDescriptorProto&)> change;
  // What the tables say against it, in the changed file; nothing: it was missed.
  std::function<std::string(const google::protobuf::FileDescriptor&)> difference;
};

// Each grant of a category left out, with more or less detail, with a condition more or less; each
// cell without one granted; each admission of a level likewise.
std::vector<Mutant> CategoryMutants();
// Each row of a message left out, at another level, over another channel, with a condition more or
// less, from or to fewer; and a row between any two parties that have none.
std::vector<Mutant> FlowMutants();
// Each field in each other category, with another detail, and without any.
std::vector<Mutant> FieldMutants();
// Each function allowed or refused, access and purpose the other way round.
std::vector<Mutant> MethodMutants();

}  // namespace exitbus::tables
