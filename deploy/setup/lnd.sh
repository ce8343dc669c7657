#!/usr/bin/env bash
# LND and lncli, built from the Go module in deploy/lnd. Prints the path of lnd, then of lncli.
# LND and LNCLI, or the ones on PATH, are taken before any is built.
#
# Debian's stable releases have an old Go: where it does not serve, sid's is unpacked beside the system.
. "$(dirname "$0")/lib.sh"

if find_program LND lnd; then
  lnd=$found
  if find_program LNCLI lncli; then
    printf '%s\n' "$lnd" "$found"
    exit
  fi
  fail "there is lnd ($lnd) but no lncli: set LNCLI"
fi

module=$repo/deploy/lnd
package=github.com/lightningnetwork/lnd
tags="signrpc walletrpc chainrpc invoicesrpc routerrpc peersrpc kvdb_sqlite"
lnd_version=$(awk -v p="$package" '$1 == p { print $2 } $2 == p { print $3 }' "$module/go.mod" | head -n 1)
# Other dependencies or other tags are another build, though the version is the same.
build=$(cat "$module/go.mod" "$module/go.sum" - <<<"$tags" | cksum | cut -d ' ' -f 1)
home=$cache/lnd-${lnd_version#v}-$build

# Go itself says whether it can build this module (and fetches a newer tool chain where that is allowed).
go_serves() { have go && (cd "$module" && go list -m) >/dev/null 2>&1; }

# Puts the newest Go that was fetched before PATH.
use_fetched_go() {
  local go
  go=$(compgen -G "$cache/go-*/usr/lib/go-*/bin/go" | sort -V | tail -n 1) || return 0
  export PATH=${go%/*}:$PATH
}

fetch_go() {
  new=$(mktemp -d "$cache/fetch-go.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  from_sid "$new" golang-go '^golang-[0-9.]+-(go|src)$' || return 1
  rm -rf "$cache/go-$version"
  chmod 755 "$new/home/root"
  mv "$new/home/root" "$cache/go-$version"
  rm -rf "$new"
}

if [ ! -x "$home/lnd" ]; then
  lock
fi
if [ ! -x "$home/lnd" ]; then
  wanted=$(awk '$1 == "go" { print $2 }' "$module/go.mod")
  go_serves || use_fetched_go
  go_serves || { fetch_go && use_fetched_go; } || apt_install golang-go
  go_serves || fail "Go $wanted or newer is needed, here is: $(go version 2>&1 | head -n 1)"
  say "building $lnd_version (about 4 minutes on two cores)"
  new=$(mktemp -d "$cache/lnd.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  (cd "$module" && CGO_ENABLED=0 go build -mod=readonly -trimpath -ldflags='-s -w' -tags "$tags" \
    -o "$new/" "$package/cmd/lnd" "$package/cmd/lncli") >&2 9>&- || fail "go build of $package $lnd_version failed"
  rm -rf "$home"
  chmod 755 "$new"
  mv "$new" "$home"
fi
printf '%s\n' "$home/lnd" "$home/lncli"
