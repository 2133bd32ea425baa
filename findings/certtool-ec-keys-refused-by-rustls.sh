#!/usr/bin/env bash
# certtool writes an EC key whose number has its top bit set with a zero before it, as if it were an ASN.1
# INTEGER: 33 octets, where RFC 5915 says 32 for P-256. OpenSSL reads it, rustls does not. It is every
# other key. Some 40 seconds: it compiles rustls. Needs certtool (gnutls-bin).
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
finding "$(certtool --version | head -n 1), rustls 0.23.46 with ring" \
  'of EC keys that certtool makes rustls loads those of 32 octets, and none of 33'
mkdir -p "$work/load/src" "$work/keys"
cat >"$work/load/Cargo.toml" <<'END'
[package]
name = "load"
version = "0.0.0"
edition = "2021"
[dependencies]
rustls = { version = "=0.23.46", default-features = false, features = ["ring", "std"] }
END
cat >"$work/load/src/main.rs" <<'END'
use rustls::pki_types::{pem::PemObject, PrivateKeyDer};

fn main() {
    for file in std::env::args().skip(1) {
        let key = PrivateKeyDer::from_pem_file(&file).unwrap();
        let loaded = rustls::crypto::ring::default_provider().key_provider.load_private_key(key);
        println!("{} {}", file, if loaded.is_ok() { "loaded" } else { "refused" });
    }
}
END
(cd "$work/load" && quietly cargo build --quiet --jobs 1)
for number in {1..40}; do
  quietly certtool --generate-privkey --key-type=ecdsa --curve=secp256r1 --outfile "$work/said.pem"
  sed -n '/^-----BEGIN/,/^-----END/p' "$work/said.pem" >"$work/key.pem"
  quietly openssl ec -in "$work/key.pem" -noout  # reads them all
  octets=$(openssl asn1parse -in "$work/key.pem" | sed -n 's/.*l= *\([0-9]*\) prim: OCTET STRING.*/\1/p')
  mv "$work/key.pem" "$work/keys/$octets.$number.pem"
done
seen=$("$work/load/target/debug/load" "$work"/keys/* | sed 's:.*/\([0-9]*\)[.].* :\1 octets :' | sort | uniq -c)
holds "$(tr -s ' \n' ' ' <<<"$seen")" '^ [0-9]+ 32 octets loaded [0-9]+ 33 octets refused $'
