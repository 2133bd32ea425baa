// Who may do what at the broker, as it follows from who sends what to whom in
// tests/tables/flows.table, and from nothing that is generated: what the access list is held to.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "services/policy/topics.h"
#include "tests/separation/access_rules.h"

namespace exitbus::story {

class AccessTable {
 public:
  explicit AccessTable(const policy::DirectoryEntries& authorities);

  // Those that somebody writes to.
  std::vector<std::string> topics() const;
  // Whether the bearer of this certificate may. An authority reads its own topics and group, writes
  // where the table lets it send something or a receipt leads back, and looks at (describes) what
  // it reads or writes. Nobody else but the provisioner may do anything, and it everything.
  bool Allows(const std::string& certificate, policy::ResourceType type, const std::string& name,
              Act act) const;

 private:
  using Entry = std::shared_ptr<const exchange::DirectoryEntry>;
  struct Topic {
    Entry reader;
    policy::v1::Channel channel;
  };

  bool AllowsTopic(const exchange::DirectoryEntry& who, const Topic& topic, Act act) const;

  // Who writes to whom for which channel, by kind.
  std::set<std::tuple<policy::v1::AuthorityKind, policy::v1::Channel, policy::v1::AuthorityKind>>
      writes_;
  std::map<std::string, Entry> authorities_;  // by id
  std::map<std::string, Topic> topics_;
};

}  // namespace exitbus::story
