#!/usr/bin/env bash
# What `cargo build` needs beside the Rust tool chain: a C compiler (SQLite, ring), pkg-config, and
# protoc with the well-known types (the gRPC client of LND).
. "$(dirname "$0")/lib.sh"

have cargo || fail "cargo is missing: install the Rust tool chain first (see README)"

missing() {
  have cc || echo gcc libc6-dev
  have pkg-config || echo pkg-config
  find_program PROTOC protoc || echo protobuf-compiler libprotobuf-dev
}

# A wrong PROTOC ends the script here; inside $(…) it would only end the list.
find_program PROTOC protoc || true
# Package names, to be split.
# shellcheck disable=SC2046
if [ -n "$(missing)" ]; then
  lock
  apt_install $(missing)
fi
[ -z "$(missing)" ] || fail "still missing: $(missing | tr '\n' ' ')"
