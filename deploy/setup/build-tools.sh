#!/usr/bin/env bash
# What `cargo build` needs beside the Rust tool chain: a C compiler (SQLite, ring), pkg-config, and
# protoc with the well-known types (the gRPC client of LND). With `lint` also rustfmt and clippy.
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

lints() { cargo fmt --version && cargo clippy --version; } >/dev/null 2>&1
if [ "${1:-}" = lint ] && ! lints; then
  have rustup || fail "rustfmt and clippy are missing: install them beside your Rust tool chain"
  lock
  say "adding rustfmt and clippy"
  rustup component add rustfmt clippy >&2 9>&- || fail "rustup could not add rustfmt and clippy"
fi
