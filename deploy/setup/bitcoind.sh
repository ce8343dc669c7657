#!/usr/bin/env bash
# bitcoind (Bitcoin Knots) for regtest. Prints its path.
# BITCOIND, or the one on PATH, is taken before any is fetched.
#
# Debian's stable releases have no bitcoind, sid has. It is started through its own loader, with the
# libraries it wants.
. "$(dirname "$0")/lib.sh"

if find_program BITCOIND bitcoind; then
  printf '%s\n' "$found"
  exit
fi

package=bitcoin-knots
fetched() { compgen -G "$cache/bitcoind-*/bitcoind" | sort -V | tail -n 1; }

if [ -z "$(fetched)" ]; then
  lock
fi
if [ -z "$(fetched)" ]; then
  new=$(mktemp -d "$cache/fetch-bitcoind.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  from_sid "$new" "$package" '^lib' 'systemd|debconf|selinux|pam|apparmor|perl|python' ||
    fail "$package could not be had from Debian sid: set BITCOIND to one of yours"

  cat >"$new/home/bitcoind" <<'WRAPPER'
#!/bin/sh
root=$(dirname "$(readlink -f "$0")")/root
for loader in "$root"/usr/lib/*/ld-linux-*.so.*; do break; done
exec "$loader" --library-path "$(dirname "$loader"):$root/lib/$(basename "$(dirname "$loader")")" \
  "$root/usr/bin/bitcoind" "$@"
WRAPPER
  chmod 755 "$new/home" "$new/home/bitcoind"
  "$new/home/bitcoind" -version >/dev/null || fail "$package $version does not start here"
  home=$cache/bitcoind-$version
  rm -rf "$home"
  mv "$new/home" "$home"
fi
fetched
