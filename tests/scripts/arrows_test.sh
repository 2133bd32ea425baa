#!/usr/bin/env bash
# tools/check-arrows finds each kind of wrong arrow, and only those.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
tree=$work/tree

# arrow FILE LINE: the check of a tree with that one line in that one file.
arrow() {
  rm -rf "$tree"
  mkdir -p "$tree/$(dirname "$1")"
  printf '%s\n' "$2" >"$tree/$1"
  "$root/tools/check-arrows" "$tree"
}
good() { expect "may: $1  $2" arrow "$1" "$2"; }
bad() { expect_refusal "may not: $1  $2" "^$1:1: $3" arrow "$1" "$2"; }

bad services/nec/rules.cc '#include <grpcpp/grpcpp.h>' 'services/ may not include grpcpp'
bad services/exchange/engine.h '#include <librdkafka/rdkafka.h>' 'services/ may not include librdkafka'
bad services/exchange/engine.cc '#include "sqlite3.h"' 'services/ may not include sqlite3'
bad services/exchange/engine.cc '#include <sodium.h>' 'services/ may not include sodium'
bad services/nec/rules.cc '#  include <spdlog/spdlog.h>' 'services/ may not include spdlog'
bad services/nec/table.h '#include "exitbus/nec/v1/nec.grpc.pb.h"' 'services/ knows messages only'
bad services/nec/rules.cc '#include "adapters/memory/memory_store.h"' 'services/ may not include adapters'
bad services/nec/rules_test.cc '#include "adapters/kafka/kafka_bus.h"' 'services/ may not include adapters'
bad services/exchange/sealing.cc '#include "adapters/sodium/sodium_crypto.h"' 'services/ may not include adapters'
bad services/nec/rules.cc '#include "services/municipality/rules.h"' 'services/nec may not know'
bad services/exchange/engine.cc '#include "services/nec/rules.h"' 'services/exchange may not know'
bad services/policy/plan.cc '#include "services/exchange/table.h"' 'services/policy may include'
bad services/nec/rules.cc '#include <mutex>' 'a rule sees no thread'
bad services/exchange/engine.cc '#include <fstream>' 'services/ sees no clock'
bad services/exchange/engine.cc '  auto now = absl::Now();' 'services/ takes time'
bad adapters/kafka/bus.cc '#include "services/nec/rules.h"' 'adapters/ decide nothing'
bad adapters/kafka/bus.cc '#include "adapters/sqlite/store.h"' 'adapters/kafka may not include'
good services/nec/main.cc '#include "adapters/kafka/kafka_bus.h"'
good services/nec/main.cc '#include <grpcpp/grpcpp.h>'
good services/nec/rules.cc '#include "services/exchange/table.h"'
good services/municipality/rules.cc '#include "services/casework/handover.h"'
good services/exchange/engine.cc '#include "services/policy/access.h"'
good services/policy/plan.cc '#include "services/exchange/ports/directory.h"'
good services/exchange/engine.cc '#include <mutex>'
good services/policy/plan_cache.cc '#include <mutex>'
good services/nec/rules_test.cc '#include "adapters/memory/memory_store.h"'
good services/exchange/sealing_test.cc '#include "adapters/sodium/sodium_crypto.h"'
good services/nec/rules.cc '// absl::Now() would be wrong here'
good adapters/kafka/bus.cc '#include <librdkafka/rdkafka.h>'
good adapters/kafka/bus.cc '#include "services/exchange/ports/bus.h"'
good adapters/kafka/bus.cc '#include "adapters/system/clock.h"'
good adapters/web/web_server.cc '#include "adapters/api/admission.h"'
bad adapters/web/web_server.cc '#include "adapters/grpc/errors.h"' 'adapters/web may not include'
good adapters/process/process.cc '#include "adapters/kafka/bus.h"'
bad adapters/process/process.cc '#include "services/nec/rules.h"' 'adapters/ decide nothing'
bad adapters/processing/process.cc '#include "adapters/kafka/bus.h"' 'adapters/processing may not include'
expect_refusal "an empty tree proves nothing" "has a .h or .cc" "$root/tools/check-arrows" "$work"
expect "this checkout" "$root/tools/check-arrows"
finish
