#!/usr/bin/env bash
# Whom the broker lets in, and what a crash and a lost disk leave behind.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
state=$work/state
pki=$state/pki
broker() { "$root/tools/broker" --state "$state" "$@"; }
trap 'broker kill >/dev/null 2>&1; rm -rf "$work"' EXIT
certificates() { "$root/tools/certificates" --dir "$pki" "$@"; }
address() { cat "$state/broker/address"; }
cluster() { cat "$state/broker/cluster-id"; }

# as NAME ARGUMENT...: kcat with that certificate.
as() {
  local name=$1
  shift
  timeout 20 kcat -b "$(address)" -m 2 -X security.protocol=ssl -X ssl.ca.location="$pki/authorities-ca.crt" \
    -X ssl.certificate.location="$pki/$name.crt" -X ssl.key.location="$pki/$name.key" "$@"
}
without_certificate() {
  timeout 20 kcat -b "$(address)" -m 2 -X security.protocol=ssl \
    -X ssl.ca.location="$pki/authorities-ca.crt" -L
}
plaintext() { timeout 20 kcat -b "$(address)" -m 2 -L; }
produce_as() { echo hello | as "$1" -P -t exitbus.v1.case.nec.nec -X message.timeout.ms=8000 -X topic.metadata.propagation.max.ms=500; }
# Reads on after the handshake: with TLS 1.3 the refusal comes after it.
controller_as() {
  local port
  read -r _ port <"$state/broker/ports"
  sleep 2 | timeout 10 openssl s_client -connect "127.0.0.2:$port" -CAfile "$pki/authorities-ca.crt" "$@" 2>&1
  return 1
}

expect_refusal "status of none" "not running" broker status
expect "stopping none is fine" broker stop
expect_refusal "a port that is no port" "not a port" broker --port http start
expect "starts" broker start
[[ -s $state/broker/address ]] || { finish; exit 1; }
first_cluster=$(cluster) first_address=$(address)
expect "starting again does nothing" broker start
expect "status" broker status
has_quota() { broker quotas | grep -q 'producer_byte_rate=4194304'; }
expect "each principal has a quota once it is set" has_quota

certificates issue-authority nec
certificates issue-client nec.overview.system
certificates --as expired --expired issue-authority provisioner
certificates --as foreign --foreign-ca issue-authority provisioner
certificates --as self --self-signed issue-authority provisioner
tls_refused='SSL handshake failed|alert|[Dd]isconnected|transport failure'
expect "the provisioner is let in" as provisioner -L
expect "an authority is let in" as nec -L
expect_refusal "nobody without TLS" "$tls_refused" plaintext
expect_refusal "nobody without a certificate" "$tls_refused" without_certificate
expect_refusal "no client system" "$tls_refused" as nec.overview.system -L
expect_refusal "no expired certificate" "$tls_refused" as expired -L
expect_refusal "no foreign CA's" "$tls_refused" as foreign -L
expect_refusal "no self-signed one" "$tls_refused" as self -L
expect_refusal "the controller's listener wants one too" "alert (bad certificate|certificate required)" controller_as
expect_refusal "no ACL means no" "authorization failed" produce_as nec
expect_refusal "no topic comes of being used" "Unknown topic or partition" produce_as provisioner

expect "a crash" broker kill
expect_refusal "is seen" "not running" broker status
sleep 1000 &
bystander=$!
echo "$bystander" >"$state/broker/pid"
expect "a process that got its pid" broker stop
expect "is left alone" kill -0 "$bystander"
kill "$bystander"
expect "starts after a crash" broker start
expect "with the same data" same "$(cluster)" "$first_cluster"
expect "at the same address" same "$(address)" "$first_address"
expect_refusal "a port in use is named" "port ${first_address##*:} is taken" \
  "$root/tools/broker" --state "$work/other" --port "${first_address##*:}" start

expect "a lost disk, while running" broker wipe
expect "starts with an empty one" broker start
expect "as another cluster" differ "$(cluster)" "$first_cluster"
expect "which its data say too" grep -qx "cluster.id=$(cluster)" "$state/broker/data/meta.properties"
expect "at the same address" same "$(address)" "$first_address"
expect "the provisioner is let in again" as provisioner -L
expect "stops" broker stop

openssl rand -out "$pki/broker.pem" 100
rm -f "$pki/authorities-ca.key"
expect_refusal "a broken certificate: says that it did not start" "did not start" broker start
finish
