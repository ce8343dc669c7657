# shellcheck shell=bash
# What every set-up script shares. Sourced, never run.
#
# A script says what it does on stderr; on stdout it prints only the path of what it provides,
# so that `lnd=$(deploy/setup/lnd.sh)` works.
set -euo pipefail

part=$(basename "$0" .sh)
setup_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Read by the scripts that source this file.
# shellcheck disable=SC2034
repo=$(cd "$setup_dir/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/pos-server
mkdir -p "$cache"

say() { printf 'setup %s: %s\n' "$part" "$*" >&2; }
fail() { printf 'setup %s: FAILED: %s\n' "$part" "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# find_program VARIABLE NAME…: true when a program is there; its path is then in $found.
# What the variable names goes before PATH, and when it names nothing that runs, that is a failure.
# shellcheck disable=SC2034
find_program() {
  local variable=$1 name
  shift
  if [ -n "${!variable:-}" ]; then
    found=$(command -v "${!variable}") || fail "$variable=${!variable} is not a program"
    return
  fi
  for name; do
    found=$(command -v "$name") && return
  done
  return 1
}

# One run of a part at a time; a second one waits, then finds the work done.
lock() {
  have flock || return 0
  exec 9>"$cache/$part.lock"
  flock -n 9 || { say "waiting for another run"; flock 9; }
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif have sudo; then sudo "$@"
  else fail "needs root for: $*"
  fi
}

# Descriptor 9 is closed for apt: a package may start a daemon, which would hold our lock for ever.
apt_root() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >&2 9>&-
}

# The lists are fetched only when the install fails without: none yet, or too old for the mirror.
apt_install() {
  have apt-get || fail "needs $*: there is no apt-get here, install them by hand"
  say "installing $*"
  apt_root install -y --no-install-recommends "$@" && return
  apt_root update || fail "apt-get update failed"
  apt_root install -y --no-install-recommends "$@" || fail "apt-get could not install $*"
}

# from_sid FOLDER PACKAGE WANTED [UNWANTED]: unpacks Debian sid's PACKAGE into FOLDER/home/root, with
# those of its dependencies whose names match WANTED and not UNWANTED; its version is then in $version.
# It lies beside the system: nothing is installed, no root is needed.
from_sid() {
  local folder=$1 package=$2 wanted=$3 unwanted=${4:-^$} codename mirror dependencies deb
  local keys=/usr/share/keyrings/debian-archive-keyring.gpg private
  have dpkg || { say "no Debian here to take $package from"; return 1; }
  [ -f "$keys" ] || { say "no $keys to check Debian's signatures with"; return 1; }
  say "fetching $package from Debian sid"

  # The mirror is the one that this machine uses already.
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  # These are apt's variables, not the shell's.
  # shellcheck disable=SC2016
  mirror=$(apt-get indextargets --format '$(CODENAME) $(SITE)' 'Created-By: Packages' |
    awk -v c="$codename" '$1 == c { print $2; exit }')
  [ -n "$mirror" ] || { say "apt has no mirror for $codename"; return 1; }

  mkdir -p "$folder"/apt/etc "$folder"/apt/state/lists/partial "$folder"/apt/cache/archives/partial \
    "$folder"/deb "$folder"/home/root
  printf '%s\n' 'Types: deb' "URIs: $mirror" 'Suites: sid' 'Components: main' "Signed-By: $keys" \
    >"$folder/apt/etc/sid.sources"
  # An apt of its own: neither its sources nor its state touch the system's.
  private=(-q -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$folder/apt/etc"
    -o "Dir::State=$folder/apt/state" -o Dir::State::status=/dev/null -o "Dir::Cache=$folder/apt/cache"
    -o APT::Sandbox::User=root)

  apt-get "${private[@]}" update >&2 9>&- || { say "Debian sid cannot be read from this machine's mirror"; return 1; }
  version=$(apt-cache "${private[@]}" show "$package" | awk '$1 == "Version:" { print $2; exit }')
  [ -n "$version" ] || { say "Debian sid has no $package any more"; return 1; }
  # A Debian version may hold an epoch's colon, which a search path cannot.
  version=${version//:/_}
  dependencies=$(apt-cache "${private[@]}" depends --recurse --no-recommends --no-suggests --no-conflicts \
    --no-breaks --no-replaces --no-enhances "$package" |
    grep -E "$wanted" | grep -Ev "$unwanted|^$package\$" | sort -u)
  # Package names, to be split.
  # shellcheck disable=SC2086
  (cd "$folder/deb" && apt-get "${private[@]}" download "$package" $dependencies >&2 9>&-) || return 1
  for deb in "$folder"/deb/*.deb; do
    dpkg -x "$deb" "$folder/home/root" || return 1
  done
}

# use_node: what runs from here on finds the Node that node.sh provides, and its npm.
use_node() {
  local node
  node=$("$setup_dir/node.sh") || exit 1
  # The system's own stays where it is on PATH.
  [ "$node" = "$(command -v node)" ] || export PATH=${node%/*}:$PATH
}
