#!/bin/sh
# Makes src/main.rs ready to run in this folder, with the contracts in proto/: target/release/client
set -eu
cargo build --release --locked --quiet
