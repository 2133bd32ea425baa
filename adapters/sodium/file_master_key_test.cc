#include "adapters/sodium/file_master_key.h"

#include "adapters/memory/master_key_contract.h"
#include "adapters/sodium/sodium_crypto.h"

namespace exitbus::adapters {
namespace {

TwoMasterKeys MakeTwo() {
  static const auto* crypto = MakeSodiumCrypto().release();
  return {MakeFileMasterKey(crypto, exchange::SecretBytes(exchange::kKeyBytes, 'a')),
          MakeFileMasterKey(crypto, exchange::SecretBytes(exchange::kKeyBytes, 'b'))};
}

INSTANTIATE_TEST_SUITE_P(File, MasterKeyContract, testing::Values(&MakeTwo));

}  // namespace
}  // namespace exitbus::adapters
