#include "services/exchange/statements.h"

#include "exitbus/exchange/v1/statement.pb.h"
#include "services/exchange/environment.h"
#include "services/exchange/framed.h"
#include "services/exchange/ports/directory.h"
#include "services/policy/values.h"

namespace exitbus::exchange {
namespace {

// So that a signed statement can never be taken for a signed record, or the other way round.
std::string Signed(const std::string& statement) {
  return Framed("exitbus.statement.v1", {statement});
}

}  // namespace

std::string KeyedStatements::Sign(const v1::Statement& statement) const {
  v1::SignedStatement result;
  result.set_statement(statement.SerializeAsString());
  result.set_signer(environment_->self);
  result.set_signature(
      environment_->crypto->Sign(environment_->secrets.identity_key, Signed(result.statement())));
  return result.SerializeAsString();
}

std::optional<v1::Statement> KeyedStatements::Verified(std::string_view signed_statement,
                                                       std::string_view signer) const {
  v1::SignedStatement outer;
  v1::Statement statement;
  const auto entry = environment_->directory->Find(signer);
  if (!entry || !outer.ParseFromString(std::string(signed_statement)) || outer.signer() != signer ||
      !environment_->crypto->Verify(entry->identity_key, Signed(outer.statement()),
                                    outer.signature()) ||
      !statement.ParseFromString(outer.statement()) || policy::FaultIn(statement)) {
    return std::nullopt;
  }
  return statement;
}

std::string KeyedStatements::Digest(std::string_view data) const {
  return environment_->crypto->Digest(data);
}

}  // namespace exitbus::exchange
