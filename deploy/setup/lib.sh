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
