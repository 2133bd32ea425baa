// What of a message may stand in a log: the operator's view of it, and less.
#pragma once

#include <string>

namespace google::protobuf {
class Message;
}

namespace exitbus::policy {

// One line: the kind, the codes and numbers an operator may read, and the categories left out.
// Never text, ids or times, whatever their category: a name is a person's, an authority's name a
// counterpart's, and an id or an instant would join two authorities' logs. E.g.
//
//   DossierPart {} withheld: case id, legal basis
std::string ForLog(const google::protobuf::Message& message);

}  // namespace exitbus::policy
