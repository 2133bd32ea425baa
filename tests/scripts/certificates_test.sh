#!/usr/bin/env bash
# What tools/certificates makes, keeps, renews and refuses.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
trap 'rm -rf "$work"' EXIT
pki=$work/pki
certificates() { "$root/tools/certificates" --dir "$pki" "$@"; }
verify() { openssl verify -CAfile "$pki/$1-ca.crt" -purpose "$2" "$pki/$3.crt"; }
subject() { openssl x509 -in "$pki/$1.crt" -noout -subject -nameopt RFC2253; }
mode() { stat -c %a "$1"; }
issue_abc() { certificates issue-authority a b c; }

expect_refusal "without a CA it says what to do first" "init" certificates issue-authority nec
expect "makes the two CAs" certificates init
expect "issues to authorities" certificates issue-authority broker municipality-0183
expect "issues to a client system" certificates issue-client municipality-0183.casesystem.exit_coordinator
client=municipality-0183.casesystem.exit_coordinator

expect "an authority serves" verify authorities sslserver municipality-0183
expect "an authority connects" verify authorities sslclient municipality-0183
expect "a client system connects" verify clients sslclient $client
expect_refusal "a client system does not serve" "purpose" verify clients sslserver $client
expect_refusal "the authorities' CA does not know a client system" "issuer" verify authorities sslclient $client
expect "the subject is the name and nothing else" same "$(subject municipality-0183)" "subject=CN=municipality-0183"
expect "it may be called localhost" openssl verify -CAfile "$pki/authorities-ca.crt" \
  -verify_hostname localhost "$pki/municipality-0183.crt"
expect "it may be called 127.0.0.1" openssl verify -CAfile "$pki/authorities-ca.crt" \
  -verify_ip 127.0.0.1 "$pki/municipality-0183.crt"
expect "the broker may be called 127.0.0.2" openssl verify -CAfile "$pki/authorities-ca.crt" \
  -verify_ip 127.0.0.2 "$pki/broker.crt"
expect_refusal "and nobody else" "IP address mismatch" openssl verify -CAfile "$pki/authorities-ca.crt" \
  -verify_ip 127.0.0.2 "$pki/municipality-0183.crt"
expect "the key is its owner's alone" same "$(mode "$pki/broker.key")" 600
expect "so is the file that has both" same "$(mode "$pki/broker.pem")" 600
expect "the key is PKCS#8" grep -q 'BEGIN PRIVATE KEY' "$pki/broker.key"

before=$(sha256sum "$pki"/*.*)
certificates init && certificates issue-authority broker municipality-0183 && certificates issue-client $client
expect "a second run changes nothing" same "$(sha256sum "$pki"/*.*)" "$before"

rm "$pki/broker.crt"
expect "what an interrupted run left half is made whole" certificates issue-authority broker
expect "and good" verify authorities sslserver broker
expect "a short-lived one" certificates --days 3 issue-authority nec
before=$(sha256sum "$pki/nec.crt")
certificates issue-authority nec
expect "near its end it is renewed" differ "$(sha256sum "$pki/nec.crt")" "$before"

certificates --as expired --expired issue-authority nec
certificates --as early --not-yet-valid issue-authority nec
certificates --as foreign --foreign-ca issue-authority nec
certificates --as self --self-signed issue-authority nec
certificates --as serves --server-only issue-authority nec
certificates --as connects --client-only issue-authority nec
expect_refusal "an expired one" "has expired" verify authorities sslclient expired
expect_refusal "one not yet valid" "not yet valid" verify authorities sslclient early
expect_refusal "one of a foreign CA with the right name" "issuer|signature" verify authorities sslclient foreign
expect_refusal "a self-signed one" "self-signed" verify authorities sslclient self
expect "one that only serves, serves" verify authorities sslserver serves
expect_refusal "and does not connect" "purpose" verify authorities sslclient serves
expect "one that only connects, connects" verify authorities sslclient connects
expect_refusal "and does not serve" "purpose" verify authorities sslserver connects
expect_refusal "a bad one never replaces a good one" "--as" certificates --expired issue-authority nec
expect_refusal "a name that is no name" "begins with a letter" certificates issue-authority 'x,O=evil'

pki=$work/at-once
at_once() {
  local pids=() pid
  for _ in 1 2 3 4; do
    (certificates init && issue_abc) &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || return 1; done
}
expect "four runs at once" at_once
expect "agree" openssl verify -CAfile "$pki/authorities-ca.crt" "$pki/a.crt" "$pki/b.crt" "$pki/c.crt"
expect "and leave no scratch behind" same "$(find "$pki" -name '.issuing*')" ""
finish
