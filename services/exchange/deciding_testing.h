// What a decider is given where a test calls it by itself: everybody's signature is his name, and
// nothing is looked up. For tests.
#pragma once

#include <google/protobuf/text_format.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/memory/memory_directory.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/aggregate.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"
#include "services/exchange/search.h"

namespace exitbus::exchange {

// Whom most of these tests are about: two municipalities, the police units of their districts, and
// the contact point.
inline const DirectoryEntry kIshoej{
    "municipality-0183", policy::v1::AUTHORITY_KIND_MUNICIPALITY, "", "0183", "", "", "1469"};
inline const DirectoryEntry kOdense{
    "municipality-0461", policy::v1::AUTHORITY_KIND_MUNICIPALITY, "", "0461", "", "", "1465"};
inline const DirectoryEntry kVestegnen{
    "police-1469", policy::v1::AUTHORITY_KIND_POLICE, "", "1469", "", "", "1469"};
inline const DirectoryEntry kFyn{
    "police-1465", policy::v1::AUTHORITY_KIND_POLICE, "", "1465", "", "", "1465"};
inline const DirectoryEntry kDesk{
    "contact-point", policy::v1::AUTHORITY_KIND_CONTACT_POINT, "", "national", "", "", ""};

// Trusts every name: who signed is what such a test is about, not how.
class NamedStatements : public Statements {
 public:
  explicit NamedStatements(std::string self) : self_(std::move(self)) {}
  std::string Sign(const v1::Statement& statement) const override {
    v1::SignedStatement outer;
    outer.set_statement(statement.SerializeAsString());
    outer.set_signer(self_);
    return outer.SerializeAsString();
  }
  std::optional<v1::Statement> Verified(std::string_view bytes,
                                        std::string_view signer) const override {
    v1::SignedStatement outer;
    v1::Statement statement;
    if (!outer.ParseFromString(std::string(bytes)) || outer.signer() != signer ||
        !statement.ParseFromString(outer.statement())) {
      return std::nullopt;
    }
    return statement;
  }
  std::string Digest(std::string_view data) const override { return std::string(data); }

 private:
  std::string self_;
};

class NoLookup : public Lookup {
 public:
  bool Exists(std::string_view) const override { return false; }
  bool ExistsBelow(std::string_view) const override { return false; }
  std::vector<std::string> NamesBelow(std::string_view) const override { return {}; }
  std::vector<std::string> NamesAfter(std::string_view, std::string_view,
                                      std::size_t) const override {
    return {};
  }
  std::shared_ptr<const google::protobuf::Message> StateOf(std::string_view,
                                                           std::string_view) const override {
    return nullptr;
  }
  std::optional<std::string> Attachment(std::string_view, std::string_view,
                                        std::string_view) const override {
    return std::nullopt;
  }
  std::string Sha256(std::string_view data) const override { return std::string(data); }
  std::string PersonKey(std::string_view cpr) const override { return std::string(cpr); }
  std::vector<std::string> NameKeys(std::string_view name) const override { return WordsOf(name); }
  Progress ProgressWith(std::string_view, policy::v1::Channel, std::string_view) const override {
    return {};
  }
  BooksMark MarkBooks() const override { return {}; }
  std::string FreshId() const override { return "fresh"; }
  bool IsSameName(std::string_view a, std::string_view b) const override { return a == b; }
};

// An authority among those its test lists, itself first.
class Deciding {
 public:
  explicit Deciding(const DirectoryEntry& self, std::initializer_list<DirectoryEntry> others = {})
      : statements_(self.id) {
    directory_.Put(self);
    for (const DirectoryEntry& other : others) directory_.Put(other);
    self_ = directory_.Find(self.id);
  }

  static absl::Time Now() {
    return absl::FromCivil(absl::CivilHour(2026, 3, 2, 9), absl::UTCTimeZone());
  }
  DecisionContext DecisionContextFor(Caller caller = {}) const {
    DecisionContext context;
    context.now = Now();
    context.self = self_.get();
    context.caller = std::move(caller);
    context.directory = &directory_;
    context.lookup = &lookup_;
    context.statements = &statements_;
    return context;
  }

 private:
  adapters::MemoryDirectory directory_;
  NamedStatements statements_;
  NoLookup lookup_;
  std::shared_ptr<const DirectoryEntry> self_;
};

// What comes of it, in a table's words: "refused RULE", "no effect NAME", "waits"; "" where
// something happens.
inline std::string OutcomeOf(const Decision& decision) {
  if (decision.parked()) return "waits";
  if (!decision.accepted()) return "refused " + decision.refusal()->reason;
  return decision.no_effect().empty() ? "" : "no effect " + decision.no_effect();
}

// What this authority is told by a message of this kind; null: nothing.
inline const google::protobuf::Message* Told(const Decision& decision, const std::string& to,
                                             const std::string& kind) {
  for (const auto& told : decision.notifications()) {
    if (told.to.authority == to && told.message->GetDescriptor()->name() == kind) {
      return told.message.get();
    }
  }
  return nullptr;
}

// A message in protobuf's text format.
template <class Message>
Message Of(const std::string& text) {
  Message message;
  if (!google::protobuf::TextFormat::ParseFromString(text, &message)) std::abort();
  return message;
}

}  // namespace exitbus::exchange
