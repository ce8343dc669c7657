#!/usr/bin/env bash
# bitcoind (Bitcoin Knots) for regtest. Prints its path.
# BITCOIND, or the one on PATH, is taken before any is fetched.
#
# Debian's stable releases have no bitcoind, sid has. It is unpacked beside the system with the
# libraries it wants and started through its own loader: nothing is installed, no root is needed.
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
  have dpkg || fail "no Debian here to take bitcoind from: set BITCOIND to one of yours"
  keys=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -f "$keys" ] || fail "no $keys to check Debian's signatures with: set BITCOIND to one of yours"
  say "fetching $package from Debian sid"

  # The mirror is the one that this machine uses already.
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  # These are apt's variables, not the shell's.
  # shellcheck disable=SC2016
  mirror=$(apt-get indextargets --format '$(CODENAME) $(SITE)' 'Created-By: Packages' |
    awk -v c="$codename" '$1 == c { print $2; exit }')
  [ -n "$mirror" ] || fail "apt has no mirror for $codename: set BITCOIND to one of yours"

  new=$(mktemp -d "$cache/fetch-bitcoind.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  mkdir -p "$new"/apt/etc "$new"/apt/state/lists/partial "$new"/apt/cache/archives/partial "$new"/deb "$new"/home/root
  printf '%s\n' 'Types: deb' "URIs: $mirror" 'Suites: sid' 'Components: main' "Signed-By: $keys" \
    >"$new/apt/etc/sid.sources"
  # An apt of its own: neither its sources nor its state touch the system's.
  private=(-q -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$new/apt/etc"
    -o "Dir::State=$new/apt/state" -o Dir::State::status=/dev/null -o "Dir::Cache=$new/apt/cache"
    -o APT::Sandbox::User=root)

  apt-get "${private[@]}" update >&2 9>&- || fail "Debian sid cannot be read from this machine's mirror"
  version=$(apt-cache "${private[@]}" show "$package" | awk '$1 == "Version:" { print $2; exit }')
  [ -n "$version" ] || fail "Debian sid has no $package any more: set BITCOIND to one of yours"
  libraries=$(apt-cache "${private[@]}" depends --recurse --no-recommends --no-suggests --no-conflicts \
    --no-breaks --no-replaces --no-enhances "$package" |
    grep '^lib' | grep -Ev 'systemd|debconf|selinux|pam|apparmor|perl|python' | sort -u)
  # Package names, to be split.
  # shellcheck disable=SC2086
  (cd "$new/deb" && apt-get "${private[@]}" download "$package" $libraries >&2 9>&-) ||
    fail "could not download $package"
  for deb in "$new"/deb/*.deb; do
    dpkg -x "$deb" "$new/home/root"
  done

  cat >"$new/home/bitcoind" <<'WRAPPER'
#!/bin/sh
root=$(dirname "$(readlink -f "$0")")/root
for loader in "$root"/usr/lib/*/ld-linux-*.so.*; do break; done
exec "$loader" --library-path "$(dirname "$loader"):$root/lib/$(basename "$(dirname "$loader")")" \
  "$root/usr/bin/bitcoind" "$@"
WRAPPER
  chmod 755 "$new/home" "$new/home/bitcoind"
  "$new/home/bitcoind" -version >/dev/null || fail "$package $version does not start here"
  # A Debian version may hold an epoch's colon, which a search path cannot.
  home=$cache/bitcoind-${version//:/_}
  rm -rf "$home"
  mv "$new/home" "$home"
fi
fetched
