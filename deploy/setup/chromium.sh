#!/usr/bin/env bash
# Chromium, and the npm packages of the browser tests. Prints Chromium's path.
# CHROMIUM, or a headless shell on PATH, is taken before any is installed.
. "$(dirname "$0")/lib.sh"

use_node

# The same engine without the window that nobody sees: a page costs less than half.
shell() { find_program CHROMIUM chromium-headless-shell; }
whole() { find_program CHROMIUM chromium chromium-browser google-chrome; }
# Without recommended packages there would be no letters on the screen: fonts by name.
install() { (apt_install "$1" fonts-liberation fonts-dejavu-core); }

if ! shell; then
  lock
  shell || { install chromium-headless-shell && shell; } || whole || { install chromium && whole; } || fail "chromium is still missing"
fi
chromium=$found

# `npm ci` wipes and fills node_modules: only when the lock file is not the one that filled it last.
cd "$repo/tests/browser"
if ! cmp -s package-lock.json node_modules/.filled-by; then
  lock
  say "npm ci in tests/browser"
  npm ci --no-audit --no-fund --loglevel=error >&2 9>&- || fail "npm ci failed in tests/browser"
  cp package-lock.json node_modules/.filled-by
fi
printf '%s\n' "$chromium"
