#!/usr/bin/env bash
# Runs a command that finds Node 20 or newer on PATH: with-node.sh COMMAND…
. "$(dirname "$0")/lib.sh"

use_node
exec "$@"
