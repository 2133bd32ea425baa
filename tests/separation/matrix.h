// What the API's matrix expects, cell by cell: written out here and taken from no code that it
// tests.
#pragma once

#include <string>

#include "tests/separation/cases.h"
#include "tests/separation/contract_walk.h"

namespace exitbus::story {

enum class Expected {
  kNotServed,       // by this kind of authority
  kWrongAuthority,  // the caller's system is another authority's
  kMayNot,          // the function has no right to the method
  kAbsent,          // it has, and not to this row: exactly as if there were none
  kAllowed,         // an answer, or a named rule about the row's state or the request
};

// A client system's certificate.
struct Caller {
  std::string authority;
  policy::v1::Function function =
      policy::v1::FUNCTION_UNSPECIFIED;  // unspecified: none that exists

  // Of the certificate: "municipality-0183.separation.mentor".
  std::string name() const;
};

// Services of a kind's own package are served by it, all others by those who hold cases.
bool Serves(policy::v1::AuthorityKind kind, const google::protobuf::MethodDescriptor& method);
// Whether there are such employees at such an authority.
bool Employs(policy::v1::AuthorityKind kind, policy::v1::Function function);
// The field of a request that names a row; null: it names none.
const google::protobuf::FieldDescriptor* RowNamedIn(const google::protobuf::Descriptor& request);
// Of a request that searches for a person: for all whom these tests have made up (Cases).
void SearchForAll(google::protobuf::Message& request);
// What comes of a request about a row that the caller may change, which names the row, an etag of
// another version where it has one, and nothing else.
struct Refused {
  absl::StatusCode code;
  std::string rule;  // empty: whichever the method has for what its request must say
};
Refused OfChange(const google::protobuf::Descriptor& request);
// Whether what comes of it is the same whether there is such a row or not: its request names one,
// and no version of it.
bool TellsNothingOfRow(const google::protobuf::MethodDescriptor& method);
// Whether the caller has a right to the row that this field names.
bool HasRow(const Relation& relation, policy::v1::Function function, const std::string& id_field);

// Every function at every authority, one that does not exist, and a system of another authority's;
// each with the authority that it calls.
std::vector<std::pair<Caller, const Member*>> Callers();
// Issues the certificates of all of them, once.
void IssueCallersCertificates();
adapters::GrpcClientOptions OptionsOf(const Caller& caller, const Member& at);

Expected Expect(const google::protobuf::MethodDescriptor& method, const Caller& caller,
                const Relation& relation);

}  // namespace exitbus::story
