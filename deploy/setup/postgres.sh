#!/usr/bin/env bash
# PostgreSQL's server programs. Prints the folder that holds initdb and postgres.
# POSTGRES_BIN, or the ones on PATH, go before the newest of Debian's.
. "$(dirname "$0")/lib.sh"

bin_folder() {
  local folder
  if [ -n "${POSTGRES_BIN:-}" ]; then
    folder=$POSTGRES_BIN
  elif have initdb && have postgres; then
    folder=$(dirname "$(readlink -f "$(command -v initdb)")")
  else
    folder=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  fi
  [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && printf '%s\n' "$folder"
}

if ! bin_folder; then
  [ -z "${POSTGRES_BIN:-}" ] || fail "POSTGRES_BIN=$POSTGRES_BIN has no initdb and postgres"
  lock
  [ -n "$(bin_folder)" ] || apt_install postgresql
  bin_folder || fail "initdb and postgres are still missing"
fi
