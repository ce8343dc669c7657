#!/usr/bin/env bash
# Node 20 or newer with npm: it runs the test stack and the browser tests. Prints node's path.
. "$(dirname "$0")/lib.sh"

good() {
  have npm && have node && [ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 20')" = true ]
}

if ! good; then
  lock
  good || have node || apt_install nodejs npm
  good || have npm || apt_install npm
  good || fail "Node 20 or newer with npm is needed, here is: $(node --version 2>&1)"
fi
command -v node
