// Statements signed with this authority's identity key and checked with the directory's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/exchange/decision_context.h"

namespace exitbus::exchange {

struct Environment;

class KeyedStatements : public Statements {
 public:
  explicit KeyedStatements(const Environment* environment) : environment_(environment) {}
  std::string Sign(const v1::Statement& statement) const override;
  std::optional<v1::Statement> Verified(std::string_view signed_statement,
                                        std::string_view signer) const override;
  std::string Digest(std::string_view data) const override;

 private:
  const Environment* environment_;
};

}  // namespace exitbus::exchange
