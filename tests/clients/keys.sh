#!/usr/bin/env bash
# tests/clients/keys.sh: a client's certificate with its key in another form, as DIR/FORM.crt and DIR/FORM.key
#
# usage: tests/clients/keys.sh FORM DIR NAME
#
# FORM is one of
#   pkcs8     as tools/certificates writes it
#   sec1      "BEGIN EC PRIVATE KEY", as older tools write it
#   certtool  a key made by GnuTLS' certtool that it writes with 33 octets, as it does every other one; in PKCS#8
#
# DIR is a folder of tools/certificates that has a certificate for NAME.

source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../tools/lib.sh"
answer_help "$@"
(($# == 3)) || die "say FORM DIR NAME; see tests/clients/keys.sh --help"
form=$1 name=$3
cd "$2"

# is_long FILE: a zero stands before the 32 octets of the number.
is_long() { openssl asn1parse -in "$1" -strparse 27 | grep -q 'l=  33 prim: OCTET STRING'; }

certtool_key() {
  local tries
  for tries in {1..64}; do
    certtool --generate-privkey --key-type=ecdsa --curve=secp256r1 --pkcs8 --password= --outfile "$form.said"
    sed -n '/^-----BEGIN/,/^-----END/p' "$form.said" >"$form.key"
    is_long "$form.key" && return
  done
  die "certtool made $tries keys and none of 33 octets"
}

case $form in
  pkcs8) cp "$name.key" "$form.key" ;;
  sec1) openssl ec -in "$name.key" -out "$form.key" ;;
  certtool) certtool_key ;;
  *) die "no form $form; see tests/clients/keys.sh --help" ;;
esac
openssl req -new -key "$form.key" -subj "/CN=$name" |
  openssl x509 -req -CA clients-ca.crt -CAkey clients-ca.key -CAcreateserial -days 2 \
    -extfile <(printf 'extendedKeyUsage=clientAuth\nbasicConstraints=critical,CA:FALSE\n') -out "$form.crt"
