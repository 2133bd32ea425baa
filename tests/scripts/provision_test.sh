#!/usr/bin/env bash
# exitbus-provision --follow goes on without a broker, and until it is told to end.
# usage: provision_test.sh FOLDER_OF_PROGRAMS
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
programs=${1:-$root/build/release/bin}
trap 'kill -KILL $(jobs -pr) 2>/dev/null; rm -rf "$work"' EXIT
pki=$work/pki
nobody=127.0.0.1:1

new_keys() { "$programs/exitctl" keys new --out "$work/$1.keys" | sed -n '/^  identity_key:/,$p'; }
signer=$(new_keys signer)
signer=$(sed -n 's/^ *identity_key: //p' <<<"$signer")
cat >"$work/entries" <<END
version: 1 expires { seconds: $(($(date +%s) + 3600)) } next_threshold: 1 next_signers: $signer
authorities { id: "nec" kind: AUTHORITY_KIND_NEC name: "NEC" code: "national"
$(new_keys nec)
}
END
signed() {
  "$root/tools/certificates" --dir "$pki" init && "$root/tools/certificates" --dir "$pki" issue-authority provisioner &&
    "$programs/exitctl" directory sign --entries "$work/entries" --signer-keys "$work/signer.keys" --out "$work/directory"
}
expect "a directory is signed" signed

hex=$(tr -d '"' <<<"$signer" | sed 's/\\x//g')
"$programs/exitbus-provision" --follow --directory "$work/directory" --signer "$hex" --broker "$nobody" \
  --ca "$pki/authorities-ca.crt" --certificate "$pki/provisioner.crt" --key "$pki/provisioner.key" \
  >"$work/out" 2>"$work/complaints" &
follower=$!

# Looks for a minute and a half at most: a request to a broker may itself take thirty seconds.
eventually() {
  for _ in {1..450}; do
    "$@" && return
    sleep 0.2
  done
  cat "$work/complaints"
  return 1
}
goes_on() { [[ $(ps -o stat= -p "$follower") == [^Z]* ]]; }
# A signal that is not ignored has ended it by the time that another one could.
survives() { kill "-$1" "$follower" && sleep 0.5 && goes_on; }
ended_by() {
  kill "-$1" "$follower"
  wait "$follower"
  same "$?" $((128 + $(kill -l "$1")))
}

expect "it says that there is no broker" eventually test -s "$work/complaints"
for signal in HUP USR1 USR2 PIPE; do
  expect "SIG$signal does not end it" survives "$signal"
done
expect "SIGTERM does" ended_by TERM
finish
