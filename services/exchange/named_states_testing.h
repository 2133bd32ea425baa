// A lookup of states by all that they are called, as an aggregate's `keys` say. For tests.
#pragma once

#include <google/protobuf/message.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/exchange/deciding_testing.h"
#include "services/exchange/keys.h"

namespace exitbus::exchange {

class NamedStates : public NoLookup {
 public:
  explicit NamedStates(Aggregate aggregate) : aggregate_(std::move(aggregate)) {}

  void Put(std::shared_ptr<const google::protobuf::Message> state) {
    for (const std::string& key : aggregate_.keys(*state, *this)) named_[key] = state;
  }
  std::vector<std::string> NamesAfter(std::string_view prefix, std::string_view after,
                                      std::size_t limit) const override {
    std::vector<std::string> names;
    for (const auto& [key, state] : named_) {
      const std::string row = IndexKey{aggregate_.name, key}.Encode();
      if (!row.starts_with(prefix) || row.substr(prefix.size()) <= after) continue;
      if (names.size() < limit) names.push_back(row.substr(prefix.size()));
    }
    return names;
  }
  std::shared_ptr<const google::protobuf::Message> StateOf(std::string_view,
                                                           std::string_view key) const override {
    const auto found = named_.find(std::string(key));
    return found == named_.end() ? nullptr : found->second;
  }

 private:
  const Aggregate aggregate_;
  std::map<std::string, std::shared_ptr<const google::protobuf::Message>> named_;
};

}  // namespace exitbus::exchange
